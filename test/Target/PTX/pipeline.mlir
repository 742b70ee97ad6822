// The example of the README copies ahead: 16 bytes an instruction, two of three
// stages in flight, one barrier an iteration, all sums in registers.

// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_80 -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx --implicit-check-not=.local

// A loop begins two iterations, and the first operands are loaded. The loop for
// copies without tests multiplies them, begins copies, and loads the operands
// of the next iteration behind its only barrier, before its last instructions.
// CHECK-DAG: cp.async.cg.shared.global [%{{.*}}], [%{{.*}}], 16, %
// CHECK-DAG: cp.async.commit_group
// CHECK: cp.async.wait_group 1
// CHECK-NEXT: bar.sync
// CHECK: ldmatrix
// CHECK-NOT: bar.sync
// CHECK: mma.sync
// CHECK-NOT: bra
// CHECK: cp.async.cg.shared.global
// CHECK-NOT: bra
// CHECK: cp.async.commit_group
// CHECK-NOT: bra
// CHECK: cp.async.wait_group 1
// CHECK-NEXT: bar.sync
// CHECK-NOT: bra
// CHECK: ldmatrix
// CHECK-NOT: bra
// CHECK: mma.sync

// The other loop has one barrier, too.
// CHECK-NOT: bar.sync
// CHECK: cp.async.wait_group 1
// CHECK-NEXT: bar.sync
// CHECK-NOT: bar.sync
// CHECK: cp.async.wait_group 0
// CHECK-NOT: bar.sync

// Narrower rows take narrower instructions.
// RUN: tile-translate %s --tile-to-ptx --chip=sm_80 | FileCheck %s --check-prefix=NARROW
// NARROW: cp.async.ca.shared.global [%{{.*}}], [%{{.*}}], 8
// NARROW: cp.async.ca.shared.global [%{{.*}}], [%{{.*}}], 4
func.func @narrow(%a: memref<64x100xf16>, %b: memref<64x98xf16>) {
  tile.launch blocks() in () threads(64) {
    %s = tile.alloc : memref<8x16xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<8x16xf16, #tile.scope<shared>>
    tile.async_copy %a, %s : memref<64x100xf16> to memref<8x16xf16, #tile.scope<shared>>
    tile.async_copy %b, %t : memref<64x98xf16> to memref<8x16xf16, #tile.scope<shared>>
    tile.async_commit
    tile.async_wait 0
  }
  return
}

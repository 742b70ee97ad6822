// RUN: tile-opt %s --tile-infer-layouts --tile-plan-pipeline --convert-tile-to-gpu --canonicalize --cse --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-infer-layouts --tile-plan-pipeline --convert-tile-to-gpu --split-input-file --remarks-filter=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=late-operands

// One warp, four atoms, two steps. The operands of the first step come from the
// iteration before; the copies begin behind the first step's instructions, and
// the barrier and the next operands stand before those of the last step.
// CHECK-LABEL: func @ahead
// CHECK: nvvm.cp.async.wait.group 1
// CHECK-NEXT: gpu.barrier
// CHECK: nvgpu.ldmatrix
// CHECK: nvgpu.ldmatrix
// CHECK-NOT: nvgpu.ldmatrix
// CHECK: scf.for {{.*}} iter_args(%[[STAGE:[^ ]*]] = %c0{{.*}}, %[[A:[^ ]*]] = %{{.*}}) -> (index, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>)
// CHECK: memref.subview %{{.*}}[%[[STAGE]], 0, 0]
// CHECK: nvgpu.ldmatrix
// CHECK: nvgpu.ldmatrix
// CHECK-COUNT-2: nvvm.mma.sync
// CHECK-NOT: nvvm.mma.sync
// CHECK: nvgpu.device_async_copy
// CHECK: nvvm.cp.async.commit.group
// CHECK: nvvm.cp.async.wait.group 1
// CHECK-NEXT: gpu.barrier
// CHECK: memref.subview %{{.*}}[%[[NEXT:[^,]*]], 0, 0]
// CHECK: nvgpu.ldmatrix
// CHECK: nvgpu.ldmatrix
// CHECK-COUNT-2: nvvm.mma.sync
// CHECK: scf.yield %[[NEXT]],
// CHECK-NOT: nvvm.mma.sync
func.func @ahead(%a: memref<16x1024xf16>, %b: memref<1024x16xf16>, %c: memref<16x16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  tile.launch blocks() in () threads(32) shared_bytes(6144) {
    %s = tile.alloc offset(0) : memref<16x32xf16, #tile.scope<shared>>
    %t = tile.alloc offset(3072) : memref<32x16xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<16x16xf32, #tile.scope<fragment>>
    tile.pipelined %k = %c0 to %n step %c32 stages(3) {
      tile.copy %a[%c0, %k], %s : memref<16x1024xf16> to memref<16x32xf16, #tile.scope<shared>>
      tile.copy %b[%k, %c0], %t : memref<1024x16xf16> to memref<32x16xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc : memref<16x32xf16, #tile.scope<shared>>, memref<32x16xf16, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c : memref<16x16xf32, #tile.scope<fragment>> to memref<16x16xf32>
  }
  return
}

// -----

// A loop that does more: every product has something before or after it.
// CHECK-LABEL: func @late
// CHECK: scf.for {{.*}} -> (index) {
// REMARK: remark: [Missed] late-operands {{.*}}"operands loaded in their own iteration: 'tile.gemm' stands after it in the loop"
// REMARK: remark: [Missed] late-operands {{.*}}"operands loaded in their own iteration: 'tile.gemm' stands before it in the loop"
func.func @late(%a: memref<16x1024xf16>, %c: memref<16x16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  tile.launch blocks() in () threads(32) shared_bytes(2048) {
    %s = tile.alloc offset(0) : memref<16x16xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<16x16xf32, #tile.scope<fragment>>
    tile.pipelined %k = %c0 to %n step %c16 stages(2) {
      tile.copy %a[%c0, %k], %s : memref<16x1024xf16> to memref<16x16xf16, #tile.scope<shared>>
      tile.gemm %s, %s, %acc : memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
      tile.gemm %s, %s, %acc : memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c : memref<16x16xf32, #tile.scope<fragment>> to memref<16x16xf32>
  }
  return
}

// -----

// Operands that only the iteration itself can find.
// CHECK-LABEL: func @chosen
// CHECK: scf.for {{.*}} -> (index) {
// REMARK: remark: [Missed] late-operands {{.*}}"operands loaded in their own iteration: its operands depend on what the loop does"
func.func @chosen(%a: memref<16x1024xf16>, %c: memref<16x16xf32>, %n: index, %which: memref<64xindex>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  tile.launch blocks() in () threads(32) shared_bytes(4096) {
    %s = tile.alloc offset(0) : memref<16x16xf16, #tile.scope<shared>>
    %q = tile.alloc offset(1024) : memref<4x16x16xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<16x16xf32, #tile.scope<fragment>>
    tile.pipelined %k = %c0 to %n step %c16 stages(2) {
      tile.copy %a[%c0, %k], %s : memref<16x1024xf16> to memref<16x16xf16, #tile.scope<shared>>
      %i = memref.load %which[%c0] : memref<64xindex>
      %part = memref.subview %q[%i, 0, 0] [1, 16, 16] [1, 1, 1] : memref<4x16x16xf16, #tile.scope<shared>> to memref<16x16xf16, strided<[16, 1], offset: ?>, #tile.scope<shared>>
      tile.gemm %s, %part, %acc : memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf16, strided<[16, 1], offset: ?>, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c : memref<16x16xf32, #tile.scope<fragment>> to memref<16x16xf32>
  }
  return
}

// RUN: tile-opt %s --convert-tile-to-cpu | FileCheck %s --implicit-check-not=tile.

// The copy is done at once, and nothing is left to wait for.
// CHECK-LABEL: func @begin
// CHECK: scf.for
// CHECK: %[[X:.*]] = memref.load %arg0[
// CHECK: memref.store %[[X]]
// CHECK: return
func.func @begin(%a: memref<128xf16>) {
  %s = tile.alloc : memref<2x64xf16, #tile.scope<shared>>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.async_copy %a[%c0], %s[%c1, %c0] extents [64]
    : memref<128xf16> to memref<2x64xf16, #tile.scope<shared>>
  tile.async_commit
  tile.async_wait 0
  tile.barrier
  return
}

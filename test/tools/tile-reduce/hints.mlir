// Hints go, and a fill takes the place of a copy whose source is not needed.

// RUN: tile-reduce %s -reduction-tree='traversal-mode=0 test=%S/Inputs/contains.sh test-arg=tile.launch test-arg=tile.barrier' | FileCheck %s

// CHECK: tile.launch blocks(%{{.*}}, %{{.*}}) in (%[[C1:.*]], %[[C1]]) threads(1) {
// CHECK-NOT: tile.copy
// CHECK: tile.barrier
func.func @hints(%x: memref<64xf32>, %n: index) {
  tile.launch blocks(%bx, %by) in (%n, %n) threads(64) swizzle(4, row) {
    %s = tile.alloc name("s") : memref<64xf32, #tile.scope<shared>>
    tile.copy %x, %s : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
    tile.barrier
    tile.copy %s, %x : memref<64xf32, #tile.scope<shared>> to memref<64xf32>
  }
  return
}

// Layouts go, of buffers and of loops.

// RUN: tile-reduce %s -reduction-tree='traversal-mode=0 test=%S/Inputs/contains.sh test-arg=tile.parallel test-arg=memref.store' | FileCheck %s

// CHECK: tile.alloc :
// CHECK: tile.parallel
// CHECK-NOT: tile.layout
func.func @layouts(%v: f32) {
  tile.launch blocks() in () threads(32) {
    %f = tile.alloc {tile.layout = #tile.layout<threads (32):(1), values (2):(32), shape 64>} : memref<64xf32, #tile.scope<fragment>>
    tile.parallel (%i) in (64) attributes {tile.layout = #tile.layout<threads (32):(1), values (2):(32), shape 64>} {
      memref.store %v, %f[%i] : memref<64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a 2>&1 | FileCheck %s --implicit-check-not=error --implicit-check-not=.entry

// A grid without blocks launches nothing, which needs no kernel.
// CHECK: .target sm_90a
func.func @none(%c: memref<0x128xf32>) {
  %c0 = arith.constant 0 : index
  %m = memref.dim %c, %c0 : memref<0x128xf32>
  tile.launch blocks(%x) in (%m) threads(128) {
    %f = tile.alloc : memref<1x128xf32, #tile.scope<fragment>>
    %z = arith.constant 0.0 : f32
    tile.fill %f, %z : memref<1x128xf32, #tile.scope<fragment>>
    tile.copy %f, %c[%x, %c0] : memref<1x128xf32, #tile.scope<fragment>> to memref<0x128xf32>
  }
  return
}

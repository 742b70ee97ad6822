func.func @parts(%bar: memref<1xi64, #tile.scope<shared>>,
                 %a: memref<64x64xf16, #tile.scope<shared>>,
                 %c: memref<64x64xf32, #tile.scope<fragment>>) {
  %c0 = arith.constant 0 : index
  tile.specialize threads(128) {
    tile.gemm %a, %a, %c deferred
      : memref<64x64xf16, #tile.scope<shared>>,
        memref<64x64xf16, #tile.scope<shared>>,
        memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm_wait 1
    tile.gemm_wait 0, %c : memref<64x64xf32, #tile.scope<fragment>>
  }, threads(32) {
    tile.mbarrier_arrive %bar[%c0] : memref<1xi64, #tile.scope<shared>>
  }
  return
}

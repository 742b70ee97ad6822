func.func @copies(%a: memref<?x?xf16>, %i: index, %mask: i16) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a fetch(64) : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<3x64x64xf16, #tile.scope<shared>>
    %bars = tile.alloc : memref<3xi64, #tile.scope<shared>>
    tile.tma_prefetch %m : !tile.tensor_map<64x64xf16, swizzle 128>
    tile.mbarrier_init %bars[%i] count(5) : memref<3xi64, #tile.scope<shared>>
    tile.fence async_shared
    tile.mbarrier_arrive %bars[%i] per warp : memref<3xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %bars[%i] expect(8192) : memref<3xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %i], %s[%i, %c0, %c0], %bars[%i] multicast(%mask) ordered
      : !tile.tensor_map<64x64xf16, swizzle 128> to memref<3x64x64xf16, #tile.scope<shared>>, memref<3xi64, #tile.scope<shared>>
    tile.mbarrier_wait %bars[%i], %i : memref<3xi64, #tile.scope<shared>>
    tile.named_barrier %i threads(64)
    tile.set_max_registers decrease 40
    tile.tma_store %s, %m[%i, %i] ordered
      : memref<3x64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16, swizzle 128>
    tile.tma_store_commit
    tile.tma_store_wait 1 read
  }
  return
}

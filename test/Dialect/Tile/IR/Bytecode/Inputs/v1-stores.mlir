func.func @stores(%a: memref<?x?xf16>, %i: index) {
  %m = tile.tensor_map %a fetch(128) optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) stores(staged) {
    %s = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
    tile.staged_store %f, %s, %m[%i, %i]
      : memref<128x256xf32, #tile.scope<fragment>>, memref<128x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  }
  return
}

func.func @convert(%s: memref<4x8xf32, #tile.scope<fragment>>,
                   %t: memref<4x8xf16, #tile.scope<fragment>>,
                   %m: memref<32xf16, #tile.scope<shared>>) {
  tile.convert_layout %s, %t
    : memref<4x8xf32, #tile.scope<fragment>>
      to memref<4x8xf16, #tile.scope<fragment>>
  tile.convert_layout %s, %t
    : memref<4x8xf32, #tile.scope<fragment>>
      to memref<4x8xf16, #tile.scope<fragment>>
      scratch %m : memref<32xf16, #tile.scope<shared>>
  return
}

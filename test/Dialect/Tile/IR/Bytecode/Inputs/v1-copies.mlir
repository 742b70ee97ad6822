// Copies that run ahead, and copies through a stage.

func.func @ahead(%a: memref<?x64xf16>, %s: memref<3x64x64xf16, #tile.scope<shared>>,
                 %i: index, %c0: index) {
  tile.async_copy %a[%i, %c0], %s[%i, %c0, %c0] extents [64, 64]
    : memref<?x64xf16> to memref<3x64x64xf16, #tile.scope<shared>>
  tile.async_commit
  tile.async_wait 1
  return
}

func.func @staged(%acc: memref<128x256xf32, #tile.scope<fragment>>,
                  %stage: memref<128x64xf16, #tile.scope<shared>>,
                  %map: !tile.tensor_map<64x64xf16, swizzle 128>,
                  %row: index, %column: index) {
  tile.staged_store %acc, %stage, %map[%row, %column]
    : memref<128x256xf32, #tile.scope<fragment>>,
      memref<128x64xf16, #tile.scope<shared>>,
      !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

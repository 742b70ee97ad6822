// What v1-annotations.mlirbc holds.

module {
  func.func @tensors(%arg0: memref<?x128xf16> {tile.annotation = #tile.tensor<[M, 128], f16>}, %arg1: memref<?xf32> {tile.annotation = #tile.tensor<[M * 2 + 1], f32>}, %arg2: memref<?x?x?x?xf32> {tile.annotation = #tile.tensor<[(M + N) * 2, ?, M floordiv 2 + N mod 4, N ceildiv 3], f32>}, %arg3: memref<8x4xf16> {tile.annotation = #tile.tensor<[static, static K], static T>}, %arg4: memref<*xf32> {tile.annotation = #tile.tensor<*, static>}, %arg5: memref<?x?xf16, strided<[?, 1]>> {tile.annotation = #tile.strided_tensor<[M, N], strides [S, 1], f16>}, %arg6: memref<?xf16, strided<[?]>> {tile.annotation = #tile.buffer<[M], f16>}, %arg7: memref<?xf16, strided<[2]>> {tile.annotation = #tile.buffer<[M], strides [2], f16>}) {
    return
  }
  func.func private @scopes(%arg0: memref<64x64xf32, #tile.scope<fragment>> {tile.annotation = #tile.fragment<[64, 64], f32>}, %arg1: memref<64xf16, #tile.scope<shared>> {tile.annotation = #tile.shared<[64], f16>}, %arg2: memref<4xi32, #tile.scope<local>> {tile.annotation = #tile.local<[4], i32>}) {
    return
  }
  func.func @scalars(%arg0: i32 {tile.annotation = #tile.dyn<"n", i32>}, %arg1: index {tile.annotation = #tile.value<index, 64 : index>}, %arg2: index {tile.annotation = #tile.value<index>}, %arg3: none {tile.annotation = #tile.dtype<f16>}, %arg4: none {tile.annotation = #tile.dtype<static>}, %arg5: memref<f16> {tile.annotation = #tile.ptr<f16>}) {
    return
  }
  func.func @defaults(%arg0: i32 {tile.default = 4 : i32, tile.name = "a"}, %arg1: index {tile.annotation = #tile.value<index>, tile.default = 64 : index, tile.name = "block"}, %arg2: none {tile.annotation = #tile.dtype<static>, tile.default = f16, tile.name = "T"}, %arg3: memref<4xf32> {tile.default, tile.name = "bias"}) {
    return
  }
  func.func private @external(i32 {tile.name = "a"}, i32 {tile.name = "b"})
  func.func @dims() attributes {dims = [#tile.dim<M * 2>, #tile.dim<?>, #tile.dim<static K>, #tile.dim<7>]} {
    return
  }
}


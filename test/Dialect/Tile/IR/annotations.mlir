// RUN: tile-opt %s | tile-opt | FileCheck %s
// RUN: tile-opt %s --verify-roundtrip -o /dev/null

// CHECK-LABEL: func @tensors
// CHECK-SAME: memref<?x128xf16> {tile.annotation = #tile.tensor<[M, 128], f16>}
// CHECK-SAME: #tile.tensor<[M * 2 + 1], f32>
// CHECK-SAME: #tile.tensor<[(M + N) * 2, ?, M floordiv 2 + N mod 4, N ceildiv 3], f32>
// CHECK-SAME: #tile.tensor<[static, static K], static T>
// CHECK-SAME: #tile.tensor<*, static>
// CHECK-SAME: #tile.strided_tensor<[M, N], strides [S, 1], f16>
// CHECK-SAME: #tile.buffer<[M], f16>
// CHECK-SAME: #tile.buffer<[M], strides [2], f16>
func.func @tensors(
    %a: memref<?x128xf16> {tile.annotation = #tile.tensor<[M, 128], f16>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M * 2 + 1], f32>},
    %c: memref<?x?x?x?xf32> {tile.annotation = #tile.tensor<
      [(M + N) * 2, ?, M floordiv 2 + N mod 4, N ceildiv 3], f32>},
    %d: memref<8x4xf16> {
      tile.annotation = #tile.tensor<[static, static K], static T>},
    %e: memref<*xf32> {tile.annotation = #tile.tensor<*, static>},
    %f: memref<?x?xf16, strided<[?, 1]>> {
      tile.annotation = #tile.strided_tensor<[M, N], strides [S, 1], f16>},
    %g: memref<?xf16, strided<[?]>> {tile.annotation = #tile.buffer<[M], f16>},
    %h: memref<?xf16, strided<[2]>> {
      tile.annotation = #tile.buffer<[M], strides [2], f16>}) {
  return
}

// CHECK-LABEL: func private @scopes
// CHECK-SAME: #tile.fragment<[64, 64], f32>
// CHECK-SAME: #tile.shared<[64], f16>
// CHECK-SAME: #tile.local<[4], i32>
func.func private @scopes(
    %a: memref<64x64xf32, #tile.scope<fragment>> {
      tile.annotation = #tile.fragment<[64, 64], f32>},
    %b: memref<64xf16, #tile.scope<shared>> {
      tile.annotation = #tile.shared<[64], f16>},
    %c: memref<4xi32, #tile.scope<local>> {
      tile.annotation = #tile.local<[4], i32>}) {
  return
}

// CHECK-LABEL: func @scalars
// CHECK-SAME: i32 {tile.annotation = #tile.dyn<"n", i32>}
// CHECK-SAME: #tile.value<index, 64 : index>
// CHECK-SAME: #tile.value<index>
// CHECK-SAME: #tile.dtype<f16>
// CHECK-SAME: #tile.dtype<static>
// CHECK-SAME: #tile.ptr<f16>
func.func @scalars(
    %a: i32 {tile.annotation = #tile.dyn<"n", i32>},
    %b: index {tile.annotation = #tile.value<index, 64 : index>},
    %c: index {tile.annotation = #tile.value<index>},
    %d: none {tile.annotation = #tile.dtype<f16>},
    %e: none {tile.annotation = #tile.dtype<static>},
    %f: memref<f16> {tile.annotation = #tile.ptr<f16>}) {
  return
}

// CHECK-LABEL: func @defaults
// CHECK-SAME: i32 {tile.default = 4 : i32, tile.name = "a"}
// CHECK-SAME: index {tile.annotation = #tile.value<index>, tile.default = 64 : index
// CHECK-SAME: none {tile.annotation = #tile.dtype<static>, tile.default = f16
// CHECK-SAME: memref<4xf32> {tile.default, tile.name = "bias"}
func.func @defaults(
    %a: i32 {tile.name = "a", tile.default = 4 : i32},
    %b: index {tile.annotation = #tile.value<index>, tile.name = "block",
               tile.default = 64 : index},
    %c: none {tile.annotation = #tile.dtype<static>, tile.name = "T",
              tile.default = f16},
    %d: memref<4xf32> {tile.name = "bias", tile.default}) {
  return
}

// CHECK-LABEL: func private @external
// CHECK-SAME: i32 {tile.name = "a"}
func.func private @external(i32 {tile.name = "a"}, i32 {tile.name = "b"})

// CHECK-LABEL: func @dims
// CHECK-SAME: #tile.dim<M * 2>, #tile.dim<?>, #tile.dim<static K>, #tile.dim<7>
func.func @dims() attributes {dims = [
    #tile.dim<M * 2>, #tile.dim<?>, #tile.dim<static K>, #tile.dim<7>]} {
  return
}

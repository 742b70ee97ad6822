// RUN: tile-opt %s --tile-specialize=arguments=block=64,K=128,T=f16,U=bf16,flag=true,S=256,x=-3,y=1 -split-input-file | FileCheck %s

// Sizes and element types are fixed wherever their names stand, and the types
// of the arguments with them; the body sees the old types.

// CHECK-LABEL: func @buffers
// CHECK-SAME: %[[A:.*]]: memref<?x128xf16> {tile.annotation = #tile.tensor<[M, 128], f16>, tile.name = "a"}
// CHECK-SAME: %{{.*}}: memref<256x?xf16, strided<[256, 1]>> {tile.annotation = #tile.strided_tensor<[256, M], strides [256, 1], f16>}
// CHECK-SAME: %{{.*}}: memref<?x128xf16, strided<[?, ?]>> {tile.annotation = #tile.buffer<[M + 128, 128], f16>}
// CHECK: %[[OLD:.*]] = memref.cast %[[A]] : memref<?x128xf16> to memref<?x?xf16>
// CHECK: %[[K:.*]] = arith.constant 128 : index
// CHECK: memref.dim %[[OLD]], %{{.*}} : memref<?x?xf16>
// CHECK: %[[M:.*]] = tile.symbol "M"
// CHECK: return %[[K]], %{{.*}}, %[[M]]
func.func @buffers(
    %a: memref<?x?xf16> {
      tile.annotation = #tile.tensor<[M, static K], static T>, tile.name = "a"},
    %b: memref<?x?xf16, strided<[?, 1]>> {
      tile.annotation = #tile.strided_tensor<
        [K * 2, M], strides [static S, 1], static T>},
    %c: memref<?x?xf16, strided<[?, ?]>> {
      tile.annotation = #tile.buffer<[M + K, static K], f16>})
    -> (index, index, index) {
  %k = tile.symbol "K"
  %c1 = arith.constant 1 : index
  %d = memref.dim %a, %c1 : memref<?x?xf16>
  %m = tile.symbol "M"
  return %k, %d, %m : index, index, index
}

// What has another name, or no name, stays open.

// CHECK-LABEL: func @open
// CHECK-SAME: memref<?x?xf16> {tile.annotation = #tile.tensor<[static, static L], static W>}
// CHECK-SAME: memref<*xf32> {tile.annotation = #tile.tensor<*, f32>}
// CHECK-SAME: index {tile.annotation = #tile.value<index>, tile.name = "L"}
func.func @open(
    %a: memref<?x?xf16> {
      tile.annotation = #tile.tensor<[static, static L], static W>},
    %b: memref<*xf32> {tile.annotation = #tile.tensor<*, f32>},
    %c: index {tile.annotation = #tile.value<index>, tile.name = "L"}) {
  return
}

// Values and types that are given, else defaults; an argument without a name is
// arg0 and so on, and a size that is passed at launch is no business of this
// pass.

// CHECK-LABEL: func @scalars
// CHECK-SAME: index {tile.annotation = #tile.value<index, 64 : index>, tile.name = "block"}
// CHECK-SAME: i1 {tile.annotation = #tile.value<i1, true>
// CHECK-SAME: i8 {tile.annotation = #tile.value<i8, -3 : i8>
// CHECK-SAME: f32 {tile.annotation = #tile.value<f32, 1.000000e+00 : f32>
// CHECK-SAME: f32 {tile.annotation = #tile.value<f32, 5.000000e-01 : f32>, tile.default = 5.000000e-01 : f32
// CHECK-SAME: none {tile.annotation = #tile.dtype<bf16>
// CHECK-SAME: none {tile.annotation = #tile.dtype<f16>, tile.default = f16
// CHECK-SAME: index {tile.annotation = #tile.value<index, 128 : index>, tile.name = "K"}
// CHECK-SAME: i32 {tile.annotation = #tile.dyn<"T", i32>}
func.func @scalars(
    %a: index {tile.annotation = #tile.value<index>, tile.name = "block"},
    %b: i1 {tile.annotation = #tile.value<i1>, tile.name = "flag"},
    %c: i8 {tile.annotation = #tile.value<i8>, tile.name = "x"},
    %d: f32 {tile.annotation = #tile.value<f32>, tile.name = "y"},
    %e: f32 {tile.annotation = #tile.value<f32>, tile.default = 0.5 : f32},
    %f: none {tile.annotation = #tile.dtype<static>, tile.name = "U"},
    %g: none {tile.annotation = #tile.dtype<static>, tile.default = f16},
    %h: index {tile.annotation = #tile.value<index, 128 : index>,
               tile.name = "K"},
    %i: i32 {tile.annotation = #tile.dyn<"T", i32>}) {
  return
}

// A scalar of a name that is now known is checked on the host.

// CHECK-LABEL: func @checked
// CHECK-SAME: %{{.*}}: memref<128xf32>{{.*}}, %[[K32:.*]]: i32 {{{.*}}}, %{{.*}}: i32
// CHECK: %[[ACTUAL:.*]] = arith.index_cast %[[K32]] : i32 to index
// CHECK: %[[K:.*]] = arith.constant 128 : index
// CHECK: %[[EQUAL:.*]] = arith.cmpi eq, %[[ACTUAL]], %[[K]]
// CHECK: tile.assert %[[EQUAL]], "argument #1 'k': expected {}, which is K, found {}"(%[[K]], %[[ACTUAL]] : index, index)
// CHECK-NOT: tile.assert
func.func @checked(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static K], f32>},
    %k: i32 {tile.annotation = #tile.dyn<"K", i32>, tile.name = "k"},
    %m: i32 {tile.annotation = #tile.dyn<"M", i32>}) {
  return
}

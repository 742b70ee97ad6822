// RUN: tile-opt %s --tile-drop-compile-time-arguments | FileCheck %s

// Values become constants, element types vanish, and calls lose the operands.

// CHECK-LABEL: func private @callee
// CHECK-SAME: (%[[N:.*]]: index {tile.annotation = #tile.dyn<"n", index>}) -> (index, f32)
// CHECK-DAG: %[[B:.*]] = arith.constant 64 : index
// CHECK-DAG: %[[S:.*]] = arith.constant 5.000000e-01 : f32
// CHECK: %[[R:.*]] = arith.muli %[[N]], %[[B]]
// CHECK: return %[[R]], %[[S]]
func.func private @callee(
    %block: index {tile.annotation = #tile.value<index, 64 : index>},
    %n: index {tile.annotation = #tile.dyn<"n", index>},
    %t: none {tile.annotation = #tile.dtype<f16>},
    %scale: f32 {tile.annotation = #tile.value<f32, 0.5 : f32>})
    -> (index, f32) {
  %r = arith.muli %n, %block : index
  return %r, %scale : index, f32
}

// CHECK-LABEL: func @caller
// CHECK-SAME: (%[[N:.*]]: index)
// CHECK: call @callee(%[[N]]) : (index) -> (index, f32)
func.func @caller(
    %block: index {tile.annotation = #tile.value<index, 64 : index>},
    %n: index, %t: none {tile.annotation = #tile.dtype<f16>}) -> index {
  %half = arith.constant 0.5 : f32
  %r:2 = func.call @callee(%block, %n, %t, %half)
    : (index, index, none, f32) -> (index, f32)
  return %r#0 : index
}

// What is passed at launch stays as it is.

// CHECK-LABEL: func @untouched
// CHECK-SAME: (%{{.*}}: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>}, %{{.*}}: index)
func.func @untouched(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>}, %i: index) {
  return
}

// -----

// A constant has no sign in its type.

// CHECK-LABEL: func @signs()
// CHECK: %[[C:.*]] = arith.constant -1 : i8
// CHECK: builtin.unrealized_conversion_cast %[[C]] : i8 to ui8
func.func @signs(
    %n: ui8 {tile.annotation = #tile.value<ui8, 255 : ui8>}) -> ui8 {
  return %n : ui8
}

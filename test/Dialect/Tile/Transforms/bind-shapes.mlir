// RUN: tile-opt %s --tile-bind-shapes --canonicalize -split-input-file | FileCheck %s

// A scalar binds before a size, a size before a stride, and an expression with
// one unknown is solved. Every other place is checked, and no symbol of a size
// is negative. (What a public function checks besides is in
// bind-shapes-tensors.mlir.)

// CHECK-LABEL: func private @bind
// CHECK-SAME: (%[[A:.*]]: memref<?x?xf32>, %[[B:.*]]: memref<?xf32>, %[[C:.*]]: memref<?x?xf32, strided<[?, 1]>>, %[[M32:.*]]: i32)
// CHECK-NOT: tile.annotation
// CHECK-DAG: %[[M:.*]] = arith.index_cast %[[M32]] : i32 to index
// CHECK-DAG: %[[N:.*]] = memref.dim %[[A]], %c1
// CHECK-DAG: %{{.*}}, %{{.*}}, %{{.*}}:2, %[[S:.*]]:2 = memref.extract_strided_metadata %[[C]]
// CHECK-DAG: %[[B0:.*]] = memref.dim %[[B]], %c0
// CHECK: %[[MI:.*]] = arith.index_cast %[[M]] : index to i64
// CHECK: %[[LOW:.*]], %{{.*}} = arith.mulsi_extended %[[MI]], %c-2
// CHECK: %[[M2:.*]] = arith.index_cast %[[LOW]] : i64 to index
// CHECK: %[[K:.*]] = arith.addi %[[B0]], %[[M2]]
// CHECK: tile.assert %{{.*}}, "argument #1: size 0: expected a value that is M * 2 + K for some K, found {}"(%[[B0]] : index)
// CHECK: tile.assert %{{.*}}, "expected symbol M of at least 0, found {}"(%[[M]] : index)
// CHECK: tile.assert %{{.*}}, "expected symbol K of at least 0, found {}"(%[[K]] : index)
// CHECK: tile.assert %{{.*}}, "argument #0: size 0: expected {}, which is M, found {}"(%[[M]], %{{.*}} : index, index)
// CHECK: tile.assert %{{.*}}, "argument #2: size 0: expected {}, which is N, found {}"(%[[N]], %{{.*}} : index, index)
// CHECK: tile.assert %{{.*}}, "argument #2: size 1: expected {}, which is M, found {}"(%[[M]], %{{.*}} : index, index)
// CHECK: return %[[M]], %[[N]], %[[K]], %[[S]]#0
func.func private @bind(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M * 2 + K], f32>},
    %c: memref<?x?xf32, strided<[?, 1]>> {
      tile.annotation = #tile.strided_tensor<[N, M], strides [S, 1], f32>},
    %m: i32 {tile.annotation = #tile.dyn<"M", i32>})
    -> (index, index, index, index) {
  %M = tile.symbol "M"
  %N = tile.symbol "N"
  %K = tile.symbol "K"
  %S = tile.symbol "S"
  return %M, %N, %K, %S : index, index, index, index
}

// -----

// A solution by division has a remainder to check, and one unknown may lead to
// the next.

// CHECK-LABEL: func private @divide
// CHECK: %[[D:.*]] = memref.dim
// CHECK: %[[V:.*]] = arith.addi %[[D]], %c-1
// CHECK: %[[M:.*]] = arith.divsi %[[V]], %c4
// CHECK: tile.assert %{{.*}}, "argument #0: size 0: expected a value that is M * 4 + 1 for some M, found {}"(%[[D]] : index)
// CHECK: %[[E:.*]] = memref.dim
// CHECK: %[[MI:.*]] = arith.index_cast %[[M]] : index to i64
// CHECK: %[[LOW:.*]], %{{.*}} = arith.mulsi_extended %[[MI]], %c-1
// CHECK: %[[R:.*]] = arith.index_cast %[[LOW]] : i64 to index
// CHECK: %[[N:.*]] = arith.addi %[[E]], %[[R]]
// CHECK: return %[[M]], %[[N]]
func.func private @divide(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M * 4 + 1], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M + N], f32>})
    -> (index, index) {
  %M = tile.symbol "M"
  %N = tile.symbol "N"
  return %M, %N : index, index
}

// -----

// A size that the type fixes is a constant; fixed sizes need no check.

// CHECK-LABEL: func private @fixed
// CHECK-NOT: tile.assert
// CHECK: %[[C:.*]] = arith.constant 128 : index
// CHECK: return %[[C]]
func.func private @fixed(
    %a: memref<128x4xf32> {tile.annotation = #tile.tensor<[M, 4], f32>})
    -> index {
  %M = tile.symbol "M"
  return %M : index
}

// -----

// Several equal scalars: the first binds, the others are checked.

// CHECK-LABEL: func private @scalars
// CHECK-SAME: (%[[A:.*]]: index, %[[B:.*]]: index, %{{.*}}: f32)
// CHECK: tile.assert %{{.*}}, "argument #1: expected {}, which is n, found {}"(%[[A]], %[[B]] : index, index)
func.func private @scalars(%a: index {tile.annotation = #tile.dyn<"n", index>},
                   %b: index {tile.annotation = #tile.dyn<"n", index>},
                   %c: f32 {tile.annotation = #tile.dyn<"x", f32>}) {
  return
}

// -----

// Scalars without a sign and truth values are not negative.

// CHECK-LABEL: func private @scalars
// CHECK: %[[N:.*]] = builtin.unrealized_conversion_cast %arg0 : ui8 to i8
// CHECK: arith.index_castui %[[N]] : i8 to index
// CHECK: %[[M:.*]] = builtin.unrealized_conversion_cast %arg1 : si8 to i8
// CHECK: arith.index_cast %[[M]] : i8 to index
// CHECK: arith.index_castui %arg2 : i1 to index
func.func private @scalars(
    %n: ui8 {tile.annotation = #tile.dyn<"N", ui8>},
    %m: si8 {tile.annotation = #tile.dyn<"M", si8>},
    %b: i1 {tile.annotation = #tile.dyn<"B", i1>}) -> (index, index, index) {
  %0 = tile.symbol "N"
  %1 = tile.symbol "M"
  %2 = tile.symbol "B"
  return %0, %1, %2 : index, index, index
}

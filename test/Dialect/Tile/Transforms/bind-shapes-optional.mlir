// RUN: tile-opt %s --tile-bind-shapes --canonicalize --cse -split-input-file | FileCheck %s

// A symbol binds to a tensor that the body touches, if there is one; one that
// it does not touch is checked where it is present.

// CHECK-LABEL: func @touched
// CHECK-SAME: (%[[A:.*]]: memref<?xf32>, %[[B:.*]]: memref<?xf32>)
// CHECK: %[[PA:.*]] = memref.extract_aligned_pointer_as_index %[[A]]
// CHECK: %[[ADDRESS:.*]] = arith.cmpi ne, %[[PA]], %c0
// CHECK: %[[DA:.*]] = memref.dim %[[A]], %c0
// CHECK: %[[SIZE:.*]] = arith.cmpi ne, %[[DA]], %c-1
// CHECK: %[[PRESENT:.*]] = arith.ori %[[ADDRESS]], %[[SIZE]]
// CHECK: %[[ABSENT:.*]] = arith.xori %[[PRESENT]], %true
// CHECK: %[[OR:.*]] = arith.ori %[[ABSENT]], %{{.*}}
// CHECK: tile.assert %[[OR]], "argument #0: expected sizes of at least 0
// CHECK: %[[DB:.*]] = memref.dim %[[B]], %c0
// CHECK: tile.assert %{{.*}}, "argument #1: expected a tensor, found none"
// CHECK: %[[EQUAL:.*]] = arith.cmpi eq, %[[DA]], %[[DB]]
// CHECK: %[[OK:.*]] = arith.ori %[[ABSENT]], %[[EQUAL]]
// CHECK: tile.assert %[[OK]], "argument #0: size 0: expected {}, which is M, found {}"(%[[DB]], %[[DA]] : index, index)
// CHECK: return %[[DB]]
func.func @touched(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>})
    -> (index, f32) {
  %m = tile.symbol "M"
  %c0 = arith.constant 0 : index
  %x = memref.load %b[%c0] : memref<?xf32>
  return %m, %x : index, f32
}

// -----

// Else to the first that is present, of which the body needs one.

// CHECK-LABEL: func @first_present
// CHECK-SAME: (%[[A:.*]]: memref<4x?xf32>, %[[B:.*]]: memref<?xf32>)
// CHECK: %[[DA:.*]] = memref.dim %[[A]], %c1
// CHECK: %[[A_PRESENT:.*]] = arith.ori
// CHECK: %[[DB:.*]] = memref.dim %[[B]], %c0
// CHECK: %[[B_PRESENT:.*]] = arith.ori
// CHECK: %[[ELSE:.*]] = arith.select %[[B_PRESENT]], %[[DB]], %c0
// CHECK: %[[N:.*]] = arith.select %[[A_PRESENT]], %[[DA]], %[[ELSE]]
// CHECK: %[[ANY:.*]] = arith.ori %[[A_PRESENT]], %[[B_PRESENT]]
// CHECK: tile.assert %[[ANY]], "argument #0 'a' or argument #1: expected a tensor, since symbol N is known from it, found none"
// CHECK: tile.assert %{{.*}}, "argument #1: size 0: expected {}, which is N, found {}"(%[[N]], %[[DB]] : index, index)
// CHECK: return %[[N]]
func.func @first_present(
    %a: memref<4x?xf32> {tile.annotation = #tile.tensor<[4, N], f32>,
                         tile.name = "a"},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[N], f32>}) -> index {
  %n = tile.symbol "N"
  return %n : index
}

// -----

// A size that is solved needs its tensor where the body needs the symbol.

// CHECK-LABEL: func @solved
// CHECK: %[[PRESENT:.*]] = arith.ori
// CHECK: tile.assert %{{.*}}, "argument #0: size 0: expected a value that is N * 4 for some N, found {}"
// CHECK: tile.assert %[[PRESENT]], "argument #0: expected a tensor, since symbol N is known from it, found none"
func.func @solved(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[N * 4], f32>}) -> index {
  %n = tile.symbol "N"
  return %n : index
}

// -----

// A size of a tensor that the body touches may need one that it does not touch.

// CHECK-LABEL: func @from_optional
// CHECK-SAME: (%[[A:.*]]: memref<?xf32>, %[[B:.*]]: memref<?xf32>)
// CHECK: tile.assert %{{.*}}, "argument #1: expected a tensor, since symbol M is known from it, found none"
// CHECK: %[[N:.*]] = arith.addi %{{.*}}, %{{.*}} : index
// CHECK: return %[[N]]
func.func @from_optional(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M + N], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>}) -> index {
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0] : memref<?xf32>
  memref.store %x, %a[%c0] : memref<?xf32>
  %n = tile.symbol "N"
  return %n : index
}

// -----

// A symbol that nothing needs may stay unknown, and what depends on it is then
// not checked.

// CHECK-LABEL: func @not_needed
// CHECK-NOT: known from it
// CHECK: tile.assert %{{.*}}, "argument #1: expected sizes
// CHECK: %[[BOTH:.*]] = arith.andi
// CHECK: %[[NOT:.*]] = arith.xori %[[BOTH]], %true
// CHECK: tile.assert %{{.*}}, "argument #1: size 0: expected {}, which is N * 2, found {}"
func.func @not_needed(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[N], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[N * 2], f32>}) {
  return
}

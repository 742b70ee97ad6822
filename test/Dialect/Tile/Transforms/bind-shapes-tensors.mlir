// RUN: tile-opt %s --tile-bind-shapes --canonicalize -split-input-file | FileCheck %s

// A public function checks that a tensor it touches is given: only one without
// elements may have a null address. Its sizes are not negative, and the last
// byte has an address.

// CHECK-LABEL: func @given
// CHECK-SAME: (%[[A:.*]]: memref<?x8xf32>)
// CHECK: %[[P:.*]] = memref.extract_aligned_pointer_as_index %[[A]]
// CHECK: %[[NOT_NULL:.*]] = arith.cmpi ne, %[[P]], %c0
// CHECK: %[[M:.*]] = memref.dim %[[A]], %c0
// CHECK: %[[EMPTY:.*]] = arith.cmpi eq, %[[M]], %c0
// CHECK: %[[GIVEN:.*]] = arith.ori %[[NOT_NULL]], %[[EMPTY]]
// CHECK: tile.assert %[[GIVEN]], "argument #0 'a': expected a tensor, found none"
// CHECK: %[[ROWS:.*]], %[[HIGH:.*]] = arith.mulsi_extended %{{.*}}, %c4
// CHECK: %[[SIGN:.*]] = arith.shrsi %[[ROWS]], %c63
// CHECK: %[[FITS:.*]] = arith.cmpi eq, %[[HIGH]], %[[SIGN]]
// CHECK: arith.cmpi sge
// CHECK: arith.mulsi_extended %{{.*}}, %c8
// CHECK: tile.assert %{{.*}}, "argument #0 'a': expected sizes of at least 0 and less than 2^63 bytes in all, found {} x {}"(%{{.*}}, %c8 : index, index)
func.func @given(%a: memref<?x8xf32> {
    tile.annotation = #tile.tensor<[M, 8], f32>, tile.name = "a"}) -> f32 {
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0, %c0] : memref<?x8xf32>
  return %x : f32
}

// -----

// A tensor of fixed shape has no sizes to check; an address has no shape.

// CHECK-LABEL: func @fixed
// CHECK: tile.assert %{{.*}}, "argument #0: expected a tensor, found none"
// CHECK: tile.assert %{{.*}}, "argument #1: expected a tensor, found none"
// CHECK-NOT: tile.assert
func.func @fixed(
    %a: memref<8xf32> {tile.annotation = #tile.tensor<[8], f32>},
    %p: memref<f32> {tile.annotation = #tile.ptr<f32>}) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0] : memref<8xf32>
  %y = memref.load %p[] : memref<f32>
  return %x, %y : f32, f32
}

// -----

// A tensor without elements needs no address, and arguments without an
// annotation are the caller's own business.

// CHECK-LABEL: func @unchecked
// CHECK-NOT: tile.assert
func.func @unchecked(
    %a: memref<0x8xf32> {tile.annotation = #tile.tensor<[0, 8], f32>},
    %b: memref<?xf32>) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %x = memref.load %a[%c0, %c0] : memref<0x8xf32>
  %y = memref.load %b[%c0] : memref<?xf32>
  return %x, %y : f32, f32
}

// -----

// An expression must stay within 64 bits, and a divisor above 0.

// CHECK-LABEL: func private @expression
// CHECK-SAME: (%[[A:.*]]: memref<?xf32>, %[[M:.*]]: index, %[[N:.*]]: index)
// CHECK: %[[MI:.*]] = arith.index_cast %[[M]] : index to i64
// CHECK: %[[LOW:.*]], %[[HIGH:.*]] = arith.mulsi_extended %[[MI]], %{{.*}} : i64
// CHECK: %[[SIGN:.*]] = arith.shrsi %[[LOW]], %c63
// CHECK: %[[FITS:.*]] = arith.cmpi eq, %[[HIGH]], %[[SIGN]]
// CHECK: %[[POSITIVE:.*]] = arith.cmpi sge, %[[N]], %c1
// CHECK: %[[VALID:.*]] = arith.andi %[[FITS]], %[[POSITIVE]]
// CHECK: arith.maxsi %[[N]], %c1
// CHECK: tile.assert %[[VALID]], "argument #0: size 0: cannot compute (M * M) floordiv N: expected a result of 64 bits and divisors of at least 1"
// CHECK: tile.assert %{{.*}}, "argument #0: size 0: expected {}, which is (M * M) floordiv N, found {}"
func.func private @expression(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[(M * M) floordiv N], f32>},
    %m: index {tile.annotation = #tile.dyn<"M", index>},
    %n: index {tile.annotation = #tile.dyn<"N", index>}) {
  return
}

// -----

// A size known at compile time is a constant in the body.

// CHECK-LABEL: func private @static
// CHECK: %[[K:.*]] = arith.constant 64 : index
// CHECK: tile.assert %{{.*}}, "argument #1: size 0: expected {}, which is K, found {}"(%[[K]], %{{.*}} : index, index)
// CHECK: return %[[K]]
func.func private @static(
    %a: memref<?x64xf16> {tile.annotation = #tile.tensor<[M, static K], static T>},
    %b: memref<?xf16> {tile.annotation = #tile.tensor<[K], static T>}) -> index {
  %k = tile.symbol "K"
  return %k : index
}

// -----

// The bytes of elements that are pairs, and of vectors.

// CHECK-LABEL: func @elements
// CHECK-DAG: %[[PAIR:.*]] = arith.constant 16 : i64
// CHECK-DAG: %[[VECTOR:.*]] = arith.constant 32 : i64
// CHECK: arith.mulsi_extended %{{.*}}, %[[PAIR]] : i64
// CHECK: arith.mulsi_extended %{{.*}}, %[[VECTOR]] : i64
func.func @elements(
    %a: memref<?xcomplex<f64>> {
      tile.annotation = #tile.tensor<[N], complex<f64>>},
    %b: memref<?xvector<8xf32>> {
      tile.annotation = #tile.tensor<[N], vector<8xf32>>}) {
  return
}

// What the host checks say of arguments that a caller must not pass.

// RUN: tile-execution-test call %s product 3x4 4x5 3x5 | FileCheck %s --check-prefix=OK
// RUN: tile-execution-test call %s product 0x4 4x5 null:0x5 | FileCheck %s --check-prefix=OK
// OK: {{^}}no error
// RUN: tile-execution-test call %s product 3x4 5x5 3x5 | FileCheck %s --check-prefix=SAME
// SAME: argument #1 'b': size 0: expected 4, which is K, found 5
// RUN: tile-execution-test call %s product 3x-4 -4x5 3x5 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: argument #0 'a': expected sizes of at least 0 and less than 2^63 bytes in all, found 3 x -4
// RUN: tile-execution-test call %s product 4294967296x2147483648 2147483648x1 4294967296x1 | FileCheck %s --check-prefix=BYTES
// BYTES: argument #0 'a': expected sizes of at least 0 and less than 2^63 bytes in all, found 4294967296 x 2147483648
// RUN: tile-execution-test call %s product 3x4 4x5 null:3x5 | FileCheck %s --check-prefix=NULL
// NULL: argument #2 'c': expected a tensor, found none
// RUN: tile-execution-test call %s product 3x4 4x5 null:-1x-1 | FileCheck %s --check-prefix=NULL

func.func @product(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, K], f32>,
                         tile.name = "a"},
    %b: memref<?x?xf32> {tile.annotation = #tile.tensor<[K, N], f32>,
                         tile.name = "b"},
    %c: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>,
                         tile.name = "c"}) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<4x4xf32, #tile.scope<shared>>
    %c0 = arith.constant 0 : index
    tile.copy %a[%c0, %c0], %s
      : memref<?x?xf32> to memref<4x4xf32, #tile.scope<shared>>
    tile.copy %b[%c0, %c0], %s
      : memref<?x?xf32> to memref<4x4xf32, #tile.scope<shared>>
    tile.copy %s, %c[%c0, %c0]
      : memref<4x4xf32, #tile.scope<shared>> to memref<?x?xf32>
  }
  return
}

// RUN: tile-execution-test call %s expressions 12x 1x 3 2 | FileCheck %s --check-prefix=OK
// RUN: tile-execution-test call %s expressions 12x 4x 3 1 | FileCheck %s --check-prefix=FLOOR
// FLOOR: argument #1: size 0: expected 3, which is n floordiv d, found 4
// RUN: tile-execution-test call %s expressions 12x 1x 3 0 | FileCheck %s --check-prefix=ZERO
// ZERO: argument #1: size 0: cannot compute n floordiv d: expected a result of 64 bits and divisors of at least 1
// RUN: tile-execution-test call %s expressions 12x 1x 4611686018427387904 2 | FileCheck %s --check-prefix=FITS
// FITS: argument #0: size 0: cannot compute n * 4: expected a result of 64 bits and divisors of at least 1
// RUN: tile-execution-test call %s expressions 12x 1x -3 2 | FileCheck %s --check-prefix=SYMBOL
// SYMBOL: expected symbol n of at least 0, found -3

func.func @expressions(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[n * 4], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[n floordiv d], f32>},
    %n: index {tile.annotation = #tile.dyn<"n", index>},
    %d: index {tile.annotation = #tile.dyn<"d", index>}) {
  return
}

// RUN: tile-execution-test call %s solved 13x3 | FileCheck %s --check-prefix=OK
// RUN: tile-execution-test call %s solved 14x3 | FileCheck %s --check-prefix=SOLVED
// SOLVED: argument #0: size 0: expected a value that is M * 4 + 1 for some M, found 14
// RUN: tile-execution-test call %s solved 9223372036854775807x0 | FileCheck %s --check-prefix=SOLVED-MAX
// SOLVED-MAX: argument #0: size 0: expected a value that is M * 4 + 1 for some M, found 9223372036854775807

func.func @solved(
    %a: memref<?x?xi8> {tile.annotation = #tile.tensor<[M * 4 + 1, ?], i8>}) {
  return
}

// A scalar that is no size may be negative.

// RUN: tile-execution-test call %s scalars -5 -5 | FileCheck %s --check-prefix=OK
// RUN: tile-execution-test call %s scalars -5 5 | FileCheck %s --check-prefix=SCALAR
// SCALAR: argument #1 'y': expected -5, which is n, found 5

func.func @scalars(
    %x: i32 {tile.annotation = #tile.dyn<"n", i32>},
    %y: i32 {tile.annotation = #tile.dyn<"n", i32>, tile.name = "y"}) {
  return
}

// A scalar without a sign may have its highest bit set, and a truth value is 0
// or 1.

// RUN: tile-execution-test call %s unsigned 4294967295 3x 1 4x | FileCheck %s --check-prefix=UNSIGNED
// UNSIGNED: argument #1: size 0: expected 4294967295, which is N, found 3
// RUN: tile-execution-test call %s unsigned 3 3x 1 4x | FileCheck %s --check-prefix=OK
// RUN: tile-execution-test call %s unsigned 3 3x 0 4x | FileCheck %s --check-prefix=TRUTH
// TRUTH: argument #3: size 0: expected 0, which is B * 4, found 4

func.func @unsigned(
    %n: ui32 {tile.annotation = #tile.dyn<"N", ui32>},
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[N], f32>},
    %b: i1 {tile.annotation = #tile.dyn<"B", i1>},
    %c: memref<?xf32> {tile.annotation = #tile.tensor<[B * 4], f32>}) {
  return
}

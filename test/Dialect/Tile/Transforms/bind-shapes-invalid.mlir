// RUN: tile-opt %s --tile-bind-shapes -split-input-file -verify-diagnostics

// expected-error@+1 {{'func.func' op cannot bind symbol "M": expected an argument, a size or a stride that is the symbol itself or linear in it with all else known}}
func.func @two_unknowns(
    // expected-note@+1 {{argument #0: size 0 is M + N}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M + N], f32>},
    // expected-note@+1 {{argument #1: size 0 is (M * 2) floordiv N}}
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[(M * 2) floordiv N], f32>}) {
  return
}

// -----

// expected-error@+1 {{'func.func' op cannot bind symbol "M"}}
func.func @not_linear(
    // expected-note@+1 {{argument #0: size 0 is M floordiv 2}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M floordiv 2], f32>}) {
  return
}

// -----

func.func @two_types(
    // expected-note@+1 {{the first argument is here}}
    %a: i32 {tile.annotation = #tile.dyn<"n", i32>},
    // expected-error@+1 {{symbol "n" has two types: expected 'i32', found 'index'}}
    %b: index {tile.annotation = #tile.dyn<"n", index>}) {
  return
}

// -----

func.func @two_sizes(
    // expected-note@+1 {{it is 128 in argument #0: size 0}}
    %a: memref<128xf32> {tile.annotation = #tile.tensor<[M], f32>},
    // expected-error@+1 {{symbol "M" has two values: expected 128, found 64 in argument #1: size 1}}
    %b: memref<?x64xf32> {tile.annotation = #tile.tensor<[N, M], f32>}) {
  return
}

// -----

func.func @unknown() -> index {
  // expected-error@+1 {{'tile.symbol' op unknown symbol "M": expected a name in the annotations of the function's arguments}}
  %m = tile.symbol "M"
  return %m : index
}

// -----

func.func @two_element_types(
    // expected-note@+1 {{the first argument is here}}
    %a: memref<?xf16> {tile.annotation = #tile.tensor<[M], static T>},
    // expected-error@+1 {{element type "T" has two values: expected 'f16', found 'f32' in argument #1 'b'}}
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M], static T>,
                       tile.name = "b"}) {
  return
}

// -----

func.func @two_strides(
    // expected-note@+1 {{it is 8 in argument #0: stride 0}}
    %a: memref<?xf32, strided<[8]>> {
      tile.annotation = #tile.strided_tensor<[M], strides [static S], f32>},
    // expected-error@+1 {{symbol "S" has two values: expected 8, found 4 in argument #1: size 0}}
    %b: memref<4xf32> {tile.annotation = #tile.tensor<[static S], f32>}) {
  return
}

// -----

func.func @open_size(
    // expected-error@+1 {{argument #0: size 1 is static K: expected a type that fixes it, found 'memref<?x?xf32>'; 'tile-specialize' fixes it for one value}}
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, static K], f32>}) {
  return
}

// -----

func.func @open_size_without_name(
    // expected-error@+1 {{argument #0: size 0 is static: expected a type that fixes it, found 'memref<?xf32>'}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static], f32>}) {
  return
}

// -----

func.func @any_rank(
    // expected-error@+1 {{argument #0 is #tile.tensor<*, f32>: expected a type with a rank, found 'memref<*xf32>'}}
    %a: memref<*xf32> {tile.annotation = #tile.tensor<*, f32>}) {
  return
}

// -----

func.func @wide(
    // expected-error@+1 {{argument #0: expected an integer of at most 64 bits for symbol "N", found 'i128'}}
    %n: i128 {tile.annotation = #tile.dyn<"N", i128>}) {
  return
}

// -----

func.func @float_size(
    // expected-error@+1 {{symbol "N" is part of a size: expected an integer, found 'f32'}}
    %n: f32 {tile.annotation = #tile.dyn<"N", f32>},
    // expected-note@+1 {{argument #1: size 0 is N * 2}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[N * 2], f32>}) {
  return
}

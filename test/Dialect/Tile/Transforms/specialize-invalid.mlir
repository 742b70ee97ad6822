// RUN: tile-opt %s --tile-specialize=arguments=block=64,K=128,T=f16,L=-4,W=foo,U=bf16 -split-input-file -verify-diagnostics
// RUN: not tile-opt %s --tile-specialize=arguments=block 2>&1 | FileCheck %s --check-prefix=FORM
// RUN: not tile-opt %s --tile-specialize=arguments==1 2>&1 | FileCheck %s --check-prefix=FORM
// FORM: error: expected NAME=VALUE, found '{{block|=1}}'
// RUN: not tile-opt %s --tile-specialize=arguments=block=1,block=2 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: expected one value of 'block', found 1 and 2
// RUN: not tile-opt %s --tile-specialize=arguments=T=1e39 -split-input-file 2>&1 | FileCheck %s --check-prefix=LARGE
// LARGE: argument #0 'T': expected a value of 'f32', found '1e39'

// The names that only other functions have.
// expected-error@+1 {{expected a function with an argument, a size or an element type 'T' known at compile time, found none}}
module {
  func.func @unknown(
      %a: index {tile.annotation = #tile.value<index>, tile.name = "block"},
      %b: memref<?xf16> {tile.annotation = #tile.tensor<[static K], f16>,
                         tile.name = "T"}) {
    return
  }
}

// -----

func.func @value(
    // expected-error@+1 {{argument #0 'T': expected a value of 'index', found 'f16'}}
    %a: index {tile.annotation = #tile.value<index>, tile.name = "T"}) {
  return
}

// -----

func.func @float(
    // expected-error@+1 {{argument #0 'T': expected a value of 'f32', found 'f16'}}
    %a: f32 {tile.annotation = #tile.value<f32>, tile.name = "T"}) {
  return
}

// -----

func.func @bool(
    // expected-error@+1 {{argument #0 'block': expected a value of 'i1', found '64'}}
    %a: i1 {tile.annotation = #tile.value<i1>, tile.name = "block"}) {
  return
}

// -----

func.func @range(
    // expected-error@+1 {{argument #0 'K': expected a value of 'i8', found '128'}}
    %a: i8 {tile.annotation = #tile.value<i8>, tile.name = "K"}) {
  return
}

// -----

func.func @unsigned(
    // expected-error@+1 {{argument #0 'L': expected a value of 'ui8', found '-4'}}
    %a: ui8 {tile.annotation = #tile.value<ui8>, tile.name = "L"}) {
  return
}

// -----

func.func @other_value(
    // expected-error@+1 {{argument #0 'block': expected 0 : index, found 64 : index}}
    %a: index {tile.annotation = #tile.value<index, 0 : index>,
               tile.name = "block"}) {
  return
}

// -----

func.func @dtype(
    // expected-error@+1 {{argument #0 'W': expected an element type, found 'foo'}}
    %a: none {tile.annotation = #tile.dtype<static>, tile.name = "W"}) {
  return
}

// -----

func.func @other_dtype(
    // expected-error@+1 {{argument #0 'U': expected 'f16', found 'bf16'}}
    %a: none {tile.annotation = #tile.dtype<f16>, tile.name = "U"}) {
  return
}

// -----

func.func @negative(
    // expected-error@+1 {{argument #0: expected a size of at least 0 for L, found '-4'}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static L], f32>}) {
  return
}

// -----

func.func @no_size(
    // expected-error@+1 {{argument #0: expected a size of at least 0 for T, found 'f16'}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static T], f32>}) {
  return
}

// -----

func.func @no_type(
    // expected-error@+1 {{argument #0: expected an element type for W, found 'foo'}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M], static W>}) {
  return
}

// -----

func.func @element_type(
    // expected-error@+1 {{argument #0 'a': expected element type 'f32', as in 'memref<?xf32>', found 'f16'}}
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M], static T>,
                       tile.name = "a"}) {
  return
}

// -----

func.func @size(
    // expected-error@+1 {{argument #0: size 1: expected 64, as in 'memref<?x64xf32>', found 128}}
    %a: memref<?x64xf32> {tile.annotation = #tile.tensor<[M, static K], f32>}) {
  return
}

// -----

func.func @stride(
    // expected-error@+1 {{argument #0: stride 0: expected 2, as in 'memref<?xf32, strided<[2]>>', found 128}}
    %a: memref<?xf32, strided<[2]>> {
      tile.annotation = #tile.strided_tensor<[M], strides [static K], f32>}) {
  return
}

// -----

func.func @expression(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static K], f32>},
    // expected-error@+1 {{argument #1: expected a size of at least 0, found -72}}
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[K - 200], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected no uses of a function whose argument types are specialised}}
func.func private @used(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static K], f32>}) {
  return
}
func.func @user(%a: memref<?xf32>) {
  // expected-note@+1 {{a use is here}}
  func.call @used(%a) : (memref<?xf32>) -> ()
  return
}

// RUN: tile-opt %s --tile-drop-compile-time-arguments -split-input-file -verify-diagnostics

func.func @open_value(
    // expected-error@+1 {{argument #0 'block': expected a value of #tile.value<index> at compile time, found none; 'tile-specialize' gives it one}}
    %block: index {tile.annotation = #tile.value<index>, tile.name = "block"}) {
  return
}

// -----

func.func @open_type(
    // expected-error@+1 {{argument #0: expected a value of #tile.dtype<static> at compile time, found none}}
    %t: none {tile.annotation = #tile.dtype<static>}) {
  return
}

// -----

func.func private @callee(
    // expected-note@+1 {{the argument is here}}
    %block: index {tile.annotation = #tile.value<index, 64 : index>}) {
  return
}
func.func @other_value() {
  %c = arith.constant 32 : index
  // expected-error@+1 {{'func.call' op expected the constant 64 : index for argument #0 of @callee, found 32 : index}}
  func.call @callee(%c) : (index) -> ()
  return
}

// -----

func.func private @callee(
    // expected-note@+1 {{the argument is here}}
    %block: index {tile.annotation = #tile.value<index, 64 : index>}) {
  return
}
func.func @run_time_value(%n: index) {
  // expected-error@+1 {{'func.call' op expected the constant 64 : index for argument #0 of @callee, found a value known at run time}}
  func.call @callee(%n) : (index) -> ()
  return
}

// -----

// expected-note@+1 {{the function is here}}
func.func private @callee(
    %block: index {tile.annotation = #tile.value<index, 64 : index>}) {
  return
}
func.func @pointer() -> ((index) -> ()) {
  // expected-error@+1 {{expected only calls of a function with compile-time arguments, found 'func.constant'}}
  %f = func.constant @callee : (index) -> ()
  return %f : (index) -> ()
}

// -----

func.func private @other(none)
func.func @used_type(
    // expected-note@+1 {{the argument is here}}
    %t: none {tile.annotation = #tile.dtype<f16>}) {
  // expected-error@+1 {{expected no use of argument #0, which is an element type known at compile time}}
  func.call @other(%t) : (none) -> ()
  return
}

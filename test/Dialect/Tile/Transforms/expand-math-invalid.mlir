// RUN: tile-opt %s --tile-expand-math --split-input-file --verify-diagnostics

func.func @exp(%x: f64) -> f64 {
  // expected-error@+1 {{'math.exp' op unsupported on a GPU for 'f64': expected f32 or a narrower float}}
  %0 = math.exp %x : f64
  return %0 : f64
}

// -----

func.func @sin(%x: f64) -> f64 {
  // expected-error@+1 {{'math.sin' op unsupported on a GPU for 'f64'}}
  %0 = math.sin %x : f64
  return %0 : f64
}

// -----

func.func @ipowi(%n: i32) -> i32 {
  // expected-error@+1 {{'math.ipowi' op unsupported on a GPU for 'i32': expected a loop of products}}
  %0 = math.ipowi %n, %n : i32
  return %0 : i32
}

// RUN: tile-opt %s --convert-tile-to-cpu --split-input-file --verify-diagnostics

module @outer {
  module @inner {
    func.func @nested(%a: memref<4xf32>, %v: f32) {
      // expected-error@+1 {{'tile.fill' op expected to stand in a function of the module that is converted, found in 'func.func'}}
      tile.fill %a, %v : memref<4xf32>
      return
    }
  }
}

// -----

// expected-error@+1 {{'tile.barrier' op expected to stand in a function of the module that is converted, found in 'builtin.module'}}
tile.barrier

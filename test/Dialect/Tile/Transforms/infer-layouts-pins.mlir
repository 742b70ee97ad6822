// RUN: tile-opt %s --tile-infer-layouts --split-input-file --verify-diagnostics

func.func @shape() {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'tile.alloc' op expected a layout of shape 16, 8, found 8, 8}}
    %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>} : memref<16x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

func.func @threads() {
  tile.launch blocks() in () threads(64) {
    // expected-error@+1 {{'tile.alloc' op expected a layout for the 64 threads that hold it, found one for 32}}
    %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

func.func @holes() {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'tile.alloc' op expected a layout that holds every element}}
    %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values ():(), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Two layouts that are written by hand and meet in a loop.
func.func @contradiction() {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'tile.alloc' op cannot keep the layout: it contradicts that of another fragment in one operation}}
    %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
    // expected-note@+1 {{the other layout is written here}}
    %g = tile.alloc {tile.layout = #tile.layout<threads (32):(1), values (2):(32), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
    // expected-note@+1 {{both are used here}}
    tile.parallel (%i, %j) in (8, 8) {
      %x = memref.load %f[%i, %j] : memref<8x8xf32, #tile.scope<fragment>>
      memref.store %x, %g[%i, %j] : memref<8x8xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

func.func @operand(%a: memref<8x8xf32>, %c: memref<8x8xf32>) {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'tile.alloc' op cannot keep the layout: it is an operand of a product without tensor cores: 'c' is not a fragment}}
    %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
    // expected-note@+1 {{used here}}
    tile.gemm %f, %a, %c : memref<8x8xf32, #tile.scope<fragment>>, memref<8x8xf32>, memref<8x8xf32>
  }
  return
}

// -----

func.func @threads_of_part() {
  tile.launch blocks() in () threads(96) {
    tile.specialize threads(32) {
    }, threads(64) {
      // expected-error@+1 {{'tile.alloc' op expected a layout for the 64 threads that hold it, found one for 32}}
      %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

func.func @several_parts(%z: f32) {
  tile.launch blocks() in () threads(64) {
    // expected-error@+1 {{'tile.alloc' op cannot keep the layout: several parts of the block use it}}
    %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
    tile.specialize threads(32) {
      // expected-note@+1 {{used here}}
      tile.fill %f, %z : memref<8x8xf32, #tile.scope<fragment>>
    }, threads(32) {
      tile.fill %f, %z : memref<8x8xf32, #tile.scope<fragment>>
    }
  }
  return
}

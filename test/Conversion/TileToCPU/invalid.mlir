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

// -----

func.func @threads_outside(%a: memref<32xindex>) {
  // expected-error@+1 {{'tile.threads' op expected to stand inside a 'tile.launch', which says how many threads there are}}
  tile.threads (%t) {
    memref.store %t, %a[%t] : memref<32xindex>
  }
  return
}

// -----

func.func @threads_differ(%a: memref<32xindex>) {
  tile.launch blocks() in () threads(32) {
    %l = tile.alloc : memref<4xindex, #tile.scope<local>>
    tile.threads (%t) {
      // expected-note@+1 {{it is written by each thread here}}
      memref.store %t, %l[%t] : memref<4xindex, #tile.scope<local>>
    }
    // expected-error@+1 {{'tile.copy' op cannot use a local buffer here whose content differs between threads; expected it inside 'tile.threads', or only written}}
    tile.copy %l, %a : memref<4xindex, #tile.scope<local>> to memref<32xindex>
  }
  return
}

// -----

func.func @threads_load(%a: memref<32xindex>, %i: index) {
  tile.launch blocks() in () threads(32) {
    %v = tile.alloc_var : index
    // expected-error@+1 {{'memref.load' op cannot use a local buffer here}}
    %x = memref.load %v[] : memref<index, #tile.scope<local>>
    tile.threads (%t) {
      // expected-note@+1 {{it is written by each thread here}}
      memref.store %t, %v[] : memref<index, #tile.scope<local>>
      memref.store %x, %a[%t] : memref<32xindex>
    }
  }
  return
}

// -----

func.func @threads_elsewhere(%i: index) {
  tile.launch blocks() in () threads(32) {
    %l = memref.alloca() : memref<4xindex, #tile.scope<local>>
    tile.threads (%t) {
      // expected-error@+1 {{'memref.store' op expected a local buffer of 'tile.alloc' or 'tile.alloc_var', or one that is made inside the 'tile.threads', found 'memref<4xindex, #tile.scope<local>>' from elsewhere}}
      memref.store %t, %l[%t] : memref<4xindex, #tile.scope<local>>
    }
  }
  return
}

// -----

func.func @parts() {
  tile.launch blocks() in () threads(64) {
    // expected-error@+1 {{'tile.specialize' op unsupported on the CPU: parts of a block that run at the same time}}
    tile.specialize threads(32) {
    }, threads(32) {
    }
  }
  return
}

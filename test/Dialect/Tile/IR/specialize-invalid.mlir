// RUN: tile-opt %s --split-input-file --verify-diagnostics

func.func @threads_of_regions() {
  // expected-error@+1 {{'tile.specialize' op expected the threads of each of 1 regions, found 2}}
  "tile.specialize"() <{threads = array<i64: 32, 32>}> ({
    tile.yield
  }) : () -> ()
  return
}

// -----

func.func @no_threads() {
  // expected-error@+1 {{'tile.specialize' op expected from 1 to 1024 threads in each region, found 0}}
  tile.specialize threads(0) {
  }
  return
}

// -----

func.func @threads_of_the_launch() {
  tile.launch blocks() in () threads(128) {
    // expected-error@+1 {{'tile.specialize' op expected regions for 128 threads, found 96}}
    tile.specialize threads(64) {
    }, threads(32) {
    }
  }
  return
}

// -----

func.func @threads_of_the_part() {
  tile.launch blocks() in () threads(128) {
    tile.specialize threads(96) {
    }, threads(32) {
      // expected-error@+1 {{'tile.specialize' op expected regions for 32 threads, found 33}}
      tile.specialize threads(1) {
      }, threads(32) {
      }
    }
  }
  return
}

// -----

func.func @arguments() {
  // expected-error@+1 {{'tile.specialize' op expected regions without arguments, found 1}}
  "tile.specialize"() <{threads = array<i64: 32>}> ({
  ^bb0(%i: index):
    tile.yield
  }) : () -> ()
  return
}

// -----

func.func @keyword() {
  // expected-error@+1 {{expected 'threads'}}
  tile.specialize warps(1) {
  }
  return
}

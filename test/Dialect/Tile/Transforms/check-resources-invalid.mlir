// RUN: tile-opt %s --tile-check-resources --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --tile-check-resources=chip=sm_120a --split-input-file 2>&1 | FileCheck %s --check-prefix=SM120
// RUN: not tile-opt %s --tile-check-resources=chip=sm_90a --split-input-file 2>&1 | FileCheck %s --check-prefix=SM90
// RUN: not tile-opt %s --tile-check-resources=chip=sm_1 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: unknown chip 'sm_1': expected sm_80, sm_86, sm_87, sm_89, sm_90, sm_90a, sm_100, sm_100a, sm_120, sm_120a

func.func @shared_memory() {
  // SM120: error: 'tile.launch' op expected at most 101376 bytes of shared memory on sm_120a, found 166928
  // expected-error@+1 {{'tile.launch' op expected at most 166912 bytes of shared memory on sm_80, found 166928}}
  tile.launch blocks() in () threads(32) shared_bytes(166928) {
    // expected-note@+1 {{this buffer takes part of it: 'memref<166912xi8, #tile.scope<shared>>'}}
    %0 = tile.alloc offset(0) : memref<166912xi8, #tile.scope<shared>>
    // expected-note@+1 {{this buffer takes part of it: 'memref<i8, #tile.scope<shared>>'}}
    %1 = tile.alloc offset(166912) : memref<i8, #tile.scope<shared>>
    %2 = tile.alloc : memref<64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// A chip without clusters ignores them.
func.func @cluster(%n: index) {
  // SM120: error: 'tile.launch' op expected a cluster of at most 8 blocks on sm_120a, found 16
  tile.launch blocks(%x) in (%n) threads(32) cluster(16) {
  }
  return
}

// -----

// 168 registers for each of 384 threads are there when the block starts.
func.func @registers() {
  tile.launch blocks() in () threads(384) {
    // SM90: error: 'tile.specialize' op expected parts that have at most 64512 registers in all, as a block of 384 threads has, found 66560
    tile.specialize threads(256) {
      // SM90: note: 240 registers for 256 threads are asked for here
      tile.set_max_registers increase 240
    }, threads(128) {
      // SM90: note: 40 registers for 128 threads are asked for here
      tile.set_max_registers decrease 40
    }
  }
  return
}

// -----

// A part that asks for nothing keeps what it has.
func.func @kept_registers() {
  tile.launch blocks() in () threads(384) {
    // SM90: error: 'tile.specialize' op expected parts that have at most 64512 registers in all, as a block of 384 threads has, found 66560
    tile.specialize threads(128) {
      tile.set_max_registers increase 184
    }, threads(256) {
    }
  }
  return
}

// -----

func.func @barriers() {
  // expected-error@+1 {{'tile.launch' op expected barriers in the first 15 parts of the block only, found one in part 16}}
  tile.launch blocks() in () threads(512) {
    tile.specialize threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
    }, threads(32) {
      // expected-note@+1 {{this is the barrier}}
      tile.barrier
    }
  }
  return
}

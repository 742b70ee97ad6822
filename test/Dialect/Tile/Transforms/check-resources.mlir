// Launches within the limits pass, up to the last byte.

// RUN: tile-opt %s --tile-check-resources=chip=sm_90a | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(func.func(tile-check-resources{chip=sm_100a}))' | FileCheck %s

// CHECK-LABEL: func @limits
func.func @limits(%n: index) {
  tile.launch blocks(%x, %y) in (%n, %n) threads(1024) cluster(4, 4) shared_bytes(232448) {
    %0 = tile.alloc offset(0) : memref<232448xi8, #tile.scope<shared>>
  }
  tile.launch blocks() in () threads(1) {
  }
  return
}

// CHECK-LABEL: func @parts
func.func @parts() {
  // All registers.
  tile.launch blocks() in () threads(384) {
    tile.specialize threads(256) {
      tile.set_max_registers increase 232
      tile.barrier
    }, threads(128) {
      tile.set_max_registers decrease 40
      tile.specialize threads(1) {
      }, threads(127) {
      }
    }
  }
  // The last part that can have a barrier.
  tile.launch blocks() in () threads(480) {
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
      tile.barrier
    }
  }
  return
}

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

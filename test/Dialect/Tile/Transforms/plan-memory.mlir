// RUN: tile-opt %s --tile-plan-memory --split-input-file | FileCheck %s

// Offsets are multiples of 16 bytes, in the order of the buffers.
// CHECK-LABEL: func @offsets
// CHECK: tile.launch {{.*}} shared_bytes(16576) {
func.func @offsets(%n: index) {
  tile.launch blocks(%x) in (%n) threads(32) {
    // CHECK: tile.alloc offset(0) : memref<64x64xf32, #tile.scope<shared>>
    %0 = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    // CHECK: tile.alloc offset(16384) : memref<i1, #tile.scope<shared>>
    %1 = tile.alloc : memref<i1, #tile.scope<shared>>
    tile.pipelined %i = %n to %n step %n {
      // CHECK: tile.alloc offset(16400) : memref<17xf8E5M2, #tile.scope<shared>>
      %2 = tile.alloc : memref<17xf8E5M2, #tile.scope<shared>>
      // CHECK: tile.alloc offset(16432) : memref<0x4xf64, #tile.scope<shared>>
      %3 = tile.alloc : memref<0x4xf64, #tile.scope<shared>>
      // An index has 8 bytes.
      // CHECK: tile.alloc offset(16432) : memref<17xindex, #tile.scope<shared>>
      %4 = tile.alloc : memref<17xindex, #tile.scope<shared>>
    }
  }
  return
}

// -----

// Other scopes need none; what an earlier run planned is replaced.
// CHECK-LABEL: func @none
// CHECK: tile.launch {{.*}} threads(32) {
// CHECK-NEXT: tile.alloc : memref<4xf32, #tile.scope<fragment>>
// CHECK-NEXT: tile.alloc : memref<4xf32, #tile.scope<local>>
// CHECK: tile.launch {{.*}} threads(32) shared_bytes(16) {
// CHECK-NEXT: tile.alloc offset(0)
func.func @none() {
  tile.launch blocks() in () threads(32) shared_bytes(512) {
    %0 = tile.alloc : memref<4xf32, #tile.scope<fragment>>
    %1 = tile.alloc : memref<4xf32, #tile.scope<local>>
  }
  tile.launch blocks() in () threads(32) shared_bytes(512) {
    %0 = tile.alloc offset(128) : memref<4xf32, #tile.scope<shared>>
  }
  return
}

// Buffers of boxes, and barriers.

// RUN: tile-opt %s --tile-plan-memory | FileCheck %s

// A box begins at a multiple of 128 bytes, or of 8 rows of its swizzle. Nothing
// shares bytes with a box that may be under way or with a barrier.
// CHECK-LABEL: func @places
// CHECK: shared_bytes(1808)
// CHECK: tile.alloc offset(1792) : memref<2xi64
// CHECK: tile.alloc offset(0) swizzle(32)
// CHECK: tile.alloc offset(1024) : memref<8x32xf16
// CHECK: tile.alloc offset(1536) : memref<60xf32
// CHECK: tile.alloc offset(1536) : memref<60xf32
func.func @places(%a: memref<64x32xf16>, %b: memref<64x16xf16>, %v: f32, %i: index) {
  %m = tile.tensor_map %a : memref<64x32xf16> to !tile.tensor_map<8x32xf16>
  %n = tile.tensor_map %b : memref<64x16xf16> to !tile.tensor_map<32x16xf16, swizzle 32>
  tile.launch blocks() in () threads(128) {
    %bars = tile.alloc : memref<2xi64, #tile.scope<shared>>
    %s = tile.alloc swizzle(32) : memref<32x16xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<8x32xf16, #tile.scope<shared>>
    %x = tile.alloc : memref<60xf32, #tile.scope<shared>>
    %y = tile.alloc : memref<60xf32, #tile.scope<shared>>
    tile.mbarrier_init %bars[%i] count(1) : memref<2xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %i], %t, %bars[%i]
      : !tile.tensor_map<8x32xf16> to memref<8x32xf16, #tile.scope<shared>>, memref<2xi64, #tile.scope<shared>>
    tile.tma_store %s, %n[%i, %i] : memref<32x16xf16, #tile.scope<shared>> to !tile.tensor_map<32x16xf16, swizzle 32>
    tile.fill %x, %v : memref<60xf32, #tile.scope<shared>>
    tile.fill %y, %v : memref<60xf32, #tile.scope<shared>>
  }
  return
}

// Another block may arrive at the barrier at any time.
// CHECK-LABEL: func @remote
// CHECK: tile.alloc offset(0) : memref<2xi64
// CHECK: tile.alloc offset(16) : memref<2xf32
func.func @remote(%v: f32, %i: index) {
  tile.launch blocks(%x) in (%i) threads(128) cluster(2) {
    %bars = tile.alloc : memref<2xi64, #tile.scope<shared>>
    %s = tile.alloc : memref<2xf32, #tile.scope<shared>>
    tile.mbarrier_arrive_remote %bars[%i] at %i : memref<2xi64, #tile.scope<shared>>
    tile.fill %s, %v : memref<2xf32, #tile.scope<shared>>
  }
  return
}

// So does the stage of a store.
// CHECK-LABEL: func @stage
// CHECK: shared_bytes(8576)
// CHECK: tile.alloc offset(4480) : memref<32x64xf16
// CHECK: tile.alloc offset(0) : memref<1100xf32
func.func @stage(%a: memref<64x64xf16>, %v: f32, %i: index) {
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<32x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<32x64xf16, #tile.scope<shared>>
    %x = tile.alloc : memref<1100xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<32x64xf32, #tile.scope<fragment>>
    tile.staged_store %f, %s, %m[%i, %i]
      : memref<32x64xf32, #tile.scope<fragment>>, memref<32x64xf16, #tile.scope<shared>>, !tile.tensor_map<32x64xf16>
    tile.fill %x, %v : memref<1100xf32, #tile.scope<shared>>
  }
  return
}

// Parts of a block run at the same time.
// CHECK-LABEL: func @parts
// CHECK: shared_bytes(512)
// CHECK: tile.alloc offset(0) : memref<64xf32
// CHECK: tile.alloc offset(0) : memref<64xf32
// CHECK: tile.alloc offset(256) : memref<64xf32
func.func @parts(%v: f32) {
  tile.launch blocks() in () threads(64) {
    tile.specialize threads(32) {
      %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
      tile.fill %s, %v : memref<64xf32, #tile.scope<shared>>
      %t = tile.alloc : memref<64xf32, #tile.scope<shared>>
      tile.fill %t, %v : memref<64xf32, #tile.scope<shared>>
    }, threads(32) {
      %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
      tile.fill %s, %v : memref<64xf32, #tile.scope<shared>>
    }
  }
  return
}

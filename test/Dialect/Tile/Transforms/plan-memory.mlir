// RUN: tile-opt %s --tile-plan-memory --split-input-file | FileCheck %s

// Offsets are multiples of 16 bytes. These buffers are all live at
// once; the largest come first.
// CHECK-LABEL: func @offsets
// CHECK: tile.launch {{.*}} shared_bytes(16576) {
func.func @offsets(%n: index) {
  tile.launch blocks(%x) in (%n) threads(32) {
    // CHECK: tile.alloc offset(0) : memref<64x64xf32, #tile.scope<shared>>
    %0 = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    // CHECK: tile.alloc offset(16560) : memref<i1, #tile.scope<shared>>
    %1 = tile.alloc : memref<i1, #tile.scope<shared>>
    tile.pipelined %i = %n to %n step %n {
      // CHECK: tile.alloc offset(16528) : memref<17xf8E5M2, #tile.scope<shared>>
      %2 = tile.alloc : memref<17xf8E5M2, #tile.scope<shared>>
      // CHECK: tile.alloc offset(0) : memref<0x4xf64, #tile.scope<shared>>
      %3 = tile.alloc : memref<0x4xf64, #tile.scope<shared>>
      // An index has 8 bytes.
      // CHECK: tile.alloc offset(16384) : memref<17xindex, #tile.scope<shared>>
      %4 = tile.alloc : memref<17xindex, #tile.scope<shared>>
      tile.print "", %0, %1, %2, %3, %4 : memref<64x64xf32, #tile.scope<shared>>, memref<i1, #tile.scope<shared>>, memref<17xf8E5M2, #tile.scope<shared>>, memref<0x4xf64, #tile.scope<shared>>, memref<17xindex, #tile.scope<shared>>
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
    tile.print "", %0, %1 : memref<4xf32, #tile.scope<fragment>>, memref<4xf32, #tile.scope<local>>
  }
  tile.launch blocks() in () threads(32) shared_bytes(512) {
    %0 = tile.alloc offset(128) : memref<4xf32, #tile.scope<shared>>
    tile.print "", %0 : memref<4xf32, #tile.scope<shared>>
  }
  return
}

// -----

// What is never in use at the same time shares bytes; large buffers are placed
// first. What is never used is gone.
// CHECK-LABEL: func @reuse
// CHECK: shared_bytes(768)
// CHECK: tile.alloc name("early") offset(512) : memref<64xf32, #tile.scope<shared>>
// CHECK: tile.alloc name("both") offset(0) : memref<128xf32, #tile.scope<shared>>
// CHECK: tile.alloc name("late") offset(512) : memref<32xf32, #tile.scope<shared>>
// CHECK-NOT: tile.alloc
func.func @reuse(%v: f32) {
  tile.launch blocks() in () threads(32) {
    %early = tile.alloc name("early") : memref<64xf32, #tile.scope<shared>>
    %both = tile.alloc name("both") : memref<128xf32, #tile.scope<shared>>
    %late = tile.alloc name("late") : memref<32xf32, #tile.scope<shared>>
    %never = tile.alloc name("never") : memref<8xf32, #tile.scope<shared>>
    tile.fill %both, %v : memref<128xf32, #tile.scope<shared>>
    tile.fill %early, %v : memref<64xf32, #tile.scope<shared>>
    tile.fill %late, %v : memref<32xf32, #tile.scope<shared>>
    tile.fill %both, %v : memref<128xf32, #tile.scope<shared>>
  }
  return
}

// -----

// All of a loop for what is made before it; in it, each iteration begins anew.
// A use through a view counts.
// CHECK-LABEL: func @loops
// CHECK: tile.alloc name("kept") offset(0)
// CHECK: tile.alloc name("other") offset(256)
// CHECK: tile.alloc name("first") offset(512)
// CHECK: tile.alloc name("second") offset(512)
func.func @loops(%v: f32, %n: index) {
  tile.launch blocks() in () threads(32) {
    %kept = tile.alloc name("kept") : memref<64xf32, #tile.scope<shared>>
    %other = tile.alloc name("other") : memref<64xf32, #tile.scope<shared>>
    scf.for %i = %n to %n step %n {
      %first = tile.alloc name("first") : memref<32xf32, #tile.scope<shared>>
      %second = tile.alloc name("second") : memref<32xf32, #tile.scope<shared>>
      tile.fill %kept, %v : memref<64xf32, #tile.scope<shared>>
      tile.fill %first, %v : memref<32xf32, #tile.scope<shared>>
      %view = memref.subview %other[8] [8] [1] : memref<64xf32, #tile.scope<shared>> to memref<8xf32, strided<[1], offset: 8>, #tile.scope<shared>>
      tile.fill %view, %v : memref<8xf32, strided<[1], offset: 8>, #tile.scope<shared>>
      tile.fill %second, %v : memref<32xf32, #tile.scope<shared>>
    }
  }
  return
}

// -----

// The branches of a condition exclude each other.
// CHECK-LABEL: func @branches
// CHECK: shared_bytes(256)
func.func @branches(%v: f32, %c: i1) {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %b = tile.alloc : memref<64xf32, #tile.scope<shared>>
    scf.if %c {
      tile.fill %a, %v : memref<64xf32, #tile.scope<shared>>
    } else {
      tile.fill %b, %v : memref<64xf32, #tile.scope<shared>>
    }
  }
  return
}

// -----

// A buffer that is chosen at run time is in use all the time.
// CHECK-LABEL: func @chosen
// CHECK: shared_bytes(512)
func.func @chosen(%v: f32, %c: i1) {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<32xf32, #tile.scope<shared>>
    %b = tile.alloc : memref<32xf32, #tile.scope<shared>>
    %d = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %x = arith.select %c, %a, %b : memref<32xf32, #tile.scope<shared>>
    tile.fill %x, %v : memref<32xf32, #tile.scope<shared>>
    tile.fill %d, %v : memref<64xf32, #tile.scope<shared>>
  }
  return
}

// -----

// An asynchronous copy uses its buffer until all groups are waited for.
// CHECK-LABEL: func @async
// CHECK: tile.alloc name("a") offset(0)
// CHECK: tile.alloc name("b") offset(256)
// CHECK: tile.alloc name("c") offset(0)
// CHECK: tile.alloc name("d") offset(512)
// CHECK: tile.alloc name("e") offset(0)
func.func @async(%x: memref<64xf32>, %v: f32) {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc name("a") : memref<64xf32, #tile.scope<shared>>
    %b = tile.alloc name("b") : memref<64xf32, #tile.scope<shared>>
    %c = tile.alloc name("c") : memref<64xf32, #tile.scope<shared>>
    %d = tile.alloc name("d") : memref<64xf32, #tile.scope<shared>>
    %e = tile.alloc name("e") : memref<64xf32, #tile.scope<shared>>
    tile.async_copy %x, %a : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
    tile.async_commit
    tile.async_wait 1
    tile.fill %b, %v : memref<64xf32, #tile.scope<shared>>
    tile.async_wait 0
    tile.fill %c, %v : memref<64xf32, #tile.scope<shared>>
    tile.async_copy %x, %d : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
    tile.fill %e, %v : memref<64xf32, #tile.scope<shared>>
  }
  return
}

// -----

// A pattern of a swizzle begins at a multiple of its 8 rows.
// CHECK-LABEL: func @swizzled
// CHECK: tile.alloc name("a") offset(0)
// CHECK: tile.alloc name("b") offset(4096) swizzle(128)
// CHECK: tile.alloc name("c") offset(7168) swizzle(64)
func.func @swizzled(%x: memref<56x32xf16>, %y: memref<24x64xf16>, %z: memref<16x32xf16>, %i: index, %d: memref<f16>) {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc name("a") : memref<56x32xf16, #tile.scope<shared>>
    %b = tile.alloc name("b") swizzle(128) : memref<24x64xf16, #tile.scope<shared>>
    %c = tile.alloc name("c") swizzle(64) : memref<16x32xf16, #tile.scope<shared>>
    tile.copy %x, %a : memref<56x32xf16> to memref<56x32xf16, #tile.scope<shared>>
    tile.copy %y, %b : memref<24x64xf16> to memref<24x64xf16, #tile.scope<shared>>
    tile.copy %z, %c : memref<16x32xf16> to memref<16x32xf16, #tile.scope<shared>>
    %u = memref.load %a[%i, %i] : memref<56x32xf16, #tile.scope<shared>>
    %v = memref.load %b[%i, %i] : memref<24x64xf16, #tile.scope<shared>>
    %w = memref.load %c[%i, %i] : memref<16x32xf16, #tile.scope<shared>>
    %s = arith.addf %u, %v : f16
    %t = arith.addf %s, %w : f16
    memref.store %t, %d[] : memref<f16>
  }
  return
}

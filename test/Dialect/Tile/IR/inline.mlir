// Functions that work on tiles are inlined into launches, launches into
// functions.

// RUN: tile-opt %s --inline --split-input-file --verify-diagnostics | FileCheck %s

func.func private @load(%a: memref<?xf32>, %s: memref<16xf32, #tile.scope<shared>>, %i: index) {
  tile.copy %a[%i], %s : memref<?xf32> to memref<16xf32, #tile.scope<shared>>
  return
}
func.func private @kernel(%a: memref<?xf32>, %n: index) {
  tile.launch blocks(%x) in (%n) threads(32) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    tile.pipelined %i = %x to %n step %n {
      func.call @load(%a, %s, %i) : (memref<?xf32>, memref<16xf32, #tile.scope<shared>>, index) -> ()
    }
  }
  return
}
// CHECK-LABEL: func @host
// CHECK: tile.launch
// CHECK: tile.pipelined %[[I:.*]] =
// CHECK-NEXT: tile.copy %{{.*}}[%[[I]]], %{{.*}} : memref<?xf32>
// CHECK-NOT: call
func.func @host(%a: memref<?xf32>, %n: index) {
  func.call @kernel(%a, %n) : (memref<?xf32>, index) -> ()
  return
}

// -----

func.func private @scale(%v: f32) -> f32 {
  %0 = arith.mulf %v, %v : f32
  return %0 : f32
}
// CHECK-LABEL: func @in_parallel
// CHECK: tile.parallel
// CHECK-NOT: call
// CHECK: arith.mulf
func.func @in_parallel(%a: memref<16xf32>) {
  tile.parallel (%i) in (16) {
    %0 = memref.load %a[%i] : memref<16xf32>
    %1 = func.call @scale(%0) : (f32) -> f32
    memref.store %1, %a[%i] : memref<16xf32>
  }
  return
}

// -----

// What the whole block executes is refused where it ends up.
func.func private @fill(%a: memref<16xf32>, %v: f32) {
  // expected-error@+1 {{'tile.fill' op is executed by the whole block, so it cannot stand inside a 'tile.parallel'}}
  tile.fill %a, %v : memref<16xf32>
  return
}
func.func @block_level_in_parallel(%a: memref<16xf32>, %v: f32) {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (16) {
    func.call @fill(%a, %v) : (memref<16xf32>, f32) -> ()
  }
  return
}

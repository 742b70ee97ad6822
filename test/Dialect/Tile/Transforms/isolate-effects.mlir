// RUN: tile-opt %s --tile-isolate-effects --split-input-file | FileCheck %s

// Each effect is moved into a tile.parallel of one iteration, in its place.
// CHECK-LABEL: func @effects
func.func @effects(%a: memref<16xf32>, %v: f32, %i: index) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // CHECK: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: memref.store %{{.*}}, %arg0[%arg2] : memref<16xf32>
    // CHECK-NEXT: }
    memref.store %v, %a[%i] : memref<16xf32>
    // CHECK-NEXT: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: memref.store %{{.*}}, %{{.*}}[%arg2] : memref<16xf32, #tile.scope<shared>>
    // CHECK-NEXT: }
    memref.store %v, %s[%i] : memref<16xf32, #tile.scope<shared>>
    // CHECK-NEXT: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: tile.print "v"
    // CHECK-NEXT: }
    tile.print "v", %v : f32
    // CHECK-NEXT: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: tile.atomic add
    // CHECK-NEXT: }
    %old = tile.atomic add %v, %a[%i] : memref<16xf32>
    // CHECK-NEXT: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: memref.copy
    // CHECK-NEXT: }
    memref.copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// A result that is used comes back through a shared buffer.
// CHECK-LABEL: func @result
func.func @result(%a: memref<16xi32>, %b: memref<16xi32>, %v: i32, %i: index) {
  tile.launch blocks() in () threads(32) {
    // CHECK: %[[SHARED:.*]] = tile.alloc : memref<i32, #tile.scope<shared>>
    // CHECK-NEXT: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: %[[OLD:.*]] = tile.atomic max
    // CHECK-NEXT: memref.store %[[OLD]], %[[SHARED]][]
    // CHECK-NEXT: }
    // CHECK-NEXT: %[[ALL:.*]] = memref.load %[[SHARED]][]
    // CHECK-NEXT: arith.addi %[[ALL]], %[[ALL]]
    %old = tile.atomic max %v, %a[%i] : memref<16xi32>
    %sum = arith.addi %old, %old : i32
    // CHECK-NEXT: %[[SECOND:.*]] = tile.alloc : memref<i32, #tile.scope<shared>>
    // CHECK-NEXT: tile.parallel
    // CHECK-NEXT: memref.atomic_rmw addi
    // CHECK-NEXT: memref.store
    %other = memref.atomic_rmw addi %sum, %a[%i] : (i32, memref<16xi32>) -> i32
    // CHECK: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: memref.store
    memref.store %other, %b[%i] : memref<16xi32>
  }
  return
}

// -----

// An op with a region and an effect of its own, and effects under conditions.
// CHECK-LABEL: func @regions
func.func @regions(%a: memref<16xf32>, %i: index, %c: i1, %v: f32) {
  tile.launch blocks() in () threads(32) {
    // CHECK: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: memref.generic_atomic_rmw
    %0 = memref.generic_atomic_rmw %a[%i] : memref<16xf32> {
    ^bb0(%old: f32):
      %new = arith.mulf %old, %old : f32
      memref.atomic_yield %new : f32
    }
    // CHECK: scf.if
    // CHECK-NEXT: tile.parallel (%{{.*}}) in (1) {
    // CHECK-NEXT: memref.store
    scf.if %c {
      memref.store %v, %a[%i] : memref<16xf32>
    }
  }
  return
}

// -----

// Local buffers, loads, tile ops, tile.parallel and host code stay as they are.
// CHECK-LABEL: func @untouched
// CHECK-NOT: in (1)
// CHECK: return
func.func @untouched(%a: memref<16xf32>, %v: f32, %i: index, %c: i1) {
  memref.store %v, %a[%i] : memref<16xf32>
  tile.print "host", %v : f32
  tile.launch blocks() in () threads(32) {
    %l = tile.alloc : memref<16xf32, #tile.scope<local>>
    memref.store %v, %l[%i] : memref<16xf32, #tile.scope<local>>
    %n = tile.alloc_var %v : f32
    memref.store %v, %n[] : memref<f32, #tile.scope<local>>
    %0 = memref.load %a[%i] : memref<16xf32>
    tile.assert %c, "c"
    tile.assume %c
    tile.fill %a, %0 : memref<16xf32>
    tile.parallel (%j) in (16) {
      memref.store %v, %a[%j] : memref<16xf32>
      tile.print "j", %j : index
    }
  }
  return
}

// -----

// Each thread does what stands in tile.threads.
// CHECK-LABEL: func @threads
// CHECK-NOT: tile.parallel
func.func @threads(%a: memref<16xi32>, %v: i32, %i: index) {
  tile.launch blocks() in () threads(32) {
    tile.threads (%t) {
      %old = tile.atomic add %v, %a[%i] : memref<16xi32>
      memref.store %v, %a[%t] : memref<16xi32>
      tile.print "thread", %t : index
    }
  }
  return
}

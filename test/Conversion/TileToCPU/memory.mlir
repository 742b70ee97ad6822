// RUN: tile-opt %s --convert-tile-to-cpu --split-input-file | FileCheck %s

// Small buffers go to the stack, large ones to the heap, at the entry; scopes
// vanish from types.
// CHECK-LABEL: func @alloc
// CHECK-SAME: memref<4xf32>
// CHECK-DAG: memref.alloca() {alignment = 64 : i64} : memref<64xf32>
// CHECK-DAG: %[[LARGE:.*]] = memref.alloc() {alignment = 64 : i64} : memref<65xf32>
// CHECK-NOT: tile.scope
// CHECK: memref.dealloc %[[LARGE]]
// CHECK-NEXT: return
func.func @alloc(%a: memref<4xf32, #tile.scope<global>>, %n: index, %v: f32) {
  scf.for %i = %n to %n step %n {
    %small = tile.alloc : memref<64xf32, #tile.scope<shared>>
    memref.store %v, %small[%i] : memref<64xf32, #tile.scope<shared>>
  }
  %large = tile.alloc : memref<65xf32, #tile.scope<fragment>>
  memref.store %v, %large[%n] : memref<65xf32, #tile.scope<fragment>>
  return
}

// -----

// CHECK-LABEL: func @alloc_var
// CHECK-DAG: %[[X:.*]] = memref.alloca() {{.*}} : memref<f32>
// CHECK-DAG: %[[Y:.*]] = memref.alloca() {{.*}} : memref<i1>
// CHECK: memref.store %arg0, %[[X]][]
// CHECK: %[[FALSE:.*]] = arith.constant false
// CHECK-NEXT: memref.store %[[FALSE]], %[[Y]][]
func.func @alloc_var(%v: f32) -> (f32, i1) {
  %x = tile.alloc_var %v : f32
  %y = tile.alloc_var : i1
  %0 = memref.load %x[] : memref<f32, #tile.scope<local>>
  %1 = memref.load %y[] : memref<i1, #tile.scope<local>>
  return %0, %1 : f32, i1
}

// -----

// One test for the whole region, and a loop without tests when it holds.
// CHECK-LABEL: func @copy_ragged
// CHECK: %[[INSIDE:.*]] = arith.andi
// CHECK-NEXT: scf.if %[[INSIDE]]
// CHECK: scf.for
// CHECK-NOT: scf.if
// CHECK: %[[VALUE:.*]] = memref.load %arg0
// CHECK-NEXT: %[[WIDE:.*]] = arith.extf %[[VALUE]] : f16 to f32
// CHECK-NEXT: memref.store %[[WIDE]], %arg1
// CHECK: } else {
// CHECK: %[[EACH:.*]] = arith.cmpi ult
// CHECK-NEXT: %[[PADDED:.*]] = scf.if %[[EACH]] -> (f16)
// CHECK: } else {
// CHECK-NEXT: scf.yield %arg3 : f16
// CHECK: arith.extf %[[PADDED]] : f16 to f32
func.func @copy_ragged(%a: memref<?xf16>, %b: memref<16xf32>, %i: index, %pad: f16) {
  tile.copy %a[%i], %b pad(%pad : f16) : memref<?xf16> to memref<16xf32>
  return
}

// -----

// What is known to be in bounds needs no test.
// CHECK-LABEL: func @copy_static
// CHECK-NOT: scf.if
// CHECK: return
func.func @copy_static(%a: memref<32x32xf32>, %b: memref<16x16xf32>) {
  %c16 = arith.constant 16 : index
  tile.copy %a[%c16, %c16], %b : memref<32x32xf32> to memref<16x16xf32>
  return
}

// -----

// An index so large that the end of the region overflows is out of bounds.
// CHECK-LABEL: func @copy_overflow
// CHECK: scf.if
func.func @copy_overflow(%a: memref<32xf32>, %b: memref<16xf32>) {
  %big = arith.constant 9223372036854775807 : index
  tile.copy %a[%big], %b : memref<32xf32> to memref<16xf32>
  return
}

// -----

// Leading dimensions count as one element each and are tested too.
// CHECK-LABEL: func @copy_ranks
// CHECK: arith.cmpi sge, %arg2
// CHECK: scf.for %[[J:.*]] = %{{.*}} to %{{.*}} step
// CHECK: memref.load %arg0[%arg2, %[[J]]]
func.func @copy_ranks(%a: memref<?x8xf32>, %b: memref<8xf32>, %i: index) {
  %c0 = arith.constant 0 : index
  tile.copy %a[%i, %c0], %b : memref<?x8xf32> to memref<8xf32>
  return
}

// -----

// CHECK-LABEL: func @fill
// CHECK: %[[N:.*]] = memref.dim %arg0
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[N]]
// CHECK-NEXT: scf.for %[[J:.*]] = %{{.*}} to
// CHECK-NEXT: memref.store %arg1, %arg0[%[[I]], %[[J]]]
func.func @fill(%a: memref<?x4xi8>, %v: i8) {
  tile.fill %a, %v : memref<?x4xi8>
  return
}

// -----

// CHECK-LABEL: func @atomic
func.func @atomic(%a: memref<4xf32>, %b: memref<i32>, %v: f32, %w: i32, %i: index) -> f32 {
  // CHECK: %[[OLD:.*]] = memref.atomic_rmw addf %arg2, %arg0[%arg4]
  %0 = tile.atomic add %v, %a[%i] : memref<4xf32>
  // CHECK: memref.atomic_rmw maximumf
  %1 = tile.atomic max %v, %a[%i] : memref<4xf32>
  // CHECK: memref.atomic_rmw mins
  %2 = tile.atomic min %w, %b[] : memref<i32>
  // CHECK: memref.atomic_rmw andi
  %3 = tile.atomic and %w, %b[] : memref<i32>
  // CHECK: memref.atomic_rmw ori
  %4 = tile.atomic or %w, %b[] : memref<i32>
  // CHECK: memref.atomic_rmw xori
  %5 = tile.atomic xor %w, %b[] : memref<i32>
  // CHECK: memref.atomic_rmw assign
  %6 = tile.atomic exchange %v, %a[%i] : memref<4xf32>
  // CHECK: return %[[OLD]]
  return %0 : f32
}

// -----

// Shared buffers that have a place share memory as they do on a GPU.
// CHECK-LABEL: func @planned
// CHECK: %[[OWN:.*]] = memref.alloca() {{.*}} : memref<8xf32>
// CHECK: %[[ARENA:.*]] = memref.alloca() {{.*}} : memref<64xi8>
// CHECK: %[[VIEW:.*]] = memref.view %[[ARENA]][%c32][] : memref<64xi8> to memref<8xf32>
// CHECK: memref.store %arg0, %[[VIEW]][
// CHECK: memref.store %arg0, %[[OWN]][
func.func @planned(%v: f32, %i: index) {
  tile.launch blocks() in () threads(32) shared_bytes(64) {
    %s = tile.alloc offset(32) : memref<8xf32, #tile.scope<shared>>
    memref.store %v, %s[%i] : memref<8xf32, #tile.scope<shared>>
  }
  // One that does not fit has none.
  tile.launch blocks() in () threads(32) shared_bytes(32) {
    %s = tile.alloc offset(16) : memref<8xf32, #tile.scope<shared>>
    memref.store %v, %s[%i] : memref<8xf32, #tile.scope<shared>>
  }
  return
}

// Upstream's passes remove variables and local buffers.

// RUN: tile-opt %s --mem2reg --split-input-file | FileCheck %s --check-prefixes=CHECK,MEM2REG
// RUN: tile-opt %s --sroa --mem2reg --split-input-file | FileCheck %s --check-prefixes=CHECK,SROA

// CHECK-LABEL: func @variable
// CHECK-SAME: (%[[INIT:.*]]: i32, %[[STEP:.*]]: i32)
// CHECK-NEXT: %[[SUM:.*]] = arith.addi %[[INIT]], %[[STEP]]
// CHECK-NEXT: return %[[SUM]]
func.func @variable(%init: i32, %step: i32) -> i32 {
  %n = tile.alloc_var %init name("n") : i32
  %old = memref.load %n[] : memref<i32, #tile.scope<local>>
  %new = arith.addi %old, %step : i32
  memref.store %new, %n[] : memref<i32, #tile.scope<local>>
  %result = memref.load %n[] : memref<i32, #tile.scope<local>>
  return %result : i32
}

// -----

// Without a value a variable is zero.
// CHECK-LABEL: func @zero
// CHECK-NEXT: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f8E5M2
// CHECK-NEXT: return %[[ZERO]]
func.func @zero() -> f8E5M2 {
  %n = tile.alloc_var : f8E5M2
  %result = memref.load %n[] : memref<f8E5M2, #tile.scope<local>>
  return %result : f8E5M2
}

// -----

// CHECK-LABEL: func @stored_first
// CHECK-NEXT: return %{{.*}}
func.func @stored_first(%v: index) -> index {
  %n = tile.alloc_var : index
  memref.store %v, %n[] : memref<index, #tile.scope<local>>
  %result = memref.load %n[] : memref<index, #tile.scope<local>>
  return %result : index
}

// -----

// Through branches, with a block argument.
// CHECK-LABEL: func @branches
// CHECK-NOT: tile.alloc_var
// CHECK: ^bb2(%[[N:.*]]: i1):
// CHECK-NEXT: return %[[N]]
func.func @branches(%c: i1, %v: i1) -> i1 {
  %n = tile.alloc_var %c : i1
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  memref.store %v, %n[] : memref<i1, #tile.scope<local>>
  cf.br ^bb2
^bb2:
  %result = memref.load %n[] : memref<i1, #tile.scope<local>>
  return %result : i1
}

// -----

// Inside a launch and inside a parallel.
// CHECK-LABEL: func @launch
// CHECK-NOT: tile.alloc_var
// CHECK: memref.store %[[X:.*]], %{{.*}}[%[[X]]]
// CHECK: memref.store %[[I:.*]], %{{.*}}[%[[I]]]
func.func @launch(%n: index, %a: memref<?xindex>) {
  tile.launch blocks(%x) in (%n) threads(32) {
    %v = tile.alloc_var %x : index
    %0 = memref.load %v[] : memref<index, #tile.scope<local>>
    memref.store %0, %a[%0] : memref<?xindex>
    tile.parallel (%i) in (4) {
      %w = tile.alloc_var %i : index
      %1 = memref.load %w[] : memref<index, #tile.scope<local>>
      memref.store %1, %a[%1] : memref<?xindex>
    }
  }
  return
}

// -----

// A variable that is passed on stays.
// CHECK-LABEL: func @escapes
// CHECK: tile.alloc_var
func.func private @use(memref<i32, #tile.scope<local>>)
func.func @escapes(%v: i32) {
  %n = tile.alloc_var %v : i32
  call @use(%n) : (memref<i32, #tile.scope<local>>) -> ()
  return
}

// -----

// A local buffer of one element is undefined at first.
// CHECK-LABEL: func @single
// CHECK-NEXT: %[[POISON:.*]] = ub.poison : f32
// CHECK-NEXT: return %[[POISON]], %{{.*}}
func.func @single(%v: f32) -> (f32, f32) {
  %a = tile.alloc : memref<f32, #tile.scope<local>>
  %0 = memref.load %a[] : memref<f32, #tile.scope<local>>
  memref.store %v, %a[] : memref<f32, #tile.scope<local>>
  %1 = memref.load %a[] : memref<f32, #tile.scope<local>>
  return %0, %1 : f32, f32
}

// -----

// An array needs constant indices and sroa.
// CHECK-LABEL: func @array
// MEM2REG: tile.alloc : memref<4x2xf32, #tile.scope<local>>
// SROA-NOT: tile.alloc
// SROA: return %arg0, %arg1
func.func @array(%v: f32, %w: f32) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = tile.alloc : memref<4x2xf32, #tile.scope<local>>
  memref.store %v, %a[%c0, %c1] : memref<4x2xf32, #tile.scope<local>>
  memref.store %w, %a[%c1, %c0] : memref<4x2xf32, #tile.scope<local>>
  %0 = memref.load %a[%c0, %c1] : memref<4x2xf32, #tile.scope<local>>
  %1 = memref.load %a[%c1, %c0] : memref<4x2xf32, #tile.scope<local>>
  return %0, %1 : f32, f32
}

// -----

// Shared buffers and fragments stay: other threads see them.
// CHECK-LABEL: func @shared
// CHECK: tile.alloc : memref<f32, #tile.scope<shared>>
// CHECK: tile.alloc : memref<1xf32, #tile.scope<fragment>>
func.func @shared(%v: f32) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %a = tile.alloc : memref<f32, #tile.scope<shared>>
  %b = tile.alloc : memref<1xf32, #tile.scope<fragment>>
  memref.store %v, %a[] : memref<f32, #tile.scope<shared>>
  memref.store %v, %b[%c0] : memref<1xf32, #tile.scope<fragment>>
  %0 = memref.load %a[] : memref<f32, #tile.scope<shared>>
  %1 = memref.load %b[%c0] : memref<1xf32, #tile.scope<fragment>>
  return %0, %1 : f32, f32
}

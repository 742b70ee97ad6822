// RUN: tile-opt %s --tile-flatten-control-flow | FileCheck %s --implicit-check-not=scf.

// Conditions one after another and inside loops.
// CHECK-LABEL: func @nested
func.func @nested(%n: index, %a: memref<?xf32>, %p: i1, %x: f32) -> f32 {
  // CHECK: cf.br ^[[HEAD:.*]](%{{.*}}, %{{.*}} : index, f32)
  // CHECK: ^[[HEAD]](%[[I:.*]]: index, %[[SUM:.*]]: f32):
  // CHECK: cf.cond_br %{{.*}}, ^[[BODY:.*]], ^[[EXIT:.*]]
  // CHECK: ^[[BODY]]:
  // CHECK: cf.cond_br %{{.*}}, ^[[THEN:.*]], ^[[ELSE:.*]]
  // CHECK: ^[[THEN]]:
  // CHECK: memref.load
  // CHECK: cf.br ^[[JOIN:.*]](
  // CHECK: ^[[ELSE]]:
  // CHECK: cf.br ^[[JOIN]](
  // CHECK: ^[[JOIN]](%[[V:.*]]: f32):
  // CHECK: %[[NEXT:.*]] = arith.addf %[[SUM]], %[[V]]
  // CHECK: cf.br ^[[HEAD]](%{{.*}}, %[[NEXT]] : index, f32)
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %sum = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> f32 {
    %inside = arith.cmpi ult, %i, %n : index
    %v = scf.if %inside -> f32 {
      %e = memref.load %a[%i] : memref<?xf32>
      scf.yield %e : f32
    } else {
      scf.yield %x : f32
    }
    %t = arith.addf %s, %v : f32
    scf.yield %t : f32
  }
  // CHECK: ^[[EXIT]]:
  // CHECK: cf.cond_br %{{.*}}, ^[[FIRST:.*]], ^[[AFTER:.*]]
  // CHECK: ^[[FIRST]]:
  // CHECK: memref.store
  // CHECK: cf.br ^[[AFTER]]
  // CHECK: ^[[AFTER]]:
  // CHECK: cf.cond_br
  scf.if %p {
    memref.store %x, %a[%c0] : memref<?xf32>
  }
  scf.if %p {
    memref.store %x, %a[%c1] : memref<?xf32>
  }
  return %sum : f32
}

// CHECK-LABEL: func @others
// CHECK: cf.switch
// CHECK: cf.cond_br
// CHECK: return
func.func @others(%n: index, %a: memref<?xf32>, %x: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.index_switch %n
  case 2 {
    memref.store %x, %a[%c0] : memref<?xf32>
    scf.yield
  }
  default {
  }
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.while : () -> () {
      %more = arith.cmpi slt, %i, %n : index
      scf.condition(%more)
    } do {
      scf.yield
    }
  }
  return
}

// A loop is lowered before the condition in it.
// CHECK-LABEL: func @while
// CHECK: cf.br ^[[BEFORE:.*]](%{{.*}} : i32)
// CHECK: ^[[BEFORE]](%[[V:.*]]: i32):
// CHECK: cf.cond_br
// CHECK: cf.cond_br
// CHECK: return
func.func @while(%p: i1, %x: i32) -> i32 {
  %0 = scf.while (%v = %x) : (i32) -> i32 {
    %w = scf.if %p -> i32 {
      %s = arith.addi %v, %v : i32
      scf.yield %s : i32
    } else {
      scf.yield %v : i32
    }
    %more = arith.cmpi slt, %w, %x : i32
    scf.condition(%more) %w : i32
  } do {
  ^bb0(%w: i32):
    scf.yield %w : i32
  }
  return %0 : i32
}

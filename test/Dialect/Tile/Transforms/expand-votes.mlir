// RUN: tile-opt %s --tile-expand-votes --split-input-file | FileCheck %s --implicit-check-not=tile.any --implicit-check-not=tile.all{{[^o]}}

// NaN is not zero, so the comparison is one that it passes.
// CHECK-LABEL: func @any
// CHECK-SAME: %[[A:.*]]: memref<4x8xf32>)
// CHECK-DAG: %[[NONE:.*]] = arith.constant 0 : i32
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK: %[[FLAG:.*]] = tile.alloc : memref<i32, #tile.scope<shared>>
// CHECK: tile.fill %[[FLAG]], %[[NONE]]
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in (4, 8) {
// CHECK-NEXT: %[[V:.*]] = memref.load %[[A]][%[[I]], %[[J]]]
// CHECK: %[[FOUND:.*]] = arith.cmpf une, %[[V]], %{{.*}} : f32
// CHECK: scf.if %[[FOUND]] {
// CHECK-NEXT: tile.atomic or %[[ONE]], %[[FLAG]][]
// CHECK: %[[HELD:.*]] = memref.load %[[FLAG]][]
// CHECK: %[[R:.*]] = arith.cmpi ne, %[[HELD]], %[[NONE]]
// CHECK: return %[[R]]
func.func @any(%a: memref<4x8xf32>) -> i1 {
  %0 = tile.any %a : memref<4x8xf32>
  return %0 : i1
}

// -----

// A zero decides tile.all; what is outside of the buffer does not count.
// CHECK-LABEL: func @all
// CHECK-SAME: %[[A:.*]]: memref<?xi8>, %[[I:.*]]: index, %[[N:.*]]: index)
// CHECK: %[[SIZE:.*]] = memref.dim %[[A]]
// CHECK: tile.parallel (%[[P:.*]]) in (%[[N]]) {
// CHECK: %[[AT:.*]] = arith.addi %[[I]], %[[P]]
// CHECK: %[[IN:.*]] = arith.cmpi ult, %[[AT]], %[[SIZE]]
// CHECK: scf.if %[[IN]] {
// CHECK: %[[V:.*]] = memref.load %[[A]][%[[AT]]]
// CHECK: arith.cmpi eq, %[[V]], %{{.*}} : i8
// CHECK: %[[FOUND:.*]] = arith.cmpi ne
// CHECK: arith.xori %[[FOUND]], %{{.*}} : i1
func.func @all(%a: memref<?xi8>, %i: index, %n: index) -> i1 {
  %0 = tile.all %a[%i] extents [%n] : memref<?xi8>
  return %0 : i1
}

// -----

// Each thread tests what it holds of a fragment.
// CHECK-LABEL: func @fragment
// CHECK-SAME: %[[I:.*]]: index, %[[N:.*]]: index)
// CHECK: tile.parallel (%[[P:.*]]) in (64) {
// CHECK: %[[OFFSET:.*]] = arith.subi %[[P]], %[[I]]
// CHECK: arith.cmpi sge, %[[OFFSET]], %c0
// CHECK: arith.cmpi slt, %[[OFFSET]], %[[N]]
// CHECK: memref.load %{{.*}}[%[[P]]]
func.func @fragment(%i: index, %n: index) -> i1 {
  %f = tile.alloc : memref<64xf8E5M2, #tile.scope<fragment>>
  %0 = tile.any %f[%i] extents [%n] : memref<64xf8E5M2, #tile.scope<fragment>>
  return %0 : i1
}

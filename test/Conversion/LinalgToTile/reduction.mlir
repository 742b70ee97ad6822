// RUN: tile-opt %s --convert-linalg-to-tile --canonicalize | FileCheck %s

// An operand is reduced where it is; padding is the identity.
// CHECK-LABEL: func @row_max
// CHECK-SAME: %[[X:.*]]: memref<?x?xf32>, %[[Y:.*]]: memref<?xf32>
// CHECK-DAG: %[[INF:.*]] = arith.constant 0xFF800000 : f32
// CHECK: tile.launch
// CHECK: %[[R:.*]] = tile.alloc : memref<16xf32, #tile.scope<fragment>>
// CHECK-NEXT: tile.copy %[[Y]][%[[AT:.*]]], %[[R]]
// CHECK-NEXT: tile.pipelined %[[K:.*]] = %c0 to %{{.*}} step %c128 stages(3)
// CHECK-NEXT: %[[T:.*]] = tile.alloc : memref<16x128xf32, #tile.scope<shared>>
// CHECK-NEXT: tile.copy %[[X]][%[[AT]], %[[K]]], %[[T]] pad(%[[INF]] : f32)
// CHECK-NEXT: tile.reduce max %[[T]], %[[R]] dim 1 accumulate :
// CHECK: tile.copy %[[R]], %[[Y]][%[[AT]]]
func.func @row_max(%x: memref<?x?xf32>, %y: memref<?xf32>) {
  linalg.reduce { arith.maximumf } ins(%x : memref<?x?xf32>)
                                   outs(%y : memref<?xf32>) dimensions = [1]
  return
}

// The loop is one tile, which is never padded.
// CHECK-LABEL: func @column_min
// CHECK-NOT: tile.pipelined
// CHECK: tile.copy %{{.*}}, %{{.*}} : memref<40x90xf32> to memref<40x16xf32, #tile.scope<shared>>
// CHECK-NEXT: tile.reduce min %{{.*}}, %{{.*}} dim 0 accumulate ignore_nan
func.func @column_min(%x: memref<40x90xf32>, %y: memref<90xf32>) {
  linalg.reduce { arith.minnumf } ins(%x : memref<40x90xf32>)
                                  outs(%y : memref<90xf32>) dimensions = [0]
  return
}

// What is computed first goes to a buffer, the identity for what lies outside.
// CHECK-LABEL: func @matvec
// CHECK: tile.fill %[[R:.*]], %{{.*}} : memref<16xf32, #tile.scope<fragment>>
// CHECK: tile.pipelined %[[K:.*]] =
// CHECK: %[[T:.*]] = tile.alloc : memref<16x128xf32, #tile.scope<shared>>
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in (16, 128)
// CHECK: %[[P:.*]] = arith.mulf
// CHECK: %[[N:.*]] = arith.addi %[[K]], %[[J]]
// CHECK: %[[IN:.*]] = arith.cmpi slt, %[[N]], %{{.*}}
// CHECK: %[[V:.*]] = arith.select %[[IN]], %[[P]], %cst
// CHECK: memref.store %[[V]], %[[T]][%[[I]], %[[J]]]
// CHECK: tile.reduce sum %[[T]], %[[R]] dim 1 accumulate
func.func @matvec(%a: memref<?x?xf32>, %x: memref<?xf32>, %y: memref<?xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<?xf32>)
  linalg.matvec ins(%a, %x : memref<?x?xf32>, memref<?xf32>)
                outs(%y : memref<?xf32>)
  return
}

// All of a buffer: one block.
// CHECK-LABEL: func @all
// CHECK: tile.launch blocks() in ()
// CHECK: tile.pipelined %{{.*}} = %c0 to %c100 step %c1
// CHECK: tile.reduce xor %{{.*}}, %{{.*}} dim 1 accumulate : memref<1x128xi32, #tile.scope<shared>> to memref<1xi32, #tile.scope<fragment>>
func.func @all(%x: memref<100x1000xi32>, %y: memref<i32>) {
  linalg.reduce { arith.xori } ins(%x : memref<100x1000xi32>)
                               outs(%y : memref<i32>) dimensions = [0, 1]
  return
}

// RUN: tile-opt %s --tile-version-loops --split-input-file | FileCheck %s

// The rows are at a distance that only the strides at run time tell, so the loop
// with copies alone carries where the view begins. The other one keeps its view.
// CHECK-LABEL: func @rows
// CHECK-SAME: %[[SRC:[^:]*]]: memref<?x?xf32, strided<[?, 1], offset: ?>>, %[[DST:[^:]*]]: memref<64xf32, 3>, %[[N:[^:]*]]: index, %[[ROW:[^:]*]]: index, %[[COLUMN:[^:]*]]: index
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[C16:.*]] = arith.constant 16 : index
// CHECK: scf.if
// CHECK: %[[BASE:.*]], %[[OFFSET:.*]], %{{.*}}:2, %[[STRIDES:.*]]:2 = memref.extract_strided_metadata %[[SRC]]
// CHECK: %[[NEXT:.*]] = arith.addi %[[C0]], %[[C16]]
// CHECK: %[[FIRST:.*]] = arith.addi %[[NEXT]], %[[ROW]]
// CHECK: %[[DOWN:.*]] = arith.muli %[[FIRST]], %[[STRIDES]]#0
// CHECK: %[[THERE:.*]] = arith.addi %[[OFFSET]], %[[DOWN]]
// CHECK: %[[RIGHT:.*]] = arith.muli %[[COLUMN]], %[[STRIDES]]#1
// CHECK: %[[START:.*]] = arith.addi %[[THERE]], %[[RIGHT]]
// CHECK: %[[DISTANCE:.*]] = arith.muli %[[C16]], %[[STRIDES]]#0
// CHECK: scf.for %{{.*}} = %[[C0]] to %[[N]] step %[[C16]] iter_args(%[[AT:.*]] = %[[START]])
// CHECK-NOT: memref.subview
// CHECK: %[[VIEW:.*]] = memref.reinterpret_cast %[[BASE]] to offset: [%[[AT]]], sizes: [1, 4], strides: [%[[STRIDES]]#0, 1]
// CHECK-SAME: to memref<1x4xf32, strided<[?, 1], offset: ?>>
// CHECK: nvgpu.device_async_copy %[[VIEW]]
// CHECK: %[[AFTER:.*]] = arith.addi %[[AT]], %[[DISTANCE]]
// CHECK: scf.yield %[[AFTER]]
// CHECK: } else {
// CHECK: scf.for
// CHECK: memref.subview
func.func @rows(%src: memref<?x?xf32, strided<[?, 1], offset: ?>>,
                %dst: memref<64xf32, 3>, %n: index, %row: index,
                %column: index, %p: i1) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %x = arith.constant 0.0 : f32
  scf.for %k = %c0 to %n step %c16 {
    %next = arith.addi %k, %c16 : index
    %exists = arith.cmpi slt, %next, %n : index
    scf.if %exists {
      scf.if %p {
        %r = arith.addi %next, %row : index
        %view = memref.subview %src[%r, %column] [1, 4] [1, 1]
          : memref<?x?xf32, strided<[?, 1], offset: ?>>
          to memref<1x4xf32, strided<[?, 1], offset: ?>>
        %token = nvgpu.device_async_copy %view[%c0, %c0], %dst[%c0], 4
          : memref<1x4xf32, strided<[?, 1], offset: ?>> to memref<64xf32, 3>
      } else {
        memref.store %x, %dst[%c0] : memref<64xf32, 3>
      }
    } {tile.free_stage}
  }
  return
}

// -----

// What LLVM carries by itself, or what moves otherwise: a distance that is
// known, twice the variable, rows and columns at once, every second row, and one
// row of no dimension.
// CHECK-LABEL: func @kept
// CHECK-NOT: memref.extract_strided_metadata
// CHECK-NOT: memref.reinterpret_cast
// CHECK-COUNT-10: memref.subview
func.func @kept(%known: memref<?x64xf32>, %src: memref<?x?xf32>,
                %dst: memref<64xf32, 3>, %n: index, %p: i1) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %x = arith.constant 0.0 : f32
  scf.for %k = %c0 to %n step %c16 {
    scf.if %p {
      scf.if %p {
        %twice = arith.addi %k, %k : index
        %0 = memref.subview %known[%k, 0] [1, 4] [1, 1]
          : memref<?x64xf32> to memref<1x4xf32, strided<[64, 1], offset: ?>>
        %t0 = nvgpu.device_async_copy %0[%c0, %c0], %dst[%c0], 4
          : memref<1x4xf32, strided<[64, 1], offset: ?>> to memref<64xf32, 3>
        %1 = memref.subview %src[%twice, 0] [1, 4] [1, 1]
          : memref<?x?xf32> to memref<1x4xf32, strided<[?, 1], offset: ?>>
        %t1 = nvgpu.device_async_copy %1[%c0, %c0], %dst[%c0], 4
          : memref<1x4xf32, strided<[?, 1], offset: ?>> to memref<64xf32, 3>
        %2 = memref.subview %src[%k, %k] [1, 4] [1, 1]
          : memref<?x?xf32> to memref<1x4xf32, strided<[?, 1], offset: ?>>
        %t2 = nvgpu.device_async_copy %2[%c0, %c0], %dst[%c0], 4
          : memref<1x4xf32, strided<[?, 1], offset: ?>> to memref<64xf32, 3>
        %3 = memref.subview %src[%k, 0] [2, 4] [2, 1]
          : memref<?x?xf32> to memref<2x4xf32, strided<[?, 1], offset: ?>>
        %t3 = nvgpu.device_async_copy %3[%c0, %c0], %dst[%c0], 4
          : memref<2x4xf32, strided<[?, 1], offset: ?>> to memref<64xf32, 3>
        %4 = memref.subview %src[%k, 0] [1, 4] [1, 1]
          : memref<?x?xf32> to memref<4xf32, strided<[1], offset: ?>>
        %t4 = nvgpu.device_async_copy %4[%c0], %dst[%c0], 4
          : memref<4xf32, strided<[1], offset: ?>> to memref<64xf32, 3>
      } else {
        memref.store %x, %dst[%c0] : memref<64xf32, 3>
      }
    } {tile.free_stage}
  }
  return
}

// RUN: tile-opt %s --tile-expand-print --split-input-file | FileCheck %s

// The scalars come first, then each buffer, in the order of their elements.
// CHECK-LABEL: func @mixed
// CHECK-SAME: %[[B:.*]]: memref<2x3xf32>, %[[I:.*]]: index, %[[R:.*]]: memref<i8>
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[C2:.*]] = arith.constant 2 : index
// CHECK-DAG: %[[C3:.*]] = arith.constant 3 : index
// CHECK-DAG: tile.print "b", %[[I]] : index
// CHECK: scf.for %[[X:.*]] = %{{.*}} to %[[C2]]
// CHECK-NEXT: scf.for %[[Y:.*]] = %{{.*}} to %[[C3]]
// CHECK-NEXT: %[[V:.*]] = memref.load %[[B]][%[[X]], %[[Y]]]
// CHECK-NEXT: tile.print "b"{{.*}} %[[X]], %[[Y]], %[[V]] : index, index, f32
// CHECK: %[[W:.*]] = memref.load %[[R]][]
// CHECK-NEXT: tile.print "b"{{.*}} %[[W]] : i8
func.func @mixed(%b: memref<2x3xf32>, %i: index, %r: memref<i8>) {
  tile.print "b", %b, %i, %r : memref<2x3xf32>, index, memref<i8>
  return
}

// -----

// Prints of scalars stay.
// CHECK-LABEL: func @scalars
// CHECK-NEXT: tile.print "x"
// CHECK-NEXT: tile.print "y", %{{.*}} : f32
// CHECK-NEXT: return
func.func @scalars(%x: f32) {
  tile.print "x"
  tile.print "y", %x : f32
  return
}

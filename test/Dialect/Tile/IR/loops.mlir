// tile.pipelined and tile.parallel are loops to upstream's passes.

// RUN: tile-opt %s --loop-invariant-code-motion | FileCheck %s

// CHECK-LABEL: func @pipelined
// CHECK: arith.muli
// CHECK-NEXT: tile.pipelined
// CHECK-NOT: arith.muli
func.func @pipelined(%n: index, %a: memref<?xindex>) {
  tile.pipelined %i = %n to %n step %n stages(2) {
    %0 = arith.muli %n, %n : index
    memref.store %0, %a[%i] : memref<?xindex>
  }
  return
}

// CHECK-LABEL: func @parallel
// CHECK: arith.muli
// CHECK-NEXT: tile.parallel
// CHECK-NEXT: memref.load
func.func @parallel(%n: index, %a: memref<?xindex>) {
  tile.parallel (%i) in (%n) {
    %0 = arith.muli %n, %n : index
    %1 = memref.load %a[%i] : memref<?xindex>
    %2 = arith.addi %1, %0 : index
    memref.store %2, %a[%i] : memref<?xindex>
  }
  return
}

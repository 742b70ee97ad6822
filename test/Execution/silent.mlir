// A pass that fails and does not say why: one iteration folds the sum, and only
// another could find that nothing is left to do.

// RUN: tile-execution-test silent %s | FileCheck %s
// CHECK: a pass failed without a diagnostic
func.func @f(%x: memref<1xi32>) {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : i32
  %2 = arith.constant 2 : i32
  %sum = arith.addi %1, %2 : i32
  memref.store %sum, %x[%0] : memref<1xi32>
  return
}

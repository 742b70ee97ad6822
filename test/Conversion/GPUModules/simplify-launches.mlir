// RUN: tile-opt %s --tile-simplify-launches | FileCheck %s

// CHECK-LABEL: func @shared
// CHECK: gpu.launch
// CHECK-NEXT: %[[C7:.*]] = arith.constant 7 : index
// CHECK-NEXT: memref.store %{{.*}}, %{{.*}}[%[[C7]]]
// CHECK-NEXT: memref.store %{{.*}}, %{{.*}}[%[[C7]]]
// CHECK-NEXT: gpu.terminator
func.func @shared(%a: memref<?xf32>, %x: f32, %y: f32) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    %i = arith.constant 7 : index
    %j = arith.constant 7 : index
    memref.store %x, %a[%i] : memref<?xf32>
    memref.store %y, %a[%j] : memref<?xf32>
    gpu.terminator
  }
  return
}

// A launch stays, whatever its kernel does.
// CHECK-LABEL: func @nothing
// CHECK: gpu.launch
func.func @nothing() {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
    gpu.terminator
  }
  return
}

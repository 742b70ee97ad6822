// RUN: tile-opt %s --convert-tile-to-cpu --canonicalize --split-input-file | FileCheck %s

// Whole vectors of columns in registers along K, no copies of the operands.
// CHECK-LABEL: func @gemm
// CHECK-NOT: memref.alloc
// CHECK: scf.for {{.*}} -> (vector<16xf32>, {{.*}}vector<16xf32>) {
// CHECK: vector.load %arg1
// CHECK: memref.load %arg0
// CHECK: vector.fma
// CHECK: vector.store %{{.*}}, %arg2
func.func @gemm(%a: memref<16x8xf32>, %b: memref<8x32xf32>, %c: memref<16x32xf32>) {
  tile.gemm %a, %b, %c : memref<16x8xf32>, memref<8x32xf32>, memref<16x32xf32>
  return
}

// -----

// f16 is computed in f32 and rounded once; N = 5 is padded to a whole vector.
// CHECK-LABEL: func @gemm_f16
// CHECK-DAG: memref.alloc{{a?}}() {{.*}} : memref<8x4xf32>
// CHECK-DAG: memref.alloc() {{.*}} : memref<8x16xf32>
// CHECK: vector.fma
// CHECK: arith.truncf %{{.*}} : f32 to f16
// CHECK-NEXT: memref.store %{{.*}}, %arg2
func.func @gemm_f16(%a: memref<8x4xf16>, %b: memref<5x8xf16>, %c: memref<4x5xf16>) {
  tile.gemm %a, %b, %c transpose_a transpose_b clear
    : memref<8x4xf16>, memref<5x8xf16>, memref<4x5xf16>
  return
}

// -----

// CHECK-LABEL: func @gemm_i8
// CHECK: arith.extsi %{{.*}} : i8 to i32
// CHECK: arith.muli %{{.*}} : vector<16xi32>
// CHECK: arith.addi
func.func @gemm_i8(%a: memref<4x4xi8>, %c: memref<4x4xi32>) {
  tile.gemm %a, %a, %c : memref<4x4xi8>, memref<4x4xi8>, memref<4x4xi32>
  return
}

// -----

// CHECK-LABEL: func @gemm_clear_if
// CHECK: arith.select %arg1, %{{.*}}, %{{.*}} : vector<16xf32>
func.func @gemm_clear_if(%a: memref<16x16xf32>, %b: i1) {
  tile.gemm %a, %a, %a clear_if(%b) precision(tf32)
    : memref<16x16xf32>, memref<16x16xf32>, memref<16x16xf32>
  return
}

// -----

// CHECK-LABEL: func @reduce
// CHECK: %[[LOWEST:.*]] = arith.constant 0xFF800000 : f32
// CHECK: %[[MAX:.*]] = scf.for {{.*}} iter_args(%[[SO_FAR:.*]] = %[[LOWEST]]) -> (f32)
// CHECK: %[[WIDE:.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK-NEXT: arith.maximumf %[[SO_FAR]], %[[WIDE]] : f32
// CHECK: %[[NARROW:.*]] = arith.truncf %[[MAX]] : f32 to f16
// CHECK-NEXT: memref.store %[[NARROW]], %arg1
func.func @reduce(%s: memref<4x8xf16>, %d: memref<4xf16>) {
  tile.reduce max %s, %d dim 1 : memref<4x8xf16> to memref<4xf16>
  return
}

// -----

// CHECK-LABEL: func @reduce_accumulate
// CHECK: %[[HELD:.*]] = memref.load %arg1[%{{.*}}, %{{.*}}]
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[HELD]]) -> (i32)
// CHECK: arith.maxui
func.func @reduce_accumulate(%s: memref<4x8xi32>, %d: memref<1x8xi32>) {
  tile.reduce absmax %s, %d dim 0 accumulate : memref<4x8xi32> to memref<1x8xi32>
  return
}

// -----

// NaN is what nothing has to give way to.
// CHECK-LABEL: func @reduce_ignore_nan
// CHECK: %[[NAN:.*]] = arith.constant 0x7FC00000 : f32
// CHECK: scf.for {{.*}} iter_args(%[[SO_FAR:.*]] = %[[NAN]]) -> (f32)
// CHECK: %[[X:.*]] = memref.load
// CHECK: llvm.call_intrinsic "llvm.minimumnum.f32"(%[[SO_FAR]], %[[X]])
// The held value and the identity of integers know no NaN.
// CHECK: memref.load %arg3
// CHECK-NOT: call_intrinsic
// CHECK: arith.maxsi
func.func @reduce_ignore_nan(%s: memref<8xf32>, %d: memref<f32>,
                             %i: memref<8xi32>, %j: memref<i32>) {
  tile.reduce min %s, %d dim 0 ignore_nan : memref<8xf32> to memref<f32>
  tile.reduce max %i, %j dim 0 accumulate ignore_nan : memref<8xi32> to memref<i32>
  return
}

// -----

// The sum is carried in f32 from the last element to the first.
// CHECK-LABEL: func @scan
// CHECK-DAG: %[[ZERO:.*]] = arith.constant -0.000000e+00 : f32
// CHECK-DAG: %[[LAST:.*]] = arith.constant 7 : index
// CHECK: scf.for %[[ROW:.*]] = %{{.*}} to %c4
// CHECK: scf.for %[[K:.*]] = %{{.*}} to %c8 {{.*}} iter_args(%[[SUM:.*]] = %[[ZERO]]) -> (f32)
// CHECK: %[[J:.*]] = arith.subi %[[LAST]], %[[K]]
// CHECK: memref.load %arg0[%[[ROW]], %[[J]]]
// CHECK: %[[NEXT:.*]] = arith.addf %[[SUM]], %{{.*}} : f32
// CHECK: %[[NARROW:.*]] = arith.truncf %[[NEXT]] : f32 to f16
// CHECK: memref.store %[[NARROW]], %arg1[%[[ROW]], %[[J]]]
// CHECK: scf.yield %[[NEXT]]
func.func @scan(%s: memref<4x8xf16>, %d: memref<4x8xf16>) {
  tile.scan sum %s, %d dim 1 reverse : memref<4x8xf16> to memref<4x8xf16>
  return
}

// -----

// CHECK-LABEL: func @transpose
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %c8
// CHECK: scf.for %[[J:.*]] = %{{.*}} to %c4
// CHECK: %[[V:.*]] = memref.load %arg0[%[[J]], %[[I]]]
// CHECK: %[[W:.*]] = arith.extf %[[V]]
// CHECK: memref.store %[[W]], %arg1[%[[I]], %[[J]]]
func.func @transpose(%s: memref<4x8xf16>, %d: memref<8x4xf32>) {
  tile.transpose %s, %d : memref<4x8xf16> to memref<8x4xf32>
  return
}

// The bits are checked by running them; here, that integer code is all there
// is, for scalars and vectors and all widths.

// RUN: tile-opt %s --tile-expand-float8 --split-input-file | FileCheck %s --check-prefixes=CHECK,ALL
// RUN: tile-opt %s --tile-expand-float8=bf16=false --split-input-file | FileCheck %s --check-prefixes=CHECK,F8

// Half of the last place is added, then NaN is put in: f8E4M3FN has no infinity.
// CHECK-LABEL: func @encode_e4m3
// CHECK-DAG: arith.constant 524287 : i32
// CHECK-DAG: arith.constant 960 : i32
// CHECK-DAG: arith.constant 127 : i32
// CHECK-NOT: arith.truncf
// CHECK: %[[CODE:.*]] = arith.trunci %{{.*}} : i32 to i8
// CHECK-NEXT: arith.bitcast %[[CODE]] : i8 to f8E4M3FN
func.func @encode_e4m3(%x: f32) -> f8E4M3FN {
  %0 = arith.truncf %x : f32 to f8E4M3FN
  return %0 : f8E4M3FN
}

// -----

// CHECK-LABEL: func @encode_e5m2
// CHECK: arith.extf %{{.*}} : f16 to f32
// CHECK-NOT: arith.truncf
// CHECK: arith.bitcast %{{.*}} : i8 to f8E5M2
func.func @encode_e5m2(%x: f16) -> f8E5M2 {
  %0 = arith.truncf %x : f16 to f8E5M2
  return %0 : f8E5M2
}

// -----

// f64 is first rounded to odd, so that it is rounded once.
// CHECK-LABEL: func @encode_f64
// CHECK: %[[NARROW:.*]] = arith.truncf %arg0 : f64 to f32
// CHECK: %[[BACK:.*]] = arith.extf %[[NARROW]] : f32 to f64
// CHECK: arith.cmpf ueq, %[[BACK]], %arg0
// CHECK-NOT: arith.truncf
// CHECK: arith.bitcast %{{.*}} : i8 to f8E5M2
func.func @encode_f64(%x: f64) -> f8E5M2 {
  %0 = arith.truncf %x : f64 to f8E5M2
  return %0 : f8E5M2
}

// -----

// CHECK-LABEL: func @decode
// CHECK: arith.bitcast %arg0 : f8E4M3FN to i8
// CHECK: arith.extui %{{.*}} : i8 to i32
// CHECK-NOT: f8
// CHECK: arith.extf %{{.*}} : f32 to f64
// CHECK: arith.bitcast %arg1 : f8E5M2 to i8
// CHECK-NOT: f8
// CHECK: arith.truncf %{{.*}} : f32 to f16
func.func @decode(%x: f8E4M3FN, %y: f8E5M2) -> (f64, f16) {
  %0 = arith.extf %x : f8E4M3FN to f64
  %1 = arith.extf %y : f8E5M2 to f16
  return %0, %1 : f64, f16
}

// -----

// CHECK-LABEL: func @vector
// CHECK-NOT: arith.truncf
// CHECK: arith.bitcast %{{.*}} : vector<4xi8> to vector<4xf8E5M2>
func.func @vector(%x: vector<4xf32>) -> vector<4xf8E5M2> {
  %0 = arith.truncf %x : vector<4xf32> to vector<4xf8E5M2>
  return %0 : vector<4xf8E5M2>
}

// -----

// CHECK-LABEL: func @bf16
// ALL: arith.bitcast %{{.*}} : i16 to bf16
// ALL: %[[CODE:.*]] = arith.bitcast %{{.*}} : bf16 to i16
// ALL: %[[WIDE:.*]] = arith.extui %[[CODE]]
// ALL: %[[BITS:.*]] = arith.shli %[[WIDE]], %c16_i32
// ALL-NEXT: arith.bitcast %[[BITS]] : i32 to f32
// F8: arith.truncf %{{.*}} : f32 to bf16
// F8: arith.extf %{{.*}} : bf16 to f32
func.func @bf16(%x: f32) -> f32 {
  %0 = arith.truncf %x : f32 to bf16
  %1 = arith.extf %0 : bf16 to f32
  return %1 : f32
}

// -----

// Other conversions stay.
// CHECK-LABEL: func @others
// CHECK-NEXT: arith.truncf %{{.*}} : f32 to f16
// CHECK-NEXT: arith.extf %{{.*}} : f16 to f64
func.func @others(%x: f32) -> f64 {
  %0 = arith.truncf %x : f32 to f16
  %1 = arith.extf %0 : f16 to f64
  return %1 : f64
}

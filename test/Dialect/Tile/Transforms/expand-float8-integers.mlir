// RUN: tile-opt %s --tile-expand-float8=bf16=false | FileCheck %s

// Wide integers become bf16 through f64 and an odd f32, in one rounding.
// CHECK-LABEL: func @i32
// CHECK: %[[WIDE:.*]] = arith.sitofp %arg0 : i32 to f64
// CHECK: arith.truncf %[[WIDE]] : f64 to f32
// CHECK: %[[ODD:.*]] = arith.bitcast %{{.*}} : i32 to f32
// CHECK: %[[R:.*]] = arith.truncf %[[ODD]] : f32 to bf16
// CHECK: return %[[R]]
func.func @i32(%x: i32) -> bf16 {
  %y = arith.sitofp %x : i32 to bf16
  return %y : bf16
}

// f64 does not hold all of an i64: the lowest bits become one.
// CHECK-LABEL: func @i64
// CHECK: arith.andi %arg0, %{{.*}} : i64
// CHECK: %[[CUT:.*]] = arith.select
// CHECK: arith.cmpi ult
// CHECK: %[[FITS:.*]] = arith.select %{{.*}}, %arg0, %[[CUT]] : i64
// CHECK: arith.uitofp %[[FITS]] : i64 to f64
func.func @i64(%x: i64) -> bf16 {
  %y = arith.uitofp %x : i64 to bf16
  return %y : bf16
}

// Eight bits are exact.
// CHECK-LABEL: func @i8
// CHECK-NEXT: arith.sitofp %arg0 : i8 to bf16
func.func @i8(%x: i8) -> bf16 {
  %y = arith.sitofp %x : i8 to bf16
  return %y : bf16
}

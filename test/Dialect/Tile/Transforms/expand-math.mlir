// RUN: tile-opt %s --tile-expand-math --split-input-file | FileCheck %s

// Functions that no instruction computes become arithmetic.
// CHECK-LABEL: func @expanded
// CHECK-NOT: math.{{(exp |exp2 %[a-z0-9]+ :|expm1|log|sin|cos|tan|asin|acos|atan|erf|pow|cbrt|rsqrt)}}
// CHECK: return
func.func private @use(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)
func.func @expanded(%x: f32, %y: f32, %n: i32) {
  %0 = math.exp %x : f32
  %1 = math.exp2 %x : f32
  %2 = math.expm1 %x : f32
  %3 = math.log %x : f32
  %4 = math.log2 %x : f32
  %5 = math.log10 %x : f32
  %6 = math.log1p %x : f32
  %7 = math.sin %x : f32
  %8 = math.cos %x : f32
  %9 = math.tan %x : f32
  %10 = math.asin %x : f32
  %11 = math.acos %x : f32
  %12 = math.atan %x : f32
  %13 = math.atan2 %x, %y : f32
  %14 = math.sinh %x : f32
  %15 = math.cosh %x : f32
  %16 = math.tanh %x : f32
  %17 = math.asinh %x : f32
  %18 = math.acosh %x : f32
  %19 = math.atanh %x : f32
  %20 = math.erf %x : f32
  %21 = math.erfc %x : f32
  %22 = math.powf %x, %y : f32
  %23 = math.fpowi %x, %n : f32, i32
  %24, %27 = math.sincos %x : f32
  %25 = math.rsqrt %x : f32
  %26 = math.cbrt %x : f32
  call @use(%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27) : (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) -> ()
  return
}

// -----

// Functions that have an instruction stay, in every type.
// CHECK-LABEL: func @native
func.func @native(%x: f32, %d: f64, %n: i32) -> (f32, f64, i32) {
  // CHECK-NEXT: math.absf
  %0 = math.absf %x : f32
  // CHECK-NEXT: math.ceil
  %1 = math.ceil %0 : f32
  // CHECK-NEXT: math.floor
  %2 = math.floor %1 : f32
  // CHECK-NEXT: math.fma
  %3 = math.fma %2, %2, %2 : f32
  // CHECK-NEXT: math.sqrt
  %4 = math.sqrt %3 : f32
  // CHECK-NEXT: math.copysign
  %5 = math.copysign %4, %x : f32
  // CHECK-NEXT: math.round
  %6 = math.round %5 : f32
  // CHECK-NEXT: math.roundeven
  %7 = math.roundeven %6 : f32
  // CHECK-NEXT: math.trunc
  %8 = math.trunc %7 : f32
  // CHECK-NEXT: math.sqrt %{{.*}} : f64
  %9 = math.sqrt %d : f64
  // CHECK-NEXT: math.ctpop
  %10 = math.ctpop %n : i32
  // CHECK-NEXT: math.ctlz
  %11 = math.ctlz %10 : i32
  // CHECK-NEXT: math.absi
  %12 = math.absi %11 : i32
  return %8, %9, %12 : f32, f64, i32
}

// -----

// Powers are split into 2^n, which is put together from bits, and a rest for
// the instruction.
// CHECK-LABEL: func @powers
// CHECK-SAME: (%[[X:.*]]: f32)
func.func @powers(%x: f32) -> (f32, f32) {
  // CHECK-DAG: %[[SHIFT:.*]] = arith.constant 0x4B40007F : f32
  // CHECK-DAG: %[[LOG2E:.*]] = arith.constant 1.44269502 : f32
  // CHECK-DAG: %[[LOW:.*]] = arith.constant -1.260000e+02 : f32
  // CHECK-DAG: %[[HIGH:.*]] = arith.constant 1.260000e+02 : f32
  // CHECK: %[[EXPONENT:.*]] = arith.mulf %[[X]], %[[LOG2E]]
  // CHECK: %[[MAX:.*]] = arith.maxnumf %[[EXPONENT]], %[[LOW]]
  // CHECK: %[[MIN:.*]] = arith.minnumf %[[MAX]], %[[HIGH]]
  // CHECK: %[[SHIFTED:.*]] = arith.addf %[[MIN]], %[[SHIFT]]
  // CHECK: %[[WHOLE:.*]] = arith.subf %[[SHIFTED]], %[[SHIFT]]
  // CHECK: math.fma %[[X]], %[[LOG2E]]
  // CHECK: %[[REST:.*]] = math.fma %[[X]]
  // CHECK: %[[POWER:.*]] = math.exp2 %[[REST]] fastmath<afn>
  // CHECK: %[[BITS:.*]] = arith.shli
  // CHECK: %[[SCALE:.*]] = arith.bitcast %[[BITS]] : i32 to f32
  // CHECK: arith.mulf %[[POWER]], %[[SCALE]]
  %0 = math.exp %x : f32
  // CHECK: arith.subf %[[X]]
  // CHECK: math.exp2 %{{.*}} fastmath<afn>
  %1 = math.exp2 %x : f32
  return %0, %1 : f32, f32
}

// -----

// CHECK-LABEL: func @approximate
// CHECK-NEXT: math.exp2 %{{.*}} fastmath<afn>
// CHECK-NEXT: return
func.func @approximate(%x: f32) -> f32 {
  %0 = math.exp2 %x fastmath<afn> : f32
  return %0 : f32
}

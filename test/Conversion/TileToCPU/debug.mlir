// RUN: tile-opt %s --convert-tile-to-cpu --split-input-file | FileCheck %s

// CHECK-DAG: llvm.mlir.global internal constant @tile_print("100%% %.9g %.17g %d %d %lld %d\0A\00")
// CHECK-DAG: llvm.func @printf(!llvm.ptr, ...) -> i32
// CHECK-LABEL: func.func @print
// CHECK: llvm.mlir.addressof @tile_print
// CHECK: llvm.call @printf({{.*}}) vararg{{.*}} : (!llvm.ptr, f64, f64, i32, i32, i64, i32) -> i32
func.func @print(%a: f16, %b: f64, %c: i1, %d: i8, %e: index, %f: i32) {
  tile.print "100%", %a, %b, %c, %d, %e, %f : f16, f64, i1, i8, index, i32
  return
}

// -----

// CHECK-DAG: constant @tile_assert("expected n > 0 ({{.*}}debug.mlir:[[#@LINE+8]]:3)\00")
// CHECK-DAG: llvm.func @tileRuntimeFail(!llvm.ptr, ...)
// CHECK-LABEL: func @assert
// CHECK: %[[FAILED:.*]] = arith.xori %arg0
// CHECK: scf.if %[[FAILED]] {
// CHECK-NEXT: llvm.call @tileRuntimeFail
// CHECK: llvm.intr.assume %arg0
func.func @assert(%c: i1) {
  tile.assert %c, "expected n > 0"
  tile.assume %c
  return
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-externalize-shared-memory))' | FileCheck %s

gpu.module @kernels {
  // CHECK: llvm.mlir.global external @arena() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<0 x i8>
  llvm.mlir.global internal @arena() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<0 x i8>
  // Other variables stay as they are.
  // CHECK: llvm.mlir.global internal @static() {addr_space = 3 : i32} : !llvm.array<4 x i8>
  llvm.mlir.global internal @static() {addr_space = 3 : i32} : !llvm.array<4 x i8>
  // CHECK: llvm.mlir.global internal @global() {addr_space = 1 : i32} : !llvm.array<0 x i8>
  llvm.mlir.global internal @global() {addr_space = 1 : i32} : !llvm.array<0 x i8>
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_89},tile-plan-memory,convert-tile-to-gpu{chip=sm_89})' --split-input-file | FileCheck %s

// A row of A has 16 bytes of K in each matrix; so has one of B, stored N x K.
// CHECK-LABEL: func @rows
// CHECK: nvgpu.ldmatrix {{.*}} {numTiles = 4 : i32, transpose = false} {{.*}} -> vector<4x4xf8E4M3FN>
// CHECK: nvgpu.ldmatrix {{.*}} {numTiles = 4 : i32, transpose = false} {{.*}} -> vector<4x4xf8E5M2>
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.nvvm.mma.m16n8k32.row.col.f32.e4m3.e5m2.f32"{{.*}} -> !llvm.struct<(f32, f32, f32, f32)>
// CHECK-NOT: mma.m16n8k32
func.func @rows() {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<16x32xf8E4M3FN, #tile.scope<shared>>
    %b = tile.alloc : memref<16x32xf8E5M2, #tile.scope<shared>>
    %c = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c transpose_b clear : memref<16x32xf8E4M3FN, #tile.scope<shared>>, memref<16x32xf8E5M2, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// ldmatrix transposes elements of 16 bits only.
// CHECK-LABEL: func @columns
// CHECK-NOT: nvgpu.ldmatrix
// CHECK: memref.load {{.*}} : memref<32x16xf8E5M2
// CHECK: llvm.nvvm.mma.m16n8k32.row.col.f32.e5m2.e5m2.f32
// The f16 result is rounded once.
// CHECK: arith.truncf {{.*}} : f32 to f16
func.func @columns() {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<32x16xf8E5M2, #tile.scope<shared>>
    %c = tile.alloc : memref<16x16xf16, #tile.scope<fragment>>
    tile.gemm %a, %a, %c transpose_a : memref<32x16xf8E5M2, #tile.scope<shared>>, memref<32x16xf8E5M2, #tile.scope<shared>>, memref<16x16xf16, #tile.scope<fragment>>
  }
  return
}

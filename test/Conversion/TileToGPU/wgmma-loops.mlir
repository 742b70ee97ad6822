// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-swizzle-shared,tile-plan-memory,convert-tile-to-gpu{chip=sm_90a})' --split-input-file | FileCheck %s

// LLVM must not peel the loop of a product.
// CHECK-LABEL: func @inside
// CHECK: gpu.launch
// CHECK: scf.for
// CHECK: nvvm.wgmma
// CHECK: } {llvm.loop_annotation
func.func @inside(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    scf.for %i = %c0 to %n step %c1 {
      tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// A loop of the host is none of the product.
// CHECK-LABEL: func @around
// CHECK: scf.for
// CHECK: gpu.launch
// CHECK: nvvm.wgmma
// CHECK-NOT: llvm.loop_annotation
func.func @around(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    tile.launch blocks() in () threads(128) {
      %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
      %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
      %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-swizzle-shared,tile-plan-memory,tile-insert-barriers,convert-tile-to-gpu{chip=sm_90a},canonicalize,cse)' --split-input-file | FileCheck %s

// Rows of 128 bytes along K: 8 of them are a group of 1024 bytes, and the next
// 16 elements of K lie 32 bytes on. What threads have written is shown to the
// tensor cores before the barrier. The sums go through the wait.
// CHECK-LABEL: func @rows_along_k
// CHECK: %[[DESC:.*]] = arith.constant 4611686293305360384 : i64
// CHECK: nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
// CHECK-NEXT: gpu.barrier
// CHECK: %[[ADDRESS:.*]] = memref.extract_aligned_pointer_as_index
// CHECK: %[[A:.*]] = arith.ori %{{.*}}, %[[DESC]]
// CHECK: %[[B:.*]] = arith.ori %{{.*}}, %[[DESC]]
// CHECK: nvvm.wgmma.fence.aligned
// CHECK: %[[SUM:.*]] = nvvm.wgmma.mma_async %[[A]], %[[B]], %{{.*}}, <m = 64, n = 32, k = 16>, D[<f32>, <zero>], A[<f16>, <one>, <row>], B[<f16>, <one>, <col>]
// CHECK: %[[NEXT:.*]] = arith.addi %[[A]], %c2_i64
// CHECK: nvvm.wgmma.mma_async %[[NEXT]], %{{.*}}, %[[SUM]], <m = 64, n = 32, k = 16>, D[<f32>, <one>]
// CHECK-COUNT-2: nvvm.wgmma.mma_async
// CHECK-NOT: nvvm.wgmma.mma_async
// CHECK: nvvm.wgmma.commit.group.sync.aligned
// CHECK: %[[HELD:.*]] = llvm.extractvalue %{{.*}}[15]
// CHECK-NEXT: llvm.inline_asm has_side_effects "wgmma.wait_group.sync.aligned 0;", "=f,=f,{{.*}},0,1,{{.*}}" {{.*}}%[[HELD]] :
func.func @rows_along_k(%a: memref<64x64xf16>, %b: memref<32x64xf16>) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<32x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x32xf32, #tile.scope<fragment>>
    tile.copy %a, %s : memref<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>
    tile.copy %b, %t : memref<32x64xf16> to memref<32x64xf16, #tile.scope<shared>>
    tile.gemm %s, %t, %c transpose_b clear : memref<64x64xf16, #tile.scope<shared>>, memref<32x64xf16, #tile.scope<shared>>, memref<64x32xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Only the wait gives the sums that are read.
// CHECK-LABEL: func @result
// CHECK: %[[DONE:.*]] = llvm.inline_asm has_side_effects "wgmma.wait_group.sync.aligned 0;"
// CHECK: %[[FIRST:.*]] = llvm.extractvalue %[[DONE]][0]
// CHECK: memref.store %[[FIRST]]
func.func @result(%d: memref<64x8xf32>) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x16xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<8x16xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    tile.gemm %s, %t, %c transpose_b clear : memref<64x16xf16, #tile.scope<shared>>, memref<8x16xf16, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
    tile.copy %c, %d : memref<64x8xf32, #tile.scope<fragment>> to memref<64x8xf32>
  }
  return
}

// -----

// Rows along M and N: 16 rows further along K lie 2048 bytes on (128 units of
// 16), and the second panel of 64 columns behind all 32 rows of the first, 4096
// bytes on, which is the other stride of the descriptor. Each warpgroup has its
// own 64 rows of C, the second panel of A.
// CHECK-LABEL: func @rows_along_m_and_n
// CHECK-DAG: %[[PANELS:.*]] = arith.constant 4611686293322072064 : i64
// CHECK-DAG: %[[STEP:.*]] = arith.constant 128 : i64
// CHECK: gpu.shuffle idx
// CHECK: %[[FIRST:.*]] = arith.muli %{{.*}}, %c4096
// CHECK: %[[ADDRESS:.*]] = arith.addi %{{.*}}, %[[FIRST]]
// CHECK: arith.index_cast %[[ADDRESS]] : index to i64
// CHECK: %[[A:.*]] = arith.ori %{{.*}}, %[[PANELS]]
// CHECK: nvvm.wgmma.mma_async %[[A]], %{{.*}}, <m = 64, n = 128, k = 16>, D[<f32>, <one>], A[<bf16>, <one>, <col>], B[<bf16>, <one>, <row>]
// CHECK: arith.addi %[[A]], %[[STEP]]
// CHECK: nvvm.wgmma.mma_async
// CHECK-NOT: nvvm.wgmma.mma_async
func.func @rows_along_m_and_n(%c: memref<128x128xf32>) {
  tile.launch blocks() in () threads(256) {
    %s = tile.alloc : memref<32x128xbf16, #tile.scope<shared>>
    %f = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    tile.copy %c, %f : memref<128x128xf32> to memref<128x128xf32, #tile.scope<fragment>>
    tile.gemm %s, %s, %f transpose_a : memref<32x128xbf16, #tile.scope<shared>>, memref<32x128xbf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The other types, and the widest instruction that divides the columns.
// CHECK-LABEL: func @types
// CHECK: nvvm.wgmma.mma_async {{.*}} <m = 64, n = 192, k = 8>, D[<f32>, <one>], A[<tf32>, <one>, <row>], B[<tf32>, <one>, <col>]
// CHECK: nvvm.wgmma.mma_async {{.*}} <m = 64, n = 64, k = 32>, D[<f32>, <one>], A[<e4m3>, <one>, <row>], B[<e5m2>, <one>, <col>]
// CHECK: nvvm.wgmma.mma_async {{.*}} <m = 64, n = 32, k = 32>, D[<s32>, <one>], A[<s8>, <one>, <row>], B[<s8>, <one>, <col>]
// CHECK: llvm.inline_asm has_side_effects "wgmma.wait_group.sync.aligned 0;", "=r,
func.func @types() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x32xf32, #tile.scope<shared>>
    %b = tile.alloc : memref<384x32xf32, #tile.scope<shared>>
    %c = tile.alloc : memref<64x384xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c transpose_b precision(tf32) : memref<64x32xf32, #tile.scope<shared>>, memref<384x32xf32, #tile.scope<shared>>, memref<64x384xf32, #tile.scope<fragment>>
    %d = tile.alloc : memref<64x64xf8E4M3FN, #tile.scope<shared>>
    %e = tile.alloc : memref<64x64xf8E5M2, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %d, %e, %f transpose_b : memref<64x64xf8E4M3FN, #tile.scope<shared>>, memref<64x64xf8E5M2, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    // There is no form of 40 columns for integers.
    %g = tile.alloc : memref<64x64xi8, #tile.scope<shared>>
    %h = tile.alloc : memref<32x64xi8, #tile.scope<shared>>
    %i = tile.alloc : memref<64x32xi32, #tile.scope<fragment>>
    tile.gemm %g, %h, %i transpose_b : memref<64x64xi8, #tile.scope<shared>>, memref<32x64xi8, #tile.scope<shared>>, memref<64x32xi32, #tile.scope<fragment>>
  }
  return
}

// -----

// One stage of a buffer: its beginning depends on the stage.
// CHECK-LABEL: func @stage
// CHECK: %{{.*}}, %[[OFFSET:.*]], %{{.*}}:2, %{{.*}}:2 = memref.extract_strided_metadata
// CHECK: %[[BEFORE:.*]] = arith.muli %[[OFFSET]], %c2
// CHECK: arith.addi %{{.*}}, %[[BEFORE]]
// CHECK: nvvm.wgmma.mma_async
func.func @stage(%i: index) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<3x64x64xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %v = memref.subview %s[%i, 0, 0] [1, 64, 64] [1, 1, 1] : memref<3x64x64xf16, #tile.scope<shared>> to memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>
    tile.gemm %v, %v, %f : memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>, memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The sums of an instruction have to leave some of the registers that a thread
// has, here 128; of 256 columns they would not.
// CHECK-LABEL: func @many_threads
// CHECK-COUNT-2: nvvm.wgmma.mma_async {{.*}} <m = 64, n = 128, k = 16>
// CHECK-NOT: nvvm.wgmma.mma_async
func.func @many_threads() {
  tile.launch blocks() in () threads(512) {
    %s = tile.alloc : memref<256x16xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<256x256xf32, #tile.scope<fragment>>
    tile.gemm %s, %s, %f transpose_b policy(full_row) : memref<256x16xf16, #tile.scope<shared>>, memref<256x16xf16, #tile.scope<shared>>, memref<256x256xf32, #tile.scope<fragment>>
  }
  return
}

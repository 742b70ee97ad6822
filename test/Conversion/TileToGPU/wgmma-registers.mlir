// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-swizzle-shared,tile-plan-memory,tile-insert-barriers,convert-tile-to-gpu{chip=sm_90a},canonicalize,cse)' --split-input-file | FileCheck %s

// A comes from four registers for each step of 16 elements of K. They go
// through an instruction in front of the products.
// CHECK-LABEL: func @f16
// CHECK: %[[A:.*]] = llvm.inline_asm has_side_effects "", "=r,=r,=r,=r,=r,=r,=r,=r,0,1,2,3,4,5,6,7"
// CHECK: %[[FIRST:.*]] = llvm.extractvalue %[[A]][0]
// CHECK: %[[FIFTH:.*]] = llvm.extractvalue %[[A]][4]
// CHECK: nvvm.wgmma.fence.aligned
// CHECK: llvm.inline_asm has_side_effects "{ .reg .pred p; setp.ne.b32 p, 0, 0; wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16 {$0, $1, $2, $3}, {$8, $9, $10, $11}, $12, p, 1, 1, 0; }", "=f,=f,=f,=f,0,1,2,3,r,r,r,r,l" {{.*}}%[[FIRST]],
// CHECK: llvm.inline_asm has_side_effects "{ .reg .pred p; setp.ne.b32 p, 1, 0; wgmma.mma_async{{.*}} %[[FIFTH]],
// CHECK: nvvm.wgmma.commit.group.sync.aligned
func.func @f16(%a: memref<64x32xf16>) {
  tile.launch blocks() in () threads(128) {
    %f = tile.alloc : memref<64x32xf16, #tile.scope<fragment>>
    %t = tile.alloc : memref<8x32xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    tile.copy %a, %f : memref<64x32xf16> to memref<64x32xf16, #tile.scope<fragment>>
    tile.gemm %f, %t, %c transpose_b clear : memref<64x32xf16, #tile.scope<fragment>>, memref<8x32xf16, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The other types; only elements of 16 bits say how B lies, and integers are
// not scaled.
// CHECK-LABEL: func @types
// CHECK: m64n32k16.f32.bf16.bf16 {{.*}}, p, 1, 1, 1; }
// CHECK: m64n8k8.f32.tf32.tf32 {{.*}}, p, 1, 1; }
// CHECK: m64n8k32.f32.e4m3.e5m2 {{.*}}, p, 1, 1; }
// CHECK: m64n8k32.s32.s8.s8 {{.*}}, p; }", "=r,
func.func @types() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x16xbf16, #tile.scope<fragment>>
    %b = tile.alloc : memref<16x32xbf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x32xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x16xbf16, #tile.scope<fragment>>, memref<16x32xbf16, #tile.scope<shared>>, memref<64x32xf32, #tile.scope<fragment>>
    %d = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    %e = tile.alloc : memref<8x8xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    tile.gemm %d, %e, %f transpose_b precision(tf32) : memref<64x8xf32, #tile.scope<fragment>>, memref<8x8xf32, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
    // Rows and columns of registers are as good as columns and rows.
    %g = tile.alloc : memref<32x64xf8E4M3FN, #tile.scope<fragment>>
    %h = tile.alloc : memref<8x32xf8E5M2, #tile.scope<shared>>
    %i = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    tile.gemm %g, %h, %i transpose_a transpose_b : memref<32x64xf8E4M3FN, #tile.scope<fragment>>, memref<8x32xf8E5M2, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
    %j = tile.alloc : memref<64x32xi8, #tile.scope<fragment>>
    %k = tile.alloc : memref<8x32xi8, #tile.scope<shared>>
    %l = tile.alloc : memref<64x8xi32, #tile.scope<fragment>>
    tile.gemm %j, %k, %l transpose_b : memref<64x32xi8, #tile.scope<fragment>>, memref<8x32xi8, #tile.scope<shared>>, memref<64x8xi32, #tile.scope<fragment>>
  }
  return
}

// -----

// Where nothing in the loops writes A, its registers are ready before them; no
// product that is under way sees them written.
// CHECK-LABEL: func @kept
// CHECK: llvm.inline_asm has_side_effects "", "=r,=r,=r,=r,0,1,2,3"
// CHECK: scf.for
// CHECK-NEXT: scf.for
// CHECK-NOT: llvm.inline_asm has_side_effects "",
// CHECK: wgmma.mma_async
func.func @kept(%a: memref<64x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch blocks() in () threads(128) {
    %f = tile.alloc : memref<64x16xf16, #tile.scope<fragment>>
    %t = tile.alloc : memref<8x16xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    tile.copy %a, %f : memref<64x16xf16> to memref<64x16xf16, #tile.scope<fragment>>
    scf.for %i = %c0 to %n step %c1 {
      scf.for %j = %c0 to %n step %c1 {
        tile.gemm %f, %t, %c transpose_b deferred : memref<64x16xf16, #tile.scope<fragment>>, memref<8x16xf16, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
      }
    }
    tile.gemm_wait 0, %c : memref<64x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The outer loop writes it, before or behind the product.
// CHECK-LABEL: func @written
// CHECK: scf.for
// CHECK: llvm.inline_asm has_side_effects "", "=r,=r,=r,=r,0,1,2,3"
// CHECK-NEXT: llvm.extractvalue
// CHECK: scf.for
// CHECK: wgmma.mma_async
func.func @written(%a: memref<64x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch blocks() in () threads(128) {
    %f = tile.alloc : memref<64x16xf16, #tile.scope<fragment>>
    %t = tile.alloc : memref<8x16xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    scf.for %i = %c0 to %n step %c1 {
      scf.for %j = %c0 to %n step %c1 {
        tile.gemm %f, %t, %c transpose_b : memref<64x16xf16, #tile.scope<fragment>>, memref<8x16xf16, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
      }
      tile.copy %a, %f : memref<64x16xf16> to memref<64x16xf16, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// What is not known before decides whether the instruction adds; the sums, which
// may be under way, are not touched.
// CHECK-LABEL: func @clear_if
// CHECK-SAME: %[[CLEAR:.*]]: i1
// CHECK: %[[ADDS:.*]] = arith.xori %[[CLEAR]], %true : i1
// CHECK: %[[FLAG:.*]] = arith.extui %[[ADDS]] : i1 to i32
// CHECK: llvm.inline_asm has_side_effects "{ .reg .pred p; setp.ne.b32 p, $10, 0; wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16 {$0, $1, $2, $3}, $8, $9, p, 1, 1, 1, 0; }", "=f,=f,=f,=f,0,1,2,3,l,l,r" {{.*}}, %[[FLAG]] :
// CHECK: nvvm.wgmma.mma_async {{.*}} D[<f32>, <one>]
func.func @clear_if(%first: i1) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<32x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<8x32xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    tile.gemm %s, %t, %c transpose_a transpose_b clear_if(%first) deferred : memref<32x64xf16, #tile.scope<shared>>, memref<8x32xf16, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
    tile.gemm_wait 0, %c : memref<64x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Sums that are rounded to another type must be over before.
// CHECK-LABEL: func @narrow
// CHECK: nvvm.wgmma.commit.group.sync.aligned
// CHECK: llvm.inline_asm has_side_effects "wgmma.wait_group.sync.aligned 0;"
// CHECK: arith.truncf
func.func @narrow() {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<8x32xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x8xf16, #tile.scope<fragment>>
    tile.gemm %s, %t, %c transpose_b deferred : memref<64x32xf16, #tile.scope<shared>>, memref<8x32xf16, #tile.scope<shared>>, memref<64x8xf16, #tile.scope<fragment>>
    tile.gemm_wait 0, %c : memref<64x8xf16, #tile.scope<fragment>>
  }
  return
}

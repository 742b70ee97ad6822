// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts,tile-plan-memory,convert-tile-to-gpu)' --split-input-file | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts,tile-plan-memory,convert-tile-to-gpu)' --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// Two warps of 16 x 16 each: one ldmatrix for A, one for two atoms of B.
// CHECK-LABEL: func @f16
// CHECK: nvgpu.ldmatrix {{.*}} {numTiles = 4 : i32, transpose = false} {{.*}} -> vector<4x2xf16>
// CHECK: nvgpu.ldmatrix {{.*}} {numTiles = 4 : i32, transpose = true} {{.*}} -> vector<4x2xf16>
// CHECK-COUNT-2: nvvm.mma.sync {{.*}} shape = #nvvm.shape<m = 16, n = 8, k = 16>
// CHECK-NOT: nvvm.mma.sync
func.func @f16() {
  tile.launch blocks() in () threads(64) {
    %a = tile.alloc : memref<32x16xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<16x16xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<32x16xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c clear : memref<32x16xf16, #tile.scope<shared>>, memref<16x16xf16, #tile.scope<shared>>, memref<32x16xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The instructions go through the atoms to and fro: each has an operand of the
// one before.
// CHECK-LABEL: func @order
// CHECK: nvvm.mma.sync A[%[[A0:[^,]*]], {{.*}}] B[%[[B0:[^,]*]], %{{[^,]*}}] C
// CHECK: nvvm.mma.sync A[%[[A0]], {{.*}}] B[%[[B1:[^,]*]], %{{[^,]*}}] C
// CHECK: nvvm.mma.sync A[%[[A1:[^,]*]], {{.*}}] B[%[[B1]], %{{[^,]*}}] C
// CHECK: nvvm.mma.sync A[%[[A1]], {{.*}}] B[%[[B0]], %{{[^,]*}}] C
func.func @order() {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<32x16xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<16x16xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<32x16xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c clear : memref<32x16xf16, #tile.scope<shared>>, memref<16x16xf16, #tile.scope<shared>>, memref<32x16xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Rows that are no whole 16 bytes are loaded element by element, and what is
// beyond the product counts as zero.
// CHECK-LABEL: func @ragged
// CHECK-NOT: nvgpu.ldmatrix
// CHECK: arith.select {{.*}} : f16
// CHECK: nvvm.mma.sync
func.func @ragged() {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<16x13xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<13x5xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<16x5xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c clear : memref<16x13xf16, #tile.scope<shared>>, memref<13x5xf16, #tile.scope<shared>>, memref<16x5xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Integers wrap.
// CHECK-LABEL: func @i8
// CHECK: nvvm.mma.sync {{.*}}intOverflowBehavior = #nvvm.mma_int_overflow<wrapped>
func.func @i8() {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<16x32xi8, #tile.scope<shared>>
    %b = tile.alloc : memref<8x32xi8, #tile.scope<shared>>
    %c = tile.alloc : memref<16x8xi32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c transpose_b : memref<16x32xi8, #tile.scope<shared>>, memref<8x32xi8, #tile.scope<shared>>, memref<16x8xi32, #tile.scope<fragment>>
  }
  return
}

// -----

// f32 without precision(tf32), and threads that are no whole warps, are left to
// the threads.
// REMARK: remark: [Missed] no-tensor-cores | Category:convert-tile-to-gpu | Reason="product without tensor cores: 48 threads are no whole warps"
// REMARK: remark: {{.*}}product without tensor cores: f32 without precision(tf32) has no matrix instruction
// REMARK: remark: {{.*}}product without tensor cores: sm_80 has no matrix instruction for 8-bit floats
// REMARK: remark: {{.*}}product without tensor cores: 'a' is not in shared memory
// REMARK: remark: {{.*}}product without tensor cores: the accumulator has another layout
// CHECK-LABEL: func @threads
// CHECK-NOT: nvvm.mma.sync
// CHECK: return
func.func @threads(%g: memref<16x16xf32>) {
  tile.launch blocks() in () threads(48) {
    %a = tile.alloc : memref<16x16xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    tile.gemm %a, %a, %c clear : memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
  }
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<16x16xf32, #tile.scope<shared>>
    %c = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    tile.gemm %a, %a, %c clear : memref<16x16xf32, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
    %e = tile.alloc : memref<16x16xf8E4M3FN, #tile.scope<shared>>
    tile.gemm %e, %e, %c : memref<16x16xf8E4M3FN, #tile.scope<shared>>, memref<16x16xf8E4M3FN, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
    tile.gemm %g, %a, %c precision(tf32) : memref<16x16xf32>, memref<16x16xf32, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
    %d = tile.alloc {tile.layout = #tile.layout<threads (32):(1), values (8):(32), shape 16x16>} : memref<16x16xf32, #tile.scope<fragment>>
    tile.gemm %a, %a, %d precision(tf32) : memref<16x16xf32, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// A row over two warps: shuffles, then the scratch.
// CHECK-LABEL: func @reduce
// CHECK-COUNT-5: gpu.shuffle xor
// CHECK: gpu.barrier
// CHECK: scf.for
func.func @reduce(%o: memref<4xf32>) {
  tile.launch blocks() in () threads(64) {
    %f = tile.alloc : memref<4x256xf32, #tile.scope<fragment>>
    tile.reduce sum %f, %o dim 1 : memref<4x256xf32, #tile.scope<fragment>> to memref<4xf32>
  }
  return
}


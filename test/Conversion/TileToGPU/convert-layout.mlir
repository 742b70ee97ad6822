// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90},tile-plan-memory,convert-tile-to-gpu{chip=sm_90})' --split-input-file | FileCheck %s

// Four 8-bit elements of a register come from two lanes: two shuffles for each
// pair, of which a thread selects one.
// CHECK-LABEL: func @shuffles
// CHECK-COUNT-16: gpu.shuffle idx
// CHECK: arith.select {{.*}} : i16
// CHECK-NOT: gpu.shuffle
// CHECK-NOT: gpu.barrier
// CHECK: llvm.nvvm.mma.m16n8k32
func.func @shuffles() {
  tile.launch blocks() in () threads(32) {
    %b = tile.alloc : memref<32x8xf8E5M2, #tile.scope<shared>>
    %s = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,32), values (2,2,4):(1,256,8), shape 16x32>} : memref<16x32xf16, #tile.scope<fragment>>
    %p = tile.alloc : memref<16x32xf8E5M2, #tile.scope<fragment>>
    %c = tile.alloc : memref<16x8xf32, #tile.scope<fragment>>
    tile.convert_layout %s, %p : memref<16x32xf16, #tile.scope<fragment>> to memref<16x32xf8E5M2, #tile.scope<fragment>>
    tile.gemm %p, %b, %c clear : memref<16x32xf8E5M2, #tile.scope<fragment>>, memref<32x8xf8E5M2, #tile.scope<shared>>, memref<16x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Columns beyond the tile count as zero, whatever the registers hold.
// CHECK-LABEL: func @padding
// CHECK: %[[A:.*]] = memref.alloca() : memref<8xf16
// CHECK: memref.load %[[A]]
// CHECK: arith.select {{.*}} : f16
// CHECK: nvvm.mma.sync
func.func @padding(%x: memref<16x12xf16>) {
  tile.launch blocks() in () threads(32) {
    %b = tile.alloc : memref<12x8xf16, #tile.scope<shared>>
    %a = tile.alloc : memref<16x12xf16, #tile.scope<fragment>>
    %c = tile.alloc : memref<16x8xf32, #tile.scope<fragment>>
    tile.copy %x, %a : memref<16x12xf16> to memref<16x12xf16, #tile.scope<fragment>>
    tile.gemm %a, %b, %c clear : memref<16x12xf16, #tile.scope<fragment>>, memref<12x8xf16, #tile.scope<shared>>, memref<16x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// All warps write, meet and read.
// CHECK-LABEL: func @scratch
// CHECK: memref.store {{.*}} : memref<256xf16, #gpu.address_space<workgroup>>
// CHECK: gpu.barrier
// CHECK: memref.load {{.*}} : memref<256xf16, #gpu.address_space<workgroup>>
// CHECK: arith.extf
func.func @scratch(%x: memref<256xf16>, %y: memref<256xf32>) {
  tile.launch blocks() in () threads(64) {
    %f = tile.alloc {tile.layout = #tile.layout<threads (64):(4), values (4):(1), shape 256>} : memref<256xf16, #tile.scope<fragment>>
    %g = tile.alloc {tile.layout = #tile.layout<threads (64):(1), values (4):(64), shape 256>} : memref<256xf32, #tile.scope<fragment>>
    tile.copy %x, %f : memref<256xf16> to memref<256xf16, #tile.scope<fragment>>
    tile.copy %f, %g : memref<256xf16, #tile.scope<fragment>> to memref<256xf32, #tile.scope<fragment>>
    tile.copy %g, %y : memref<256xf32, #tile.scope<fragment>> to memref<256xf32>
  }
  return
}

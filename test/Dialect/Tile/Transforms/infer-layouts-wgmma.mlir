// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a})' --split-input-file | FileCheck %s

// What one product of four warps accumulates is the operand of the next, with
// two atoms of 64 rows for each thread: nothing moves.
// CHECK-LABEL: func @chain
// CHECK: tile.alloc {tile.layout = #tile.layout<[[C:threads \(4,8,4\):\(2,64,1024\), values \(2,2,8,2\):\(1,512,8,4096\)]], shape 128x64>} : memref<128x64xf32
// CHECK: %[[P:.*]] = tile.alloc {tile.layout = #tile.layout<[[C]], shape 128x64>} : memref<128x64xf16
// CHECK-NOT: tile.convert_layout
// CHECK: tile.gemm %[[P]],
func.func @chain() {
  tile.launch blocks() in () threads(128) {
    %q = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %k = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %s = tile.alloc : memref<128x64xf32, #tile.scope<fragment>>
    %p = tile.alloc : memref<128x64xf16, #tile.scope<fragment>>
    %o = tile.alloc : memref<128x64xf32, #tile.scope<fragment>>
    tile.gemm %q, %k, %s transpose_b clear : memref<128x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<128x64xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (128, 64) {
      %x = memref.load %s[%i, %j] : memref<128x64xf32, #tile.scope<fragment>>
      %y = arith.truncf %x : f32 to f16
      memref.store %y, %p[%i, %j] : memref<128x64xf16, #tile.scope<fragment>>
    }
    tile.gemm %p, %k, %o : memref<128x64xf16, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, memref<128x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Two groups of four warps have their own rows, all of them, for the second
// product.
// CHECK-LABEL: func @groups
// CHECK: tile.alloc {tile.layout = #tile.layout<threads (4,8,8):(2,256,4096), values (2,2,32):(1,2048,8), shape 128x256>} : memref<128x256xf32
// CHECK-NOT: tile.convert_layout
// CHECK: tile.gemm
func.func @groups() {
  tile.launch blocks() in () threads(256) {
    %q = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %k = tile.alloc : memref<256x64xf16, #tile.scope<shared>>
    %s = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
    %p = tile.alloc : memref<128x256xf16, #tile.scope<fragment>>
    %o = tile.alloc : memref<128x64xf32, #tile.scope<fragment>>
    tile.gemm %q, %k, %s transpose_b clear : memref<128x64xf16, #tile.scope<shared>>, memref<256x64xf16, #tile.scope<shared>>, memref<128x256xf32, #tile.scope<fragment>>
    tile.copy %s, %p : memref<128x256xf32, #tile.scope<fragment>> to memref<128x256xf16, #tile.scope<fragment>>
    tile.gemm %p, %k, %o : memref<128x256xf16, #tile.scope<fragment>>, memref<256x64xf16, #tile.scope<shared>>, memref<128x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The next product is for one warp at a time, which shares rows in another way.
// CHECK-LABEL: func @next_by_warps
// CHECK: tile.alloc {tile.layout = #tile.layout<threads (4,8,4):(2,64,2048), values (2,2,8,2):(1,512,8,1024), shape 128x64>} : memref<128x64xf32
// CHECK-NOT: tile.convert_layout
// CHECK: tile.gemm
func.func @next_by_warps() {
  tile.launch blocks() in () threads(128) {
    %q = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %k = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %v = tile.alloc : memref<64x12xf16, #tile.scope<shared>>
    %s = tile.alloc : memref<128x64xf32, #tile.scope<fragment>>
    %p = tile.alloc : memref<128x64xf16, #tile.scope<fragment>>
    %o = tile.alloc : memref<128x12xf32, #tile.scope<fragment>>
    tile.gemm %q, %k, %s transpose_b clear : memref<128x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<128x64xf32, #tile.scope<fragment>>
    tile.copy %s, %p : memref<128x64xf32, #tile.scope<fragment>> to memref<128x64xf16, #tile.scope<fragment>>
    tile.gemm %p, %v, %o : memref<128x64xf16, #tile.scope<fragment>>, memref<64x12xf16, #tile.scope<shared>>, memref<128x12xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Four neighbours of 8 bits are in a register of A, two in one of the result.
// CHECK-LABEL: func @bytes
// CHECK: tile.convert_layout
// CHECK: tile.gemm
func.func @bytes() {
  tile.launch blocks() in () threads(128) {
    %q = tile.alloc : memref<64x64xf8E4M3FN, #tile.scope<shared>>
    %s = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %p = tile.alloc : memref<64x64xf8E4M3FN, #tile.scope<fragment>>
    %o = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %q, %q, %s transpose_b clear : memref<64x64xf8E4M3FN, #tile.scope<shared>>, memref<64x64xf8E4M3FN, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %s, %p : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf8E4M3FN, #tile.scope<fragment>>
    tile.gemm %p, %q, %o transpose_b : memref<64x64xf8E4M3FN, #tile.scope<fragment>>, memref<64x64xf8E4M3FN, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

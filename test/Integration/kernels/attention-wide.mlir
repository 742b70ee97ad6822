// Attention forward whose products four warps compute together, where there is
// an instruction for it: a block has 128 queries, keys come 64 at a time. The
// weights go from one product to the next in registers.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-attention_wide
// RUN: %python %S/../check.py --filter=^kernel-attention_wide --compile=sm_80,sm_90a

func.func @attention_wide(%q: memref<?x?x64xf16>, %k: memref<?x?x64xf16>,
                          %v: memref<?x?x64xf16>, %o: memref<?x?x64xf32>,
                          %scale: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %heads = memref.dim %q, %c0 : memref<?x?x64xf16>
  %queries = memref.dim %q, %c1 : memref<?x?x64xf16>
  %keys = memref.dim %k, %c1 : memref<?x?x64xf16>
  %blocks = arith.ceildivui %queries, %c128 : index
  tile.launch blocks(%b, %head) in (%blocks, %heads) threads(256) {
    %row = arith.muli %b, %c128 : index
    %zero = arith.constant 0.0 : f32
    %lowest = arith.constant 0xFF800000 : f32
    %qs = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %ks = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %vs = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %s = tile.alloc : memref<128x64xf32, #tile.scope<fragment>>
    %p = tile.alloc : memref<128x64xf16, #tile.scope<fragment>>
    %acc = tile.alloc : memref<128x64xf32, #tile.scope<fragment>>
    %max = tile.alloc : memref<128xf32, #tile.scope<fragment>>
    %next = tile.alloc : memref<128xf32, #tile.scope<fragment>>
    %factor = tile.alloc : memref<128xf32, #tile.scope<fragment>>
    %sum = tile.alloc : memref<128xf32, #tile.scope<fragment>>
    tile.copy %q[%head, %row, %c0], %qs
      : memref<?x?x64xf16> to memref<128x64xf16, #tile.scope<shared>>
    tile.fill %acc, %zero : memref<128x64xf32, #tile.scope<fragment>>
    tile.fill %sum, %zero : memref<128xf32, #tile.scope<fragment>>
    tile.fill %max, %lowest : memref<128xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %keys step %c64 stages(2) {
      tile.copy %k[%head, %kk, %c0], %ks
        : memref<?x?x64xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %v[%head, %kk, %c0], %vs
        : memref<?x?x64xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %qs, %ks, %s transpose_b clear
        : memref<128x64xf16, #tile.scope<shared>>,
          memref<64x64xf16, #tile.scope<shared>>,
          memref<128x64xf32, #tile.scope<fragment>>
      tile.parallel (%i, %j) in (128, 64) {
        %x = memref.load %s[%i, %j] : memref<128x64xf32, #tile.scope<fragment>>
        %y = arith.mulf %x, %scale : f32
        %key = arith.addi %kk, %j : index
        %inside = arith.cmpi slt, %key, %keys : index
        %z = arith.select %inside, %y, %lowest : f32
        memref.store %z, %s[%i, %j]
          : memref<128x64xf32, #tile.scope<fragment>>
      }
      tile.copy %max, %next
        : memref<128xf32, #tile.scope<fragment>>
          to memref<128xf32, #tile.scope<fragment>>
      tile.reduce max %s, %next dim 1 accumulate
        : memref<128x64xf32, #tile.scope<fragment>>
          to memref<128xf32, #tile.scope<fragment>>
      tile.parallel (%i) in (128) {
        %old = memref.load %max[%i] : memref<128xf32, #tile.scope<fragment>>
        %new = memref.load %next[%i] : memref<128xf32, #tile.scope<fragment>>
        %d = arith.subf %old, %new : f32
        %f = math.exp %d : f32
        %l = memref.load %sum[%i] : memref<128xf32, #tile.scope<fragment>>
        %m = arith.mulf %l, %f : f32
        memref.store %f, %factor[%i] : memref<128xf32, #tile.scope<fragment>>
        memref.store %m, %sum[%i] : memref<128xf32, #tile.scope<fragment>>
        memref.store %new, %max[%i] : memref<128xf32, #tile.scope<fragment>>
      }
      tile.parallel (%i, %j) in (128, 64) {
        %x = memref.load %s[%i, %j] : memref<128x64xf32, #tile.scope<fragment>>
        %m = memref.load %max[%i] : memref<128xf32, #tile.scope<fragment>>
        %d = arith.subf %x, %m : f32
        %e = math.exp %d : f32
        %h = arith.truncf %e : f32 to f16
        memref.store %e, %s[%i, %j]
          : memref<128x64xf32, #tile.scope<fragment>>
        memref.store %h, %p[%i, %j]
          : memref<128x64xf16, #tile.scope<fragment>>
        %x2 = memref.load %acc[%i, %j]
          : memref<128x64xf32, #tile.scope<fragment>>
        %f = memref.load %factor[%i] : memref<128xf32, #tile.scope<fragment>>
        %y = arith.mulf %x2, %f : f32
        memref.store %y, %acc[%i, %j]
          : memref<128x64xf32, #tile.scope<fragment>>
      }
      tile.reduce sum %s, %sum dim 1 accumulate
        : memref<128x64xf32, #tile.scope<fragment>>
          to memref<128xf32, #tile.scope<fragment>>
      tile.gemm %p, %vs, %acc
        : memref<128x64xf16, #tile.scope<fragment>>,
          memref<64x64xf16, #tile.scope<shared>>,
          memref<128x64xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i, %j) in (128, 64) {
      %x = memref.load %acc[%i, %j]
        : memref<128x64xf32, #tile.scope<fragment>>
      %l = memref.load %sum[%i] : memref<128xf32, #tile.scope<fragment>>
      %y = arith.divf %x, %l : f32
      memref.store %y, %acc[%i, %j]
        : memref<128x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %o[%head, %row, %c0] extents [128, 64]
      : memref<128x64xf32, #tile.scope<fragment>> to memref<?x?x64xf32>
  }
  return
}

// Attention forward with an online softmax: O = softmax(Q K^T * scale) V for one
// head after another. A block has 32 queries; keys come 48 at a time and may end
// anywhere, and a causal mask can be asked for.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-attention

func.func @attention(%q: memref<?x?x64xf16>, %k: memref<?x?x64xf16>,
                     %v: memref<?x?x64xf16>, %o: memref<?x?x64xf32>,
                     %scale: f32, %causal: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c48 = arith.constant 48 : index
  %heads = memref.dim %q, %c0 : memref<?x?x64xf16>
  %queries = memref.dim %q, %c1 : memref<?x?x64xf16>
  %keys = memref.dim %k, %c1 : memref<?x?x64xf16>
  %blocks = arith.ceildivui %queries, %c32 : index
  tile.launch blocks(%b, %head) in (%blocks, %heads) threads(128) {
    %row = arith.muli %b, %c32 : index
    %zero = arith.constant 0.0 : f32
    %lowest = arith.constant 0xFF800000 : f32
    %qs = tile.alloc : memref<32x64xf16, #tile.scope<shared>>
    %ks = tile.alloc : memref<48x64xf16, #tile.scope<shared>>
    %vs = tile.alloc : memref<48x64xf16, #tile.scope<shared>>
    %s = tile.alloc : memref<32x48xf32, #tile.scope<fragment>>
    %p = tile.alloc : memref<32x48xf16, #tile.scope<fragment>>
    %acc = tile.alloc : memref<32x64xf32, #tile.scope<fragment>>
    %max = tile.alloc : memref<32xf32, #tile.scope<fragment>>
    %next = tile.alloc : memref<32xf32, #tile.scope<fragment>>
    %factor = tile.alloc : memref<32xf32, #tile.scope<fragment>>
    %sum = tile.alloc : memref<32xf32, #tile.scope<fragment>>
    tile.copy %q[%head, %row, %c0], %qs
      : memref<?x?x64xf16> to memref<32x64xf16, #tile.scope<shared>>
    tile.fill %acc, %zero : memref<32x64xf32, #tile.scope<fragment>>
    tile.fill %sum, %zero : memref<32xf32, #tile.scope<fragment>>
    tile.fill %max, %lowest : memref<32xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %keys step %c48 stages(2) {
      tile.copy %k[%head, %kk, %c0], %ks
        : memref<?x?x64xf16> to memref<48x64xf16, #tile.scope<shared>>
      tile.copy %v[%head, %kk, %c0], %vs
        : memref<?x?x64xf16> to memref<48x64xf16, #tile.scope<shared>>
      tile.gemm %qs, %ks, %s transpose_b clear
        : memref<32x64xf16, #tile.scope<shared>>,
          memref<48x64xf16, #tile.scope<shared>>,
          memref<32x48xf32, #tile.scope<fragment>>
      tile.parallel (%i, %j) in (32, 48) {
        %x = memref.load %s[%i, %j] : memref<32x48xf32, #tile.scope<fragment>>
        %y = arith.mulf %x, %scale : f32
        %key = arith.addi %kk, %j : index
        %query = arith.addi %row, %i : index
        %inside = arith.cmpi slt, %key, %keys : index
        %later = arith.cmpi sgt, %key, %query : index
        %masked = arith.andi %later, %causal : i1
        %w = arith.select %inside, %y, %lowest : f32
        %z = arith.select %masked, %lowest, %w : f32
        memref.store %z, %s[%i, %j]
          : memref<32x48xf32, #tile.scope<fragment>>
      }
      tile.copy %max, %next
        : memref<32xf32, #tile.scope<fragment>>
          to memref<32xf32, #tile.scope<fragment>>
      tile.reduce max %s, %next dim 1 accumulate
        : memref<32x48xf32, #tile.scope<fragment>>
          to memref<32xf32, #tile.scope<fragment>>
      tile.parallel (%i) in (32) {
        %old = memref.load %max[%i] : memref<32xf32, #tile.scope<fragment>>
        %new = memref.load %next[%i] : memref<32xf32, #tile.scope<fragment>>
        %d = arith.subf %old, %new : f32
        %f = math.exp %d : f32
        %l = memref.load %sum[%i] : memref<32xf32, #tile.scope<fragment>>
        %m = arith.mulf %l, %f : f32
        memref.store %f, %factor[%i] : memref<32xf32, #tile.scope<fragment>>
        memref.store %m, %sum[%i] : memref<32xf32, #tile.scope<fragment>>
        memref.store %new, %max[%i] : memref<32xf32, #tile.scope<fragment>>
      }
      tile.parallel (%i, %j) in (32, 48) {
        %x = memref.load %s[%i, %j] : memref<32x48xf32, #tile.scope<fragment>>
        %m = memref.load %max[%i] : memref<32xf32, #tile.scope<fragment>>
        %d = arith.subf %x, %m : f32
        %e = math.exp %d : f32
        memref.store %e, %s[%i, %j]
          : memref<32x48xf32, #tile.scope<fragment>>
      }
      tile.reduce sum %s, %sum dim 1 accumulate
        : memref<32x48xf32, #tile.scope<fragment>>
          to memref<32xf32, #tile.scope<fragment>>
      tile.copy %s, %p
        : memref<32x48xf32, #tile.scope<fragment>>
          to memref<32x48xf16, #tile.scope<fragment>>
      tile.parallel (%i, %j) in (32, 64) {
        %x = memref.load %acc[%i, %j]
          : memref<32x64xf32, #tile.scope<fragment>>
        %f = memref.load %factor[%i] : memref<32xf32, #tile.scope<fragment>>
        %y = arith.mulf %x, %f : f32
        memref.store %y, %acc[%i, %j]
          : memref<32x64xf32, #tile.scope<fragment>>
      }
      tile.gemm %p, %vs, %acc
        : memref<32x48xf16, #tile.scope<fragment>>,
          memref<48x64xf16, #tile.scope<shared>>,
          memref<32x64xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i, %j) in (32, 64) {
      %x = memref.load %acc[%i, %j] : memref<32x64xf32, #tile.scope<fragment>>
      %l = memref.load %sum[%i] : memref<32xf32, #tile.scope<fragment>>
      %y = arith.divf %x, %l : f32
      memref.store %y, %acc[%i, %j]
        : memref<32x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %o[%head, %row, %c0] extents [32, 64]
      : memref<32x64xf32, #tile.scope<fragment>> to memref<?x?x64xf32>
  }
  return
}

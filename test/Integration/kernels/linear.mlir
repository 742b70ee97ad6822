// Y = X * W^T for few rows of X and many of W, where blocks share out K too. A
// block treats 64 rows of W and up to 16 of X, which are the columns of its
// product, and leaves its part in %work; another launch sums the parts up. The
// block that is the last one to end for a tile says so in %last.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-linear
// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a | FileCheck %s

// Only the warps that compute count the parts.
// CHECK: .entry linear_kernel(
// CHECK: mbarrier.try_wait
// CHECK: wgmma.mma_async.sync.aligned.m64n16k16.f32.f16.f16
// CHECK: atom.global.add.u32
// CHECK: cp.async.bulk.tensor
// CHECK: .entry linear_kernel

func.func @linear(%x: memref<?x?xf16>, %w: memref<?x?xf16>,
                  %y: memref<?x?xf16>, %work: memref<?x?x?xf32>,
                  %done: memref<?x?xi32>, %last: memref<?x?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %one = arith.constant 1 : i32
  %zero = arith.constant 0.0 : f32
  %m = memref.dim %y, %c0 : memref<?x?xf16>
  %n = memref.dim %y, %c1 : memref<?x?xf16>
  %k = memref.dim %x, %c1 : memref<?x?xf16>
  %parts = memref.dim %work, %c0 : memref<?x?x?xf32>
  %gm = arith.ceildivui %m, %c16 : index
  %gn = arith.ceildivui %n, %c64 : index
  %steps = arith.ceildivui %k, %c64 : index
  tile.launch blocks(%bx, %by, %part) in (%gn, %gm, %parts) threads(128) {
    %row = arith.muli %bx, %c64 : index
    %col = arith.muli %by, %c16 : index
    %after = arith.addi %part, %c1 : index
    %steps0 = arith.muli %part, %steps : index
    %steps1 = arith.muli %after, %steps : index
    %step0 = arith.divui %steps0, %parts : index
    %step1 = arith.divui %steps1, %parts : index
    %k0 = arith.muli %step0, %c64 : index
    %k1 = arith.muli %step1, %c64 : index
    %ws = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %xs = tile.alloc : memref<16x64xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<64x16xf32, #tile.scope<fragment>>
    tile.fill %acc, %zero : memref<64x16xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %k0 to %k1 step %c64 stages(3) {
      tile.copy %w[%row, %kk], %ws
        : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %x[%col, %kk], %xs
        : memref<?x?xf16> to memref<16x64xf16, #tile.scope<shared>>
      tile.gemm %ws, %xs, %acc transpose_b
        : memref<64x64xf16, #tile.scope<shared>>,
          memref<16x64xf16, #tile.scope<shared>>,
          memref<64x16xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i, %j) in (64, 16) {
      %column = arith.addi %row, %i : index
      %line = arith.addi %col, %j : index
      %left = arith.cmpi slt, %column, %n : index
      %below = arith.cmpi slt, %line, %m : index
      %inside = arith.andi %left, %below : i1
      scf.if %inside {
        %v = memref.load %acc[%i, %j]
          : memref<64x16xf32, #tile.scope<fragment>>
        memref.store %v, %work[%part, %line, %column] : memref<?x?x?xf32>
      }
    }
    %before = tile.atomic add %one, %done[%by, %bx] : memref<?x?xi32>
    %ended = arith.addi %before, %one : i32
    %all = arith.index_cast %parts : index to i32
    %is_last = arith.cmpi eq, %ended, %all : i32
    scf.if %is_last {
      tile.parallel (%i) in (1) {
        memref.store %ended, %last[%by, %bx] : memref<?x?xi32>
      }
    }
  }
  %gs = arith.ceildivui %n, %c128 : index
  tile.launch blocks(%bx, %row) in (%gs, %m) threads(128) {
    %col = arith.muli %bx, %c128 : index
    %sum = tile.alloc : memref<1x128xf32, #tile.scope<fragment>>
    tile.fill %sum, %zero : memref<1x128xf32, #tile.scope<fragment>>
    scf.for %part = %c0 to %parts step %c1 {
      %some = tile.alloc : memref<1x128xf32, #tile.scope<fragment>>
      tile.copy %work[%part, %row, %col], %some
        : memref<?x?x?xf32> to memref<1x128xf32, #tile.scope<fragment>>
      tile.parallel (%i, %j) in (1, 128) {
        %a = memref.load %sum[%i, %j]
          : memref<1x128xf32, #tile.scope<fragment>>
        %b = memref.load %some[%i, %j]
          : memref<1x128xf32, #tile.scope<fragment>>
        %both = arith.addf %a, %b : f32
        memref.store %both, %sum[%i, %j]
          : memref<1x128xf32, #tile.scope<fragment>>
      }
    }
    tile.copy %sum, %y[%row, %col]
      : memref<1x128xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

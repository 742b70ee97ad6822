// RMSNorm of f16 rows with a weight, and LayerNorm of f32 rows with a weight
// and a bias. A block has one row of any length, read 256 columns at a time.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-.*norm

func.func @rmsnorm(%x: memref<?x?xf16>, %w: memref<?xf16>, %y: memref<?x?xf16>,
                   %epsilon: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  %rows = memref.dim %x, %c0 : memref<?x?xf16>
  %n = memref.dim %x, %c1 : memref<?x?xf16>
  tile.launch blocks(%row) in (%rows) threads(96) {
    %zero = arith.constant 0.0 : f32
    %t = tile.alloc : memref<256xf32, #tile.scope<shared>>
    %g = tile.alloc : memref<256xf32, #tile.scope<shared>>
    %sum = tile.alloc : memref<f32, #tile.scope<shared>>
    tile.fill %sum, %zero : memref<f32, #tile.scope<shared>>
    tile.pipelined %k = %c0 to %n step %c256 stages(2) {
      tile.copy %x[%row, %k], %t
        : memref<?x?xf16> to memref<256xf32, #tile.scope<shared>>
      tile.parallel (%i) in (256) {
        %v = memref.load %t[%i] : memref<256xf32, #tile.scope<shared>>
        %s = arith.mulf %v, %v : f32
        memref.store %s, %t[%i] : memref<256xf32, #tile.scope<shared>>
      }
      tile.reduce sum %t, %sum dim 0 accumulate
        : memref<256xf32, #tile.scope<shared>>
          to memref<f32, #tile.scope<shared>>
    }
    %total = memref.load %sum[] : memref<f32, #tile.scope<shared>>
    %count = arith.index_cast %n : index to i32
    %real = arith.sitofp %count : i32 to f32
    %mean = arith.divf %total, %real : f32
    %shifted = arith.addf %mean, %epsilon : f32
    %scale = math.rsqrt %shifted : f32
    tile.pipelined %k = %c0 to %n step %c256 {
      tile.copy %x[%row, %k], %t
        : memref<?x?xf16> to memref<256xf32, #tile.scope<shared>>
      tile.copy %w[%k], %g
        : memref<?xf16> to memref<256xf32, #tile.scope<shared>>
      tile.parallel (%i) in (256) {
        %v = memref.load %t[%i] : memref<256xf32, #tile.scope<shared>>
        %f = memref.load %g[%i] : memref<256xf32, #tile.scope<shared>>
        %s = arith.mulf %v, %scale : f32
        %r = arith.mulf %s, %f : f32
        memref.store %r, %t[%i] : memref<256xf32, #tile.scope<shared>>
      }
      tile.copy %t, %y[%row, %k]
        : memref<256xf32, #tile.scope<shared>> to memref<?x?xf16>
    }
  }
  return
}

func.func @layernorm(%x: memref<?x300xf32>, %w: memref<300xf32>,
                     %b: memref<300xf32>, %y: memref<?x300xf32>,
                     %epsilon: f32) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %rows = memref.dim %x, %c0 : memref<?x300xf32>
  %blocks = arith.ceildivui %rows, %c4 : index
  tile.launch blocks(%block) in (%blocks) threads(128) {
    %row = arith.muli %block, %c4 : index
    %n = arith.constant 300.0 : f32
    %t = tile.alloc : memref<4x300xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<4x300xf32, #tile.scope<fragment>>
    %mean = tile.alloc : memref<4x1xf32, #tile.scope<fragment>>
    %var = tile.alloc : memref<4x1xf32, #tile.scope<fragment>>
    tile.copy %x[%row, %c0], %t
      : memref<?x300xf32> to memref<4x300xf32, #tile.scope<fragment>>
    tile.reduce sum %t, %mean dim 1
      : memref<4x300xf32, #tile.scope<fragment>>
        to memref<4x1xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (4, 300) {
      %zero = arith.constant 0 : index
      %v = memref.load %t[%i, %j] : memref<4x300xf32, #tile.scope<fragment>>
      %sum = memref.load %mean[%i, %zero]
        : memref<4x1xf32, #tile.scope<fragment>>
      %m = arith.divf %sum, %n : f32
      %d = arith.subf %v, %m : f32
      %q = arith.mulf %d, %d : f32
      memref.store %d, %t[%i, %j] : memref<4x300xf32, #tile.scope<fragment>>
      memref.store %q, %s[%i, %j] : memref<4x300xf32, #tile.scope<fragment>>
    }
    tile.reduce sum %s, %var dim 1
      : memref<4x300xf32, #tile.scope<fragment>>
        to memref<4x1xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (4, 300) {
      %zero = arith.constant 0 : index
      %d = memref.load %t[%i, %j] : memref<4x300xf32, #tile.scope<fragment>>
      %sum = memref.load %var[%i, %zero]
        : memref<4x1xf32, #tile.scope<fragment>>
      %v = arith.divf %sum, %n : f32
      %e = arith.addf %v, %epsilon : f32
      %r = math.sqrt %e : f32
      %q = arith.divf %d, %r : f32
      %f = memref.load %w[%j] : memref<300xf32>
      %g = memref.load %b[%j] : memref<300xf32>
      %p = arith.mulf %q, %f : f32
      %o = arith.addf %p, %g : f32
      memref.store %o, %t[%i, %j] : memref<4x300xf32, #tile.scope<fragment>>
    }
    tile.copy %t, %y[%row, %c0]
      : memref<4x300xf32, #tile.scope<fragment>> to memref<?x300xf32>
  }
  return
}

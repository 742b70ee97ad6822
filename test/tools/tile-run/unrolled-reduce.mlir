// A short reduction in a loop over blocks is unrolled, then LLVM looks for what
// is equal in neighbouring blocks. That once took it hours, because each step
// used the one before it several times.

// REQUIRES: numpy
// RUN: timeout 60 tile-run %s --device=cpu random:17 zeros:3999 --out 1=%t.npy
// RUN: %python -c "import numpy as np; y = np.load('%t.npy'); assert y[0] > 0 and (y == y[0]).all()"

func.func @largest(%x: memref<17xf32>, %y: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c17 = arith.constant 17 : index
  %low = arith.constant -1.0 : f32
  %n = memref.dim %y, %c0 : memref<?xf32>
  tile.launch blocks(%b) in (%n) threads(32) {
    %max = tile.alloc : memref<1xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<1x1xf32, #tile.scope<shared>>
    tile.fill %max, %low : memref<1xf32, #tile.scope<fragment>>
    tile.pipelined %k = %c0 to %c17 step %c1 {
      tile.copy %x[%k], %s
        : memref<17xf32> to memref<1x1xf32, #tile.scope<shared>>
      tile.reduce max %s, %max dim 1 accumulate ignore_nan
        : memref<1x1xf32, #tile.scope<shared>>
          to memref<1xf32, #tile.scope<fragment>>
    }
    tile.copy %max, %y[%b]
      : memref<1xf32, #tile.scope<fragment>> to memref<?xf32>
  }
  return
}

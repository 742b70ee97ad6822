// y = bf16(x + r), elementwise over a flat length, and the largest magnitude.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-residual

func.func @residual(%x: memref<?xbf16>, %r: memref<?xf32>, %y: memref<?xbf16>,
                    %largest: memref<f32>) {
  %c0 = arith.constant 0 : index
  %c512 = arith.constant 512 : index
  %n = memref.dim %x, %c0 : memref<?xbf16>
  %blocks = arith.ceildivui %n, %c512 : index
  tile.launch blocks(%b) in (%blocks) threads(128) {
    %start = arith.muli %b, %c512 : index
    %a = tile.alloc : memref<512xbf16, #tile.scope<fragment>>
    %f = tile.alloc : memref<512xf32, #tile.scope<fragment>>
    %m = tile.alloc : memref<1xf32, #tile.scope<shared>>
    tile.copy %x[%start], %a
      : memref<?xbf16> to memref<512xbf16, #tile.scope<fragment>>
    tile.copy %r[%start], %f
      : memref<?xf32> to memref<512xf32, #tile.scope<fragment>>
    tile.parallel (%i) in (512) {
      %u = memref.load %a[%i] : memref<512xbf16, #tile.scope<fragment>>
      %v = memref.load %f[%i] : memref<512xf32, #tile.scope<fragment>>
      %w = arith.extf %u : bf16 to f32
      %s = arith.addf %v, %w : f32
      memref.store %s, %f[%i] : memref<512xf32, #tile.scope<fragment>>
    }
    tile.copy %f, %y[%start]
      : memref<512xf32, #tile.scope<fragment>> to memref<?xbf16>
    tile.reduce absmax %f, %m dim 0
      : memref<512xf32, #tile.scope<fragment>>
        to memref<1xf32, #tile.scope<shared>>
    %v = memref.load %m[%c0] : memref<1xf32, #tile.scope<shared>>
    %old = tile.atomic max %v, %largest[] : memref<f32>
  }
  return
}

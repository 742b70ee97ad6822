// C = A * B with f16 inputs, f32 accumulation and an f32 result, for any M, N
// and K: the sizes come from the arguments, and the tiles at the edges are
// ragged. Each block computes a tile of 128 x 256; A and B come through shared
// memory, 64 columns and rows at a time, up to three steps ahead. Blocks that
// run at one time are neighbours in 8 rows of tiles, so that they read the same
// parts of A and B.

func.func @gemm(%a: memref<?x?xf16>, %b: memref<?x?xf16>,
                %c: memref<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bm = arith.constant 128 : index
  %bn = arith.constant 256 : index
  %bk = arith.constant 64 : index
  %m = memref.dim %c, %c0 : memref<?x?xf32>
  %n = memref.dim %c, %c1 : memref<?x?xf32>
  %k = memref.dim %a, %c1 : memref<?x?xf16>
  %gm = arith.ceildivui %m, %bm : index
  %gn = arith.ceildivui %n, %bn : index
  tile.launch blocks(%bx, %by) in (%gn, %gm) threads(256)
      swizzle(8, row) {
    %row = arith.muli %by, %bm : index
    %col = arith.muli %bx, %bn : index
    %as = tile.alloc name("a_tile") : memref<128x64xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<64x256xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<128x256xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<128x256xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %k step %bk stages(4) {
      tile.copy %a[%row, %kk], %as
        : memref<?x?xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %col], %bs
        : memref<?x?xf16> to memref<64x256xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc
        : memref<128x64xf16, #tile.scope<shared>>,
          memref<64x256xf16, #tile.scope<shared>>,
          memref<128x256xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col]
      : memref<128x256xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

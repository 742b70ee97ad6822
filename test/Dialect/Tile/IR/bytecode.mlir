// Bytecode keeps everything.

// RUN: tile-opt %s -o %t.mlir
// RUN: tile-opt %s --emit-bytecode -o %t.mlirbc
// RUN: tile-opt %t.mlirbc -o %t.2.mlir
// RUN: diff %t.mlir %t.2.mlir

func.func @all(%a: memref<?x?xf16>, %c: memref<?x?xf32>, %n: index, %b: i1) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(96) cluster(2, 1) shared_bytes(64) {
    %s = tile.alloc name("s") offset(16) swizzle(64) : memref<32x32xf16, #tile.scope<shared>>
    %f = tile.alloc name("f") : memref<32x32xf32, #tile.scope<fragment>>
    %r = tile.alloc : memref<32xf32, #tile.scope<fragment>>
    %v = tile.alloc_var %n name("v") : index
    tile.pipelined %k = %c0 to %n step %c32 stages(2) {
      tile.copy %a[%x, %k], %s extents [32, %n]
        : memref<?x?xf16> to memref<32x32xf16, #tile.scope<shared>>
      tile.async_copy %a[%x, %k], %s extents [32, 16]
        : memref<?x?xf16> to memref<32x32xf16, #tile.scope<shared>>
      tile.async_commit
      tile.async_wait 1
      tile.barrier
      tile.gemm %s, %s, %f transpose_b clear_if(%b)
        : memref<32x32xf16, #tile.scope<shared>>,
          memref<32x32xf16, #tile.scope<shared>>,
          memref<32x32xf32, #tile.scope<fragment>>
    }
    tile.reduce max %f, %r dim 1 accumulate
      : memref<32x32xf32, #tile.scope<fragment>>
        to memref<32xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (32, %n) {
      %one = arith.constant 1.0 : f32
      %old = tile.atomic add %one, %c[%i, %j] : memref<?x?xf32>
      tile.print "old", %old : f32
    }
    tile.assert %b, "b"
    tile.assume %b
  }
  return
}

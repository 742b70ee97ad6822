// A long computation between a product and its store takes no registers from the
// threads that compute: nothing is spilled.

// REQUIRES: ptxas
// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: ptxas -arch=sm_90a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s

// CHECK-COUNT-2: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
func.func @gelu(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf32>) {
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
  tile.launch blocks(%bx, %by) in (%gn, %gm) threads(256) {
    %row = arith.muli %by, %bm : index
    %col = arith.muli %bx, %bn : index
    %as = tile.alloc name("a_tile") : memref<128x64xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<64x256xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<128x256xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<128x256xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %k step %bk stages(4) {
      tile.copy %a[%row, %kk], %as : memref<?x?xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %col], %bs : memref<?x?xf16> to memref<64x256xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x256xf16, #tile.scope<shared>>, memref<128x256xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i, %j) in (128, 256) {
      %z = memref.load %acc[%i, %j] : memref<128x256xf32, #tile.scope<fragment>>
      %q = math.erf %z : f32
      %s = arith.mulf %q, %z : f32
      memref.store %s, %acc[%i, %j] : memref<128x256xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<128x256xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

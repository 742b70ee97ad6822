// C += A * B where the blocks along the third grid dimension share the work
// along K and add what they have by atomics.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-splitk

func.func @splitk(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>,
                  %parts: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %c16 = arith.constant 16 : index
  %m = memref.dim %c, %c0 : memref<?x?xf32>
  %n = memref.dim %c, %c1 : memref<?x?xf32>
  %k = memref.dim %a, %c1 : memref<?x?xf32>
  %bm = arith.ceildivui %m, %c32 : index
  %bn = arith.ceildivui %n, %c32 : index
  %part = arith.ceildivui %k, %parts : index
  tile.launch blocks(%bx, %by, %bz) in (%bn, %bm, %parts) threads(64) {
    %row = arith.muli %by, %c32 : index
    %col = arith.muli %bx, %c32 : index
    %begin = arith.muli %bz, %part : index
    %stop = arith.addi %begin, %part : index
    %end = arith.minsi %stop, %k : index
    %zero = arith.constant 0.0 : f32
    %as = tile.alloc : memref<32x16xf32, #tile.scope<shared>>
    %bs = tile.alloc : memref<16x32xf32, #tile.scope<shared>>
    %acc = tile.alloc : memref<32x32xf32, #tile.scope<fragment>>
    tile.fill %acc, %zero : memref<32x32xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %begin to %end step %c16 stages(2) {
      // A tile may reach into the next block's part: take what is ours.
      %left = arith.subi %end, %kk : index
      %count = arith.minsi %left, %c16 : index
      tile.fill %as, %zero : memref<32x16xf32, #tile.scope<shared>>
      tile.fill %bs, %zero : memref<16x32xf32, #tile.scope<shared>>
      tile.copy %a[%row, %kk], %as extents [32, %count]
        : memref<?x?xf32> to memref<32x16xf32, #tile.scope<shared>>
      tile.copy %b[%kk, %col], %bs extents [%count, 32]
        : memref<?x?xf32> to memref<16x32xf32, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc
        : memref<32x16xf32, #tile.scope<shared>>,
          memref<16x32xf32, #tile.scope<shared>>,
          memref<32x32xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i, %j) in (32, 32) {
      %y = arith.addi %row, %i : index
      %x = arith.addi %col, %j : index
      %inRows = arith.cmpi slt, %y, %m : index
      %inColumns = arith.cmpi slt, %x, %n : index
      %inside = arith.andi %inRows, %inColumns : i1
      scf.if %inside {
        %v = memref.load %acc[%i, %j]
          : memref<32x32xf32, #tile.scope<fragment>>
        %old = tile.atomic add %v, %c[%y, %x] : memref<?x?xf32>
      }
    }
  }
  return
}

// A tensor of more than 2^31 elements addresses rightly.

// RUN: tile-execution-test large %s | FileCheck %s
// CHECK: 0 elements wrong

// The kernel's offsets are 64 bits wide, too.
// RUN: tile-run %s --emit=ptx --chip=sm_90a | FileCheck %s --check-prefix=PTX
// PTX: mad.lo.s64

func.func @tail(
    %a: memref<?x?xi8> {tile.annotation = #tile.tensor<[M, N], i8>},
    %o: memref<2x32xi8> {tile.annotation = #tile.tensor<[2, 32], i8>}) {
  %m = tile.symbol "M"
  %n = tile.symbol "N"
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c32 = arith.constant 32 : index
  %row = arith.subi %m, %c2 : index
  %col = arith.subi %n, %c32 : index
  tile.launch blocks() in () threads(64) {
    %s = tile.alloc : memref<2x32xi8, #tile.scope<shared>>
    tile.parallel (%i, %j) in (%c2, %c32) {
      %p = arith.muli %i, %c32 : index
      %q = arith.addi %p, %j : index
      %v = arith.index_cast %q : index to i8
      memref.store %v, %s[%i, %j] : memref<2x32xi8, #tile.scope<shared>>
    }
    tile.copy %s, %a[%row, %col]
      : memref<2x32xi8, #tile.scope<shared>> to memref<?x?xi8>
    tile.copy %a[%row, %col], %o : memref<?x?xi8> to memref<2x32xi8>
  }
  return
}

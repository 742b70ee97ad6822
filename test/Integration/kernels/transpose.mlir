// The transpose of a matrix of any size, through shared memory.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-transpose

func.func @transpose(%x: memref<?x?xi32>, %y: memref<?x?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %m = memref.dim %x, %c0 : memref<?x?xi32>
  %n = memref.dim %x, %c1 : memref<?x?xi32>
  %bm = arith.ceildivui %m, %c32 : index
  %bn = arith.ceildivui %n, %c32 : index
  tile.launch blocks(%bx, %by) in (%bn, %bm) threads(256) {
    %row = arith.muli %by, %c32 : index
    %col = arith.muli %bx, %c32 : index
    %a = tile.alloc : memref<32x32xi32, #tile.scope<shared>>
    %b = tile.alloc : memref<32x32xi32, #tile.scope<fragment>>
    tile.copy %x[%row, %col], %a
      : memref<?x?xi32> to memref<32x32xi32, #tile.scope<shared>>
    tile.parallel (%i, %j) in (32, 32) {
      %v = memref.load %a[%j, %i] : memref<32x32xi32, #tile.scope<shared>>
      memref.store %v, %b[%i, %j] : memref<32x32xi32, #tile.scope<fragment>>
    }
    tile.copy %b, %y[%col, %row]
      : memref<32x32xi32, #tile.scope<fragment>> to memref<?x?xi32>
  }
  return
}

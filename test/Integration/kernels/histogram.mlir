// Counts keys in global memory directly, and block by block in shared memory.
// Keys outside the bins do not count.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-histogram

func.func @histogram(%keys: memref<?xi32>, %direct: memref<50xi32>,
                     %gathered: memref<50xi32>) {
  %c0 = arith.constant 0 : index
  %c500 = arith.constant 500 : index
  %n = memref.dim %keys, %c0 : memref<?xi32>
  %blocks = arith.ceildivui %n, %c500 : index
  tile.launch blocks(%b) in (%blocks) threads(128) {
    %start = arith.muli %b, %c500 : index
    %left = arith.subi %n, %start : index
    %count = arith.minsi %left, %c500 : index
    %one = arith.constant 1 : i32
    %zero = arith.constant 0 : i32
    %c50 = arith.constant 50 : i32
    %bins = tile.alloc : memref<50xi32, #tile.scope<shared>>
    tile.fill %bins, %zero : memref<50xi32, #tile.scope<shared>>
    tile.parallel (%i) in (%count) {
      %at = arith.addi %start, %i : index
      %key = memref.load %keys[%at] : memref<?xi32>
      %ok = arith.cmpi ult, %key, %c50 : i32
      scf.if %ok {
        %bin = arith.index_cast %key : i32 to index
        %old = tile.atomic add %one, %bins[%bin]
          : memref<50xi32, #tile.scope<shared>>
        %before = tile.atomic add %one, %direct[%bin] : memref<50xi32>
      }
    }
    tile.parallel (%j) in (50) {
      %v = memref.load %bins[%j] : memref<50xi32, #tile.scope<shared>>
      %old = tile.atomic add %v, %gathered[%j] : memref<50xi32>
    }
  }
  return
}

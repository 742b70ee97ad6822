// Clusters of two blocks share five rows of tiles out: a worker is a cluster,
// each of its blocks takes one row, and the last one's second block has none.
// The count of a tile is 1 + 10 * the rank of the block that it fell to.

// RUN: tile-run %s --device=cpu zeros:5x3 | FileCheck %s
// RUN: tile-opt %s --tile-to-ptx=chip=sm_90a | FileCheck %s --check-prefix=GPU

// CHECK: counts[0, 0] = 1
// CHECK-NEXT: counts[0, 1] = 1
// CHECK-NEXT: counts[0, 2] = 1
// CHECK-NEXT: counts[1, 0] = 11
// CHECK-NEXT: counts[1, 1] = 11
// CHECK-NEXT: counts[1, 2] = 11
// CHECK-NEXT: counts[2, 0] = 1
// CHECK-NEXT: counts[2, 1] = 1
// CHECK-NEXT: counts[2, 2] = 1
// CHECK-NEXT: counts[3, 0] = 11
// CHECK-NEXT: counts[3, 1] = 11
// CHECK-NEXT: counts[3, 2] = 11
// CHECK-NEXT: counts[4, 0] = 1
// CHECK-NEXT: counts[4, 1] = 1
// CHECK-NEXT: counts[4, 2] = 1

// GPU: gpu.launch_func {{.*}} clusters in (%c2, 
// GPU: gpu.binary

tile.import "tile/schedulers"

!scheduler = !tile.object<@PersistentTileScheduler>

func.func @main(%counts: memref<5x3xi32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  // Two clusters.
  tile.launch blocks(%b) in (%c4) threads(32) cluster(2) {
    %one = arith.constant 1 : i32
    %ten = arith.constant 10 : i32
    %by_columns = arith.constant true
    %cluster = arith.divui %b, %c2 : index
    %rank = arith.remui %b, %c2 : index
    %digit = arith.index_cast %rank : index to i32
    %tens = arith.muli %digit, %ten : i32
    %value = arith.addi %tens, %one : i32
    %sched = tile.new @PersistentTileScheduler(
      %c5, %c3, %c2, %c2, %by_columns, %c2
      : index, index, index, index, i1, index)
    tile.invoke %sched::@start(%cluster) : !scheduler, (index) -> ()
    scf.while : () -> () {
      %valid = tile.invoke %sched::@valid() : !scheduler, () -> i1
      scf.condition(%valid)
    } do {
      %row, %exists = tile.invoke %sched::@member(%rank)
        : !scheduler, (index) -> (index, i1)
      %column = tile.get %sched::@n_idx : !scheduler, index
      scf.if %exists {
        %old = tile.atomic add %value, %counts[%row, %column] : memref<5x3xi32>
      }
      tile.invoke %sched::@next() : !scheduler, () -> ()
      scf.yield
    }
  }
  tile.launch blocks(%b) in (%c1) threads(32) {
    tile.print "counts", %counts : memref<5x3xi32>
  }
  return
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file | FileCheck %s

// The blocks of a cluster have tiles below each other: each copies half of the
// rows of B's tile to both. A full stage still holds the bytes of both tiles,
// and an empty one was read by the four warps of each block. No block copies
// before all have barriers, or ends before all have arrived.
// CHECK-LABEL: func @one_dimension
// CHECK: %[[AMAP:.*]] = tile.tensor_map {{.*}} to !tile.tensor_map<64x64xf16, swizzle 128>
// CHECK: %[[BMAP:.*]] = tile.tensor_map {{.*}} to !tile.tensor_map<64x64xf16, swizzle 128>
// CHECK: tile.launch {{.*}} cluster(1, 2)
// CHECK: %[[RANK:.*]] = tile.cluster_rank
// CHECK: %[[NEXT:.*]] = arith.addi %[[RANK]], %c1{{.*}} : index
// CHECK: %[[OTHER:.*]] = arith.remui %[[NEXT]], %c2{{.*}} : index
// CHECK: %[[ROW:.*]] = arith.muli %[[RANK]], %c64{{.*}} : index
// CHECK: %[[MASK:.*]] = arith.constant 3 : i16
// CHECK: tile.mbarrier_init %[[FULL:.*]][%{{.*}}] count(1)
// CHECK: tile.mbarrier_init %[[EMPTY:.*]][%{{.*}}] count(8)
// CHECK: tile.fence mbarrier_init
// CHECK-NEXT: tile.cluster_barrier
// CHECK-NEXT: tile.specialize threads(128) {
// CHECK: tile.mbarrier_arrive_remote %[[EMPTY]][%[[STAGE:.*]]] at %[[RANK]]
// CHECK-NEXT: tile.mbarrier_arrive_remote %[[EMPTY]][%[[STAGE]]] at %[[OTHER]]
// CHECK: tile.mbarrier_arrive_remote %[[EMPTY]][%[[STAGE:.*]]] at %[[RANK]]
// CHECK-NEXT: tile.mbarrier_arrive_remote %[[EMPTY]][%[[STAGE]]] at %[[OTHER]]
// CHECK: }, threads(128) {
// CHECK: tile.mbarrier_wait %[[EMPTY]]
// CHECK: tile.mbarrier_arrive %[[FULL]][%[[STAGE:.*]]] expect(24576)
// CHECK: tile.tma_load %[[AMAP]][%{{.*}}], %{{.*}}[%[[STAGE]], %c0{{.*}}, %c0{{.*}}], %[[FULL]][%[[STAGE]]] ordered
// CHECK: %[[FROM:.*]] = arith.addi %{{.*}}, %[[ROW]]
// CHECK: tile.tma_load %[[BMAP]][%[[FROM]], %{{.*}}], %{{.*}}[%[[STAGE]], %[[ROW]], %c0{{.*}}], %[[FULL]][%[[STAGE]]] multicast(%[[MASK]]) ordered
// CHECK-NOT: tile.tma_load
// CHECK: }, threads(127) {
// CHECK: }
// CHECK-NEXT: }
// CHECK-NEXT: tile.cluster_barrier
// CHECK-NEXT: }
// CHECK: } else {
// CHECK: tile.launch {{.*}} cluster(1, 2)
// CHECK-NOT: tile.cluster
// CHECK: return
func.func @one_dimension(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(1, 2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x128xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c128 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// A is shared along the first dimension, B along the second one, and what a
// block has read it tells the three that copied for it: itself, the one beside
// it and the one below. A tile of 64x128 has two panels.
// CHECK-LABEL: func @two_dimensions
// CHECK: %[[AMAP:.*]] = tile.tensor_map %arg0 {{.*}} to !tile.tensor_map<32x64xf16, swizzle 128>
// CHECK: %[[BMAP:.*]] = tile.tensor_map %arg1 {{.*}} to !tile.tensor_map<32x64xf16, swizzle 128>
// CHECK: %[[RANK:.*]] = tile.cluster_rank
// CHECK: %[[X:.*]] = arith.remui %[[RANK]], %c2{{.*}} : index
// CHECK: %[[Y:.*]] = arith.divui %[[RANK]], %c2{{.*}} : index
// CHECK: %[[AROW:.*]] = arith.muli %[[X]], %c32{{.*}} : index
// CHECK: %[[DISTANCE:.*]] = arith.muli %[[Y]], %c2{{.*}} : index
// CHECK: %[[TWO:.*]] = arith.constant 3 : i16
// CHECK: %[[SHIFT:.*]] = arith.index_cast %[[DISTANCE]] : index to i16
// CHECK: %[[AMASK:.*]] = arith.shli %[[TWO]], %[[SHIFT]] : i16
// CHECK: %[[BROW:.*]] = arith.muli %[[Y]], %c32{{.*}} : index
// CHECK: %[[FIVE:.*]] = arith.constant 5 : i16
// CHECK: %[[BSHIFT:.*]] = arith.index_cast %[[X]] : index to i16
// CHECK: %[[BMASK:.*]] = arith.shli %[[FIVE]], %[[BSHIFT]] : i16
// CHECK: tile.mbarrier_init %[[EMPTY:.*]][%{{.*}}] count(12)
// CHECK: tile.cluster_barrier
// CHECK: tile.specialize
// CHECK-COUNT-3: tile.mbarrier_arrive_remote
// CHECK-COUNT-3: tile.mbarrier_arrive_remote
// CHECK-NOT: tile.mbarrier_arrive_remote
// CHECK: tile.tma_load %[[AMAP]]{{.*}} multicast(%[[AMASK]])
// CHECK: tile.tma_load %[[BMAP]]{{.*}}[%{{.*}}, %[[BROW]], %c0{{.*}}], {{.*}} multicast(%[[BMASK]])
// CHECK: tile.tma_load %[[BMAP]]{{.*}}[%{{.*}}, %[[BROW]], %c64{{.*}}], {{.*}} multicast(%[[BMASK]])
func.func @two_dimensions(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2, 2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x128xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c128 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %col], %t : memref<?x?xf16> to memref<64x128xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<64x128xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// A loop that shares nothing keeps its barriers to itself.
// CHECK-LABEL: func @alone
// CHECK: tile.launch {{.*}} cluster(2)
// CHECK: count(4)
// CHECK: tile.fence mbarrier_init
// CHECK-NEXT: tile.barrier
// CHECK-NOT: tile.cluster
// CHECK-NOT: multicast
// CHECK-NOT: remote
// CHECK: return
func.func @alone(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %x, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%row, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// RUN: tile-opt %s --tile-expand-tma | FileCheck %s
// RUN: tile-opt %s --tile-expand-tma=chip=sm_89 | FileCheck %s
// RUN: tile-opt %s --tile-expand-tma=chip=sm_90 | FileCheck %s --check-prefix=KEPT

// Copies are done at once, and nothing else is left.
// CHECK-LABEL: func @all
// CHECK-NOT: tile.tensor_map
// CHECK: tile.launch
// CHECK-NEXT: %[[S:.*]] = tile.alloc
// CHECK-NEXT: tile.alloc
// CHECK-NEXT: tile.copy %arg0[%arg2, %arg3], %[[S]][%arg2, %{{.*}}, %{{.*}}] extents [64, 64] : memref<?x?xf16> to memref<3x64x64xf16, #tile.scope<shared>>
// CHECK-NEXT: tile.copy %[[S]], %arg0[%arg2, %arg3] extents [64, 64] : memref<3x64x64xf16, #tile.scope<shared>> to memref<?x?xf16>
// CHECK-NEXT: }

// KEPT-LABEL: func @all
// KEPT: tile.tensor_map
// KEPT: tile.tma_prefetch
// KEPT: tile.mbarrier_init
// KEPT: tile.mbarrier_arrive
// KEPT: tile.tma_load
// KEPT: tile.mbarrier_wait
// KEPT: tile.fence
// KEPT: tile.named_barrier
// KEPT: tile.set_max_registers
// KEPT: tile.tma_store
// KEPT: tile.tma_store_commit
// KEPT: tile.tma_store_wait
func.func @all(%a: memref<?x?xf16>, %n: index, %i: index, %k: index) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<3x64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<1xi64, #tile.scope<shared>>
    tile.tma_prefetch %m : !tile.tensor_map<64x64xf16, swizzle 128>
    tile.mbarrier_init %b[%c0] count(1) : memref<1xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%c0] expect(8192) : memref<1xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %k], %s[%i, %c0, %c0], %b[%c0]
      : !tile.tensor_map<64x64xf16, swizzle 128> to memref<3x64x64xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
    tile.mbarrier_wait %b[%c0], %c0 : memref<1xi64, #tile.scope<shared>>
    tile.fence async
    tile.named_barrier %i threads(128)
    tile.set_max_registers increase 240
    tile.tma_store %s, %m[%i, %k] : memref<3x64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16, swizzle 128>
    tile.tma_store_commit
    tile.tma_store_wait 0
  }
  return
}

// Without clusters, the number of a block in its cluster comes from its ids.
// CHECK-LABEL: func @cluster
// CHECK: tile.launch blocks(%[[X:.*]], %[[Y:.*]]) in
// CHECK-NOT: remote
// CHECK: tile.barrier
// CHECK: %[[FIRST:.*]] = arith.remui %[[X]], %c2{{.*}} : index
// CHECK: %[[SECOND:.*]] = arith.remui %[[Y]], %c4{{.*}} : index
// CHECK: %[[BELOW:.*]] = arith.muli %[[SECOND]], %c2{{.*}} : index
// CHECK: %[[RANK:.*]] = arith.addi %{{.*}}, %[[BELOW]] : index
// CHECK: memref.store %[[RANK]]
// CHECK: tile.launch blocks() in
// CHECK: %[[ZERO:.*]] = arith.constant 0
// CHECK: memref.store %[[ZERO]]
// KEPT-LABEL: func @cluster
// KEPT: tile.mbarrier_arrive_remote
// KEPT: tile.cluster_barrier
// KEPT: tile.cluster_rank
func.func @cluster(%n: index, %out: memref<?x?xindex>) {
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2, 4) {
    %b = tile.alloc : memref<1xi64, #tile.scope<shared>>
    tile.mbarrier_arrive_remote %b[%x] at %x : memref<1xi64, #tile.scope<shared>>
    tile.cluster_barrier
    %rank = tile.cluster_rank
    memref.store %rank, %out[%x, %y] : memref<?x?xindex>
  }
  tile.launch blocks() in () threads(128) {
    %rank = tile.cluster_rank
    memref.store %rank, %out[%n, %n] : memref<?x?xindex>
  }
  return
}

// A staged store is a copy of the fragment, and its stage is gone.
// CHECK-LABEL: func @staged
// CHECK-NOT: tile.tensor_map
// CHECK-NOT: #tile.scope<shared>
// CHECK: tile.copy %[[F:.*]], %arg0[%arg1, %arg2, %arg2] extents [64, 128] : memref<64x128xf32, #tile.scope<fragment>> to memref<?x?x?xf16>
// KEPT-LABEL: func @staged
// KEPT: tile.staged_store
func.func @staged(%a: memref<?x?x?xf16>, %z: index, %i: index) {
  %m = tile.tensor_map %a optional : memref<?x?x?xf16> to !tile.tensor_map<1x64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<64x128xf32, #tile.scope<fragment>>
    tile.staged_store %f, %s, %m[%z, %i, %i]
      : memref<64x128xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<1x64x64xf16, swizzle 128>
  }
  return
}

// A dimension of one element that only the tensor has.
// CHECK-LABEL: func @batch
// CHECK: tile.copy %arg0[%arg1, %arg1, %arg1], %{{.*}} extents [8, 32] : memref<?x8x32xf32> to memref<8x32xf32, #tile.scope<shared>>
func.func @batch(%a: memref<?x8x32xf32>, %i: index) {
  %m = tile.tensor_map %a : memref<?x8x32xf32> to !tile.tensor_map<1x8x32xf32>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<8x32xf32, #tile.scope<shared>>
    %b = tile.alloc : memref<1xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %i, %i], %s, %b[%i]
      : !tile.tensor_map<1x8x32xf32> to memref<8x32xf32, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  }
  return
}

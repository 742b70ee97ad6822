// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90 --canonicalize --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-expand-tma=chip=sm_80 --convert-tile-to-gpu=chip=sm_80 --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// One thread of a warp arrives for it, in an order that only its block sees.
// REMARK: remark: [Missed] no-cluster | Category:convert-tile-to-gpu | Reason="cluster ignored: sm_80 has no clusters"
// CHECK-LABEL: func @cluster
// CHECK: gpu.launch clusters({{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: %[[RANK32:.*]] = nvvm.read.ptx.sreg.cluster.ctarank : i32
// CHECK: %[[RANK:.*]] = arith.index_castui %[[RANK32]] : i32 to index
// CHECK: memref.store %[[RANK]]
// CHECK: nvvm.cluster.arrive{{$}}
// CHECK-NEXT: nvvm.cluster.wait{{$}}
// CHECK-NOT: gpu.barrier
// CHECK: nvvm.bar.warp.sync
// CHECK: %[[LANE:.*]] = arith.remui %[[TID]], %c32 : index
// CHECK: %[[ISFIRST:.*]] = arith.cmpi eq, %[[LANE]], %c0 : index
// CHECK: scf.if %[[ISFIRST]] {
// CHECK: %[[OWN:.*]] = llvm.inttoptr %{{.*}} : i64 to !llvm.ptr<3>
// CHECK: %[[WHOSE:.*]] = arith.index_cast %{{.*}} : index to i32
// CHECK: %[[REMOTE:.*]] = nvvm.mapa %[[OWN]], %[[WHOSE]] : !llvm.ptr<3> -> !llvm.ptr<7>
// CHECK: nvvm.mbarrier.arrive %[[REMOTE]] : !llvm.ptr<7>{{$}}
func.func @cluster(%n: index, %whose: index, %out: memref<?xindex>) {
  %c0 = arith.constant 0 : index
  tile.launch blocks(%x) in (%n) threads(64) cluster(2) shared_bytes(16) {
    %bars = tile.alloc offset(0) : memref<2xi64, #tile.scope<shared>>
    tile.parallel (%i) in (1) {
      %rank = tile.cluster_rank
      memref.store %rank, %out[%x] : memref<?xindex>
    }
    tile.cluster_barrier
    tile.mbarrier_arrive_remote %bars[%c0] at %whose : memref<2xi64, #tile.scope<shared>>
  }
  return
}

// -----

// A block without others is number 0, and all by itself; so is one in a cluster
// of one.
// CHECK-LABEL: func @alone
// CHECK: memref.store %c0
// CHECK: gpu.barrier
// CHECK: nvvm.bar.warp.sync
// CHECK: nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<3> -> i64
// CHECK: gpu.barrier
// CHECK-NOT: nvvm.cluster
// CHECK: return
func.func @alone(%n: index, %out: memref<?xindex>) {
  %c0 = arith.constant 0 : index
  tile.launch blocks(%x) in (%n) threads(64) shared_bytes(16) {
    %bars = tile.alloc offset(0) : memref<2xi64, #tile.scope<shared>>
    %rank = tile.cluster_rank
    tile.parallel (%i) in (1) {
      memref.store %rank, %out[%x] : memref<?xindex>
    }
    tile.cluster_barrier
    tile.mbarrier_arrive_remote %bars[%c0] at %rank : memref<2xi64, #tile.scope<shared>>
  }
  tile.launch blocks(%x, %y) in (%n, %n) threads(64) cluster(1, 1) {
    tile.cluster_barrier
  }
  return
}

// Fences and barriers around copies of boxes.

// RUN: tile-opt %s --tile-insert-barriers --split-input-file | FileCheck %s --implicit-check-not=tile.barrier --implicit-check-not=tile.fence

// The first thread makes the barrier and uses it; the copy engine sees it after
// a fence, other threads after a barrier. What was loaded needs none.
// CHECK-LABEL: func @load
func.func @load(%a: memref<64x64xf16>, %out: memref<64x64xf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<2xi64, #tile.scope<shared>>
    // CHECK: tile.mbarrier_init
    // CHECK-NEXT: tile.mbarrier_init
    // CHECK-NEXT: tile.mbarrier_arrive
    // CHECK-NEXT: tile.fence async_shared
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.tma_load
    // CHECK-NEXT: tile.mbarrier_wait
    // CHECK-NEXT: tile.copy
    tile.mbarrier_init %b[%c0] count(1) : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_init %b[%c1] count(4) : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%c0] expect(8192) : memref<2xi64, #tile.scope<shared>>
    tile.tma_load %m[%c0, %c0], %s, %b[%c0]
      : !tile.tensor_map<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>, memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_wait %b[%c0], %c0 : memref<2xi64, #tile.scope<shared>>
    tile.copy %s, %out : memref<64x64xf16, #tile.scope<shared>> to memref<64x64xf16>
    // Not before all threads have read it, unless the program says that it
    // takes care.
    // CHECK-NEXT: tile.mbarrier_arrive
    // CHECK-NEXT: tile.mbarrier_arrive
    // CHECK-NEXT: tile.tma_load {{.*}} ordered
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.tma_load
    tile.mbarrier_arrive %b[%c1] per warp : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%c0] expect(8192) : memref<2xi64, #tile.scope<shared>>
    tile.tma_load %m[%c0, %c0], %s, %b[%c0] ordered
      : !tile.tensor_map<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>, memref<2xi64, #tile.scope<shared>>
    tile.tma_load %m[%c0, %c0], %s, %b[%c0]
      : !tile.tensor_map<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>, memref<2xi64, #tile.scope<shared>>
  }
  return
}

// -----

// Other threads wait for a barrier that the first one has made.
// CHECK-LABEL: func @wait
func.func @wait() {
  %c0 = arith.constant 0 : index
  tile.launch blocks() in () threads(128) {
    %b = tile.alloc : memref<1xi64, #tile.scope<shared>>
    // CHECK: tile.mbarrier_init
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.mbarrier_arrive
    // CHECK-NEXT: tile.mbarrier_wait
    tile.mbarrier_init %b[%c0] count(128) : memref<1xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%c0] per thread : memref<1xi64, #tile.scope<shared>>
    tile.mbarrier_wait %b[%c0], %c0 : memref<1xi64, #tile.scope<shared>>
  }
  return
}

// -----

// A barrier on the way does not make a write visible to the copy engine. After
// the wait other threads learn from a barrier that the buffer is free.
// CHECK-LABEL: func @store
func.func @store(%a: memref<64x64xf16>, %v: f16) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fence async_shared
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.tma_store
    // CHECK-NEXT: tile.tma_store_commit
    // CHECK-NEXT: tile.tma_store_wait 0 read
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<64x64xf16, #tile.scope<shared>>
    tile.barrier
    tile.tma_store %s, %m[%c0, %c0] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16>
    tile.tma_store_commit
    tile.tma_store_wait 0 read
    tile.fill %s, %v : memref<64x64xf16, #tile.scope<shared>>
    // CHECK-NEXT: tile.tma_store {{.*}} ordered
    tile.tma_store %s, %m[%c0, %c0] ordered : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16>
    // CHECK-NEXT: tile.tma_store_wait 0{{$}}
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy
    tile.tma_store_wait 0
    tile.copy %a, %s : memref<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>
  }
  return
}

// -----

// A fence that is there already is enough, with a barrier after it.
// CHECK-LABEL: func @fence
func.func @fence(%a: memref<64x64xf16>, %v: f16) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fence mbarrier_init
    // CHECK-NEXT: tile.fence async
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.tma_store
    tile.fill %s, %v : memref<64x64xf16, #tile.scope<shared>>
    tile.barrier
    tile.fence mbarrier_init
    tile.fence async
    tile.tma_store %s, %m[%c0, %c0] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16>
  }
  return
}

// -----

// What the block has written to the tensor itself.
// CHECK-LABEL: func @global
func.func @global(%a: memref<64x64xf16>, %b: memref<64x64xf16>, %v: f16) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %bar = tile.alloc : memref<1xi64, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.fence async{{$}}
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.tma_load
    tile.fill %a, %v : memref<64x64xf16>
    tile.tma_load %m[%c0, %c0], %s, %bar[%c0]
      : !tile.tensor_map<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
    // Another argument is other memory.
    // CHECK-NEXT: tile.fill
    // CHECK-NEXT: tile.tma_load
    tile.fill %b, %v : memref<64x64xf16>
    tile.tma_load %m[%c0, %c0], %s, %bar[%c0]
      : !tile.tensor_map<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  }
  return
}

// -----

// A fence for what was written before a loop stands before it.
// CHECK-LABEL: func @loop
func.func @loop(%a: memref<64x64xf16>, %n: index, %v: f16) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.fence async_shared
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: scf.for
    // CHECK-NEXT: tile.tma_store
    // CHECK-NEXT: tile.tma_store_commit
    tile.fill %s, %v : memref<64x64xf16, #tile.scope<shared>>
    scf.for %i = %c0 to %n step %c1 {
      tile.tma_store %s, %m[%i, %c0] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16>
      tile.tma_store_commit
    }
  }
  return
}

// -----

// One thread needs fences too.
// CHECK-LABEL: func @one_thread
func.func @one_thread(%a: memref<64x64xf16>, %v: f16) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(1) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.fence async_shared
    // CHECK-NEXT: tile.tma_store
    tile.fill %s, %v : memref<64x64xf16, #tile.scope<shared>>
    tile.tma_store %s, %m[%c0, %c0] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16>
  }
  return
}

// -----

// The barrier of a cluster is one of the block, too. Arrivals at the barriers of
// other blocks follow what makes the block's own.
// CHECK-LABEL: func @cluster
func.func @cluster(%out: memref<64xf32>, %v: f32, %n: index) {
  %c0 = arith.constant 0 : index
  tile.launch blocks(%x) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %b = tile.alloc : memref<2xi64, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.cluster_barrier
    // CHECK-NEXT: tile.copy
    tile.fill %s, %v : memref<64xf32, #tile.scope<shared>>
    tile.cluster_barrier
    tile.copy %s, %out : memref<64xf32, #tile.scope<shared>> to memref<64xf32>
    // CHECK-NEXT: tile.mbarrier_init
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.mbarrier_arrive_remote
    // CHECK-NEXT: tile.mbarrier_arrive_remote
    tile.mbarrier_init %b[%c0] count(8) : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive_remote %b[%c0] at %c0 : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive_remote %b[%c0] at %c0 : memref<2xi64, #tile.scope<shared>>
  }
  return
}

// -----

// A staged store orders what it does with its stage. Before it, others must be
// done with the stage, and threads that wrote the tensor need a fence; after it,
// they wait and meet.
// CHECK-LABEL: func @staged
func.func @staged(%c: memref<64x64xf16>, %v: f16) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tile.tensor_map %c : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    // CHECK: tile.fill %{{.*}}, %{{.*}} : memref<64x64xf16>
    // CHECK-NEXT: tile.fence async
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.staged_store
    // CHECK-NEXT: tile.staged_store
    // CHECK-NEXT: tile.tma_store_wait 0
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill %{{.*}}, %{{.*}} : memref<64x64xf16, #tile.scope<shared>>
    // CHECK-NEXT: tile.fence async_shared
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.staged_store
    tile.fill %c, %v : memref<64x64xf16>
    tile.staged_store %f, %s, %m[%c0, %c0] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16>
    tile.staged_store %f, %s, %m[%c0, %c0] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16>
    tile.tma_store_wait 0
    tile.fill %s, %v : memref<64x64xf16, #tile.scope<shared>>
    tile.staged_store %f, %s, %m[%c0, %c0] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16>
  }
  return
}

// -----

// What a test leaves to one branch in all of the launch never meets what the
// other does, so that the store needs no fence.
// CHECK-LABEL: func @chosen
func.func @chosen(%c: memref<64x64xf16>, %ok: i1, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tile.tensor_map %c : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    // CHECK: scf.for
    // CHECK-NEXT: scf.if
    // CHECK-NEXT: tile.staged_store
    // CHECK-NEXT: } else {
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy
    scf.for %i = %c0 to %n step %c1 {
      scf.if %ok {
        tile.staged_store %f, %s, %m[%i, %c0] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16>
      } else {
        tile.copy %f, %c[%i, %c0] : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf16>
      }
    }
  }
  return
}

// -----

// One that differs between iterations does not tell.
// CHECK-LABEL: func @undecided
func.func @undecided(%c: memref<64x64xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tile.tensor_map %c : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    // CHECK: scf.if
    // CHECK-NEXT: tile.fence async
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.staged_store
    // CHECK-NEXT: } else {
    // CHECK-NEXT: tile.barrier
    scf.for %i = %c0 to %n step %c1 {
      %ok = arith.cmpi eq, %i, %c0 : index
      scf.if %ok {
        tile.staged_store %f, %s, %m[%i, %c0] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16>
      } else {
        tile.copy %f, %c[%i, %c0] : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf16>
      }
    }
  }
  return
}

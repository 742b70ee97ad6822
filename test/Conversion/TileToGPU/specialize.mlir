// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90a --canonicalize --split-input-file | FileCheck %s

// Whole warps branch by the number of their first thread. Each part counts its
// threads from 0, and has a barrier of its own.
// CHECK-LABEL: func @parts
// CHECK: gpu.launch {{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: gpu.barrier
// CHECK: %[[NUMBER:.*]] = arith.index_cast %[[TID]] : index to i32
// CHECK: %[[FIRST:.*]], %{{.*}} = gpu.shuffle idx %[[NUMBER]], %c0_i32, %c32_i32 : i32
// CHECK: %[[WARP:.*]] = arith.index_cast %[[FIRST]] : i32 to index
// CHECK: %[[ISFIRST:.*]] = arith.cmpi ult, %[[WARP]], %c128 : index
// CHECK: %[[SECOND:.*]] = arith.subi %[[TID]], %c128 : index
// CHECK: scf.if %[[ISFIRST]] {
// CHECK: scf.for %{{.*}} = %[[TID]] to
// CHECK: nvvm.barrier id = %c1_i32 number_of_threads = %c128_i32
// CHECK: } else {
// CHECK: scf.for %{{.*}} = %[[SECOND]] to
// CHECK: nvvm.barrier id = %c2_i32 number_of_threads = %c32_i32
func.func @parts(%a: memref<128xi32>, %b: memref<32xi32>, %v: i32) {
  tile.launch blocks() in () threads(160) {
    tile.barrier
    tile.specialize threads(128) {
      tile.fill %a, %v : memref<128xi32>
      tile.barrier
    }, threads(32) {
      tile.fill %b, %v : memref<32xi32>
      tile.barrier
    }
  }
  return
}

// -----

// One thread needs no barrier, and does not ask whether it is the first one.
// CHECK-LABEL: func @one_thread
// CHECK: gpu.launch {{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: %[[ISFIRST:.*]] = arith.cmpi ult, %[[TID]], %c1 : index
// CHECK: scf.if %[[ISFIRST]] {
// CHECK-NOT: scf.if
// CHECK: nvvm.mbarrier.init
// CHECK-NOT: barrier id
// CHECK: gpu.terminator
func.func @one_thread() {
  tile.launch blocks() in () threads(32) shared_bytes(8) {
    %bars = tile.alloc offset(0) : memref<1xi64, #tile.scope<shared>>
    %c0 = arith.constant 0 : index
    tile.specialize threads(1) {
      tile.mbarrier_init %bars[%c0] count(1) : memref<1xi64, #tile.scope<shared>>
      tile.barrier
    }, threads(31) {
    }
  }
  return
}

// -----

// A product that is under way has no wait of its own; the one that names its
// accumulator gives the sums.
// CHECK-LABEL: func @deferred
// CHECK: nvvm.wgmma.commit.group.sync.aligned
// CHECK-NOT: wait_group
// CHECK: nvvm.wgmma.wait.group.sync.aligned 1
// CHECK-NOT: llvm.inline_asm
// CHECK: nvvm.wgmma.wait.group.sync.aligned 0
// CHECK: %[[DONE:.*]] = llvm.inline_asm has_side_effects "", "=f,
// CHECK: llvm.extractvalue %[[DONE]][0]
func.func @deferred(%d: memref<64x8xf32>) {
  tile.launch blocks() in () threads(128) shared_bytes(4096) {
    %s = tile.alloc offset(0) swizzle(32) : memref<64x16xf16, #tile.scope<shared>>
    %t = tile.alloc offset(2048) swizzle(32) : memref<8x16xf16, #tile.scope<shared>>
    %c = tile.alloc {tile.layout = #tile.layout<threads (4,8,4):(2,8,128), values (2,2):(1,64), shape 64x8>} : memref<64x8xf32, #tile.scope<fragment>>
    tile.gemm %s, %t, %c transpose_b clear deferred : memref<64x16xf16, #tile.scope<shared>>, memref<8x16xf16, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
    tile.gemm_wait 1
    tile.gemm_wait 0, %c : memref<64x8xf32, #tile.scope<fragment>>
    tile.copy %c, %d : memref<64x8xf32, #tile.scope<fragment>> to memref<64x8xf32>
  }
  return
}

// -----

// The threads of a part do all of a copy and of a loop over memory.
// CHECK-LABEL: func @copies
// CHECK-SAME: %[[A:.*]]: memref<128x64xf32>, %[[B:.*]]: memref<128x32xi32>
// CHECK-COUNT-8: vector.store %{{.*}}, %[[A]]
// CHECK-NOT: vector.store %{{.*}}, %[[A]]
// CHECK-COUNT-8: vector.store %{{.*}}, %[[B]]
// CHECK-NOT: vector.store %{{.*}}, %[[B]]
func.func @copies(%a: memref<128x64xf32>, %b: memref<128x32xi32>, %v: i32) {
  tile.launch blocks() in () threads(256) shared_bytes(16384) {
    %s = tile.alloc offset(0) : memref<128x32xf32, #tile.scope<shared>>
    tile.specialize threads(128) {
      tile.copy %s, %a extents [128, 32] : memref<128x32xf32, #tile.scope<shared>> to memref<128x64xf32>
      tile.barrier
      tile.parallel (%i, %j) in (128, 32) {
        memref.store %v, %b[%i, %j] : memref<128x32xi32>
      }
    }, threads(128) {
    }
  }
  return
}

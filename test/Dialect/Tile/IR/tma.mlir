// Copies of a copy engine, and what synchronises with them.

// RUN: tile-opt %s --verify-roundtrip | FileCheck %s
// RUN: tile-opt %s -mlir-print-op-generic | tile-opt | FileCheck %s
// RUN: tile-opt %s --emit-bytecode | tile-opt | FileCheck %s

// CHECK-LABEL: func.func private @types(!tile.tensor_map<64x64xf16, swizzle 128>, !tile.tensor_map<16x8xf32>, !tile.tensor_map<1x2x3x4x256xf8E5M2>)
func.func private @types(!tile.tensor_map<64x64xf16, swizzle 128>,
                         !tile.tensor_map<16x8xf32>,
                         !tile.tensor_map<1x2x3x4x256xf8E5M2>)

// CHECK-LABEL: func @copies(
func.func @copies(%a: memref<?x?xf16>, %b: memref<?x8x?xf16, strided<[?, ?, 1]>>, %i: index, %mask: i16) {
  // CHECK: tile.tensor_map %{{.*}} : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  %m = tile.tensor_map %a : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  // CHECK: tile.tensor_map %{{.*}} fetch(64) : memref<?x8x?xf16, strided<[?, ?, 1]>> to !tile.tensor_map<1x8x32xf16>
  %n = tile.tensor_map %b fetch(64) : memref<?x8x?xf16, strided<[?, ?, 1]>> to !tile.tensor_map<1x8x32xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<3x64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<8x32xf16, #tile.scope<shared>>
    %bars = tile.alloc : memref<3xi64, #tile.scope<shared>>
    // CHECK: %[[ZERO:.*]] = arith.constant 0
    %c0 = arith.constant 0 : index
    // CHECK: tile.tma_prefetch %{{.*}} : !tile.tensor_map<64x64xf16, swizzle 128>
    tile.tma_prefetch %m : !tile.tensor_map<64x64xf16, swizzle 128>
    // CHECK: tile.tma_load %{{.*}}[%[[I:.*]], %[[ZERO]]], %{{.*}}[%[[I]], %[[ZERO]], %[[ZERO]]], %{{.*}}[%[[I]]] multicast(%{{.*}}) ordered : !tile.tensor_map<64x64xf16, swizzle 128> to memref<3x64x64xf16, #tile.scope<shared>>, memref<3xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %c0], %s[%i, %c0, %c0], %bars[%i] multicast(%mask) ordered
      : !tile.tensor_map<64x64xf16, swizzle 128> to memref<3x64x64xf16, #tile.scope<shared>>, memref<3xi64, #tile.scope<shared>>
    // CHECK: tile.tma_load %{{.*}}[%[[I]], %[[I]], %[[ZERO]]], %{{.*}}, %{{.*}}[%[[I]]] : !tile.tensor_map<1x8x32xf16> to
    tile.tma_load %n[%i, %i, %c0], %t, %bars[%i]
      : !tile.tensor_map<1x8x32xf16> to memref<8x32xf16, #tile.scope<shared>>, memref<3xi64, #tile.scope<shared>>
    // CHECK: tile.tma_store %{{.*}}[%[[I]], %[[ZERO]], %[[ZERO]]], %{{.*}}[%[[I]], %[[ZERO]]] : memref<3x64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16, swizzle 128>
    tile.tma_store %s[%i, %c0, %c0], %m[%i, %c0]
      : memref<3x64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16, swizzle 128>
    // CHECK: tile.tma_store %{{.*}}, %{{.*}}[%[[I]], %[[I]], %[[ZERO]]] ordered : memref<8x32xf16, #tile.scope<shared>> to !tile.tensor_map<1x8x32xf16>
    tile.tma_store %t, %n[%i, %i, %c0] ordered
      : memref<8x32xf16, #tile.scope<shared>> to !tile.tensor_map<1x8x32xf16>
    // CHECK-NEXT: tile.tma_store_commit
    tile.tma_store_commit
    // CHECK-NEXT: tile.tma_store_wait 1 read
    tile.tma_store_wait 1 read
    // CHECK-NEXT: tile.tma_store_wait 0{{$}}
    tile.tma_store_wait 0
  }
  return
}

// CHECK-LABEL: func @staged(
func.func @staged(%c: memref<4x?x?xf16>, %acc: memref<128x256xf32, #tile.scope<fragment>>,
                  %stage: memref<128x128xf16, #tile.scope<shared>>, %z: index, %i: index) {
  // CHECK: tile.tensor_map %{{.*}} fetch(64) optional : memref<4x?x?xf16> to !tile.tensor_map<1x64x64xf16, swizzle 128>
  %m = tile.tensor_map %c fetch(64) optional : memref<4x?x?xf16> to !tile.tensor_map<1x64x64xf16, swizzle 128>
  // CHECK: tile.staged_store %{{.*}}, %{{.*}}, %{{.*}}[%[[Z:.*]], %[[I:.*]], %[[I]]] : memref<128x256xf32, #tile.scope<fragment>>, memref<128x128xf16, #tile.scope<shared>>, !tile.tensor_map<1x64x64xf16, swizzle 128>
  tile.staged_store %acc, %stage, %m[%z, %i, %i]
    : memref<128x256xf32, #tile.scope<fragment>>, memref<128x128xf16, #tile.scope<shared>>,
      !tile.tensor_map<1x64x64xf16, swizzle 128>
  return
}

// Strides that do not fit are not refused where the map may be empty.
// CHECK-LABEL: func @optional(
func.func @optional(%c: memref<8x10xf16>) {
  // CHECK: tile.tensor_map %{{.*}} optional : memref<8x10xf16> to !tile.tensor_map<8x8xf16>
  %m = tile.tensor_map %c optional : memref<8x10xf16> to !tile.tensor_map<8x8xf16>
  return
}

// CHECK-LABEL: func @sync(
func.func @sync(%bars: memref<2x3xi64, #tile.scope<shared>>, %i: index) {
  // CHECK: tile.mbarrier_init %{{.*}}[%{{.*}}, %{{.*}}] count(5) : memref<2x3xi64, #tile.scope<shared>>
  tile.mbarrier_init %bars[%i, %i] count(5) : memref<2x3xi64, #tile.scope<shared>>
  // CHECK: tile.mbarrier_arrive %{{.*}}[%{{.*}}, %{{.*}}] : memref
  tile.mbarrier_arrive %bars[%i, %i] : memref<2x3xi64, #tile.scope<shared>>
  // CHECK: tile.mbarrier_arrive %{{.*}}[%{{.*}}, %{{.*}}] per warp : memref
  tile.mbarrier_arrive %bars[%i, %i] per warp : memref<2x3xi64, #tile.scope<shared>>
  // CHECK: tile.mbarrier_arrive %{{.*}}[%{{.*}}, %{{.*}}] per thread : memref
  tile.mbarrier_arrive %bars[%i, %i] per thread : memref<2x3xi64, #tile.scope<shared>>
  // CHECK: tile.mbarrier_arrive %{{.*}}[%{{.*}}, %{{.*}}] expect(8192) : memref
  tile.mbarrier_arrive %bars[%i, %i] expect(8192) : memref<2x3xi64, #tile.scope<shared>>
  // CHECK: %[[RANK:.*]] = tile.cluster_rank
  %rank = tile.cluster_rank
  // CHECK: tile.mbarrier_arrive_remote %{{.*}}[%{{.*}}, %{{.*}}] at %[[RANK]] : memref<2x3xi64, #tile.scope<shared>>
  tile.mbarrier_arrive_remote %bars[%i, %i] at %rank : memref<2x3xi64, #tile.scope<shared>>
  // CHECK: tile.cluster_barrier
  tile.cluster_barrier
  // CHECK: tile.mbarrier_wait %{{.*}}[%{{.*}}, %{{.*}}], %{{.*}} : memref
  tile.mbarrier_wait %bars[%i, %i], %i : memref<2x3xi64, #tile.scope<shared>>
  // CHECK: tile.fence async{{$}}
  tile.fence async
  // CHECK: tile.fence async_shared
  tile.fence async_shared
  // CHECK: tile.fence mbarrier_init
  tile.fence mbarrier_init
  // CHECK: tile.named_barrier %{{.*}} threads(256)
  tile.named_barrier %i threads(256)
  // CHECK: tile.set_max_registers increase 240
  tile.set_max_registers increase 240
  // CHECK: tile.set_max_registers decrease 24
  tile.set_max_registers decrease 24
  return
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file --remarks-filter-passed=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The host tests what only it knows, the addresses here; else there is the
// launch as it was.
// REMARK: remark: [Passed] specialized | Category:tile-specialize-warps | Reason="one warp copies 4 stages ahead for 256 threads that compute"
// CHECK-LABEL: func @product
// CHECK: %[[AMAP:.*]] = tile.tensor_map %{{.*}} : memref<1000x512xf16> to !tile.tensor_map<128x64xf16, swizzle 128>
// CHECK: %[[BMAP:.*]] = tile.tensor_map %{{.*}} : memref<512x768xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
// CHECK: tile.launch {{.*}} threads(384)
// CHECK: %[[A:.*]] = tile.alloc swizzle(128) : memref<4x128x64xf16
// CHECK: %[[B:.*]] = tile.alloc swizzle(128) : memref<4x64x256xf16
// CHECK: %[[FULL:.*]] = tile.alloc : memref<4xi64
// CHECK: %[[EMPTY:.*]] = tile.alloc : memref<4xi64
// CHECK: tile.mbarrier_init %[[FULL]][%{{.*}}] count(1)
// CHECK: tile.mbarrier_init %[[EMPTY]][%{{.*}}] count(8)
// CHECK: tile.fence mbarrier_init
// CHECK-NEXT: tile.barrier
// CHECK-NEXT: tile.specialize threads(256) {
// CHECK: tile.set_max_registers increase 232
// CHECK-NOT: tile.alloc{{.*}}shared
// CHECK: tile.fill
// CHECK: scf.for
// CHECK: tile.mbarrier_wait %[[FULL]]
// CHECK: tile.gemm %{{.*}}, %{{.*}}, %[[ACC:.*]] deferred
// CHECK-NEXT: tile.gemm_wait 1
// CHECK: scf.if
// CHECK: tile.mbarrier_arrive %[[EMPTY]][%{{.*}}] per warp
// CHECK: tile.gemm_wait 0, %[[ACC]]
// CHECK: scf.if
// CHECK: tile.mbarrier_arrive %[[EMPTY]][%{{.*}}] per warp
// CHECK: tile.copy %[[ACC]]
// The other warps copy: B in four boxes of 64 columns. They compute nothing.
// CHECK: }, threads(128) {
// CHECK: tile.set_max_registers decrease 40
// CHECK: tile.specialize threads(1) {
// CHECK-NOT: tile.fill
// CHECK-NOT: tile.alloc :
// CHECK: scf.for
// CHECK: tile.mbarrier_wait %[[EMPTY]]
// CHECK: tile.mbarrier_arrive %[[FULL]][%[[STAGE:.*]]] expect(49152)
// CHECK: tile.tma_load %[[AMAP]][%{{.*}}], %[[A]][%[[STAGE]], {{.*}}], %[[FULL]][%[[STAGE]]] ordered
// CHECK-COUNT-4: tile.tma_load %[[BMAP]]
// CHECK-NOT: tile.tma_load
// CHECK-NOT: tile.copy
// CHECK: }, threads(127) {
// CHECK: } else {
// CHECK: tile.launch {{.*}} threads(256) attributes {tile.fallback = 4 : i64}
// CHECK: tile.pipelined
func.func @product(%a: memref<1000x512xf16>, %b: memref<512x768xf16>, %c: memref<1000x768xf16>) {
  %c0 = arith.constant 0 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c256 = arith.constant 256 : index
  %c8 = arith.constant 8 : index
  %c3 = arith.constant 3 : index
  tile.launch blocks(%bx, %by) in (%c3, %c8) threads(256) {
    %row = arith.muli %by, %c128 : index
    %col = arith.muli %bx, %c256 : index
    %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %bs = tile.alloc : memref<64x256xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<128x256xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %c512 step %c64 stages(4) {
      tile.copy %a[%row, %kk], %as : memref<1000x512xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %col], %bs : memref<512x768xf16> to memref<64x256xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x256xf16, #tile.scope<shared>>, memref<128x256xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<128x256xf32, #tile.scope<fragment>> to memref<1000x768xf16>
  }
  return
}

// -----

// Only the warps that compute do what is done for memory alone, and what is
// done for that alone: atomics in a loop, one for the whole block whose result
// is a condition around stores, and the arithmetic between them.
// CHECK-LABEL: func @atomics
// CHECK: tile.specialize threads(128) {
// CHECK: tile.gemm
// CHECK: tile.atomic
// CHECK: tile.atomic
// CHECK: scf.if
// CHECK: tile.copy
// CHECK: }, threads(128) {
// CHECK: tile.specialize threads(1) {
// CHECK-NOT: tile.atomic
// CHECK-NOT: scf.if
// CHECK-NOT: arith.cmpi eq
// CHECK: tile.tma_load
// CHECK-NOT: tile.atomic
// CHECK-NOT: scf.if
// CHECK: }, threads(127) {
func.func @atomics(%a: memref<64x512xf16>, %b: memref<512x64xf16>, %c: memref<64x64xf32>, %d: memref<64x64xf32>, %count: memref<i32>) {
  %c0 = arith.constant 0 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %c8 = arith.constant 8 : index
  %one = arith.constant 1 : i32
  %last = arith.constant 7 : i32
  tile.launch blocks(%part) in (%c8) threads(128) {
    %as = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %bs = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %k = arith.muli %part, %c64 : index
    tile.pipelined %kk = %k to %c512 step %c512 stages(2) {
      tile.copy %a[%c0, %kk], %as : memref<64x512xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %bs : memref<512x64xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i, %j) in (64, 64) {
      %v = memref.load %acc[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
      %old = tile.atomic add %v, %c[%i, %j] : memref<64x64xf32>
    }
    %before = tile.atomic add %one, %count[] : memref<i32>
    %is_last = arith.cmpi eq, %before, %last : i32
    scf.if %is_last {
      tile.copy %acc, %d : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf32>
    }
  }
  return
}

// -----

// What the loop does not write may lie in registers, or in shared memory, where
// the consumers have copied it. The host tests the sizes of tensors of any.
// REMARK: remark: [Passed] specialized | Category:tile-specialize-warps | Reason="one warp copies 3 stages ahead for 128 threads that compute"
// CHECK-LABEL: func @kept
// CHECK: %{{.*}}, %{{.*}}, %[[SIZES:.*]]:2, %{{.*}}:2 = memref.extract_strided_metadata
// CHECK: %[[LAST:.*]] = arith.subi %[[SIZES]]#0, %c1
// CHECK: arith.cmpi ult, %[[LAST]], %c2147483647
// CHECK: tile.specialize threads(128) {
// CHECK: tile.copy %{{.*}}, %[[A:.*]] : memref<64x64xf16> to memref<64x64xf16, #tile.scope<fragment>>
// CHECK: tile.copy %{{.*}}, %[[B:.*]] : memref<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>
// CHECK: scf.for
// CHECK: tile.gemm %[[A]], %[[STAGE:.*]], %{{.*}} transpose_b deferred
// CHECK-NEXT: tile.gemm %[[B]], %[[STAGE]], %{{.*}} transpose_b deferred
// CHECK-NEXT: tile.gemm_wait 2
// CHECK: }, threads(128) {
// CHECK: tile.specialize threads(1) {
// CHECK-NOT: tile.copy
// CHECK: tile.tma_load
// CHECK-NOT: tile.copy
// CHECK: } else {
func.func @kept(%a: memref<64x64xf16>, %b: memref<?x64xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %f = tile.alloc : memref<64x64xf16, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %d = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %a, %f : memref<64x64xf16> to memref<64x64xf16, #tile.scope<fragment>>
    tile.copy %a, %s : memref<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %row = %c0 to %n step %c64 stages(3) {
      tile.copy %b[%row, %c0], %t : memref<?x64xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %f, %t, %c transpose_b : memref<64x64xf16, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %s, %t, %d transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// No more than 7 products are under way when the next iteration begins.
// CHECK-LABEL: func @many_products
// CHECK-COUNT-8: tile.gemm %{{.*}} deferred
// CHECK-NEXT: tile.gemm_wait 7
func.func @many_products(%b: memref<64x64xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %row = %c0 to %n step %c64 stages(3) {
      tile.copy %b[%row, %c0], %t : memref<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %t, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

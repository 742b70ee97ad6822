// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file --remarks-filter=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Two groups of 128 threads take the tiles in turn. Each counts the iterations
// that are the other's, and has its own of what is filled per tile.
// REMARK: remark: [Passed] specialized | {{.*}} Reason="one warp copies 4 stages ahead for 128 threads that compute, and as many that take turns with them"
// CHECK-LABEL: func @turns
// CHECK: tile.launch {{.*}} threads(384) roles(ping_pong)
// CHECK: %[[STAGE0:.*]] = tile.alloc swizzle(128) : memref<128x128xf16,
// CHECK: %[[STAGE1:.*]] = tile.alloc swizzle(128) : memref<128x128xf16,
// The stages are given back by one group each.
// CHECK: tile.mbarrier_init %[[FULL:.*]][%{{.*}}] count(1)
// CHECK: tile.mbarrier_init %[[EMPTY:.*]][%{{.*}}] count(4)
// A barrier for each group puts them in order.
// CHECK: tile.mbarrier_init %[[ORDER:.*]][%{{.*}}] count(4) : memref<2xi64
// CHECK: tile.mbarrier_init %[[ORDER]][%{{.*}}] count(4) : memref<2xi64
// CHECK: tile.specialize threads(128) {
// CHECK-NEXT: %[[NUMBER:.*]] = arith.constant 0 : index
// CHECK: %[[TURN:.*]] = tile.alloc_var
// CHECK: tile.set_max_registers increase 232
// CHECK: scf.for
// CHECK: %[[T:.*]] = memref.load %[[TURN]]
// CHECK: %[[REST:.*]] = arith.remui %[[T]],
// CHECK: %[[MINE:.*]] = arith.cmpi eq, %[[REST]], %[[NUMBER]]
// CHECK: memref.store %{{.*}}, %[[TURN]]
// CHECK: tile.alloc {{.*}} : memref<128x128xf32, #tile.scope<fragment>>
// CHECK: scf.if %[[MINE]] {
// CHECK-NEXT: tile.fill
// CHECK: %[[ROUNDS:.*]] = arith.divui %[[T]],
// CHECK: %[[OTHER:.*]] = arith.subi %{{.*}}, %[[NUMBER]]
// CHECK: %[[SUM:.*]] = arith.addi %[[ROUNDS]], %[[OTHER]]
// CHECK: %[[PARITY:.*]] = arith.remui %[[SUM]],
// CHECK-NEXT: tile.mbarrier_wait %[[ORDER]][%[[NUMBER]]], %[[PARITY]]
// CHECK-NEXT: scf.for
// CHECK: tile.mbarrier_arrive %[[ORDER]][%[[OTHER]]] per warp
// CHECK-NEXT: tile.gemm_wait 0
// CHECK: tile.staged_store %{{.*}}, %[[STAGE0]],
// CHECK-NEXT: } else {
// CHECK-NEXT: tile.copy
// CHECK-NEXT: }
// CHECK-NEXT: } else {
// CHECK: %[[LENGTH:.*]] = arith.maxsi
// CHECK: %[[TRIPS:.*]] = arith.ceildivsi %[[LENGTH]],
// CHECK: arith.addi %{{.*}}, %[[TRIPS]]
// CHECK: }, threads(128) {
// CHECK-NEXT: arith.constant 1 : index
// CHECK: tile.set_max_registers increase 232
// CHECK: tile.fill
// CHECK: tile.staged_store %{{.*}}, %[[STAGE1]],
// CHECK: }, threads(128) {
// CHECK: tile.set_max_registers decrease 40
// CHECK-NOT: tile.fill
// CHECK: tile.tma_load
// CHECK: } else {
// CHECK: tile.launch {{.*}} threads(128) roles(ping_pong)
func.func @turns(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<1024x1024xf16>) {
  %c0 = arith.constant 0 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c8 = arith.constant 8 : index
  %workers = arith.constant 132 : index
  tile.launch blocks(%worker) in (%workers) threads(128) roles(ping_pong) {
    scf.for %t = %worker to %c64 step %workers {
      %by = arith.divui %t, %c8 : index
      %bx = arith.remui %t, %c8 : index
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      %zero = arith.constant 0.0 : f32
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %row = arith.muli %by, %c128 : index
      %col = arith.muli %bx, %c128 : index
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(4) {
        tile.copy %a[%row, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %col], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %col] : memref<128x128xf32, #tile.scope<fragment>> to memref<1024x1024xf16>
    }
  }
  return
}

// -----

// The tiles come from a variable; the bound of the loop is known only behind
// the first piece of work. A buffer outside of the loop is filled per tile.
// REMARK: remark: [Passed] specialized | {{.*}} take turns with them"
// CHECK-LABEL: func @variable
// CHECK: tile.specialize threads(128)
// CHECK: scf.while
// CHECK: scf.if %[[MINE:.*]] {
// CHECK-NEXT: tile.fill
// CHECK-NEXT: }
// CHECK: %[[END:.*]] = memref.load
// CHECK: scf.if %[[MINE]] {
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[END]]
// CHECK: } else {
// CHECK: arith.subi %[[END]],
// CHECK: tile.specialize threads(1)
func.func @variable(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<1024x1024xf16>, %last: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %zero = arith.constant 0.0 : f32
  %c8 = arith.constant 8 : index
  tile.launch blocks(%worker) in (%c8) threads(128) roles(ping_pong) {
    %next = tile.alloc_var %worker : index
    %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
    scf.while : () -> () {
      %t = memref.load %next[] : memref<index, #tile.scope<local>>
      %more = arith.cmpi slt, %t, %last : index
      scf.condition(%more)
    } do {
      %t = memref.load %next[] : memref<index, #tile.scope<local>>
      %row = arith.muli %t, %c128 : index
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %end = memref.load %next[] : memref<index, #tile.scope<local>>
      tile.pipelined %kk = %c0 to %end step %c1 stages(2) {
        %k = arith.muli %kk, %c64 : index
        tile.copy %a[%row, %k], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%k, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %c0] : memref<128x128xf32, #tile.scope<fragment>> to memref<1024x1024xf16>
      %u = arith.addi %t, %c8 : index
      memref.store %u, %next[] : memref<index, #tile.scope<local>>
      scf.yield
    }
  }
  return
}

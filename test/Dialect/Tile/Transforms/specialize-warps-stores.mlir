// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a stores=direct})' --split-input-file | FileCheck %s --check-prefix=DIRECT
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file --remarks-filter-passed=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The host tests the tensor, and the consumers take the one way or the other. The
// stage is a buffer of the block; a box has the rows that four warps hold. The
// launch for operands that the copy engine cannot read stores through a buffer,
// too.
// REMARK: remark: [Passed] staged-store | Category:tile-specialize-warps | Reason="fragment stored through 8192 bytes of shared memory, 64 columns at a time"
// CHECK-LABEL: func @plain
// CHECK: %{{.*}}, %{{.*}}, %[[SIZES:.*]]:2, %[[STRIDES:.*]]:2 = memref.extract_strided_metadata %arg2
// CHECK: %[[ALIGNED:.*]] = arith.cmpi eq
// CHECK: arith.cmpi sgt, %[[STRIDES]]#0
// CHECK: arith.cmpi slt, %[[STRIDES]]#0
// CHECK: %[[ROWS:.*]] = arith.subi %[[SIZES]]#0, %c1
// CHECK: arith.cmpi ult, %[[ROWS]], %c2147483647
// CHECK: %[[COLUMNS:.*]] = arith.subi %[[SIZES]]#1, %c1
// CHECK: arith.cmpi ult, %[[COLUMNS]], %c2147483647
// CHECK: %[[OK:.*]] = arith.andi
// CHECK: %[[MAP:.*]] = tile.tensor_map %arg2 optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
// CHECK: tile.launch {{.*}} threads(256)
// CHECK: %[[STAGE:.*]] = tile.alloc swizzle(128) : memref<64x64xf16, #tile.scope<shared>>
// CHECK: tile.specialize threads(128)
// CHECK: tile.gemm_wait 0
// CHECK: scf.if %[[OK]] {
// CHECK-NEXT: tile.staged_store %[[ACC:.*]], %[[STAGE]], %[[MAP]][%[[ROW:.*]], %[[COL:.*]]]
// CHECK-NEXT: } else {
// CHECK-NEXT: tile.copy %[[ACC]], %arg2[%[[ROW]], %[[COL]]]
// CHECK-NEXT: }
// CHECK: }, threads(128) {
// CHECK-NOT: tile.staged_store
// CHECK: } else {
// CHECK: tile.launch {{.*}} attributes {tile.fallback = 4 : i64}
// CHECK: tile.gemm %{{.*}}, %{{.*}}, %[[SUM:[a-z0-9_]+]] transpose_b
// CHECK: %[[ALL:.*]] = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
// CHECK-NEXT: tile.copy %[[SUM]], %[[ALL]] : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf16, #tile.scope<shared>>
// CHECK-NEXT: tile.copy %[[ALL]], %arg2[%{{.*}}, %{{.*}}] :
// DIRECT-NOT: tile.staged_store
func.func @plain(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// A persistent block waits for its earlier stores, which may have written the
// same elements for all that is known. So does the copy that is done where the
// copy engine cannot store: it may have been able to before.
// CHECK-LABEL: func @loop
// CHECK: tile.gemm_wait 0
// CHECK: tile.mbarrier_arrive
// CHECK: tile.tma_store_wait 0
// CHECK-NEXT: scf.if
// CHECK-NEXT: tile.staged_store
// CHECK-NEXT: } else {
// CHECK-NEXT: tile.copy
func.func @loop(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) {
    scf.for %x = %w to %k step %n {
      %y = arith.divui %x, %n : index
      %row = arith.muli %x, %c64 : index
      %col = arith.muli %y, %c64 : index
      %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
      %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
      %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// -----

// Coordinates that may be negative, or at no multiple of 16 bytes, are tested.
// CHECK-LABEL: func @coordinates
// CHECK: tile.gemm_wait 0
// CHECK: %[[NOTNEGATIVE:.*]] = arith.cmpi sge, %arg4, %{{.*}} : index
// CHECK: %[[BOTH:.*]] = arith.andi %{{.*}}, %[[NOTNEGATIVE]]
// CHECK: arith.remui %arg4, %c8
// CHECK: %[[ALL:.*]] = arith.andi %[[BOTH]]
// CHECK: scf.if %[[ALL]] {
// CHECK-NEXT: tile.staged_store
func.func @coordinates(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %n] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// A clause counts more than the option.
// CHECK-LABEL: func @clauses
// CHECK-NOT: tile.staged_store
// CHECK-LABEL: func @staged
// CHECK: tile.staged_store
// DIRECT-LABEL: func @staged
// DIRECT: tile.staged_store
func.func @clauses(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) stores(direct) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}
func.func @staged(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) stores(staged) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// Two results of one form share a stage, and the later store waits; so does the
// earlier one, for all that is known. One of a batch has boxes of one matrix.
// CHECK-LABEL: func @results
// CHECK: tile.alloc swizzle(128) : memref<64x64xf16
// CHECK-NOT: tile.alloc swizzle(128) : memref<64x64xf16
// CHECK: tile.specialize
// CHECK-COUNT-2: tile.staged_store
// CHECK-LABEL: func @batch
// CHECK: tile.tensor_map %arg2 optional : memref<?x?x?xf32> to !tile.tensor_map<1x64x32xf32, swizzle 128>
// CHECK: tile.staged_store %{{.*}}, %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] : {{.*}} memref<64x64xf32, #tile.scope<shared>>
func.func @results(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index, %d: memref<?x?xf16>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    tile.copy %acc, %d[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}
func.func @batch(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?x?xf32>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%x, %row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?x?xf32>
  }
  return
}

// -----

// The tensor may be read before, but only once.
// CHECK-LABEL: func @read_before
// CHECK: tile.staged_store
func.func @read_before(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %f = tile.alloc : memref<64x64xf16, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %c[%row, %col], %f : memref<?x?xf16> to memref<64x64xf16, #tile.scope<fragment>>
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// A stage of the loop makes room for one of the store, but there remain three.
// CHECK-LABEL: func @room
// CHECK: tile.launch
// CHECK: tile.alloc swizzle(128) : memref<3x64x64xf16
func.func @room(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %big = tile.alloc : memref<40000xf32, #tile.scope<shared>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %z = arith.constant 0.0 : f32
    tile.fill %big, %z : memref<40000xf32, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(4) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

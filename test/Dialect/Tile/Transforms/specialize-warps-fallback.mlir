// The launch for operands that the copy engine cannot read stores through shared
// memory where there is room for a whole tile, and from registers elsewhere.

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file --remarks-filter-missed=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// 256 KiB are more than there are.
// REMARK: {{.*}}:29:5: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers where the copy engine cannot read the operands: shared memory has no room for it"
// CHECK-LABEL: func @wide
// CHECK: tile.staged_store
// CHECK: tile.launch {{.*}} attributes {tile.fallback
// CHECK: %[[ACC:.*]] = tile.alloc {{.*}}: memref<128x256xf32, #tile.scope<fragment>>
// CHECK: tile.pipelined
// CHECK: tile.copy %[[ACC]], %arg2[
func.func @wide(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf64>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(256) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<256x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(4) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<256x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<128x64xf16, #tile.scope<shared>>, memref<256x64xf16, #tile.scope<shared>>, memref<128x256xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<128x256xf32, #tile.scope<fragment>> to memref<?x?xf64>
  }
  return
}

// -----

// Beside 128 KiB the loop would have 2 stages instead of 4.
// REMARK: [Missed] direct-store
// CHECK-LABEL: func @stages
// CHECK: tile.staged_store
// CHECK: tile.launch {{.*}} attributes {tile.fallback
// CHECK: %[[ACC:.*]] = tile.alloc {{.*}}: memref<128x256xf32, #tile.scope<fragment>>
// CHECK: tile.pipelined
// CHECK: tile.copy %[[ACC]], %arg2[
func.func @stages(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf32>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(256) {
    %s = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<256x64xf16, #tile.scope<shared>>
    scf.for %x = %w to %k step %n {
      %row = arith.muli %x, %c64 : index
      %acc = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
      tile.pipelined %kk = %c0 to %k step %c64 stages(4) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%row, %kk], %t : memref<?x?xf16> to memref<256x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %acc transpose_b : memref<128x64xf16, #tile.scope<shared>>, memref<256x64xf16, #tile.scope<shared>>, memref<128x256xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %row] : memref<128x256xf32, #tile.scope<fragment>> to memref<?x?xf32>
    }
  }
  return
}

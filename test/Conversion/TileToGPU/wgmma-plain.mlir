// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-plan-memory,convert-tile-to-gpu{chip=sm_90a})' --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 | FileCheck %s

// The descriptors speak of swizzled rows; without them there is another way.
// CHECK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: '{{a|b}}' has no swizzle"
// CHECK-LABEL: func @plain
// CHECK-NOT: nvvm.wgmma
func.func @plain() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %a, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

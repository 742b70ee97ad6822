// A product's accumulator goes to its tensor by stmatrix and boxes: one of 64 x 64
// elements at a time for each group of four warps, which is written while the one
// before is read. ptxas takes it without spills and without a product that waits
// for another.

// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx --implicit-check-not=.local
// RUN: %if ptxas %{ ptxas -arch=sm_90a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s --check-prefix=PTXAS %}

// PTXAS-NOT: serialized
// PTXAS: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads

// CHECK: .entry product_kernel(
// CHECK: wgmma.mma_async
// CHECK: cp.async.bulk.wait_group.read 0
// CHECK: bar.sync [[ID:%r[0-9]+]], 128
// CHECK: cvt.rn.f16x2.f32
// CHECK-COUNT-4: stmatrix.sync.aligned.m8n8.x4.shared.b16
// CHECK: fence.proxy.async.shared::cta
// CHECK-NEXT: bar.sync [[ID]], 128
// CHECK: cp.async.bulk.tensor.2d.global.shared::cta.tile.bulk_group
// CHECK: cp.async.bulk.commit_group
// CHECK: cp.async.bulk.wait_group.read 1
// CHECK-COUNT-4: stmatrix.sync.aligned.m8n8.x4.shared.b16
// CHECK: cp.async.bulk.commit_group
// CHECK: cp.async.bulk.wait_group.read 1
// CHECK-COUNT-4: stmatrix.sync.aligned.m8n8.x4.shared.b16
// CHECK: cp.async.bulk.commit_group
// CHECK: cp.async.bulk.wait_group.read 1
func.func @product(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c256 = arith.constant 256 : index
  %zero = arith.constant 0.0 : f32
  %m = memref.dim %c, %c0 : memref<?x?xf16>
  %n = memref.dim %c, %c1 : memref<?x?xf16>
  %k = memref.dim %a, %c1 : memref<?x?xf16>
  %gm = arith.ceildivui %m, %c128 : index
  %gn = arith.ceildivui %n, %c256 : index
  tile.launch blocks(%x, %y) in (%gn, %gm) threads(256) {
    %row = arith.muli %y, %c128 : index
    %col = arith.muli %x, %c256 : index
    %s = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<256x64xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
    tile.fill %acc, %zero : memref<128x256xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(4) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<256x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<128x64xf16, #tile.scope<shared>>, memref<256x64xf16, #tile.scope<shared>>, memref<128x256xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<128x256xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

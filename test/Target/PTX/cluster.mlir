// Blocks of a cluster share a tile: the copies, the arrivals at each other's
// barriers, and the barriers of the cluster at both ends. The order of an arrival
// is not said to be that of the cluster, which would stop the machine each time.

// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a | FileCheck %s --implicit-check-not=.local --implicit-check-not=release
// RUN: %if ptxas %{ tile-translate %s --tile-to-ptx --chip=sm_90a -o %t.ptx %}
// RUN: %if ptxas %{ ptxas -arch=sm_90a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s --check-prefix=PTXAS %}

// CHECK: mov.u32 %r{{[0-9]+}}, %cluster_ctarank
// CHECK: mbarrier.init
// CHECK: fence.mbarrier_init.release.cluster
// CHECK: barrier.cluster.arrive;
// CHECK: barrier.cluster.wait;
// CHECK: mapa.shared::cluster.u64 [[REMOTE:%rd[0-9]+]], %rd{{[0-9]+}}, %r{{[0-9]+}};
// CHECK: mbarrier.arrive.shared::cluster.b64 _, {{\[}}[[REMOTE]]]
// CHECK: cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster
// CHECK: barrier.cluster.arrive;
// CHECK: barrier.cluster.wait;

// PTXAS: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
func.func @gemm(%a: memref<512x1024xf16>, %b: memref<512x1024xf16>, %c: memref<512x512xf32>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c1024 = arith.constant 1024 : index
  tile.launch blocks(%x, %y) in (%c4, %c4) threads(256) cluster(1, 2) {
    %s = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c128 : index
    %col = arith.muli %x, %c128 : index
    tile.pipelined %kk = %c0 to %c1024 step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<512x1024xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<512x1024xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<128x64xf16, #tile.scope<shared>>, memref<128x64xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<128x128xf32, #tile.scope<fragment>> to memref<512x512xf32>
  }
  return
}

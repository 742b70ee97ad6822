// Copies of boxes: the map is a parameter, and one thread begins the copies.

// RUN: tile-translate %S/../../Integration/kernels/tma-ring.mlir --tile-to-ptx --chip=sm_90a | FileCheck %s --implicit-check-not=.local
// RUN: tile-translate %S/../../Integration/kernels/tma-ring.mlir --tile-to-ptx --chip=sm_80 | FileCheck %s --check-prefix=OLD --implicit-check-not=mbarrier --implicit-check-not=bulk --implicit-check-not=proxy

// CHECK: .param .align 64 .b8 main_kernel_param_0[128]
// CHECK: prefetch.tensormap
// CHECK: mbarrier.init.shared.b64 [__dynamic_shmem__0+24576]
// CHECK: fence.proxy.async.shared::cta
// CHECK-NEXT: bar.sync 0
// CHECK: cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes
// CHECK: mbarrier.try_wait.parity.shared::cta.b64
// CHECK: fence.proxy.async.shared::cta
// CHECK-NEXT: bar.sync 0
// CHECK: cp.async.bulk.tensor.2d.global.shared::cta.tile.bulk_group
// CHECK: cp.async.bulk.commit_group
// CHECK: cp.async.bulk.wait_group 0
// CHECK-NEXT: cp.async.bulk.wait_group.read 0
// CHECK-NEXT: ret
// CHECK: mbarrier.arrive.expect_tx.shared.b64

// OLD: .entry main_kernel(
// OLD: bar.sync

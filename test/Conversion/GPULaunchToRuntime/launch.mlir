// RUN: tile-opt %s --split-input-file --convert-gpu-launch-to-runtime | FileCheck %s

// CHECK-LABEL: module
// CHECK-NOT: gpu.container_module
module attributes {gpu.container_module} {
  // The text of the assembly and the kernel's name end with a zero byte.
  // CHECK-DAG: llvm.mlir.global internal constant @kernels_image("PTX\00") {addr_space = 0 : i32, alignment = 16 : i64}
  // CHECK-DAG: llvm.mlir.global internal constant @k_name("k\00")
  // CHECK-DAG: llvm.func @tileRuntimeLaunch(!llvm.ptr, i64, !llvm.ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, !llvm.ptr, i64, i64)
  gpu.binary @kernels [#gpu.object<#nvvm.target, assembly = "PTX">]

  // CHECK-LABEL: llvm.func @host
  // CHECK-SAME: %[[N:[a-z0-9]+]]: i64, %[[X:[a-z0-9]+]]: f32, %[[BYTES:[a-z0-9]+]]: i32
  llvm.func @host(%n: i64, %x: f32, %bytes: i32) {
    // CHECK: %[[IMAGE:.*]] = llvm.mlir.addressof @kernels_image
    // CHECK: %[[NAME:.*]] = llvm.mlir.addressof @k_name
    // CHECK: %[[WIDE:.*]] = llvm.zext %[[BYTES]] : i32 to i64
    // CHECK: llvm.store %[[X]], %[[SLOT:.*]] : f32
    // CHECK: %[[PLACE:.*]] = llvm.getelementptr %[[ARRAY:.*]][0]
    // CHECK: llvm.store %[[SLOT]], %[[PLACE]]
    // CHECK: llvm.call @tileRuntimeLaunch(%[[IMAGE]], %{{.*}}, %[[NAME]], %[[N]], %[[N]], %[[N]], %[[N]], %[[N]], %[[N]], %{{.*}}, %{{.*}}, %{{.*}}, %[[WIDE]], %[[ARRAY]], %{{.*}}, %{{.*}})
    gpu.launch_func @kernels::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64 dynamic_shared_memory_size %bytes args(%x : f32)
    // With a cluster.
    // CHECK: llvm.call @tileRuntimeLaunch(%{{.*}}, %{{.*}}, %{{.*}}, %[[N]], %[[N]], %[[N]], %[[N]], %[[N]], %[[N]], %[[N]], %[[N]], %[[N]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}})
    gpu.launch_func @kernels::@k clusters in (%n, %n, %n) blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64
    llvm.return
  }
}

// -----

// Kernels that wait themselves for those ahead of them.
module attributes {gpu.container_module} {
  gpu.binary @kernels {tile.waits} [#gpu.object<#nvvm.target, assembly = "PTX">]
  // CHECK-LABEL: llvm.func @waits
  llvm.func @waits(%n: i64) {
    // CHECK: llvm.mlir.addressof @k_name
    // CHECK-NEXT: llvm.mlir.constant(0 : i64) : i64
    // CHECK-NEXT: %[[ONE:.*]] = llvm.mlir.constant(1 : i64) : i64
    // CHECK-NEXT: llvm.call @tileRuntimeLaunch({{.*}}, %[[ONE]])
    gpu.launch_func @kernels::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64
    llvm.return
  }
}

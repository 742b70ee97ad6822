// A kernel with every op goes through every pipeline.

// RUN: tile-opt %S/Inputs/all-ops.mlir --tile-to-cpu | FileCheck %s --check-prefix=CPU --implicit-check-not=" tile." --implicit-check-not=unrealized
// RUN: tile-opt %S/Inputs/all-ops.mlir --tile-to-gpu=chip=sm_90a | FileCheck %s --check-prefix=GPU --implicit-check-not=" tile."
// RUN: tile-opt %S/Inputs/all-ops.mlir --tile-to-nvvm | FileCheck %s --check-prefix=NVVM --implicit-check-not=" tile." --implicit-check-not=unrealized
// RUN: tile-opt %S/Inputs/all-ops.mlir --tile-to-ptx | FileCheck %s --check-prefix=PTX --implicit-check-not=" tile."
// RUN: tile-opt %S/Inputs/all-ops.mlir --tile-to-ptx=chip=sm_90a --tile-host-to-llvm | FileCheck %s --check-prefix=HOST --implicit-check-not=unrealized

// CPU-DAG: llvm.func @printf
// CPU-DAG: llvm.func @tileRuntimeFail
// CPU: llvm.func @all(

// GPU: func.func @all(
// GPU: gpu.launch_func @all_kernel::@all_kernel clusters in
// GPU: gpu.module @all_kernel
// GPU: gpu.func @all_kernel({{.*}} kernel attributes {known_block_size = array<i32: 96, 1, 1>
// GPU: gpu.barrier
// GPU: math.fma
// GPU: memref.atomic_rmw addi
// GPU: gpu.printf

// NVVM: gpu.launch_func @all_kernel::@all_kernel blocks in
// NVVM: llvm.func @all_kernel({{.*}}nvvm.kernel
// NVVM: nvvm.barrier0
// NVVM: llvm.atomicrmw add

// PTX: func.func @all(
// PTX: gpu.binary @all_kernel [#gpu.object<#nvvm.target<{{.*}}chip = "sm_80"{{.*}}>, {{.*}}"//{{.*}}.entry all_kernel

// HOST-DAG: llvm.mlir.global internal constant @all_kernel_image
// HOST-DAG: llvm.mlir.global internal constant @all_kernel_name("all_kernel\00")
// HOST: llvm.func @all(
// HOST: llvm.call @tileRuntimeLaunch

// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(convert-tile-gpu-to-nvvm))' | FileCheck %s

gpu.module @kernels {
  // CHECK-LABEL: llvm.func @kernel
  // CHECK-SAME: nvvm.kernel
  // CHECK-SAME: nvvm.maxntid = array<i32: 32, 1, 1>
  gpu.func @kernel(%a: memref<?xf32>, %v: f32, %i: index,
                   %b: memref<?xi64>, %w: i64) kernel
      attributes {known_block_size = array<i32: 32, 1, 1>} {
    // CHECK: nvvm.read.ptx.sreg.tid.x
    %t = gpu.thread_id x
    // CHECK: nvvm.barrier0
    gpu.barrier
    // Updates are relaxed and of device scope.
    // CHECK: llvm.atomicrmw fmaximum %{{.*}}, %{{.*}} syncscope("device") monotonic
    %0 = memref.atomic_rmw maximumf %v, %a[%i] : (f32, memref<?xf32>) -> f32
    // CHECK: llvm.atomicrmw add %{{.*}} syncscope("device") monotonic : !llvm.ptr, i64
    %3 = memref.atomic_rmw addi %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw _and %{{.*}} syncscope("device") monotonic
    %4 = memref.atomic_rmw andi %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw _or %{{.*}} syncscope("device") monotonic
    %5 = memref.atomic_rmw ori %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw _xor %{{.*}} syncscope("device") monotonic
    %6 = memref.atomic_rmw xori %w, %b[%i] : (i64, memref<?xi64>) -> i64
    // CHECK: llvm.atomicrmw xchg %{{.*}} syncscope("device") monotonic : !llvm.ptr, f32
    %7 = memref.atomic_rmw assign %v, %a[%i] : (f32, memref<?xf32>) -> f32
    // CHECK: llvm.intr.sqrt
    %1 = math.sqrt %0 : f32
    // CHECK: llvm.intr.fma
    %2 = math.fma %1, %1, %1 : f32
    memref.store %2, %a[%t] : memref<?xf32>
    // CHECK: llvm.return
    gpu.return
  }
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-overlap-kernels{chip=sm_90a}))' --split-input-file | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-overlap-kernels{chip=sm_80}))' --split-input-file | FileCheck %s --check-prefix=OLD

// OLD-NOT: tile.waits
// OLD-NOT: griddepcontrol

// The wait stands in front of the first access to memory. Functions that a
// kernel calls have none.
// CHECK: gpu.module @loads attributes {tile.waits}
gpu.module @loads {
  // CHECK-LABEL: gpu.func @kernel
  // CHECK: arith.divui
  // CHECK-NEXT: nvvm.griddepcontrol wait
  // CHECK-NEXT: nvvm.griddepcontrol launch_dependents
  // CHECK-NEXT: memref.load
  // CHECK-NOT: griddepcontrol
  gpu.func @kernel(%m: memref<?xf32>, %n: index) kernel {
    %id = gpu.block_id x
    %q = arith.divui %id, %n : index
    %v = memref.load %m[%q] : memref<?xf32>
    memref.store %v, %m[%id] : memref<?xf32>
    gpu.return
  }
  gpu.func @function(%m: memref<?xf32>, %v: f32, %i: index) {
    memref.store %v, %m[%i] : memref<?xf32>
    gpu.return
  }
}

// -----

// A block's barriers are made before, and tensor maps fetched; a condition with an access in it waits.
gpu.module @barriers {
  // CHECK-LABEL: gpu.func @kernel
  // CHECK: nvvm.mbarrier.init
  // CHECK: nvvm.fence.mbarrier.init
  // CHECK: nvvm.cluster.arrive
  // CHECK-NEXT: nvvm.cluster.wait
  // CHECK-NEXT: gpu.barrier
  // CHECK: arith.cmpi
  // CHECK-NEXT: nvvm.griddepcontrol wait
  // CHECK-NEXT: nvvm.griddepcontrol launch_dependents
  // CHECK-NEXT: scf.if
  gpu.func @kernel(%m: memref<?xf32>, %v: f32, %p: !llvm.ptr<3>, %map: !llvm.ptr) kernel {
    %c0 = arith.constant 0 : index
    %one = arith.constant 1 : i32
    %id = gpu.thread_id x
    nvvm.prefetch tensormap, %map : !llvm.ptr
    %first = arith.cmpi eq, %id, %c0 : index
    scf.if %first {
      nvvm.mbarrier.init %p, %one : !llvm.ptr<3>, i32
      nvvm.fence.mbarrier.init
    }
    nvvm.cluster.arrive
    nvvm.cluster.wait
    gpu.barrier
    %others = arith.cmpi ne, %id, %c0 : index
    scf.if %others {
      memref.store %v, %m[%id] : memref<?xf32>
    }
    gpu.return
  }
}

// -----

// A kernel without accesses may run before others end, but those behind it
// must not.
gpu.module @nothing {
  // CHECK-LABEL: gpu.func @kernel
  // CHECK-NEXT: nvvm.griddepcontrol wait
  // CHECK-NEXT: nvvm.griddepcontrol launch_dependents
  // CHECK-NEXT: gpu.return
  gpu.func @kernel() kernel {
    gpu.return
  }
}

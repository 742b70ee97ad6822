// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(tile-place-tensor-maps))' --split-input-file --verify-diagnostics | FileCheck %s

!map = !llvm.struct<"tile.tensor_map", (array<16 x i64>)>
gpu.module @kernels {
  // CHECK: llvm.func @kernel(%[[MAP:.*]]: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.struct<"tile.tensor_map", (array<16 x i64>)>, nvvm.grid_constant}, %{{.*}}: i64)
  // CHECK-NEXT: nvvm.prefetch tensormap, %[[MAP]]
  // CHECK-NEXT: nvvm.prefetch tensormap, %[[MAP]]
  llvm.func @kernel(%m: !map, %n: i64) attributes {nvvm.kernel} {
    %p = builtin.unrealized_conversion_cast %m : !map to !llvm.ptr
    nvvm.prefetch tensormap, %p : !llvm.ptr
    %q = builtin.unrealized_conversion_cast %m : !map to !llvm.ptr
    nvvm.prefetch tensormap, %q : !llvm.ptr
    llvm.return
  }
}

// -----

!map = !llvm.struct<"tile.tensor_map", (array<16 x i64>)>
gpu.module @kernels {
  llvm.func @kernel(%m: !map, %p: !llvm.ptr) attributes {nvvm.kernel} {
    // expected-error@+1 {{expected only the address of a tensor map to be used}}
    llvm.store %m, %p : !map, !llvm.ptr
    llvm.return
  }
}

// The passes of each pipeline, in their order.

// RUN: tile-opt %s --tile-to-cpu --dump-pass-pipeline 2>&1 >/dev/null | FileCheck %s --check-prefix=CPU
// RUN: tile-opt %s --tile-to-gpu=chip=sm_90a --dump-pass-pipeline 2>&1 >/dev/null | FileCheck %s --check-prefixes=COMMON,GPU
// RUN: tile-opt %s --tile-to-nvvm=chip=sm_90a --dump-pass-pipeline 2>&1 >/dev/null | FileCheck %s --check-prefixes=COMMON,NVVM
// RUN: tile-opt %s --tile-to-ptx='chip=sm_90a opt-level=2' --dump-pass-pipeline 2>&1 >/dev/null | FileCheck %s --check-prefixes=COMMON,NVVM,PTX
// RUN: tile-opt %s --tile-host-to-llvm --dump-pass-pipeline 2>&1 >/dev/null | FileCheck %s --check-prefix=HOST

// CPU: builtin.module(
// CPU-NEXT: tile-import
// CPU-NEXT: tile-drop-compile-time-arguments
// CPU-NEXT: tile-inline-meta{max-depth=1000}
// CPU-NEXT: tile-bind-shapes
// CPU-NEXT: inline
// CPU-NEXT: symbol-dce
// CPU-NEXT: tile-fold-divisibility
// CPU-NEXT: canonicalize
// CPU-NEXT: tile-expand-print
// CPU-NEXT: tile-expand-votes
// CPU-NEXT: tile-expand-tma
// CPU-NEXT: convert-tile-to-cpu
// CPU: tile-expand-float8{bf16=true}
// CPU: arith-emulate-unsupported-floats
// CPU: tile-flatten-control-flow
// CPU: convert-vector-to-llvm
// CPU: convert-math-to-libm
// CPU: finalize-memref-to-llvm
// CPU: convert-func-to-llvm
// CPU: reconcile-unrealized-casts
// CPU-NEXT: canonicalize
// CPU-NEXT: )

// COMMON: builtin.module(
// COMMON-NEXT: tile-import
// COMMON-NEXT: tile-drop-compile-time-arguments
// COMMON-NEXT: tile-inline-meta{max-depth=1000}
// COMMON-NEXT: tile-bind-shapes
// COMMON-NEXT: inline
// COMMON-NEXT: symbol-dce
// COMMON-NEXT: tile-fold-divisibility
// COMMON-NEXT: canonicalize
// COMMON-NEXT: tile-expand-print
// COMMON-NEXT: tile-expand-votes
// COMMON-NEXT: tile-expand-tma{chip=sm_90a}
// COMMON-NEXT: tile-isolate-effects
// COMMON-NEXT: tile-version-launches
// COMMON-NEXT: tile-infer-layouts
// COMMON-NEXT: tile-specialize-warps{chip=sm_90a stores=auto}
// COMMON-NEXT: tile-plan-pipeline{chip=sm_90a}
// COMMON-NEXT: tile-swizzle-shared
// COMMON-NEXT: tile-plan-memory
// COMMON-NEXT: tile-insert-barriers
// COMMON-NEXT: tile-check-resources{chip=sm_90a}
// COMMON-NEXT: convert-tile-to-gpu{chip=sm_90a
// COMMON: tile-version-loops
// COMMON: gpu-kernel-outlining
// COMMON-NEXT: tile-merge-gpu-modules
// COMMON-NEXT: canonicalize
// COMMON-NEXT: cse
// GPU-NOT: gpu.module
// NVVM: gpu.module(
// NVVM-NEXT: tile-overlap-kernels{chip=sm_90a}
// NVVM: tile-expand-float8{bf16=false}
// NVVM: tile-expand-math
// NVVM: tile-predicate-stores
// NVVM-NEXT: tile-flatten-control-flow
// NVVM: convert-tile-gpu-to-nvvm
// NVVM-NEXT: tile-place-tensor-maps
// NVVM-NEXT: tile-externalize-shared-memory
// NVVM: reconcile-unrealized-casts
// NVVM: )
// PTX: nvvm-attach-target{O=2 chip=sm_90a
// PTX-NEXT: tile-compile-to-ptx
// PTX-NEXT: )

// HOST: gpu-to-llvm
// HOST-NEXT: convert-gpu-launch-to-runtime
// HOST: reconcile-unrealized-casts
// HOST-NEXT: canonicalize
// HOST-NEXT: )

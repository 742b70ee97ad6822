// Prints stages instead of running; no arguments are needed.

// RUN: tile-run %s --device=cpu --emit=llvm | FileCheck %s --check-prefix=LLVM
// LLVM: define void @f(
// LLVM: define void @_mlir_ciface_f(ptr

// RUN: not tile-run %s --emit=ptx --chip=sm_90a 2>&1 | FileCheck %s --match-full-lines --check-prefix=NONE
// RUN: not tile-run %s --emit=cubin --chip=sm_90a 2>&1 | FileCheck %s --match-full-lines --check-prefix=NONE
// NONE: tile-run: error: the module has no kernel

func.func @f(%a: memref<4xf32>) {
  return
}

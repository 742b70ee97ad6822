// RUN: tile-translate --tile-to-ptx --chip=sm_80 %examples/persistent-gemm.mlir \
// RUN:   | FileCheck %s --check-prefix=GEMM --implicit-check-not=.local
// RUN: tile-translate --tile-to-ptx --chip=sm_90a %examples/persistent-gemm.mlir \
// RUN:   | FileCheck %s --check-prefix=GEMM --implicit-check-not=.local
// RUN: tile-translate --tile-to-ptx --chip=sm_90a \
// RUN:   %S/../../Integration/kernels/objects.mlir \
// RUN:   | FileCheck %s --check-prefix=OBJECTS --implicit-check-not=.local
// RUN: tile-translate --tile-to-ptx --chip=sm_90a \
// RUN:   %S/../../Integration/kernels/classes.mlir \
// RUN:   | FileCheck %s --check-prefix=CLASSES --implicit-check-not=.local

// The state of objects is in registers: a kernel has no local memory.

// GEMM: .entry persistent_gemm_kernel(
// GEMM: bra

// OBJECTS: .entry scan_kernel(
// OBJECTS: .entry numbers_kernel(
// OBJECTS: .entry euclid_kernel(
// OBJECTS: .entry fold_kernel(

// CLASSES: .entry classes_kernel(

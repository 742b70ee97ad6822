// Copies between every two element types assemble.

// REQUIRES: ptxas
// RUN: %python %S/Inputs/conversions.py > %t.mlir
// RUN: tile-translate %t.mlir --tile-to-ptx --chip=sm_80 > %t.80.ptx
// RUN: ptxas -arch=sm_80 %t.80.ptx -o %t.cubin
// RUN: tile-translate %t.mlir --tile-to-ptx --chip=sm_90a > %t.90.ptx
// RUN: ptxas -arch=sm_90a %t.90.ptx -o %t.cubin

// No function of a device library is called.
// RUN: FileCheck %s --input-file=%t.80.ptx
// CHECK-NOT: .extern .func
// CHECK: .visible .entry conversions_kernel
// CHECK-NOT: call

// The example assembles for every chip, without spills but on sm_120a, where
// ptxas puts 5 registers aside in front of the loop.

// REQUIRES: ptxas
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_80 -o %t.ptx
// RUN: ptxas -arch=sm_80 -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: ptxas -arch=sm_90a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_100a -o %t.ptx
// RUN: ptxas -arch=sm_100a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_120a -o %t.ptx
// RUN: ptxas -arch=sm_120a -v %t.ptx -o %t.cubin

// CHECK: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads

// The example of the README: the accumulators stay in registers.

// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_80 -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_80 --implicit-check-not=.local
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_90a --implicit-check-not=.local
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_100a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_100a --implicit-check-not=.local
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_120a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_120a --implicit-check-not=.local

// CHECK: .target [[CHIP]]
// CHECK: .extern .shared .align 1024 .b8
// CHECK: .visible .entry gemm_kernel
// CHECK: .maxntid 128, 1, 1
// CHECK: %ctaid.
// CHECK: ldmatrix
// CHECK: mma.sync
// CHECK: bar.sync
// CHECK: st.global.{{b32|f32}}

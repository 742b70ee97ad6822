// The example of the README: the accumulators stay in registers.

// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_80 -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_80 --check-prefixes=CHECK,MMA --implicit-check-not=.local
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_90a --check-prefixes=CHECK,WGMMA --implicit-check-not=.local
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_100a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_100a --check-prefixes=CHECK,MMA --implicit-check-not=.local
// RUN: tile-translate %examples/gemm.mlir --tile-to-ptx --chip=sm_120a -o %t.ptx
// RUN: FileCheck %s --input-file=%t.ptx -DCHIP=sm_120a --check-prefixes=CHECK,MMA --implicit-check-not=.local

// CHECK: .target [[CHIP]]
// CHECK: .extern .shared .align 1024 .b8
// CHECK: .visible .entry gemm_kernel
// MMA: .maxntid 256, 1, 1
// WGMMA: .maxntid 384, 1, 1
// CHECK: %ctaid.
// MMA-DAG: ldmatrix
// MMA-DAG: mma.sync
// WGMMA-DAG: wgmma.mma_async.sync.aligned.m64n256k16.f32.f16.f16
// CHECK-DAG: bar.sync
// CHECK-DAG: st.global.{{b32|f32}}

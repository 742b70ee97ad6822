// Both products are those of four warps, the second with the weights in
// registers. The assembler lets them run one behind the other (notes C7510 to
// C7515 would say that it does not), without spills.

// REQUIRES: ptxas
// RUN: tile-translate %S/../../Integration/kernels/attention-wide.mlir --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: FileCheck %s --check-prefix=PTX < %t.ptx
// RUN: ptxas -arch=sm_90a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s --implicit-check-not='(C75'

// PTX-NOT: mma.sync
// PTX: wgmma.mma_async.sync.aligned.m64n64k16.f32.f16.f16 {{{[^}]*}}}, %rd
// PTX: wgmma.mma_async.sync.aligned.m64n64k16.f32.f16.f16 {{{[^}]*}}}, {{[{]%r[0-9]+, %r[0-9]+, %r[0-9]+, %r[0-9]+[}]}}, %rd
// PTX-NOT: mma.sync

// CHECK: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads

// A compiled module says, as the module did, that its kernels wait themselves
// for those ahead of them.

// RUN: tile-opt %s --tile-compile-to-ptx | FileCheck %s
// CHECK: gpu.binary @waiting {tile.waits}
// CHECK-SAME: griddepcontrol.wait;
// CHECK: gpu.binary @plain [

module attributes {gpu.container_module} {
  gpu.module @waiting [#nvvm.target<chip = "sm_90a">] attributes {tile.waits} {
    llvm.func @kernel() attributes {gpu.kernel, nvvm.kernel} {
      nvvm.griddepcontrol wait
      llvm.return
    }
  }
  gpu.module @plain [#nvvm.target<chip = "sm_90a">] {
    llvm.func @kernel() attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
  }
}

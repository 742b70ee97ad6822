// RUN: tile-opt %s --convert-gpu-launch-to-runtime --split-input-file --verify-diagnostics

module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @k() kernel {
      gpu.return
    }
  }
  llvm.func @host(%n: i64) {
    // expected-error@+1 {{'gpu.launch_func' op missing gpu.binary @kernels}}
    gpu.launch_func @kernels::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64
    llvm.return
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.binary @kernels [#gpu.object<#nvvm.target, assembly = "PTX">]
  llvm.func @host(%n: i64) {
    %x = arith.constant 0 : index
    // expected-error@+1 {{'gpu.launch_func' op expected operands of LLVM types, found 'index'}}
    gpu.launch_func @kernels::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64 args(%x : index)
    llvm.return
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.binary @kernels [#gpu.object<#nvvm.target, assembly = "PTX">]
  func.func @host(%n: i64) {
    // expected-error@+1 {{'gpu.launch_func' op expected to stand in an 'llvm.func', found 'func.func'}}
    gpu.launch_func @kernels::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64
    return
  }
}

// -----

module attributes {gpu.container_module} {
  // expected-error@+1 {{'gpu.binary' op expected one object, found 2}}
  gpu.binary @kernels [#gpu.object<#nvvm.target, assembly = "PTX">, #gpu.object<#nvvm.target<chip = "sm_90">, assembly = "PTX">]
}

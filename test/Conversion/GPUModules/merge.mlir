// RUN: tile-opt %s --tile-merge-gpu-modules --split-input-file \
// RUN:   --allow-unregistered-dialect | FileCheck %s

// Kernels of one name get new ones, and their launches follow.
// CHECK-LABEL: func @host
// CHECK: gpu.launch_func @a::@kernel blocks
// CHECK: gpu.launch_func @a::@[[NEW:kernel_[0-9]+]] blocks
// CHECK: gpu.launch_func @a::@other blocks
// CHECK: gpu.module @a {
// CHECK: gpu.func @kernel(
// CHECK: gpu.func @[[NEW]](
// CHECK: gpu.func @other(
// CHECK-NOT: gpu.module
module attributes {gpu.container_module} {
  func.func @host(%n: index) {
    gpu.launch_func @a::@kernel blocks in (%n, %n, %n) threads in (%n, %n, %n)
    gpu.launch_func @b::@kernel blocks in (%n, %n, %n) threads in (%n, %n, %n)
    gpu.launch_func @c::@other blocks in (%n, %n, %n) threads in (%n, %n, %n)
    return
  }
  gpu.module @a {
    gpu.func @kernel() kernel {
      gpu.return
    }
  }
  gpu.module @b {
    gpu.func @kernel() kernel {
      gpu.barrier
      gpu.return
    }
  }
  gpu.module @c {
    gpu.func @other() kernel {
      gpu.return
    }
  }
}

// -----

// CHECK-LABEL: module @one
// CHECK: gpu.module @a
module @one {
  gpu.module @a {
  }
}

// -----

// What has no name moves along, and uses in operations that nobody knows
// follow a new name.
// CHECK: gpu.module @first {
// CHECK: llvm.func @f()
// CHECK: llvm.module_flags
// CHECK: llvm.func @f_0()
// CHECK: "unknown.region"() ({
// CHECK: "unknown.use"() {place = @f_0}
// CHECK-NOT: gpu.module
module attributes {gpu.container_module} {
  gpu.module @first {
    llvm.func @f()
  }
  gpu.module @second {
    llvm.module_flags [#llvm.mlir.module_flag<warning, "Debug Info Version", 3 : i32>]
    llvm.func @f()
    llvm.func @g() {
      "unknown.region"() ({
        "unknown.use"() {place = @f} : () -> ()
      }) : () -> ()
      llvm.return
    }
  }
}

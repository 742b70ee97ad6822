// One file cannot hold the machine code of two images, here of the kernel and
// of one that was compiled before.

// RUN: not tile-compile %s --emit=cubin --chip=sm_90a -o %t 2>&1 | FileCheck %s
// CHECK: error: expected one image for a cubin, got 2
gpu.binary @before [#gpu.object<#nvvm.target, "text">]
func.func @f(%x: memref<32xf32>) {
  %one = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks(%b) in (%one) threads(32) {
    tile.fill %x, %zero : memref<32xf32>
  }
  return
}

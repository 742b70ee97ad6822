// Kernels in a row, each of which reads what other blocks of the one ahead have
// written, and writes what they have read: they may begin early, but not work.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-chain
// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a | FileCheck %s

// CHECK: .entry chain_kernel(
// CHECK: griddepcontrol.wait
// CHECK-NEXT: griddepcontrol.launch_dependents
// CHECK: .entry chain_kernel_0(
// CHECK: griddepcontrol.wait
// CHECK-NEXT: griddepcontrol.launch_dependents

func.func @chain(%x: memref<?xi32>, %y: memref<?xi32>, %rounds: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  %c1000 = arith.constant 1000 : index
  %one = arith.constant 1 : i32
  %three = arith.constant 3 : i32
  %n = memref.dim %x, %c0 : memref<?xi32>
  %blocks = arith.ceildivui %n, %c256 : index
  scf.for %round = %c0 to %rounds step %c1 {
    tile.launch blocks(%block) in (%blocks) threads(128) {
      %first = arith.muli %block, %c256 : index
      tile.parallel (%i) in (256) {
        %at = arith.addi %first, %i : index
        %is_in = arith.cmpi ult, %at, %n : index
        scf.if %is_in {
          %far = arith.addi %at, %c1000 : index
          %from = arith.remui %far, %n : index
          %v = memref.load %x[%from] : memref<?xi32>
          %w = arith.addi %v, %one : i32
          memref.store %w, %y[%at] : memref<?xi32>
        }
      }
    }
    tile.launch blocks(%block) in (%blocks) threads(128) {
      %first = arith.muli %block, %c256 : index
      tile.parallel (%i) in (256) {
        %at = arith.addi %first, %i : index
        %is_in = arith.cmpi ult, %at, %n : index
        scf.if %is_in {
          %far = arith.addi %at, %c1000 : index
          %from = arith.remui %far, %n : index
          %v = memref.load %y[%from] : memref<?xi32>
          %w = arith.muli %v, %three : i32
          memref.store %w, %x[%at] : memref<?xi32>
        }
      }
    }
  }
  return
}

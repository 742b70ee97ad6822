// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file | FileCheck %s

// Prints, assertions and variables in host code are the host's.
// CHECK-LABEL: func.func @host
// CHECK: llvm.call @printf
// CHECK: llvm.call @tileRuntimeFail
// CHECK: llvm.intr.assume
// CHECK: %[[VAR:.*]] = memref.alloca() : memref<index>
// CHECK: memref.store %arg0, %[[VAR]][]
// CHECK: gpu.launch
func.func @host(%n: index, %c: i1) {
  tile.print "n", %n : index
  tile.assert %c, "c"
  tile.assume %c
  %v = tile.alloc_var %n : index
  %m = memref.load %v[] : memref<index, #tile.scope<local>>
  tile.launch blocks(%x) in (%m) threads(32) {
    tile.print "x", %x : index
  }
  return
}

// -----

// Several launches in one function, under host control flow.
// CHECK-LABEL: func.func @launches
// CHECK: scf.for
// CHECK: gpu.launch
// CHECK: scf.if
// CHECK: gpu.launch
func.func @launches(%n: index, %c: i1) {
  scf.for %i = %n to %n step %n {
    tile.launch blocks(%x) in (%i) threads(32) {
      tile.barrier
    }
    scf.if %c {
      tile.launch blocks() in () threads(1) {
        tile.barrier
      }
    }
  }
  return
}

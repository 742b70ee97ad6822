// Machine code for a GPU, by the assembler of CUDA.

// REQUIRES: ptxas
// RUN: tile-compile %s --emit=cubin --chip=sm_90a -o %t.cubin
// RUN: llvm-readelf -h %t.cubin | FileCheck %s
// CHECK: Machine: {{.*CUDA}}

// In an object it stands for the PTX, for which a GPU would need an assembler.
// RUN: tile-compile %s --emit=object --chip=sm_90a --assemble -o %t.o
// RUN: llvm-strings %t.o | FileCheck %s --check-prefix=OBJECT
// OBJECT-NOT: .entry

func.func @f(%a: memref<4xf32>) {
  %c1 = arith.constant 1 : index
  tile.launch blocks(%b) in (%c1) threads(4) {
    tile.parallel (%i) in (4) {
      %x = arith.constant 1.0 : f32
      memref.store %x, %a[%i] : memref<4xf32>
    }
  }
  return
}

// RUN: tile-opt %s --tile-infer-layouts --tile-swizzle-shared --remarks-filter=tile-swizzle-shared --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s

func.func @uses(%a: memref<64x64xf16>, %c: memref<64x64xf32>, %d: memref<64x64xf64>, %e: memref<64x64xf64>) {
  tile.launch blocks() in () threads(128) {
    // The copy's 512 vectors of 16 bytes, 8 at a time, and the 64 pieces of the
    // operand.
    // CHECK: [[#@LINE+1]]:10: remark: [Analysis] bank-conflicts {{.*}} conflicts=0, wavefronts=128
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.copy %a, %s : memref<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %s, %a, %acc clear : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16>, memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %acc, %c : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf32>
    // Rows of 512 bytes begin in the same bank, and the loop goes down columns.
    // CHECK: [[#@LINE+1]]:10: remark: [Analysis] bank-conflicts {{.*}} conflicts=3840, wavefronts=4352
    %t = tile.alloc : memref<64x64xf64, #tile.scope<shared>>
    tile.copy %d, %t : memref<64x64xf64> to memref<64x64xf64, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf64, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (64, 64) {
      %v = memref.load %t[%j, %i] : memref<64x64xf64, #tile.scope<shared>>
      memref.store %v, %f[%i, %j] : memref<64x64xf64, #tile.scope<fragment>>
    }
    tile.copy %f, %e : memref<64x64xf64, #tile.scope<fragment>> to memref<64x64xf64>
    // CHECK-NOT: bank-conflicts
    // Nothing is known of what one thread does.
    %u = tile.alloc : memref<64xf32, #tile.scope<shared>>
    tile.threads (%n) {
      %v = memref.load %u[%n] : memref<64xf32, #tile.scope<shared>>
      memref.store %v, %u[%n] : memref<64xf32, #tile.scope<shared>>
    }
  }
  return
}

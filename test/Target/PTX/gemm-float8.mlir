// Products of 8-bit floats on chips that have them; the others are left to the
// threads. sm_89 and sm_90 need a newer PTX than LLVM would write.

// RUN: tile-translate %s --tile-to-ptx --chip=sm_80 | FileCheck %s --check-prefix=SM80 --implicit-check-not=mma.sync
// RUN: tile-translate %s --tile-to-ptx --chip=sm_89 | FileCheck %s --implicit-check-not=.local
// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a | FileCheck %s --implicit-check-not=.local
// RUN: tile-translate %s --tile-to-ptx --chip=sm_120a | FileCheck %s --implicit-check-not=.local

// SM80: .version 7.0
// SM80: fma.rn.f32
// CHECK: .version 8.{{[4-9]}}
// CHECK: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// CHECK-COUNT-4: mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e5m2.f32
func.func @product(%a: memref<64x32xf8E4M3FN>, %b: memref<16x32xf8E5M2>,
                   %c: memref<64x16xf32>) {
  tile.launch blocks() in () threads(64) {
    %as = tile.alloc : memref<64x32xf8E4M3FN, #tile.scope<shared>>
    %bs = tile.alloc : memref<16x32xf8E5M2, #tile.scope<shared>>
    %acc = tile.alloc : memref<64x16xf32, #tile.scope<fragment>>
    tile.copy %a, %as : memref<64x32xf8E4M3FN> to memref<64x32xf8E4M3FN, #tile.scope<shared>>
    tile.copy %b, %bs : memref<16x32xf8E5M2> to memref<16x32xf8E5M2, #tile.scope<shared>>
    tile.gemm %as, %bs, %acc transpose_b clear
      : memref<64x32xf8E4M3FN, #tile.scope<shared>>,
        memref<16x32xf8E5M2, #tile.scope<shared>>,
        memref<64x16xf32, #tile.scope<fragment>>
    tile.copy %acc, %c : memref<64x16xf32, #tile.scope<fragment>> to memref<64x16xf32>
  }
  return
}

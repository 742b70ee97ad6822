// RUN: tile-opt %s | tile-opt | FileCheck %s
// RUN: tile-opt %s --mlir-print-op-generic | tile-opt | FileCheck %s

// CHECK-LABEL: func @parts
// CHECK: tile.specialize threads(128) {
// CHECK-NEXT: tile.gemm_wait 2
// CHECK-NEXT: }, threads(32) {
// CHECK-NEXT: tile.gemm_wait 0, %{{.*}} : memref<64x64xf32, #tile.scope<fragment>>
// CHECK-NEXT: } attributes {note}
// CHECK: tile.specialize threads(1) {
// CHECK-NEXT: }
func.func @parts(%c: memref<64x64xf32, #tile.scope<fragment>>) {
  tile.specialize threads(128) {
    tile.gemm_wait 2
  }, threads(32) {
    tile.gemm_wait 0, %c : memref<64x64xf32, #tile.scope<fragment>>
  } attributes {note}
  tile.specialize threads(1) {
  }
  return
}

// What is looked for stays; all around it gets simpler.

// DEFINE: %{keep} =
// DEFINE: %{reduce} = tile-reduce %s \
// DEFINE:   -reduction-tree='traversal-mode=0 test=%S/Inputs/contains.sh %{keep}'

// One block, one thread, buffers of one element and without names.
// REDEFINE: %{keep} = test-arg=tile.gemm
// RUN: %{reduce} | FileCheck %s --check-prefix=GEMM
// GEMM: in (%[[C1:.*]], %[[C1]]) threads(1) {
// GEMM-NOT: name(
// GEMM: tile.gemm {{.*}} : memref<1x1xf16, {{.*}}>, memref<1x1xf16, {{.*}}>, memref<1x1xf32, {{.*}}>

// The loop stays, its stages go.
// REDEFINE: %{keep} = test-arg=tile.pipelined
// RUN: %{reduce} | FileCheck %s --check-prefix=LOOP
// LOOP: threads(1) {
// LOOP: tile.pipelined
// LOOP-NOT: stages

func.func @gemm(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf32>,
                %n: index) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  tile.launch blocks(%bx, %by) in (%n, %n) threads(128) {
    %as = tile.alloc name("a_tile") : memref<16x32xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<32x64xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<16x64xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<16x64xf32, #tile.scope<fragment>>
    tile.pipelined %k = %c0 to %n step %c32 stages(3) {
      tile.copy %a[%by, %k], %as
        : memref<?x?xf16> to memref<16x32xf16, #tile.scope<shared>>
      tile.copy %b[%k, %bx], %bs
        : memref<?x?xf16> to memref<32x64xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc
        : memref<16x32xf16, #tile.scope<shared>>,
          memref<32x64xf16, #tile.scope<shared>>,
          memref<16x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%by, %bx]
      : memref<16x64xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

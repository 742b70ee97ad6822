// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts,convert-tile-to-gpu)' --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | grep -v plain- | FileCheck %s --implicit-check-not=remark:
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts,convert-tile-to-gpu{unroll-limit=1})' --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=LIMIT

// Loops over 256 values are not unrolled, so that registers cannot be named.
// The padding counts.
// CHECK: :[[#@LINE+4]]:{{.*}} remark: [Missed] local-fragment | Category:convert-tile-to-gpu | Reason="fragment kept in local memory: a thread has 256 places for its elements, and loops over more than 255 are not unrolled; take a smaller tile or more threads"
// LIMIT: has 256 places for its elements, and loops over more than 1 are
func.func @places(%v: f32) {
  tile.launch blocks() in () threads(128) {
    %f = tile.alloc : memref<128x248xf32, #tile.scope<fragment>>
    tile.fill %f, %v : memref<128x248xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The last size that fits.
// LIMIT: has 248 places for its elements, and loops over more than 1 are
func.func @fits(%v: f32) {
  tile.launch blocks() in () threads(128) {
    %g = tile.alloc : memref<124x256xf32, #tile.scope<fragment>>
    tile.fill %g, %v : memref<124x256xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Each thread has two elements, and 256 iterations for them.
// CHECK: :[[#@LINE+3]]:{{.*}} remark: [Missed] local-fragment | Category:convert-tile-to-gpu | Reason="fragment kept in local memory: a thread has 256 iterations of a loop over it, and loops over more than 255 are not unrolled; take a smaller tile or more threads"
func.func @iterations(%a: memref<64x128xf32>) {
  tile.launch blocks() in () threads(32) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (64, 128) {
      %x = memref.load %f[%i] : memref<64xf32, #tile.scope<fragment>>
      memref.store %x, %a[%i, %j] : memref<64x128xf32>
    }
  }
  return
}

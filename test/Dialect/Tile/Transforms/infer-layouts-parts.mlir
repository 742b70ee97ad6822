// RUN: tile-opt %s --tile-infer-layouts --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-infer-layouts --split-input-file --remarks-filter-missed=tile-infer-layouts --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts,convert-tile-to-gpu,canonicalize)' --split-input-file | FileCheck %s --check-prefix=GPU

// A part of a block is its whole block: its threads hold all of a fragment,
// also of one that is made outside.
// CHECK-LABEL: func @part
// CHECK: tile.alloc name("outer") {{.*}}threads (32):(8), {{.*}}shape 16x32
// CHECK: tile.alloc name("inner") {{.*}}threads (32):(8), {{.*}}shape 16x32
// CHECK: tile.parallel
// CHECK: {tile.layout = #tile.layout<threads (32):(8),
// GPU-LABEL: func @part
// GPU-COUNT-2: memref.alloca() : memref<16xf16
func.func @part(%a: memref<16x32xf16>, %c: memref<16x32xf16>) {
  tile.launch blocks() in () threads(64) {
    %g = tile.alloc name("outer") : memref<16x32xf16, #tile.scope<fragment>>
    tile.specialize threads(32) {
    }, threads(32) {
      %f = tile.alloc name("inner") : memref<16x32xf16, #tile.scope<fragment>>
      tile.copy %a, %f : memref<16x32xf16> to memref<16x32xf16, #tile.scope<fragment>>
      tile.parallel (%i, %j) in (16, 32) {
        %x = memref.load %f[%i, %j] : memref<16x32xf16, #tile.scope<fragment>>
        memref.store %x, %g[%i, %j] : memref<16x32xf16, #tile.scope<fragment>>
      }
      tile.copy %g, %c : memref<16x32xf16, #tile.scope<fragment>> to memref<16x32xf16>
    }
  }
  return
}

// -----

// Parts of different sizes, and loops that look at parts of what they run over:
// each is seen by its own threads only.
// CHECK-LABEL: func @sizes
// CHECK: tile.alloc name("few") {{.*}}threads (32):
// CHECK: tile.layout<threads (32):{{.*}}shape 64x4
// CHECK: tile.alloc name("many") {{.*}}threads (64):
// CHECK: tile.layout<threads (64):{{.*}}shape 64x4
func.func @sizes(%a: memref<64xf32>, %c: memref<64x4xf32>) {
  tile.launch blocks() in () threads(96) {
    tile.specialize threads(32) {
      %f = tile.alloc name("few") : memref<64xf32, #tile.scope<fragment>>
      tile.copy %a, %f : memref<64xf32> to memref<64xf32, #tile.scope<fragment>>
      tile.parallel (%i, %j) in (64, 4) {
        %x = memref.load %f[%i] : memref<64xf32, #tile.scope<fragment>>
        memref.store %x, %c[%i, %j] : memref<64x4xf32>
      }
    }, threads(64) {
      %f = tile.alloc name("many") : memref<64xf32, #tile.scope<fragment>>
      tile.copy %a, %f : memref<64xf32> to memref<64xf32, #tile.scope<fragment>>
      tile.parallel (%i, %j) in (64, 4) {
        %x = memref.load %f[%i] : memref<64xf32, #tile.scope<fragment>>
        memref.store %x, %c[%i, %j] : memref<64x4xf32>
      }
    }
  }
  return
}

// -----

// Registers of other threads cannot be read: memory is for all of them.
// CHECK-LABEL: func @shared
// CHECK: tile.alloc name("f") : memref<16x32xf16, #tile.scope<shared>>
// REMARK: remark: [Missed] fragment-in-shared {{.*}}Reason="fragment kept in shared memory: several parts of the block use it"
func.func @shared(%a: memref<16x32xf16>, %c: memref<16x32xf16>, %d: memref<16x32xf16>) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc name("f") : memref<16x32xf16, #tile.scope<fragment>>
    tile.copy %a, %f : memref<16x32xf16> to memref<16x32xf16, #tile.scope<fragment>>
    tile.specialize threads(32) {
      tile.copy %f, %c : memref<16x32xf16, #tile.scope<fragment>> to memref<16x32xf16>
    }, threads(64) {
      tile.copy %f, %d : memref<16x32xf16, #tile.scope<fragment>> to memref<16x32xf16>
    }
  }
  return
}

// -----

// A layout by hand is one for the threads of the part.
// CHECK-LABEL: func @pinned
// CHECK: tile.alloc {{.*}}threads (4,8):(2,8), values (2):(1), shape 8x8
func.func @pinned(%a: memref<8x8xf32>) {
  tile.launch blocks() in () threads(64) {
    tile.specialize threads(32) {
    }, threads(32) {
      %f = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>} : memref<8x8xf32, #tile.scope<fragment>>
      tile.copy %a, %f : memref<8x8xf32> to memref<8x8xf32, #tile.scope<fragment>>
    }
  }
  return
}

// RUN: rm -rf %t && tile-opt %s --tile-infer-layouts --tile-swizzle-shared --tile-draw-layouts=%t/new/pictures -o %t.mlir
// RUN: ls %t/new/pictures | FileCheck %s --check-prefix=FILES
// RUN: FileCheck %s --check-prefix=FRAGMENT < %t/new/pictures/draw-acc.svg
// RUN: FileCheck %s --check-prefix=PLAIN < %t/new/pictures/draw-0.svg
// RUN: FileCheck %s --check-prefix=SWIZZLED < %t/new/pictures/draw-1.svg

// The option of the pipelines draws what they plan.
// RUN: tile-opt %s --tile-to-gpu=draw-layouts=%t/planned -o %t.mlir
// RUN: ls %t/planned | FileCheck %s --check-prefix=PLANNED
// PLANNED: draw-acc.svg

// FILES: draw-0.svg
// FILES-NEXT: draw-1.svg
// FILES-NEXT: draw-______x.svg
// FILES-NEXT: draw-acc.svg
// FILES-NEXT: draw-x_y-2.svg
// FILES-NEXT: draw-x_y.svg
// FILES-NOT: svg

// FRAGMENT: draw-acc : memref&lt;16x8xf32, #tile.scope&lt;fragment&gt;&gt;
// FRAGMENT: threads
// FRAGMENT: <title>(0, 0): thread 0 value 0</title>

// PLAIN: rows one after another
// PLAIN: <title>(1, 0): byte 24</title>

// Chunks of 16 bytes change places.
// SWIZZLED: swizzle(128)
// SWIZZLED: <title>(0, 8): byte 16</title>
// SWIZZLED: <title>(1, 0): byte 144</title>
// SWIZZLED: <title>(1, 8): byte 128</title>

func.func @draw(%x: memref<16x8xf32>, %y: memref<12x12xi16>, %z: memref<16x64xf16>) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<12x12xi16, #tile.scope<shared>>
    tile.copy %y, %s : memref<12x12xi16> to memref<12x12xi16, #tile.scope<shared>>
    tile.copy %s, %y : memref<12x12xi16, #tile.scope<shared>> to memref<12x12xi16>
    %w = tile.alloc : memref<16x64xf16, #tile.scope<shared>>
    tile.copy %z, %w : memref<16x64xf16> to memref<16x64xf16, #tile.scope<shared>>
    %c = tile.alloc name("acc") : memref<16x8xf32, #tile.scope<fragment>>
    tile.copy %x, %c : memref<16x8xf32> to memref<16x8xf32, #tile.scope<fragment>>
    tile.copy %c, %x : memref<16x8xf32, #tile.scope<fragment>> to memref<16x8xf32>
    %p = tile.alloc name("x y") : memref<16x16xf32, #tile.scope<shared>>
    tile.gemm %w, %w, %p transpose_b clear : memref<16x64xf16, #tile.scope<shared>>, memref<16x64xf16, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<shared>>
    // Names of files are safe and unique.
    %q = tile.alloc name("x/y") : memref<16xf32, #tile.scope<shared>>
    %r = tile.alloc name("../../x") : memref<16xf32, #tile.scope<shared>>
    // A private buffer has no layout.
    %l = tile.alloc : memref<4xf32, #tile.scope<local>>
  }
  return
}

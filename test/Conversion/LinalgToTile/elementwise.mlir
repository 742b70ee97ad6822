// RUN: tile-opt %s --convert-linalg-to-tile --canonicalize | FileCheck %s
// RUN: tile-opt %s --convert-linalg-to-tile --tile-to-gpu --remarks-filter=tile-infer-layouts -o /dev/null 2>&1 | FileCheck %s --check-prefix=PLACES --allow-empty

// CHECK-LABEL: func @scale
// CHECK-SAME: %[[X:.*]]: memref<?xf32>, %[[Y:.*]]: memref<?xf32>, %[[S:.*]]: f32
// CHECK: tile.launch blocks(%[[ID:.*]]) in
// CHECK-NEXT: %[[AT:.*]] = arith.muli %[[ID]], %c256
// CHECK-NEXT: %[[XT:.*]] = tile.alloc : memref<256xf32, #tile.scope<fragment>>
// CHECK-NEXT: tile.copy %[[X]][%[[AT]]], %[[XT]]
// The old result is not read.
// CHECK-NEXT: %[[YT:.*]] = tile.alloc : memref<256xf32, #tile.scope<fragment>>
// CHECK-NEXT: tile.parallel (%[[I:.*]]) in (256)
// CHECK-NEXT: %[[V:.*]] = memref.load %[[XT]][%[[I]]]
// CHECK-NEXT: %[[R:.*]] = arith.mulf %[[V]], %[[S]]
// CHECK-NEXT: memref.store %[[R]], %[[YT]][%[[I]]]
// CHECK: tile.copy %[[YT]], %[[Y]][%[[AT]]]
func.func @scale(%x: memref<?xf32>, %y: memref<?xf32>, %s: f32) {
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
    iterator_types = ["parallel"]
  } ins(%x : memref<?xf32>) outs(%y : memref<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.mulf %in, %s : f32
    linalg.yield %r : f32
  }
  return
}

// Tiles are cut to constant sizes; an operand that lacks a loop is broadcast.
// CHECK-LABEL: func @bias
// CHECK: tile.copy %{{.*}}[%{{.*}}], %{{.*}} : memref<100xf16> to memref<100xf16, #tile.scope<fragment>>
// CHECK: tile.copy {{.*}} to memref<8x100xf16, #tile.scope<fragment>>
// CHECK: tile.parallel (%[[I:.*]], %[[J:.*]]) in (8, 100)
// CHECK: memref.load %{{.*}}[%[[J]]] : memref<100xf16, #tile.scope<fragment>>
// CHECK: memref.load %{{.*}}[%[[I]], %[[J]]] : memref<8x100xf16, #tile.scope<fragment>>
// The tile of the bias is held by all threads that read it.
// PLACES-NOT: fragment kept
func.func @bias(%b: memref<100xf16>, %x: memref<?x100xf16>) {
  linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d1)>,
                     affine_map<(d0, d1) -> (d0, d1)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%b : memref<100xf16>) outs(%x : memref<?x100xf16>) {
  ^bb0(%in: f16, %out: f16):
    %r = arith.addf %in, %out : f16
    linalg.yield %r : f16
  }
  return
}

// Dimensions of size 1 need no loop.
// CHECK-LABEL: func @ones
// CHECK: %[[IN:.*]] = tile.alloc : memref<1x64x1xf32, #tile.scope<fragment>>
// CHECK: %[[OUT:.*]] = tile.alloc : memref<64x1x1xf32, #tile.scope<fragment>>
// CHECK: tile.parallel (%[[I:.*]]) in (64)
// CHECK: memref.load %[[IN]][%{{.*}}, %[[I]], %{{.*}}]
// CHECK: memref.store %{{.*}}, %[[OUT]][%[[I]], %{{.*}}, %{{.*}}]
func.func @ones(%x: memref<1x64x1xf32>, %y: memref<64x1x1xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (0, d0, 0)>,
                     affine_map<(d0) -> (d0, 0, 0)>],
    iterator_types = ["parallel"]
  } ins(%x : memref<1x64x1xf32>) outs(%y : memref<64x1x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// An index is that of the whole op.
// CHECK-LABEL: func @iota
// CHECK: %[[AT:.*]] = arith.muli
// CHECK: tile.parallel (%[[I:.*]]) in
// CHECK: %[[N:.*]] = arith.addi %[[AT]], %[[I]]
// CHECK: memref.store %[[N]]
func.func @iota(%x: memref<?xindex>) {
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]
  } outs(%x : memref<?xindex>) {
  ^bb0(%out: index):
    %i = linalg.index 0 : index
    linalg.yield %i : index
  }
  return
}

// No loops at all: the block computes one element.
// CHECK-LABEL: func @scalar
// CHECK: tile.launch blocks() in ()
// CHECK-NEXT: %[[V:.*]] = memref.load %{{.*}}[] : memref<f32>
// CHECK-NEXT: %[[R:.*]] = math.exp %[[V]]
// CHECK-NEXT: memref.store %[[R]], %{{.*}}[] : memref<f32>
func.func @scalar(%x: memref<f32>, %y: memref<f32>) {
  linalg.exp ins(%x : memref<f32>) outs(%y : memref<f32>)
  return
}

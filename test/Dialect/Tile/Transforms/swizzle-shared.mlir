// RUN: tile-opt %s --tile-swizzle-shared --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-swizzle-shared --split-input-file --remarks-filter-missed=tile-swizzle-shared --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:


// The widest that divides a row; none where a row is an odd number of chunks.
// CHECK-LABEL: func @widths
func.func @widths(%c: memref<64x64xf32>, %d: memref<32x32xf32>) {
  tile.launch blocks() in () threads(128) {
    // CHECK: tile.alloc swizzle(128) : memref<64x64xf16
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    // CHECK: tile.alloc swizzle(128) : memref<64x128xf8E4M3FN
    %b = tile.alloc : memref<64x128xf8E4M3FN, #tile.scope<shared>>
    tile.gemm %a, %a, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32>
    tile.gemm %b, %b, %c transpose_b : memref<64x128xf8E4M3FN, #tile.scope<shared>>, memref<64x128xf8E4M3FN, #tile.scope<shared>>, memref<64x64xf32>
    // CHECK: tile.alloc swizzle(64) : memref<64x32xbf16
    %e = tile.alloc : memref<64x32xbf16, #tile.scope<shared>>
    // CHECK: tile.alloc swizzle(32) : memref<64x48xbf16
    %f = tile.alloc : memref<64x48xbf16, #tile.scope<shared>>
    // CHECK: tile.alloc : memref<64x40xbf16
    %g = tile.alloc : memref<64x40xbf16, #tile.scope<shared>>
    tile.gemm %e, %e, %c transpose_b : memref<64x32xbf16, #tile.scope<shared>>, memref<64x32xbf16, #tile.scope<shared>>, memref<64x64xf32>
    tile.gemm %f, %f, %c transpose_b : memref<64x48xbf16, #tile.scope<shared>>, memref<64x48xbf16, #tile.scope<shared>>, memref<64x64xf32>
    tile.gemm %g, %g, %c transpose_b : memref<64x40xbf16, #tile.scope<shared>>, memref<64x40xbf16, #tile.scope<shared>>, memref<64x64xf32>
    // Its own is kept, and what is no operand of a product gets none.
    // CHECK: tile.alloc swizzle(32) : memref<32x64xf16
    %h = tile.alloc swizzle(32) : memref<32x64xf16, #tile.scope<shared>>
    tile.gemm %h, %h, %d transpose_b : memref<32x64xf16, #tile.scope<shared>>, memref<32x64xf16, #tile.scope<shared>>, memref<32x32xf32>
    // CHECK: tile.alloc : memref<64x64xf16
    %o = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %zero = arith.constant 0.0 : f16
    tile.fill %o, %zero : memref<64x64xf16, #tile.scope<shared>>
  }
  return
}

// -----

// One stage of a buffer has its swizzle.
// CHECK-LABEL: func @stages
// CHECK: tile.alloc swizzle(128) : memref<3x64x64xf16
func.func @stages(%c: memref<64x64xf32>, %i: index) {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<3x64x64xf16, #tile.scope<shared>>
    %s = memref.subview %a[%i, 0, 0] [1, 64, 64] [1, 1, 1] : memref<3x64x64xf16, #tile.scope<shared>> to memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>
    tile.gemm %s, %s, %c : memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>, memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>, memref<64x64xf32>
  }
  return
}

// -----

// CHECK-LABEL: func @not_swizzled
// CHECK-NOT: swizzle
func.func @not_swizzled(%c: memref<64x64xf32>) {
  tile.launch blocks() in () threads(128) {
    // REMARK: swizzle-shared.mlir:[[#@LINE+1]]:10: remark: [Missed] not-swizzled {{.*}}operand of a product without swizzle: its elements have 32 bits
    %a = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    // REMARK: swizzle-shared.mlir:[[#@LINE+1]]:10: remark: [Missed] not-swizzled {{.*}}operand of a product without swizzle: its rows are no multiple of 16 bytes
    %b = tile.alloc : memref<64x36xf16, #tile.scope<shared>>
    // REMARK: swizzle-shared.mlir:[[#@LINE+1]]:10: remark: [Missed] not-swizzled {{.*}}operand of a product without swizzle: it is used by 'memref.subview'
    %d = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
    // REMARK: swizzle-shared.mlir:[[#@LINE+1]]:10: remark: [Missed] not-swizzled {{.*}}operand of a product without swizzle: it is used by 'tile.view'
    %e = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %h = memref.subview %d[0, 0] [64, 64] [1, 1] : memref<64x128xf16, #tile.scope<shared>> to memref<64x64xf16, strided<[128, 1]>, #tile.scope<shared>>
    %v = tile.view %e : memref<64x64xf16, #tile.scope<shared>> to memref<64x64xi16, #tile.scope<shared>>
    tile.gemm %a, %a, %c : memref<64x64xf32, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<shared>>, memref<64x64xf32>
    tile.gemm %b, %b, %c transpose_b : memref<64x36xf16, #tile.scope<shared>>, memref<64x36xf16, #tile.scope<shared>>, memref<64x64xf32>
    tile.gemm %h, %e, %c : memref<64x64xf16, strided<[128, 1]>, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32>
  }
  return
}

// -----

// Buffers of boxes follow their maps.
// CHECK-LABEL: func @maps
func.func @maps(%x: memref<64x64xf16>, %c: memref<64x64xf32>, %i: index) {
  %m = tile.tensor_map %x : memref<64x64xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  %n = tile.tensor_map %x : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  tile.launch blocks() in () threads(128) {
    // CHECK: tile.alloc swizzle(128) : memref<2x64x64xf16
    %a = tile.alloc : memref<2x64x64xf16, #tile.scope<shared>>
    // CHECK: tile.alloc : memref<64x64xf16
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %bars = tile.alloc : memref<1xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %i], %a, %bars[%i]
      : !tile.tensor_map<64x64xf16, swizzle 128> to memref<2x64x64xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
    tile.gemm %b, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32>
    tile.tma_store %b, %n[%i, %i] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16>
  }
  return
}

// -----

// The stage of a store has the swizzle of its boxes.
// CHECK-LABEL: func @stage
// CHECK: tile.alloc swizzle(64) : memref<64x32xf16
func.func @stage(%a: memref<64x64xf16>, %i: index) {
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x32xf16, swizzle 64>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.staged_store %f, %s, %m[%i, %i]
      : memref<64x64xf32, #tile.scope<fragment>>, memref<64x32xf16, #tile.scope<shared>>, !tile.tensor_map<64x32xf16, swizzle 64>
  }
  return
}

// -----

// Rows of a buffer that threads run through by columns take an odd number of
// banks.
// CHECK-LABEL: func @by_columns
// CHECK: %[[A:.*]] = tile.alloc : memref<64x66xbf16
// CHECK: %[[ROWS:.*]] = memref.subview %[[A]][0, 0] [64, 64] [1, 1] : memref<64x66xbf16, {{.*}}> to memref<64x64xbf16, strided<[66, 1]>
// CHECK: tile.transpose %[[ROWS]], %{{.*}} : memref<64x64xbf16, strided<[66, 1]>
// CHECK: %[[B:.*]] = tile.alloc : memref<8x33xf32
// CHECK: %[[COLUMNS:.*]] = memref.subview %[[B]]
// CHECK: memref.load %[[COLUMNS]][%{{.*}}, %{{.*}}] : memref<8x32xf32, strided<[33, 1]>
// CHECK: %[[C:.*]] = tile.alloc : memref<8x12xi8
// CHECK: memref.store %{{.*}}, %{{.*}} : memref<8x8xi8, strided<[12, 1]>
func.func @by_columns(%t: memref<64x64xbf16>, %d: memref<32x8xf32>, %v: i8) {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xbf16, #tile.scope<shared>>
    tile.transpose %a, %t : memref<64x64xbf16, #tile.scope<shared>> to memref<64x64xbf16>
    %b = tile.alloc : memref<8x32xf32, #tile.scope<shared>>
    tile.parallel (%i, %j) in (32, 8) {
      %e = memref.load %b[%j, %i] : memref<8x32xf32, #tile.scope<shared>>
      memref.store %e, %d[%i, %j] : memref<32x8xf32>
    }
    %c = tile.alloc : memref<8x8xi8, #tile.scope<shared>>
    tile.parallel (%i, %j, %k) in (8, 8, 1) {
      memref.store %v, %c[%j, %i] : memref<8x8xi8, #tile.scope<shared>>
    }
  }
  return
}

// -----

// These stay: one that is run through by rows, one whose rows are odd already,
// elements wider than a bank or of no fixed width, a single row, one with a swizzle, and one of
// which a view is taken.
// CHECK-LABEL: func @stay
// CHECK-NOT: strided
// CHECK: memref.subview {{.*}} : memref<64x64xf32{{.*}}> to memref<8x64xf32, strided<[64, 1]>
// CHECK-NOT: strided<[65
func.func @stay(%t: memref<64x64xf32>) {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    tile.parallel (%i, %j) in (64, 64) {
      %e = memref.load %a[%i, %j] : memref<64x64xf32, #tile.scope<shared>>
      memref.store %e, %t[%i, %j] : memref<64x64xf32>
    }
    %b = tile.alloc : memref<64x33xf32, #tile.scope<shared>>
    %bt = tile.alloc : memref<33x64xf32, #tile.scope<fragment>>
    tile.transpose %b, %bt : memref<64x33xf32, #tile.scope<shared>> to memref<33x64xf32, #tile.scope<fragment>>
    %c = tile.alloc : memref<8x8xf64, #tile.scope<shared>>
    %ct = tile.alloc : memref<8x8xf64, #tile.scope<fragment>>
    tile.transpose %c, %ct : memref<8x8xf64, #tile.scope<shared>> to memref<8x8xf64, #tile.scope<fragment>>
    %i = tile.alloc : memref<8x8xindex, #tile.scope<shared>>
    %it = tile.alloc : memref<8x8xindex, #tile.scope<fragment>>
    tile.transpose %i, %it : memref<8x8xindex, #tile.scope<shared>> to memref<8x8xindex, #tile.scope<fragment>>
    %d = tile.alloc : memref<1x64xf32, #tile.scope<shared>>
    %dt = tile.alloc : memref<64x1xf32, #tile.scope<fragment>>
    tile.transpose %d, %dt : memref<1x64xf32, #tile.scope<shared>> to memref<64x1xf32, #tile.scope<fragment>>
    %e = tile.alloc swizzle(128) : memref<64x64xbf16, #tile.scope<shared>>
    %et = tile.alloc : memref<64x64xbf16, #tile.scope<fragment>>
    tile.transpose %e, %et : memref<64x64xbf16, #tile.scope<shared>> to memref<64x64xbf16, #tile.scope<fragment>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    %v = memref.subview %f[0, 0] [8, 64] [1, 1] : memref<64x64xf32, #tile.scope<shared>> to memref<8x64xf32, strided<[64, 1]>, #tile.scope<shared>>
    tile.transpose %f, %t : memref<64x64xf32, #tile.scope<shared>> to memref<64x64xf32>
  }
  return
}

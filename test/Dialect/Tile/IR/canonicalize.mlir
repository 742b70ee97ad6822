// Every canonicalisation of the dialect.

// RUN: tile-opt %s --canonicalize --split-input-file | FileCheck %s

// Launches and loops that do nothing go away.
// CHECK-LABEL: func @nothing
// CHECK-NEXT: return
func.func @nothing(%n: index, %v: f32, %a: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  tile.launch blocks(%x) in (%n) threads(32) {
  }
  tile.launch blocks(%x, %y) in (%n, %c0) threads(32) {
    memref.store %v, %a[%x] : memref<4xf32>
  }
  tile.parallel (%i) in (%n) {
  }
  tile.parallel (%i, %j) in (%n, 0) {
    memref.store %v, %a[%i] : memref<4xf32>
  }
  tile.parallel (%i) in (%c0) {
    memref.store %v, %a[%i] : memref<4xf32>
  }
  tile.pipelined %i = %c0 to %n step %c4 {
  }
  tile.pipelined %i = %c4 to %c4 step %c4 {
    memref.store %v, %a[%i] : memref<4xf32>
  }
  return
}

// -----

// Those that do something stay.
// CHECK-LABEL: func @something
func.func @something(%n: index, %v: f32, %a: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %cm4 = arith.constant -4 : index
  %c4 = arith.constant 4 : index
  // CHECK: tile.launch
  tile.launch blocks(%x) in (%n) threads(32) {
    memref.store %v, %a[%x] : memref<4xf32>
  }
  // A negative extent is an error at run time.
  // CHECK: tile.launch
  tile.launch blocks(%x) in (%cm4) threads(32) {
    memref.store %v, %a[%x] : memref<4xf32>
  }
  // CHECK: tile.pipelined
  tile.pipelined %i = %cm4 to %c0 step %c4 {
    memref.store %v, %a[%i] : memref<4xf32>
  }
  return
}

// -----

// Constant extents become static; a negative one stays for run time.
// CHECK-LABEL: func @parallel_extents
func.func @parallel_extents(%n: index, %v: f32, %a: memref<4xf32>) {
  %cm4 = arith.constant -4 : index
  %c4 = arith.constant 4 : index
  // CHECK: %[[NEGATIVE:.*]] = arith.constant -4
  // CHECK: tile.parallel (%{{.*}}, %{{.*}}, %{{.*}}) in (4, %{{.*}}, %[[NEGATIVE]]) {
  tile.parallel (%i, %j, %k) in (%c4, %n, %cm4) {
    memref.store %v, %a[%i] : memref<4xf32>
  }
  return
}

// -----

// Buffers that nobody uses go away.
// CHECK-LABEL: func @unused
// CHECK-NEXT: return
func.func @unused(%v: f32) {
  %0 = tile.alloc : memref<4xf32, #tile.scope<shared>>
  %1 = tile.alloc name("x") : memref<4xf32, #tile.scope<fragment>>
  %2 = tile.alloc_var : index
  %3 = tile.alloc_var %v : f32
  return
}

// -----

// CHECK-LABEL: func @copy
// CHECK-SAME: %[[A:.*]]: memref<?x?xf16>, %[[S:.*]]: memref<64x32xf16, #tile.scope<shared>>, %[[I:.*]]: index
func.func @copy(%a: memref<?x?xf16>, %s: memref<64x32xf16, #tile.scope<shared>>,
                %i: index, %pad: f16) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  // Constant extents become static.
  // CHECK-NEXT: tile.copy %[[A]][%[[I]], %[[I]]], %[[S]] extents [16, %[[I]]] pad(%{{.*}} : f16) : memref
  tile.copy %a[%i, %i], %s extents [%c16, %i] pad(%pad : f16)
    : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
  // A copy of nothing and a copy onto itself go away.
  // CHECK-NEXT: return
  tile.copy %a[%i, %i], %s extents [%c0, %i]
    : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
  tile.copy %a, %a : memref<?x?xf16> to memref<?x?xf16>
  tile.copy %s[%i, %i], %s[%i, %i] : memref<64x32xf16, #tile.scope<shared>>
    to memref<64x32xf16, #tile.scope<shared>>
  return
}

// -----

// CHECK-LABEL: func @copy_moves
func.func @copy_moves(%s: memref<64xf16>, %z: memref<0xf16>, %i: index) {
  // CHECK-NEXT: tile.copy
  tile.copy %s[%i], %s : memref<64xf16> to memref<64xf16>
  // CHECK-NEXT: return
  tile.copy %s, %z : memref<64xf16> to memref<0xf16>
  return
}

// -----

// CHECK-LABEL: func @fill_empty
// CHECK-NEXT: return
func.func @fill_empty(%z: memref<?x0xf16>, %v: f16) {
  tile.fill %z, %v : memref<?x0xf16>
  return
}

// -----

// CHECK-LABEL: func @gemm
func.func @gemm(%a: memref<4x4xf32>) {
  %false = arith.constant false
  %true = arith.constant true
  // CHECK-NEXT: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} clear : memref
  tile.gemm %a, %a, %a clear_if(%true)
    : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  // CHECK-NEXT: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} : memref
  tile.gemm %a, %a, %a clear_if(%false)
    : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  return
}

// -----

// No integer is NaN.
// CHECK-LABEL: func @reduce
func.func @reduce(%a: memref<8xi16>, %b: memref<i16>, %c: memref<8xf16>, %d: memref<f16>) {
  // CHECK-NEXT: tile.reduce max %arg0, %arg1 dim 0 : memref<8xi16>
  tile.reduce max %a, %b dim 0 ignore_nan : memref<8xi16> to memref<i16>
  // CHECK-NEXT: tile.reduce max %arg2, %arg3 dim 0 ignore_nan : memref<8xf16>
  tile.reduce max %c, %d dim 0 ignore_nan : memref<8xf16> to memref<f16>
  return
}

// -----

// CHECK-LABEL: func @scan
func.func @scan(%a: memref<1x8xf32>, %b: memref<1x8xf32>, %c: memref<0x8xf32>) {
  // An element alone is its own sum.
  // CHECK-NOT: tile.scan {{.*}} dim 0 : memref<1x8xf32>
  tile.scan sum %a, %a dim 0 : memref<1x8xf32> to memref<1x8xf32>
  tile.scan max %c, %c dim 1 : memref<0x8xf32> to memref<0x8xf32>
  // CHECK: tile.scan sum %arg0, %arg0 dim 1
  tile.scan sum %a, %a dim 1 : memref<1x8xf32> to memref<1x8xf32>
  // CHECK-NEXT: tile.scan sum %arg0, %arg1 dim 0 reverse
  tile.scan sum %a, %b dim 0 reverse : memref<1x8xf32> to memref<1x8xf32>
  // CHECK-NEXT: tile.scan max %arg0, %arg1 dim 1 : memref<1x8xf32> to memref<1x8xf32>
  %0 = memref.cast %a : memref<1x8xf32> to memref<1x8xf32, strided<[?, 1]>>
  tile.scan max %0, %b dim 1
    : memref<1x8xf32, strided<[?, 1]>> to memref<1x8xf32>
  // CHECK-NEXT: return
  return
}

// -----

// Constant extents are static; a negative one stays for the run time.
// CHECK-LABEL: func @votes
func.func @votes(%a: memref<8xf32>) -> (i1, i1) {
  %c4 = arith.constant 4 : index
  %cn = arith.constant -4 : index
  %0 = memref.cast %a : memref<8xf32> to memref<?xf32>
  // CHECK: tile.any %arg0 extents [4] : memref<8xf32>
  %1 = tile.any %0 extents [%c4] : memref<?xf32>
  // CHECK: tile.all %arg0[%{{.*}}] extents [%{{.*}}] : memref<8xf32>
  %2 = tile.all %0[%c4] extents [%cn] : memref<?xf32>
  return %1, %2 : i1, i1
}

// -----

// CHECK-LABEL: func @threads
func.func @threads(%a: memref<32xindex>) {
  // CHECK-NEXT: return
  tile.threads (%t) {
    %0 = arith.addi %t, %t : index
  }
  return
}

// -----

// CHECK-LABEL: func @transpose
func.func @transpose(%a: memref<4x8xf32>, %b: memref<8x4xf32>, %c: memref<0x8xf32>, %d: memref<8x0xf32>) {
  // CHECK-NEXT: tile.transpose %arg0, %arg1 : memref<4x8xf32> to memref<8x4xf32>
  // CHECK-NEXT: return
  %0 = memref.cast %a : memref<4x8xf32> to memref<4x8xf32, strided<[?, 1]>>
  tile.transpose %0, %b : memref<4x8xf32, strided<[?, 1]>> to memref<8x4xf32>
  tile.transpose %c, %d : memref<0x8xf32> to memref<8x0xf32>
  return
}

// -----

// Casts that forget something are looked through.
// CHECK-LABEL: func @casts
// CHECK-SAME: %[[A:.*]]: memref<8x8xf32>, %[[V:.*]]: f32
func.func @casts(%a: memref<8x8xf32>, %v: f32, %r: memref<8xf32>) {
  %0 = memref.cast %a : memref<8x8xf32> to memref<?x?xf32>
  %1 = memref.cast %a : memref<8x8xf32> to memref<8x8xf32, strided<[8, 1], offset: ?>>
  // CHECK-NEXT: tile.fill %[[A]], %[[V]] : memref<8x8xf32>
  tile.fill %0, %v : memref<?x?xf32>
  // CHECK-NEXT: tile.copy %[[A]], %{{.*}} : memref<8x8xf32> to memref<8xf32>
  tile.copy %0, %r extents [8] : memref<?x?xf32> to memref<8xf32>
  // CHECK-NEXT: tile.reduce sum %[[A]], %{{.*}} dim 0 : memref<8x8xf32> to memref<8xf32>
  tile.reduce sum %1, %r dim 0
    : memref<8x8xf32, strided<[8, 1], offset: ?>> to memref<8xf32>
  // CHECK-NEXT: tile.gemm %[[A]], %[[A]], %[[A]] : memref<8x8xf32>, memref<8x8xf32>, memref<8x8xf32>
  tile.gemm %a, %1, %a : memref<8x8xf32>,
    memref<8x8xf32, strided<[8, 1], offset: ?>>, memref<8x8xf32>
  return
}

// -----

// Casts to a static shape stay: the ops need it.
// CHECK-LABEL: func @static_casts
func.func @static_casts(%a: memref<?x?xf32>, %v: f32, %r: memref<8xf32>) {
  // CHECK: %[[CAST:.*]] = memref.cast
  %0 = memref.cast %a : memref<?x?xf32> to memref<8x8xf32>
  // CHECK: tile.fill %[[CAST]]
  tile.fill %0, %v : memref<8x8xf32>
  // CHECK: tile.copy %{{.*}}, %[[CAST]]
  tile.copy %a, %0 : memref<?x?xf32> to memref<8x8xf32>
  // CHECK: tile.reduce sum %[[CAST]]
  tile.reduce sum %0, %r dim 0 : memref<8x8xf32> to memref<8xf32>
  // CHECK: tile.gemm %[[CAST]], %[[CAST]], %[[CAST]]
  tile.gemm %0, %0, %0 : memref<8x8xf32>, memref<8x8xf32>, memref<8x8xf32>
  return
}

// -----

// What is known to hold needs no check; what is known to fail stays.
// CHECK-LABEL: func @conditions
func.func @conditions() {
  %true = arith.constant true
  %false = arith.constant false
  // CHECK: tile.assert %{{.*}}, "fails"
  // CHECK-NEXT: tile.assume %{{.*}}
  // CHECK-NEXT: return
  tile.assert %true, "holds"
  tile.assume %true
  tile.assert %false, "fails"
  tile.assume %false
  return
}

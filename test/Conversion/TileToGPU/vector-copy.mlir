// RUN: tile-opt %s --convert-tile-to-gpu --canonicalize --split-input-file | FileCheck %s
// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// What the types and the grid tell is known; the address is tested.
// CHECK-LABEL: func @static
// CHECK-SAME: %[[A:.*]]: memref<256x64xf16>
// CHECK-NOT: arith.andi
// CHECK: %[[PTR:.*]] = memref.extract_aligned_pointer_as_index %[[A]]
// CHECK: %[[LOW:.*]] = arith.andi %[[PTR]], %c15
// CHECK: %[[FITS:.*]] = arith.cmpi eq, %[[LOW]], %c0
// CHECK: scf.if %[[FITS]] {
// CHECK-COUNT-4: vector.load %[[A]]{{.*}}{alignment = 16 : i64} : memref<256x64xf16>, vector<8xf16>
// CHECK-COUNT-4: vector.store {{.*}}{alignment = 16 : i64} : memref<64x64xf16
// CHECK-NOT: vector.
// CHECK: } else {
// CHECK-COUNT-4: memref.load
// CHECK-COUNT-4: memref.store
func.func @static(%a: memref<256x64xf16>) {
  %c4 = arith.constant 4 : index
  tile.launch blocks(%x) in (%c4) threads(128) shared_bytes(8192) {
    %c64 = arith.constant 64 : index
    %row = arith.muli %x, %c64 : index
    %c0 = arith.constant 0 : index
    %s = tile.alloc offset(0) : memref<64x64xf16, #tile.scope<shared>>
    tile.copy %a[%row, %c0], %s : memref<256x64xf16> to memref<64x64xf16, #tile.scope<shared>>
  }
  return
}

// -----

// Between shared buffers nothing is left to test. The types differ: vectors are
// as wide as the wider element allows.
// CHECK-LABEL: func @shared
// CHECK-NOT: scf.if
// CHECK: vector.load {{.*}}{alignment = 8 : i64} : memref<16x64xbf16{{.*}}, vector<4xbf16>
// CHECK: vector.store {{.*}}{alignment = 16 : i64} : memref<16x64xf32{{.*}}, vector<4xf32>
func.func @shared() {
  tile.launch blocks() in () threads(128) shared_bytes(6144) {
    %s = tile.alloc offset(0) : memref<16x64xbf16, #tile.scope<shared>>
    %d = tile.alloc offset(2048) : memref<16x64xf32, #tile.scope<shared>>
    tile.copy %s, %d : memref<16x64xbf16, #tile.scope<shared>> to memref<16x64xf32, #tile.scope<shared>>
  }
  return
}

// -----

// The begin is a multiple of 4 and the row of 2: the vectors are narrower.
// CHECK-LABEL: func @narrower
// CHECK: vector.load {{.*}}{alignment = 8 : i64} : memref<32x64xf16>, vector<4xf16>
// CHECK: vector.load {{.*}}{alignment = 4 : i64} : memref<32x62xf16>, vector<2xf16>
func.func @narrower(%a: memref<32x64xf16>, %b: memref<32x62xf16>) {
  %c4 = arith.constant 4 : index
  tile.launch blocks(%x) in (%c4) threads(32) shared_bytes(2048) {
    %c0 = arith.constant 0 : index
    %k = arith.muli %x, %c4 : index
    %s = tile.alloc offset(0) : memref<32x32xf16, #tile.scope<shared>>
    tile.copy %a[%c0, %k], %s : memref<32x64xf16> to memref<32x32xf16, #tile.scope<shared>>
    tile.copy %b[%c0, %c0], %s : memref<32x62xf16> to memref<32x32xf16, #tile.scope<shared>>
  }
  return
}

// -----

// Sizes at run time: those that matter are tested together. A vector outside of
// the matrix is the pad value.
// CHECK-LABEL: func @dynamic
// CHECK-SAME: %[[A:.*]]: memref<?x?xf16>
// CHECK-DAG: %[[N:.*]] = memref.dim %[[A]], %c1
// CHECK: %[[REST:.*]] = arith.andi %{{.*}}, %c7
// CHECK: arith.cmpi eq, %[[REST]], %c0
// CHECK: vector.load {{.*}}{alignment = 16 : i64} : memref<?x?xf16>, vector<8xf16>
// CHECK: scf.yield %{{.*}} : vector<8xf16>
func.func @dynamic(%a: memref<?x?xf16>) {
  %c4 = arith.constant 4 : index
  tile.launch blocks(%x) in (%c4) threads(32) shared_bytes(2048) {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %k = arith.muli %x, %c32 : index
    %one = arith.constant 1.0 : f16
    %s = tile.alloc offset(0) : memref<32x32xf16, #tile.scope<shared>>
    tile.copy %a[%c0, %k], %s pad(%one : f16) : memref<?x?xf16> to memref<32x32xf16, #tile.scope<shared>>
  }
  return
}

// -----

// What is stated about the sizes needs no test.
// CHECK-LABEL: func @assumed
// CHECK: gpu.launch
// CHECK-NOT: arith.andi
// CHECK: memref.extract_aligned_pointer_as_index
// CHECK: vector.load {{.*}} : memref<?x?xf16>, vector<8xf16>
func.func @assumed(%a: memref<?x?xf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %n = memref.dim %a, %c1 : memref<?x?xf16>
  %rest = arith.remui %n, %c8 : index
  %fits = arith.cmpi eq, %rest, %c0 : index
  tile.assume %fits
  tile.launch blocks(%x) in (%c8) threads(32) shared_bytes(2048) {
    %c32 = arith.constant 32 : index
    %k = arith.muli %x, %c32 : index
    %s = tile.alloc offset(0) : memref<32x32xf16, #tile.scope<shared>>
    tile.copy %a[%c0, %k], %s : memref<?x?xf16> to memref<32x32xf16, #tile.scope<shared>>
  }
  return
}

// -----

// The offset of a strided buffer belongs to its address.
// CHECK-LABEL: func @strided
// CHECK: gpu.launch
// CHECK: %{{.*}}, %[[OFFSET:.*]], %{{.*}}:2, %[[STRIDES:.*]]:2 = memref.extract_strided_metadata
// CHECK: arith.ori %[[STRIDES]]#0,
// CHECK: vector.load {{.*}} vector<4xf32>
func.func @strided(%a: memref<?x?xf32, strided<[?, 1], offset: ?>>) {
  tile.launch blocks() in () threads(32) shared_bytes(4096) {
    %s = tile.alloc offset(0) : memref<32x32xf32, #tile.scope<shared>>
    tile.copy %a, %s : memref<?x?xf32, strided<[?, 1], offset: ?>> to memref<32x32xf32, #tile.scope<shared>>
  }
  return
}

// -----

// CHECK-LABEL: func @scalar
// CHECK-NOT: vector.
func.func @scalar(%a: memref<64x33xf16>, %t: memref<64x64xf16, strided<[1, 64]>>, %b: memref<64xi1>, %z: memref<f32>, %w: memref<7x64xf16>) {
  tile.launch blocks() in () threads(32) shared_bytes(8448) {
    // REMARK: vector-copy.mlir:[[#@LINE+2]]:5: remark: [Missed] scalar-copy {{.*}}copied element by element: the length of a row is not divisible by 2
    %s = tile.alloc offset(0) : memref<64x33xf16, #tile.scope<shared>>
    tile.copy %a, %s : memref<64x33xf16> to memref<64x33xf16, #tile.scope<shared>>
    // REMARK: vector-copy.mlir:[[#@LINE+3]]:5: remark: [Missed] scalar-copy {{.*}}copied element by element: two bytes are no vector
    %bytes = tile.alloc offset(0) : memref<8x6xi8, #tile.scope<shared>>
    %pairs = tile.alloc offset(48) : memref<8x6xi8, #tile.scope<shared>>
    tile.copy %bytes, %pairs : memref<8x6xi8, #tile.scope<shared>> to memref<8x6xi8, #tile.scope<shared>>
    // REMARK: vector-copy.mlir:[[#@LINE+2]]:5: remark: [Missed] scalar-copy {{.*}}copied element by element: the rows are not contiguous
    %r = tile.alloc offset(0) : memref<64x64xf16, #tile.scope<shared>>
    tile.copy %t, %r : memref<64x64xf16, strided<[1, 64]>> to memref<64x64xf16, #tile.scope<shared>>
    // REMARK: vector-copy.mlir:[[#@LINE+2]]:5: remark: [Missed] scalar-copy {{.*}}copied element by element: an element is less than a byte
    %l = tile.alloc offset(0) : memref<64xi1, #tile.scope<shared>>
    tile.copy %b, %l : memref<64xi1> to memref<64xi1, #tile.scope<shared>>
    // REMARK: vector-copy.mlir:[[#@LINE+2]]:5: remark: [Missed] scalar-copy {{.*}}copied element by element: the region has no rows
    %o = tile.alloc offset(0) : memref<f32, #tile.scope<shared>>
    tile.copy %z, %o : memref<f32> to memref<f32, #tile.scope<shared>>
    // REMARK: vector-copy.mlir:[[#@LINE+2]]:5: remark: [Missed] scalar-copy {{.*}}copied element by element: a stride, begin or size is not divisible by 2
    %c1 = arith.constant 1 : index
    tile.copy %w[%c1, %c1], %r : memref<7x64xf16> to memref<64x64xf16, #tile.scope<shared>>
  }
  return
}

// -----

// More than fits at once goes in groups, here of 4 that need no test, and one
// that does.
// CHECK-LABEL: func @groups
// CHECK: scf.for %{{.*}} = %{{.*}} to %c2048 step %c128 {
// CHECK-NOT: scf.if
// CHECK-COUNT-4: vector.load
// CHECK-COUNT-4: vector.store
// CHECK: }
// CHECK: scf.if %{{.*}} {
// CHECK: vector.load
// CHECK: vector.store
func.func @groups() {
  tile.launch blocks() in () threads(32) shared_bytes(65536) {
    %s = tile.alloc offset(0) : memref<128x128xf16, #tile.scope<shared>>
    %d = tile.alloc offset(32768) : memref<128x128xf16, #tile.scope<shared>>
    tile.copy %s, %d : memref<128x128xf16, #tile.scope<shared>> to memref<128x128xf16, #tile.scope<shared>>
    %e = tile.alloc offset(0) : memref<3x8xf16, #tile.scope<shared>>
    %f = tile.alloc offset(48) : memref<3x8xf16, #tile.scope<shared>>
    tile.copy %e, %f : memref<3x8xf16, #tile.scope<shared>> to memref<3x8xf16, #tile.scope<shared>>
  }
  return
}

// -----

// In a launch for rows that are not aligned, vectors are those that are known to
// fit: what a branch around the launch says of sizes, offsets and addresses
// counts.
// CHECK-LABEL: func @unaligned
// CHECK: gpu.launch
// CHECK-NOT: vector.load
// CHECK: memref.load %arg0
// CHECK: vector.load {{.*}} vector<8xf16>
// CHECK: } else {
// CHECK: gpu.launch
// CHECK-NOT: vector.load
func.func @unaligned(%a: memref<128x?xf16>, %b: memref<64x64xf16, strided<[64, 1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  %_, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %b : memref<64x64xf16, strided<[64, 1], offset: ?>> -> memref<f16>, index, index, index, index, index
  %address = memref.extract_aligned_pointer_as_index %b : memref<64x64xf16, strided<[64, 1], offset: ?>> -> index
  %rest = arith.remui %address, %c16 : index
  %before = arith.remui %offset, %c8 : index
  %begins = arith.cmpi eq, %rest, %c0 : index
  %whole = arith.cmpi eq, %before, %c0 : index
  %aligned = arith.andi %begins, %whole : i1
  scf.if %aligned {
    tile.launch blocks() in () threads(128) shared_bytes(12288) attributes {tile.fallback = 1 : i64} {
      // REMARK: vector-copy.mlir:[[#@LINE+2]]:7: remark: [Missed] scalar-copy {{.*}}copied element by element: this version of the launch is for rows that are not aligned
      %s = tile.alloc offset(0) : memref<64x64xf16, #tile.scope<shared>>
      tile.copy %a, %s : memref<128x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b, %s : memref<64x64xf16, strided<[64, 1], offset: ?>> to memref<64x64xf16, #tile.scope<shared>>
    }
  } else {
    tile.launch blocks() in () threads(128) shared_bytes(12288) attributes {tile.fallback = 1 : i64} {
      // REMARK: vector-copy.mlir:[[#@LINE+2]]:7: remark: [Missed] scalar-copy
      %s = tile.alloc offset(0) : memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b, %s : memref<64x64xf16, strided<[64, 1], offset: ?>> to memref<64x64xf16, #tile.scope<shared>>
    }
  }
  return
}

// -----

// Nothing is known of the address of a buffer whose rank is that of a cast; it is
// tested.
// CHECK-LABEL: func @unranked
// CHECK: arith.andi
// CHECK: vector.load {{.*}} memref<?xf32>, vector<4xf32>
func.func @unranked(%u: memref<*xf32>) {
  %z = memref.cast %u : memref<*xf32> to memref<?xf32>
  tile.launch blocks() in () threads(32) shared_bytes(512) {
    %s = tile.alloc offset(0) : memref<128xf32, #tile.scope<shared>>
    tile.copy %z, %s : memref<?xf32> to memref<128xf32, #tile.scope<shared>>
  }
  return
}

// RUN: tile-opt %s --convert-tile-to-gpu --canonicalize --split-input-file | FileCheck %s
// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// A thread has two vectors of 8 columns. The rows begin at multiples of 16
// bytes if the first one does, which is tested. All loads stand before the first
// conversion, and a pair of f32 is converted at once.
#wide = #tile.layout<threads (32):(8), values (8,2):(1,256), shape 1x512>
// CHECK-LABEL: func @row
// CHECK-SAME: %[[A:.*]]: memref<64x512xbf16>, %[[B:.*]]: memref<64x512xbf16>
// CHECK: %[[PTR:.*]] = memref.extract_aligned_pointer_as_index %[[A]]
// CHECK: %[[LOW:.*]] = arith.andi %[[PTR]], %c15
// CHECK: %[[FITS:.*]] = arith.cmpi eq, %[[LOW]], %c0
// CHECK: scf.if %[[FITS]] {
// CHECK: vector.load %[[A]]{{.*}}{alignment = 16 : i64} : memref<64x512xbf16>, vector<8xbf16>
// CHECK-NOT: arith.extf
// CHECK: vector.load %[[A]]{{.*}}{alignment = 16 : i64} : memref<64x512xbf16>, vector<8xbf16>
// CHECK-COUNT-16: arith.extf
// CHECK: } else {
// CHECK-COUNT-16: memref.load %[[A]]
// CHECK: }
// CHECK: scf.if
// CHECK: arith.truncf %{{.*}} : vector<8xf32> to vector<8xbf16>
// CHECK: vector.store %{{.*}}, %[[B]]{{.*}}{alignment = 16 : i64} : memref<64x512xbf16>, vector<8xbf16>
// CHECK: vector.store %{{.*}}, %[[B]]{{.*}}{alignment = 16 : i64} : memref<64x512xbf16>, vector<8xbf16>
func.func @row(%a: memref<64x512xbf16>, %b: memref<64x512xbf16>) {
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x) in (%c64) threads(32) {
    %c0 = arith.constant 0 : index
    %f = tile.alloc {tile.layout = #wide} : memref<1x512xf32, #tile.scope<fragment>>
    tile.copy %a[%x, %c0], %f : memref<64x512xbf16> to memref<1x512xf32, #tile.scope<fragment>>
    tile.copy %f, %b[%x, %c0] : memref<1x512xf32, #tile.scope<fragment>> to memref<64x512xbf16>
  }
  return
}

// -----

// Vectors outside of a matrix of any size are the pad value, and not stored.
#wide = #tile.layout<threads (8,4):(4,32), values (4):(1), shape 4x32>
// CHECK-LABEL: func @ragged
// CHECK-SAME: %[[A:.*]]: memref<?x?xf32>, %[[PAD:.*]]: f32
// CHECK: scf.if
// CHECK: %[[VECTOR:.*]] = scf.if %{{.*}} -> (vector<4xf32>) {
// CHECK-NEXT: vector.load %[[A]]{{.*}}{alignment = 16 : i64}
// CHECK: } else {
// CHECK-NEXT: vector.broadcast %[[PAD]] : f32 to vector<4xf32>
// CHECK: vector.extract %[[VECTOR]][0]
// CHECK: vector.from_elements
// CHECK: scf.if
// CHECK-NEXT: vector.store %{{.*}}, %[[A]]
func.func @ragged(%a: memref<?x?xf32>, %pad: f32) {
  tile.launch blocks() in () threads(32) {
    %c4 = arith.constant 4 : index
    %f = tile.alloc {tile.layout = #wide} : memref<4x32xf32, #tile.scope<fragment>>
    tile.copy %a[%c4, %c4], %f pad(%pad : f32) : memref<?x?xf32> to memref<4x32xf32, #tile.scope<fragment>>
    tile.copy %f, %a[%c4, %c4] : memref<4x32xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

// -----

// A vector that goes by a dimension of extent 1; of the warps that hold the
// same elements, one stores. An accumulator of tensor cores has pairs.
#row = #tile.layout<threads (32,2):(2,0), values (2):(1), shape 1x64>
#acc = #tile.layout<threads (4,8,2):(2,8,128), values (2,2):(1,64), shape 32x8>
// CHECK-LABEL: func @narrow
// CHECK-SAME: %[[A:.*]]: memref<64xf32>, %[[B:.*]]: memref<32x8xf32>
// CHECK-DAG: %[[WARP:.*]] = arith.divui %{{.*}}, %c32
// CHECK-DAG: %[[FIRST:.*]] = arith.cmpi eq, %[[WARP]], %c0
// CHECK: scf.if %[[FIRST]] {
// CHECK-NEXT: vector.store %{{.*}}, %[[A]]{{.*}}{alignment = 8 : i64} : memref<64xf32>, vector<2xf32>
// CHECK: vector.store %{{.*}}, %[[B]]{{.*}} : memref<32x8xf32>, vector<2xf32>
// CHECK: vector.store %{{.*}}, %[[B]]{{.*}} : memref<32x8xf32>, vector<2xf32>
func.func @narrow(%a: memref<64xf32>, %b: memref<32x8xf32>, %v: f32) {
  tile.launch blocks() in () threads(64) {
    %f = tile.alloc {tile.layout = #row} : memref<1x64xf32, #tile.scope<fragment>>
    %c = tile.alloc {tile.layout = #acc} : memref<32x8xf32, #tile.scope<fragment>>
    tile.fill %f, %v : memref<1x64xf32, #tile.scope<fragment>>
    tile.fill %c, %v : memref<32x8xf32, #tile.scope<fragment>>
    tile.copy %f, %a : memref<1x64xf32, #tile.scope<fragment>> to memref<64xf32>
    tile.copy %c, %b : memref<32x8xf32, #tile.scope<fragment>> to memref<32x8xf32>
  }
  return
}

// -----

// Of four atoms of an accumulator each thread has a pair in rows that four
// threads share. They exchange them and store 16 bytes each, if rows begin at
// multiples of 16 bytes, else the pairs.
#atoms = #tile.layout<threads (4,8):(2,32), values (2,2,4):(1,256,8), shape 16x32>
// CHECK-LABEL: func @exchange
// CHECK-SAME: %[[A:.*]]: memref<16x32xf16>
// CHECK: gpu.launch {{.*}} threads(%[[THREAD:[^,]*]],
// CHECK: %[[LOW:.*]] = arith.andi %{{.*}}, %c15
// CHECK: %[[FITS:.*]] = arith.cmpi eq, %[[LOW]], %c0
// CHECK: scf.if %[[FITS]] {
// CHECK-COUNT-4: arith.truncf %{{.*}} : vector<2xf32> to vector<2xf16>
// CHECK: %[[BIT:.*]] = arith.andi %[[THREAD]], %c1
// CHECK: %[[ODD:.*]] = arith.cmpi ne, %[[BIT]], %c0
// CHECK: %[[GIVEN:.*]] = arith.select %[[ODD]], %[[EVEN:.*]], %[[OTHER:.*]] : i32
// CHECK: %[[TAKEN:.*]], %{{.*}} = gpu.shuffle xor %[[GIVEN]], %c1_i32, %c32_i32 : i32
// CHECK: arith.select %[[ODD]], %[[TAKEN]], %[[EVEN]] : i32
// CHECK: arith.select %[[ODD]], %[[OTHER]], %[[TAKEN]] : i32
// CHECK: gpu.shuffle xor %{{.*}}, %c1_i32
// CHECK-COUNT-2: gpu.shuffle xor %{{.*}}, %c2_i32
// CHECK: %[[COLUMN:.*]] = arith.muli %{{.*}}, %c8
// CHECK: vector.store %{{.*}}, %[[A]][%{{.*}}, %[[COLUMN]]] {alignment = 16 : i64} : memref<16x32xf16>, vector<8xf16>
// CHECK-COUNT-4: gpu.shuffle
// CHECK-NOT: gpu.shuffle
// CHECK: vector.store %{{.*}}, %[[A]]{{.*}}{alignment = 16 : i64} : memref<16x32xf16>, vector<8xf16>
// CHECK: } else {
// CHECK-COUNT-8: vector.store %{{.*}}, %[[A]]{{.*}}{alignment = 4 : i64} : memref<16x32xf16>, vector<2xf16>
func.func @exchange(%a: memref<16x32xf16>, %v: f32) {
  tile.launch blocks() in () threads(32) {
    %c = tile.alloc {tile.layout = #atoms} : memref<16x32xf32, #tile.scope<fragment>>
    tile.fill %c, %v : memref<16x32xf32, #tile.scope<fragment>>
    tile.copy %c, %a : memref<16x32xf32, #tile.scope<fragment>> to memref<16x32xf16>
  }
  return
}

// -----

// Pairs of f32 are exchanged by two threads. Shared memory takes pairs as they
// are, and so does a matrix whose rows begin at multiples of 4 bytes.
#atoms = #tile.layout<threads (4,8):(2,32), values (2,2,4):(1,256,8), shape 16x32>
// CHECK-LABEL: func @other_exchanges
// CHECK-SAME: %[[A:.*]]: memref<16x32xf32>, %[[B:.*]]: memref<16x34xf16>
// CHECK-COUNT-2: gpu.shuffle xor %{{.*}}, %c1_i32
// CHECK: vector.store %{{.*}}, %[[A]]{{.*}}{alignment = 16 : i64} : memref<16x32xf32>, vector<4xf32>
// CHECK-COUNT-6: gpu.shuffle xor %{{.*}}, %c1_i32
// CHECK-NOT: gpu.shuffle
// CHECK: vector.store %{{.*}}, %[[B]]{{.*}} : memref<16x34xf16>, vector<2xf16>
// CHECK: vector.store %{{.*}} : memref<16x32xf16, #gpu.address_space<workgroup>>, vector<2xf16>
func.func @other_exchanges(%a: memref<16x32xf32>, %b: memref<16x34xf16>, %v: f32) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<16x32xf16, #tile.scope<shared>>
    %c = tile.alloc {tile.layout = #atoms} : memref<16x32xf32, #tile.scope<fragment>>
    tile.fill %c, %v : memref<16x32xf32, #tile.scope<fragment>>
    tile.copy %c, %a : memref<16x32xf32, #tile.scope<fragment>> to memref<16x32xf32>
    tile.copy %c, %b : memref<16x32xf32, #tile.scope<fragment>> to memref<16x34xf16>
    tile.copy %c, %s : memref<16x32xf32, #tile.scope<fragment>> to memref<16x32xf16, #tile.scope<shared>>
  }
  return
}

// -----

// What has to go by single elements is told, with the reason.
#wide = #tile.layout<threads (32):(2), values (2):(1), shape 1x64>
#deal = #tile.layout<threads (32):(1), values (2):(32), shape 1x64>
func.func @elements(%a: memref<8x65xf16>, %b: memref<8x64xf16>) {
  tile.launch blocks() in () threads(32) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %f = tile.alloc {tile.layout = #wide} : memref<1x64xf16, #tile.scope<fragment>>
    %g = tile.alloc {tile.layout = #deal} : memref<1x64xf16, #tile.scope<fragment>>
    // REMARK: remark: {{.*}}scalar-copy{{.*}}a stride, begin or size is not divisible by 2
    tile.copy %a[%c1, %c0], %f : memref<8x65xf16> to memref<1x64xf16, #tile.scope<fragment>>
    // REMARK: remark: {{.*}}scalar-copy{{.*}}threads hold single elements
    tile.copy %b[%c1, %c0], %g : memref<8x64xf16> to memref<1x64xf16, #tile.scope<fragment>>
  }
  return
}

// -----

// Padding has registers, too: an iteration that touches no others may run there.
#line = #tile.layout<threads (32):(1), values (2):(32), shape 1x40, padded 1x64>
// CHECK-LABEL: func @padding
// CHECK: arith.mulf
// CHECK: arith.mulf
// CHECK-NOT: scf.if
// CHECK: arith.addf
// CHECK: scf.if
// CHECK: arith.addf
func.func @padding() {
  tile.launch blocks() in () threads(32) shared_bytes(160) {
    %f = tile.alloc {tile.layout = #line} : memref<1x40xf32, #tile.scope<fragment>>
    %s = tile.alloc offset(0) : memref<40xf32, #tile.scope<shared>>
    %c0 = arith.constant 0 : index
    tile.parallel (%i, %j) in (1, 40) attributes {tile.layout = #line} {
      %v = memref.load %f[%i, %j] : memref<1x40xf32, #tile.scope<fragment>>
      %w = arith.mulf %v, %v : f32
      memref.store %w, %f[%i, %j] : memref<1x40xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i, %j) in (1, 40) attributes {tile.layout = #line} {
      %v = memref.load %f[%i, %j] : memref<1x40xf32, #tile.scope<fragment>>
      %o = memref.load %s[%j] : memref<40xf32, #tile.scope<shared>>
      %w = arith.addf %v, %o : f32
      memref.store %w, %s[%j] : memref<40xf32, #tile.scope<shared>>
    }
  }
  return
}

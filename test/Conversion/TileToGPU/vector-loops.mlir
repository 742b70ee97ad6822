// RUN: tile-opt %s --convert-tile-to-gpu --canonicalize --split-input-file | FileCheck %s
// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// What runs along the last dimension is loaded and stored in vectors, and what
// belongs to the row once for each vector. Indices that do not depend on the
// iteration are computed in front.
// CHECK-LABEL: func @rows
// CHECK: gpu.launch
// CHECK: %[[FIRST:.*]] = arith.muli %{{.*}}, %c64
// CHECK: scf.if
// CHECK: vector.load %arg0{{.*}}{alignment = 16 : i64} : memref<64x256xf32>, vector<4xf32>
// CHECK: vector.load %arg0{{.*}} : memref<64x256xf32>, vector<4xf32>
// CHECK: memref.load %arg1[%{{.*}}] : memref<64xf32>
// CHECK: memref.load %arg1[%{{.*}}] : memref<64xf32>
// CHECK-COUNT-8: arith.mulf
// CHECK: vector.store %{{.*}}, %arg0{{.*}}{alignment = 16 : i64} : memref<64x256xf32>, vector<4xf32>
// CHECK: vector.store
// CHECK: } else {
// CHECK: scf.for
// CHECK: memref.load %arg0
// CHECK: memref.store %{{.*}}, %arg0
func.func @rows(%a: memref<64x256xf32>, %s: memref<64xf32>) {
  %c4 = arith.constant 4 : index
  tile.launch blocks(%x) in (%c4) threads(128) {
    tile.parallel (%i, %j) in (16, 64) {
      %c64 = arith.constant 64 : index
      %first = arith.muli %x, %c64 : index
      %k = arith.addi %j, %first : index
      %v = memref.load %a[%i, %k] : memref<64x256xf32>
      %f = memref.load %s[%i] : memref<64xf32>
      %r = arith.mulf %v, %f : f32
      memref.store %r, %a[%i, %k] : memref<64x256xf32>
    }
  }
  return
}

// -----

// The widest element decides. A vector that some threads do not have is behind
// a test.
// CHECK-LABEL: func @mixed
// CHECK: scf.if %{{.*}} -> (vector<8xf16>) {
// CHECK: vector.load %{{.*}}{alignment = 16 : i64} : memref<12x8xf16
// CHECK: vector.from_elements
// CHECK: vector.store %{{.*}}{alignment = 8 : i64} : memref<12x8xi8
func.func @mixed() {
  tile.launch blocks() in () threads(32) shared_bytes(288) {
    %a = tile.alloc offset(0) : memref<12x8xf16, #tile.scope<shared>>
    %b = tile.alloc offset(192) : memref<12x8xi8, #tile.scope<shared>>
    tile.parallel (%i, %j) in (12, 8) {
      %v = memref.load %a[%i, %j] : memref<12x8xf16, #tile.scope<shared>>
      %r = arith.fptosi %v : f16 to i8
      memref.store %r, %b[%i, %j] : memref<12x8xi8, #tile.scope<shared>>
    }
  }
  return
}

// -----

// CHECK-LABEL: func @scalar
// CHECK-NOT: vector.
func.func @scalar(%a: memref<64x64xf32>, %o: memref<64x33xf32>, %l: memref<64xi1>, %n: index) {
  tile.launch blocks() in () threads(32) {
    %t = tile.alloc : memref<1xf32, #tile.scope<local>>
    // REMARK: vector-loops.mlir:[[#@LINE+1]]:5: remark: [Missed] scalar-loop {{.*}}elements accessed one by one: an access does not run along the last dimension of the loop
    tile.parallel (%i, %j) in (64, 64) {
      %v = memref.load %a[%j, %i] : memref<64x64xf32>
      memref.store %v, %a[%i, %j] : memref<64x64xf32>
    }
    // REMARK: vector-loops.mlir:[[#@LINE+1]]:5: remark: [Missed] scalar-loop {{.*}}elements accessed one by one: the length of a row is not divisible by 2
    tile.parallel (%i, %j) in (64, 33) {
      %v = memref.load %a[%i, %j] : memref<64x64xf32>
      memref.store %v, %o[%i, %j] : memref<64x33xf32>
    }
    // REMARK: vector-loops.mlir:[[#@LINE+1]]:5: remark: [Missed] scalar-loop {{.*}}elements accessed one by one: 'scf.if' is in the body
    tile.parallel (%i, %j) in (64, 64) {
      %c = arith.cmpi ult, %j, %n : index
      scf.if %c {
        %v = memref.load %a[%i, %j] : memref<64x64xf32>
        memref.store %v, %a[%i, %j] : memref<64x64xf32>
      }
    }
    // REMARK: vector-loops.mlir:[[#@LINE+1]]:5: remark: [Missed] scalar-loop {{.*}}elements accessed one by one: an access does not run along the last dimension of the loop
    tile.parallel (%i, %j) in (64, 64) {
      %k = arith.addi %i, %j : index
      %v = memref.load %a[%i, %k] : memref<64x64xf32>
      memref.store %v, %a[%i, %j] : memref<64x64xf32>
    }
    // REMARK: vector-loops.mlir:[[#@LINE+1]]:5: remark: [Missed] scalar-loop {{.*}}elements accessed one by one: several iterations store to one element
    tile.parallel (%i, %j) in (64, 64) {
      %v = memref.load %a[%i, %j] : memref<64x64xf32>
      memref.store %v, %a[%i, %n] : memref<64x64xf32>
    }
    // REMARK: vector-loops.mlir:[[#@LINE+1]]:5: remark: [Missed] scalar-loop {{.*}}elements accessed one by one: no access depends on the last dimension
    tile.parallel (%i, %j) in (64, 64) {
      %v = memref.load %a[%i, %n] : memref<64x64xf32>
    }
    // REMARK: vector-loops.mlir:[[#@LINE+1]]:5: remark: [Missed] scalar-loop {{.*}}elements accessed one by one: a buffer of a thread is accessed
    tile.parallel (%i) in (64) {
      %v = memref.load %t[%n] : memref<1xf32, #tile.scope<local>>
    }
  }
  return
}

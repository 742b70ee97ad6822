// RUN: tile-opt %s --tile-version-launches --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-version-launches --split-input-file --remarks-filter=tile-version-launches --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:
// RUN: tile-opt %s --tile-version-launches --tile-infer-layouts --tile-insert-barriers --convert-tile-to-gpu --split-input-file | FileCheck %s --check-prefix=GPU

// Rows of both tensors have to be multiples of 16 bytes and begin at one; a
// tensor of other elements has another number of them.
// CHECK-LABEL: func @rows
// CHECK-SAME: (%[[X:.*]]: memref<?x?xbf16>, %[[Y:.*]]: memref<?x?xf32>
// CHECK-DAG: %[[XN:.*]] = memref.dim %[[X]], %c1
// CHECK-DAG: %[[YN:.*]] = memref.dim %[[Y]], %c1
// CHECK-DAG: %[[XP:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK-DAG: %[[YP:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK-DAG: arith.remui %[[XN]], %c8
// CHECK-DAG: arith.remui %[[YN]], %c4
// CHECK-DAG: arith.remui %[[XP]], %c16
// CHECK-DAG: arith.remui %[[YP]], %c16
// CHECK: scf.if
// CHECK-NEXT: tile.launch
// CHECK-NOT: tile.fallback
// CHECK: } else {
// CHECK-NEXT: tile.launch {{.*}} attributes {tile.fallback = 1 : i64}
// REMARK: remark: [Passed] versions {{.*}}"two versions: one for rows aligned to 16 bytes, one for all others"

// Nothing is tested again for aligned rows, and others are never vectors. What
// is beyond them is no constant, so that elements are not converted with it in
// the branches that load them.
// GPU-LABEL: func @rows
// GPU: scf.if
// GPU: gpu.launch
// GPU-NOT: memref.load %arg
// GPU-NOT: arith.andi %{{.*}}, %c7
// GPU: vector.load %arg0{{.*}} vector<4xbf16>
// GPU: vector.store {{.*}} vector<4xf32>
// GPU-NOT: memref.store %{{.*}}, %arg
// GPU: } else {
// GPU: gpu.launch
// GPU-NOT: vector.load %arg
// GPU-NOT: vector.store %{{.*}}, %arg
// GPU: llvm.inline_asm "mov.b16 $0, $1;"
// GPU: memref.load %arg0
// GPU: memref.store %{{.*}}, %arg1
func.func @rows(%x: memref<?x?xbf16>, %y: memref<?x?xf32>, %m: index) {
  %c0 = arith.constant 0 : index
  tile.launch blocks(%row) in (%m) threads(128) {
    %t = tile.alloc : memref<1x1024xf32, #tile.scope<fragment>>
    tile.copy %x[%row, %c0], %t : memref<?x?xbf16> to memref<1x1024xf32, #tile.scope<fragment>>
    tile.copy %t, %y[%row, %c0] : memref<1x1024xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

// -----

// Strides and offsets that the type does not say are tested, and those of a
// view in the launch are what the host knows of its source. What is stated is
// not tested, and a small copy does not decide.
// CHECK-LABEL: func @strides
// CHECK-SAME: (%[[X:[a-z0-9]*]]: memref
// CHECK-SAME: %[[S:[a-z0-9]*]]: memref<?xf32>
// CHECK-NOT: memref.dim %[[S]]
// CHECK: memref.extract_strided_metadata %[[X]]
// CHECK-NOT: memref.dim %[[S]]
// CHECK-COUNT-3: arith.remui
// CHECK-NOT: arith.remui
// CHECK: scf.if
// REMARK: remark: [Passed] versions
func.func @strides(%x: memref<?x?xf32, strided<[?, 1], offset: ?>>, %s: memref<?xf32>, %m: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %n = memref.dim %x, %c1 : memref<?x?xf32, strided<[?, 1], offset: ?>>
  %rest = arith.remui %n, %c4 : index
  %whole = arith.cmpi eq, %rest, %c0 : index
  tile.assume %whole
  tile.launch blocks(%row) in (%m) threads(32) {
    %rows = memref.subview %x[%row, 0] [1, 512] [1, 1] : memref<?x?xf32, strided<[?, 1], offset: ?>> to memref<1x512xf32, strided<[?, 1], offset: ?>>
    %t = tile.alloc : memref<1x512xf32, #tile.scope<fragment>>
    %u = tile.alloc : memref<1xf32, #tile.scope<fragment>>
    tile.copy %rows, %t : memref<1x512xf32, strided<[?, 1], offset: ?>> to memref<1x512xf32, #tile.scope<fragment>>
    tile.copy %u, %s[%row] : memref<1xf32, #tile.scope<fragment>> to memref<?xf32>
  }
  return
}

// -----

// Known sizes need no versions, nor do products, copies to shared memory,
// fragments whose layout is written on them and those with an element for a
// thread.
// CHECK-LABEL: func @none
// CHECK-NOT: scf.if
func.func @none(%x: memref<64x1024xf32>, %y: memref<?x?xf32>, %z: memref<?x?xf16>) {
  tile.launch blocks() in () threads(128) {
    %t = tile.alloc : memref<1x1024xf32, #tile.scope<fragment>>
    tile.copy %x, %t : memref<64x1024xf32> to memref<1x1024xf32, #tile.scope<fragment>>
  }
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    tile.copy %y, %s : memref<?x?xf32> to memref<64x64xf32, #tile.scope<shared>>
  }
  tile.launch blocks() in () threads(128) {
    %t = tile.alloc : memref<1x128xf32, #tile.scope<fragment>>
    tile.copy %y, %t : memref<?x?xf32> to memref<1x128xf32, #tile.scope<fragment>>
  }
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %z, %a : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
    tile.gemm %a, %a, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %c, %y : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

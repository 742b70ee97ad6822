// RUN: tile-opt %s --convert-tile-to-gpu --canonicalize --split-input-file | FileCheck %s

// Each access goes to the place of its element: 8 rows, whose chunks of 8
// elements are permuted.
// CHECK-LABEL: func @rows_of_128_bytes
// CHECK-SAME: %[[I:[a-z0-9]+]]: index, %[[J:[a-z0-9]+]]: index
// CHECK: %[[S:.*]] = memref.view {{.*}} to memref<2x64x64xf16
// CHECK: %[[VROW:.*]] = arith.andi %{{.*}}, %c7
// CHECK: %[[VCHANGE:.*]] = arith.muli %[[VROW]], %c8
// CHECK: %[[VPLACE:.*]] = arith.xori %{{.*}}, %[[VCHANGE]]
// CHECK: vector.store %{{.*}}, %[[S]][%{{.*}}, %{{.*}}, %[[VPLACE]]]
// CHECK: %[[STAGE:.*]] = memref.subview %[[S]]
// CHECK: %[[ROW:.*]] = arith.andi %[[I]], %c7
// CHECK: %[[CHANGE:.*]] = arith.muli %[[ROW]], %c8
// CHECK: %[[PLACE:.*]] = arith.xori %[[J]], %[[CHANGE]]
// CHECK: memref.load %[[STAGE]][%[[I]], %[[PLACE]]]
// CHECK: %[[PLACE:.*]] = arith.xori %[[J]]
// CHECK: memref.store %{{.*}}, %[[STAGE]][%[[I]], %[[PLACE]]]
func.func @rows_of_128_bytes(%i: index, %j: index, %a: memref<2x64x64xf16>) {
  tile.launch blocks() in () threads(32) shared_bytes(16384) {
    %s = tile.alloc offset(0) swizzle(128) : memref<2x64x64xf16, #tile.scope<shared>>
    tile.copy %a, %s : memref<2x64x64xf16> to memref<2x64x64xf16, #tile.scope<shared>>
    %v = memref.subview %s[%i, 0, 0] [1, 64, 64] [1, 1, 1] : memref<2x64x64xf16, #tile.scope<shared>> to memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>
    %x = memref.load %v[%i, %j] : memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>
    memref.store %x, %v[%i, %j] : memref<64x64xf16, strided<[64, 1], offset: ?>, #tile.scope<shared>>
  }
  return
}

// -----

// Two and four rows share what a line of banks holds.
// CHECK-LABEL: func @shorter_rows
// CHECK-SAME: %[[I:[a-z0-9]+]]: index, %[[J:[a-z0-9]+]]: index
// CHECK: %[[LINE:.*]] = arith.divui %[[I]], %c2
// CHECK: %[[ROW:.*]] = arith.andi %[[LINE]], %c3
// CHECK: %[[CHANGE:.*]] = arith.muli %[[ROW]], %c16
// CHECK: %[[PLACE:.*]] = arith.xori %[[J]], %[[CHANGE]]
// CHECK: memref.load %{{.*}}[%[[I]], %[[PLACE]]]
// CHECK: %[[LINE:.*]] = arith.divui %[[I]], %c4
// CHECK: %[[ROW:.*]] = arith.andi %[[LINE]], %c1
// CHECK: %[[CHANGE:.*]] = arith.muli %[[ROW]], %c4
// CHECK: %[[PLACE:.*]] = arith.xori %[[J]], %[[CHANGE]]
// CHECK: memref.atomic_rmw addi %{{.*}}, %{{.*}}[%[[I]], %[[PLACE]]]
func.func @shorter_rows(%i: index, %j: index, %d: memref<i8>) {
  tile.launch blocks() in () threads(32) shared_bytes(4096) {
    %s = tile.alloc offset(0) swizzle(64) : memref<16x64xi8, #tile.scope<shared>>
    %x = memref.load %s[%i, %j] : memref<16x64xi8, #tile.scope<shared>>
    memref.store %x, %d[] : memref<i8>
    %t = tile.alloc offset(1024) swizzle(32) : memref<16x8xi32, #tile.scope<shared>>
    %one = arith.constant 1 : i32
    %old = tile.atomic add %one, %t[%i, %j] : memref<16x8xi32, #tile.scope<shared>>
  }
  return
}

// -----

// Rows of 256 bytes are cut into two panels, one behind the other; a stage of
// the buffer is a stage of the panels.
// CHECK-LABEL: func @panels
// CHECK-SAME: %[[I:[a-z0-9]+]]: index, %[[J:[a-z0-9]+]]: index
// CHECK: %[[S:.*]] = memref.view {{.*}} to memref<3x2x32x64xf16
// CHECK: %[[PANEL:.*]] = arith.divui %{{.*}}, %c64
// CHECK: %[[COLUMN:.*]] = arith.remui %{{.*}}, %c64
// CHECK: %[[PLACE:.*]] = arith.xori %[[COLUMN]]
// CHECK: vector.store %{{.*}}, %[[S]][%{{.*}}, %[[PANEL]], %{{.*}}, %[[PLACE]]] {{.*}} memref<3x2x32x64xf16{{.*}}, vector<8xf16>
// CHECK: %[[STAGE:.*]] = memref.subview %[[S]][%[[I]], 0, 0, 0] [1, 2, 32, 64] [1, 1, 1, 1] {{.*}} to memref<2x32x64xf16
// CHECK: %[[PANEL:.*]] = arith.divui %[[J]], %c64
// CHECK: %[[COLUMN:.*]] = arith.remui %[[J]], %c64
// CHECK: %[[PLACE:.*]] = arith.xori %[[COLUMN]]
// CHECK: memref.load %[[STAGE]][%[[PANEL]], %[[I]], %[[PLACE]]]
func.func @panels(%i: index, %j: index, %a: memref<3x32x128xf16>, %d: memref<f16>) {
  tile.launch blocks() in () threads(32) shared_bytes(24576) {
    %s = tile.alloc offset(0) swizzle(128) : memref<3x32x128xf16, #tile.scope<shared>>
    tile.copy %a, %s : memref<3x32x128xf16> to memref<3x32x128xf16, #tile.scope<shared>>
    %v = memref.subview %s[%i, 0, 0] [1, 32, 128] [1, 1, 1] : memref<3x32x128xf16, #tile.scope<shared>> to memref<32x128xf16, strided<[128, 1], offset: ?>, #tile.scope<shared>>
    %x = memref.load %v[%i, %j] : memref<32x128xf16, strided<[128, 1], offset: ?>, #tile.scope<shared>>
    memref.store %x, %d[] : memref<f16>
  }
  return
}

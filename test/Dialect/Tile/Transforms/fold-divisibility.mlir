// RUN: tile-opt %s --tile-fold-divisibility --canonicalize -split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-bind-shapes --canonicalize --tile-fold-divisibility --canonicalize -split-input-file | FileCheck %s --check-prefix=BOUND

// What an assumption says counts from there on, also for other reads of the
// same size, and for what is computed from it.

// CHECK-LABEL: func @assumed
// CHECK: %[[N:.*]] = memref.dim
// CHECK: %[[BEFORE:.*]] = arith.remui %[[N]], %c8
// CHECK: tile.assume
// CHECK-NOT: arith.rem
// CHECK: %[[HALF:.*]] = arith.divui %{{.*}}, %c4
// CHECK: %[[REST:.*]] = arith.remui %{{.*}}, %c16
// CHECK: return %[[BEFORE]], %c0, %[[HALF]], %[[REST]]
func.func @assumed(%a: memref<4x?xf32>) -> (index, index, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  %n = memref.dim %a, %c1 : memref<4x?xf32>
  %r = arith.remui %n, %c8 : index
  %ok = arith.cmpi eq, %r, %c0 : index
  tile.assume %ok
  %again = memref.dim %a, %c1 : memref<4x?xf32>
  %three = arith.muli %again, %c3 : index
  %zero = arith.remsi %three, %c8 : index
  %half = arith.ceildivui %again, %c4 : index
  %rest = arith.remui %again, %c16 : index
  return %r, %zero, %half, %rest : index, index, index, index
}

// -----

// Loops count in steps, and conditions may be joined.

// CHECK-LABEL: func @loop
// CHECK: scf.for
// CHECK-NOT: arith.rem
// CHECK: memref.store %c0_i32
// CHECK: return
func.func @loop(%n: i32, %o: memref<?xi32>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %z = arith.constant 0 : i32
  %c4 = arith.constant 4 : i32
  %c6 = arith.constant 6 : i32
  %c12 = arith.constant 12 : i32
  %ri = arith.remsi %n, %c4 : i32
  %rj = arith.remsi %n, %c6 : i32
  %oki = arith.cmpi eq, %ri, %z : i32
  %okj = arith.cmpi eq, %z, %rj : i32
  %ok = arith.andi %oki, %okj : i1
  tile.assert %ok, "expected a multiple of 12"
  %m = arith.index_cast %n : i32 to index
  %end = arith.addi %m, %c16 : index
  scf.for %i = %c16 to %end step %c16 {
    %t = arith.index_cast %i : index to i32
    %u = arith.remsi %n, %c12 : i32
    %c8 = arith.constant 8 : index
    %v = arith.remui %i, %c8 : index
    %w = arith.index_cast %v : index to i32
    %x = arith.addi %u, %w : i32
    memref.store %x, %o[%i] : memref<?xi32>
  }
  return
}

// -----

// An assumption in one branch says nothing elsewhere, and a divisor that is not
// constant or not positive is left alone.

// CHECK-LABEL: func @kept
// CHECK: arith.remui
// CHECK: arith.remui
// CHECK: arith.remsi
// CHECK: return
func.func @kept(%n: index, %d: index, %c: i1) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  scf.if %c {
    %r = arith.remui %n, %c8 : index
    %ok = arith.cmpi eq, %r, %c0 : index
    tile.assume %ok
  }
  %r = arith.remui %n, %c8 : index
  %s = arith.remsi %c8, %d : index
  return %r, %s : index, index
}

// -----

// What an annotation promises is checked by the host, and known after that: of
// the size itself where it was solved, and of a size that a scalar gives.

// BOUND-LABEL: func private @annotated
// BOUND: tile.assert
// BOUND: return %c0, %c0,
func.func private @annotated(
    %a: memref<?x?xf16> {tile.annotation = #tile.tensor<[M, N * 8], f16>},
    %b: memref<?xf16> {tile.annotation = #tile.tensor<[K * 16], f16>},
    %k: i32 {tile.annotation = #tile.dyn<"K", i32>})
    -> (index, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  %columns = memref.dim %a, %c1 : memref<?x?xf16>
  %rows = memref.dim %a, %c0 : memref<?x?xf16>
  %length = memref.dim %b, %c0 : memref<?xf16>
  %x = arith.remui %columns, %c8 : index
  %y = arith.remui %length, %c16 : index
  %z = arith.remui %rows, %c8 : index
  return %x, %y, %z : index, index, index
}

// -----

// Without its sign, -3 is no multiple of 3: an odd divisor counts only for what
// is not negative, or where it is said of the number without its sign.

// CHECK-LABEL: func @signs
// CHECK-COUNT-2: tile.assume
// CHECK: %[[N:.*]] = arith.remui %{{.*}}, %c3 : index
// CHECK: %[[WIDE:.*]] = arith.remsi %{{.*}}, %c3_i64 : i64
// CHECK: return %[[N]], %[[WIDE]], %c0, %c0, %c0
func.func @signs(%n: index, %i: i32, %m: index)
    -> (index, i64, index, index, index) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c3_i64 = arith.constant 3 : i64
  %c3_i32 = arith.constant 3 : i32
  %c0_i32 = arith.constant 0 : i32
  %rn = arith.remsi %n, %c3 : index
  %okn = arith.cmpi eq, %rn, %c0 : index
  tile.assume %okn
  %ri = arith.remsi %i, %c3_i32 : i32
  %oki = arith.cmpi eq, %ri, %c0_i32 : i32
  tile.assume %oki
  %x = arith.remui %n, %c3 : index
  %wide = arith.extui %i : i32 to i64
  %y = arith.remsi %wide, %c3_i64 : i64
  %rm = arith.remui %m, %c3 : index
  %okm = arith.cmpi eq, %rm, %c0 : index
  tile.assume %okm
  %z = arith.remui %m, %c3 : index
  %positive = arith.cmpi sge, %n, %c0 : index
  tile.assert %positive, "expected a size"
  %v = arith.remui %n, %c3 : index
  %k = arith.addi %n, %c3 : index
  %w = arith.remui %k, %c3 : index
  return %x, %y, %z, %v, %w : index, i64, index, index, index
}

// -----

// An integer of a width wraps around, which keeps only powers of two, unless a
// flag says that it does not. A divisor of more than 64 bits is left alone.

// CHECK-LABEL: func @wraps
// CHECK: %[[SIX:.*]] = arith.muli %arg0, %c6_i32 : i32
// CHECK: %[[REST:.*]] = arith.remui %[[SIX]], %c3_i32 : i32
// CHECK: %[[LARGE:.*]] = arith.remui %arg1
// CHECK: return %[[REST]], %c0_i32, %c0_i32, %[[LARGE]]
func.func @wraps(%n: i32, %large: i128) -> (i32, i32, i32, i128) {
  %c2 = arith.constant 2 : i32
  %c3 = arith.constant 3 : i32
  %c6 = arith.constant 6 : i32
  %six = arith.muli %n, %c6 : i32
  %x = arith.remui %six, %c3 : i32
  %y = arith.remui %six, %c2 : i32
  %exact = arith.muli %n, %c6 overflow<nsw> : i32
  %z = arith.remsi %exact, %c3 : i32
  %d = arith.constant 18446744073709551616 : i128
  %w = arith.remui %large, %d : i128
  return %x, %y, %z, %w : i32, i32, i32, i128
}

// -----

// The host check of `N * 24` says too that the product fits.

// BOUND-LABEL: func private @odd
// BOUND: return %c0, %c0
func.func private @odd(
    %a: memref<?xf16> {tile.annotation = #tile.tensor<[N * 24], f16>},
    %n: i32 {tile.annotation = #tile.dyn<"N", i32>}) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c24 = arith.constant 24 : index
  %size = memref.dim %a, %c0 : memref<?xf16>
  %x = arith.remsi %size, %c24 : index
  %y = arith.remui %size, %c24 : index
  return %x, %y : index, index
}

// One function serves many shapes: symbols are bound when it is called, and
// what contradicts them is an error that names the argument and the numbers.

// RUN: tile-run %s --entry=rows --device=cpu zeros:3x5 zeros:7 zeros:2 --out 2=%t.npy
// RUN: %python -c "import numpy as np; assert np.load(r'%t.npy').tolist() == [3, 1]"
// RUN: tile-run %s --entry=rows --device=cpu zeros:100x5 zeros:257 zeros:2 --out 2=%t.npy
// RUN: %python -c "import numpy as np; assert np.load(r'%t.npy').tolist() == [100, 57]"
// REQUIRES: numpy

// RUN: not tile-run %s --entry=rows --device=cpu zeros:3x5 zeros:5 zeros:2 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: expected symbol K of at least 0, found -1
// RUN: not tile-run %s --entry=same --device=cpu zeros:3x5 zeros:4x5 2>&1 | FileCheck %s --check-prefix=SAME
// SAME: same() argument 'arg1' size 0: expected 3, which is M (argument 'arg0' size 0), found 4
// RUN: tile-execution-test call %s same 3x5 4x5 | FileCheck %s --check-prefix=HOST
// HOST: argument #1: size 0: expected 3, which is M, found 4
// RUN: not tile-run %s --entry=quarter --device=cpu zeros:14 2>&1 | FileCheck %s --check-prefix=QUARTER
// QUARTER: argument #0: size 0: expected a value that is M * 4 + 1 for some M, found 14
// RUN: tile-run %s --entry=quarter --device=cpu zeros:13
// RUN: not tile-run %s --entry=scalar --device=cpu zeros:8 9 2>&1 | FileCheck %s --check-prefix=SCALAR
// SCALAR: scalar() argument 'arg0' size 0: expected 9, which is n (argument 'arg1'), found 8
// RUN: tile-execution-test call %s scalar 8x 9 | FileCheck %s --check-prefix=NUMBER
// NUMBER: argument #0: size 0: expected 9, which is n, found 8

func.func @rows(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M * 2 + K], f32>},
    %o: memref<?xf32> {tile.annotation = #tile.tensor<[?], f32>}) {
  %M = tile.symbol "M"
  %K = tile.symbol "K"
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch blocks() in () threads(32) {
    %m = arith.index_cast %M : index to i32
    %k = arith.index_cast %K : index to i32
    %x = arith.sitofp %m : i32 to f32
    %y = arith.sitofp %k : i32 to f32
    memref.store %x, %o[%c0] : memref<?xf32>
    memref.store %y, %o[%c1] : memref<?xf32>
  }
  return
}

func.func @same(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>},
    %b: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>}) {
  return
}

func.func @quarter(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M * 4 + 1], f32>}) {
  return
}

func.func @scalar(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[n], f32>},
    %n: i32 {tile.annotation = #tile.dyn<"n", i32>}) {
  return
}

// Compile-time arguments specialise the function; only the others are passed to
// it, in any order where they have names.

// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: tile-run %s --device=cpu --entry=fill empty:3x8 5 --out 0=a.npy
// RUN: tile-run %s --device=cpu --entry=fill value=7 add=2 a=empty:3x8 type=bf16 --out 0=b.npy
// RUN: %python -c "import numpy as np; assert (np.load('a.npy') == 5 + 8 + 100).all() and (np.load('b.npy') == 7 + 8 + 2).all()"

// The same for a stage that is printed; without arguments, what is open is an
// error.
// RUN: tile-run %s --device=cpu --entry=fill zeros:3x8 5 add=77 --emit=llvm | FileCheck %s --check-prefix=LLVM
// LLVM: define void @fill(ptr %{{.*}}, i32 %{{[0-9]+}})
// RUN: not tile-run %s --device=cpu --entry=fill --emit=llvm 2>&1 | FileCheck %s --check-prefix=STILL
// STILL: error: argument #2 'add': expected a value of #tile.value<i32> at compile time, found none

// A tensor that the function does not touch may be absent; the size that it
// would give comes from the other one. Else the host code refuses.
// RUN: tile-run %s --device=cpu --entry=optional none zeros:6 empty:1 --out 2=m.npy
// RUN: tile-run %s --device=cpu --entry=optional zeros:5 b=none out=empty:1 --out 2=n.npy
// RUN: %python -c "import numpy as np; assert np.load('m.npy') == [6] and np.load('n.npy') == [5]"
// RUN: not tile-run %s --device=cpu --entry=optional none none empty:1 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: tile-run: error: function 'optional' failed: argument #0 'a' or argument #1 'b': expected a tensor, since symbol M is known from it, found none
// RUN: not tile-run %s --device=cpu --entry=optional zeros:5 zeros:6 empty:1 2>&1 | FileCheck %s --check-prefix=SAME
// SAME: tile-run: error: optional() argument 'b' size 0: expected 5, which is M (argument 'a' size 0), found 6

// A scalar that is also a compile-time size has to be that size.
// RUN: tile-run %s --device=cpu --entry=sized zeros:4 4
// RUN: not tile-run %s --device=cpu --entry=sized zeros:4 5 2>&1 | FileCheck %s --check-prefix=SIZED
// SIZED: tile-run: error: sized() argument 'arg0' size 0: expected 5, which is K (argument 'arg1'), found 4

func.func @fill(
    %a: memref<?x?xi32> {tile.annotation = #tile.tensor<[M, static K], i32>,
                         tile.name = "a"},
    %value: i32 {tile.name = "value"},
    %add: i32 {tile.annotation = #tile.value<i32>, tile.name = "add",
               tile.default = 100 : i32},
    %type: none {tile.annotation = #tile.dtype<static>, tile.name = "type",
                 tile.default = f16}) {
  %k = tile.symbol "K"
  %m = tile.symbol "M"
  %k32 = arith.index_cast %k : index to i32
  %s = arith.addi %value, %add : i32
  %v = arith.addi %s, %k32 : i32
  tile.launch blocks() in () threads(32) {
    tile.parallel (%i, %j) in (%m, %k) {
      memref.store %v, %a[%i, %j] : memref<?x?xi32>
    }
  }
  return
}

func.func @optional(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>,
                       tile.name = "a"},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[M], f32>,
                       tile.name = "b"},
    %out: memref<1xi64> {tile.annotation = #tile.tensor<[1], i64>,
                         tile.name = "out"}) {
  %c0 = arith.constant 0 : index
  %m = tile.symbol "M"
  %m64 = arith.index_cast %m : index to i64
  memref.store %m64, %out[%c0] : memref<1xi64>
  return
}

func.func @sized(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static K], f32>},
    %k: i32 {tile.annotation = #tile.dyn<"K", i32>}) {
  return
}

// The tools find what a file imports beside it, also what only a library uses.

// RUN: rm -rf %t && split-file %s %t
// RUN: tile-run %t/main.mlir --entry=main --device=cpu zeros:4 | FileCheck %s
// RUN: tile-translate --tile-to-ptx %t/main.mlir | FileCheck %s --check-prefix=PTX
// RUN: not tile-run %t/wrong.mlir --entry=main --device=cpu zeros:4 2>&1 | FileCheck %s --check-prefix=WRONG

// CHECK: y[0] = 12
// CHECK: y[3] = 12

// PTX: .entry main_kernel

// WRONG: wrong.mlir:1:1: error: 'tile.import' op expected the name of a built-in library or of a file, found "none.mlir"
// WRONG-NOT: tile-run: error

//--- main.mlir
tile.import "libraries/numbers.mlir"

func.func private @number() -> i32

// Used by the library.
func.func private @four() -> i32 {
  %c4 = arith.constant 4 : i32
  return %c4 : i32
}

func.func @main(%y: memref<4xi32>) {
  %c1 = arith.constant 1 : index
  tile.launch blocks(%b) in (%c1) threads(32) {
    %n = func.call @number() : () -> i32
    tile.fill %y, %n : memref<4xi32>
    tile.print "y", %y : memref<4xi32>
  }
  return
}

//--- libraries/numbers.mlir
func.func private @four() -> i32

func.func @number() -> i32 {
  %four = call @four() : () -> i32
  %c3 = arith.constant 3 : i32
  %n = arith.muli %four, %c3 : i32
  return %n : i32
}

//--- wrong.mlir
tile.import "none.mlir"

func.func @main(%y: memref<4xi32>) {
  return
}

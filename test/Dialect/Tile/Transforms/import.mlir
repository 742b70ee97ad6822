// RUN: rm -rf %t && split-file %s %t
// RUN: tile-opt %t/main.mlir --tile-import=paths=%t/elsewhere | FileCheck %s
// RUN: tile-opt %t/main.mlir --tile-import=paths=%t/elsewhere --tile-import | FileCheck %s
// RUN: tile-opt %t/main.mlir -pass-pipeline='builtin.module(tile-import{paths=%t/elsewhere,%t/farther},tile-inline-meta,symbol-dce)' | FileCheck %s --check-prefix=FLAT

// Relative to the folder of stdin, which is the current one.
// RUN: cd %t/farther && tile-opt --tile-import < %t/stdin.mlir | FileCheck %s --check-prefix=STDIN

// RUN: tile-opt %t/nested.mlir --tile-import | FileCheck %s --check-prefix=NESTED

// What a library imports stands before it; each is imported once, although two
// import it, it imports itself around a circle, and one names it differently.
// CHECK: tile.class @Counter {
// CHECK: tile.class @Stepper extends @Counter {
// CHECK: func.func private @twice(%{{.*}}: i32) -> i32 {
// CHECK-NEXT: arith.addi
// CHECK: func.func private @unused
// CHECK: tile.class @Absolute {
// CHECK: func.func @use
// CHECK-NOT: tile.class
// CHECK-NOT: tile.import

// FLAT-NOT: tile.
// FLAT-NOT: @unused
// FLAT: func.func private @twice
// FLAT: func.func @use
// FLAT-NOT: tile.invoke

// STDIN: tile.class @Absolute

// A module inside the module has classes of its own, also one from a library.
// NESTED: module @outer {
// NESTED-NEXT: module @inner {
// NESTED-NEXT: tile.class @Absolute {
// NESTED: func.func @use
// NESTED-NOT: tile.import

//--- main.mlir
tile.import "libraries/stepper.mlir"
tile.import "./libraries/counter.mlir"
tile.import "absolute.mlir"

// The library defines it.
func.func private @twice(i32) -> i32

// Found again in a library that defines it the same.
tile.class @Same {
  tile.field @x : i32 = 3 : i32
}

func.func @use(%by: i32) -> i32 {
  // Verified before the library is there, as far as that is possible.
  %c = tile.new @Stepper(%by : i32)
  %a = tile.new @Absolute()
  %x = tile.get %c::@count : !tile.object<@Stepper>, i32
  %y = tile.invoke %c::@next() : !tile.object<@Stepper>, () -> i32
  %z = call @twice(%y) : (i32) -> i32
  return %z : i32
}

//--- libraries/stepper.mlir
tile.import "counter.mlir"

tile.class @Stepper extends @Counter {
  tile.field @by : i32
  tile.method @init(%self: !tile.object<@Stepper>, %by: i32) {
    tile.set %self::@by, %by : !tile.object<@Stepper>, i32
    tile.return
  }
  tile.method pure @step(%self: !tile.object<@Stepper>) -> i32 {
    %by = tile.get %self::@by : !tile.object<@Stepper>, i32
    tile.return %by : i32
  }
}

tile.class @Same {
  tile.field @x : i32 = 3 : i32
}

func.func @twice(%x: i32) -> i32 {
  %y = arith.addi %x, %x : i32
  return %y : i32
}

func.func @unused() {
  return
}

//--- libraries/counter.mlir
tile.import "stepper.mlir"
tile.import "../main.mlir"

// Only declared: the definition is in the other one.
func.func private @twice(i32) -> i32

tile.class @Counter {
  tile.field @count : i32
  tile.method pure @step(%self: !tile.object<@Counter>) -> i32 {
    %c1 = arith.constant 1 : i32
    tile.return %c1 : i32
  }
  tile.method @next(%self: !tile.object<@Counter>) -> i32 {
    %step = tile.invoke %self::@step() : !tile.object<@Counter>, () -> i32
    %old = tile.get %self::@count : !tile.object<@Counter>, i32
    %new = arith.addi %old, %step : i32
    tile.set %self::@count, %new : !tile.object<@Counter>, i32
    tile.return %new : i32
  }
}

//--- elsewhere/absolute.mlir
tile.import "../farther/absolute.mlir"

//--- farther/absolute.mlir
tile.class @Absolute {
}

//--- nested.mlir
module @outer {
  tile.import "libraries/inner.mlir"
}

//--- libraries/inner.mlir
module @inner {
  tile.import "../farther/absolute.mlir"
  func.func @use() {
    %a = tile.new @Absolute()
    return
  }
}
// Without it, the file would be the module.
tile.class @Other {
}

//--- stdin.mlir
tile.import "absolute.mlir"

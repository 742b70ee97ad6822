// RUN: tile-opt %s --tile-inline-meta --mlir-print-debuginfo \
// RUN:   --mlir-print-local-scope | FileCheck %s

// What was inlined is located in its method or region and in the call of each
// that it came through, once.

tile.class @A {
  tile.method @outer(%self: !tile.object<@A>, %x: f32) -> f32 {
    %r = tile.invoke %self::@inner(%x)
      : !tile.object<@A>, (f32) -> f32 loc("outer")
    tile.return %r : f32
  }
  tile.method @inner(%self: !tile.object<@A>, %x: f32) -> f32 {
    %r = tile.inline(%y = %x : f32) -> f32 {
      %n = math.absf %y : f32 loc("region")
      tile.return %n : f32
    } loc("inner")
    tile.return %r : f32
  }
}

// CHECK-LABEL: func @method
// CHECK: math.absf {{.*}} loc(callsite("region" at callsite("inner" at callsite("outer" at "use"))))
func.func @method(%x: f32) -> f32 {
  %a = tile.new @A()
  %r = tile.invoke %a::@outer(%x) : !tile.object<@A>, (f32) -> f32 loc("use")
  return %r : f32
}

// CHECK-LABEL: func @region
// CHECK: math.absf {{.*}} loc(callsite("body" at callsite("third" at callsite("second" at "first"))))
func.func @region(%x: f32) -> f32 {
  %r = tile.inline(%a = %x : f32) -> f32 {
    %s = tile.inline(%b = %a : f32) -> f32 {
      %t = tile.inline(%c = %b : f32) -> f32 {
        %n = math.absf %c : f32 loc("body")
        tile.return %n : f32
      } loc("third")
      tile.return %t : f32
    } loc("second")
    tile.return %s : f32
  } loc("first")
  return %r : f32
}

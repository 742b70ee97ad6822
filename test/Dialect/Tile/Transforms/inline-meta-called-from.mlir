// RUN: not tile-translate %s --tile-to-ptx 2>&1 | FileCheck %s

// An error that a later pass finds in a body leads to the body and to each
// call.

// CHECK: inline-meta-called-from.mlir:[[#@LINE+11]]:{{[0-9]+}}: error: {{.*}}'math.sin'
// CHECK-NEXT: %t = math.sin
// CHECK: inline-meta-called-from.mlir:[[#@LINE+8]]:{{[0-9]+}}: note: called from
// CHECK-NEXT: tile.inline
// CHECK: inline-meta-called-from.mlir:[[#@LINE+14]]:{{[0-9]+}}: note: called from
// CHECK-NEXT: tile.invoke %self::@inner
// CHECK: inline-meta-called-from.mlir:[[#@LINE+20]]:{{[0-9]+}}: note: called from
// CHECK-NEXT: tile.invoke %a::@outer
tile.class @A {
  tile.method @inner(%self: !tile.object<@A>, %x: f64) -> f64 {
    %r = tile.inline(%y = %x : f64) -> f64 {
      %t = math.sin %y : f64
      tile.return %t : f64
    }
    tile.return %r : f64
  }
  tile.method @outer(%self: !tile.object<@A>, %x: memref<?xf64>, %i: index) {
    %v = memref.load %x[%i] : memref<?xf64>
    %r = tile.invoke %self::@inner(%v) : !tile.object<@A>, (f64) -> f64
    memref.store %r, %x[%i] : memref<?xf64>
    tile.return
  }
}
func.func @kernel(%x: memref<?xf64>, %n: index) {
  tile.launch blocks(%b) in (%n) threads(32) {
    %a = tile.new @A()
    tile.invoke %a::@outer(%x, %b)
      : !tile.object<@A>, (memref<?xf64>, index) -> ()
  }
  return
}

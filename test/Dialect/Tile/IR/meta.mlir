// RUN: tile-opt %s | tile-opt | FileCheck %s
// RUN: tile-opt %s --mlir-print-op-generic | tile-opt | FileCheck %s
// RUN: tile-opt %s --verify-roundtrip -o /dev/null

// CHECK-LABEL: tile.class @Base {
// CHECK-NEXT: tile.field @index : i32
// CHECK-NEXT: tile.field @scale : f32 = 1.500000e+00 : f32
// CHECK-NEXT: tile.field @buffer : memref<64xf32, #tile.scope<shared>>
tile.class @Base {
  tile.field @index : i32
  tile.field @scale : f32 = 1.5 : f32
  tile.field @buffer : memref<64xf32, #tile.scope<shared>>
  // CHECK: tile.method @next(%[[SELF:.*]]: !tile.object<@Base>, %[[BY:.*]]: i32) -> i32 {
  tile.method @next(%self: !tile.object<@Base>, %by: i32) -> i32 {
    // CHECK: tile.get %[[SELF]]::@index : <@Base>, i32
    %old = tile.get %self::@index : !tile.object<@Base>, i32
    %new = arith.addi %old, %by : i32
    // CHECK: tile.set %[[SELF]]::@index, %{{.*}} : <@Base>, i32
    tile.set %self::@index, %new : !tile.object<@Base>, i32
    // CHECK: tile.return %{{.*}} : i32
    tile.return %old : i32
  }
  // CHECK: tile.method pure @both(%{{.*}}: !tile.object<@Base>) -> (i32, f32) {
  tile.method pure @both(%self: !tile.object<@Base>) -> (i32, f32) {
    %i = tile.get %self::@index : !tile.object<@Base>, i32
    %s = tile.get %self::@scale : !tile.object<@Base>, f32
    tile.return %i, %s : i32, f32
  }
}

// CHECK-LABEL: tile.class @Derived extends @Base attributes {note = "kept"} {
tile.class @Derived extends @Base attributes {note = "kept"} {
  tile.field @inner : !tile.object<@Base>
  tile.method @next(%self: !tile.object<@Derived>, %by: i32) -> i32 {
    // CHECK: tile.invoke %{{.*}}::@Base::@next(%{{.*}}) : <@Derived>, (i32) -> i32
    %r = tile.invoke %self::@Base::@next(%by)
      : !tile.object<@Derived>, (i32) -> i32
    tile.return %r : i32
  }
  tile.method @init(%self: !tile.object<@Derived>, %inner: !tile.object<@Base>) {
    tile.set %self::@inner, %inner
      : !tile.object<@Derived>, !tile.object<@Base>
    tile.return
  }
}

// CHECK-LABEL: func @use
func.func @use(%i: i32) -> i32 {
  // CHECK: %[[B:.*]] = tile.new @Base() prefix("b")
  %b = tile.new @Base() prefix("b")
  // CHECK: %[[D:.*]] = tile.new @Derived(%[[B]] : !tile.object<@Base>)
  %d = tile.new @Derived(%b : !tile.object<@Base>)
  // CHECK: tile.invoke %[[D]]::@next(%{{.*}}) : <@Derived>, (i32) -> i32
  %r = tile.invoke %d::@next(%i) : !tile.object<@Derived>, (i32) -> i32
  // CHECK: tile.invoke %[[D]]::@both() : <@Derived>, () -> (i32, f32)
  %p:2 = tile.invoke %d::@both() : !tile.object<@Derived>, () -> (i32, f32)
  // CHECK: %[[I:.*]] = tile.inline(%[[X:.*]] = %{{.*}} : i32, %[[Y:.*]] = %{{.*}} : i32) -> i32 {
  // CHECK: tile.return %{{.*}} : i32
  %s = tile.inline(%x = %r : i32, %y = %p#0 : i32) -> i32 {
    %t = arith.addi %x, %y : i32
    tile.return %t : i32
  }
  // CHECK: tile.inline() {
  // CHECK-NEXT: tile.print
  tile.inline() {
    tile.print "here"
  }
  return %s : i32
}

// A pure method writes only what it makes, also through views and inline
// regions, in loops and branches, and asserts.
// CHECK-LABEL: tile.class @Pure {
tile.class @Pure {
  tile.method pure @sum(%self: !tile.object<@Pure>, %x: memref<?xi32>,
                        %n: index, %positive: i1) -> i32 {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0 : i32
    tile.assert %positive, "must be positive"
    %own = tile.alloc : memref<8xi32, #tile.scope<local>>
    %part = memref.subview %own[4] [2] [1] : memref<8xi32, #tile.scope<local>>
      to memref<2xi32, strided<[1], offset: 4>, #tile.scope<local>>
    memref.store %zero, %part[%c0]
      : memref<2xi32, strided<[1], offset: 4>, #tile.scope<local>>
    %sum = tile.alloc_var %zero name("sum") : i32
    tile.inline(%s = %sum : memref<i32, #tile.scope<local>>) {
      scf.for %i = %c0 to %n step %c1 {
        scf.if %positive {
          %v = memref.load %x[%i] : memref<?xi32>
          %old = memref.load %s[] : memref<i32, #tile.scope<local>>
          %new = arith.addi %old, %v : i32
          memref.store %new, %s[] : memref<i32, #tile.scope<local>>
        }
      }
    }
    %r = memref.load %sum[] : memref<i32, #tile.scope<local>>
    tile.return %r : i32
  }
}

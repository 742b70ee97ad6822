// RUN: tile-opt %s --tile-inline-meta -split-input-file | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-inline-meta,func.func(mem2reg),canonicalize,cse)' -split-input-file | FileCheck %s --check-prefix=PROMOTED

// The most derived method answers, also where the base calls it, and each
// object has variables of its own, under names of their own.

tile.class @Base {
  tile.field @at : index
  tile.field @rounds : i32 = 7 : i32
  tile.method @step(%self: !tile.object<@Base>) -> index {
    %c1 = arith.constant 1 : index
    tile.return %c1 : index
  }
  tile.method @next(%self: !tile.object<@Base>) -> index {
    %s = tile.invoke %self::@step() : !tile.object<@Base>, () -> index
    %l = tile.get %self::@at : !tile.object<@Base>, index
    %n = arith.addi %l, %s : index
    tile.set %self::@at, %n : !tile.object<@Base>, index
    tile.return %n : index
  }
}
tile.class @Derived extends @Base {
  tile.field @stride : index
  tile.method @init(%self: !tile.object<@Derived>, %stride: index) {
    tile.set %self::@stride, %stride : !tile.object<@Derived>, index
    tile.return
  }
  tile.method @step(%self: !tile.object<@Derived>) -> index {
    %s = tile.get %self::@stride : !tile.object<@Derived>, index
    tile.return %s : index
  }
}

// CHECK-NOT: tile.class
// CHECK-LABEL: func @dispatch
// CHECK-SAME: %[[N:.*]]: index
// CHECK-DAG: %[[AT:.*]] = tile.alloc_var name("s_at") : index
// CHECK-DAG: tile.alloc_var %{{.*}} name("s_rounds") : i32
// CHECK-DAG: %[[STRIDE:.*]] = tile.alloc_var name("s_stride") : index
// CHECK: memref.store %[[N]], %[[STRIDE]][]
// CHECK-DAG: %[[AT1:.*]] = tile.alloc_var name("s_at_1") : index
// CHECK: %[[S:.*]] = memref.load %[[STRIDE]][]
// CHECK: %[[L:.*]] = memref.load %[[AT]][]
// CHECK: %[[X:.*]] = arith.addi %[[L]], %[[S]]
// CHECK: memref.store %[[X]], %[[AT]][]
// CHECK: %[[M:.*]] = memref.load %[[AT1]][]
// CHECK: %[[Y:.*]] = arith.addi %[[M]], %c1
// CHECK: return %[[X]], %[[Y]]
// PROMOTED-LABEL: func @dispatch
// PROMOTED-SAME: %[[N:.*]]: index
// PROMOTED: %[[C1:.*]] = arith.constant 1 : index
// PROMOTED-NEXT: return %[[N]], %[[C1]]
func.func @dispatch(%n: index) -> (index, index) {
  %a = tile.new @Derived(%n : index) prefix("s")
  %b = tile.new @Base() prefix("s")
  %x = tile.invoke %a::@next() : !tile.object<@Derived>, () -> index
  %y = tile.invoke %b::@next() : !tile.object<@Base>, () -> index
  return %x, %y : index, index
}

// -----

// Recursion that ends at compile time leaves straight code.

tile.class @Math {
  tile.method pure @pow(%self: !tile.object<@Math>, %x: i32, %n: i32) -> i32 {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %z = arith.cmpi eq, %n, %c0 : i32
    %r = scf.if %z -> i32 {
      scf.yield %c1 : i32
    } else {
      %m = arith.subi %n, %c1 : i32
      %p = tile.invoke %self::@pow(%x, %m)
        : !tile.object<@Math>, (i32, i32) -> i32
      %q = arith.muli %p, %x : i32
      scf.yield %q : i32
    }
    tile.return %r : i32
  }
}

// CHECK-LABEL: func @recursion
// CHECK-SAME: %[[X:.*]]: i32
// CHECK-NOT: scf.if
// CHECK: %[[A:.*]] = arith.muli %[[X]], %[[X]]
// CHECK: %[[B:.*]] = arith.muli %[[A]], %[[X]]
// CHECK: return %[[B]]
func.func @recursion(%x: i32) -> i32 {
  %c3 = arith.constant 3 : i32
  %m = tile.new @Math()
  %r = tile.invoke %m::@pow(%x, %c3) : !tile.object<@Math>, (i32, i32) -> i32
  return %r : i32
}

// -----

// Control flow in and around calls stays; objects are passed to methods of
// other objects and to fields, buffers by reference.

tile.class @Counter {
  tile.field @count : i32
  tile.method @add(%self: !tile.object<@Counter>, %by: i32) {
    %old = tile.get %self::@count : !tile.object<@Counter>, i32
    %new = arith.addi %old, %by : i32
    tile.set %self::@count, %new : !tile.object<@Counter>, i32
    tile.return
  }
}
tile.class @Walker {
  tile.field @counter : !tile.object<@Counter>
  tile.field @data : memref<?xi32>
  tile.method @init(%self: !tile.object<@Walker>,
                    %counter: !tile.object<@Counter>, %data: memref<?xi32>) {
    tile.set %self::@counter, %counter
      : !tile.object<@Walker>, !tile.object<@Counter>
    tile.set %self::@data, %data : !tile.object<@Walker>, memref<?xi32>
    tile.return
  }
  tile.method @visit(%self: !tile.object<@Walker>, %i: index) {
    %c = tile.get %self::@counter : !tile.object<@Walker>, !tile.object<@Counter>
    %d = tile.get %self::@data : !tile.object<@Walker>, memref<?xi32>
    %v = memref.load %d[%i] : memref<?xi32>
    %zero = arith.constant 0 : i32
    %positive = arith.cmpi sgt, %v, %zero : i32
    scf.if %positive {
      tile.invoke %c::@add(%v) : !tile.object<@Counter>, (i32) -> ()
    }
    tile.return
  }
}

// CHECK-LABEL: func @walk
// CHECK-SAME: (%[[D:.*]]: memref<?xi32>, %[[N:.*]]: index)
// CHECK: %[[COUNT:.*]] = tile.alloc_var name("c_count") : i32
// CHECK: scf.for %[[I:.*]] =
// CHECK: %[[V:.*]] = memref.load %[[D]][%[[I]]]
// CHECK: scf.if
// CHECK: %[[OLD:.*]] = memref.load %[[COUNT]][]
// CHECK: %[[NEW:.*]] = arith.addi %[[OLD]], %[[V]]
// CHECK: memref.store %[[NEW]], %[[COUNT]][]
// CHECK: %[[R:.*]] = memref.load %[[COUNT]][]
// CHECK: return %[[R]]
func.func @walk(%d: memref<?xi32>, %n: index) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c = tile.new @Counter() prefix("c")
  %w = tile.new @Walker(%c, %d : !tile.object<@Counter>, memref<?xi32>)
  scf.for %i = %c0 to %n step %c1 {
    tile.invoke %w::@visit(%i) : !tile.object<@Walker>, (index) -> ()
  }
  %r = tile.get %c::@count : !tile.object<@Counter>, i32
  return %r : i32
}

// -----

// Inline regions are spliced; what they return takes their place.

// CHECK-LABEL: func @inline
// CHECK-SAME: (%[[A:.*]]: f32)
// CHECK-NEXT: %[[S:.*]] = arith.addf %[[A]], %[[A]]
// CHECK-NEXT: %[[T:.*]] = arith.mulf %[[S]], %[[A]]
// CHECK-NEXT: return %[[T]], %[[A]]
func.func @inline(%a: f32) -> (f32, f32) {
  %r:2 = tile.inline(%x = %a : f32) -> (f32, f32) {
    %s = arith.addf %x, %x : f32
    %u = tile.inline(%y = %s : f32) -> f32 {
      %t = arith.mulf %y, %x : f32
      tile.return %t : f32
    }
    tile.return %u, %x : f32, f32
  }
  return %r#0, %r#1 : f32, f32
}

// -----

// Each module has classes of its own.

module @outer {
  tile.class @A {
    tile.field @x : i32
  }
  module @inner {
    tile.class @A {
      tile.field @y : i8
    }
    // CHECK-LABEL: func @nested_module
    // CHECK-NEXT: tile.alloc_var name("a_y") : i8
    func.func @nested_module() {
      %a = tile.new @A() prefix("a")
      return
    }
  }
  // CHECK-LABEL: func @outer_module
  // CHECK-NEXT: tile.alloc_var name("a_x") : i32
  func.func @outer_module() {
    %a = tile.new @A() prefix("a")
    return
  }
}

// -----

// An op that is folded in place keeps its regions, which hold calls too: the
// loop takes its constant bound into a map.

tile.class @A {
  tile.field @x : i32
  tile.method @clear(%self: !tile.object<@A>) {
    %zero = arith.constant 0 : i32
    tile.set %self::@x, %zero : !tile.object<@A>, i32
    tile.return
  }
  tile.method @repeat(%self: !tile.object<@A>, %n: index) {
    affine.for %i = 0 to %n {
      tile.invoke %self::@clear() : !tile.object<@A>, () -> ()
    }
    tile.return
  }
}

// CHECK-LABEL: func @folded_in_place
// CHECK: affine.for %{{.*}} = 0 to 4 {
// CHECK-NEXT: memref.store
func.func @folded_in_place() {
  %n = arith.constant 4 : index
  %a = tile.new @A()
  tile.invoke %a::@repeat(%n) : !tile.object<@A>, (index) -> ()
  return
}

// -----

// Blocks are visited in the order of dominance, not in that of the text, and
// unreachable ones go.

tile.class @A {
  tile.field @x : i32
}

// CHECK-LABEL: func @blocks
// CHECK-NEXT: cf.br ^[[MAKE:bb[0-9]+]]
// CHECK-NEXT: ^[[USE:bb[0-9]+]]:
// CHECK-NEXT: %[[R:.*]] = memref.load %[[X:[a-z_]+]][]
// CHECK-NEXT: return %[[R]]
// CHECK-NEXT: ^[[MAKE]]:
// CHECK-NEXT: %[[X]] = tile.alloc_var name("a_x")
// CHECK-NEXT: cf.br ^[[USE]]
// CHECK-NEXT: }
func.func @blocks() -> i32 {
  cf.br ^make
^use:
  %r = tile.get %a::@x : !tile.object<@A>, i32
  return %r : i32
^make:
  %a = tile.new @A() prefix("a")
  cf.br ^use
^unreachable:
  %b = tile.new @A()
  cf.br ^unreachable
}

// -----

// Objects are returned, also as objects of a base class, and made in methods,
// loops and branches, where each pass makes a new one.

tile.class @Base {
  tile.field @x : i32
  tile.method @self(%self: !tile.object<@Base>) -> !tile.object<@Base> {
    tile.return %self : !tile.object<@Base>
  }
}
tile.class @Maker extends @Base {
  tile.method @make(%self: !tile.object<@Maker>) -> !tile.object<@Base> {
    %made = tile.new @Base() prefix("made")
    tile.return %made : !tile.object<@Base>
  }
}

// CHECK-LABEL: func @returned
// CHECK: %[[X:.*]] = tile.alloc_var name("m_x")
// CHECK: scf.for
// CHECK-NEXT: %[[MADE:.*]] = tile.alloc_var name("made_x")
// CHECK-NEXT: memref.load %[[X]][]
// CHECK-NEXT: memref.load %[[MADE]][]
func.func @returned(%n: index, %y: memref<?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tile.new @Maker() prefix("m")
  scf.for %i = %c0 to %n step %c1 {
    %a = tile.invoke %m::@self()
      : !tile.object<@Maker>, () -> !tile.object<@Base>
    %b = tile.invoke %m::@make()
      : !tile.object<@Maker>, () -> !tile.object<@Base>
    %c = tile.inline(%o = %b : !tile.object<@Base>) -> !tile.object<@Base> {
      tile.return %o : !tile.object<@Base>
    }
    %v = tile.get %a::@x : !tile.object<@Base>, i32
    %w = tile.get %c::@x : !tile.object<@Base>, i32
    %s = arith.addi %v, %w : i32
    memref.store %s, %y[%i] : memref<?xi32>
  }
  return
}

// -----

// Every variable has a name of its own: those of objects that share a prefix,
// also with names that the program has taken, and those in copied bodies.

tile.class @A {
  tile.field @x : i32
  tile.method @f(%self: !tile.object<@A>) {
    %t = tile.alloc_var name("t") : i32
    tile.return
  }
}

// CHECK-LABEL: func @names
// CHECK: name("s_x_1")
// CHECK-NEXT: name("s_x")
// CHECK-NEXT: name("s_x_2")
// CHECK-NEXT: name("s_x_3")
// CHECK-NEXT: name("t")
// CHECK-NEXT: name("t_1")
func.func @names() {
  %taken = tile.alloc_var name("s_x_1") : i32
  %a = tile.new @A() prefix("s")
  %b = tile.new @A() prefix("s")
  %c = tile.new @A() prefix("s")
  tile.invoke %a::@f() : !tile.object<@A>, () -> ()
  tile.invoke %b::@f() : !tile.object<@A>, () -> ()
  return
}

// -----

// A method calls those that it replaces, through three levels; what they call
// on the object is again answered by its own class.

tile.class @A {
  tile.method @unit(%self: !tile.object<@A>) -> i32 {
    %one = arith.constant 1 : i32
    tile.return %one : i32
  }
  tile.method @value(%self: !tile.object<@A>, %x: i32) -> i32 {
    %unit = tile.invoke %self::@unit() : !tile.object<@A>, () -> i32
    %r = arith.addi %x, %unit : i32
    tile.return %r : i32
  }
}
tile.class @B extends @A {
  tile.method @unit(%self: !tile.object<@B>) -> i32 {
    %five = arith.constant 5 : i32
    tile.return %five : i32
  }
  tile.method @value(%self: !tile.object<@B>, %x: i32) -> i32 {
    %base = tile.invoke %self::@A::@value(%x)
      : !tile.object<@B>, (i32) -> i32
    %r = arith.muli %base, %base : i32
    tile.return %r : i32
  }
}
tile.class @C extends @B {
  tile.method @value(%self: !tile.object<@C>, %x: i32) -> i32 {
    %base = tile.invoke %self::@B::@value(%x)
      : !tile.object<@C>, (i32) -> i32
    %plain = tile.invoke %self::@A::@unit() : !tile.object<@C>, () -> i32
    %r = arith.subi %base, %plain : i32
    tile.return %r : i32
  }
}

// CHECK-LABEL: func @replaced
// CHECK-SAME: %[[X:.*]]: i32
// CHECK: %[[A:.*]] = arith.addi %[[X]], %c5_i32
// CHECK-NEXT: %[[B:.*]] = arith.muli %[[A]], %[[A]]
// CHECK-NEXT: %[[C:.*]] = arith.subi %[[B]], %c1_i32
// CHECK-NEXT: return %[[C]]
func.func @replaced(%x: i32) -> i32 {
  %c = tile.new @C()
  %r = tile.invoke %c::@value(%x) : !tile.object<@C>, (i32) -> i32
  return %r : i32
}

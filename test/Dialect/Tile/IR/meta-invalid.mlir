// RUN: tile-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{'tile.class' op unknown class @Missing}}
tile.class @A extends @Missing {
}

// -----

// expected-error@+1 {{'tile.class' op cannot extend itself}}
tile.class @A extends @B {
}
// expected-note@+1 {{the circle closes here}}
tile.class @B extends @A {
}

// -----

// expected-error@+1 {{'tile.class' op expected only fields and methods, found 'arith.constant'}}
tile.class @A {
  %c = arith.constant 1 : i32
}

// -----

tile.class @A {
  // expected-note@+1 {{the inherited member is here}}
  tile.field @x : i32
}
tile.class @B extends @A {
  // expected-error@+1 {{'tile.field' op cannot replace the member that class @B inherits: expected a method in place of a method}}
  tile.field @x : i32
}

// -----

tile.class @A {
  // expected-note@+1 {{the inherited member is here}}
  tile.method @f(%self: !tile.object<@A>, %i: i32) {
    tile.return
  }
}
tile.class @B extends @A {
  // expected-error@+1 {{'tile.method' op cannot replace the member that class @B inherits: expected the same arguments and results}}
  tile.method @f(%self: !tile.object<@B>, %i: f32) {
    tile.return
  }
}

// -----

tile.class @A {
  // expected-note@+1 {{the inherited member is here}}
  tile.method pure @f(%self: !tile.object<@A>) {
    tile.return
  }
}
tile.class @B extends @A {
  // expected-error@+1 {{'tile.method' op cannot replace the member that class @B inherits: expected both pure or both not}}
  tile.method @f(%self: !tile.object<@B>) {
    tile.return
  }
}

// -----

tile.class @A {
  // expected-error@+1 {{'tile.field' op attribute 'type' failed to satisfy constraint: type attribute of f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i64, i32, i16, i8, i1 or index, a buffer of one of these, or an object}}
  tile.field @x : vector<4xf32>
}

// -----

tile.class @A {
  // expected-error@+1 {{'tile.field' op attribute 'type' failed to satisfy constraint}}
  tile.field @x : i4
}

// -----

tile.class @A {
  // expected-error@+1 {{'tile.field' op expected an initial value of 'i32', found 1.000000e+00 : f32}}
  tile.field @x : i32 = 1.0 : f32
}

// -----

tile.class @A {
  // expected-error@+1 {{'tile.field' op expected no initial value of a field that refers to 'memref<4xf32>'}}
  tile.field @x : memref<4xf32> = 1.0 : f32
}

// -----

tile.class @A {
  // expected-error@+1 {{'tile.method' op expected a first argument of !tile.object<@A>, the object}}
  tile.method @f(%i: i32) {
    tile.return
  }
}

// -----

tile.class @A {
  tile.field @x : i32
  // expected-note@+1 {{the method is here}}
  tile.method pure @f(%self: !tile.object<@A>, %i: i32) {
    // expected-error@+1 {{'tile.set' op cannot write in a pure method}}
    tile.set %self::@x, %i : !tile.object<@A>, i32
    tile.return
  }
}

// -----

tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method pure @f(%self: !tile.object<@A>, %i: i32, %b: memref<i32>) {
    %own = tile.alloc_var %i : i32
    memref.store %i, %own[] : memref<i32, #tile.scope<local>>
    // expected-error@+1 {{'memref.store' op cannot write in a pure method}}
    memref.store %i, %b[] : memref<i32>
    tile.return
  }
}

// -----

tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method pure @f(%self: !tile.object<@A>, %b: memref<8xi32>, %v: i32) {
    %c0 = arith.constant 0 : index
    %part = memref.subview %b[4] [2] [1]
      : memref<8xi32> to memref<2xi32, strided<[1], offset: 4>>
    tile.inline(%x = %part : memref<2xi32, strided<[1], offset: 4>>) {
      // expected-error@+1 {{'memref.store' op cannot write in a pure method}}
      memref.store %v, %x[%c0] : memref<2xi32, strided<[1], offset: 4>>
    }
    tile.return
  }
}

// -----

tile.class @A {
  tile.field @b : memref<8xi32>
  // expected-note@+1 {{the method is here}}
  tile.method pure @f(%self: !tile.object<@A>, %v: i32) {
    %b = tile.get %self::@b : !tile.object<@A>, memref<8xi32>
    // expected-error@+1 {{'tile.fill' op cannot write in a pure method}}
    tile.fill %b, %v : memref<8xi32>
    tile.return
  }
}

// -----

// The op has a region, and effects of its own.
tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method pure @f(%self: !tile.object<@A>, %b: memref<8xi32>, %i: index) {
    // expected-error@+1 {{'memref.generic_atomic_rmw' op cannot write in a pure method}}
    %r = memref.generic_atomic_rmw %b[%i] : memref<8xi32> {
    ^bb0(%old: i32):
      memref.atomic_yield %old : i32
    }
    tile.return
  }
}

// -----

func.func private @unknown()
tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method pure @f(%self: !tile.object<@A>) {
    // expected-error@+1 {{'func.call' op cannot write in a pure method}}
    func.call @unknown() : () -> ()
    tile.return
  }
}

// -----

tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method @g(%self: !tile.object<@A>) {
    tile.return
  }
  tile.method pure @f(%self: !tile.object<@A>) {
    // expected-error@+1 {{'tile.invoke' op cannot call a method that is not pure in a pure method}}
    tile.invoke %self::@g() : !tile.object<@A>, () -> ()
    tile.return
  }
}

// -----

tile.class @A {
  tile.method @f(%self: !tile.object<@A>) -> i32 {
    // expected-error@+1 {{'tile.return' op expected 1 results, found 0}}
    tile.return
  }
}

// -----

tile.class @A {
  tile.method @f(%self: !tile.object<@A>, %x: f32) -> i32 {
    // expected-error@+1 {{'tile.return' op expected result #0 of 'i32', found 'f32'}}
    tile.return %x : f32
  }
}

// -----

func.func @f() {
  // expected-error@+1 {{'tile.new' op unknown class @Missing}}
  %a = tile.new @Missing()
  return
}

// -----

// expected-note@+1 {{the class is here}}
tile.class @A {
}
func.func @f(%i: i32) {
  // expected-error@+1 {{'tile.new' op expected no arguments for class @A, which has no method 'init', found 1}}
  %a = tile.new @A(%i : i32)
  return
}

// -----

tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method @init(%self: !tile.object<@A>, %i: i32) {
    tile.return
  }
}
func.func @f() {
  // expected-error@+1 {{'tile.new' op expected 1 arguments, found 0}}
  %a = tile.new @A()
  return
}

// -----

// expected-note@+1 {{the class is here}}
tile.class @A {
  tile.method @f(%self: !tile.object<@A>) {
    tile.return
  }
}
func.func @f() {
  %a = tile.new @A()
  // expected-error@+1 {{'tile.invoke' op unknown method @g of class @A: expected @f}}
  tile.invoke %a::@g() : !tile.object<@A>, () -> ()
  return
}

// -----

tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method @f(%self: !tile.object<@A>, %i: i32) {
    tile.return
  }
}
func.func @f(%x: f32) {
  %a = tile.new @A()
  // expected-error@+1 {{'tile.invoke' op expected argument #0 of 'i32', found 'f32'}}
  tile.invoke %a::@f(%x) : !tile.object<@A>, (f32) -> ()
  return
}

// -----

tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method @f(%self: !tile.object<@A>) {
    tile.return
  }
}
func.func @f() {
  %a = tile.new @A()
  // expected-error@+1 {{'tile.invoke' op expected 0 results, found 1}}
  %r = tile.invoke %a::@f() : !tile.object<@A>, () -> i32
  return
}

// -----

// expected-note@+1 {{the class is here}}
tile.class @A {
}
func.func @f() {
  %a = tile.new @A()
  // expected-error@+1 {{'tile.get' op unknown field @x of class @A: it has none}}
  %x = tile.get %a::@x : !tile.object<@A>, i32
  return
}

// -----

tile.class @A {
  // expected-note@+1 {{the field is here}}
  tile.field @x : i32
}
func.func @f(%v: f32) {
  %a = tile.new @A()
  // expected-error@+1 {{'tile.set' op expected a value of 'i32', found 'f32'}}
  tile.set %a::@x, %v : !tile.object<@A>, f32
  return
}

// -----

func.func @f(%i: i32) {
  // expected-error@+1 {{'tile.inline' op expected 1 region arguments, one for each operand, found 0}}
  "tile.inline"(%i) ({
    "tile.return"() : () -> ()
  }) : (i32) -> ()
  return
}

// -----

func.func @f(%i: i32) {
  // expected-error@+1 {{'tile.inline' op expected region argument #0 of 'i32', found 'f32'}}
  "tile.inline"(%i) ({
  ^bb0(%x: f32):
    "tile.return"() : () -> ()
  }) : (i32) -> ()
  return
}

// -----

tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method @f(%self: !tile.object<@A>) -> f32 {
    %x = arith.constant 1.0 : f32
    tile.return %x : f32
  }
}
func.func @f() {
  %a = tile.new @A()
  // expected-error@+1 {{'tile.invoke' op expected result #0 of 'f32', found 'i32'}}
  %r = tile.invoke %a::@f() : !tile.object<@A>, () -> i32
  return
}

// -----

tile.import "anything"
// expected-note@+1 {{the class is here}}
tile.class @A {
}
func.func @f() {
  %a = tile.new @A()
  // What has no part in an import is verified.
  // expected-error@+1 {{'tile.invoke' op unknown method @f of class @A: it has none}}
  tile.invoke %a::@f() : !tile.object<@A>, () -> ()
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{'tile.import' op expects parent op 'builtin.module'}}
  tile.import "anything"
  return
}

// -----

tile.class @A {
  // expected-error@+1 {{'tile.field' op unknown class @Missing}}
  tile.field @o : !tile.object<@Missing>
}

// -----

tile.class @A {
  // expected-error@+1 {{'tile.method' op unknown class @Missing}}
  tile.method @f(%self: !tile.object<@A>, %o: !tile.object<@Missing>) {
    tile.return
  }
}

// -----

// init writes its object, and may write what it is given.
tile.class @A {
  // expected-note@+1 {{the method is here}}
  tile.method @init(%self: !tile.object<@A>) {
    tile.return
  }
  tile.method pure @f(%self: !tile.object<@A>) {
    // expected-error@+1 {{'tile.new' op cannot call a method that is not pure in a pure method}}
    %a = tile.new @A()
    tile.return
  }
}

// -----

tile.class @A {
  tile.method @f(%self: !tile.object<@A>) {
    tile.return
  }
}
tile.class @B {
  tile.method @f(%self: !tile.object<@B>) {
    // expected-error@+1 {{'tile.invoke' op expected class @B or one that it extends, found @A}}
    tile.invoke %self::@A::@f() : !tile.object<@B>, () -> ()
    tile.return
  }
}

// -----

tile.class @A {
  tile.method @f(%self: !tile.object<@A>) {
    // expected-error@+1 {{'tile.invoke' op unknown class @Missing}}
    tile.invoke %self::@Missing::@f() : !tile.object<@A>, () -> ()
    tile.return
  }
}

// -----

tile.class @A {
  tile.method @f(%self: !tile.object<@A>) {
    // expected-error@+1 {{'tile.invoke' op expected a method, or a class and its method, found @A::@A::@f}}
    tile.invoke %self::@A::@A::@f() : !tile.object<@A>, () -> ()
    tile.return
  }
}

// -----

// The base has no such method, though the object's class has.
// expected-note@+1 {{the class is here}}
tile.class @A {
}
tile.class @B extends @A {
  tile.method @f(%self: !tile.object<@B>) {
    // expected-error@+1 {{'tile.invoke' op unknown method @f of class @A: it has none}}
    tile.invoke %self::@A::@f() : !tile.object<@B>, () -> ()
    tile.return
  }
}

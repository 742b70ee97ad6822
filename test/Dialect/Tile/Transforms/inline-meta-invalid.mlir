// RUN: tile-opt %s --tile-inline-meta=max-depth=8 -split-input-file -verify-diagnostics

tile.class @A {
  // expected-note@+1 {{through method @f of class @A}}
  tile.method @f(%self: !tile.object<@A>) {
    tile.invoke %self::@g() : !tile.object<@A>, () -> ()
    tile.return
  }
  // expected-note@+1 {{through method @g of class @A}}
  tile.method @g(%self: !tile.object<@A>) {
    // expected-error@+1 {{'tile.invoke' op expected calls nested at most 8 deep; the recursion does not end at compile time}}
    tile.invoke %self::@f() : !tile.object<@A>, () -> ()
    tile.return
  }
}
func.func @recursion() {
  %a = tile.new @A()
  tile.invoke %a::@f() : !tile.object<@A>, () -> ()
  return
}

// -----

tile.class @A {
}
func.func private @takes(!tile.object<@A>)
func.func @escapes() {
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  // expected-error@+1 {{an object escapes: expected only uses by tile ops that work on it, found 'func.call'}}
  call @takes(%a) : (!tile.object<@A>) -> ()
  return
}

// -----

tile.class @A {
  tile.field @x : i32
}
// expected-note@+1 {{the object comes from here}}
func.func @unknown(%a: !tile.object<@A>) -> i32 {
  // expected-error@+1 {{'tile.get' op expected an object made by a 'tile.new' that is known at compile time}}
  %x = tile.get %a::@x : !tile.object<@A>, i32
  return %x : i32
}

// -----

tile.class @A {
  tile.field @b : memref<4xf32>
}
func.func @unset() {
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  // expected-error@+1 {{'tile.get' op expected reference field @b to be set before it is read}}
  %b = tile.get %a::@b : !tile.object<@A>, memref<4xf32>
  return
}

// -----

tile.class @A {
  tile.field @b : memref<4xf32>
}
func.func @twice(%b: memref<4xf32>) {
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  tile.set %a::@b, %b : !tile.object<@A>, memref<4xf32>
  // expected-error@+1 {{'tile.set' op expected reference field @b to be set once, in the block where its object is made}}
  tile.set %a::@b, %b : !tile.object<@A>, memref<4xf32>
  return
}

// -----

tile.class @A {
  tile.field @b : memref<4xf32>
}
func.func @conditional(%b: memref<4xf32>, %c: i1) {
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  scf.if %c {
    // expected-error@+1 {{'tile.set' op expected reference field @b to be set once, in the block where its object is made}}
    tile.set %a::@b, %b : !tile.object<@A>, memref<4xf32>
  }
  return
}

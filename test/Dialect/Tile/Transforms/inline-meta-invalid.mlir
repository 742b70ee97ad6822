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
func.func @escapes() {
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  // expected-error@+1 {{'func.call' op expected no object among its operands: an object only goes to methods, inline regions and fields}}
  call @takes(%a) : (!tile.object<@A>) -> ()
  return
}
func.func private @takes(!tile.object<@A>)

// -----

tile.class @A {
}
// expected-error@+1 {{'func.func' op expected no object among its arguments: an object only goes to methods, inline regions and fields}}
func.func private @takes(!tile.object<@A>)

// -----

tile.class @A {
}
// expected-error@+1 {{'func.func' op expected no object among its results}}
func.func private @makes() -> !tile.object<@A>

// -----

tile.class @A {
}
func.func @if(%c: i1) {
  %a = tile.new @A()
  // expected-error@+1 {{'scf.if' op expected no object among its results}}
  %o = scf.if %c -> !tile.object<@A> {
    scf.yield %a : !tile.object<@A>
  } else {
    scf.yield %a : !tile.object<@A>
  }
  return
}

// -----

tile.class @A {
}
func.func @branch() {
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  // expected-error@+1 {{'cf.br' op expected no object among its operands}}
  cf.br ^next(%a : !tile.object<@A>)
^next(%b: !tile.object<@A>):
  return
}

// -----

tile.class @A {
}
func.func @loop(%n: index) {
  %c1 = arith.constant 1 : index
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  // expected-error@+1 {{'scf.for' op expected no object among its operands}}
  %r = scf.for %i = %c1 to %n step %c1 iter_args(%o = %a)
      -> !tile.object<@A> {
    scf.yield %o : !tile.object<@A>
  }
  return
}

// -----

tile.class @A {
  tile.field @x : i32
}
func.func @host(%n: index, %v: i32) {
  // expected-note@+1 {{the object is made here}}
  %a = tile.new @A()
  // expected-note@+1 {{inside this 'tile.launch'}}
  tile.launch blocks(%b) in (%n) threads(32) {
    // expected-error@+1 {{'tile.set' op expected an object that is made inside the 'tile.launch', found one of the host, whose variables a launch cannot use}}
    tile.set %a::@x, %v : !tile.object<@A>, i32
  }
  return
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

// -----

tile.class @A {
  tile.field @x : i32
  tile.method @f(%self: !tile.object<@A>, %v: i32) {
    %o = ub.poison : !tile.object<@A>
    // expected-error@+1 {{'tile.get' op expected an object that a 'tile.new' makes}}
    %x = tile.get %o::@x : !tile.object<@A>, i32
    tile.return
  }
}
func.func @poison(%v: i32) {
  %a = tile.new @A()
  tile.invoke %a::@f(%v) : !tile.object<@A>, (i32) -> ()
  return
}

// -----

tile.class @A {
  tile.field @x : i32
  tile.method @f(%self: !tile.object<@A>, %v: i32) {
    %o = ub.poison : !tile.object<@A>
    // expected-error@+1 {{'tile.set' op expected an object that a 'tile.new' makes}}
    tile.set %o::@x, %v : !tile.object<@A>, i32
    tile.return
  }
}
func.func @poison(%v: i32) {
  %a = tile.new @A()
  tile.invoke %a::@f(%v) : !tile.object<@A>, (i32) -> ()
  return
}

// -----

tile.class @A {
  tile.field @x : i32
  tile.method @f(%self: !tile.object<@A>, %v: i32) {
    %o = ub.poison : !tile.object<@A>
    // expected-error@+1 {{'tile.invoke' op expected an object that a 'tile.new' makes}}
    tile.invoke %o::@f(%v) : !tile.object<@A>, (i32) -> ()
    tile.return
  }
}
func.func @poison(%v: i32) {
  %a = tile.new @A()
  tile.invoke %a::@f(%v) : !tile.object<@A>, (i32) -> ()
  return
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-inline-meta,cse)' \
// RUN:   | FileCheck %s

// Calls of a pure method with nothing written in between are one computation.

tile.class @Scale {
  tile.field @factor : i32 = 3 : i32
  tile.method pure @apply(%self: !tile.object<@Scale>, %x: i32) -> i32 {
    %f = tile.get %self::@factor : !tile.object<@Scale>, i32
    %r = arith.muli %f, %x : i32
    tile.return %r : i32
  }
}

// CHECK-LABEL: func @shared
// CHECK: %[[P:.*]] = arith.muli
// CHECK-NEXT: %[[R:.*]] = arith.addi %[[P]], %[[P]]
// CHECK-NEXT: return %[[R]]
func.func @shared(%x: i32) -> i32 {
  %s = tile.new @Scale()
  %p = tile.invoke %s::@apply(%x) : !tile.object<@Scale>, (i32) -> i32
  %q = tile.invoke %s::@apply(%x) : !tile.object<@Scale>, (i32) -> i32
  %r = arith.addi %p, %q : i32
  return %r : i32
}

// CHECK-LABEL: func @written
// CHECK: arith.muli
// CHECK-NEXT: memref.store
// CHECK-NEXT: memref.load
// CHECK-NEXT: arith.muli
func.func @written(%x: i32) -> i32 {
  %s = tile.new @Scale()
  %p = tile.invoke %s::@apply(%x) : !tile.object<@Scale>, (i32) -> i32
  tile.set %s::@factor, %x : !tile.object<@Scale>, i32
  %q = tile.invoke %s::@apply(%x) : !tile.object<@Scale>, (i32) -> i32
  %r = arith.addi %p, %q : i32
  return %r : i32
}

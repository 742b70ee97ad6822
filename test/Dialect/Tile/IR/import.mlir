// RUN: tile-opt %s | tile-opt | FileCheck %s
// RUN: tile-opt %s --verify-roundtrip -o /dev/null

// CHECK: tile.import "some/library"
tile.import "some/library"
// CHECK: tile.import "other" {note = "kept"}
tile.import "other" {note = "kept"}

// While something is to be imported, all of these may be right.
tile.class @Known {
}
tile.class @Derived extends @Imported {
  tile.method @own(%self: !tile.object<@Derived>, %x: !tile.object<@Known>) {
    tile.return
  }
}
// CHECK-LABEL: func @use
func.func @use(%o: !tile.object<@Imported>, %x: i32) {
  // CHECK: tile.new @Imported(%{{.*}} : i32)
  %0 = tile.new @Imported(%x : i32)
  %1 = tile.new @Derived(%x : i32)
  // CHECK: tile.invoke %{{.*}}::@f(%{{.*}}) : <@Imported>, (i32) -> f32
  %2 = tile.invoke %o::@f(%x) : !tile.object<@Imported>, (i32) -> f32
  tile.invoke %1::@inherited() : !tile.object<@Derived>, () -> ()
  tile.invoke %1::@own(%o)
    : !tile.object<@Derived>, (!tile.object<@Imported>) -> ()
  // CHECK: tile.get %{{.*}}::@x : <@Imported>, i32
  %3 = tile.get %o::@x : !tile.object<@Imported>, i32
  // CHECK: tile.set %{{.*}}::@y, %{{.*}} : <@Derived>, i32
  tile.set %1::@y, %3 : !tile.object<@Derived>, i32
  return
}

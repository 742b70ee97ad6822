// RUN: tile-opt %s | tile-opt | FileCheck %s

// The form of tile.print that tile-expand-print makes.
// CHECK-LABEL: func @element
// CHECK-NEXT: tile.print "x" element, %arg0, %arg1 : index, f32
// CHECK-NEXT: tile.print "y" element, %arg1 : f32
func.func @element(%i: index, %v: f32) {
  tile.print "x" element, %i, %v : index, f32
  tile.print "y" element, %v : f32
  return
}

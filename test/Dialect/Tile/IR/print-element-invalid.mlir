// RUN: tile-opt %s -split-input-file -verify-diagnostics

func.func @nothing() {
  // expected-error@+1 {{'tile.print' op expected an element to print}}
  tile.print "x" element
  return
}

// -----

func.func @index(%i: i32, %v: f32) {
  // expected-error@+1 {{'tile.print' op expected the indices of an element, found 'i32'}}
  tile.print "x" element, %i, %v : i32, f32
  return
}

// -----

func.func @buffer(%b: memref<4xf32>) {
  // expected-error@+1 {{'tile.print' op expected an element to print, found 'memref<4xf32>'}}
  tile.print "x" element, %b : memref<4xf32>
  return
}

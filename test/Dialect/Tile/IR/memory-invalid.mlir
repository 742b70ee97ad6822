// Errors of buffers that kernels make, of views, and of debugging.

// RUN: tile-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// tile.alloc, tile.alloc_var
//===----------------------------------------------------------------------===//

func.func @alloc_global() {
  // expected-error@+1 {{'tile.alloc' op expected a buffer in shared, fragment or local scope, found 'memref<4xf32>'}}
  %0 = tile.alloc : memref<4xf32>
  return
}

// -----

func.func @alloc_dynamic() {
  // expected-error@+1 {{'tile.alloc' op expected a buffer of static shape, found 'memref<?xf32, #tile.scope<shared>>'}}
  %0 = tile.alloc : memref<?xf32, #tile.scope<shared>>
  return
}

// -----

func.func @alloc_huge() {
  // expected-error@+1 {{'tile.alloc' op expected a buffer of at most 1099511627776 elements, found 'memref<4611686018427387904x8xf32, #tile.scope<shared>>'}}
  %0 = tile.alloc : memref<4611686018427387904x8xf32, #tile.scope<shared>>
  return
}

// -----

func.func @alloc_layout() {
  // expected-error@+1 {{'tile.alloc' op expected a buffer of identity layout, found 'memref<4xf32, strided<[2]>, #tile.scope<shared>>'}}
  %0 = tile.alloc : memref<4xf32, strided<[2]>, #tile.scope<shared>>
  return
}

// -----

func.func @alloc_element() {
  // expected-error@+1 {{'tile.alloc' op result #0 must be strided memref of f64, f32}}
  %0 = tile.alloc : memref<4xi4, #tile.scope<shared>>
  return
}

// -----

func.func @alloc_offset() {
  // expected-error@+1 {{'tile.alloc' op expected an offset only on a shared buffer, found 'memref<4xf32, #tile.scope<local>>'}}
  %0 = tile.alloc offset(0) : memref<4xf32, #tile.scope<local>>
  return
}

// -----

func.func @alloc_swizzle_scope() {
  // expected-error@+1 {{'tile.alloc' op expected a swizzle only on a shared buffer, found 'memref<4x64xf16, #tile.scope<local>>'}}
  %0 = tile.alloc swizzle(128) : memref<4x64xf16, #tile.scope<local>>
  return
}

// -----

func.func @alloc_swizzle_bytes() {
  // expected-error@+1 {{'tile.alloc' op expected a swizzle of 32, 64 or 128 bytes, found 16}}
  %0 = tile.alloc swizzle(16) : memref<4x64xf16, #tile.scope<shared>>
  return
}

// -----

func.func @alloc_swizzle_rows() {
  // expected-error@+1 {{'tile.alloc' op expected rows of a multiple of 128 bytes for a swizzle, found 'memref<4x48xf16, #tile.scope<shared>>'}}
  %0 = tile.alloc swizzle(128) : memref<4x48xf16, #tile.scope<shared>>
  return
}

// -----

func.func @alloc_negative_offset() {
  // expected-error@+1 {{'tile.alloc' op attribute 'offset' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0}}
  %0 = tile.alloc offset(-16) : memref<4xf32, #tile.scope<shared>>
  return
}

// -----

func.func @alloc_in_parallel() {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel () in () {
    // expected-error@+1 {{'tile.alloc' op cannot make a shared buffer inside 'tile.parallel', where only local buffers can be made}}
    %0 = tile.alloc : memref<4xf32, #tile.scope<shared>>
  }
  return
}

// -----

func.func @alloc_var_result() {
  // expected-error@+1 {{'tile.alloc_var' op expected a rank-0 buffer in local scope, found 'memref<1xf32, #tile.scope<local>>'}}
  %0 = "tile.alloc_var"() : () -> memref<1xf32, #tile.scope<local>>
  return
}

// -----

func.func @alloc_var_scope() {
  // expected-error@+1 {{'tile.alloc_var' op expected a rank-0 buffer in local scope, found 'memref<f32>'}}
  %0 = "tile.alloc_var"() : () -> memref<f32>
  return
}

// -----

func.func @alloc_var_init(%v: f32) {
  // expected-error@+1 {{'tile.alloc_var' op expected an initial value of 'i32', found 'f32'}}
  %0 = "tile.alloc_var"(%v) : (f32) -> memref<i32, #tile.scope<local>>
  return
}

// -----

func.func @alloc_var_element(%v: tuple<>) {
  // expected-error@+1 {{expected an element type, found 'tuple<>'}}
  %0 = tile.alloc_var %v : tuple<>
  return
}

// -----

func.func @alloc_var_narrow(%v: i4) {
  // expected-error@+1 {{'tile.alloc_var' op operand #0 must be f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i64, i32, i16, i8, i1 or index, but got 'i4'}}
  %0 = tile.alloc_var %v : i4
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.view
//===----------------------------------------------------------------------===//

func.func @view_dynamic(%a: memref<?xf32>) {
  // expected-error@+1 {{'tile.view' op expected a contiguous source of static shape, found 'memref<?xf32>'}}
  %v = tile.view %a : memref<?xf32> to memref<4xi32>
  return
}

// -----

func.func @view_strided(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.view' op expected a contiguous view of static shape, found 'memref<4xi32, strided<[2]>>'}}
  %v = tile.view %a : memref<4xf32> to memref<4xi32, strided<[2]>>
  return
}

// -----

func.func @view_scope(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.view' op expected a view in the scope of its source, found 'memref<4xi32, #tile.scope<shared>>' of 'memref<4xf32>'}}
  %v = tile.view %a : memref<4xf32> to memref<4xi32, #tile.scope<shared>>
  return
}

// -----

func.func @view_bytes(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.view' op expected a view of 16 bytes, found 8}}
  %v = tile.view %a : memref<4xf32> to memref<4xi16>
  return
}

// -----

func.func @view_wider(%a: memref<4xi8, #tile.scope<local>>) {
  // expected-error@+1 {{'tile.view' op expected elements no wider than those of the local source, found 'i32' and 'i8'}}
  %v = tile.view %a : memref<4xi8, #tile.scope<local>> to memref<1xi32, #tile.scope<local>>
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.print, tile.assert, tile.assume
//===----------------------------------------------------------------------===//

func.func @print_dynamic(%a: memref<?xf32>) {
  // expected-error@+1 {{'tile.print' op expected a buffer of static shape, found 'memref<?xf32>'}}
  tile.print "a", %a : memref<?xf32>
  return
}

// -----

func.func @print_in_parallel(%a: memref<4xf32>) {
  tile.parallel () in () {
    // expected-error@+1 {{'tile.print' op cannot print a whole buffer inside 'tile.parallel'}}
    tile.print "a", %a : memref<4xf32>
  }
  return
}

// -----

func.func @print_no_element() {
  // expected-error@+1 {{'tile.print' op expected an element to print}}
  tile.print "a" element
  return
}

// -----

func.func @print_index(%i: i32, %x: f32) {
  // expected-error@+1 {{'tile.print' op expected the indices of an element, found 'i32'}}
  tile.print "a" element, %i, %x : i32, f32
  return
}

// -----

func.func @print_element(%i: index, %a: memref<4xf32>) {
  // expected-error@+1 {{'tile.print' op expected an element to print, found 'memref<4xf32>'}}
  tile.print "a" element, %i, %a : index, memref<4xf32>
  return
}

// -----

func.func @assert_condition(%a: i32) {
  // expected-note@-1 {{prior use here}}
  // expected-error@+1 {{use of value '%a' expects different type than prior uses: 'i1' vs 'i32'}}
  tile.assert %a, "a"
  return
}

// -----

func.func @assume_condition(%a: i32) {
  // expected-error@+1 {{'tile.assume' op operand #0 must be 1-bit signless integer, but got 'i32'}}
  "tile.assume"(%a) : (i32) -> ()
  return
}

// -----

func.func @assert_values(%a: i1, %i: index) {
  // expected-error@+1 {{'tile.assert' op expected 2 values, one for each {} in the message, found 1}}
  tile.assert %a, "expected {}, found {}" (%i : index)
  return
}

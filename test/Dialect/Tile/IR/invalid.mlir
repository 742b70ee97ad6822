// Errors of attributes, of the types of buffers, and of scalars.

// RUN: tile-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// Attributes and enumerations
//===----------------------------------------------------------------------===//

// expected-error@+2 {{expected one of [global, shared, fragment, local] for where a buffer lives, got: constant}}
// expected-error@+1 {{failed to parse Tile_ScopeAttr parameter 'value'}}
func.func private @scope(memref<4xf32, #tile.scope<constant>>)

// -----

// expected-error@+1 {{unknown attribute `nothing` in dialect `tile`}}
func.func private @attribute() attributes {a.b = #tile.nothing}

// -----

func.func @reduce_kind(%a: memref<4xf32>, %b: memref<f32>) {
  // expected-error@+1 {{expected one of [sum, max, min, abssum, absmax, and, or, xor] for how a reduction combines, got: mean}}
  tile.reduce mean %a, %b dim 0 : memref<4xf32> to memref<f32>
  return
}

// -----

func.func @scan_kind(%a: memref<4xf32>) {
  // expected-error@+1 {{expected one of [sum, max] for how a scan combines, got: min}}
  tile.scan min %a, %a dim 0 : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @atomic_kind(%a: memref<f32>, %v: f32) {
  // expected-error@+1 {{expected one of [add, max, min, and, or, xor, exchange] for how an atomic update combines, got: mul}}
  %0 = tile.atomic mul %v, %a[] : memref<f32>
  return
}

// -----

func.func @gemm_policy(%a: memref<4x4xf32>) {
  // expected-error@+1 {{expected one of [square, full_row, full_col] for how warps share a product, got: rows}}
  tile.gemm %a, %a, %a policy(rows) : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  return
}

// -----

func.func @swizzle_order(%n: index) {
  // expected-error@+1 {{expected one of [row, column] for which way panels lie, got: diagonal}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) swizzle(4, diagonal) {
  }
  return
}

// -----

func.func @precision(%a: memref<4x4xf32>) {
  // expected-error@+1 {{expected one of [full, tf32] for precision of a product's inputs, got: fast}}
  tile.gemm %a, %a, %a precision(fast) : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  return
}

// -----

func.func @launch_roles() {
  // expected-error@+1 {{expected one of [uniform, cooperative, ping_pong] for how warps divide the work, got: some}}
  tile.launch blocks() in () threads(1) roles(some) {
  }
  return
}

// -----

func.func @launch_stores() {
  // expected-error@+1 {{expected one of [direct, staged] for how fragments get to tensors, got: some}}
  tile.launch blocks() in () threads(1) stores(some) {
  }
  return
}

// -----

//===----------------------------------------------------------------------===//
// Buffers and scalars
//===----------------------------------------------------------------------===//

func.func @buffer_element(%a: memref<4xi4>, %v: i4) {
  // expected-error@+1 {{'tile.fill' 'buffer' must be strided memref of f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i64, i32, i16, i8, i1 or index in a #tile.scope memory space or none, but got 'memref<4xi4>'}}
  tile.fill %a, %v : memref<4xi4>
  return
}

// -----

func.func @buffer_space(%a: memref<4xf32, 3>, %v: f32) {
  // expected-error@+1 {{'tile.fill' 'buffer' must be strided memref of f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i64, i32, i16, i8, i1 or index in a #tile.scope memory space or none, but got 'memref<4xf32, 3>'}}
  tile.fill %a, %v : memref<4xf32, 3>
  return
}

// -----

func.func @buffer_space_other_dialect(%a: memref<4xf32, #gpu.address_space<workgroup>>, %v: f32) {
  // expected-error@+1 {{but got 'memref<4xf32, #gpu.address_space<workgroup>>'}}
  tile.fill %a, %v : memref<4xf32, #gpu.address_space<workgroup>>
  return
}

// -----

func.func @buffer_layout(%a: memref<4x4xf32, affine_map<(i, j) -> (i floordiv 2, j, i mod 2)>>, %v: f32) {
  // expected-error@+1 {{'tile.fill' 'buffer' must be strided memref}}
  tile.fill %a, %v : memref<4x4xf32, affine_map<(i, j) -> (i floordiv 2, j, i mod 2)>>
  return
}

// -----

func.func @buffer_unranked(%a: memref<*xf32>, %v: f32) {
  // expected-error@+1 {{invalid kind of type specified: expected builtin.memref, but found 'memref<*xf32>'}}
  tile.fill %a, %v : memref<*xf32>
  return
}

// -----

func.func @not_a_buffer(%a: tensor<4xf32>, %v: f32) {
  // expected-error@+1 {{invalid kind of type specified: expected builtin.memref, but found 'tensor<4xf32>'}}
  tile.fill %a, %v : tensor<4xf32>
  return
}

// -----

func.func @scalar_element(%v: i4) {
  // expected-error@+1 {{'tile.print' op operand #0 must be variadic of f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i64, i32, i16, i8, i1 or index or strided memref}}
  tile.print "v", %v : i4
  return
}

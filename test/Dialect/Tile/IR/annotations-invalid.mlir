// RUN: tile-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{argument #0: expected type 'memref<?x128xf16>' for #tile.tensor<[M, 128], f16>, found 'memref<?x64xf16>'}}
func.func @type(%a: memref<?x64xf16> {
    tile.annotation = #tile.tensor<[M, 128], f16>}) {
  return
}

// -----

// expected-error@+1 {{argument #0: expected a buffer in global memory as an argument of a public function, found #tile.shared<[4], f32>}}
func.func @scope(%a: memref<4xf32, #tile.scope<shared>> {
    tile.annotation = #tile.shared<[4], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected an annotation of tile on an argument of a function, found "text"}}
func.func @kind(%a: i32 {tile.annotation = "text"}) {
  return
}

// -----

// expected-error@+1 {{unknown argument attribute 'tile.other': expected 'tile.annotation', 'tile.name' or 'tile.default'}}
func.func @name(%a: i32 {tile.other = 1 : i32}) {
  return
}

// -----

// expected-error@+1 {{expected a name after 'static', found an expression}}
func.func private @f(memref<?xf32> {tile.annotation = #tile.tensor<[static M + 1], f32>})

// -----

// expected-error@+1 {{expected a size: an integer, a name, '?', 'static' or an expression of names}}
func.func @size(%a: memref<?xf32> {tile.annotation = #tile.tensor<["M"], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected a size of at least 0, found -4}}
func.func @negative(%a: memref<4xf32> {tile.annotation = #tile.tensor<[-4], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected no strides of a contiguous buffer, found 1}}
func.func @contiguous(%a: memref<?xf32> {tile.annotation = #tile.tensor<[M], strides [S], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected 2 strides, one for each size, found 1}}
func.func @strides(%a: memref<?x?xf32> {tile.annotation = #tile.strided_tensor<[M, N], strides [S], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected a name of the run-time value, found none}}
func.func @unnamed(%a: i32 {tile.annotation = #tile.dyn<"", i32>}) {
  return
}

// -----

// expected-error@+1 {{expected a scalar type, found 'vector<4xf32>'}}
func.func @scalar(%a: vector<4xf32> {tile.annotation = #tile.dyn<"n", vector<4xf32>>}) {
  return
}

// -----

// expected-error@+1 {{expected a value of 'index', found 4 : i32}}
func.func @value(%a: index {tile.annotation = #tile.value<index, 4 : i32>}) {
  return
}

// -----

// expected-error@+1 {{argument #0: expected 'tile.name' to be a text that is not empty, found ""}}
func.func @empty_name(%a: i32 {tile.name = ""}) {
  return
}

// -----

// expected-error@+1 {{argument #0: expected 'tile.name' to be a text that is not empty, found 4 : i64}}
func.func @name_kind(%a: i32 {tile.name = 4}) {
  return
}

// -----

// expected-error@+2 {{argument #1: expected a name of its own, found "a"}}
// expected-note@+1 {{argument #0 has this name}}
func.func @same_name(%a: i32 {tile.name = "a"}, %b: i32 {tile.name = "a"}) {
  return
}

// -----

// expected-error@+1 {{argument #0: expected a value of this type as the default of 'i32', found 4 : index}}
func.func @default_type(%a: i32 {tile.default = 4 : index}) {
  return
}

// -----

// expected-error@+1 {{argument #0: expected an element type as the default of 'none', found 4 : i32}}
func.func @default_dtype(%a: none {
    tile.annotation = #tile.dtype<static>, tile.default = 4 : i32}) {
  return
}

// -----

// expected-error@+1 {{argument #0: expected 'unit' as the default of 'memref<4xf32>', found 4 : i32}}
func.func @default_buffer(%a: memref<4xf32> {tile.default = 4 : i32}) {
  return
}

// -----

func.func private @divisor(
    // expected-error@+1 {{expected a divisor of at least 1, found 0}}
    memref<?xf32> {tile.annotation = #tile.tensor<[M floordiv 0], f32>})

// -----

// An annotation that is open at compile time fixes some of the type already.

// expected-error@+1 {{argument #0: expected a memref that fits #tile.tensor<[static N], f32>, found 'i32'}}
func.func @open_kind(%a: i32 {tile.annotation = #tile.tensor<[static N], f32>}) {
  return
}

// -----

// expected-error@+1 {{argument #0: expected a memref that fits #tile.tensor<[static N, M], f32>, found 'memref<?xf32>'}}
func.func @open_rank(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static N, M], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected a memref that fits #tile.tensor<[static N], f32>, found 'memref<?xf16>'}}
func.func @open_element(
    %a: memref<?xf16> {tile.annotation = #tile.tensor<[static N], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected a memref that fits #tile.tensor<[static N, 4], f32>, found 'memref<?x5xf32>'}}
func.func @open_size(
    %a: memref<?x5xf32> {tile.annotation = #tile.tensor<[static N, 4], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected a memref that fits #tile.tensor<*, f32>, found 'memref<*xf32, #tile.scope<shared>>'}}
func.func @open_scope(
    %a: memref<*xf32, #tile.scope<shared>> {
      tile.annotation = #tile.tensor<*, f32>}) {
  return
}

// -----

// expected-error@+1 {{expected a memref that fits #tile.tensor<[static N], f32>, found 'memref<?xf32, strided<[?]>>'}}
func.func @open_layout(
    %a: memref<?xf32, strided<[?]>> {
      tile.annotation = #tile.tensor<[static N], f32>}) {
  return
}

// -----

// expected-error@+1 {{expected numbers, or vectors of them, as elements, found memref<4xf32>}}
func.func private @elements() attributes {a = #tile.tensor<[N], memref<4xf32>>}

// -----

// expected-error@+1 {{expected no strides of a buffer of any rank, found 1}}
func.func private @any_rank() attributes {a = #tile.buffer<*, strides [S], f32>}

// Errors of copies and of updates of elements.

// RUN: tile-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// tile.copy, tile.async_copy, tile.fill
//===----------------------------------------------------------------------===//

func.func @copy_segments(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.copy' op expected one source and one destination, found 2 and 0}}
  "tile.copy"(%a, %a) <{operandSegmentSizes = array<i32: 2, 0, 0, 0, 0, 0>}>
    : (memref<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

func.func @copy_src_indices(%a: memref<4x4xf32>, %i: index) {
  // expected-error@+1 {{'tile.copy' op expected 2 indices for rank-2 source, found 1}}
  tile.copy %a[%i], %a : memref<4x4xf32> to memref<4x4xf32>
  return
}

// -----

func.func @copy_dst_indices(%a: memref<4x4xf32>, %i: index) {
  // expected-error@+1 {{'tile.copy' op expected 2 indices for rank-2 destination, found 3}}
  tile.copy %a, %a[%i, %i, %i] : memref<4x4xf32> to memref<4x4xf32>
  return
}

// -----

func.func @copy_pad(%a: memref<4xf16>, %b: memref<4xf32>, %v: f32) {
  // expected-error@+1 {{'tile.copy' op expected a pad value of the source's element type 'f16', found 'f32'}}
  tile.copy %a, %b pad(%v : f32) : memref<4xf16> to memref<4xf32>
  return
}

// -----

func.func @copy_extents(%a: memref<4x4xf32>, %b: memref<2x4x4xf32>) {
  // expected-error@+1 {{'tile.copy' op expected 2 extents, the smaller rank of the two buffers, found 3}}
  tile.copy %a, %b extents [1, 4, 4] : memref<4x4xf32> to memref<2x4x4xf32>
  return
}

// -----

func.func @copy_dynamic_extents(%a: memref<4xf32>, %n: index) {
  // expected-error@+1 {{'tile.copy' op expected 0 dynamic extents, found 1}}
  "tile.copy"(%a, %a, %n) <{operandSegmentSizes = array<i32: 1, 0, 1, 0, 1, 0>, static_extents = array<i64: 4>}>
    : (memref<4xf32>, memref<4xf32>, index) -> ()
  return
}

// -----

func.func @copy_extents_without_list(%a: memref<4xf32>, %n: index) {
  // expected-error@+1 {{'tile.copy' op expected 0 dynamic extents, found 1}}
  "tile.copy"(%a, %a, %n) <{operandSegmentSizes = array<i32: 1, 0, 1, 0, 1, 0>}>
    : (memref<4xf32>, memref<4xf32>, index) -> ()
  return
}

// -----

func.func @copy_negative_extent(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.copy' op expected extents of at least 0, found -1}}
  tile.copy %a, %a extents [-1] : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @copy_smaller_side(%a: memref<2x4xf32, #tile.scope<shared>>, %b: memref<8xf32>, %i: index) {
  // expected-error@+1 {{'tile.copy' op expected extents, since the rank of the other side is smaller than that of 'memref<2x4xf32, #tile.scope<shared>>'}}
  tile.copy %a, %b[%i] : memref<2x4xf32, #tile.scope<shared>> to memref<8xf32>
  return
}

// -----

func.func @async_copy_segments(%a: memref<4xf32>, %s: memref<4xf32, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.async_copy' op expected one source and one destination, found 0 and 2}}
  "tile.async_copy"(%s, %s) <{operandSegmentSizes = array<i32: 0, 0, 2, 0, 0, 0>}>
    : (memref<4xf32, #tile.scope<shared>>, memref<4xf32, #tile.scope<shared>>) -> ()
  return
}

// -----

func.func @async_copy_indices(%a: memref<4x4xf32>, %s: memref<4x4xf32, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{'tile.async_copy' op expected 2 indices for rank-2 source, found 1}}
  tile.async_copy %a[%i], %s : memref<4x4xf32> to memref<4x4xf32, #tile.scope<shared>>
  return
}

// -----

func.func @async_copy_extents(%a: memref<4x4xf32>, %s: memref<4x4xf32, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.async_copy' op expected 2 extents, the smaller rank of the two buffers, found 1}}
  tile.async_copy %a, %s extents [4] : memref<4x4xf32> to memref<4x4xf32, #tile.scope<shared>>
  return
}

// -----

func.func @async_copy_source(%s: memref<4xf32, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.async_copy' op expected a source in global scope, found 'memref<4xf32, #tile.scope<shared>>'}}
  tile.async_copy %s, %s : memref<4xf32, #tile.scope<shared>> to memref<4xf32, #tile.scope<shared>>
  return
}

// -----

func.func @async_copy_destination(%a: memref<4xf32>, %f: memref<4xf32, #tile.scope<fragment>>) {
  // expected-error@+1 {{'tile.async_copy' op expected a destination in shared scope, found 'memref<4xf32, #tile.scope<fragment>>'}}
  tile.async_copy %a, %f : memref<4xf32> to memref<4xf32, #tile.scope<fragment>>
  return
}

// -----

func.func @async_copy_elements(%a: memref<4xf32>, %s: memref<4xf16, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.async_copy' op expected a destination of the source's element type 'f32', found 'f16'}}
  tile.async_copy %a, %s : memref<4xf32> to memref<4xf16, #tile.scope<shared>>
  return
}

// -----

func.func @async_copy_of_one_thread(%a: memref<4xf32>, %s: memref<4xf32, #tile.scope<shared>>) {
  tile.launch blocks() in () threads(32) {
    // expected-note@+1 {{inside this 'tile.parallel'}}
    tile.parallel (%i) in (4) {
      // expected-error@+1 {{'tile.async_copy' op is executed by the whole block, so it cannot stand inside a 'tile.parallel', whose iterations are executed by one thread each}}
      tile.async_copy %a, %s : memref<4xf32> to memref<4xf32, #tile.scope<shared>>
    }
  }
  return
}

// -----

func.func @async_wait_negative() {
  // expected-error@+1 {{'tile.async_wait' op attribute 'pending' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0}}
  "tile.async_wait"() <{pending = -1 : i64}> : () -> ()
  return
}

// -----

func.func @fill_value(%a: memref<4xf32>, %v: f16) {
  // expected-error@+1 {{'tile.fill' op failed to verify that value has the buffer's element type}}
  "tile.fill"(%a, %v) : (memref<4xf32>, f16) -> ()
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.atomic
//===----------------------------------------------------------------------===//

func.func @atomic_scope(%a: memref<4xf32, #tile.scope<fragment>>, %v: f32, %i: index) {
  // expected-error@+1 {{'tile.atomic' op expected a buffer in global or shared scope, found 'memref<4xf32, #tile.scope<fragment>>'}}
  %0 = tile.atomic add %v, %a[%i] : memref<4xf32, #tile.scope<fragment>>
  return
}

// -----

func.func @atomic_element(%a: memref<4xi8>, %v: i8, %i: index) {
  // expected-error@+1 {{'tile.atomic' op expected elements of f64, f32, f16, bf16, i64 or i32, found 'i8'}}
  %0 = tile.atomic add %v, %a[%i] : memref<4xi8>
  return
}

// -----

func.func @atomic_bitwise(%a: memref<4xf32>, %v: f32, %i: index) {
  // expected-error@+1 {{'tile.atomic' op expected elements of i64 or i32 for xor, found 'f32'}}
  %0 = tile.atomic xor %v, %a[%i] : memref<4xf32>
  return
}

// -----

func.func @atomic_indices(%a: memref<4xf32>, %v: f32) {
  // expected-error@+1 {{'tile.atomic' op expected 1 indices for rank-1 buffer, found 0}}
  %0 = tile.atomic add %v, %a[] : memref<4xf32>
  return
}

// -----

func.func @atomic_value(%a: memref<f32>, %v: f16) {
  // expected-error@+1 {{'tile.atomic' op failed to verify that value has the buffer's element type}}
  %0 = "tile.atomic"(%v, %a) <{kind = #tile<atomic_kind add>}> : (f16, memref<f32>) -> f32
  return
}

// -----

func.func @atomic_result(%a: memref<f32>, %v: f32) {
  // expected-error@+1 {{'tile.atomic' op failed to verify that result has the buffer's element type}}
  %0 = "tile.atomic"(%v, %a) <{kind = #tile<atomic_kind add>}> : (f32, memref<f32>) -> f16
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.transpose
//===----------------------------------------------------------------------===//

func.func @transpose_rank(%a: memref<4xf32>, %b: memref<4x1xf32>) {
  // expected-error@+1 {{'tile.transpose' op expected source of rank 2, found 1}}
  tile.transpose %a, %b : memref<4xf32> to memref<4x1xf32>
  return
}

// -----

func.func @transpose_rank_destination(%a: memref<4xf32>, %b: memref<4x1xf32>) {
  // expected-error@+1 {{'tile.transpose' op expected destination of rank 2, found 1}}
  tile.transpose %b, %a : memref<4x1xf32> to memref<4xf32>
  return
}

// -----

func.func @transpose_static(%a: memref<4x2xf32>, %b: memref<2x?xf32>) {
  // expected-error@+1 {{'tile.transpose' op expected destination of static shape, found 'memref<2x?xf32>'}}
  tile.transpose %a, %b : memref<4x2xf32> to memref<2x?xf32>
  return
}

// -----

func.func @transpose_shape(%a: memref<4x2xf32>) {
  // expected-error@+1 {{'tile.transpose' op expected a destination of shape [2, 4], found [4, 2]}}
  tile.transpose %a, %a : memref<4x2xf32> to memref<4x2xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.convert_layout
//===----------------------------------------------------------------------===//

func.func @convert_dynamic(%a: memref<?xf32, #tile.scope<fragment>>, %b: memref<8xf32, #tile.scope<fragment>>) {
  // expected-error@+1 {{'tile.convert_layout' op expected source of static shape, found 'memref<?xf32, #tile.scope<fragment>>'}}
  tile.convert_layout %a, %b : memref<?xf32, #tile.scope<fragment>> to memref<8xf32, #tile.scope<fragment>>
  return
}

// -----

func.func @convert_scope(%a: memref<8xf32, #tile.scope<fragment>>, %b: memref<8xf32, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.convert_layout' op expected destination in fragment scope, found 'memref<8xf32, #tile.scope<shared>>'}}
  tile.convert_layout %a, %b : memref<8xf32, #tile.scope<fragment>> to memref<8xf32, #tile.scope<shared>>
  return
}

// -----

func.func @convert_shape(%a: memref<8x4xf32, #tile.scope<fragment>>, %b: memref<4x8xf32, #tile.scope<fragment>>) {
  // expected-error@+1 {{'tile.convert_layout' op expected a destination of shape [8, 4], found [4, 8]}}
  tile.convert_layout %a, %b : memref<8x4xf32, #tile.scope<fragment>> to memref<4x8xf32, #tile.scope<fragment>>
  return
}

// -----

func.func @convert_scratch_scope(%a: memref<8xf32, #tile.scope<fragment>>, %s: memref<8xf32>) {
  // expected-error@+1 {{'tile.convert_layout' op expected a shared buffer of rank 1 as scratch, found 'memref<8xf32>'}}
  tile.convert_layout %a, %a : memref<8xf32, #tile.scope<fragment>> to memref<8xf32, #tile.scope<fragment>> scratch %s : memref<8xf32>
  return
}

// -----

func.func @convert_scratch_size(%a: memref<8xf32, #tile.scope<fragment>>, %b: memref<8xf16, #tile.scope<fragment>>, %s: memref<8xf32, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.convert_layout' op expected a scratch of 8 elements of 'f16', found 'memref<8xf32, #tile.scope<shared>>'}}
  tile.convert_layout %a, %b : memref<8xf32, #tile.scope<fragment>> to memref<8xf16, #tile.scope<fragment>> scratch %s : memref<8xf32, #tile.scope<shared>>
  return
}

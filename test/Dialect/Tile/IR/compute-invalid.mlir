// Errors of products, reductions, scans and votes.

// RUN: tile-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// tile.gemm
//===----------------------------------------------------------------------===//

func.func @gemm_scope(%a: memref<4x4xf32, #tile.scope<local>>, %c: memref<4x4xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected a in shared, fragment or global scope, found 'memref<4x4xf32, #tile.scope<local>>'}}
  tile.gemm %a, %c, %c : memref<4x4xf32, #tile.scope<local>>, memref<4x4xf32>, memref<4x4xf32>
  return
}

// -----

func.func @gemm_shape(%a: memref<4x?xf32>, %c: memref<4x4xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected b of static shape, found 'memref<4x?xf32>'}}
  tile.gemm %c, %a, %c : memref<4x4xf32>, memref<4x?xf32>, memref<4x4xf32>
  return
}

// -----

func.func @gemm_rank(%a: memref<4x4x4xf32>, %c: memref<4x4xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected c of rank 2, found 3}}
  tile.gemm %c, %c, %a : memref<4x4xf32>, memref<4x4xf32>, memref<4x4x4xf32>
  return
}

// -----

func.func @gemm_types(%a: memref<4x4xf16>, %b: memref<4x4xbf16>, %c: memref<4x4xf32>) {
  // expected-error@+1 {{'tile.gemm' op unsupported element types 'f16' and 'bf16' of a and b: expected both f64, f32, f16, bf16 or i8, or any two of f8E4M3FN and f8E5M2}}
  tile.gemm %a, %b, %c : memref<4x4xf16>, memref<4x4xbf16>, memref<4x4xf32>
  return
}

// -----

func.func @gemm_i32(%a: memref<4x4xi32>) {
  // expected-error@+1 {{'tile.gemm' op unsupported element types 'i32' and 'i32' of a and b}}
  tile.gemm %a, %a, %a : memref<4x4xi32>, memref<4x4xi32>, memref<4x4xi32>
  return
}

// -----

func.func @gemm_accumulator(%a: memref<4x4xf8E5M2>, %b: memref<4x4xf8E4M3FN>, %c: memref<4x4xbf16>) {
  // expected-error@+1 {{'tile.gemm' op expected an accumulator of 'f32' or 'f16' for inputs of 'f8E5M2' and 'f8E4M3FN', found 'bf16'}}
  tile.gemm %a, %b, %c : memref<4x4xf8E5M2>, memref<4x4xf8E4M3FN>, memref<4x4xbf16>
  return
}

// -----

func.func @gemm_bf16(%a: memref<4x4xbf16>) {
  // expected-error@+1 {{'tile.gemm' op expected an accumulator of 'f32' for inputs of 'bf16' and 'bf16', found 'bf16'}}
  tile.gemm %a, %a, %a : memref<4x4xbf16>, memref<4x4xbf16>, memref<4x4xbf16>
  return
}

// -----

func.func @gemm_precision(%a: memref<4x4xf16>, %c: memref<4x4xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected f32 inputs with precision(tf32), found 'f16'}}
  tile.gemm %a, %a, %c precision(tf32) : memref<4x4xf16>, memref<4x4xf16>, memref<4x4xf32>
  return
}

// -----

func.func @gemm_m(%a: memref<4x8xf32>, %b: memref<8x16xf32>, %c: memref<5x16xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected the same M in a and c, found 4 and 5}}
  tile.gemm %a, %b, %c : memref<4x8xf32>, memref<8x16xf32>, memref<5x16xf32>
  return
}

// -----

func.func @gemm_n(%a: memref<4x8xf32>, %b: memref<8x16xf32>, %c: memref<4x17xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected the same N in b and c, found 16 and 17}}
  tile.gemm %a, %b, %c : memref<4x8xf32>, memref<8x16xf32>, memref<4x17xf32>
  return
}

// -----

func.func @gemm_k(%a: memref<4x8xf32>, %b: memref<9x16xf32>, %c: memref<4x16xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected the same K in a and b, found 8 and 9}}
  tile.gemm %a, %b, %c : memref<4x8xf32>, memref<9x16xf32>, memref<4x16xf32>
  return
}

// -----

func.func @gemm_transposed(%a: memref<8x4xf32>, %b: memref<8x16xf32>, %c: memref<4x16xf32>) {
  // expected-error@+1 {{'tile.gemm' op expected the same N in b and c, found 8 and 16}}
  tile.gemm %a, %b, %c transpose_a transpose_b : memref<8x4xf32>, memref<8x16xf32>, memref<4x16xf32>
  return
}

// -----

func.func @gemm_clear(%a: memref<4x4xf32>, %b: i1) {
  // expected-error@+1 {{'tile.gemm' op expected at most one of clear and clear_if, found both}}
  tile.gemm %a, %a, %a clear clear_if(%b) : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.reduce
//===----------------------------------------------------------------------===//

func.func @reduce_scope(%a: memref<4xf32, #tile.scope<local>>, %b: memref<f32>) {
  // expected-error@+1 {{'tile.reduce' op expected source in shared, fragment or global scope, found 'memref<4xf32, #tile.scope<local>>'}}
  tile.reduce sum %a, %b dim 0 : memref<4xf32, #tile.scope<local>> to memref<f32>
  return
}

// -----

func.func @reduce_shape(%a: memref<4xf32>, %b: memref<?xf32>) {
  // expected-error@+1 {{'tile.reduce' op expected destination of static shape, found 'memref<?xf32>'}}
  tile.reduce sum %a, %b dim 0 : memref<4xf32> to memref<?xf32>
  return
}

// -----

func.func @reduce_types(%a: memref<4xf16>, %b: memref<f32>) {
  // expected-error@+1 {{'tile.reduce' op expected source and destination of one element type, found 'f16' and 'f32'}}
  tile.reduce sum %a, %b dim 0 : memref<4xf16> to memref<f32>
  return
}

// -----

func.func @reduce_bitwise(%a: memref<4xf32>, %b: memref<f32>) {
  // expected-error@+1 {{'tile.reduce' op expected integer or i1 elements for xor, found 'f32'}}
  tile.reduce xor %a, %b dim 0 : memref<4xf32> to memref<f32>
  return
}

// -----

func.func @reduce_i1(%a: memref<4xi1>, %b: memref<i1>) {
  // expected-error@+1 {{'tile.reduce' op expected float or wider integer elements for absmax, found 'i1'}}
  tile.reduce absmax %a, %b dim 0 : memref<4xi1> to memref<i1>
  return
}

// -----

func.func @reduce_ignore_nan(%a: memref<4xf32>, %b: memref<f32>) {
  // expected-error@+1 {{'tile.reduce' op expected max, min or absmax with ignore_nan, found abssum}}
  tile.reduce abssum %a, %b dim 0 ignore_nan : memref<4xf32> to memref<f32>
  return
}

// -----

func.func @reduce_dim(%a: memref<4xf32>, %b: memref<f32>) {
  // expected-error@+1 {{'tile.reduce' op expected a dimension below the source's rank 1, found 1}}
  tile.reduce sum %a, %b dim 1 : memref<4xf32> to memref<f32>
  return
}

// -----

func.func @reduce_negative_dim(%a: memref<4xf32>, %b: memref<f32>) {
  // expected-error@+1 {{'tile.reduce' op attribute 'dim' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0}}
  tile.reduce sum %a, %b dim -1 : memref<4xf32> to memref<f32>
  return
}

// -----

func.func @reduce_rank0(%a: memref<f32>) {
  // expected-error@+1 {{'tile.reduce' op expected a dimension below the source's rank 0, found 0}}
  tile.reduce sum %a, %a dim 0 : memref<f32> to memref<f32>
  return
}

// -----

func.func @reduce_destination(%a: memref<2x4x8xf32>, %b: memref<2x4xf32>) {
  // expected-error@+1 {{'tile.reduce' op expected a destination of shape [2, 8] or [2, 1, 8], found [2, 4]}}
  tile.reduce sum %a, %b dim 1 : memref<2x4x8xf32> to memref<2x4xf32>
  return
}

// -----

func.func @reduce_scratch(%a: memref<4x8xf32>, %b: memref<4xf32>, %s: memref<4x8xf32, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.reduce' op expected a shared buffer of rank 1 as scratch, found 'memref<4x8xf32, #tile.scope<shared>>'}}
  tile.reduce sum %a, %b dim 1 : memref<4x8xf32> to memref<4xf32> scratch %s : memref<4x8xf32, #tile.scope<shared>>
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.scan
//===----------------------------------------------------------------------===//

func.func @scan_local(%a: memref<4xf32, #tile.scope<local>>, %b: memref<4xf32>) {
  // expected-error@+1 {{'tile.scan' op expected both buffers in local scope or none, found 'memref<4xf32, #tile.scope<local>>' and 'memref<4xf32>'}}
  tile.scan sum %a, %b dim 0 : memref<4xf32, #tile.scope<local>> to memref<4xf32>
  return
}

// -----

func.func @scan_static(%a: memref<?xf32>, %b: memref<4xf32>) {
  // expected-error@+1 {{'tile.scan' op expected source of static shape, found 'memref<?xf32>'}}
  tile.scan sum %a, %b dim 0 : memref<?xf32> to memref<4xf32>
  return
}

// -----

func.func @scan_static_destination(%a: memref<?xf32>, %b: memref<4xf32>) {
  // expected-error@+1 {{'tile.scan' op expected destination of static shape, found 'memref<?xf32>'}}
  tile.scan sum %b, %a dim 0 : memref<4xf32> to memref<?xf32>
  return
}

// -----

func.func @scan_types(%a: memref<4xf16>, %b: memref<4xf32>) {
  // expected-error@+1 {{'tile.scan' op expected source and destination of one element type, found 'f16' and 'f32'}}
  tile.scan sum %a, %b dim 0 : memref<4xf16> to memref<4xf32>
  return
}

// -----

func.func @scan_i1(%a: memref<4xi1>) {
  // expected-error@+1 {{'tile.scan' op expected float or wider integer elements for max, found 'i1'}}
  tile.scan max %a, %a dim 0 : memref<4xi1> to memref<4xi1>
  return
}

// -----

func.func @scan_dim(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.scan' op expected a dimension below the source's rank 1, found 2}}
  tile.scan sum %a, %a dim 2 : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @scan_negative_dim(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.scan' op attribute 'dim' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0}}
  tile.scan sum %a, %a dim -1 : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @scan_shape(%a: memref<4x2xf32>, %b: memref<4x3xf32>) {
  // expected-error@+1 {{'tile.scan' op expected a destination of shape [4, 2], found [4, 3]}}
  tile.scan sum %a, %b dim 0 : memref<4x2xf32> to memref<4x3xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.any, tile.all
//===----------------------------------------------------------------------===//

func.func @any_local(%a: memref<4xf32, #tile.scope<local>>) {
  // expected-error@+1 {{'tile.any' op expected buffer in shared, fragment or global scope, found 'memref<4xf32, #tile.scope<local>>'}}
  %0 = tile.any %a : memref<4xf32, #tile.scope<local>>
  return
}

// -----

func.func @any_indices(%a: memref<4x4xf32>, %i: index) {
  // expected-error@+1 {{'tile.any' op expected 2 indices for rank-2 buffer, found 1}}
  %0 = tile.any %a[%i] : memref<4x4xf32>
  return
}

// -----

func.func @all_extents(%a: memref<4x4xf32>, %i: index) {
  // expected-error@+1 {{'tile.all' op expected 2 extents for rank-2 buffer, found 1}}
  %0 = tile.all %a extents [%i] : memref<4x4xf32>
  return
}

// -----

func.func @all_negative(%a: memref<4x4xf32>) {
  // expected-error@+1 {{'tile.all' op expected extents of at least 0, found -2}}
  %0 = tile.all %a extents [1, -2] : memref<4x4xf32>
  return
}

// -----

func.func @any_dynamic(%a: memref<4xf32>, %i: index) {
  // expected-error@+1 {{'tile.any' op expected 0 dynamic extents, found 1}}
  %0 = "tile.any"(%a, %i) <{operandSegmentSizes = array<i32: 1, 0, 1>, static_extents = array<i64: 3>}> : (memref<4xf32>, index) -> i1
  return
}

// -----

func.func @all_dynamic(%a: memref<4xf32>, %i: index) {
  // expected-error@+1 {{'tile.all' op expected 0 dynamic extents, found 1}}
  %0 = "tile.all"(%a, %i) <{operandSegmentSizes = array<i32: 1, 0, 1>}> : (memref<4xf32>, index) -> i1
  return
}

// -----

func.func @any_in_parallel(%a: memref<4xf32>) {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'tile.any' op is executed by the whole block}}
    %0 = tile.any %a : memref<4xf32>
  }
  return
}

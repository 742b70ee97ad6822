// Every error that the dialect reports.

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

func.func @swizzle_grid(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a grid of 2 dimensions with swizzle, found 1}}
  tile.launch blocks(%x) in (%n) threads(32) swizzle(4, row) {
  }
  return
}

// -----

func.func @swizzle_panel(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a panel of 1 to 65535 rows, found 0}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) swizzle(0, row) {
  }
  return
}

// -----

func.func @swizzle_panel_large(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a panel of 1 to 65535 columns, found 65536}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) swizzle(65536, column) {
  }
  return
}

// -----

func.func @swizzle_cluster(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected at most one of cluster and swizzle, found both}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) cluster(2) swizzle(4, row) {
  }
  return
}

// -----

func.func @precision(%a: memref<4x4xf32>) {
  // expected-error@+1 {{expected one of [full, tf32] for precision of a product's inputs, got: fast}}
  tile.gemm %a, %a, %a precision(fast) : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  return
}

//===----------------------------------------------------------------------===//
// Buffers and scalars
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.yield, tile.barrier, and what the whole block executes
//===----------------------------------------------------------------------===//

// -----

func.func @yield_parent() {
  // expected-error@+1 {{'tile.yield' op expects parent op to be one of 'tile.launch, tile.parallel, tile.pipelined, tile.threads, tile.specialize'}}
  tile.yield
}

// -----

func.func @block_level() {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'tile.barrier' op is executed by the whole block, so it cannot stand inside a 'tile.parallel', whose iterations are executed by one thread each}}
    tile.barrier
  }
  return
}

// -----

func.func @block_level_deep(%c: i1, %a: memref<4xf32>, %v: f32) {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel () in () {
    scf.if %c {
      // expected-error@+1 {{'tile.fill' op is executed by the whole block}}
      tile.fill %a, %v : memref<4xf32>
    }
  }
  return
}

// -----

func.func @parallel_in_parallel() {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'tile.parallel' op is executed by the whole block}}
    tile.parallel (%j) in (4) {
    }
  }
  return
}

//===----------------------------------------------------------------------===//
// tile.launch
//===----------------------------------------------------------------------===//

// -----

func.func @launch_grid(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a grid of at most 3 dimensions, found 4}}
  tile.launch blocks(%x, %y, %z, %w) in (%n, %n, %n, %n) threads(1) {
  }
  return
}

// -----

func.func @launch_threads_low() {
  // expected-error@+1 {{'tile.launch' op attribute 'threads' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1 whose maximum value is 1024}}
  tile.launch blocks() in () threads(0) {
  }
  return
}

// -----

func.func @launch_threads_high() {
  // expected-error@+1 {{'tile.launch' op attribute 'threads' failed to satisfy constraint}}
  tile.launch blocks() in () threads(1025) {
  }
  return
}

// -----

func.func @launch_threads_missing() {
  // expected-error@+1 {{expected 'threads'}}
  tile.launch blocks() in () {
  }
  return
}

// -----

func.func @launch_threads_attribute() {
  // expected-error@+1 {{'tile.launch' op requires attribute 'threads'}}
  "tile.launch"() ({
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @launch_shared_bytes() {
  // expected-error@+1 {{'tile.launch' op attribute 'shared_bytes' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0}}
  tile.launch blocks() in () threads(1) shared_bytes(-1) {
  }
  return
}

// -----

func.func @launch_ids(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected 1 region arguments, one for each grid dimension, found 0}}
  tile.launch blocks() in (%n) threads(1) {
  }
  return
}

// -----

func.func @launch_id_type(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected region argument #0 of type 'index', found 'i32'}}
  "tile.launch"(%n) <{threads = 1 : i64}> ({
  ^bb0(%x: i32):
    "tile.yield"() : () -> ()
  }) : (index) -> ()
  return
}

// -----

func.func @launch_grid_type(%n: i32) {
  // expected-error@+1 {{'tile.launch' op operand #0 must be variadic of index, but got 'i32'}}
  "tile.launch"(%n) <{threads = 1 : i64}> ({
  ^bb0(%x: index):
    "tile.yield"() : () -> ()
  }) : (i32) -> ()
  return
}

// -----

func.func @launch_region() {
  // expected-error@+1 {{'tile.launch' op expects region #0 to have 0 or 1 blocks}}
  "tile.launch"() <{threads = 1 : i64}> ({
  ^bb0:
    cf.br ^bb1
  ^bb1:
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @launch_empty_region() {
  // expected-error@+1 {{'tile.launch' op region #0 ('body') failed to verify constraint: region with 1 blocks}}
  "tile.launch"() <{threads = 1 : i64}> ({
  }) : () -> ()
  return
}

// -----

func.func @launch_terminator() {
  // expected-error@+2 {{'tile.launch' op expects regions to end with 'tile.yield', found 'llvm.unreachable'}}
  // expected-note@+1 {{in custom textual format, the absence of terminator implies 'tile.yield'}}
  "tile.launch"() <{threads = 1 : i64}> ({
    llvm.unreachable
  }) : () -> ()
  return
}

// -----

func.func @launch_nested() {
  // expected-note@+1 {{inside this one}}
  tile.launch blocks() in () threads(1) {
    // expected-error@+1 {{'tile.launch' op cannot stand inside another 'tile.launch'}}
    tile.launch blocks() in () threads(1) {
    }
  }
  return
}

// -----

func.func @launch_in_parallel() {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel () in () {
    // expected-error@+1 {{'tile.launch' op is executed by the whole block}}
    tile.launch blocks() in () threads(1) {
    }
  }
  return
}

// -----

func.func @launch_cluster_rank(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a cluster of at most 1 dimensions, those of the grid, found 2}}
  tile.launch blocks(%x) in (%n) threads(1) cluster(2, 1) {
  }
  return
}

// -----

func.func @launch_cluster_extent(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected positive cluster extents, found 0}}
  tile.launch blocks(%x) in (%n) threads(1) cluster(0) {
  }
  return
}

// -----

func.func @launch_cluster_size(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a cluster of at most 16 blocks, found (8, 4)}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(1) cluster(8, 4) {
  }
  return
}

// -----

func.func @launch_cluster_huge(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a cluster of at most 16 blocks, found (4611686018427387904, 4)}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(1) cluster(4611686018427387904, 4) {
  }
  return
}

// -----

func.func @launch_captures_shared(%s: memref<4xf32, #tile.scope<shared>>, %v: f32) {
  // expected-note@+1 {{inside this 'tile.launch'}}
  tile.launch blocks() in () threads(1) {
    // expected-error@+1 {{'tile.fill' op expected a buffer of global scope or one that is made inside the 'tile.launch', found 'memref<4xf32, #tile.scope<shared>>' from outside}}
    tile.fill %s, %v : memref<4xf32, #tile.scope<shared>>
  }
  return
}

// -----

func.func @launch_captures_variable(%n: index, %a: memref<?xindex>) {
  %v = tile.alloc_var %n : index
  // expected-note@+1 {{inside this 'tile.launch'}}
  tile.launch blocks(%x) in (%n) threads(1) {
    tile.parallel (%i) in (4) {
      // expected-error@+1 {{'memref.load' op expected a buffer of global scope or one that is made inside the 'tile.launch', found 'memref<index, #tile.scope<local>>' from outside}}
      %0 = memref.load %v[] : memref<index, #tile.scope<local>>
      memref.store %0, %a[%i] : memref<?xindex>
    }
  }
  return
}

//===----------------------------------------------------------------------===//
// tile.parallel, tile.pipelined
//===----------------------------------------------------------------------===//

// -----

func.func @parallel_extents(%n: index) {
  // expected-error@+1 {{'tile.parallel' op expected 1 dynamic extents, found 2}}
  "tile.parallel"(%n, %n) <{static_extents = array<i64: -9223372036854775808>}> ({
  ^bb0(%i: index):
    "tile.yield"() : () -> ()
  }) : (index, index) -> ()
  return
}

// -----

func.func @parallel_negative() {
  // expected-error@+1 {{'tile.parallel' op expected extents of at least 0, found -4}}
  tile.parallel (%i) in (-4) {
  }
  return
}

// -----

func.func @parallel_ids(%n: index) {
  // expected-error@+1 {{'tile.parallel' op expected 2 region arguments, one for each extent, found 1}}
  tile.parallel (%i) in (4, %n) {
  }
  return
}

// -----

func.func @parallel_writes_local(%v: f32) {
  %l = tile.alloc : memref<4xf32, #tile.scope<local>>
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'memref.store' op cannot write to a local buffer from outside of 'tile.parallel', since each thread has its own}}
    memref.store %v, %l[%i] : memref<4xf32, #tile.scope<local>>
  }
  return
}

// -----

func.func @parallel_writes_local_view(%v: f32, %l: memref<4xf32, #tile.scope<local>>) {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (2) {
    %w = memref.subview %l[2] [2] [1] : memref<4xf32, #tile.scope<local>>
      to memref<2xf32, strided<[1], offset: 2>, #tile.scope<local>>
    // expected-error@+1 {{'memref.store' op cannot write to a local buffer from outside}}
    memref.store %v, %w[%i] : memref<2xf32, strided<[1], offset: 2>, #tile.scope<local>>
  }
  return
}

// -----

func.func @pipelined_step(%n: index) {
  %c0 = arith.constant 0 : index
  // expected-error@+1 {{'tile.pipelined' op expected a positive step, found 0}}
  tile.pipelined %i = %n to %n step %c0 {
  }
  return
}

// -----

func.func @pipelined_stages(%n: index) {
  // expected-error@+1 {{'tile.pipelined' op attribute 'stages' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1}}
  tile.pipelined %i = %n to %n step %n stages(0) {
  }
  return
}

// -----

func.func @pipelined_ids(%n: index) {
  // expected-error@+1 {{'tile.pipelined' op expected 1 region arguments, one for each loop, found 0}}
  "tile.pipelined"(%n, %n, %n) ({
    "tile.yield"() : () -> ()
  }) : (index, index, index) -> ()
  return
}

//===----------------------------------------------------------------------===//
// tile.alloc, tile.alloc_var
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.copy, tile.fill, tile.atomic
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.gemm
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.reduce
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.scan
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.threads
//===----------------------------------------------------------------------===//

// -----

func.func @threads_arguments() {
  // expected-error@+1 {{'tile.threads' op expected one region argument of type 'index', the number of the thread, found ()}}
  "tile.threads"() ({
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @threads_argument_type() {
  // expected-error@+1 {{'tile.threads' op expected one region argument of type 'index', the number of the thread, found ('i32')}}
  "tile.threads"() ({
  ^bb0(%t: i32):
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @threads_block_level() {
  // expected-note@+1 {{inside this 'tile.threads'}}
  tile.threads (%t) {
    // expected-error@+1 {{'tile.barrier' op is executed by the whole block, so it cannot stand inside a 'tile.threads', whose body every thread executes by itself}}
    tile.barrier
  }
  return
}

// -----

func.func @threads_alloc() {
  // expected-note@+1 {{inside this 'tile.threads'}}
  tile.threads (%t) {
    // expected-error@+1 {{'tile.alloc' op cannot make a shared buffer inside 'tile.threads', where only local buffers can be made}}
    %0 = tile.alloc : memref<4xf32, #tile.scope<shared>>
  }
  return
}

// -----

func.func @threads_print(%a: memref<4xf32>) {
  tile.threads (%t) {
    // expected-error@+1 {{'tile.print' op cannot print a whole buffer inside 'tile.threads'}}
    tile.print "a", %a : memref<4xf32>
  }
  return
}

//===----------------------------------------------------------------------===//
// tile.any, tile.all
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.transpose
//===----------------------------------------------------------------------===//

// -----

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

//===----------------------------------------------------------------------===//
// tile.print, tile.assert, tile.assume
//===----------------------------------------------------------------------===//

// -----

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

func.func @launch_attribute_twice() {
  // expected-error@+1 {{'tile.launch' expected 'threads' before the attributes, found it among them}}
  tile.launch blocks() in () threads(3) attributes {threads = 5 : i64} {
  }
  return
}

// -----

func.func @parallel_attribute_twice() {
  // expected-error@+1 {{'tile.parallel' expected 'static_extents' before the attributes, found it among them}}
  tile.parallel (%i) in (3) attributes {static_extents = array<i64: 5>} {
  }
  return
}

// -----

func.func @pipelined_attribute_twice(%i: index) {
  // expected-error@+1 {{'tile.pipelined' expected 'stages' before the attributes, found it among them}}
  tile.pipelined %k = %i to %i step %i stages(3) attributes {stages = 5 : i64} {
  }
  return
}

// -----

func.func @assert_values(%a: i1, %i: index) {
  // expected-error@+1 {{'tile.assert' op expected 2 values, one for each {} in the message, found 1}}
  tile.assert %a, "expected {}, found {}" (%i : index)
  return
}

// -----

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

func.func @reduce_scratch(%a: memref<4x8xf32>, %b: memref<4xf32>, %s: memref<4x8xf32, #tile.scope<shared>>) {
  // expected-error@+1 {{'tile.reduce' op expected a shared buffer of rank 1 as scratch, found 'memref<4x8xf32, #tile.scope<shared>>'}}
  tile.reduce sum %a, %b dim 1 : memref<4x8xf32> to memref<4xf32> scratch %s : memref<4x8xf32, #tile.scope<shared>>
  return
}

// -----

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

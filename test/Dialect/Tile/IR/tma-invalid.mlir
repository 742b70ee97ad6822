// RUN: tile-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{expected elements of a type that buffers have, found 'i7'}}
func.func private @f(!tile.tensor_map<64xi7>)

// -----

// expected-error@+1 {{expected a box of 1 to 5 dimensions, found 6}}
func.func private @f(!tile.tensor_map<1x1x1x1x1x8xf32>)

// -----

// expected-error@+1 {{expected a box of 1 to 5 dimensions, found 0}}
func.func private @f(!tile.tensor_map<f32>)

// -----

// expected-error@+1 {{expected a box of 1 to 256 elements in each dimension, found 257}}
func.func private @f(!tile.tensor_map<257x8xf32>)

// -----

// expected-error@+1 {{expected a box with rows of a multiple of 16 bytes, found 24}}
func.func private @f(!tile.tensor_map<8x12xf16>)

// -----

// expected-error@+1 {{expected a swizzle of 32, 64 or 128 bytes, found 16}}
func.func private @f(!tile.tensor_map<8x8xf16, swizzle 16>)

// -----

// expected-error@+1 {{expected a box of at least 2 dimensions for a swizzle, found 1}}
func.func private @f(!tile.tensor_map<64xf16, swizzle 128>)

// -----

// expected-error@+1 {{expected a box with rows of 128 bytes for a swizzle of as many, found 64}}
func.func private @f(!tile.tensor_map<8x32xf16, swizzle 128>)

// -----

func.func @map_scope(%s: memref<64x64xf16, #tile.scope<shared>>) {
  // expected-error@+1 {{expected a source in global scope, found 'memref<64x64xf16, #tile.scope<shared>>'}}
  %m = tile.tensor_map %s : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16>
  return
}

// -----

func.func @map_type(%a: memref<64x64xf16>) {
  // expected-error@+1 {{expected a map of the source's element type 'f16', found '!tile.tensor_map<64x64xbf16>'}}
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xbf16>
  return
}

// -----

func.func @map_rank(%a: memref<64x64xf16>) {
  // expected-error@+1 {{expected a box of the source's rank 2, found '!tile.tensor_map<64xf16>'}}
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64xf16>
  return
}

// -----

func.func @map_fetch(%a: memref<64x64xf16>) {
  // expected-error@+1 {{expected a fetch of 64, 128 or 256 bytes, found 32}}
  %m = tile.tensor_map %a fetch(32) : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  return
}

// -----

func.func @map_row(%a: memref<64x64xf16, strided<[128, 2]>>) {
  // expected-error@+1 {{expected rows of elements next to each other, found a stride of 2 in}}
  %m = tile.tensor_map %a : memref<64x64xf16, strided<[128, 2]>> to !tile.tensor_map<64x64xf16>
  return
}

// -----

func.func @map_stride(%a: memref<64x60xf16>) {
  // expected-error@+1 {{expected strides of a multiple of 16 bytes, found 120 in dimension 0 of 'memref<64x60xf16>'}}
  %m = tile.tensor_map %a : memref<64x60xf16> to !tile.tensor_map<64x64xf16>
  return
}

// -----

func.func @map_place(%a: memref<64x64xf16>) {
  // expected-note@+1 {{inside this 'tile.launch'}}
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{expected to stand in host code, found in a launch}}
    %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16>
  }
  return
}

// -----

func.func @load_scope(%m: !tile.tensor_map<8x8xf16>, %d: memref<8x8xf16>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected a buffer in shared scope, found 'memref<8x8xf16>'}}
  tile.tma_load %m[%i, %i], %d, %b[%i] : !tile.tensor_map<8x8xf16> to memref<8x8xf16>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_type(%m: !tile.tensor_map<8x8xf16>, %d: memref<8x8xbf16, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected a buffer of the map's element type 'f16', found 'memref<8x8xbf16, #tile.scope<shared>>'}}
  tile.tma_load %m[%i, %i], %d, %b[%i] : !tile.tensor_map<8x8xf16> to memref<8x8xbf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_coordinates(%m: !tile.tensor_map<8x8xf16>, %d: memref<8x8xf16, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected 2 coordinates for a box of '!tile.tensor_map<8x8xf16>', found 1}}
  tile.tma_load %m[%i], %d, %b[%i] : !tile.tensor_map<8x8xf16> to memref<8x8xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_indices(%m: !tile.tensor_map<8x8xf16>, %d: memref<8x8xf16, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected 2 indices for rank-2 buffer, found 1}}
  tile.tma_load %m[%i, %i], %d[%i], %b[%i] : !tile.tensor_map<8x8xf16> to memref<8x8xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_barrier(%m: !tile.tensor_map<8x8xf16>, %d: memref<8x8xf16, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected 1 indices for rank-1 barriers, found 2}}
  tile.tma_load %m[%i, %i], %d, %b[%i, %i] : !tile.tensor_map<8x8xf16> to memref<8x8xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_shape(%m: !tile.tensor_map<8x8xf16>, %d: memref<8x16xf16, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected a buffer whose last dimensions hold a box of '!tile.tensor_map<8x8xf16>', found 'memref<8x16xf16, #tile.scope<shared>>'}}
  tile.tma_load %m[%i, %i], %d, %b[%i] : !tile.tensor_map<8x8xf16> to memref<8x16xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_panel(%m: !tile.tensor_map<8x64xf16, swizzle 128>, %d: memref<8x128xf16, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  // expected-error@+1 {{'tile.tma_load' op expected a box that begins at a panel of 64 elements of the rows of 'memref<8x128xf16, #tile.scope<shared>>'}}
  tile.tma_load %m[%i, %i], %d[%c0, %c32], %b[%i] : !tile.tensor_map<8x64xf16, swizzle 128> to memref<8x128xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_strides(%m: !tile.tensor_map<8x8xf16>, %d: memref<8x8xf16, strided<[16, 1]>, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected a buffer whose last dimensions hold a box}}
  tile.tma_load %m[%i, %i], %d, %b[%i] : !tile.tensor_map<8x8xf16> to memref<8x8xf16, strided<[16, 1]>, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @load_rank(%m: !tile.tensor_map<2x8x8xf16>, %d: memref<8x8xf16, #tile.scope<shared>>, %b: memref<1xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected a buffer whose last dimensions hold a box}}
  tile.tma_load %m[%i, %i, %i], %d, %b[%i] : !tile.tensor_map<2x8x8xf16> to memref<8x8xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  return
}

// -----

func.func @store_place(%m: !tile.tensor_map<8x8xf16>, %s: memref<64x8xf16, #tile.scope<shared>>, %i: index) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  tile.tma_store %s[%c16, %c0], %m[%i, %i] : memref<64x8xf16, #tile.scope<shared>> to !tile.tensor_map<8x8xf16>
  // expected-error@+1 {{expected a box that begins at a multiple of 128 bytes of the buffer, found a step of 16 bytes in dimension 0 of 'memref<64x8xf16, #tile.scope<shared>>'}}
  tile.tma_store %s[%i, %c0], %m[%i, %i] : memref<64x8xf16, #tile.scope<shared>> to !tile.tensor_map<8x8xf16>
  return
}

// -----

func.func @store_rows(%m: !tile.tensor_map<4x64xf16, swizzle 128>, %s: memref<3x12x64xf16, #tile.scope<shared>>, %i: index) {
  %c0 = arith.constant 0 : index
  // expected-error@+1 {{expected a multiple of 8 rows for a swizzle, found 'memref<3x12x64xf16, #tile.scope<shared>>'}}
  tile.tma_store %s[%i, %i, %c0], %m[%i, %i] : memref<3x12x64xf16, #tile.scope<shared>> to !tile.tensor_map<4x64xf16, swizzle 128>
  return
}

// -----

func.func @wait_pending() {
  // expected-error@+1 {{attribute 'pending' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0}}
  tile.tma_store_wait -1
  return
}

// -----

func.func @barriers(%b: memref<4xi32, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{operand #0 must be strided memref of i64 in shared scope, but got 'memref<4xi32, #tile.scope<shared>>'}}
  tile.mbarrier_arrive %b[%i] : memref<4xi32, #tile.scope<shared>>
  return
}

// -----

func.func @barriers_scope(%b: memref<4xi64>, %i: index) {
  // expected-error@+1 {{operand #0 must be strided memref of i64 in shared scope, but got 'memref<4xi64>'}}
  tile.mbarrier_arrive %b[%i] : memref<4xi64>
  return
}

// -----

func.func @init(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected 1 indices for rank-1 barriers, found 2}}
  tile.mbarrier_init %b[%i, %i] count(1) : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @init_count(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{attribute 'count' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1 whose maximum value is 1048575}}
  tile.mbarrier_init %b[%i] count(0) : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @arrive(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected 1 indices for rank-1 barriers, found 2}}
  tile.mbarrier_arrive %b[%i, %i] : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @arrive_expect(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected one arrival of the block where bytes are announced, found one per warp}}
  tile.mbarrier_arrive %b[%i] per warp expect(16) : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @arrive_bytes(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{attribute 'expect' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0 whose maximum value is 1048575}}
  tile.mbarrier_arrive %b[%i] expect(1048576) : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @wait(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{expected 1 indices for rank-1 barriers, found 2}}
  tile.mbarrier_wait %b[%i, %i], %i : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @wait_parity(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  %c2 = arith.constant 2 : index
  // expected-error@+1 {{expected a parity of 0 or 1, found 2}}
  tile.mbarrier_wait %b[%i], %c2 : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @wait_thread(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%j) in (4) {
    // expected-error@+1 {{is executed by the whole block, so it cannot stand inside a 'tile.parallel'}}
    tile.mbarrier_wait %b[%i], %i : memref<4xi64, #tile.scope<shared>>
  }
  return
}

// -----

func.func @named_threads(%i: index) {
  // expected-error@+1 {{expected a number of threads that is a multiple of 32, found 100}}
  tile.named_barrier %i threads(100)
  return
}

// -----

func.func @named_max(%i: index) {
  // expected-error@+1 {{attribute 'threads' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 32 whose maximum value is 1024}}
  tile.named_barrier %i threads(1056)
  return
}

// -----

func.func @named_id() {
  %c0 = arith.constant 0 : index
  // expected-error@+1 {{expected an id of 1 to 15, found 0}}
  tile.named_barrier %c0 threads(64)
  return
}

// -----

func.func @registers() {
  // expected-error@+1 {{expected a number of registers that is a multiple of 8, found 100}}
  tile.set_max_registers increase 100
  return
}

// -----

func.func @registers_max() {
  // expected-error@+1 {{attribute 'count' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 24 whose maximum value is 256}}
  tile.set_max_registers increase 264
  return
}

// -----

func.func @remote_rank(%b: memref<4xi64, #tile.scope<shared>>, %i: index) {
  // expected-error@+1 {{'tile.mbarrier_arrive_remote' op expected 1 indices for rank-1 barriers, found 2}}
  tile.mbarrier_arrive_remote %b[%i, %i] at %i : memref<4xi64, #tile.scope<shared>>
  return
}

// -----

func.func @remote_scope(%b: memref<4xi64>, %i: index) {
  // expected-error@+1 {{'tile.mbarrier_arrive_remote' op operand #0 must be strided memref of i64 in shared scope, but got 'memref<4xi64>'}}
  tile.mbarrier_arrive_remote %b[%i] at %i : memref<4xi64>
  return
}

// -----

func.func @staged_scope(%f: memref<64x64xf32>, %s: memref<64x64xf16, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected a fragment of rank 2 as source, found}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_rank(%f: memref<64xf32, #tile.scope<fragment>>, %s: memref<64x64xf16, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected a fragment of rank 2 as source, found}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_stage_rank(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<1x64x64xf16, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected a contiguous buffer of rank 2 as stage, found}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<1x64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_strided(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<64x64xf16, strided<[128, 1]>, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected a contiguous buffer of rank 2 as stage, found}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, strided<[128, 1]>, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_rows(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<32x64xf16, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected a stage with all rows of 'memref<64x64xf32, #tile.scope<fragment>>' and a part of its columns, found 'memref<32x64xf16, #tile.scope<shared>>'}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<32x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_columns(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<64x48xf16, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{and a part of its columns, found}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x48xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_stage_scope(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<64x64xf16>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected a buffer in shared scope, found}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_element(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<64x64xf32, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected a buffer of the map's element type}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf32, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_coordinates(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<64x64xf16, #tile.scope<shared>>, %m: !tile.tensor_map<64x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected 2 coordinates for a box of}}
  tile.staged_store %f, %s, %m[%i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  return
}

// -----

func.func @staged_box(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<64x64xf16, #tile.scope<shared>>, %m: !tile.tensor_map<64x32xf16>, %i: index) {
  // expected-error@+1 {{expected a buffer whose last dimensions hold a box of}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x32xf16>
  return
}

// -----

func.func @staged_divide(%f: memref<64x64xf32, #tile.scope<fragment>>, %s: memref<64x64xf16, #tile.scope<shared>>, %m: !tile.tensor_map<48x64xf16, swizzle 128>, %i: index) {
  // expected-error@+1 {{expected boxes of rows that divide 'memref<64x64xf16, #tile.scope<shared>>', found '!tile.tensor_map<48x64xf16, swizzle 128>'}}
  tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<48x64xf16, swizzle 128>
  return
}

// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90a --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --convert-tile-to-gpu=chip=sm_89 2>&1 | FileCheck %s --check-prefix=OLD

// OLD: error: 'tile.tma_store' op unsupported: sm_89 has no copy engine; run 'tile-expand-tma' before

func.func @argument(%m: !tile.tensor_map<8x8xf16>, %i: index) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<8x8xf16, #tile.scope<shared>>
    // expected-error@+1 {{expected a map that a 'tile.tensor_map' of the function makes}}
    tile.tma_store %s, %m[%i, %i] : memref<8x8xf16, #tile.scope<shared>> to !tile.tensor_map<8x8xf16>
  }
  return
}

// -----

func.func @prefetch(%m: !tile.tensor_map<8x8xf16>, %i: index) {
  tile.launch blocks() in () threads(128) {
    // expected-error@+1 {{expected a map that a 'tile.tensor_map' of the function makes}}
    tile.tma_prefetch %m : !tile.tensor_map<8x8xf16>
  }
  return
}

// -----

func.func @swizzle(%a: memref<64x64xf16>, %i: index) {
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    // expected-note@+1 {{the buffer is made here}}
    %s = tile.alloc swizzle(64) : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<1xi64, #tile.scope<shared>>
    // expected-error@+1 {{expected a buffer with a swizzle of 128 bytes, as its map has, found 64}}
    tile.tma_load %m[%i, %i], %s, %b[%i]
      : !tile.tensor_map<64x64xf16, swizzle 128> to memref<64x64xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  }
  return
}

// -----

func.func @offset(%a: memref<64x64xf16>, %i: index) {
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) shared_bytes(16384) {
    // expected-note@+1 {{the buffer is made here}}
    %s = tile.alloc offset(512) swizzle(128) : memref<64x64xf16, #tile.scope<shared>>
    // expected-error@+1 {{expected a buffer at a multiple of 1024 bytes of shared memory, found 512; run 'tile-plan-memory' before}}
    tile.tma_store %s, %m[%i, %i] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16, swizzle 128>
  }
  return
}

// -----

func.func @stage(%a: memref<64x64xf16>, %i: index) {
  %m = tile.tensor_map %a : memref<64x64xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    // expected-note@+1 {{the buffer is made here}}
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    // expected-error@+1 {{'tile.staged_store' op expected a buffer with a swizzle of 128 bytes, as its map has, found 0}}
    tile.staged_store %f, %s, %m[%i, %i] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  }
  return
}

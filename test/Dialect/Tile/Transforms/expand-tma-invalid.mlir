// RUN: tile-opt %s --tile-expand-tma --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --tile-expand-tma=chip=sm_1 2>&1 | FileCheck %s --check-prefix=CHIP

// CHIP: error: unknown chip 'sm_1'

func.func @load(%m: !tile.tensor_map<8x8xf16>, %i: index) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<8x8xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<1xi64, #tile.scope<shared>>
    // expected-error@+1 {{expected a map that a 'tile.tensor_map' of the function makes}}
    tile.tma_load %m[%i, %i], %s, %b[%i]
      : !tile.tensor_map<8x8xf16> to memref<8x8xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  }
  return
}

// -----

func.func @store(%m: !tile.tensor_map<8x8xf16>, %i: index) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<8x8xf16, #tile.scope<shared>>
    // expected-error@+1 {{expected a map that a 'tile.tensor_map' of the function makes}}
    tile.tma_store %s, %m[%i, %i] : memref<8x8xf16, #tile.scope<shared>> to !tile.tensor_map<8x8xf16>
  }
  return
}

// -----

func.func @multicast(%a: memref<8x8xf16>, %i: index, %mask: i16) {
  %m = tile.tensor_map %a : memref<8x8xf16> to !tile.tensor_map<8x8xf16>
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<8x8xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<1xi64, #tile.scope<shared>>
    // expected-error@+1 {{unsupported: a copy to other blocks on a target without a copy engine}}
    tile.tma_load %m[%i, %i], %s, %b[%i] multicast(%mask)
      : !tile.tensor_map<8x8xf16> to memref<8x8xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
  }
  return
}

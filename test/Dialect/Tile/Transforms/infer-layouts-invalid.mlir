// RUN: tile-opt %s --tile-infer-layouts --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --tile-infer-layouts=chip=sm_1 2>&1 | FileCheck %s --check-prefix=CHIP

// CHIP: error: unknown chip 'sm_1': expected sm_80,

func.func private @use(memref<64xf32, #tile.scope<fragment>>)
func.func @call() {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    // expected-error@+1 {{'func.call' op unsupported use of a fragment buffer; expected tile ops, element accesses or views}}
    func.call @use(%f) : (memref<64xf32, #tile.scope<fragment>>) -> ()
  }
  return
}

// -----

func.func @select(%c: i1, %z: f32) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    // expected-error@+1 {{'arith.select' op unsupported use of a fragment buffer}}
    %h = arith.select %c, %f, %g : memref<64xf32, #tile.scope<fragment>>
    tile.fill %h, %z : memref<64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

func.func @loop(%n: index, %z: f32) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    // expected-error@+1 {{'scf.for' op unsupported use of a fragment buffer}}
    %h = scf.for %i = %n to %n step %n iter_args(%g = %f) -> memref<64xf32, #tile.scope<fragment>> {
      scf.yield %g : memref<64xf32, #tile.scope<fragment>>
    }
  }
  return
}

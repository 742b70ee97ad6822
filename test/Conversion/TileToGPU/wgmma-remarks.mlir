// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-swizzle-shared,tile-plan-memory,convert-tile-to-gpu{chip=sm_90a})' --split-input-file --remarks-filter-missed=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: 96 threads are no multiple of 128"
func.func @threads() {
  tile.launch blocks() in () threads(96) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: there is no instruction for f64"
func.func @f64() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf64, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf64, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf64, #tile.scope<fragment>>
    tile.gemm %a, %b, %c transpose_b : memref<64x64xf64, #tile.scope<shared>>, memref<64x64xf64, #tile.scope<shared>>, memref<64x64xf64, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: there is no instruction for f32 without precision(tf32)"
func.func @f32() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c transpose_b : memref<64x64xf32, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: 'c' is not a fragment"
func.func @accumulator(%c: memref<64x64xf32>) {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: 'a' is not in shared memory"
func.func @global(%a: memref<64x64xf16>) {
  tile.launch blocks() in () threads(128) {
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x64xf16>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: 'a' is a view, or others are taken of it"
func.func @view() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %v = tile.view %a : memref<64x64xf16, #tile.scope<shared>> to memref<64x64xi16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: rows of 'b' do not run along the dimension that is summed up, and its elements have no 16 bits"
func.func @rows_of_bytes() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xi8, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xi8, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xi32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x64xi8, #tile.scope<shared>>, memref<64x64xi8, #tile.scope<shared>>, memref<64x64xi32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: rows of 'a' have 144 bytes, no multiple of 32"
func.func @odd_rows() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x72xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<72x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x72xf16, #tile.scope<shared>>, memref<72x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: a tile of 48 x 64 x 64 is not made of whole instructions for 1 warpgroups"
func.func @tile() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<48x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<48x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<48x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<48x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: a tile of 64 x 24 x 32 is not made of whole instructions for 2 warpgroups"
func.func @groups() {
  tile.launch blocks() in () threads(256) {
    %a = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<24x32xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x24xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c transpose_b : memref<64x32xf16, #tile.scope<shared>>, memref<24x32xf16, #tile.scope<shared>>, memref<64x24xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: the accumulator has another layout"
func.func @pinned() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc {tile.layout = #tile.layout<threads (128):(1), values (32):(128), shape 64x64>} : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: its threads begin at number 64, no multiple of 128"
func.func @first_thread() {
  tile.launch blocks() in () threads(192) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.specialize threads(64) {
    }, threads(128) {
      %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
      tile.gemm %a, %a, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] serial-wgmma | Category:convert-tile-to-gpu | Reason="products one after another: 'tile.assert' calls a function"
// REMARK-NOT: remark:
func.func @called(%n: index) {
  %c0 = arith.constant 0 : index
  %positive = arith.cmpi sgt, %n, %c0 : index
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    tile.assert %positive, "expected something"
  }
  return
}

// -----

// A thread has no place for its sums and what else the instructions need.
// REMARK: remark: [Missed] serial-wgmma | Category:convert-tile-to-gpu | Reason="products one after another: they hold 240 registers and need 24 others, but a thread of 128 has 255; take a smaller tile or more threads"
// REMARK-NOT: remark:
func.func @sums() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x240xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<128x240xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<128x64xf16, #tile.scope<shared>>, memref<64x240xf16, #tile.scope<shared>>, memref<128x240xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// More threads would share the same registers.
// REMARK: remark: [Missed] serial-wgmma | Category:convert-tile-to-gpu | Reason="products one after another: they hold 128 registers and need 24 others, but a thread of 512 has 128; take a smaller tile"
// REMARK-NOT: remark:
func.func @sums_of_many() {
  tile.launch blocks() in () threads(512) {
    %a = tile.alloc : memref<256x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x256xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<256x256xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<256x64xf16, #tile.scope<shared>>, memref<64x256xf16, #tile.scope<shared>>, memref<256x256xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Operands in registers count, too; that of the second product is at the limit.
// REMARK: remark: [Missed] serial-wgmma | Category:convert-tile-to-gpu | Reason="products one after another: they hold 240 registers and need 24 others, but a thread of 128 has 255; take a smaller tile or more threads"
// REMARK-NOT: remark:
func.func @operand(%v: f16) {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<128x64xf16, #tile.scope<fragment>>
    tile.fill %a, %v : memref<128x64xf16, #tile.scope<fragment>>
    %b = tile.alloc : memref<64x208xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<128x208xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<128x64xf16, #tile.scope<fragment>>, memref<64x208xf16, #tile.scope<shared>>, memref<128x208xf32, #tile.scope<fragment>>
    %d = tile.alloc : memref<64x192xf16, #tile.scope<shared>>
    %e = tile.alloc : memref<128x192xf32, #tile.scope<fragment>>
    tile.gemm %a, %d, %e : memref<128x64xf16, #tile.scope<fragment>>, memref<64x192xf16, #tile.scope<shared>>, memref<128x192xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Rows come before views, which may be there because of them.
// REMARK: remark: [Missed] no-wgmma | Category:convert-tile-to-gpu | Reason="product without wgmma: rows of 'b' have 496 bytes, no multiple of 32"
// REMARK-NOT: remark:
func.func @rows_of_view() {
  tile.launch blocks() in () threads(128) {
    %a = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc : memref<64x248xf16, #tile.scope<shared>>
    %v = tile.view %b : memref<64x248xf16, #tile.scope<shared>> to memref<64x248xi16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x248xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x248xf16, #tile.scope<shared>>, memref<64x248xf32, #tile.scope<fragment>>
  }
  return
}

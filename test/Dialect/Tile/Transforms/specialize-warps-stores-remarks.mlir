// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file --remarks-filter-missed=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: its tensor is none that the host knows"
func.func @tensor(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    %p = memref.subview %c[0, 0] [%n, %n] [1, 1] : memref<?x?xf16> to memref<?x?xf16, strided<[?, 1]>>
    tile.copy %acc, %p[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16, strided<[?, 1]>>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: it does not copy a tile to a tensor of 2 to 5 dimensions"
func.func @rank(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<1x1x1x1x?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%c0, %c0, %c0, %c0, %row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<1x1x1x1x?x?xf16>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: it copies a part of a fragment"
func.func @part(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] extents [32, 64] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: its elements are no numbers of whole bytes"
func.func @bits(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xi1>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xi1>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: rows of its tensor are not contiguous, or their distance is no multiple of 16 bytes"
func.func @strides(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<64x100xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<64x100xf16>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: rows of its tile have no multiple of 32 bytes"
func.func @columns(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x8xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<8x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<8x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<8x64xf16, #tile.scope<shared>>, memref<64x8xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x8xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: its tile has no multiple of 8 rows"
func.func @rows(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %f = tile.alloc : memref<4x64xf16, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %f, %c[%row, %col] : memref<4x64xf16, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: 'tile.copy' touches its tensor, too"
func.func @read(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %f = tile.alloc : memref<64x64xf16, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    tile.copy %c[%row, %col], %f : memref<?x?xf16> to memref<64x64xf16, #tile.scope<fragment>>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: 'tile.copy' touches its tensor, too"
func.func @read_in_loop(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) {
    scf.for %x = %w to %k step %n {
      %y = arith.divui %x, %n : index
      %row = arith.muli %x, %c64 : index
      %col = arith.muli %y, %c64 : index
      %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
      %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
      %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
      tile.copy %c[%row, %col], %acc : memref<?x?xf16> to memref<64x64xf32, #tile.scope<fragment>>
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// -----

// What cannot be staged keeps others of its tensor from it.
// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: it copies a part of a fragment"
// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: 'tile.copy' touches its tensor, too"
func.func @rivals(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    tile.copy %acc, %c[%row, %col] extents [32, 64] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: shared memory has no room for a part of it"
func.func @memory(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %big = tile.alloc : memref<44000xf32, #tile.scope<shared>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %z = arith.constant 0.0 : f32
    tile.fill %big, %z : memref<44000xf32, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// Two blocks run at a time without the stage.
// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragment stored from registers: shared memory has no room for a part of it"
func.func @blocks(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %c: memref<?x?xf16>, %k: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) {
    %row = arith.muli %x, %c64 : index
    %col = arith.muli %y, %c64 : index
    %acc = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %big = tile.alloc : memref<20400xf32, #tile.scope<shared>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %z = arith.constant 0.0 : f32
    tile.fill %big, %z : memref<20400xf32, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %k step %c64 stages(2) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %acc transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// -----

// CHECK: remark: [Missed] direct-store | Category:tile-specialize-warps | Reason="fragments stored from registers: no warps copy for others"
func.func @roles(%c: memref<?x?xf16>) {
  tile.launch blocks() in () threads(128) stores(staged) {
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %f, %c : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file --remarks-filter-missed=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-specialize-warps{chip=sm_80})' --split-input-file --remarks-filter-missed=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | count 0

// RUN: not tile-opt %s --pass-pipeline='builtin.module(tile-specialize-warps{chip=sm_1})' 2>&1 | FileCheck %s --check-prefix=CHIP
// CHIP: error: unknown chip 'sm_1'

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: 1024 threads leave none to copy"
func.func @threads(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(1024) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x256xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x256xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x256xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x256xf16, #tile.scope<shared>>, memref<64x256xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: 96 threads are no multiple of 128"
func.func @wgmma(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(96) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: it pads with other values than zero"
func.func @pad(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %one = arith.constant 1.0 : f16
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s pad(%one : f16) : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: rows of its source are not contiguous, or their distance is no multiple of 16 bytes"
func.func @strides(%a: memref<64x100xf16, strided<[100, 1]>>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<64x100xf16, strided<[100, 1]>> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: it does not copy a tile of a tensor of 2 to 5 dimensions"
func.func @rank(%a: memref<1x1x1x1x?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %c0, %c0, %c0, %c0, %kk], %s : memref<1x1x1x1x?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: an operand of a product is the result of another in the loop"
func.func @operand(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %h = tile.alloc : memref<64x64xf16, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %h clear : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<fragment>>
      tile.gemm %h, %t, %c : memref<64x64xf16, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: 'tile.copy' is in a pipelined loop"
func.func @other_copy(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %d: memref<64x64xf32>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      tile.copy %c, %d : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf32>
    }
  }
  return
}

// -----

// What another part of the launch has written is not there yet.
// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: the launch may write the source of a copy"
func.func @written_source(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %z = arith.constant 0.0 : f16
    tile.fill %t, %z : memref<64x64xf16, #tile.scope<shared>>
    tile.copy %t, %b : memref<64x64xf16, #tile.scope<shared>> to memref<?x?xf16>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// It may be any of the arguments.
// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: the launch may write the source of a copy"
func.func @unknown(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %which: i1) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %some = arith.select %which, %a, %b : memref<?x?xf16>
    %z = arith.constant 0.0 : f16
    memref.store %z, %some[%c0, %c0] : memref<?x?xf16>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: a scalar is loaded that parts of the block may write"
func.func @written_scalar(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %d: memref<4xindex>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    memref.store %n, %d[%c0] : memref<4xindex>
    %m = memref.load %d[%c0] : memref<4xindex>
    tile.pipelined %kk = %c0 to %m step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// The producer fills no tiles.
// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: a scalar is loaded that parts of the block may write"
func.func @local_tile(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %v = tile.alloc : memref<4xindex, #tile.scope<local>>
    tile.fill %v, %n : memref<4xindex, #tile.scope<local>>
    %m = memref.load %v[%c0] : memref<4xindex, #tile.scope<local>>
    tile.pipelined %kk = %c0 to %m step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: its source is empty, or has a dimension of more than 2147483647"
func.func @empty(%a: memref<0x64xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<0x64xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: 'tile.fill' is in a pipelined loop"
func.func @others(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      %z = arith.constant 0.0 : f32
      tile.fill %c, %z : memref<64x64xf32, #tile.scope<fragment>>
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: a pipelined loop has no copies, no products or one stage"
func.func @products(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>

    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: a pipelined loop has no copies, no products or one stage"
func.func @stages(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(1) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: copies depend on 'tile.atomic'"
func.func @atomics(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %count: memref<i32>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %i1 = arith.constant 1 : i32
    %old = tile.atomic add %i1, %count[] : memref<i32>
    %row = arith.index_cast %old : i32 to index
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: copies depend on 'memref.load'"
func.func @loads(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %m = tile.alloc : memref<4xindex, #tile.scope<shared>>
    %x = memref.load %m[%c0] : memref<4xindex, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%x, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: copies depend on 'tile.atomic'"
func.func @condition(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %count: memref<i32>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %i1 = arith.constant 1 : i32
    %old = tile.atomic add %i1, %count[] : memref<i32>
    %is_first = arith.cmpi ne, %old, %i1 : i32
    scf.if %is_first {
      tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
        tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: rows of its buffer have no multiple of 32 bytes"
func.func @rows(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %v = tile.alloc : memref<64x8xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %b[%c0, %kk], %v : memref<?x?xf16> to memref<64x8xf16, #tile.scope<shared>>
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: its buffer has no multiple of 8 rows"
func.func @few_rows(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %v = tile.alloc : memref<4x64xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %b[%c0, %kk], %v : memref<?x?xf16> to memref<4x64xf16, #tile.scope<shared>>
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: two stages do not fit in shared memory"
func.func @memory(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %m = tile.alloc : memref<50000xf32, #tile.scope<shared>>
    %f = arith.constant 0.0 : f32
    tile.fill %m, %f : memref<50000xf32, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: its source is no tensor that the host knows"
func.func @source(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %part = memref.subview %a[0, 0] [%n, %n] [1, 1] : memref<?x?xf16> to memref<?x?xf16, strided<[?, 1]>>
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %part[%c0, %kk], %s : memref<?x?xf16, strided<[?, 1]>> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: its columns are not known to begin at a multiple of 16 bytes"
func.func @columns(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%kk, %n], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: its elements are no numbers of whole bytes"
func.func @bits(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %bits: memref<64x64xi1>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %v = tile.alloc : memref<64x64xi1, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %bits[%c0, %c0], %v : memref<64x64xi1> to memref<64x64xi1, #tile.scope<shared>>
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// Both roles would have to come to it, at the same place.
// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: 'tile.cluster_barrier' is in the launch"
func.func @cluster_barrier(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
    tile.cluster_barrier
  }
  return
}

// -----

// Without the producer there are 168.
// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: its products need 160 registers of a thread, and 512 threads would have 128"
func.func @registers(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(384) {
    %s = tile.alloc : memref<192x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x256xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<192x256xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
      tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<192x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %t : memref<?x?xf16> to memref<64x256xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<192x64xf16, #tile.scope<shared>>, memref<64x256xf16, #tile.scope<shared>>, memref<192x256xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: [Missed] not-specialized | Category:tile-specialize-warps | Reason="all warps copy and compute: its parts do different work already"
func.func @parts(%a: memref<?x?xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks() in () threads(256) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    tile.specialize threads(128) {
      tile.pipelined %kk = %c0 to %n step %c64 stages(3) {
        tile.copy %a[%c0, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      }
    }, threads(128) {
    }
  }
  return
}

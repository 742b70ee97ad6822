// Which copies the blocks of a cluster share, and why they do not.

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --remarks-filter='tile-specialize-warps' --remark-format=emitRemark 2>&1 >/dev/null | grep multicast | FileCheck %s --implicit-check-not=multicast

// Blocks that differ in the first id have the same rows.
func.func @rows(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// Of one with extents 1 and 4, the same columns.
func.func @columns(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(1, 4) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="4 blocks copy a part of the tile each, for all of them"
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// Each tile along one dimension.
func.func @both(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2, 4) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="4 blocks copy a part of the tile each, for all of them"
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// What does not depend on the block, along both.
func.func @all(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2, 2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="4 blocks copy a part of the tile each, for all of them"
      tile.copy %b[%c0, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// A multiple of the extent, and casts on the way.
func.func @quotient(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %i = arith.index_cast %w : index to i32
    %c4_i32 = arith.constant 4 : i32
    %q = arith.divui %i, %c4_i32 : i32
    %stack = arith.index_cast %q : i32 to index
    %row = arith.muli %w, %c64 : index
    %col = arith.muli %stack, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

func.func @shift(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %one = arith.constant 1 : index
    %stack = arith.shrui %w, %one : index
    %row = arith.muli %w, %c64 : index
    %col = arith.muli %stack, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// Two of three neighbours may fall apart.
func.func @divisor(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %stack = arith.divui %w, %c3 : index
    %row = arith.muli %w, %c64 : index
    %col = arith.muli %stack, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: the blocks of the cluster copy different tiles"
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// Not all ids fit in 16 bits, so where they begin anew neighbours may differ.
func.func @narrow(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(4) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %i = arith.index_cast %w : index to i16
    %c4_i16 = arith.constant 4 : i16
    %q = arith.divui %i, %c4_i16 : i16
    %stack = arith.index_cast %q : i16 to index
    %row = arith.muli %w, %c64 : index
    %col = arith.muli %stack, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: the blocks of the cluster copy different tiles"
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

func.func @rank(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %rank = tile.cluster_rank
    %row = arith.muli %rank, %c64 : index
    %col = arith.muli %w, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: the blocks of the cluster copy different tiles"
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// The persistent form: loops whose bounds are the same in a cluster.
func.func @persistent(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %pair = arith.divui %w, %c2 : index
    %rank = arith.remui %w, %c2 : index
    %pairs = arith.divui %n, %c2 : index
    scf.for %tile = %pair to %k step %pairs {
      %stack = arith.divui %tile, %c3 : index
      %column = arith.remui %tile, %c3 : index
      %top = arith.muli %stack, %c2 : index
      %line = arith.addi %top, %rank : index
      %row = arith.muli %line, %c64 : index
      %col = arith.muli %column, %c64 : index
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
        tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
    }
  }
  return
}

// State that goes from iteration to iteration.
func.func @state(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %pair = arith.divui %w, %c2 : index
    %var = tile.alloc_var %pair : index
    scf.while : () -> () {
      %now = memref.load %var[] : memref<index, #tile.scope<local>>
      %more = arith.cmpi slt, %now, %n : index
      scf.condition(%more)
    } do {
      %now = memref.load %var[] : memref<index, #tile.scope<local>>
      %row = arith.muli %w, %c64 : index
      %col = arith.muli %now, %c64 : index
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
        tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
      %next = arith.addi %now, %c2 : index
      memref.store %next, %var[] : memref<index, #tile.scope<local>>
      scf.yield
    }
  }
  return
}

func.func @carried(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %pair = arith.divui %w, %c2 : index
    %end = scf.for %i = %c0 to %n step %c2 iter_args(%now = %pair) -> (index) {
      %row = arith.muli %w, %c64 : index
      %col = arith.muli %now, %c64 : index
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
        tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
      %isodd = arith.cmpi ne, %i, %c2 : index
      %step = scf.if %isodd -> (index) {
        scf.yield %c2 : index
      } else {
        scf.yield %c3 : index
      }
      %next = arith.addi %now, %step : index
      scf.yield %next : index
    }
  }
  return
}

// Only the first block of a cluster goes on.
func.func @stored(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %rank = tile.cluster_rank
    %var = tile.alloc_var : index
    %isfirst = arith.cmpi eq, %rank, %c0 : index
    scf.for %i = %c0 to %n step %c2 {
      scf.if %isfirst {
        memref.store %i, %var[] : memref<index, #tile.scope<local>>
      }
      %now = memref.load %var[] : memref<index, #tile.scope<local>>
      %row = arith.muli %w, %c64 : index
      %col = arith.muli %now, %c64 : index
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: the blocks of the cluster copy different tiles"
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
    }
  }
  return
}

// What a loop leaves behind that runs more often in one block.
func.func @left(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %rank = tile.cluster_rank
    %last = scf.for %i = %c0 to %rank step %c2 iter_args(%now = %c0) -> (index) {
      scf.yield %i : index
    }
    %row = arith.muli %w, %c64 : index
    %col = arith.muli %last, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: the blocks of the cluster copy different tiles"
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// Nobody knows what lies in memory.
func.func @loaded(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index, %table: memref<?xindex>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%w) in (%n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %now = memref.load %table[%c0] : memref<?xindex>
    %row = arith.muli %w, %c64 : index
    %col = arith.muli %now, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: the blocks of the cluster copy different tiles"
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// The blocks must come to the loop together, and run it as often.
func.func @condition(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    %inside = arith.cmpi slt, %col, %n : index
    scf.if %inside {
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: a loop or condition around the copies may differ in the blocks of the cluster"
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
    }
  }
  return
}

func.func @bounds(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: a loop or condition around the copies may differ in the blocks of the cluster"
    tile.pipelined %kk = %c0 to %x step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

func.func @around(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    scf.while (%i = %x) : (index) -> (index) {
      %more = arith.cmpi slt, %i, %n : index
      scf.condition(%more) %i : index
    } do {
    ^bb0(%i: index):
      // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: a loop or condition around the copies may differ in the blocks of the cluster"
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.copy %b[%c0, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
      %next = arith.addi %i, %c2 : index
      scf.yield %next : index
    }
  }
  return
}

// A condition that differs along one dimension leaves the other.
func.func @half(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2, 2) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %inside = arith.cmpi slt, %row, %n : index
    scf.if %inside {
      tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
        // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
        tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Passed] multicast | Category:tile-specialize-warps | Reason="2 blocks copy a part of the tile each, for all of them"
        tile.copy %b[%c0, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
      }
    }
  }
  return
}

func.func @parts(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(3) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: 64 rows cannot be divided into 3 parts of a multiple of 8 rows"
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

func.func @short(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2) {
    %s = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    // CHECK: :[[#@LINE+1]]:{{.*}} remark: [Missed] no-multicast | Category:tile-specialize-warps | Reason="each block copies for itself: rows of 64 bytes are no multiple of 128 bytes"
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x32xf16, #tile.scope<shared>>, memref<64x32xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// No cluster, no word.
func.func @single(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(1, 1) {
    %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %c = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    %row = arith.muli %y, %c64 : index
    %col = arith.muli %x, %c64 : index
    tile.pipelined %kk = %c0 to %k step %c64 stages(3) {
      tile.copy %a[%row, %kk], %s : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %t : memref<?x?xf16> to memref<64x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c transpose_b : memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    }
  }
  return
}

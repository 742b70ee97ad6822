// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-specialize-warps{chip=sm_90a})' --split-input-file --remarks-filter=tile-specialize-warps --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s

// Where groups cannot take turns all of them compute each tile.
// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: its pipelined loops are not all in the body of one loop"
// CHECK: remark: [Passed] specialized | {{.*}} for 128 threads that compute"
func.func @plain(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<128x128xf32>) {
  %c0 = arith.constant 0 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks() in () threads(128) roles(ping_pong) {
    %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
    %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
    tile.pipelined %kk = %c0 to %c512 step %c64 stages(4) {
      tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c : memref<128x128xf32, #tile.scope<fragment>> to memref<128x128xf32>
  }
  return
}

// -----

// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: a buffer of type memref<128x128xf32, #tile.scope<fragment>> keeps its contents from tile to tile"
// CHECK: remark: [Passed] specialized | {{.*}} for 128 threads that compute"
func.func @kept(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<128x128xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks() in () threads(128) roles(ping_pong) {
    %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
    scf.for %t = %c0 to %c8 step %c1 {
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(4) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c : memref<128x128xf32, #tile.scope<fragment>> to memref<128x128xf32>
    }
  }
  return
}

// -----

// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: 'tile.copy' stands outside of the loop over tiles"
// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: 'tile.print' stands outside of the loop over tiles"
// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: two groups and what copies have 1152 threads"
// CHECK: remark: [Passed] specialized
// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: an accumulator has 128 registers a thread, which has 64 for it"
// CHECK: remark: [Passed] specialized
// roles(uniform) is no missed chance.
// CHECK-NOT: remark:
func.func @outside(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<256x256xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks() in () threads(128) roles(ping_pong) {
    %other = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    tile.fill %other, %zero : memref<128x128xf32, #tile.scope<fragment>>
    tile.copy %other, %c : memref<128x128xf32, #tile.scope<fragment>> to memref<256x256xf32>
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(2) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
    }
  }
  tile.launch blocks() in () threads(128) roles(ping_pong) {
    %other = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    tile.fill %other, %zero : memref<128x128xf32, #tile.scope<fragment>>
    tile.print "once", %c0 : index
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(2) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
    }
  }
  tile.launch blocks() in () threads(512) roles(ping_pong) {
    %other = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    tile.fill %other, %zero : memref<128x128xf32, #tile.scope<fragment>>
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(2) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
    }
  }
  tile.launch blocks() in () threads(256) roles(ping_pong) {
    %other = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
    tile.fill %other, %zero : memref<128x256xf32, #tile.scope<fragment>>
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x256xf32, #tile.scope<fragment>>
      tile.fill %acc, %zero : memref<128x256xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x256xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(2) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x256xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x256xf16, #tile.scope<shared>>, memref<128x256xf32, #tile.scope<fragment>>
      }
    }
  }
  tile.launch blocks() in () threads(128) roles(uniform) {
    %other = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
    tile.fill %other, %zero : memref<128x128xf32, #tile.scope<fragment>>
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(2) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
    }
  }
  return
}

// -----

// What a group leaves out must not be missed.
// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: 'memref.load' gives a value to other code of a tile"
func.func @value(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<128x128xf32>, %d: memref<8xindex>, %i: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks() in () threads(128) roles(ping_pong) {
    %var = tile.alloc_var : index
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      %end = memref.load %d[%t] : memref<8xindex>
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %end step %c64 stages(4) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c : memref<128x128xf32, #tile.scope<fragment>> to memref<128x128xf32>
    }
  }
  return
}

// -----

// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: a variable is stored where a tile is computed"
func.func @variable(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<128x128xf32>, %d: memref<8xindex>, %i: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks() in () threads(128) roles(ping_pong) {
    %var = tile.alloc_var : index
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(4) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
      %some = arith.cmpi ult, %t, %i : index
      scf.if %some {
        tile.copy %acc, %c : memref<128x128xf32, #tile.scope<fragment>> to memref<128x128xf32>
        memref.store %t, %var[] : memref<index, #tile.scope<local>>
      }
    }
  }
  return
}

// -----

// CHECK: remark: [Missed] no-ping-pong | {{.*}} Reason="all threads compute each tile: a tile may read what another one writes"
func.func @other_tiles(%a: memref<1024x512xf16>, %b: memref<512x1024xf16>, %c: memref<128x128xf32>, %d: memref<8xindex>, %i: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c512 = arith.constant 512 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  tile.launch blocks() in () threads(128) roles(ping_pong) {
    %var = tile.alloc_var : index
    scf.for %t = %c0 to %c8 step %c1 {
      %acc = tile.alloc : memref<128x128xf32, #tile.scope<fragment>>
      tile.copy %c, %acc : memref<128x128xf32> to memref<128x128xf32, #tile.scope<fragment>>
      %as = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
      %bs = tile.alloc : memref<64x128xf16, #tile.scope<shared>>
      tile.pipelined %kk = %c0 to %c512 step %c64 stages(4) {
        tile.copy %a[%c0, %kk], %as : memref<1024x512xf16> to memref<128x64xf16, #tile.scope<shared>>
        tile.copy %b[%kk, %c0], %bs : memref<512x1024xf16> to memref<64x128xf16, #tile.scope<shared>>
        tile.gemm %as, %bs, %acc : memref<128x64xf16, #tile.scope<shared>>, memref<64x128xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
      }
      tile.copy %acc, %c : memref<128x128xf32, #tile.scope<fragment>> to memref<128x128xf32>
    }
  }
  return
}

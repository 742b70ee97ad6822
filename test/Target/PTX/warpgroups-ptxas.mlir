// Products of warpgroups run one behind the other, and their sums stay in
// registers: the assembler has nothing to say (notes C7510 to C7520), also of
// groups that take turns and of sums that take most of a thread's registers.

// REQUIRES: ptxas
// RUN: tile-translate %s --tile-to-ptx --chip=sm_90a -o %t.ptx
// RUN: ptxas -arch=sm_90a -v %t.ptx -o %t.cubin 2>&1 | FileCheck %s --implicit-check-not='(C75' --implicit-check-not=' stack frame'

// Two kernels each: one for tensors that the copy engine cannot read.
// CHECK-COUNT-4: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads

func.func @turns(%a: memref<4096x4096xf16>, %b: memref<4096x4096xf16>, %c: memref<4096x4096xf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bm = arith.constant 128 : index
  %bn = arith.constant 128 : index
  %bk = arith.constant 64 : index
  %m = memref.dim %c, %c0 : memref<4096x4096xf16>
  %n = memref.dim %c, %c1 : memref<4096x4096xf16>
  %k = memref.dim %a, %c1 : memref<4096x4096xf16>
  %size = arith.constant 1 : index
  %gm = arith.ceildivui %m, %bm : index
  %stacks = arith.ceildivui %gm, %size : index
  %gn = arith.ceildivui %n, %bn : index
  %tiles = arith.muli %stacks, %gn : index
  %blocks = arith.constant 132 : index
  %workers = arith.divui %blocks, %size : index
  tile.launch blocks(%block) in (%blocks) threads(128)  roles(ping_pong) {
    %worker = arith.divui %block, %size : index
    %rank = arith.remui %block, %size : index
    %panel = arith.constant 8 : index
    %inpanel = arith.muli %gn, %panel : index
    scf.for %t = %worker to %tiles step %workers {
      %number = arith.divui %t, %inpanel : index
      %first = arith.muli %number, %panel : index
      %left = arith.subi %stacks, %first : index
      %rows = arith.minui %left, %panel : index
      %inner = arith.remui %t, %inpanel : index
      %stack0 = arith.remui %inner, %rows : index
      %stack = arith.addi %first, %stack0 : index
      %by0 = arith.muli %stack, %size : index
      %by = arith.addi %by0, %rank : index
      %bx = arith.divui %inner, %rows : index
      %row = arith.muli %by, %bm : index
      %col = arith.muli %bx, %bn : index
    %as = tile.alloc name("a_tile") : memref<128x64xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<128x64xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<128x128xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<128x128xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %k step %bk stages(5) {
      tile.copy %a[%row, %kk], %as : memref<4096x4096xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %bs : memref<4096x4096xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc transpose_b : memref<128x64xf16, #tile.scope<shared>>, memref<128x64xf16, #tile.scope<shared>>, memref<128x128xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<128x128xf32, #tile.scope<fragment>> to memref<4096x4096xf16>
    }
  }
  return
}

func.func @wide(%a: memref<4096x4096xf16>, %b: memref<4096x4096xf16>, %c: memref<4096x4096xf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bm = arith.constant 192 : index
  %bn = arith.constant 128 : index
  %bk = arith.constant 64 : index
  %m = memref.dim %c, %c0 : memref<4096x4096xf16>
  %n = memref.dim %c, %c1 : memref<4096x4096xf16>
  %k = memref.dim %a, %c1 : memref<4096x4096xf16>
  %size = arith.constant 1 : index
  %gm = arith.ceildivui %m, %bm : index
  %stacks = arith.ceildivui %gm, %size : index
  %gn = arith.ceildivui %n, %bn : index
  %rows = arith.muli %stacks, %size : index
  tile.launch blocks(%bx, %by) in (%gn, %rows) threads(128) swizzle(8, row) {
    %row = arith.muli %by, %bm : index
    %col = arith.muli %bx, %bn : index
    %as = tile.alloc name("a_tile") : memref<192x64xf16, #tile.scope<shared>>
    %bs = tile.alloc name("b_tile") : memref<128x64xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<192x128xf32, #tile.scope<fragment>>
    %zero = arith.constant 0.0 : f32
    tile.fill %acc, %zero : memref<192x128xf32, #tile.scope<fragment>>
    tile.pipelined %kk = %c0 to %k step %bk stages(4) {
      tile.copy %a[%row, %kk], %as : memref<4096x4096xf16> to memref<192x64xf16, #tile.scope<shared>>
      tile.copy %b[%col, %kk], %bs : memref<4096x4096xf16> to memref<128x64xf16, #tile.scope<shared>>
      tile.gemm %as, %bs, %acc transpose_b : memref<192x64xf16, #tile.scope<shared>>, memref<128x64xf16, #tile.scope<shared>>, memref<192x128xf32, #tile.scope<fragment>>
    }
    tile.copy %acc, %c[%row, %col] : memref<192x128xf32, #tile.scope<fragment>> to memref<4096x4096xf16>
  }
  return
}

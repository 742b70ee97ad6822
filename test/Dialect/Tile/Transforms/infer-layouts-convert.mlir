// RUN: tile-opt %s --tile-infer-layouts=chip=sm_90 --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-infer-layouts=chip=sm_90 --split-input-file --remarks-filter=tile-infer-layouts --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// An operand that nothing else binds has the layout of the instruction.
// CHECK-LABEL: func @operands
// CHECK: name("a") {tile.layout = #tile.layout<threads (4,8,2):(2,16,256), values (2,2,2):(1,128,8), shape 32x16>}
// CHECK: name("b") {tile.layout = #tile.layout<threads (4,8,2):(2,16,0), values (2,2):(1,8), shape 8x16>}
// CHECK-NOT: tile.convert_layout
func.func @operands(%x: memref<32x16xf16>, %y: memref<8x16xf16>, %z: memref<32x8xf32>) {
  tile.launch blocks() in () threads(64) {
    %a = tile.alloc name("a") : memref<32x16xf16, #tile.scope<fragment>>
    %b = tile.alloc name("b") : memref<8x16xf16, #tile.scope<fragment>>
    %c = tile.alloc name("c") : memref<32x8xf32, #tile.scope<fragment>>
    tile.copy %x, %a : memref<32x16xf16> to memref<32x16xf16, #tile.scope<fragment>>
    tile.copy %y, %b : memref<8x16xf16> to memref<8x16xf16, #tile.scope<fragment>>
    tile.gemm %a, %b, %c transpose_b clear : memref<32x16xf16, #tile.scope<fragment>>, memref<8x16xf16, #tile.scope<fragment>>, memref<32x8xf32, #tile.scope<fragment>>
    tile.copy %c, %z : memref<32x8xf32, #tile.scope<fragment>> to memref<32x8xf32>
  }
  return
}

// -----

// The accumulator of one product becomes the operand of the next in place: the
// warps share it by rows, though no policy says so.
// CHECK-LABEL: func @chain
// CHECK: name("s") {tile.layout = #tile.layout<[[ROWS:threads \(4,8,4\).*, shape 64x64]]>}
// CHECK: name("p") {tile.layout = #tile.layout<[[ROWS]]>}
// CHECK-NOT: tile.convert_layout
func.func @chain() {
  tile.launch blocks() in () threads(128) {
    %q = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %k = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %v = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %s = tile.alloc name("s") : memref<64x64xf32, #tile.scope<fragment>>
    %p = tile.alloc name("p") : memref<64x64xf16, #tile.scope<fragment>>
    %o = tile.alloc name("o") : memref<64x32xf32, #tile.scope<fragment>>
    tile.gemm %q, %k, %s transpose_b clear : memref<64x32xf16, #tile.scope<shared>>, memref<64x32xf16, #tile.scope<shared>>, memref<64x64xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (64, 64) {
      %x = memref.load %s[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
      %y = arith.truncf %x : f32 to f16
      memref.store %y, %p[%i, %j] : memref<64x64xf16, #tile.scope<fragment>>
    }
    tile.gemm %p, %v, %o clear : memref<64x64xf16, #tile.scope<fragment>>, memref<64x32xf16, #tile.scope<shared>>, memref<64x32xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// With K a multiple of 8 only, the operand has padding that the accumulator has
// not; 8-bit elements are held by other lanes of the warp. The narrower
// elements move.
// REMARK: remark: {{.*}}layout-conversion | Category:tile-infer-layouts | Reason="fragment converted to another layout by registers"
// REMARK: remark: {{.*}}Reason="fragment converted to another layout by shuffles, 16 for each thread"
// CHECK-LABEL: func @conversions
// CHECK: tile.convert_layout %{{.*}}, %{{.*}} : memref<64x24xf16, #tile.scope<fragment>> to memref<64x24xf16, #tile.scope<fragment>>{{$}}
// CHECK: tile.convert_layout %{{.*}}, %{{.*}} : memref<64x32xf32, #tile.scope<fragment>> to memref<64x32xf8E4M3FN, #tile.scope<fragment>>{{$}}
func.func @conversions() {
  tile.launch blocks() in () threads(128) {
    %q = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %k = tile.alloc : memref<24x32xf16, #tile.scope<shared>>
    %v = tile.alloc : memref<24x32xf16, #tile.scope<shared>>
    %e = tile.alloc : memref<32x32xf8E4M3FN, #tile.scope<shared>>
    %s = tile.alloc : memref<64x24xf32, #tile.scope<fragment>>
    %p = tile.alloc : memref<64x24xf16, #tile.scope<fragment>>
    %o = tile.alloc : memref<64x32xf32, #tile.scope<fragment>>
    tile.gemm %q, %k, %s transpose_b clear : memref<64x32xf16, #tile.scope<shared>>, memref<24x32xf16, #tile.scope<shared>>, memref<64x24xf32, #tile.scope<fragment>>
    tile.copy %s, %p : memref<64x24xf32, #tile.scope<fragment>> to memref<64x24xf16, #tile.scope<fragment>>
    tile.gemm %p, %v, %o clear : memref<64x24xf16, #tile.scope<fragment>>, memref<24x32xf16, #tile.scope<shared>>, memref<64x32xf32, #tile.scope<fragment>>
    %n = tile.alloc : memref<64x32xf8E4M3FN, #tile.scope<fragment>>
    %r = tile.alloc : memref<64x32xf32, #tile.scope<fragment>>
    tile.convert_layout %o, %n : memref<64x32xf32, #tile.scope<fragment>> to memref<64x32xf8E4M3FN, #tile.scope<fragment>>
    tile.gemm %n, %e, %r clear : memref<64x32xf8E4M3FN, #tile.scope<fragment>>, memref<32x32xf8E4M3FN, #tile.scope<shared>>, memref<64x32xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// A row of the reduction is held by other threads than the columns of the
// second loop need. What a loop writes is converted back.
// REMARK: remark: {{.*}}fragment converted to another layout by shared memory, {{[0-9]+}} bytes
// REMARK: remark: {{.*}}fragment converted to another layout by shared memory, {{[0-9]+}} bytes
// CHECK-LABEL: func @loops
// CHECK: %[[R:.*]] = tile.alloc name("r")
// CHECK-NEXT: %[[OWN:.*]] = tile.alloc {tile.layout
// CHECK: tile.reduce
// CHECK: tile.convert_layout %[[R]], %[[OWN]] {{.*}} scratch
// CHECK: tile.parallel
// CHECK: memref.load %[[OWN]]
// CHECK: memref.store %{{.*}}, %[[OWN]]
// CHECK: tile.convert_layout %[[OWN]], %[[R]] {{.*}} scratch
func.func @loops(%x: memref<64x64xf32>, %y: memref<64x64xf32>, %z: memref<64xf32>) {
  tile.launch blocks() in () threads(128) {
    %f = tile.alloc name("f") : memref<64x64xf32, #tile.scope<fragment>>
    %g = tile.alloc name("g") : memref<64x64xf32, #tile.scope<fragment>>
    %r = tile.alloc name("r") : memref<64xf32, #tile.scope<fragment>>
    tile.copy %x, %f : memref<64x64xf32> to memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %y, %g : memref<64x64xf32> to memref<64x64xf32, #tile.scope<fragment>>
    tile.reduce sum %f, %r dim 1 : memref<64x64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (64, 64) {
      %a = memref.load %g[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
      %b = memref.load %r[%j] : memref<64xf32, #tile.scope<fragment>>
      %c = arith.addf %a, %b : f32
      memref.store %c, %g[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
      memref.store %b, %r[%j] : memref<64xf32, #tile.scope<fragment>>
    }
    tile.copy %g, %y : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf32>
    tile.copy %r, %z : memref<64xf32, #tile.scope<fragment>> to memref<64xf32>
  }
  return
}

// -----

// Copies between layouts that are written by hand are conversions. An operand
// that is not written in a loop is converted in front of it.
// REMARK: remark: {{.*}}fragment converted to another layout by shared memory, 1024 bytes
// REMARK: remark: {{.*}}fragment converted to another layout by
// CHECK-LABEL: func @pins
// CHECK: tile.convert_layout %[[F:.*]], %{{.*}} : memref<16x16xf16, {{.*}} scratch
// CHECK: tile.convert_layout %[[F]], %[[OWN:.*]] : memref<16x16xf16
// CHECK: tile.pipelined
// CHECK-NOT: tile.convert_layout
// CHECK: tile.gemm %[[OWN]]
func.func @pins(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch blocks() in () threads(64) {
    %b = tile.alloc : memref<16x16xf16, #tile.scope<shared>>
    %f = tile.alloc {tile.layout = #tile.layout<threads (64):(4), values (4):(1), shape 16x16>} : memref<16x16xf16, #tile.scope<fragment>>
    %g = tile.alloc {tile.layout = #tile.layout<threads (16,4):(16,4), values (4):(1), shape 16x16>} : memref<16x16xf16, #tile.scope<fragment>>
    %c = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    tile.copy %f, %g : memref<16x16xf16, #tile.scope<fragment>> to memref<16x16xf16, #tile.scope<fragment>>
    tile.pipelined %k = %c0 to %n step %c1 {
      tile.gemm %f, %b, %c : memref<16x16xf16, #tile.scope<fragment>>, memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
    }
  }
  return
}

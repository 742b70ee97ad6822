// RUN: tile-opt %s --tile-infer-layouts --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-infer-layouts --split-input-file --remarks-filter-missed=tile-infer-layouts --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// Each thread touches its own elements only: the fragments stay in registers.
// CHECK-LABEL: func @registers
// CHECK-COUNT-4: tile.alloc {{.*}}#tile.scope<fragment>
func.func @registers(%a: memref<?x?xf32>, %s: memref<64x32xf32>, %z: f32) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc name("f") : memref<64x64xf32, #tile.scope<fragment>>
    %g = tile.alloc name("g") : memref<64x64xf16, #tile.scope<fragment>>
    %r = tile.alloc name("r") : memref<64x1xf32, #tile.scope<fragment>>
    %o = tile.alloc name("o") : memref<1xf32, #tile.scope<fragment>>
    tile.fill %f, %z : memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %a, %f : memref<?x?xf32> to memref<64x64xf32, #tile.scope<fragment>>
    tile.copy %f, %g : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf16, #tile.scope<fragment>>
    tile.gemm %s, %s, %f transpose_b : memref<64x32xf32>, memref<64x32xf32>, memref<64x64xf32, #tile.scope<fragment>>
    tile.reduce sum %s, %r dim 1 accumulate : memref<64x32xf32> to memref<64x1xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (64, 64) {
      %x = memref.load %f[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
      memref.store %x, %f[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
    }
    // Dimensions of size 1 do not count.
    tile.parallel (%i, %j) in (1, 64) {
      %x = memref.load %r[%j, %i] : memref<64x1xf32, #tile.scope<fragment>>
    }
    tile.parallel (%i) in (1) {
      memref.store %z, %o[%i] : memref<1xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: infer-layouts.mlir:[[#@LINE+5]]:10: remark: [Missed] fragment-in-shared | Category:tile-infer-layouts | Reason="fragment kept in shared memory: it is an operand of a product without tensor cores: 'c' is not a fragment"
// CHECK-LABEL: func @operand
// CHECK: %f = tile.alloc name("f") : memref<64x64xf32, #tile.scope<shared>>
func.func @operand(%a: memref<64x64xf32>) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc name("f") : memref<64x64xf32, #tile.scope<fragment>>
    // CHECK: tile.gemm %{{.*}}, %f, %{{.*}} : memref<64x64xf32>, memref<64x64xf32, #tile.scope<shared>>, memref<64x64xf32>
    tile.gemm %a, %f, %a : memref<64x64xf32>, memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf32>
  }
  return
}

// -----

// The threads that hold parts of a column are in several warps.
// CHECK-LABEL: func @reduced
func.func @reduced(%a: memref<64xf32>) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    // CHECK: %[[F:.*]] = tile.alloc {tile.layout = #tile.layout<threads (96):(4), values (4,11):(1,384), shape 64x64, padded 66x64>}
    // CHECK: %[[SCRATCH:.*]] = tile.alloc : memref<384xf32, #tile.scope<shared>>
    // CHECK: tile.reduce sum %[[F]], {{.*}} scratch %[[SCRATCH]]
    tile.reduce sum %f, %a dim 0 : memref<64x64xf32, #tile.scope<fragment>> to memref<64xf32>
  }
  return
}

// -----

// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: it is scanned"
// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: it is scanned"
// CHECK-LABEL: func @scanned
func.func @scanned() {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    // CHECK: tile.scan {{.*}} : memref<64xf32, #tile.scope<shared>> to memref<64xf32, #tile.scope<shared>>
    tile.scan sum %f, %g dim 0 : memref<64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: an element is accessed by a thread of any number"
// CHECK-LABEL: func @thread_access
func.func @thread_access(%v: f32) {
  tile.launch blocks() in () threads(64) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    // CHECK: memref.store %{{.*}} : memref<64xf32, #tile.scope<shared>>
    tile.threads (%t) {
      memref.store %v, %f[%t] : memref<64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// Of two sides one can stay in registers.
// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: it is transposed to another fragment"
// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: it is transposed to a local buffer"
// CHECK-LABEL: func @transposed
func.func @transposed(%a: memref<4x64xf32>) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64x4xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<4x64xf32, #tile.scope<fragment>>
    %h = tile.alloc : memref<4x64xf32, #tile.scope<fragment>>
    %l = tile.alloc : memref<64x4xf32, #tile.scope<local>>
    // CHECK: tile.transpose {{.*}} : memref<64x4xf32, #tile.scope<shared>> to memref<4x64xf32, #tile.scope<fragment>>
    tile.transpose %f, %g : memref<64x4xf32, #tile.scope<fragment>> to memref<4x64xf32, #tile.scope<fragment>>
    // CHECK: tile.transpose {{.*}} : memref<4x64xf32, #tile.scope<shared>> to memref<64x4xf32, #tile.scope<local>>
    tile.transpose %h, %l : memref<4x64xf32, #tile.scope<fragment>> to memref<64x4xf32, #tile.scope<local>>
  }
  return
}

// -----

// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: an element is accessed by the whole block"
// CHECK-LABEL: func @whole_block
func.func @whole_block(%i: index, %v: f32) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    // CHECK: memref.load %{{.*}} : memref<64xf32, #tile.scope<shared>>
    %0 = memref.load %f[%i] : memref<64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Indices in another order, and fragments that are the same along a dimension,
// are each held by the threads that need them; a part of a fragment is not.
// REMARK: remark: {{.*}} an iteration accesses an element other than its own"
// CHECK-LABEL: func @other_elements
// CHECK: name("transposed"){{.*}}#tile.scope<fragment>
// CHECK: name("broadcast"){{.*}}#tile.scope<fragment>
// CHECK: name("part"){{.*}}#tile.scope<shared>
// CHECK: name("single"){{.*}}#tile.scope<fragment>
func.func @other_elements(%n: index) {
  tile.launch blocks() in () threads(96) {
    %c0 = arith.constant 0 : index
    %transposed = tile.alloc name("transposed") : memref<64x64xf32, #tile.scope<fragment>>
    %broadcast = tile.alloc name("broadcast") : memref<64xf32, #tile.scope<fragment>>
    %part = tile.alloc name("part") : memref<65x64xf32, #tile.scope<fragment>>
    %single = tile.alloc name("single") : memref<1xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (64, 64) {
      %0 = memref.load %transposed[%j, %i] : memref<64x64xf32, #tile.scope<fragment>>
      %1 = memref.load %broadcast[%j] : memref<64xf32, #tile.scope<fragment>>
      %2 = memref.load %part[%i, %j] : memref<65x64xf32, #tile.scope<fragment>>
      %3 = memref.load %single[%c0] : memref<1xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// An extent that is not known may not be the fragment's.
// REMARK: remark: {{.*}}an iteration accesses an element other than its own
// CHECK-LABEL: func @dynamic_extent
func.func @dynamic_extent(%n: index) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    tile.parallel (%i) in (%n) {
      %0 = memref.load %f[%i] : memref<64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: a part is copied to another fragment"
// CHECK-LABEL: func @parts
// CHECK: tile.copy %{{.*}}, %{{.*}} extents [32] : memref<64xf32, #tile.scope<shared>> to memref<64xf32, #tile.scope<fragment>>
func.func @parts() {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    tile.copy %f, %g extents [32] : memref<64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Every thread needs all of it.
// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: it is copied to a local buffer"
// CHECK-LABEL: func @to_local
func.func @to_local() {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<64xf32, #tile.scope<local>>
    // CHECK: tile.copy {{.*}} : memref<64xf32, #tile.scope<shared>> to memref<64xf32, #tile.scope<local>>
    tile.copy %f, %g : memref<64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<local>>
    // CHECK: tile.copy {{.*}} : memref<64xf32, #tile.scope<local>> to memref<64xf32, #tile.scope<shared>>
    tile.copy %g, %f : memref<64xf32, #tile.scope<local>> to memref<64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// Views of a fragment that moves get the shared scope too.
// REMARK: remark: {{.*}}Reason="fragment kept in shared memory: a view of it is taken"
// CHECK-LABEL: func @view
func.func @view(%z: f32) {
  tile.launch blocks() in () threads(96) {
    %f = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
    // CHECK: memref.subview {{.*}} : memref<64x64xf32, #tile.scope<shared>> to memref<8x64xf32, strided<[64, 1]>, #tile.scope<shared>>
    %v = memref.subview %f[0, 0] [8, 64] [1, 1] : memref<64x64xf32, #tile.scope<fragment>> to memref<8x64xf32, strided<[64, 1]>, #tile.scope<fragment>>
    // CHECK: memref.cast {{.*}} to memref<?x64xf32, strided<[64, 1]>, #tile.scope<shared>>
    %c = memref.cast %v : memref<8x64xf32, strided<[64, 1]>, #tile.scope<fragment>> to memref<?x64xf32, strided<[64, 1]>, #tile.scope<fragment>>
    tile.fill %c, %z : memref<?x64xf32, strided<[64, 1]>, #tile.scope<fragment>>
  }
  return
}

// -----

// Vectors are as wide as rows of the memory that they go to can begin at.
// CHECK-LABEL: func @rows_in_memory
// CHECK: tile.alloc {tile.layout = #tile.layout<threads (32):(8), values (8,2):(1,256), shape 1x512>}
// CHECK: tile.alloc {tile.layout = #tile.layout<threads (32):(2), values (2,8):(1,64), shape 1x512>}
// CHECK: tile.alloc {tile.layout = #tile.layout<threads (32):(1), values (16):(32), shape 1x512>}
// A single element has no rows.
// CHECK: tile.alloc {tile.layout = {{.*}}shape 2x8{{.*}} : memref<2x8xbf16
func.func @rows_in_memory(%a: memref<4x520xbf16>, %b: memref<4x514xbf16>, %c: memref<4x513xbf16>, %d: memref<bf16>) {
  tile.launch blocks() in () threads(32) {
    %c1 = arith.constant 1 : index
    %c0 = arith.constant 0 : index
    %f = tile.alloc : memref<1x512xbf16, #tile.scope<fragment>>
    %g = tile.alloc : memref<1x512xbf16, #tile.scope<fragment>>
    %h = tile.alloc : memref<1x512xbf16, #tile.scope<fragment>>
    tile.copy %a[%c1, %c0], %f : memref<4x520xbf16> to memref<1x512xbf16, #tile.scope<fragment>>
    tile.copy %b[%c1, %c0], %g : memref<4x514xbf16> to memref<1x512xbf16, #tile.scope<fragment>>
    tile.copy %c[%c1, %c0], %h : memref<4x513xbf16> to memref<1x512xbf16, #tile.scope<fragment>>
    %i = tile.alloc : memref<2x8xbf16, #tile.scope<fragment>>
    tile.copy %d, %i[%c1, %c1] : memref<bf16> to memref<2x8xbf16, #tile.scope<fragment>>
  }
  return
}

// RUN: tile-opt %s --tile-plan-pipeline --split-input-file | FileCheck %s
// RUN: tile-opt %s --tile-plan-pipeline --split-input-file --remarks-filter=tile-plan-pipeline --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=remark:

// Bounds that are not known, three stages, two copies.
// CHECK-LABEL: func @gemm
// CHECK-SAME: %[[A:.*]]: memref<?x?xf16>, %[[B:.*]]: memref<?x?xf16>, %[[N:.*]]: index
// CHECK: %[[S:.*]] = tile.alloc name("s") {a.note} : memref<3x64x32xf16, #tile.scope<shared>>
// CHECK: %[[T:.*]] = tile.alloc : memref<3x32x64xf16, #tile.scope<shared>>
// CHECK-NOT: tile.alloc
// CHECK: %[[ANY:.*]] = arith.cmpi sgt, %[[N]], %[[LOW:.*]] : index
// CHECK: scf.if %[[ANY]] {
// CHECK: scf.for %[[FIRST:.*]] = %{{.*}} to %{{.*}} step
// CHECK: %[[AT:.*]] = arith.muli %[[FIRST]], %{{.*}} : index
// CHECK: %[[SOME:.*]] = arith.cmpi slt, %[[AT]], %[[N]]
// CHECK: scf.if %[[SOME]] {
// CHECK: %[[S0:.*]] = memref.subview %[[S]][%[[FIRST]], 0, 0] [1, 64, 32] [1, 1, 1]
// CHECK: tile.async_copy %[[A]][%{{.*}}, %[[AT]]], %[[S0]][%{{.*}}] extents [64, 32] {b.note}
// CHECK: %[[T0:.*]] = memref.subview %[[T]][%[[FIRST]], 0, 0]
// CHECK: tile.async_copy %[[B]][%[[AT]], %{{.*}}], %[[T0]][{{.*}} extents [32, 64] pad
// CHECK: }
// CHECK-NEXT: tile.async_commit
// CHECK: }
// CHECK: }
// CHECK: tile.async_wait 1
// CHECK-NEXT: tile.barrier
// CHECK: scf.for %[[K:.*]] = %[[LOW]] to %[[N]] step %{{.*}} iter_args(%[[STAGE:.*]] = %{{.*}}) -> (index) {
// CHECK-NOT: tile.barrier
// CHECK: %[[AHEAD:.*]] = arith.addi %[[K]]
// CHECK: arith.cmpi slt, %[[AHEAD]], %[[N]]
// CHECK: scf.if
// CHECK: %[[FREE:.*]] = arith.select
// CHECK: %[[SF:.*]] = memref.subview %[[S]][%[[FREE]], 0, 0]
// CHECK: tile.async_copy %[[A]]{{.*}}, %[[SF]][
// CHECK: %[[TF:.*]] = memref.subview %[[T]][%[[FREE]], 0, 0]
// CHECK: tile.async_copy %[[B]]{{.*}}, %[[TF]][
// CHECK: } {tile.free_stage}
// CHECK: tile.async_commit
// CHECK: %[[SV:.*]] = memref.subview %[[S]][%[[STAGE]], 0, 0] [1, 64, 32] [1, 1, 1]
// CHECK: %[[TV:.*]] = memref.subview %[[T]][%[[STAGE]], 0, 0] [1, 32, 64] [1, 1, 1]
// CHECK: tile.gemm %[[SV]], %[[TV]], %{{.*}} : memref<64x32xf16, strided<[32, 1], offset: ?>, #tile.scope<shared>>
// CHECK: tile.async_wait 1
// CHECK-NEXT: tile.barrier
// CHECK-NEXT: scf.yield
// CHECK: }
// CHECK-NEXT: tile.async_wait 0
// REMARK: remark: [Passed] pipelined {{.*}}"2 copies are begun 2 iterations early"
func.func @gemm(%a: memref<?x?xf16>, %b: memref<?x?xf16>, %n: index, %p: f16,
                %c: memref<64x64xf32>) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc name("s") {a.note} : memref<64x32xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<32x64xf16, #tile.scope<shared>>
    tile.pipelined %k = %c0 to %n step %c32 stages(3) {
      tile.copy %a[%c0, %k], %s {b.note} : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
      tile.copy %b[%k, %c0], %t pad(%p : f16) : memref<?x?xf16> to memref<32x64xf16, #tile.scope<shared>>
      tile.gemm %s, %t, %c : memref<64x32xf16, #tile.scope<shared>>, memref<32x64xf16, #tile.scope<shared>>, memref<64x64xf32>
    }
  }
  return
}

// -----

// Five iterations: the prologue needs no tests. The index of the copy is
// computed for the iteration ahead; the source has one dimension more.
// CHECK-LABEL: func @known
// CHECK: tile.alloc : memref<2x16xf32, #tile.scope<shared>>
// CHECK-NOT: scf.if
// CHECK: arith.muli
// CHECK: tile.async_copy %{{.*}} extents [16] : memref<8x128xf32> to memref<16xf32, strided<[1], offset: ?>, #tile.scope<shared>>
// CHECK-NEXT: tile.async_commit
// CHECK-NEXT: tile.async_wait 0
// CHECK: scf.for
// CHECK: scf.if
// CHECK: arith.muli
// CHECK: tile.async_copy
// REMARK: remark: [Passed] pipelined {{.*}}"1 copies are begun 1 iterations early"
func.func @known(%a: memref<8x128xf32>, %acc: memref<1xf32>, %i: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %c16 = arith.constant 16 : index
  tile.launch blocks() in () threads(128) {
    tile.pipelined %k = %c0 to %c5 step %c1 stages(2) {
      %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
      %x = arith.muli %k, %c16 : index
      tile.copy %a[%i, %x], %s : memref<8x128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.reduce sum %s, %acc dim 0 accumulate : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
    }
  }
  return
}

// -----

// The loop that fills the stages needs no tests, either.
// CHECK-LABEL: func @known_stages
// CHECK: tile.alloc : memref<3x16xf32, #tile.scope<shared>>
// CHECK: scf.for %[[STAGE:.*]] =
// CHECK-NOT: scf.if
// CHECK: memref.subview %{{.*}}[%[[STAGE]], 0]
// CHECK: tile.async_copy
// CHECK-NEXT: tile.async_commit
// CHECK-NEXT: }
// CHECK-NEXT: tile.async_wait 1
// REMARK: remark: [Passed] pipelined {{.*}}"1 copies are begun 2 iterations early"
func.func @known_stages(%a: memref<128xf32>, %acc: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c128 = arith.constant 128 : index
  tile.launch blocks() in () threads(128) {
    tile.pipelined %k = %c0 to %c128 step %c16 stages(3) {
      %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
      tile.copy %a[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.reduce sum %s, %acc dim 0 accumulate : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
    }
  }
  return
}

// -----

// No more stages than iterations; a loop of one iteration and one of one stage
// stay.
// CHECK-LABEL: func @few
// CHECK: tile.alloc : memref<2x16xf32, #tile.scope<shared>>
// CHECK: tile.pipelined {{.*}} stages(4)
// CHECK: tile.pipelined
// REMARK: remark: [Passed] pipelined {{.*}}"1 copies are begun 1 iterations early"
// REMARK: remark: [Missed] not-pipelined {{.*}}"the loop has 1 iterations"
func.func @few(%a: memref<128xf32>, %acc: memref<1xf32>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c17 = arith.constant 17 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    tile.pipelined %k = %c0 to %c17 step %c16 stages(4) {
      tile.copy %a[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.reduce sum %s, %acc dim 0 accumulate : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
    }
    tile.pipelined %k = %c0 to %c16 step %c16 stages(4) {
      tile.copy %a[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.reduce sum %s, %acc dim 0 accumulate : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
    }
    tile.pipelined %k = %c0 to %c17 step %c16 {
      tile.copy %a[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.reduce sum %s, %acc dim 0 accumulate : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
    }
  }
  return
}

// -----

// Two loops with different numbers of stages on one buffer: each has its own.
// CHECK-LABEL: func @two_loops
// CHECK: tile.alloc : memref<3x16xf32, #tile.scope<shared>>
// CHECK: scf.for
// CHECK: tile.alloc : memref<2x16xf32, #tile.scope<shared>>
// CHECK: scf.for
// CHECK-NOT: tile.pipelined
// REMARK: remark: [Passed] pipelined {{.*}}"1 copies are begun 2 iterations early"
// REMARK: remark: [Passed] pipelined {{.*}}"1 copies are begun 1 iterations early"
func.func @two_loops(%a: memref<128xf32>, %acc: memref<1xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    tile.pipelined %k = %c0 to %n step %c16 stages(3) {
      tile.copy %a[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.reduce sum %s, %acc dim 0 accumulate : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
    }
    tile.pipelined %k = %c0 to %n step %c16 stages(2) {
      tile.copy %a[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.reduce sum %s, %acc dim 0 accumulate : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
    }
  }
  return
}

// -----

// Why copies are not begun early. The first one is.
// CHECK-LABEL: func @late
// CHECK: tile.async_copy
// CHECK-NOT: tile.async_copy
// CHECK: scf.for
// CHECK: tile.async_copy
// CHECK-NOT: tile.async_copy
// CHECK-COUNT-11: tile.copy
// REMARK: remark: [Missed] late-copy {{.*}}"copied in its own iteration: it stands in a branch or a loop inside"
// REMARK: remark: [Missed] late-copy {{.*}}: its destination is a part of a buffer"
// REMARK: remark: [Missed] late-copy {{.*}}: it converts elements"
// REMARK: remark: [Missed] late-copy {{.*}}: it writes only a part of its buffer"
// REMARK: remark: [Missed] late-copy {{.*}}: the loop may write its source"
// REMARK: remark: [Missed] late-copy {{.*}}: what it copies depends on a 'memref.load' in the loop"
// REMARK: remark: [Missed] late-copy {{.*}}: its buffer is also written otherwise"
// REMARK: remark: [Missed] late-copy {{.*}}: its buffer is read before it is written"
// REMARK: remark: [Missed] late-copy {{.*}}: its buffer is used outside of the loop"
// REMARK: remark: [Missed] late-copy {{.*}}: a view of its buffer is taken"
// REMARK: remark: [Passed] pipelined {{.*}}"1 copies are begun 1 iterations early"
func.func @late(%a: memref<128xf32>, %h: memref<128xf16>, %w: memref<128xf32>, %n: index, %b: i1, %z: f32) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  tile.launch blocks() in () threads(128) {
    %s0 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s1 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s2 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s3 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s4 = tile.alloc : memref<32xf32, #tile.scope<shared>>
    %s5 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s6 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s7 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s8 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s9 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %s10 = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %v = tile.alloc_var %c0 : index
    tile.pipelined %k = %c0 to %n step %c16 stages(2) {
      tile.copy %a[%k], %s0 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      scf.if %b {
        tile.copy %a[%k], %s1 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      }
      %part = memref.subview %s2[0] [8] [1] : memref<16xf32, #tile.scope<shared>> to memref<8xf32, strided<[1]>, #tile.scope<shared>>
      tile.copy %a[%k], %part : memref<128xf32> to memref<8xf32, strided<[1]>, #tile.scope<shared>>
      tile.copy %h[%k], %s3 : memref<128xf16> to memref<16xf32, #tile.scope<shared>>
      tile.copy %a[%k], %s4 extents [16] : memref<128xf32> to memref<32xf32, #tile.scope<shared>>
      tile.copy %w[%k], %s5 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      %x = memref.load %v[] : memref<index, #tile.scope<local>>
      %y = arith.addi %x, %k : index
      tile.copy %a[%y], %s6 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.copy %a[%k], %s7 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.fill %s7, %z : memref<16xf32, #tile.scope<shared>>
      tile.copy %s8, %w : memref<16xf32, #tile.scope<shared>> to memref<128xf32>
      tile.copy %a[%k], %s8 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.copy %a[%k], %s9 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.copy %a[%k], %s10 : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      %view = tile.view %s10 : memref<16xf32, #tile.scope<shared>> to memref<16xi32, #tile.scope<shared>>
    }
    tile.copy %s9, %w : memref<16xf32, #tile.scope<shared>> to memref<128xf32>
  }
  return
}

// -----

// A source that was chosen may be what the loop writes.
// CHECK-LABEL: func @chosen
// CHECK: tile.pipelined
// REMARK: remark: [Missed] late-copy {{.*}}: the loop may write its source"
// REMARK: remark: [Missed] not-pipelined
func.func @chosen(%a: memref<128xf32>, %b: memref<128xf32>, %n: index, %c: i1) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %x = arith.select %c, %a, %b : memref<128xf32>
    tile.pipelined %k = %n to %n step %n stages(2) {
      tile.copy %x[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      tile.copy %s, %a : memref<16xf32, #tile.scope<shared>> to memref<128xf32>
    }
  }
  return
}

// -----

// An unknown call may write the source; without copies there is nothing to do.
// CHECK-LABEL: func @unknown
// CHECK-COUNT-2: tile.pipelined
// REMARK: remark: [Missed] late-copy {{.*}}: the loop writes memory that is not known"
// REMARK: remark: [Missed] not-pipelined {{.*}}"no copy from global to shared memory can be begun early"
// REMARK: remark: [Missed] not-pipelined {{.*}}"no copy from global to shared memory can be begun early"
func.func private @f()
func.func @unknown(%a: memref<128xf32>, %n: index) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    tile.pipelined %k = %n to %n step %n stages(2) {
      tile.copy %a[%k], %s : memref<128xf32> to memref<16xf32, #tile.scope<shared>>
      func.call @f() : () -> ()
    }
    tile.pipelined %k = %n to %n step %n stages(2) {
    }
  }
  return
}

// -----

// As many stages as the shared memory allows, the other buffers counted.
// CHECK-LABEL: func @memory
// CHECK: tile.alloc : memref<2x16384xf32, #tile.scope<shared>>
// CHECK: tile.async_wait 0
// CHECK: tile.pipelined {{.*}} stages(4)
// REMARK: remark: [Missed] fewer-stages {{.*}}"2 stages instead of 4, which need 278528 bytes of the 166912 that sm_80 has"
// REMARK: remark: [Passed] pipelined {{.*}}"1 copies are begun 1 iterations early"
// REMARK: remark: [Missed] fewer-stages {{.*}}"1 stages instead of 4, which need 409600 bytes of the 166912 that sm_80 has"
func.func @memory(%a: memref<?xf32>, %o: memref<?xf32>, %n: index) {
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<16384xf32, #tile.scope<shared>>
    %t = tile.alloc : memref<4096xf32, #tile.scope<shared>>
    tile.pipelined %k = %n to %n step %n stages(4) {
      tile.copy %a[%k], %s : memref<?xf32> to memref<16384xf32, #tile.scope<shared>>
      tile.copy %s, %o : memref<16384xf32, #tile.scope<shared>> to memref<?xf32>
      tile.copy %t, %o : memref<4096xf32, #tile.scope<shared>> to memref<?xf32>
    }
  }
  tile.launch blocks() in () threads(128) {
    %s = tile.alloc : memref<25600xf32, #tile.scope<shared>>
    tile.pipelined %k = %n to %n step %n stages(4) {
      tile.copy %a[%k], %s : memref<?xf32> to memref<25600xf32, #tile.scope<shared>>
      tile.copy %s, %o : memref<25600xf32, #tile.scope<shared>> to memref<?xf32>
    }
  }
  return
}

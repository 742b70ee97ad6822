// RUN: tile-opt %s --tile-version-loops --split-input-file | FileCheck %s

// Two tests, one loop for the case that both hold. There the copies read
// nothing where there is no iteration to copy for, and the results are the same.
// CHECK-LABEL: func @two
// CHECK-SAME: %{{.*}}: memref<64xf32>, %{{.*}}: memref<64xf32, 3>, %{{.*}}: index, %[[P:.*]]: i1, %[[Q:.*]]: i1
// CHECK: %[[BOTH:.*]] = arith.andi %[[P]], %[[Q]]
// CHECK: %[[R:.*]] = scf.if %[[BOTH]] -> (index) {
// CHECK: %[[FAST:.*]] = scf.for
// CHECK: %[[EXISTS:.*]] = arith.cmpi
// CHECK-NOT: scf.if
// CHECK: %[[ALL:.*]] = arith.select %[[EXISTS]], %c4{{.*}}, %c0
// CHECK: nvgpu.device_async_copy %{{.*}}, 4, %[[ALL]]
// CHECK: %[[SOME:.*]] = arith.select %[[EXISTS]], %c2{{.*}}, %c0
// CHECK: nvgpu.device_async_copy %{{.*}}, 4, %[[SOME]]
// CHECK: scf.yield %[[FAST]]
// CHECK: } else {
// CHECK: %[[SLOW:.*]] = scf.for
// CHECK: scf.if
// CHECK-NEXT: scf.if %[[P]]
// CHECK: scf.if %[[Q]]
// CHECK: } {tile.free_stage}
// CHECK: scf.yield %[[SLOW]]
// CHECK: return %[[R]]
func.func @two(%src: memref<64xf32>, %dst: memref<64xf32, 3>, %n: index, %p: i1, %q: i1) -> index {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c16 = arith.constant 16 : index
  %x = arith.constant 0.0 : f32
  %r = scf.for %i = %c0 to %n step %c16 iter_args(%s = %c0) -> index {
    %next = arith.addi %i, %c16 : index
    %exists = arith.cmpi slt, %next, %n : index
    scf.if %exists {
      scf.if %p {
        %token = nvgpu.device_async_copy %src[%next], %dst[%i], 4 : memref<64xf32> to memref<64xf32, 3>
      } else {
        memref.store %x, %dst[%i] : memref<64xf32, 3>
      }
      scf.if %q {
        %token = nvgpu.device_async_copy %src[%next], %dst[%i], 4, %c2 : memref<64xf32> to memref<64xf32, 3>
      } else {
        memref.store %x, %dst[%i] : memref<64xf32, 3>
      }
    } {tile.free_stage}
    scf.yield %i : index
  }
  return %r : index
}

// -----

// Nothing to test: the copies become unconditional in the loop itself.
// CHECK-LABEL: func @proven
// CHECK-NOT: scf.if
// CHECK: scf.for
// CHECK-NOT: scf.if
// CHECK: nvgpu.device_async_copy
// CHECK-NOT: scf.for
func.func @proven(%src: memref<64xf32>, %dst: memref<64xf32, 3>, %n: index, %e: i1) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  scf.for %i = %c0 to %n step %c16 {
    scf.if %e {
      %token = nvgpu.device_async_copy %src[%i], %dst[%i], 4 : memref<64xf32> to memref<64xf32, 3>
    } {tile.free_stage}
  }
  return
}

// -----

// What stays: copies to memory that may be in use, a test that changes with the
// iterations, a copy that only some threads do, and one that has another effect
// beside it.
// CHECK-LABEL: func @kept
// CHECK-COUNT-4: scf.for
// CHECK-NOT: scf.for
// CHECK-NOT: arith.select
func.func @kept(%src: memref<64xf32>, %dst: memref<64xf32, 3>, %n: index, %p: i1, %q: i1) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %x = arith.constant 0.0 : f32
  scf.for %i = %c0 to %n step %c16 {
    scf.if %p {
      %token = nvgpu.device_async_copy %src[%i], %dst[%i], 4 : memref<64xf32> to memref<64xf32, 3>
    }
  }
  scf.for %i = %c0 to %n step %c16 {
    %changes = arith.cmpi slt, %i, %n : index
    scf.if %p {
      scf.if %changes {
        %token = nvgpu.device_async_copy %src[%i], %dst[%i], 4 : memref<64xf32> to memref<64xf32, 3>
      } else {
        memref.store %x, %dst[%i] : memref<64xf32, 3>
      }
    } {tile.free_stage}
  }
  scf.for %i = %c0 to %n step %c16 {
    scf.if %p {
      scf.if %q {
        %token = nvgpu.device_async_copy %src[%i], %dst[%i], 4 : memref<64xf32> to memref<64xf32, 3>
      }
    } {tile.free_stage}
  }
  scf.for %i = %c0 to %n step %c16 {
    scf.if %p {
      scf.if %q {
        %token = nvgpu.device_async_copy %src[%i], %dst[%i], 4 : memref<64xf32> to memref<64xf32, 3>
        memref.store %x, %dst[%i] : memref<64xf32, 3>
      } else {
        memref.store %x, %dst[%i] : memref<64xf32, 3>
      }
    } {tile.free_stage}
  }
  return
}

// RUN: tile-opt %s --convert-tile-to-gpu --canonicalize --split-input-file | FileCheck %s
// RUN: tile-opt %s --convert-tile-to-gpu=unroll-limit=1 --canonicalize --split-input-file | FileCheck %s --check-prefix=LOOP

// The elements of a region are dealt out to the threads.
// CHECK-LABEL: func @copy
// CHECK: gpu.launch {{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: scf.if
// CHECK: %[[ROW:.*]] = arith.divui %[[TID]], %c8
// CHECK: memref.store
func.func @copy(%a: memref<?x?xf16>, %b: memref<8x8xf16>, %i: index) {
  tile.launch blocks() in () threads(32) {
    tile.copy %a[%i, %i], %b : memref<?x?xf16> to memref<8x8xf16>
  }
  return
}

// -----

// From registers: what lies in the region is copied by its owner, and what the
// region has beyond the fragment is padded.
// CHECK-LABEL: func @copy_registers
// CHECK: %[[R:.*]] = memref.alloca() : memref<2xf32
// CHECK: memref.load %[[R]][%c0]
// CHECK: memref.load %[[R]][%c1]
// CHECK: scf.for
// CHECK-NOT: memref.load
// CHECK: memref.store %{{.*}}, %arg0
// LOOP-LABEL: func @copy_registers
// LOOP: %[[R:.*]] = memref.alloca() : memref<2xf32
// LOOP: scf.for %[[SLOT:.*]] = %c0 to %c2
// LOOP: memref.load %[[R]][%[[SLOT]]]
func.func @copy_registers(%a: memref<?xf32>, %i: index) {
  tile.launch blocks() in () threads(32) {
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    tile.copy %f[%i], %a : memref<64xf32, #tile.scope<fragment>> to memref<?xf32>
  }
  return
}

// -----

// Sums of all slots are carried by one loop along K.
// CHECK-LABEL: func @gemm
// CHECK: scf.for {{.*}} -> (f32, f32) {
// CHECK: math.fma
// CHECK: math.fma
// LOOP-LABEL: func @gemm
// LOOP: scf.for {{.*}} -> (f32) {
// LOOP: math.fma
func.func @gemm(%a: memref<8x4xf16>, %b: memref<4x8xf16>, %d: memref<8x8xf32>) {
  tile.launch blocks() in () threads(32) {
    %c = tile.alloc : memref<8x8xf32, #tile.scope<fragment>>
    tile.gemm %a, %b, %c clear : memref<8x4xf16>, memref<4x8xf16>, memref<8x8xf32, #tile.scope<fragment>>
    tile.copy %c, %d : memref<8x8xf32, #tile.scope<fragment>> to memref<8x8xf32>
  }
  return
}

// -----

// CHECK-LABEL: func @gemm_i8
// CHECK: scf.for
// CHECK: arith.select %arg2
// CHECK: arith.extsi
// CHECK: arith.muli
func.func @gemm_i8(%a: memref<4x4xi8>, %c: memref<4x4xi32>, %clear: i1) {
  tile.launch blocks() in () threads(32) {
    tile.gemm %a, %a, %c transpose_a clear_if(%clear) : memref<4x4xi8>, memref<4x4xi8>, memref<4x4xi32>
  }
  return
}

// -----

// TF32 rounds the inputs.
// CHECK-LABEL: func @gemm_tf32
// CHECK-DAG: arith.constant 4096 : i32
// CHECK-DAG: arith.constant -8192 : i32
// CHECK: math.fma
func.func @gemm_tf32(%a: memref<4x4xf32>) {
  tile.launch blocks() in () threads(32) {
    tile.gemm %a, %a, %a precision(tf32) : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  }
  return
}

// -----

// Each element of the result is one thread's.
// CHECK-LABEL: func @reduce
// CHECK: gpu.launch {{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: scf.for %[[I:.*]] = %[[TID]] to %c8 step %c32 {
// CHECK: scf.for {{.*}} -> (f32)
// CHECK: arith.addf
func.func @reduce(%s: memref<8x16xbf16>, %d: memref<8xbf16>) {
  tile.launch blocks() in () threads(32) {
    tile.reduce sum %s, %d dim 1 : memref<8x16xbf16> to memref<8xbf16>
  }
  return
}

// -----

// Each line is one thread's; of a local buffer every thread scans its own.
// CHECK-LABEL: func @scan
// CHECK: gpu.launch {{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: %[[L:.*]] = memref.alloca() : memref<4xi32
// CHECK: scf.for %[[LINE:.*]] = %[[TID]] to %c16 step %c32 {
// CHECK: scf.for %[[K:.*]] = %c0 to %c8
// CHECK: memref.load %arg0[%[[K]], %[[LINE]]]
// CHECK: arith.maximumf
// CHECK: memref.store %{{.*}}, %arg0[%[[K]], %[[LINE]]]
// CHECK: scf.for {{.*}} = %c0 to %c4
// CHECK: memref.store %{{.*}}, %[[L]]
func.func @scan(%s: memref<8x16xf32>) {
  tile.launch blocks() in () threads(32) {
    %l = tile.alloc : memref<4xi32, #tile.scope<local>>
    tile.scan max %s, %s dim 0 : memref<8x16xf32> to memref<8x16xf32>
    tile.scan sum %l, %l dim 0
      : memref<4xi32, #tile.scope<local>> to memref<4xi32, #tile.scope<local>>
  }
  return
}

// -----

// A region of single threads needs no loop, and local buffers are theirs.
// CHECK-LABEL: func @threads
// CHECK: gpu.launch {{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: %[[L:.*]] = memref.alloca() : memref<index
// CHECK: memref.store %[[TID]], %[[L]][]
// CHECK: %[[X:.*]] = memref.load %[[L]][]
// CHECK: memref.store %[[X]], %arg0[%[[TID]]]
func.func @threads(%a: memref<32xindex>) {
  tile.launch blocks() in () threads(32) {
    %l = tile.alloc : memref<index, #tile.scope<local>>
    tile.threads (%t) {
      memref.store %t, %l[] : memref<index, #tile.scope<local>>
    }
    tile.threads (%t) {
      %x = memref.load %l[] : memref<index, #tile.scope<local>>
      memref.store %x, %a[%t] : memref<32xindex>
    }
  }
  return
}

// -----

// Each thread moves the elements that it holds.
// CHECK-LABEL: func @transpose
// CHECK: %[[F:.*]] = memref.alloca() : memref<1xf32
// CHECK: %[[ROW:.*]] = arith.divui %{{.*}}, %c8
// CHECK: %[[COLUMN:.*]] = arith.remui %{{.*}}, %c8
// CHECK: %[[HELD:.*]] = memref.load %[[F]][%c0]
// CHECK: memref.store %[[HELD]], %arg0[%[[COLUMN]], %[[ROW]]]
// CHECK: %[[ROW:.*]] = arith.divui %{{.*}}, %c8
// CHECK: %[[COLUMN:.*]] = arith.remui %{{.*}}, %c8
// CHECK: %[[READ:.*]] = memref.load %arg0[%[[COLUMN]], %[[ROW]]]
// CHECK: memref.store %[[READ]], %[[F]][%c0]
func.func @transpose(%d: memref<8x4xf32>) {
  tile.launch blocks() in () threads(32) {
    %f = tile.alloc : memref<4x8xf32, #tile.scope<fragment>>
    tile.transpose %f, %d : memref<4x8xf32, #tile.scope<fragment>> to memref<8x4xf32>
    tile.transpose %d, %f : memref<8x4xf32> to memref<4x8xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// A tile.parallel reads and writes the slots of its own elements, in nested
// loops and conditions too.
// CHECK-LABEL: func @parallel
// CHECK: %[[R:.*]] = memref.alloca() : memref<1xf32
// CHECK: scf.for %{{.*}} = %c0 to %arg0
// CHECK: memref.load %[[R]][%c0]
// CHECK: scf.if %arg1
// CHECK: memref.store %{{.*}}, %[[R]][%c0]
func.func @parallel(%n: index, %c: i1, %d: memref<32xf32>) {
  tile.launch blocks() in () threads(32) {
    %f = tile.alloc : memref<32xf32, #tile.scope<fragment>>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    tile.parallel (%i) in (32) {
      scf.for %k = %c0 to %n step %c1 {
        %v = memref.load %f[%i] : memref<32xf32, #tile.scope<fragment>>
        scf.if %c {
          %w = arith.addf %v, %v : f32
          memref.store %w, %f[%i] : memref<32xf32, #tile.scope<fragment>>
        }
      }
    }
    tile.copy %f, %d : memref<32xf32, #tile.scope<fragment>> to memref<32xf32>
  }
  return
}

// -----

// CHECK-LABEL: func @atomic
// CHECK: memref.atomic_rmw maximumf
// CHECK: gpu.printf "i %% %lld %.9g\0A"
func.func @atomic(%a: memref<?xf32>, %v: f32) {
  tile.launch blocks() in () threads(32) {
    tile.parallel (%i) in (32) {
      %old = tile.atomic max %v, %a[%i] : memref<?xf32>
      tile.print "i %", %i, %old : index, f32
    }
  }
  return
}

// -----

// The body has ids of its own; what stands around it does not.
// CHECK-LABEL: func @swizzle
// CHECK-SAME: (%[[GX:.*]]: index, %[[GY:.*]]: index,
// CHECK: gpu.launch blocks(%[[X:.*]], %[[Y:.*]], %{{.*}}) in (%{{.*}} = %[[GX]], %{{.*}} = %[[GY]],
// CHECK: %[[BEFORE:.*]] = arith.muli %[[Y]], %[[GX]]
// CHECK: %[[T:.*]] = arith.addi %[[BEFORE]], %[[X]]
// CHECK: %[[PANEL:.*]] = arith.muli %[[GX]], %c4
// CHECK: %[[GROUP:.*]] = arith.divui %[[T]], %[[PANEL]]
// CHECK: %[[REST:.*]] = arith.remui %[[T]], %[[PANEL]]
// CHECK: %[[FIRST:.*]] = arith.muli %[[GROUP]], %c4
// CHECK: %[[LEFT:.*]] = arith.subi %[[GY]], %[[FIRST]]
// CHECK: %[[LINES:.*]] = arith.minui %[[LEFT]], %c4
// CHECK: %[[LINE:.*]] = arith.remui %[[REST]], %[[LINES]]
// CHECK: %[[COLUMN:.*]] = arith.divui %[[REST]], %[[LINES]]
// CHECK: %[[ROW:.*]] = arith.addi %[[FIRST]], %[[LINE]]
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[ROW]], %[[COLUMN]]]
func.func @swizzle(%gx: index, %gy: index, %a: memref<?x?xf32>, %v: f32) {
  tile.launch blocks(%x, %y) in (%gx, %gy) threads(32) swizzle(4, row) {
    tile.parallel () in () {
      memref.store %v, %a[%y, %x] : memref<?x?xf32>
    }
  }
  return
}

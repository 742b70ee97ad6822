// RUN: tile-opt %s --convert-tile-to-gpu --canonicalize --cse --split-input-file | FileCheck %s
// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file --remarks-filter=convert-tile-to-gpu --remark-format=emitRemark 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK --implicit-check-not=plain-async

// 64 rows of four vectors: each of the 128 threads copies two, 32 rows apart.
// Vectors outside of the source read nothing and write zeros.
// CHECK-LABEL: func @rows
// CHECK: memref.extract_aligned_pointer_as_index %arg0
// CHECK: scf.if
// CHECK-DAG: arith.divui %{{.*}}, %c4
// CHECK-DAG: arith.remui %{{.*}}, %c4
// CHECK-DAG: arith.addi %{{.*}}, %c32
// CHECK: %[[COUNT:.*]] = arith.select %{{.*}}, %c8, %c0
// CHECK: nvgpu.device_async_copy %{{.*}}[%c0, %c0], %{{.*}}[%c1, %{{.*}}], 8, %[[COUNT]] {bypassL1}
// CHECK: memref.subview %{{.*}}[32, 0]
// CHECK: nvgpu.device_async_copy %{{.*}}[%c0, %c0]
// CHECK-NOT: nvgpu.device_async_copy
// CHECK: } else {
// CHECK: memref.load
// CHECK: memref.store
// CHECK: nvvm.cp.async.commit.group
// CHECK: nvvm.cp.async.wait.group 2
// REMARK: remark: [Analysis] tested-async-copy {{.*}}"alignment to 16 bytes or bounds are tested at run time"
func.func @rows(%a: memref<?x?xf16>, %i: index, %k: index) {
  tile.launch blocks() in () threads(128) shared_bytes(12288) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %s = tile.alloc offset(0) : memref<3x64x32xf16, #tile.scope<shared>>
    tile.async_copy %a[%i, %k], %s[%c1, %c0, %c0] extents [64, 32]
      : memref<?x?xf16> to memref<3x64x32xf16, #tile.scope<shared>>
    tile.async_commit
    tile.async_wait 2
  }
  return
}

// -----

// Rows of 100 elements keep 8 bytes aligned, rows of 2 elements 4 bytes. The
// last vectors are left to some of the threads.
// CHECK-LABEL: func @narrow
// CHECK: nvgpu.device_async_copy %{{.*}}, 4 :
// CHECK: scf.if
// CHECK: nvgpu.device_async_copy {{.*}}, 2 :
// CHECK: scf.if
// CHECK-NEXT: nvgpu.device_async_copy %{{.*}}, 2 :
// REMARK: remark: [Analysis] tested-async-copy {{.*}}alignment to 8 bytes
// REMARK: remark: [Analysis] tested-async-copy {{.*}}alignment to 4 bytes
func.func @narrow(%a: memref<64x100xf16>, %b: memref<33x2xf16>) {
  tile.launch blocks() in () threads(32) shared_bytes(2192) {
    %s = tile.alloc offset(0) : memref<8x16xf16, #tile.scope<shared>>
    %t = tile.alloc offset(2048) : memref<33x2xf16, #tile.scope<shared>>
    tile.async_copy %a, %s : memref<64x100xf16> to memref<8x16xf16, #tile.scope<shared>>
    tile.async_copy %b, %t : memref<33x2xf16> to memref<33x2xf16, #tile.scope<shared>>
  }
  return
}

// -----

// A pad value that is not zero needs a region inside of the source.
// CHECK-LABEL: func @pad
// CHECK: %[[LOW:.*]] = arith.cmpi sge
// CHECK: %[[HIGH:.*]] = arith.cmpi sle
// CHECK: arith.andi
// CHECK: scf.if
// CHECK: nvgpu.device_async_copy
// REMARK: remark: [Analysis] tested-async-copy
func.func @pad(%a: memref<1024xf32>, %i: index, %p: f32) {
  tile.launch blocks() in () threads(32) shared_bytes(256) {
    %s = tile.alloc offset(0) : memref<64xf32, #tile.scope<shared>>
    tile.async_copy %a[%i], %s pad(%p : f32) : memref<1024xf32> to memref<64xf32, #tile.scope<shared>>
  }
  return
}

// -----

// Many vectors are copied in a loop, and so are those of unknown number.
// CHECK-LABEL: func @loops
// CHECK: scf.for
// CHECK: nvgpu.device_async_copy
// CHECK: scf.for
// CHECK: nvgpu.device_async_copy
// REMARK: remark: [Analysis] tested-async-copy
// REMARK: remark: [Analysis] tested-async-copy
func.func @loops(%a: memref<64x256xf32>, %n: index) {
  tile.launch blocks() in () threads(32) shared_bytes(65536) {
    %s = tile.alloc offset(0) : memref<64x256xf32, #tile.scope<shared>>
    tile.async_copy %a, %s : memref<64x256xf32> to memref<64x256xf32, #tile.scope<shared>>
    tile.async_copy %a, %s extents [%n, %n] : memref<64x256xf32> to memref<64x256xf32, #tile.scope<shared>>
  }
  return
}

// -----

// What no instruction can copy.
// CHECK-LABEL: func @plain
// CHECK-NOT: nvgpu
// CHECK: return
// REMARK: remark: [Missed] plain-async-copy {{.*}}"elements copied one by one: the elements are of type index"
// REMARK: remark: [Missed] plain-async-copy {{.*}}: an element is less than a byte"
// REMARK: remark: [Missed] plain-async-copy {{.*}}: a stride, begin or size is not divisible by 2"
// REMARK: remark: [Missed] plain-async-copy {{.*}}: two bytes are no vector"
// REMARK: remark: [Missed] plain-async-copy {{.*}}: the rows are not contiguous"
// REMARK: remark: [Missed] plain-async-copy {{.*}}: the region has no rows"
func.func @plain(%a: memref<64xindex>, %b: memref<64xi1>, %c: memref<64x63xf16>,
                 %d: memref<64x32xi8>, %e: memref<64x32xf32, strided<[64, 2]>>,
                 %f: memref<f32>) {
  tile.launch blocks() in () threads(32) shared_bytes(8192) {
    %s = tile.alloc offset(0) : memref<64xindex, #tile.scope<shared>>
    %t = tile.alloc offset(512) : memref<64xi1, #tile.scope<shared>>
    %u = tile.alloc offset(1024) : memref<16x32xf16, #tile.scope<shared>>
    %v = tile.alloc offset(2048) : memref<16x2xi8, #tile.scope<shared>>
    %w = tile.alloc offset(4096) : memref<16x32xf32, #tile.scope<shared>>
    %x = tile.alloc offset(8000) : memref<f32, #tile.scope<shared>>
    tile.async_copy %a, %s : memref<64xindex> to memref<64xindex, #tile.scope<shared>>
    tile.async_copy %b, %t : memref<64xi1> to memref<64xi1, #tile.scope<shared>>
    tile.async_copy %c, %u : memref<64x63xf16> to memref<16x32xf16, #tile.scope<shared>>
    tile.async_copy %d, %v : memref<64x32xi8> to memref<16x2xi8, #tile.scope<shared>>
    tile.async_copy %e, %w : memref<64x32xf32, strided<[64, 2]>> to memref<16x32xf32, #tile.scope<shared>>
    tile.async_copy %f, %x : memref<f32> to memref<f32, #tile.scope<shared>>
  }
  return
}

// -----

// In a pipelined loop one test stands in front of it, for all iterations: rows
// that are wholly inside, columns of which a whole number of tiles exist.
// Without the test for each vector, nothing is counted.
// CHECK-LABEL: func @loop
// CHECK-SAME: %[[A:.*]]: memref<?x?xf16>, %[[N:.*]]: index, %[[I:.*]]: index
// CHECK-DAG: %[[REST:.*]] = arith.remui %[[COLUMNS:.*]], %c32
// CHECK-DAG: arith.cmpi eq, %[[REST]], %c0
// CHECK-DAG: arith.cmpi sle, %[[N]], %[[COLUMNS]]
// CHECK-DAG: arith.cmpi sge, %[[I]], %c0
// CHECK: scf.for
// CHECK: scf.if
// CHECK: scf.if
// CHECK: nvgpu.device_async_copy %{{.*}}, 8 {bypassL1}
// CHECK: } else {
// CHECK: scf.if
// CHECK: nvgpu.device_async_copy %{{.*}}, 8, %{{.*}} {bypassL1}
// CHECK: } else {
// CHECK: memref.load
// CHECK: memref.store
// CHECK: tile.free_stage
// REMARK: remark: [Analysis] tested-async-copy
func.func @loop(%a: memref<?x?xf16>, %n: index, %i: index) {
  tile.launch blocks() in () threads(128) shared_bytes(12288) {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %s = tile.alloc offset(0) : memref<64x32xf16, #tile.scope<shared>>
    scf.for %k = %c0 to %n step %c32 {
      %ahead = arith.addi %k, %c32 : index
      %exists = arith.cmpi slt, %ahead, %n : index
      scf.if %exists {
        %row = arith.addi %i, %c0 : index
        tile.async_copy %a[%row, %ahead], %s : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
      } {tile.free_stage}
    }
  }
  return
}

// -----

// Nothing is tested in front of the loop in a launch for what is not aligned,
// and vectors of 4 bytes are the widest that are tried.
// CHECK-LABEL: func @fallback
// CHECK-NOT: arith.muli %{{.*}}, %c64
// CHECK: scf.for
// CHECK-NOT: bypassL1
// CHECK: nvgpu.device_async_copy %{{.*}}, 2, %{{.*}} :
// REMARK: remark: [Analysis] tested-async-copy {{.*}}alignment to 4 bytes
func.func @fallback(%a: memref<?xf16>, %n: index) {
  tile.launch blocks() in () threads(16) shared_bytes(12288) attributes {tile.fallback = 4 : i64} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    %s = tile.alloc offset(0) : memref<64xf16, #tile.scope<shared>>
    scf.for %k = %c0 to %n step %c1 {
      %ahead = arith.addi %k, %c1 : index
      %exists = arith.cmpi slt, %ahead, %n : index
      scf.if %exists {
        %at = arith.muli %ahead, %c64 : index
        tile.async_copy %a[%at], %s : memref<?xf16> to memref<64xf16, #tile.scope<shared>>
      } {tile.free_stage}
    }
  }
  return
}

// -----

// An iteration that counts tiles: as many as there are fit.
// CHECK-LABEL: func @tiles
// CHECK-SAME: %{{.*}}: memref<?xf32>, %[[N:.*]]: index
// CHECK: %[[END:.*]] = arith.muli %[[N]], %c64
// CHECK: arith.cmpi sle, %[[END]]
// CHECK: scf.for
// REMARK: remark: [Analysis] tested-async-copy
func.func @tiles(%a: memref<?xf32>, %n: index) {
  tile.launch blocks() in () threads(16) shared_bytes(12288) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c64 = arith.constant 64 : index
    %s = tile.alloc offset(0) : memref<64xf32, #tile.scope<shared>>
    scf.for %k = %c0 to %n step %c1 {
      %ahead = arith.addi %k, %c1 : index
      %exists = arith.cmpi slt, %ahead, %n : index
      scf.if %exists {
        %at = arith.muli %ahead, %c64 : index
        tile.async_copy %a[%at], %s : memref<?xf32> to memref<64xf32, #tile.scope<shared>>
      } {tile.free_stage}
    }
  }
  return
}

// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-swizzle-shared,tile-plan-memory,convert-tile-to-gpu{chip=sm_90a},canonicalize,cse)' --split-input-file | FileCheck %s

// Both ways write the stage alike, so that is done once in front of the branch.
// What the copy is told with is made there, too.
// CHECK-LABEL: func @made(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: nvvm.stmatrix
// CHECK: scf.if %[[OK]] {
// CHECK-NOT: nvvm.stmatrix
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: } else {
// CHECK-NOT: nvvm.stmatrix
// CHECK: %[[ELEMENT:.*]] = llvm.load
// CHECK: memref.store %[[ELEMENT]],
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @made(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      %v = memref.subview %c[%i, %j] [64, 64] [1, 1] : memref<?x?xf16> to memref<64x64xf16, strided<[?, 1], offset: ?>>
      %k = arith.addi %i, %j : index
      tile.copy %acc, %v[%k, %j] : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf16, strided<[?, 1], offset: ?>>
    }
  }
  return
}

// -----

// The waits of the store are enough for the copy.
// CHECK-LABEL: func @waits(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: nvvm.cp.async.bulk.wait_group 0
// CHECK: nvvm.stmatrix
// CHECK: scf.if %[[OK]] {
// CHECK-NOT: nvvm.stmatrix
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: } else {
// CHECK-NOT: nvvm.stmatrix
// CHECK: %[[ELEMENT:.*]] = llvm.load
// CHECK: memref.store %[[ELEMENT]], %[[C]][
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @waits(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.tma_store_wait 0
      tile.fence async
      tile.barrier
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.barrier
      tile.copy %acc, %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// -----

// They are not: each way writes the stage.
// CHECK-LABEL: func @barrier(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK-NOT: nvvm.stmatrix
// CHECK: scf.if %[[OK]] {
// CHECK: nvvm.stmatrix
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: } else {
// CHECK: nvvm.stmatrix
// CHECK: gpu.barrier
// CHECK: %[[ELEMENT:.*]] = llvm.load
// CHECK: memref.store %[[ELEMENT]], %[[C]][
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @barrier(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.barrier
      tile.copy %acc, %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// -----

// So it does where there is more to do.
// CHECK-LABEL: func @more(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK-NOT: nvvm.stmatrix
// CHECK: scf.if %[[OK]] {
// CHECK: nvvm.stmatrix
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: } else {
// CHECK: nvvm.stmatrix
// CHECK: gpu.barrier
// CHECK: %[[ELEMENT:.*]] = llvm.load
// CHECK: memref.store %[[ELEMENT]], %[[C]][
// CHECK: gpu.printf
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @more(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.copy %acc, %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
      gpu.printf "stored"
    }
  }
  return
}

// -----

// Long computations are not mixed with the writes.
// CHECK-LABEL: func @long(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: math.erf
// CHECK-NOT: nvvm.stmatrix
// CHECK: scf.if %[[OK]] {
// CHECK: nvvm.stmatrix
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: } else {
// CHECK: nvvm.stmatrix
// CHECK: gpu.barrier
// CHECK: %[[ELEMENT:.*]] = llvm.load
// CHECK: memref.store %[[ELEMENT]], %[[C]][
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @long(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    tile.parallel (%x, %y) in (64, 64) {
      %e = memref.load %acc[%x, %y] : memref<64x64xf32, #tile.scope<fragment>>
      %f = math.erf %e : f32
      memref.store %f, %acc[%x, %y] : memref<64x64xf32, #tile.scope<fragment>>
    }
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.copy %acc, %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// -----

// Short ones are.
// CHECK-LABEL: func @short(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: arith.mulf
// CHECK: nvvm.stmatrix
// CHECK: scf.if %[[OK]] {
// CHECK-NOT: nvvm.stmatrix
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: } else {
// CHECK-NOT: nvvm.stmatrix
// CHECK: %[[ELEMENT:.*]] = llvm.load
// CHECK: memref.store %[[ELEMENT]], %[[C]][
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @short(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    tile.parallel (%x, %y) in (64, 64) {
      %e = memref.load %acc[%x, %y] : memref<64x64xf32, #tile.scope<fragment>>
      %f = arith.mulf %e, %e : f32
      memref.store %f, %acc[%x, %y] : memref<64x64xf32, #tile.scope<fragment>>
    }
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.copy %acc, %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// -----

// Floats of 8 bits are bytes in the stage.
// CHECK-LABEL: func @bytes(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: llvm.store %{{.*}} : vector<2xi8>, !llvm.ptr<3>
// CHECK: scf.if %[[OK]] {
// CHECK: } else {
// CHECK: %[[BYTE:.*]] = llvm.load %{{.*}} : !llvm.ptr<3> -> i8
// CHECK-NEXT: %[[ELEMENT:.*]] = arith.bitcast %[[BYTE]] : i8 to f8E4M3FN
// CHECK-NEXT: memref.store %[[ELEMENT]], %[[C]][
#pairs = #tile.layout<threads (4,8,4):(2,128,2048), values (2,2,16):(1,1024,8), shape 64x128>
func.func @bytes(%c: memref<?x?xf8E4M3FN>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf8E4M3FN> to !tile.tensor_map<64x128xf8E4M3FN, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x128xf8E4M3FN, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x128xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x128xf32, #tile.scope<fragment>>, memref<64x128xf8E4M3FN, #tile.scope<shared>>, !tile.tensor_map<64x128xf8E4M3FN, swizzle 128>
    } else {
      tile.copy %acc, %c[%i, %j] : memref<64x128xf32, #tile.scope<fragment>> to memref<?x?xf8E4M3FN>
    }
  }
  return
}

// -----

// A part of the fragment is copied.
// CHECK-LABEL: func @part(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: scf.if %[[OK]] {
// CHECK: nvvm.stmatrix
// CHECK: } else {
// CHECK-NOT: llvm.load
// CHECK: memref.store
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @part(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.copy %acc[%i, %j], %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// -----

// The copy is none to a tensor, or something else reads the stage.
// CHECK-LABEL: func @fragment(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: scf.if %[[OK]] {
// CHECK: nvvm.stmatrix
// CHECK: } else {
// CHECK-NOT: llvm.load
// CHECK: memref.store
// CHECK-LABEL: func @stage(
// CHECK-SAME: %[[C:.*]]: memref<{{[^:]*}}, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: scf.if %[[OK]] {
// CHECK: nvvm.stmatrix
// CHECK: } else {
// CHECK-NOT: llvm.load
// CHECK: memref.store
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @fragment(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    %other = tile.alloc {tile.layout = #pairs} : memref<64x64xf16, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.copy %acc, %other : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf16, #tile.scope<fragment>>
    }
    tile.tma_store_wait 0
    tile.copy %other, %c[%i, %j] : memref<64x64xf16, #tile.scope<fragment>> to memref<?x?xf16>
  }
  return
}
func.func @stage(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.copy %acc, %stage : memref<64x64xf32, #tile.scope<fragment>> to memref<64x64xf16, #tile.scope<shared>>
    }
    tile.tma_store_wait 0
    tile.barrier
    tile.copy %stage, %c[%i, %j] : memref<64x64xf16, #tile.scope<shared>> to memref<?x?xf16>
  }
  return
}

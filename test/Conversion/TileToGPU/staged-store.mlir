// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{chip=sm_90a},tile-swizzle-shared,tile-plan-memory,tile-insert-barriers,convert-tile-to-gpu{chip=sm_90a},canonicalize,cse)' --split-input-file | FileCheck %s

// Each group of four warps stores its 64 rows, in two parts of 64 columns: the
// thread that begins the copies waits until the stage has been read, the group
// meets, writes matrices, and meets again.
// CHECK-LABEL: func @groups
// CHECK: gpu.launch {{.*}} threads(%[[TID:[a-z0-9]+]],
// CHECK: %[[ACC:.*]] = memref.alloca() : memref<64xf32
// CHECK-DAG: %[[RANK:.*]] = arith.remui %[[TID]], %c128 : index
// CHECK-DAG: %[[NUMBER:.*]] = arith.divui %[[TID]], %c128 : index
// CHECK: %[[WORD:.*]] = arith.index_cast %[[NUMBER]] : index to i32
// CHECK: %[[GROUP:.*]], %{{.*}} = gpu.shuffle idx %[[WORD]], %c0_i32
// CHECK: %[[INDEX:.*]] = arith.index_cast %[[GROUP]] : i32 to index
// CHECK: %[[SUM:.*]] = arith.addi %[[INDEX]], %c1 : index
// CHECK: %[[ID:.*]] = arith.index_cast %[[SUM]] : index to i32
// CHECK: %[[ISLEADER:.*]] = arith.cmpi eq, %[[RANK]], %c0 : index
// CHECK-NEXT: scf.if %[[ISLEADER]] {
// CHECK-NEXT: nvvm.cp.async.bulk.wait_group 0 {read}
// CHECK-NEXT: }
// CHECK-NEXT: nvvm.barrier id = %[[ID]] number_of_threads = %c128_i32
// CHECK: %[[PAIR:.*]] = vector.from_elements %{{.*}}, %{{.*}} : vector<2xf32>
// CHECK: arith.truncf %[[PAIR]] : vector<2xf32> to vector<2xf16>
// CHECK-COUNT-4: nvvm.stmatrix %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {eltType = #nvvm.ld_st_matrix_elt_type<b16>, layout = #nvvm.mma_layout<row>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>}
// CHECK-NOT: nvvm.stmatrix
// CHECK: nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
// CHECK-NEXT: nvvm.barrier id = %[[ID]] number_of_threads = %c128_i32
// CHECK-NEXT: scf.if %[[ISLEADER]] {
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta %{{.*}}, %{{.*}}, box[%{{.*}}, %{{.*}}]
// CHECK-NEXT: nvvm.cp.async.bulk.commit.group
// CHECK-NEXT: }
// CHECK-NEXT: scf.if %[[ISLEADER]] {
// CHECK-NEXT: nvvm.cp.async.bulk.wait_group 0 {read}
// CHECK-NEXT: }
// CHECK-NEXT: nvvm.barrier id = %[[ID]] number_of_threads = %c128_i32
// CHECK-COUNT-4: nvvm.stmatrix
// CHECK: nvvm.fence.proxy
// CHECK-NEXT: nvvm.barrier id = %[[ID]] number_of_threads = %c128_i32
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK-NEXT: nvvm.cp.async.bulk.commit.group
// All threads wait for the stores that they have begun.
// CHECK-NEXT: }
// CHECK-NEXT: nvvm.cp.async.bulk.wait_group 0{{$}}
// CHECK-NEXT: nvvm.cp.async.bulk.wait_group 0 {read}
// CHECK-NEXT: gpu.terminator
#pairs = #tile.layout<threads (4,8,8):(2,128,2048), values (2,2,16):(1,1024,8), shape 128x128>
func.func @groups(%c: memref<?x?xf16>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(256) {
    %stage = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<128x128xf32, #tile.scope<fragment>>
    tile.staged_store %acc, %stage, %map[%i, %j] : memref<128x128xf32, #tile.scope<fragment>>, memref<128x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    tile.tma_store_wait 0
  }
  return
}

// -----

// Boxes of rows of two groups, and barriers and groups of copies that others
// count: the block stores together. The stage has room for two boxes, of which
// one is written while the other one is read.
// CHECK-LABEL: func @boxes
// CHECK: nvvm.cp.async.bulk.wait_group 0 {read}
// CHECK: gpu.barrier
// CHECK-COUNT-4: nvvm.stmatrix
// CHECK: gpu.barrier
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: nvvm.cp.async.bulk.commit.group
// CHECK: nvvm.cp.async.bulk.wait_group 1 {read}
// CHECK: gpu.barrier
// CHECK-COUNT-4: nvvm.stmatrix
// CHECK: gpu.barrier
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: nvvm.cp.async.bulk.commit.group
// CHECK-LABEL: func @others
// CHECK-NOT: nvvm.barrier id
// CHECK: gpu.barrier
// CHECK: nvvm.stmatrix
// CHECK-LABEL: func @numbers
// CHECK: nvvm.barrier
// CHECK: gpu.barrier
// CHECK: nvvm.stmatrix
#pairs = #tile.layout<threads (4,8,8):(2,128,2048), values (2,2,16):(1,1024,8), shape 128x128>
func.func @boxes(%c: memref<?x?xf16>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf16> to !tile.tensor_map<128x64xf16, swizzle 128>
  tile.launch blocks() in () threads(256) {
    %stage = tile.alloc : memref<128x128xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<128x128xf16, #tile.scope<fragment>>
    tile.staged_store %acc, %stage, %map[%i, %j] : memref<128x128xf16, #tile.scope<fragment>>, memref<128x128xf16, #tile.scope<shared>>, !tile.tensor_map<128x64xf16, swizzle 128>
  }
  return
}
func.func @others(%c: memref<?x?xf16>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(256) {
    %stage = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<128x128xf32, #tile.scope<fragment>>
    tile.staged_store %acc, %stage, %map[%i, %j] : memref<128x128xf32, #tile.scope<fragment>>, memref<128x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    tile.tma_store_commit
  }
  return
}
func.func @numbers(%c: memref<?x?xf16>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(256) {
    %stage = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<128x128xf32, #tile.scope<fragment>>
    tile.named_barrier %i threads(256)
    tile.staged_store %acc, %stage, %map[%i, %j] : memref<128x128xf32, #tile.scope<fragment>>, memref<128x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
  }
  return
}

// -----

// Elements of 32 bits in vectors of the layout, whole elements of a layout that
// does not split, and 8-bit floats and i1 as their bytes.
// CHECK-LABEL: func @vectors
// CHECK-NOT: nvvm.stmatrix
// CHECK: llvm.store %{{.*}}, %{{.*}} {alignment = 8 : i64} : vector<2xf32>, !llvm.ptr<3>
// CHECK-LABEL: func @bytes
// CHECK: llvm.store %{{.*}}, %{{.*}} {alignment = 2 : i64} : vector<2xi8>, !llvm.ptr<3>
// CHECK-LABEL: func @bits
// CHECK: arith.extui %{{.*}} : vector<{{.*}}xi1> to vector<{{.*}}xi8>
// CHECK-LABEL: func @indices
// CHECK: arith.index_cast %{{.*}} : vector<2xindex> to vector<2xi64>
#pairs = #tile.layout<threads (4,8,4):(2,64,1024), values (2,2,8):(1,512,8), shape 64x64>
func.func @vectors(%c: memref<?x?xf32>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf32> to !tile.tensor_map<64x32xf32, swizzle 128>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x32xf32, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x32xf32, #tile.scope<shared>>, !tile.tensor_map<64x32xf32, swizzle 128>
  }
  return
}
func.func @bytes(%c: memref<?x?xf8E4M3FN>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf8E4M3FN> to !tile.tensor_map<64x64xf8E4M3FN, swizzle 64>
  tile.launch blocks() in () threads(128) {
    %stage = tile.alloc : memref<64x64xf8E4M3FN, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<64x64xf32, #tile.scope<fragment>>
    tile.staged_store %acc, %stage, %map[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>, memref<64x64xf8E4M3FN, #tile.scope<shared>>, !tile.tensor_map<64x64xf8E4M3FN, swizzle 64>
  }
  return
}
func.func @bits(%c: memref<?x?xi1>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xi1> to !tile.tensor_map<16x32xi1>
  tile.launch blocks() in () threads(32) {
    %stage = tile.alloc : memref<16x32xi1, #tile.scope<shared>>
    %f = tile.alloc : memref<16x32xi1, #tile.scope<fragment>>
    tile.staged_store %f, %stage, %map[%i, %j] : memref<16x32xi1, #tile.scope<fragment>>, memref<16x32xi1, #tile.scope<shared>>, !tile.tensor_map<16x32xi1>
  }
  return
}
func.func @indices(%c: memref<?x?xindex>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xindex> to !tile.tensor_map<16x8xindex>
  tile.launch blocks() in () threads(32) {
    %stage = tile.alloc : memref<16x8xindex, #tile.scope<shared>>
    %f = tile.alloc : memref<16x8xindex, #tile.scope<fragment>>
    tile.staged_store %f, %stage, %map[%i, %j] : memref<16x8xindex, #tile.scope<fragment>>, memref<16x8xindex, #tile.scope<shared>>, !tile.tensor_map<16x8xindex>
  }
  return
}

// -----

// Where the part of a column depends on the thread, each thread asks; the
// layout has rows of threads along the columns.
// CHECK-LABEL: func @asks
// CHECK: arith.divui %{{.*}}, %c32 : index
// CHECK: arith.cmpi eq, %{{.*}}, %c0 : index
// CHECK: llvm.store
// CHECK: arith.cmpi eq, %{{.*}}, %c1 : index
// CHECK: llvm.store
func.func @asks(%c: memref<?x?xf32>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf32> to !tile.tensor_map<16x32xf32, swizzle 128>
  tile.launch blocks() in () threads(64) {
    %stage = tile.alloc : memref<16x32xf32, #tile.scope<shared>>
    %f = tile.alloc {tile.layout = #tile.layout<threads (64):(1), values (16):(64), shape 16x64>} : memref<16x64xf32, #tile.scope<fragment>>
    tile.staged_store %f, %stage, %map[%i, %j] : memref<16x64xf32, #tile.scope<fragment>>, memref<16x32xf32, #tile.scope<shared>>, !tile.tensor_map<16x32xf32, swizzle 128>
  }
  return
}

// -----

// A fragment with more elements than are unrolled, and one that registers
// cannot hold.
// CHECK-LABEL: func @loop
// CHECK: scf.for
// CHECK: llvm.store %{{.*}}, %{{.*}} {alignment = 4 : i64} : vector<1xf32>, !llvm.ptr<3>
// CHECK-LABEL: func @moved
// CHECK: gpu.barrier
// CHECK: memref.load %{{.*}} : memref<16x32xf32, #gpu.address_space<workgroup>>
// CHECK: llvm.store
func.func @loop(%c: memref<?x?xf32>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf32> to !tile.tensor_map<256x32xf32, swizzle 128>
  tile.launch blocks() in () threads(32) {
    %stage = tile.alloc : memref<256x32xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<256x64xf32, #tile.scope<fragment>>
    tile.staged_store %f, %stage, %map[%i, %j] : memref<256x64xf32, #tile.scope<fragment>>, memref<256x32xf32, #tile.scope<shared>>, !tile.tensor_map<256x32xf32, swizzle 128>
  }
  return
}
func.func @moved(%c: memref<?x?xf32>, %i: index, %j: index, %v: f32) {
  %map = tile.tensor_map %c : memref<?x?xf32> to !tile.tensor_map<16x32xf32, swizzle 128>
  tile.launch blocks() in () threads(64) {
    %stage = tile.alloc : memref<16x32xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16x32xf32, #tile.scope<fragment>>
    tile.scan sum %f, %f dim 1 : memref<16x32xf32, #tile.scope<fragment>> to memref<16x32xf32, #tile.scope<fragment>>
    tile.staged_store %f, %stage, %map[%i, %j] : memref<16x32xf32, #tile.scope<fragment>>, memref<16x32xf32, #tile.scope<shared>>, !tile.tensor_map<16x32xf32, swizzle 128>
  }
  return
}

// -----

// Where the copy engine cannot write the tensor, the threads of a group copy
// its rows from the stage.
// CHECK-LABEL: func @otherwise
// CHECK-SAME: %[[C:.*]]: memref<?x?xf16>, %{{.*}}: index, %{{.*}}: index, %[[OK:.*]]: i1
// CHECK: %[[RANK:.*]] = arith.remui %{{.*}}, %c128 : index
// CHECK: nvvm.barrier id
// CHECK-COUNT-4: nvvm.stmatrix
// CHECK: nvvm.barrier id
// CHECK-NEXT: scf.if %[[OK]] {
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: } else {
// CHECK: scf.for %{{.*}} = %[[RANK]] to %c4096 step %c512 {
// CHECK: %[[INSIDE:.*]] = arith.andi
// CHECK: scf.if %[[INSIDE]] {
// CHECK: %[[ELEMENT:.*]] = llvm.load %{{.*}} : !llvm.ptr<3> -> f16
// CHECK-NEXT: memref.store %[[ELEMENT]], %[[C]][
// CHECK: nvvm.barrier id
// CHECK-COUNT-4: nvvm.stmatrix
// CHECK: nvvm.barrier id
// CHECK-NEXT: scf.if %[[OK]] {
// CHECK: } else {
// CHECK-COUNT-4: llvm.load
// CHECK-NOT: memref.load
#pairs = #tile.layout<threads (4,8,8):(2,128,2048), values (2,2,16):(1,1024,8), shape 128x128>
func.func @otherwise(%c: memref<?x?xf16>, %i: index, %j: index, %ok: i1) {
  %map = tile.tensor_map %c optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(256) {
    %stage = tile.alloc : memref<128x64xf16, #tile.scope<shared>>
    %acc = tile.alloc {tile.layout = #pairs} : memref<128x128xf32, #tile.scope<fragment>>
    scf.if %ok {
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<128x128xf32, #tile.scope<fragment>>, memref<128x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    } else {
      tile.copy %acc, %c[%i, %j] : memref<128x128xf32, #tile.scope<fragment>> to memref<?x?xf16>
    }
  }
  return
}

// Copies of boxes become instructions of the first thread.

// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90a --canonicalize --cse --split-input-file | FileCheck %s
// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90 --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=PLAIN

// The host describes the tensor: sizes, strides in bytes, and the box, from the
// outermost dimension on.
// CHECK-DAG: llvm.mlir.global internal constant @tile_place("{{.*}}tma.mlir:{{[0-9]+}}:8\00")
// CHECK-DAG: llvm.func @tileRuntimeMakeTensorMap(!llvm.ptr, !llvm.ptr, !llvm.ptr, i64, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr, i64, i64)
// CHECK-LABEL: func @copies
// CHECK-DAG: %[[TWO:.*]] = arith.constant 2 : i64
// CHECK-DAG: %[[SIX:.*]] = arith.constant 6 : i64
// CHECK-DAG: %[[SWIZZLE:.*]] = arith.constant 128 : i64
// CHECK-DAG: %[[FETCH:.*]] = arith.constant 256 : i64
// CHECK: %[[MAP:.*]] = llvm.alloca {{.*}} x !llvm.struct<"tile.tensor_map", (array<16 x i64>)> {alignment = 64 : i64}
// CHECK: memref.extract_strided_metadata %arg0
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%[[MAP]], %{{.*}}, %{{.*}}, %[[SIX]], %[[TWO]], %{{.*}}, %{{.*}}, %{{.*}}, %[[SWIZZLE]], %[[FETCH]])
// CHECK: %[[BYTES:.*]] = llvm.load %[[MAP]] : !llvm.ptr -> !llvm.struct<"tile.tensor_map", (array<16 x i64>)>
// CHECK: gpu.launch
// CHECK: scf.if
// CHECK: %[[ADDRESS:.*]] = builtin.unrealized_conversion_cast %[[BYTES]] : !llvm.struct<"tile.tensor_map", (array<16 x i64>)> to !llvm.ptr
// CHECK: nvvm.prefetch tensormap, %[[ADDRESS]]
// CHECK: scf.if
// CHECK: nvvm.mbarrier.init %{{.*}}, %c1_i32 : !llvm.ptr<3>, i32
// CHECK: scf.if
// CHECK: nvvm.mbarrier.arrive.expect_tx %{{.*}}, %c8192_i32 : !llvm.ptr<3>, i32
// CHECK: scf.if
// CHECK: %[[FROM:.*]] = builtin.unrealized_conversion_cast %[[BYTES]]
// CHECK: %[[K:.*]] = arith.index_cast %arg2 : index to i32
// CHECK: %[[I:.*]] = arith.index_cast %arg1 : index to i32
// CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global %{{.*}}, %[[FROM]], %{{.*}}, box[%[[K]], %[[I]]] : !llvm.ptr<7>, !llvm.ptr
// CHECK-NOT: scf.if
// CHECK: llvm.inline_asm has_side_effects {{.*}}mbarrier.try_wait.parity.shared::cta.b64
// CHECK: nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
// CHECK: scf.if
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta %{{.*}}, %{{.*}}, box[%{{.*}}, %{{.*}}] : !llvm.ptr, <3>
// CHECK: scf.if
// CHECK: nvvm.cp.async.bulk.commit.group
// The stores have read their buffers when the block ends.
// CHECK: nvvm.cp.async.bulk.wait_group 0 {read}
// CHECK-NEXT: gpu.terminator
func.func @copies(%a: memref<?x?xf16>, %i: index, %k: index) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) shared_bytes(8208) {
    %s = tile.alloc offset(0) swizzle(128) : memref<64x64xf16, #tile.scope<shared>>
    %b = tile.alloc offset(8192) : memref<1xi64, #tile.scope<shared>>
    tile.tma_prefetch %m : !tile.tensor_map<64x64xf16, swizzle 128>
    tile.mbarrier_init %b[%c0] count(1) : memref<1xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%c0] expect(8192) : memref<1xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %k], %s, %b[%c0]
      : !tile.tensor_map<64x64xf16, swizzle 128> to memref<64x64xf16, #tile.scope<shared>>, memref<1xi64, #tile.scope<shared>>
    tile.mbarrier_wait %b[%c0], %c0 : memref<1xi64, #tile.scope<shared>>
    tile.fence async_shared
    tile.tma_store %s, %m[%i, %k] : memref<64x64xf16, #tile.scope<shared>> to !tile.tensor_map<64x64xf16, swizzle 128>
    tile.tma_store_commit
  }
  return
}

// -----

// A stage of a buffer, and other blocks of a cluster.
// CHECK-LABEL: func @stage
// CHECK: gpu.launch
// CHECK: %[[STAGE:.*]] = arith.muli %arg1, %c1024 : index
// CHECK: arith.addi %{{.*}}, %[[STAGE]]
// CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global {{.*}} multicast_mask = %arg2
func.func @stage(%a: memref<?x?xf32>, %i: index, %mask: i16) {
  %c0 = arith.constant 0 : index
  %m = tile.tensor_map %a : memref<?x?xf32> to !tile.tensor_map<8x32xf32>
  tile.launch blocks() in () threads(128) shared_bytes(4112) {
    %s = tile.alloc offset(0) : memref<4x8x32xf32, #tile.scope<shared>>
    %b = tile.alloc offset(4096) : memref<2xi64, #tile.scope<shared>>
    tile.tma_load %m[%i, %i], %s[%i, %c0, %c0], %b[%i] multicast(%mask)
      : !tile.tensor_map<8x32xf32> to memref<4x8x32xf32, #tile.scope<shared>>, memref<2xi64, #tile.scope<shared>>
  }
  return
}

// -----

// Arrivals of one thread, of one of each warp, and of all.
// CHECK-LABEL: func @sync
// CHECK: gpu.launch
// CHECK: scf.if
// CHECK: nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<3> -> i64
// CHECK: }
// CHECK: nvvm.bar.warp.sync %c-1_i32
// CHECK: arith.remui %{{.*}}, %c32
// CHECK: scf.if
// CHECK: nvvm.mbarrier.arrive
// CHECK: }
// CHECK-NOT: scf.if
// CHECK: nvvm.mbarrier.arrive
// CHECK: nvvm.fence.proxy {kind = #nvvm.proxy_kind<async>}
// CHECK: nvvm.fence.mbarrier.init
// CHECK: nvvm.barrier id = %{{.*}} number_of_threads = %c64_i32
// CHECK: nvvm.setmaxregister increase 232
// CHECK: nvvm.cp.async.bulk.wait_group 1{{$}}
// PLAIN-LABEL: func @sync
// PLAIN-NOT: setmaxregister
func.func @sync(%i: index) {
  tile.launch blocks() in () threads(128) shared_bytes(16) {
    %b = tile.alloc offset(0) : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%i] : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%i] per warp : memref<2xi64, #tile.scope<shared>>
    tile.mbarrier_arrive %b[%i] per thread : memref<2xi64, #tile.scope<shared>>
    tile.fence async
    tile.fence mbarrier_init
    tile.named_barrier %i threads(64)
    tile.set_max_registers increase 232
    tile.tma_store_wait 1
  }
  return
}

// -----

// How the driver numbers the types: u8, u16, i32, i64, f64.
// CHECK-LABEL: func @types
// CHECK-DAG: %[[U8:.*]] = arith.constant 0 : i64
// CHECK-DAG: %[[U16:.*]] = arith.constant 1 : i64
// CHECK-DAG: %[[I32:.*]] = arith.constant 3 : i64
// CHECK-DAG: %[[I64:.*]] = arith.constant 5 : i64
// CHECK-DAG: %[[F32:.*]] = arith.constant 7 : i64
// CHECK-DAG: %[[F64:.*]] = arith.constant 8 : i64
// CHECK-DAG: %[[BF16:.*]] = arith.constant 9 : i64
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[U8]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[U8]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[U16]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[I32]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[I64]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[I64]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[F32]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[F64]], %[[U16]],
// CHECK: llvm.call @tileRuntimeMakeTensorMap(%{{.*}}, %{{.*}}, %{{.*}}, %[[BF16]], %[[U16]],
func.func @types(%a: memref<32xi8>, %b: memref<32xf8E4M3FN>, %c: memref<32xi16>,
                 %d: memref<32xi32>, %e: memref<32xi64>, %f: memref<32xindex>,
                 %g: memref<32xf32>, %h: memref<32xf64>, %i: memref<32xbf16>) {
  %ma = tile.tensor_map %a : memref<32xi8> to !tile.tensor_map<16xi8>
  %mb = tile.tensor_map %b : memref<32xf8E4M3FN> to !tile.tensor_map<16xf8E4M3FN>
  %mc = tile.tensor_map %c : memref<32xi16> to !tile.tensor_map<16xi16>
  %md = tile.tensor_map %d : memref<32xi32> to !tile.tensor_map<16xi32>
  %me = tile.tensor_map %e : memref<32xi64> to !tile.tensor_map<16xi64>
  %mf = tile.tensor_map %f : memref<32xindex> to !tile.tensor_map<16xindex>
  %mg = tile.tensor_map %g : memref<32xf32> to !tile.tensor_map<16xf32>
  %mh = tile.tensor_map %h : memref<32xf64> to !tile.tensor_map<16xf64>
  %mi = tile.tensor_map %i : memref<32xbf16> to !tile.tensor_map<16xbf16>
  tile.launch blocks() in () threads(32) {
    tile.tma_prefetch %ma : !tile.tensor_map<16xi8>
    tile.tma_prefetch %mb : !tile.tensor_map<16xf8E4M3FN>
    tile.tma_prefetch %mc : !tile.tensor_map<16xi16>
    tile.tma_prefetch %md : !tile.tensor_map<16xi32>
    tile.tma_prefetch %me : !tile.tensor_map<16xi64>
    tile.tma_prefetch %mf : !tile.tensor_map<16xindex>
    tile.tma_prefetch %mg : !tile.tensor_map<16xf32>
    tile.tma_prefetch %mh : !tile.tensor_map<16xf64>
    tile.tma_prefetch %mi : !tile.tensor_map<16xbf16>
  }
  return
}

// -----

// A map that may be empty is made by another function.
// CHECK-LABEL: func @optional
// CHECK: llvm.call @tileRuntimeMakeOptionalTensorMap(
func.func @optional(%a: memref<?x?xf16>) {
  %m = tile.tensor_map %a optional : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(128) {
    tile.tma_prefetch %m : !tile.tensor_map<64x64xf16, swizzle 128>
  }
  return
}

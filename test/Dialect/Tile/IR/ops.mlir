// Every op in every form parses, prints and parses again.

// RUN: tile-opt %s --split-input-file | FileCheck %s
// RUN: tile-opt %s --split-input-file --mlir-print-op-generic | tile-opt --split-input-file | FileCheck %s
// RUN: tile-opt %s --split-input-file --verify-roundtrip | FileCheck %s
// RUN: tile-opt %s --split-input-file --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// CHECK-LABEL: func @launch
// GENERIC-LABEL: sym_name = "launch"
func.func @launch(%n: index) {
  // CHECK: tile.launch blocks() in () threads(1) {
  // CHECK-NEXT: }
  // GENERIC: "tile.launch"() <{threads = 1 : i64}> ({
  // GENERIC-NEXT: "tile.yield"() : () -> ()
  tile.launch blocks() in () threads(1) {
    tile.yield
  }
  // CHECK: tile.launch blocks(%[[X:.*]]) in (%{{.*}}) threads(1024) {
  // CHECK: arith.addi %[[X]]
  tile.launch blocks(%x) in (%n) threads(1024) {
    %0 = arith.addi %x, %n {test.use} : index
  }
  return
}

// -----

// CHECK-LABEL: func @launch_clauses
func.func @launch_clauses(%n: index) {
  // CHECK: tile.launch blocks(%{{.*}}, %{{.*}}, %{{.*}}) in (%[[N:.*]], %[[N]], %[[N]]) threads(128) cluster(2, 1, 4) shared_bytes(1024) attributes {a.note = "x"} {
  // GENERIC: "tile.launch"(%{{.*}}) <{cluster = array<i64: 2, 1, 4>, shared_bytes = 1024 : i64, threads = 128 : i64}>
  tile.launch blocks(%x, %y, %z) in (%n, %n, %n) threads(128) cluster(2, 1, 4)
      shared_bytes(1024) attributes {a.note = "x"} {
  }
  // CHECK: threads(32) swizzle(4, row) shared_bytes(16) {
  // GENERIC: "tile.launch"(%{{.*}}) <{shared_bytes = 16 : i64, swizzle = #tile.swizzle<4, row>, threads = 32 : i64}>
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) swizzle(4, row) shared_bytes(16) {
  }
  // CHECK: tile.launch blocks(%{{.*}}) in (%{{.*}}) threads(128) cluster(2) roles(cooperative) stores(staged) shared_bytes(8) {
  // GENERIC: "tile.launch"(%{{.*}}) <{cluster = array<i64: 2>, roles = #tile<warp_roles cooperative>, shared_bytes = 8 : i64, stores = #tile<stores staged>, threads = 128 : i64}>
  tile.launch blocks(%x) in (%n) threads(128) cluster(2) roles(cooperative) stores(staged) shared_bytes(8) {
  }
  // CHECK: tile.launch blocks() in () threads(1) roles(ping_pong) {
  tile.launch blocks() in () threads(1) roles(ping_pong) {
  }
  // CHECK: tile.launch blocks() in () threads(1) roles(uniform) stores(direct) {
  tile.launch blocks() in () threads(1) roles(uniform) stores(direct) {
  }
  // CHECK: threads(32) swizzle(1, column) {
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) swizzle(1, column) {
  }
  // A cluster may have fewer dimensions than the grid.
  // CHECK: threads(33) cluster(8) {
  tile.launch blocks(%x, %y) in (%n, %n) threads(33) cluster(8) {
  }
  return
}

// -----

// CHECK-LABEL: func @parallel
func.func @parallel(%n: index) {
  // CHECK: tile.parallel () in () {
  tile.parallel () in () {
  }
  // CHECK: tile.parallel (%{{.*}}, %{{.*}}, %{{.*}}) in (4, %{{.*}}, 0) attributes {a.note} {
  // GENERIC: "tile.parallel"(%{{.*}}) <{static_extents = array<i64: 4, -9223372036854775808, 0>}> ({
  tile.parallel (%i, %j, %k) in (4, %n, 0) attributes {a.note} {
  }
  return
}

// -----

// CHECK-LABEL: func @pipelined
func.func @pipelined(%n: index) {
  // CHECK: tile.pipelined %{{.*}} = %[[N:.*]] to %[[N]] step %[[N]] {
  tile.pipelined %i = %n to %n step %n {
  }
  // CHECK: tile.pipelined %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} stages(3) attributes {a.note} {
  // GENERIC: <{stages = 3 : i64}>
  tile.pipelined %i = %n to %n step %n stages(3) attributes {a.note} {
  }
  // One stage is what there is when none is said.
  // CHECK: tile.pipelined %{{.*}} = %{{.*}} to %{{.*}} step %{{[a-z0-9]+}} {
  tile.pipelined %i = %n to %n step %n stages(1) {
  }
  return
}

// -----

// CHECK-LABEL: func @alloc
func.func @alloc() {
  // CHECK: %{{.*}} = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
  %0 = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
  // CHECK: %acc = tile.alloc name("acc") : memref<f64, #tile.scope<fragment>>
  %1 = tile.alloc name("acc") : memref<f64, #tile.scope<fragment>>
  // CHECK: %acc_0 = tile.alloc name("acc") {a.note} : memref<0x1xi1, #tile.scope<local>>
  %2 = tile.alloc name("acc") {a.note} : memref<0x1xi1, #tile.scope<local>>
  // CHECK: %s = tile.alloc name("s") offset(128) : memref<4xi8, #tile.scope<shared>>
  // GENERIC: "tile.alloc"() <{name = "s", offset = 128 : i64}>
  %3 = tile.alloc name("s") offset(128) : memref<4xi8, #tile.scope<shared>>
  return
}

// -----

// CHECK-LABEL: func @alloc_var
func.func @alloc_var(%x: f32) {
  // CHECK: %{{.*}} = tile.alloc_var : index
  %0 = tile.alloc_var : index
  // CHECK: %{{.*}} = tile.alloc_var %{{.*}} : f32
  %1 = tile.alloc_var %x : f32
  // CHECK: %m_idx = tile.alloc_var %{{.*}} name("m_idx") {a.note} : f32
  // GENERIC: "tile.alloc_var"(%{{.*}}) <{name = "m_idx"}> {a.note} : (f32) -> memref<f32, #tile.scope<local>>
  %2 = tile.alloc_var %x name("m_idx") {a.note} : f32
  return
}

// -----

// CHECK-LABEL: func @copy
func.func @copy(%a: memref<?x?xf16>, %s: memref<64x32xf32, #tile.scope<shared>>,
                %i: index, %pad: f16) {
  // CHECK: tile.copy %{{.*}}, %{{.*}} : memref<?x?xf16> to memref<64x32xf32, #tile.scope<shared>>
  tile.copy %a, %s : memref<?x?xf16> to memref<64x32xf32, #tile.scope<shared>>
  // CHECK: tile.copy %{{.*}}[%[[I:.*]], %[[I]]], %{{.*}}[%[[I]], %[[I]]] extents [4, %[[I]]] pad(%{{.*}} : f16) {a.note} : memref
  // GENERIC: "tile.copy"(%{{.*}}) <{operandSegmentSizes = array<i32: 1, 2, 1, 2, 1, 1>, static_extents = array<i64: 4, -9223372036854775808>}> {a.note}
  tile.copy %a[%i, %i], %s[%i, %i] extents [4, %i] pad(%pad : f16) {a.note}
    : memref<?x?xf16> to memref<64x32xf32, #tile.scope<shared>>
  // CHECK: tile.copy %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}] : memref
  tile.copy %s, %a[%i, %i]
    : memref<64x32xf32, #tile.scope<shared>> to memref<?x?xf16>
  return
}

// -----

// CHECK-LABEL: func @copy_ranks
func.func @copy_ranks(%a: memref<f32>, %b: memref<?x2x3x4x5xf32>,
                      %c: memref<4x5xf32>, %i: index) {
  // CHECK: tile.copy %{{.*}}, %{{.*}} extents [] : memref<f32> to memref<f32>
  tile.copy %a, %a extents [] : memref<f32> to memref<f32>
  // CHECK: tile.copy %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}], %{{.*}} : memref<?x2x3x4x5xf32> to memref<4x5xf32>
  tile.copy %b[%i, %i, %i, %i, %i], %c
    : memref<?x2x3x4x5xf32> to memref<4x5xf32>
  // CHECK: tile.copy %{{.*}}, %{{.*}} extents [0, 5] : memref
  tile.copy %b, %c extents [0, 5] : memref<?x2x3x4x5xf32> to memref<4x5xf32>
  return
}

// -----

// CHECK-LABEL: func @fill
func.func @fill(%c: memref<?x4xf8E5M2, strided<[?, 2], offset: ?>>, %v: f8E5M2,
                %s: memref<4xi16>, %short: i16, %l: memref<4xi64>, %long: i64) {
  // CHECK: tile.fill %{{.*}}, %{{.*}} {a.note} : memref<?x4xf8E5M2, strided<[?, 2], offset: ?>>
  // GENERIC: "tile.fill"(%{{.*}}, %{{.*}}) {a.note} : (memref<?x4xf8E5M2, strided<[?, 2], offset: ?>>, f8E5M2) -> ()
  tile.fill %c, %v {a.note} : memref<?x4xf8E5M2, strided<[?, 2], offset: ?>>
  // CHECK: tile.fill %{{.*}}, %{{.*}} : memref<4xi16>
  tile.fill %s, %short : memref<4xi16>
  // CHECK: tile.fill %{{.*}}, %{{.*}} : memref<4xi64>
  tile.fill %l, %long : memref<4xi64>
  return
}

// -----

// CHECK-LABEL: func @async
func.func @async(%a: memref<?x?xf16>, %s: memref<3x64x32xf16, #tile.scope<shared>>,
                 %t: memref<64x32xf16, #tile.scope<shared>>, %i: index, %pad: f16) {
  // CHECK: tile.async_copy %{{.*}}, %{{.*}} : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
  tile.async_copy %a, %t : memref<?x?xf16> to memref<64x32xf16, #tile.scope<shared>>
  // CHECK: tile.async_copy %{{.*}}[%[[I:.*]], %[[I]]], %{{.*}}[%[[I]], %[[I]], %[[I]]] extents [64, %[[I]]] pad(%{{.*}} : f16) {a.note} : memref
  // GENERIC: "tile.async_copy"(%{{.*}}) <{operandSegmentSizes = array<i32: 1, 2, 1, 3, 1, 1>, static_extents = array<i64: 64, -9223372036854775808>}> {a.note}
  tile.async_copy %a[%i, %i], %s[%i, %i, %i] extents [64, %i] pad(%pad : f16) {a.note}
    : memref<?x?xf16> to memref<3x64x32xf16, #tile.scope<shared>>
  // CHECK: tile.async_commit {a.note}
  tile.async_commit {a.note}
  // CHECK: tile.async_wait 0
  tile.async_wait 0
  // CHECK: tile.async_wait 2 {a.note}
  // GENERIC: "tile.async_wait"() <{pending = 2 : i64}> {a.note} : () -> ()
  tile.async_wait 2 {a.note}
  return
}

// -----

// CHECK-LABEL: func @atomic
func.func @atomic(%b: memref<?x4xi32>, %s: memref<bf16, #tile.scope<shared>>,
                  %v: i32, %w: bf16, %i: index) -> i32 {
  // CHECK: %[[OLD:.*]] = tile.atomic add %{{.*}}, %{{.*}}[%{{.*}}, %{{.*}}] : memref<?x4xi32>
  // GENERIC: "tile.atomic"(%{{.*}}) <{kind = #tile<atomic_kind add>}> : (i32, memref<?x4xi32>, index, index) -> i32
  %old = tile.atomic add %v, %b[%i, %i] : memref<?x4xi32>
  // CHECK: tile.atomic max %{{.*}}, %{{.*}}[] : memref<bf16, #tile.scope<shared>>
  %0 = tile.atomic max %w, %s[] : memref<bf16, #tile.scope<shared>>
  // CHECK: tile.atomic min %{{.*}}, %{{.*}}[] {a.note} : memref
  %1 = tile.atomic min %w, %s[] {a.note} : memref<bf16, #tile.scope<shared>>
  // CHECK: tile.atomic and %{{.*}} : memref<?x4xi32>
  %2 = tile.atomic and %v, %b[%i, %i] : memref<?x4xi32>
  // CHECK: tile.atomic or %{{.*}} : memref<?x4xi32>
  %3 = tile.atomic or %v, %b[%i, %i] : memref<?x4xi32>
  // CHECK: tile.atomic xor %{{.*}} : memref<?x4xi32>
  %4 = tile.atomic xor %v, %b[%i, %i] : memref<?x4xi32>
  // CHECK: tile.atomic exchange %{{.*}} : memref<bf16, #tile.scope<shared>>
  %5 = tile.atomic exchange %w, %s[] : memref<bf16, #tile.scope<shared>>
  // CHECK: return %[[OLD]]
  return %old : i32
}

// -----

// CHECK-LABEL: func @gemm
func.func @gemm(%a: memref<4x8xf32>, %b: memref<8x16xf32>,
                %at: memref<8x4xf32>, %bt: memref<16x8xf32>,
                %c: memref<4x16xf32, #tile.scope<fragment>>, %cond: i1) {
  // CHECK: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} : memref<4x8xf32>, memref<8x16xf32>, memref<4x16xf32, #tile.scope<fragment>>
  tile.gemm %a, %b, %c : memref<4x8xf32>, memref<8x16xf32>,
    memref<4x16xf32, #tile.scope<fragment>>
  // CHECK: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} transpose_a transpose_b clear precision(tf32) {a.note} :
  // GENERIC: <{clear, policy = #tile<gemm_policy square>, precision = #tile<precision tf32>, transpose_a, transpose_b}> {a.note}
  tile.gemm %at, %bt, %c transpose_a transpose_b clear precision(tf32) {a.note}
    : memref<8x4xf32>, memref<16x8xf32>, memref<4x16xf32, #tile.scope<fragment>>
  // CHECK: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} transpose_b clear_if(%{{.*}}) :
  tile.gemm %a, %bt, %c transpose_b clear_if(%cond) precision(full)
    : memref<4x8xf32>, memref<16x8xf32>, memref<4x16xf32, #tile.scope<fragment>>
  // CHECK: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} policy(full_row) :
  // GENERIC: <{policy = #tile<gemm_policy full_row>{{.*}}}>
  tile.gemm %a, %b, %c policy(full_row)
    : memref<4x8xf32>, memref<8x16xf32>, memref<4x16xf32, #tile.scope<fragment>>
  // CHECK: tile.gemm %{{.*}}, %{{.*}}, %{{.*}} clear policy(full_col) :
  tile.gemm %a, %b, %c clear policy(full_col)
    : memref<4x8xf32>, memref<8x16xf32>, memref<4x16xf32, #tile.scope<fragment>>
  // CHECK: tile.gemm %{{.*}}, %{{.*}}, %{{[a-z0-9]+}} : memref
  tile.gemm %a, %b, %c policy(square)
    : memref<4x8xf32>, memref<8x16xf32>, memref<4x16xf32, #tile.scope<fragment>>
  return
}

// -----

// CHECK-LABEL: func @reduce
func.func @reduce(%s: memref<4x8xf32>, %m: memref<4xf32>, %k: memref<1x8xf32>,
                  %b: memref<4xi1>, %d: memref<i1>) {
  // CHECK: tile.reduce sum %{{.*}}, %{{.*}} dim 1 : memref<4x8xf32> to memref<4xf32>
  tile.reduce sum %s, %m dim 1 : memref<4x8xf32> to memref<4xf32>
  // CHECK: tile.reduce max %{{.*}}, %{{.*}} dim 0 accumulate {a.note} : memref<4x8xf32> to memref<1x8xf32>
  // GENERIC: <{accumulate, dim = 0 : i64, kind = #tile<reduce_kind max>}> {a.note}
  tile.reduce max %s, %k dim 0 accumulate {a.note}
    : memref<4x8xf32> to memref<1x8xf32>
  // CHECK: tile.reduce min
  tile.reduce min %s, %m dim 1 : memref<4x8xf32> to memref<4xf32>
  // CHECK: tile.reduce abssum
  tile.reduce abssum %s, %m dim 1 : memref<4x8xf32> to memref<4xf32>
  // CHECK: tile.reduce absmax
  tile.reduce absmax %s, %m dim 1 : memref<4x8xf32> to memref<4xf32>
  // CHECK: tile.reduce min %{{.*}} dim 1 ignore_nan : memref
  tile.reduce min %s, %m dim 1 ignore_nan : memref<4x8xf32> to memref<4xf32>
  // CHECK: tile.reduce absmax %{{.*}} dim 1 accumulate ignore_nan {a.note} : memref
  // GENERIC: <{accumulate, dim = 1 : i64, ignore_nan, kind = #tile<reduce_kind absmax>}> {a.note}
  tile.reduce absmax %s, %m dim 1 accumulate ignore_nan {a.note}
    : memref<4x8xf32> to memref<4xf32>
  // CHECK: tile.reduce and {{.*}} : memref<4xi1> to memref<i1>
  tile.reduce and %b, %d dim 0 : memref<4xi1> to memref<i1>
  // CHECK: tile.reduce or
  tile.reduce or %b, %d dim 0 : memref<4xi1> to memref<i1>
  // CHECK: tile.reduce xor
  tile.reduce xor %b, %d dim 0 : memref<4xi1> to memref<i1>
  return
}

// -----

// CHECK-LABEL: func @scan
func.func @scan(%s: memref<4x8xf32>, %f: memref<4x8xf32, #tile.scope<fragment>>,
                %l: memref<3xi64, #tile.scope<local>>) {
  // CHECK: tile.scan sum %{{.*}}, %{{.*}} dim 1 : memref<4x8xf32> to memref<4x8xf32, #tile.scope<fragment>>
  tile.scan sum %s, %f dim 1
    : memref<4x8xf32> to memref<4x8xf32, #tile.scope<fragment>>
  // CHECK: tile.scan max %[[S:.*]], %[[S]] dim 0 reverse {a.note} : memref<4x8xf32> to memref<4x8xf32>
  // GENERIC: "tile.scan"(%{{.*}}) <{dim = 0 : i64, kind = #tile<scan_kind max>, reverse}> {a.note}
  tile.scan max %s, %s dim 0 reverse {a.note}
    : memref<4x8xf32> to memref<4x8xf32>
  // CHECK: tile.scan sum %{{.*}} dim 0 : memref<3xi64, #tile.scope<local>> to memref<3xi64, #tile.scope<local>>
  tile.scan sum %l, %l dim 0
    : memref<3xi64, #tile.scope<local>> to memref<3xi64, #tile.scope<local>>
  return
}

// -----

// CHECK-LABEL: func @votes
func.func @votes(%s: memref<4x8xf32>, %d: memref<?xi1>, %i: index) {
  // CHECK: %{{.*}} = tile.any %{{.*}} : memref<4x8xf32>
  %0 = tile.any %s : memref<4x8xf32>
  // CHECK: tile.any %{{.*}}[%[[I:.*]], %[[I]]] : memref<4x8xf32>
  %1 = tile.any %s[%i, %i] : memref<4x8xf32>
  // CHECK: tile.all %{{.*}}[%[[I:.*]]] extents [%[[I]]] {a.note} : memref<?xi1>
  // GENERIC: "tile.all"(%{{.*}}) <{operandSegmentSizes = array<i32: 1, 1, 1>, static_extents = array<i64: -9223372036854775808>}> {a.note}
  %2 = tile.all %d[%i] extents [%i] {a.note} : memref<?xi1>
  // CHECK: tile.all %{{.*}} extents [4, 2] : memref<4x8xf32>
  %3 = tile.all %s extents [4, 2] : memref<4x8xf32>
  return
}

// -----

// CHECK-LABEL: func @convert_layout
func.func @convert_layout(%s: memref<4x8xf32, #tile.scope<fragment>>,
                          %t: memref<4x8xf16, #tile.scope<fragment>>,
                          %m: memref<32xf16, #tile.scope<shared>>) {
  // CHECK: tile.convert_layout %{{.*}}, %{{.*}} {a.note} : memref<4x8xf32, #tile.scope<fragment>> to memref<4x8xf16, #tile.scope<fragment>>
  // GENERIC: "tile.convert_layout"(%{{.*}}, %{{.*}}) {a.note}
  tile.convert_layout %s, %t {a.note}
    : memref<4x8xf32, #tile.scope<fragment>>
      to memref<4x8xf16, #tile.scope<fragment>>
  // CHECK: tile.convert_layout %{{.*}}, %{{.*}} : memref<4x8xf32, #tile.scope<fragment>> to memref<4x8xf16, #tile.scope<fragment>> scratch %{{.*}} : memref<32xf16, #tile.scope<shared>>
  tile.convert_layout %s, %t
    : memref<4x8xf32, #tile.scope<fragment>>
      to memref<4x8xf16, #tile.scope<fragment>>
      scratch %m : memref<32xf16, #tile.scope<shared>>
  return
}

// -----

// CHECK-LABEL: func @transpose
func.func @transpose(%s: memref<4x8xf32>, %t: memref<8x4xf16, #tile.scope<local>>) {
  // CHECK: tile.transpose %{{.*}}, %{{.*}} {a.note} : memref<4x8xf32> to memref<8x4xf16, #tile.scope<local>>
  // GENERIC: "tile.transpose"(%{{.*}}) {a.note}
  tile.transpose %s, %t {a.note}
    : memref<4x8xf32> to memref<8x4xf16, #tile.scope<local>>
  return
}

// -----

// CHECK-LABEL: func @threads
func.func @threads(%a: memref<32xindex>) {
  // CHECK: tile.threads (%[[T:.*]]) {
  // CHECK-NEXT: memref.store %[[T]], %{{.*}}[%[[T]]]
  // CHECK-NEXT: }
  // GENERIC: "tile.threads"() ({
  // GENERIC-NEXT: ^bb0(%{{.*}}: index):
  tile.threads (%t) {
    memref.store %t, %a[%t] : memref<32xindex>
  }
  // CHECK: tile.threads (%{{.*}}) attributes {a.note} {
  tile.threads (%t) attributes {a.note} {
  }
  return
}

// -----

// CHECK-LABEL: func @debug
func.func @debug(%c: i1, %x: f8E4M3FN, %b: memref<2xi8>) {
  // CHECK: tile.print "nothing %d \22quoted\22"
  tile.print "nothing %d \22quoted\22"
  // CHECK: tile.print "values", %{{.*}}, %{{.*}}, %{{.*}} : i1, f8E4M3FN, memref<2xi8> {a.note}
  // GENERIC: "tile.print"(%{{.*}}) <{text = "values"}> {a.note} : (i1, f8E4M3FN, memref<2xi8>) -> ()
  tile.print "values", %c, %x, %b : i1, f8E4M3FN, memref<2xi8> {a.note}
  // CHECK: tile.print "element" element, %{{.*}}, %{{.*}} : index, f8E4M3FN
  %i = arith.constant 0 : index
  tile.print "element" element, %i, %x : index, f8E4M3FN
  // CHECK: tile.assert %{{.*}}, "expected n > 0" {a.note}
  // GENERIC: "tile.assert"(%{{.*}}) <{message = "expected n > 0"}> {a.note} : (i1) -> ()
  tile.assert %c, "expected n > 0" {a.note}
  // CHECK: tile.assume %{{.*}} {a.note}
  tile.assume %c {a.note}
  // CHECK: tile.barrier {a.note}
  tile.barrier {a.note}
  return
}

// -----

// CHECK-LABEL: func @view
func.func @view(%s: memref<8x16xf32, #tile.scope<shared>>, %g: memref<4xindex>) {
  // CHECK: tile.view %{{.*}} {a.note} : memref<8x16xf32, #tile.scope<shared>> to memref<8x32xi16, #tile.scope<shared>>
  // GENERIC: "tile.view"(%{{.*}}) {a.note}
  %i = tile.view %s {a.note}
    : memref<8x16xf32, #tile.scope<shared>>
      to memref<8x32xi16, #tile.scope<shared>>
  // CHECK: tile.view %{{.*}} : memref<4xindex> to memref<32xi1>
  %b = tile.view %g : memref<4xindex> to memref<32xi1>
  return
}

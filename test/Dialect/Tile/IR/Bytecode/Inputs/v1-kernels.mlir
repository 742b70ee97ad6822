// What v1-kernels.mlirbc holds.

module {
  func.func @launch(%arg0: index) {
    tile.launch blocks() in () threads(1) {
    }
    tile.launch blocks(%arg1) in (%arg0) threads(1024) {
      %0 = arith.addi %arg1, %arg0 {test.use} : index
    }
    return
  }
  func.func @launch_clauses(%arg0: index) {
    tile.launch blocks(%arg1, %arg2, %arg3) in (%arg0, %arg0, %arg0) threads(128) cluster(2, 1, 4) shared_bytes(1024) attributes {a.note = "x"} {
    }
    tile.launch blocks(%arg1, %arg2) in (%arg0, %arg0) threads(33) cluster(8) {
    }
    return
  }
  func.func @parallel(%arg0: index) {
    tile.parallel () in () {
    }
    tile.parallel (%arg1, %arg2, %arg3) in (4, %arg0, 0) attributes {a.note} {
    }
    return
  }
  func.func @pipelined(%arg0: index) {
    tile.pipelined %arg1 = %arg0 to %arg0 step %arg0 {
    }
    tile.pipelined %arg1 = %arg0 to %arg0 step %arg0 stages(3) attributes {a.note} {
    }
    tile.pipelined %arg1 = %arg0 to %arg0 step %arg0 {
    }
    return
  }
  func.func @alloc() {
    %0 = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
    %acc = tile.alloc name("acc") : memref<f64, #tile.scope<fragment>>
    %acc_0 = tile.alloc name("acc") {a.note} : memref<0x1xi1, #tile.scope<local>>
    %s = tile.alloc name("s") offset(128) : memref<4xi8, #tile.scope<shared>>
    return
  }
  func.func @alloc_var(%arg0: f32) {
    %0 = tile.alloc_var : index
    %1 = tile.alloc_var %arg0 : f32
    %m_idx = tile.alloc_var %arg0 name("m_idx") {a.note} : f32
    return
  }
  func.func @copy(%arg0: memref<?x?xf16>, %arg1: memref<64x32xf32, #tile.scope<shared>>, %arg2: index, %arg3: f16) {
    tile.copy %arg0, %arg1 : memref<?x?xf16> to memref<64x32xf32, #tile.scope<shared>>
    tile.copy %arg0[%arg2, %arg2], %arg1[%arg2, %arg2] extents [4, %arg2] pad(%arg3 : f16) {a.note} : memref<?x?xf16> to memref<64x32xf32, #tile.scope<shared>>
    tile.copy %arg1, %arg0[%arg2, %arg2] : memref<64x32xf32, #tile.scope<shared>> to memref<?x?xf16>
    return
  }
  func.func @copy_ranks(%arg0: memref<f32>, %arg1: memref<?x2x3x4x5xf32>, %arg2: memref<4x5xf32>, %arg3: index) {
    tile.copy %arg0, %arg0 extents [] : memref<f32> to memref<f32>
    tile.copy %arg1[%arg3, %arg3, %arg3, %arg3, %arg3], %arg2 : memref<?x2x3x4x5xf32> to memref<4x5xf32>
    tile.copy %arg1, %arg2 extents [0, 5] : memref<?x2x3x4x5xf32> to memref<4x5xf32>
    return
  }
  func.func @fill(%arg0: memref<?x4xf8E5M2, strided<[?, 2], offset: ?>>, %arg1: f8E5M2, %arg2: memref<4xi16>, %arg3: i16, %arg4: memref<4xi64>, %arg5: i64) {
    tile.fill %arg0, %arg1 {a.note} : memref<?x4xf8E5M2, strided<[?, 2], offset: ?>>
    tile.fill %arg2, %arg3 : memref<4xi16>
    tile.fill %arg4, %arg5 : memref<4xi64>
    return
  }
  func.func @atomic(%arg0: memref<?x4xi32>, %arg1: memref<bf16, #tile.scope<shared>>, %arg2: i32, %arg3: bf16, %arg4: index) -> i32 {
    %0 = tile.atomic add %arg2, %arg0[%arg4, %arg4] : memref<?x4xi32>
    %1 = tile.atomic max %arg3, %arg1[] : memref<bf16, #tile.scope<shared>>
    %2 = tile.atomic min %arg3, %arg1[] {a.note} : memref<bf16, #tile.scope<shared>>
    %3 = tile.atomic and %arg2, %arg0[%arg4, %arg4] : memref<?x4xi32>
    %4 = tile.atomic or %arg2, %arg0[%arg4, %arg4] : memref<?x4xi32>
    %5 = tile.atomic xor %arg2, %arg0[%arg4, %arg4] : memref<?x4xi32>
    %6 = tile.atomic exchange %arg3, %arg1[] : memref<bf16, #tile.scope<shared>>
    return %0 : i32
  }
  func.func @gemm(%arg0: memref<4x8xf32>, %arg1: memref<8x16xf32>, %arg2: memref<8x4xf32>, %arg3: memref<16x8xf32>, %arg4: memref<4x16xf32, #tile.scope<fragment>>, %arg5: i1) {
    tile.gemm %arg0, %arg1, %arg4 : memref<4x8xf32>, memref<8x16xf32>, memref<4x16xf32, #tile.scope<fragment>>
    tile.gemm %arg2, %arg3, %arg4 transpose_a transpose_b clear precision(tf32) {a.note} : memref<8x4xf32>, memref<16x8xf32>, memref<4x16xf32, #tile.scope<fragment>>
    tile.gemm %arg0, %arg3, %arg4 transpose_b clear_if(%arg5) : memref<4x8xf32>, memref<16x8xf32>, memref<4x16xf32, #tile.scope<fragment>>
    return
  }
  func.func @reduce(%arg0: memref<4x8xf32>, %arg1: memref<4xf32>, %arg2: memref<1x8xf32>, %arg3: memref<4xi1>, %arg4: memref<i1>) {
    tile.reduce sum %arg0, %arg1 dim 1 : memref<4x8xf32> to memref<4xf32>
    tile.reduce max %arg0, %arg2 dim 0 accumulate {a.note} : memref<4x8xf32> to memref<1x8xf32>
    tile.reduce min %arg0, %arg1 dim 1 : memref<4x8xf32> to memref<4xf32>
    tile.reduce abssum %arg0, %arg1 dim 1 : memref<4x8xf32> to memref<4xf32>
    tile.reduce absmax %arg0, %arg1 dim 1 : memref<4x8xf32> to memref<4xf32>
    tile.reduce min %arg0, %arg1 dim 1 ignore_nan : memref<4x8xf32> to memref<4xf32>
    tile.reduce absmax %arg0, %arg1 dim 1 accumulate ignore_nan {a.note} : memref<4x8xf32> to memref<4xf32>
    tile.reduce and %arg3, %arg4 dim 0 : memref<4xi1> to memref<i1>
    tile.reduce or %arg3, %arg4 dim 0 : memref<4xi1> to memref<i1>
    tile.reduce xor %arg3, %arg4 dim 0 : memref<4xi1> to memref<i1>
    return
  }
  func.func @scan(%arg0: memref<4x8xf32>, %arg1: memref<4x8xf32, #tile.scope<fragment>>, %arg2: memref<3xi64, #tile.scope<local>>) {
    tile.scan sum %arg0, %arg1 dim 1 : memref<4x8xf32> to memref<4x8xf32, #tile.scope<fragment>>
    tile.scan max %arg0, %arg0 dim 0 reverse {a.note} : memref<4x8xf32> to memref<4x8xf32>
    tile.scan sum %arg2, %arg2 dim 0 : memref<3xi64, #tile.scope<local>> to memref<3xi64, #tile.scope<local>>
    return
  }
  func.func @votes(%arg0: memref<4x8xf32>, %arg1: memref<?xi1>, %arg2: index) {
    %0 = tile.any %arg0 : memref<4x8xf32>
    %1 = tile.any %arg0[%arg2, %arg2] : memref<4x8xf32>
    %2 = tile.all %arg1[%arg2] extents [%arg2] {a.note} : memref<?xi1>
    %3 = tile.all %arg0 extents [4, 2] : memref<4x8xf32>
    return
  }
  func.func @transpose(%arg0: memref<4x8xf32>, %arg1: memref<8x4xf16, #tile.scope<local>>) {
    tile.transpose %arg0, %arg1 {a.note} : memref<4x8xf32> to memref<8x4xf16, #tile.scope<local>>
    return
  }
  func.func @debug(%arg0: i1, %arg1: f8E4M3FN, %arg2: memref<2xi8>) {
    tile.print "nothing %d \22quoted\22"
    tile.print "values", %arg0, %arg1, %arg2 : i1, f8E4M3FN, memref<2xi8> {a.note}
    %c0 = arith.constant 0 : index
    tile.print "element" element, %c0, %arg1 : index, f8E4M3FN
    tile.assert %arg0, "expected n > 0" {a.note}
    tile.assume %arg0 {a.note}
    tile.barrier {a.note}
    return
  }
}


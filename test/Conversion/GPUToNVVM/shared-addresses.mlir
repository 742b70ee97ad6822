// RUN: tile-opt %s --pass-pipeline='builtin.module(gpu.module(convert-tile-gpu-to-nvvm,canonicalize,cse))' | FileCheck %s

gpu.module @kernels {
  // Constants of sums, and of products of these, stand apart, so that copies
  // and loads have an address in common.
  // CHECK-LABEL: llvm.func @split
  // CHECK: %[[BASE:.*]] = llvm.getelementptr %{{.*}}[%{{.*}}] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, f16
  // CHECK: nvvm.cp.async.shared.global %[[BASE]],
  // CHECK: %[[NEXT:.*]] = llvm.getelementptr %[[BASE]][520] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f16
  // CHECK: nvvm.cp.async.shared.global %[[NEXT]],
  // CHECK: %[[LAST:.*]] = llvm.getelementptr %[[BASE]][1024] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f16
  // CHECK: nvvm.ldmatrix %[[LAST]]
  gpu.func @split(%a: memref<64x64xf16>, %s: memref<64x64xf16, #gpu.address_space<workgroup>>, %row: index, %column: index, %out: memref<vector<4x2xf16>>) kernel {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c16 = arith.constant 16 : index
    %row1 = arith.addi %row, %c8 : index
    %row2 = arith.addi %row, %c16 : index
    %column1 = arith.addi %c8, %column : index
    %0 = nvgpu.device_async_copy %a[%c0, %c0], %s[%row, %column], 8 : memref<64x64xf16> to memref<64x64xf16, #gpu.address_space<workgroup>>
    %1 = nvgpu.device_async_copy %a[%c0, %c0], %s[%row1, %column1], 8 : memref<64x64xf16> to memref<64x64xf16, #gpu.address_space<workgroup>>
    %2 = nvgpu.ldmatrix %s[%row2, %column] {numTiles = 4 : i32, transpose = false} : memref<64x64xf16, #gpu.address_space<workgroup>> -> vector<4x2xf16>
    memref.store %2, %out[] : memref<vector<4x2xf16>>
    gpu.return
  }

  // Offsets that are constants, or have none, stay as they are.
  // CHECK-LABEL: llvm.func @whole
  // CHECK-SAME: %[[S:[a-z0-9]*]]: !llvm.ptr<3>, %{{[^:]*}}: i64
  // CHECK: %[[FIXED:.*]] = llvm.getelementptr %[[S]][%{{.*}}] : (!llvm.ptr<3>, i64)
  // CHECK-NOT: llvm.getelementptr %[[FIXED]]
  // CHECK: nvvm.cp.async.shared.global %[[FIXED]],
  // CHECK: %[[PLACE:.*]] = llvm.getelementptr %[[S]][%{{.*}}] : (!llvm.ptr<3>, i64)
  // CHECK-NEXT: nvvm.cp.async.shared.global %[[PLACE]],
  gpu.func @whole(%a: memref<64x64xf16>, %s: memref<64x64xf16, #gpu.address_space<workgroup>>, %row: index, %column: index) kernel {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %0 = nvgpu.device_async_copy %a[%c0, %c0], %s[%c8, %c8], 8 : memref<64x64xf16> to memref<64x64xf16, #gpu.address_space<workgroup>>
    %1 = nvgpu.device_async_copy %a[%c0, %c0], %s[%row, %column], 8 : memref<64x64xf16> to memref<64x64xf16, #gpu.address_space<workgroup>>
    gpu.return
  }

  // A number that is a part of many sums is looked at once: there are as many
  // ways to the first one here as 2 to the 40.
  // CHECK-LABEL: llvm.func @shared_parts
  // CHECK: %[[SHARED:.*]] = llvm.getelementptr %{{.*}}[%{{.*}}] : (!llvm.ptr<3>, i64) -> !llvm.ptr<3>, f16
  // CHECK: %[[AHEAD:.*]] = llvm.getelementptr %[[SHARED]][8] :
  // CHECK: nvvm.cp.async.shared.global %[[AHEAD]],
  gpu.func @shared_parts(%a: memref<64x64xf16>, %s: memref<64x64xf16, #gpu.address_space<workgroup>>, %y0: index) kernel {
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %y1 = arith.addi %y0, %y0 : index
    %y2 = arith.addi %y1, %y1 : index
    %y3 = arith.addi %y2, %y2 : index
    %y4 = arith.addi %y3, %y3 : index
    %y5 = arith.addi %y4, %y4 : index
    %y6 = arith.addi %y5, %y5 : index
    %y7 = arith.addi %y6, %y6 : index
    %y8 = arith.addi %y7, %y7 : index
    %y9 = arith.addi %y8, %y8 : index
    %y10 = arith.addi %y9, %y9 : index
    %y11 = arith.addi %y10, %y10 : index
    %y12 = arith.addi %y11, %y11 : index
    %y13 = arith.addi %y12, %y12 : index
    %y14 = arith.addi %y13, %y13 : index
    %y15 = arith.addi %y14, %y14 : index
    %y16 = arith.addi %y15, %y15 : index
    %y17 = arith.addi %y16, %y16 : index
    %y18 = arith.addi %y17, %y17 : index
    %y19 = arith.addi %y18, %y18 : index
    %y20 = arith.addi %y19, %y19 : index
    %y21 = arith.addi %y20, %y20 : index
    %y22 = arith.addi %y21, %y21 : index
    %y23 = arith.addi %y22, %y22 : index
    %y24 = arith.addi %y23, %y23 : index
    %y25 = arith.addi %y24, %y24 : index
    %y26 = arith.addi %y25, %y25 : index
    %y27 = arith.addi %y26, %y26 : index
    %y28 = arith.addi %y27, %y27 : index
    %y29 = arith.addi %y28, %y28 : index
    %y30 = arith.addi %y29, %y29 : index
    %y31 = arith.addi %y30, %y30 : index
    %y32 = arith.addi %y31, %y31 : index
    %y33 = arith.addi %y32, %y32 : index
    %y34 = arith.addi %y33, %y33 : index
    %y35 = arith.addi %y34, %y34 : index
    %y36 = arith.addi %y35, %y35 : index
    %y37 = arith.addi %y36, %y36 : index
    %y38 = arith.addi %y37, %y37 : index
    %y39 = arith.addi %y38, %y38 : index
    %y40 = arith.addi %y39, %y39 : index
    %column = arith.addi %y40, %c8 : index
    %0 = nvgpu.device_async_copy %a[%c0, %c0], %s[%c0, %column], 8 : memref<64x64xf16> to memref<64x64xf16, #gpu.address_space<workgroup>>
    gpu.return
  }

  // A constant that does not fit in 64 bits stays in its sum or product.
  // CHECK-LABEL: llvm.func @overflow
  // CHECK-SAME: %[[S:[a-z0-9]*]]: !llvm.ptr<3>, %{{[^:]*}}: i64
  // CHECK: %[[PRODUCT:.*]] = llvm.getelementptr %[[S]][%{{.*}}] : (!llvm.ptr<3>, i64)
  // CHECK-NOT: llvm.getelementptr %[[PRODUCT]]
  // CHECK: nvvm.cp.async.shared.global %[[PRODUCT]],
  // CHECK: %[[SUM:.*]] = llvm.getelementptr %[[S]][%{{.*}}] : (!llvm.ptr<3>, i64)
  // CHECK-NOT: llvm.getelementptr %[[SUM]]
  // CHECK: nvvm.cp.async.shared.global %[[SUM]],
  gpu.func @overflow(%a: memref<64x64xf16>, %s: memref<64x64xf16, #gpu.address_space<workgroup>>, %x: index, %y: index) kernel {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %large = arith.constant 4611686018427387906 : index
    %least = arith.constant -9223372036854775808 : index
    %next = arith.constant -9223372036854775800 : index
    %x1 = arith.addi %x, %large : index
    %x2 = arith.addi %x, %least : index
    %y2 = arith.addi %y, %next : index
    %product = arith.muli %x1, %c4 : index
    %sum = arith.addi %x2, %y2 : index
    %0 = nvgpu.device_async_copy %a[%c0, %c0], %s[%c0, %product], 8 : memref<64x64xf16> to memref<64x64xf16, #gpu.address_space<workgroup>>
    %1 = nvgpu.device_async_copy %a[%c0, %c0], %s[%c0, %sum], 8 : memref<64x64xf16> to memref<64x64xf16, #gpu.address_space<workgroup>>
    gpu.return
  }
}

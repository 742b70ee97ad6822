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
}

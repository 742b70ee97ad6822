// RUN: tile-opt %s --convert-linalg-to-tile --canonicalize | FileCheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(convert-linalg-to-tile{gemm-tile=16,32,8 threads=256 stages=2})' | FileCheck %s --check-prefix=OPTIONS

// CHECK-LABEL: func @matmul
// CHECK-SAME: %[[A:.*]]: memref<?x?xf16>, %[[B:.*]]: memref<?x?xf16>, %[[C:.*]]: memref<?x?xf32>
// The fill is a part of the kernel.
// CHECK-NOT: linalg
// CHECK: tile.launch blocks(%[[ID:.*]]) in (%{{.*}}) threads(128)
// CHECK-NEXT: %[[NUM:.*]] = arith.remui %[[ID]], %[[COLS:.*]] : index
// CHECK-NEXT: %[[ROW:.*]] = arith.divui %[[ID]], %[[COLS]] : index
// CHECK-NEXT: %[[N:.*]] = arith.muli %[[NUM]], %c64
// CHECK-NEXT: %[[M:.*]] = arith.muli %[[ROW]], %c64
// CHECK-NEXT: %[[AT:.*]] = tile.alloc : memref<64x32xf16, #tile.scope<shared>>
// CHECK-NEXT: %[[BT:.*]] = tile.alloc : memref<32x64xf16, #tile.scope<shared>>
// CHECK-NEXT: %[[ACC:.*]] = tile.alloc : memref<64x64xf32, #tile.scope<fragment>>
// CHECK-NEXT: tile.fill %[[ACC]], %{{.*}}
// CHECK-NEXT: tile.pipelined %[[K:.*]] = %c0 to %{{.*}} step %c32 stages(3)
// CHECK-NEXT: tile.copy %[[A]][%[[M]], %[[K]]], %[[AT]]
// CHECK-NEXT: tile.copy %[[B]][%[[K]], %[[N]]], %[[BT]]
// CHECK-NEXT: tile.gemm %[[AT]], %[[BT]], %[[ACC]] :
// CHECK: tile.copy %[[ACC]], %[[C]][%[[M]], %[[N]]]
// OPTIONS-LABEL: func @matmul
// OPTIONS: threads(256)
// OPTIONS: stages(2)
// OPTIONS: tile.gemm {{.*}} : memref<16x8xf16, #tile.scope<shared>>, memref<8x32xf16, #tile.scope<shared>>, memref<16x32xf32, #tile.scope<fragment>>
func.func @matmul(%a: memref<?x?xf16>, %b: memref<?x?xf16>,
                  %c: memref<?x?xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<?x?xf32>)
  linalg.matmul ins(%a, %b : memref<?x?xf16>, memref<?x?xf16>)
                outs(%c : memref<?x?xf32>)
  return
}

// What is transposed in the maps is transposed in the product; 16-bit results
// are summed in f32.
// CHECK-LABEL: func @transposed
// CHECK-SAME: %[[A:.*]]: memref<100x70xf16>, %[[B:.*]]: memref<90x100xf16>, %[[C:.*]]: memref<70x90xf16>
// CHECK: tile.launch blocks(%{{.*}}) in (%c4) threads(128)
// CHECK: tile.copy %[[C]][%{{.*}}, %{{.*}}], %[[ACC:.*]] : memref<70x90xf16> to memref<64x64xf32, #tile.scope<fragment>>
// CHECK: tile.copy %[[A]]{{.*}} to memref<32x64xf16, #tile.scope<shared>>
// CHECK: tile.copy %[[B]]{{.*}} to memref<64x32xf16, #tile.scope<shared>>
// CHECK: tile.gemm %{{.*}}, %{{.*}}, %[[ACC]] transpose_a transpose_b
// CHECK: tile.copy %[[ACC]], %[[C]]
func.func @transposed(%a: memref<100x70xf16>, %b: memref<90x100xf16>,
                      %c: memref<70x90xf16>) {
  linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>,
                                 affine_map<(m, n, k) -> (n, k)>,
                                 affine_map<(m, n, k) -> (m, n)>]
    ins(%a, %b : memref<100x70xf16>, memref<90x100xf16>)
    outs(%c : memref<70x90xf16>)
  return
}

// A result stored as columns: the factors change places.
// CHECK-LABEL: func @columns
// CHECK-SAME: %[[A:.*]]: memref<64x8xf32>, %[[B:.*]]: memref<8x32xf32>, %[[C:.*]]: memref<32x64xf32>
// CHECK: tile.copy %[[B]]{{.*}}, %[[BT:.*]] : memref<8x32xf32>
// CHECK: tile.copy %[[A]]{{.*}}, %[[AT:.*]] : memref<64x8xf32>
// CHECK: tile.gemm %[[BT]], %[[AT]], %{{.*}} transpose_a transpose_b : {{.*}}, memref<32x64xf32, #tile.scope<fragment>>
func.func @columns(%a: memref<64x8xf32>, %b: memref<8x32xf32>,
                   %c: memref<32x64xf32>) {
  linalg.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                                   affine_map<(m, n, k) -> (k, n)>,
                                   affine_map<(m, n, k) -> (n, m)>]
    ins(%a, %b : memref<64x8xf32>, memref<8x32xf32>)
    outs(%c : memref<32x64xf32>)
  return
}

// Batch dimensions are blocks.
// CHECK-LABEL: func @batch
// CHECK: tile.launch blocks(%{{.*}}) in (%c12)
// CHECK: tile.copy %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}], %{{.*}} : memref<3x100x40xi8> to memref<64x32xi8, #tile.scope<shared>>
// CHECK: tile.gemm {{.*}}, memref<64x64xi32, #tile.scope<fragment>>
func.func @batch(%a: memref<3x100x40xi8>, %b: memref<3x40x90xi8>,
                 %c: memref<3x100x90xi32>) {
  linalg.batch_matmul ins(%a, %b : memref<3x100x40xi8>, memref<3x40x90xi8>)
                      outs(%c : memref<3x100x90xi32>)
  return
}

// A fill of another buffer, and one that the product reads, stay.
// CHECK-LABEL: func @fills
// CHECK: tile.launch
// CHECK: tile.parallel
// CHECK: tile.launch
// CHECK: tile.gemm
// CHECK: tile.launch
// CHECK: tile.parallel
// CHECK: tile.launch
// CHECK: tile.gemm
func.func @fills(%a: memref<64x64xf32>, %b: memref<64x64xf32>,
                 %c: memref<64x64xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%b : memref<64x64xf32>)
  linalg.matmul ins(%a, %b : memref<64x64xf32>, memref<64x64xf32>)
                outs(%c : memref<64x64xf32>)
  linalg.fill ins(%zero : f32) outs(%c : memref<64x64xf32>)
  linalg.matmul ins(%a, %c : memref<64x64xf32>, memref<64x64xf32>)
                outs(%c : memref<64x64xf32>)
  return
}

// Ops that stay, and those that become loops, with the reasons.
// RUN: tile-opt %s --convert-linalg-to-tile --remarks-filter=convert-linalg-to-tile --verify-diagnostics --split-input-file | FileCheck %s

// CHECK-LABEL: func @tensors
// CHECK: linalg.fill
func.func @tensors(%x: tensor<4xf32>, %v: f32) -> tensor<4xf32> {
  // expected-remark@+1 {{operation kept: it works on tensors, which have to be bufferized first}}
  %0 = linalg.fill ins(%v : f32) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK-LABEL: func @softmax
// CHECK: linalg.softmax
func.func @softmax(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // expected-remark@+1 {{operation kept: it cannot be written as one 'linalg.generic'}}
  linalg.softmax dimension(1) ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>)
  return
}

// -----

// CHECK-LABEL: func @in_a_kernel
// CHECK: linalg.fill
func.func @in_a_kernel(%x: memref<4xf32>, %v: f32) {
  tile.launch blocks() in () threads(32) {
    // expected-remark@+1 {{operation kept: it stands in a kernel}}
    linalg.fill ins(%v : f32) outs(%x : memref<4xf32>)
  }
  return
}

// -----

// CHECK-LABEL: func @in_another_kernel
// CHECK: linalg.fill
func.func @in_another_kernel(%x: memref<4xf32>, %v: f32, %n: index) {
  gpu.launch blocks(%a, %b, %c) in (%d = %n, %e = %n, %f = %n)
      threads(%g, %h, %i) in (%j = %n, %k = %n, %l = %n) {
    // expected-remark@+1 {{operation kept: it stands in a kernel}}
    linalg.fill ins(%v : f32) outs(%x : memref<4xf32>)
    gpu.terminator
  }
  return
}

// -----

// CHECK-LABEL: func @element_type
// CHECK: linalg.copy
func.func @element_type(%x: memref<4xi4>, %y: memref<4xi4>) {
  // expected-remark@+1 {{operation kept: operand #0 has the unsupported type 'memref<4xi4>'}}
  linalg.copy ins(%x : memref<4xi4>) outs(%y : memref<4xi4>)
  return
}

// -----

// CHECK-LABEL: func @scalar_type
// CHECK: linalg.generic
func.func @scalar_type(%x: memref<4xf32>, %v: i128) {
  // expected-remark@+1 {{operation kept: operand #0 has the unsupported type 'i128'}}
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>],
    iterator_types = ["parallel"]
  } ins(%v : i128) outs(%x : memref<4xf32>) {
  ^bb0(%in: i128, %out: f32):
    %r = arith.sitofp %in : i128 to f32
    linalg.yield %r : f32
  }
  return
}

// -----

// CHECK-LABEL: func @memory_space
// CHECK: linalg.copy
func.func @memory_space(%x: memref<4xf32>,
                        %y: memref<4xf32, #tile.scope<shared>>) {
  // expected-remark@+1 {{operation kept: operand #1 has the unsupported type 'memref<4xf32, #tile.scope<shared>>'}}
  linalg.copy ins(%x : memref<4xf32>)
              outs(%y : memref<4xf32, #tile.scope<shared>>)
  return
}

// -----

// CHECK-LABEL: func @effects
// CHECK: linalg.generic
func.func @effects(%x: memref<4xf32>, %y: memref<f32>) {
  // expected-remark@+1 {{operation kept: its body has the unsupported operation 'memref.load'}}
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]
  } outs(%x : memref<4xf32>) {
  ^bb0(%out: f32):
    %v = memref.load %y[] : memref<f32>
    linalg.yield %v : f32
  }
  return
}

// -----

// CHECK-LABEL: func @body_type
// CHECK: linalg.generic
func.func @body_type(%x: memref<4xi64>) {
  // expected-remark@+1 {{operation kept: its body has a value of the unsupported type 'i128'}}
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]
  } outs(%x : memref<4xi64>) {
  ^bb0(%out: i64):
    %w = arith.extsi %out : i64 to i128
    %v = arith.trunci %w : i128 to i64
    linalg.yield %v : i64
  }
  return
}

// -----

// CHECK-LABEL: func @shared_result
// CHECK: linalg.generic
func.func @shared_result(%x: memref<4x5xf32>, %y: memref<4xf32>) {
  // expected-remark@+1 {{operation kept: the map '(d0, d1) -> (d0)' of an output does not name each element in one parallel iteration}}
  linalg.generic {
    indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>,
                     affine_map<(d0, d1) -> (d0)>],
    iterator_types = ["parallel", "parallel"]
  } ins(%x : memref<4x5xf32>) outs(%y : memref<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// -----

// CHECK-LABEL: func @convolution
// CHECK: tile.launch
// CHECK: tile.parallel
// CHECK: scf.for
// CHECK-NOT: linalg.conv
func.func @convolution(%x: memref<10xf32>, %w: memref<3xf32>,
                       %y: memref<8xf32>) {
  // expected-remark@+1 {{computed by loops over elements: the map '(d0, d1) -> (d0 + d1)' of an input is not a projected permutation}}
  linalg.conv_1d ins(%x, %w : memref<10xf32>, memref<3xf32>)
                 outs(%y : memref<8xf32>)
  return
}

// -----

// CHECK-LABEL: func @division
// CHECK: %[[REST:.*]] = arith.minsi
// CHECK: tile.parallel (%{{.*}}) in (%[[REST]])
func.func @division(%x: memref<?xi32>, %y: memref<?xi32>) {
  // expected-remark@+1 {{computed by loops over elements: 'arith.divsi' cannot be computed on padding}}
  linalg.div ins(%x, %x : memref<?xi32>, memref<?xi32>)
             outs(%y : memref<?xi32>)
  return
}

// -----

// CHECK-LABEL: func @product_of_elements
// CHECK: scf.for
func.func @product_of_elements(%x: memref<4x5xf32>, %y: memref<4xf32>) {
  // expected-remark@+1 {{computed by loops over elements: 'tile.reduce' has no 'arith.mulf' of f32}}
  linalg.reduce { arith.mulf } ins(%x : memref<4x5xf32>)
                               outs(%y : memref<4xf32>) dimensions = [1]
  return
}

// -----

// CHECK-LABEL: func @maximum_without_infinity
// CHECK: scf.for
func.func @maximum_without_infinity(%x: memref<4x5xf8E4M3FN>,
                                    %y: memref<4xf8E4M3FN>) {
  // expected-remark@+1 {{computed by loops over elements: 'tile.reduce' has no 'arith.maximumf' of f8E4M3FN}}
  linalg.reduce { arith.maximumf } ins(%x : memref<4x5xf8E4M3FN>)
      outs(%y : memref<4xf8E4M3FN>) dimensions = [1]
  return
}

// -----

// CHECK-LABEL: func @two_results
// CHECK: scf.for
func.func @two_results(%x: memref<5xf32>, %y: memref<f32>, %z: memref<f32>) {
  // expected-remark@+1 {{computed by loops over elements: a reduction with 2 results}}
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>,
                     affine_map<(d0) -> ()>],
    iterator_types = ["reduction"]
  } ins(%x : memref<5xf32>) outs(%y, %z : memref<f32>, memref<f32>) {
  ^bb0(%in: f32, %a: f32, %b: f32):
    %s = arith.addf %a, %in : f32
    %t = arith.subf %b, %in : f32
    linalg.yield %s, %t : f32, f32
  }
  return
}

// -----

// CHECK-LABEL: func @no_combination
// CHECK: scf.for
func.func @no_combination(%x: memref<5xf32>, %y: memref<f32>) {
  // expected-remark@+1 {{computed by loops over elements: its body does not combine a value with the result}}
  linalg.generic {
    indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>],
    iterator_types = ["reduction"]
  } ins(%x : memref<5xf32>) outs(%y : memref<f32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// -----

// CHECK-LABEL: func @product_of_i32
// CHECK: tile.reduce sum
func.func @product_of_i32(%x: memref<40x50xi32>, %y: memref<50x60xi32>,
                          %z: memref<40x60xi32>) {
  // expected-remark@+1 {{computed without 'tile.gemm': 'tile.gemm' has no product of i32 and i32 in i32}}
  linalg.matmul ins(%x, %y : memref<40x50xi32>, memref<50x60xi32>)
                outs(%z : memref<40x60xi32>)
  return
}

// -----

// CHECK-LABEL: func @batch_in_the_middle
// CHECK: tile.reduce sum
func.func @batch_in_the_middle(%x: memref<40x7x50xf32>, %y: memref<7x50x60xf32>,
                               %z: memref<7x40x60xf32>) {
  // expected-remark@+1 {{computed without 'tile.gemm': the matrices are not the last two dimensions of each operand}}
  linalg.contract indexing_maps = [
      affine_map<(b, m, n, k) -> (m, b, k)>,
      affine_map<(b, m, n, k) -> (b, k, n)>,
      affine_map<(b, m, n, k) -> (b, m, n)>]
    ins(%x, %y : memref<40x7x50xf32>, memref<7x50x60xf32>)
    outs(%z : memref<7x40x60xf32>)
  return
}

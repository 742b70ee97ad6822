// What v1-rest.mlirbc holds.

module {
  tile.import "tile/schedulers"
  func.func @symbol(%arg0: memref<?x8xf32> {tile.annotation = #tile.tensor<[M, 8], f32>, tile.name = "x"}) -> index {
    %0 = tile.symbol "M"
    return %0 : index
  }
  func.func @view(%arg0: memref<8x16xf32, #tile.scope<shared>>) {
    %0 = tile.view %arg0 {a.note} : memref<8x16xf32, #tile.scope<shared>> to memref<8x32xi16, #tile.scope<shared>>
    return
  }
  func.func @threads(%arg0: memref<32xindex>) {
    tile.threads (%arg1) attributes {a.note} {
      memref.store %arg1, %arg0[%arg1] : memref<32xindex>
    }
    return
  }
  func.func @launch(%arg0: index, %arg1: index) {
    tile.launch blocks(%arg2, %arg3) in (%arg0, %arg1) threads(32) swizzle(4, column) {
    }
    return
  }
  func.func @gemm(%arg0: memref<4x4xf32>) {
    tile.gemm %arg0, %arg0, %arg0 policy(full_row) : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
    return
  }
}


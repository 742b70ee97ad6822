// Softmax of each row, for any number of rows and up to 1024 columns.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^kernel-softmax

func.func @softmax(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %rows = memref.dim %x, %c0 : memref<?x?xf32>
  %blocks = arith.ceildivui %rows, %c8 : index
  tile.launch blocks(%b) in (%blocks) threads(128) {
    %row = arith.muli %b, %c8 : index
    %lowest = arith.constant 0xFF800000 : f32
    %t = tile.alloc : memref<8x1024xf32, #tile.scope<fragment>>
    %max = tile.alloc : memref<8xf32, #tile.scope<fragment>>
    %sum = tile.alloc : memref<8xf32, #tile.scope<fragment>>
    tile.copy %x[%row, %c0], %t pad(%lowest : f32)
      : memref<?x?xf32> to memref<8x1024xf32, #tile.scope<fragment>>
    tile.reduce max %t, %max dim 1
      : memref<8x1024xf32, #tile.scope<fragment>>
        to memref<8xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (8, 1024) {
      %v = memref.load %t[%i, %j] : memref<8x1024xf32, #tile.scope<fragment>>
      %m = memref.load %max[%i] : memref<8xf32, #tile.scope<fragment>>
      %d = arith.subf %v, %m : f32
      %e = math.exp %d : f32
      memref.store %e, %t[%i, %j] : memref<8x1024xf32, #tile.scope<fragment>>
    }
    tile.reduce sum %t, %sum dim 1
      : memref<8x1024xf32, #tile.scope<fragment>>
        to memref<8xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (8, 1024) {
      %v = memref.load %t[%i, %j] : memref<8x1024xf32, #tile.scope<fragment>>
      %s = memref.load %sum[%i] : memref<8xf32, #tile.scope<fragment>>
      %q = arith.divf %v, %s : f32
      memref.store %q, %t[%i, %j] : memref<8x1024xf32, #tile.scope<fragment>>
    }
    tile.copy %t, %y[%row, %c0]
      : memref<8x1024xf32, #tile.scope<fragment>> to memref<?x?xf32>
  }
  return
}

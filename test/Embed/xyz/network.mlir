// Two layers and the sums of their results, for any number of samples.

func.func @network(%x: memref<?x100xf32>, %w0: memref<100x70xf32>,
                   %b0: memref<70xf32>, %h: memref<?x70xf32>,
                   %w1: memref<70x30xf32>, %b1: memref<30xf32>,
                   %y: memref<?x30xf32>, %sums: memref<?xf32>) {
  xyz.dense %x, %w0, %b0 into %h
    : memref<?x100xf32>, memref<100x70xf32>, memref<70xf32>
      into memref<?x70xf32>
  xyz.dense %h, %w1, %b1 into %y
    : memref<?x70xf32>, memref<70x30xf32>, memref<30xf32> into memref<?x30xf32>
  xyz.row_sum %y into %sums : memref<?x30xf32> into memref<?xf32>
  return
}

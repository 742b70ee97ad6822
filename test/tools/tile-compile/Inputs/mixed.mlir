// Every kind of argument, each of which has an effect on the result, and names
// that C does not have.

func.func @mixed(%int: memref<?x4xf32, strided<[?, 1]>> {
                   tile.annotation =
                     #tile.strided_tensor<[M, 4], strides [S, 1], f32>},
                 %bool: i1, %small: i8, %i: i16, %j: i32, %k: i64, %n: index, %half: f16,
                 %brain: bf16, %a.b: f32, %a_b: f64,
                 %p: memref<f32> {tile.annotation = #tile.ptr<f32>},
                 %out: memref<?x4xf32> {
                   tile.annotation = #tile.tensor<[M, 4], f32>}) {
  %c0 = arith.constant 0 : index
  %rows = memref.dim %out, %c0 : memref<?x4xf32>
  tile.launch blocks(%b) in (%rows) threads(32) {
    %0 = arith.uitofp %bool : i1 to f32
    %1 = arith.sitofp %small : i8 to f32
    %2 = arith.sitofp %i : i16 to f32
    %3 = arith.sitofp %j : i32 to f32
    %4 = arith.sitofp %k : i64 to f32
    %n64 = arith.index_cast %n : index to i64
    %5 = arith.sitofp %n64 : i64 to f32
    %6 = arith.extf %half : f16 to f32
    %7 = arith.extf %brain : bf16 to f32
    %8 = arith.truncf %a_b : f64 to f32
    %9 = memref.load %p[] : memref<f32>
    %s0 = arith.addf %0, %1 : f32
    %s1 = arith.addf %s0, %2 : f32
    %s2 = arith.addf %s1, %3 : f32
    %s3 = arith.addf %s2, %4 : f32
    %s4 = arith.addf %s3, %5 : f32
    %s5 = arith.addf %s4, %6 : f32
    %s6 = arith.addf %s5, %7 : f32
    %s7 = arith.addf %s6, %8 : f32
    %s8 = arith.addf %s7, %9 : f32
    %s9 = arith.addf %s8, %a.b : f32
    tile.parallel (%e) in (4) {
      %x = memref.load %int[%b, %e] : memref<?x4xf32, strided<[?, 1]>>
      %y = arith.addf %x, %s9 : f32
      memref.store %y, %out[%b, %e] : memref<?x4xf32>
    }
  }
  return
}

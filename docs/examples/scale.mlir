// Multiplies a matrix by a number, and has everything that callers may pass by
// name: a tensor whose row length is known at compile time, a bias that may be
// absent, a number with a default, and the number of rows of a block.

func.func @scale(
    %x: memref<?x?xf32> {
      tile.name = "x", tile.annotation = #tile.tensor<[M, static N], f32>},
    %bias: memref<?xf32> {
      tile.name = "bias", tile.annotation = #tile.tensor<[M], f32>,
      tile.default},
    %factor: f32 {tile.name = "factor", tile.default = 2.0 : f32},
    %block: index {
      tile.name = "block", tile.annotation = #tile.value<index>,
      tile.default = 4 : index}) {
  %m = tile.symbol "M"
  %n = tile.symbol "N"
  %blocks = arith.ceildivui %m, %block : index
  tile.launch blocks(%b) in (%blocks) threads(128) {
    %start = arith.muli %b, %block : index
    tile.parallel (%i, %j) in (%block, %n) {
      %row = arith.addi %start, %i : index
      %inside = arith.cmpi ult, %row, %m : index
      scf.if %inside {
        %v = memref.load %x[%row, %j] : memref<?x?xf32>
        %s = arith.mulf %v, %factor : f32
        memref.store %s, %x[%row, %j] : memref<?x?xf32>
      }
    }
  }
  return
}

// Objects with state, as a kernel uses them: the sums of the rows of a matrix,
// by workers that share the rows out among them. The walker's state and the
// sum's are variables of the block; the base class calls what the derived one
// replaces.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^classes

tile.class @Walker {
  tile.field @at : index
  tile.field @rounds : i32
  tile.method @step(%self: !tile.object<@Walker>) -> index {
    %c1 = arith.constant 1 : index
    tile.return %c1 : index
  }
  tile.method @start(%self: !tile.object<@Walker>, %first: index) {
    tile.set %self::@at, %first : !tile.object<@Walker>, index
    tile.return
  }
  tile.method pure @valid(%self: !tile.object<@Walker>, %end: index) -> i1 {
    %at = tile.get %self::@at : !tile.object<@Walker>, index
    %valid = arith.cmpi slt, %at, %end : index
    tile.return %valid : i1
  }
  tile.method @next(%self: !tile.object<@Walker>) {
    %c1 = arith.constant 1 : i32
    %rounds = tile.get %self::@rounds : !tile.object<@Walker>, i32
    %more = arith.addi %rounds, %c1 : i32
    tile.set %self::@rounds, %more : !tile.object<@Walker>, i32
    %step = tile.invoke %self::@step() : !tile.object<@Walker>, () -> index
    %at = tile.get %self::@at : !tile.object<@Walker>, index
    %next = arith.addi %at, %step : index
    tile.set %self::@at, %next : !tile.object<@Walker>, index
    tile.return
  }
}

tile.class @Striding extends @Walker {
  tile.field @stride : index
  tile.method @init(%self: !tile.object<@Striding>, %stride: index) {
    tile.set %self::@stride, %stride : !tile.object<@Striding>, index
    tile.return
  }
  tile.method @step(%self: !tile.object<@Striding>) -> index {
    %stride = tile.get %self::@stride : !tile.object<@Striding>, index
    tile.return %stride : index
  }
}

tile.class @RunningSum {
  tile.field @sum : f32
  tile.method @clear(%self: !tile.object<@RunningSum>) {
    %zero = arith.constant 0.0 : f32
    tile.set %self::@sum, %zero : !tile.object<@RunningSum>, f32
    tile.return
  }
  // Adds the elements of a row that are not negative.
  tile.method @add(%self: !tile.object<@RunningSum>,
                   %x: memref<?x?xf32>, %row: index, %n: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0.0 : f32
    scf.for %j = %c0 to %n step %c1 {
      %v = memref.load %x[%row, %j] : memref<?x?xf32>
      %use = arith.cmpf oge, %v, %zero : f32
      scf.if %use {
        tile.invoke %self::@one(%v) : !tile.object<@RunningSum>, (f32) -> ()
      }
    }
    tile.return
  }
  tile.method @one(%self: !tile.object<@RunningSum>, %v: f32) {
    %old = tile.get %self::@sum : !tile.object<@RunningSum>, f32
    %new = arith.addf %old, %v : f32
    tile.set %self::@sum, %new : !tile.object<@RunningSum>, f32
    tile.return
  }
}

func.func @classes(%x: memref<?x?xf32>, %sums: memref<?xf32>,
                   %rounds: memref<?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.dim %x, %c0 : memref<?x?xf32>
  %n = memref.dim %x, %c1 : memref<?x?xf32>
  %workers = memref.dim %rounds, %c0 : memref<?xi32>
  tile.launch blocks(%b) in (%workers) threads(32) {
    %walk = tile.new @Striding(%workers : index) prefix("walk")
    %total = tile.new @RunningSum() prefix("total")
    tile.invoke %walk::@start(%b) : !tile.object<@Striding>, (index) -> ()
    scf.while : () -> () {
      %valid = tile.invoke %walk::@valid(%m)
        : !tile.object<@Striding>, (index) -> i1
      scf.condition(%valid)
    } do {
      %row = tile.get %walk::@at : !tile.object<@Striding>, index
      tile.invoke %total::@clear() : !tile.object<@RunningSum>, () -> ()
      tile.invoke %total::@add(%x, %row, %n)
        : !tile.object<@RunningSum>, (memref<?x?xf32>, index, index) -> ()
      %sum = tile.get %total::@sum : !tile.object<@RunningSum>, f32
      memref.store %sum, %sums[%row] : memref<?xf32>
      tile.invoke %walk::@next() : !tile.object<@Striding>, () -> ()
      scf.yield
    }
    %count = tile.get %walk::@rounds : !tile.object<@Striding>, i32
    memref.store %count, %rounds[%b] : memref<?xi32>
  }
  return
}

// Loops, state, launches and views.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^control

// The trip count of a pipelined loop, the sum and the product of what it has
// seen as state, and a copy of its last tile.
func.func @pipelined(%x: memref<?xi32>, %last: memref<8xi32>,
                     %state: memref<3xi32>, %lower: index, %upper: index,
                     %step: index) {
  tile.launch blocks() in () threads(33) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %one = arith.constant 1 : i32
    %minus = arith.constant -1 : i32
    %t = tile.alloc : memref<8xi32, #tile.scope<shared>>
    %u = tile.alloc : memref<i32, #tile.scope<shared>>
    %trips = tile.alloc_var : i32
    %sum = tile.alloc_var name("sum") : i32
    %mix = tile.alloc_var %one name("mix") : i32
    tile.fill %t, %minus : memref<8xi32, #tile.scope<shared>>
    tile.pipelined %i = %lower to %upper step %step stages(3) {
      tile.copy %x[%i], %t : memref<?xi32> to memref<8xi32, #tile.scope<shared>>
      tile.reduce sum %t, %u dim 0
        : memref<8xi32, #tile.scope<shared>> to memref<i32, #tile.scope<shared>>
      %v = memref.load %u[] : memref<i32, #tile.scope<shared>>
      %n = memref.load %trips[] : memref<i32, #tile.scope<local>>
      %n1 = arith.addi %n, %one : i32
      memref.store %n1, %trips[] : memref<i32, #tile.scope<local>>
      %s = memref.load %sum[] : memref<i32, #tile.scope<local>>
      %s1 = arith.addi %s, %v : i32
      memref.store %s1, %sum[] : memref<i32, #tile.scope<local>>
      %odd = arith.trunci %n : i32 to i1
      scf.if %odd {
        %p = memref.load %mix[] : memref<i32, #tile.scope<local>>
        %p1 = arith.muli %p, %v : i32
        memref.store %p1, %mix[] : memref<i32, #tile.scope<local>>
      }
    }
    %n = memref.load %trips[] : memref<i32, #tile.scope<local>>
    %s = memref.load %sum[] : memref<i32, #tile.scope<local>>
    %p = memref.load %mix[] : memref<i32, #tile.scope<local>>
    memref.store %n, %state[%c0] : memref<3xi32>
    memref.store %s, %state[%c1] : memref<3xi32>
    memref.store %p, %state[%c2] : memref<3xi32>
    tile.copy %t, %last : memref<8xi32, #tile.scope<shared>> to memref<8xi32>
  }
  return
}

// Nested pipelined loops over one shared buffer that both fill, and that an
// atomic changes: y[i] = sum over j of x[i] * 10 + j.
func.func @nested(%y: memref<5xi32>, %x: memref<5xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  tile.launch blocks() in () threads(128) {
    %ten = arith.constant 10 : i32
    %t = tile.alloc : memref<1xi32, #tile.scope<shared>>
    %sum = tile.alloc : memref<1xi32, #tile.scope<shared>>
    %zero = arith.constant 0 : i32
    tile.pipelined %i = %c0 to %c5 step %c1 stages(4) {
      tile.fill %sum, %zero : memref<1xi32, #tile.scope<shared>>
      tile.pipelined %j = %c0 to %c3 step %c1 stages(2) {
        tile.copy %x[%i], %t extents [1]
          : memref<5xi32> to memref<1xi32, #tile.scope<shared>>
        %v = memref.load %t[%c0] : memref<1xi32, #tile.scope<shared>>
        %w = arith.muli %v, %ten : i32
        memref.store %w, %t[%c0] : memref<1xi32, #tile.scope<shared>>
        %count = arith.index_cast %j : index to i32
        %old = tile.atomic add %count, %t[%c0]
          : memref<1xi32, #tile.scope<shared>>
        tile.reduce sum %t, %sum dim 0 accumulate
          : memref<1xi32, #tile.scope<shared>>
            to memref<1xi32, #tile.scope<shared>>
      }
      tile.copy %sum, %y[%i]
        : memref<1xi32, #tile.scope<shared>> to memref<5xi32>
    }
  }
  return
}

// Two launches in a loop of the host: each round doubles, then adds the round.
func.func @rounds(%x: memref<?xf32>, %rounds: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %blocks = arith.ceildivui %n, %c64 : index
  scf.for %r = %c0 to %rounds step %c1 {
    %i = arith.index_cast %r : index to i32
    %add = arith.sitofp %i : i32 to f32
    tile.launch blocks(%b) in (%blocks) threads(64) {
      %start = arith.muli %b, %c64 : index
      %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
      tile.copy %x[%start], %f
        : memref<?xf32> to memref<64xf32, #tile.scope<fragment>>
      tile.parallel (%j) in (64) {
        %v = memref.load %f[%j] : memref<64xf32, #tile.scope<fragment>>
        %w = arith.addf %v, %v : f32
        memref.store %w, %f[%j] : memref<64xf32, #tile.scope<fragment>>
      }
      tile.copy %f, %x[%start]
        : memref<64xf32, #tile.scope<fragment>> to memref<?xf32>
    }
    tile.launch blocks() in () threads(31) {
      tile.parallel (%j) in (%n) {
        %v = memref.load %x[%j] : memref<?xf32>
        %w = arith.addf %v, %add : f32
        memref.store %w, %x[%j] : memref<?xf32>
      }
    }
  }
  return
}

// Every block of a grid of three dimensions writes its own number once.
func.func @grid(%y: memref<?x?x?xi32>, %nx: index, %ny: index, %nz: index) {
  tile.launch blocks(%x0, %y0, %z0) in (%nx, %ny, %nz) threads(32) {
    %c10 = arith.constant 10 : index
    %a = arith.muli %z0, %c10 : index
    %b = arith.addi %a, %y0 : index
    %c = arith.muli %b, %c10 : index
    %d = arith.addi %c, %x0 : index
    %v = arith.index_cast %d : index to i32
    memref.store %v, %y[%z0, %y0, %x0] : memref<?x?x?xi32>
  }
  return
}

// Work on every second column of the rows 1 and up: a view with strides.
func.func @views(%x: memref<9x14xf32>, %y: memref<9x14xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %xs = memref.subview %x[1, 1] [8, 6] [1, 2]
    : memref<9x14xf32> to memref<8x6xf32, strided<[14, 2], offset: 15>>
  %ys = memref.subview %y[0, 2] [8, 6] [1, 2]
    : memref<9x14xf32> to memref<8x6xf32, strided<[14, 2], offset: 2>>
  tile.launch blocks() in () threads(96) {
    %s = tile.alloc : memref<8x8xf32, #tile.scope<shared>>
    %part = memref.subview %s[0, 2] [8, 6] [1, 1]
      : memref<8x8xf32, #tile.scope<shared>>
        to memref<8x6xf32, strided<[8, 1], offset: 2>, #tile.scope<shared>>
    %eye = arith.constant 1.0 : f32
    tile.fill %s, %eye : memref<8x8xf32, #tile.scope<shared>>
    // Rows from -1: the first row reads as zero.
    %above = arith.constant -1 : index
    tile.copy %xs[%above, %c0], %part extents [8, 6]
      : memref<8x6xf32, strided<[14, 2], offset: 15>>
        to memref<8x6xf32, strided<[8, 1], offset: 2>, #tile.scope<shared>>
    // y += s * s^T, then only what the view holds.
    tile.gemm %s, %part, %ys
      : memref<8x8xf32, #tile.scope<shared>>,
        memref<8x6xf32, strided<[8, 1], offset: 2>, #tile.scope<shared>>,
        memref<8x6xf32, strided<[14, 2], offset: 2>>
  }
  return
}

// Buffers of rank 0 and of index and i1 elements.
func.func @scalars(%x: memref<f32>, %i: memref<index>, %b: memref<i1>,
                   %xs: memref<40xindex>, %bs: memref<40xi1>,
                   %any: memref<i1>, %sum: memref<index>) {
  tile.launch blocks() in () threads(33) {
    %f = tile.alloc : memref<f32, #tile.scope<fragment>>
    %s = tile.alloc : memref<index, #tile.scope<shared>>
    tile.copy %x, %f : memref<f32> to memref<f32, #tile.scope<fragment>>
    tile.parallel () in () {
      %v = memref.load %f[] : memref<f32, #tile.scope<fragment>>
      %w = arith.addf %v, %v : f32
      memref.store %w, %f[] : memref<f32, #tile.scope<fragment>>
    }
    tile.copy %f, %x : memref<f32, #tile.scope<fragment>> to memref<f32>
    tile.copy %i, %s : memref<index> to memref<index, #tile.scope<shared>>
    %k = memref.load %s[] : memref<index, #tile.scope<shared>>
    %t = tile.alloc : memref<40xi1, #tile.scope<fragment>>
    tile.parallel (%j) in (40) {
      %v = memref.load %xs[%j] : memref<40xindex>
      %less = arith.cmpi slt, %v, %k : index
      memref.store %less, %t[%j] : memref<40xi1, #tile.scope<fragment>>
    }
    tile.copy %t, %bs : memref<40xi1, #tile.scope<fragment>> to memref<40xi1>
    tile.reduce or %t, %any dim 0
      : memref<40xi1, #tile.scope<fragment>> to memref<i1>
    tile.reduce and %t, %b dim 0 accumulate
      : memref<40xi1, #tile.scope<fragment>> to memref<i1>
    tile.reduce sum %xs, %sum dim 0 : memref<40xindex> to memref<index>
  }
  return
}

// A variable of each thread inside tile.parallel, and loops there: the smallest
// prime factor of each number.
func.func @factors(%y: memref<200xi32>) {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  tile.launch blocks() in () threads(96) {
    tile.parallel (%i) in (200) {
      %n = arith.addi %i, %c2 : index
      %init = arith.index_cast %n : index to i32
      %found = tile.alloc_var %init : i32
      %zero = arith.constant 0 : i32
      %table = tile.alloc : memref<2xindex, #tile.scope<local>>
      scf.for %d = %c2 to %n step %c1 {
        memref.store %d, %table[%c1] : memref<2xindex, #tile.scope<local>>
        %e = memref.load %table[%c1] : memref<2xindex, #tile.scope<local>>
        %r = arith.remui %n, %e : index
        %r32 = arith.index_cast %r : index to i32
        %divides = arith.cmpi eq, %r32, %zero : i32
        %now = memref.load %found[] : memref<i32, #tile.scope<local>>
        %first = arith.cmpi eq, %now, %init : i32
        %take = arith.andi %divides, %first : i1
        scf.if %take {
          %d32 = arith.index_cast %d : index to i32
          memref.store %d32, %found[] : memref<i32, #tile.scope<local>>
        }
      }
      %v = memref.load %found[] : memref<i32, #tile.scope<local>>
      memref.store %v, %y[%i] : memref<200xi32>
    }
  }
  return
}

// Two blocks count through one atomic at block level; what it returns is seen by
// the whole block.
func.func @tickets(%counter: memref<1xi32>, %y: memref<6x50xi32>) {
  %c0 = arith.constant 0 : index
  %c6 = arith.constant 6 : index
  tile.launch blocks(%b) in (%c6) threads(33) {
    %one = arith.constant 1 : i32
    %mine = tile.atomic add %one, %counter[%c0] : memref<1xi32>
    tile.parallel (%j) in (50) {
      memref.store %mine, %y[%b, %j] : memref<6x50xi32>
    }
  }
  return
}

// A condition of the whole block around block-level operations.
func.func @branches(%x: memref<4x40xf32>, %y: memref<4x40xf32>,
                    %which: memref<4xi1>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  tile.launch blocks(%b) in (%c4) threads(64) {
    %s = tile.alloc : memref<40xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<40xf32, #tile.scope<fragment>>
    tile.copy %x[%b, %c0], %s
      : memref<4x40xf32> to memref<40xf32, #tile.scope<shared>>
    %take = memref.load %which[%b] : memref<4xi1>
    scf.if %take {
      // Reversed.
      tile.parallel (%i) in (40) {
        %c39 = arith.constant 39 : index
        %j = arith.subi %c39, %i : index
        %v = memref.load %s[%j] : memref<40xf32, #tile.scope<shared>>
        memref.store %v, %f[%i] : memref<40xf32, #tile.scope<fragment>>
      }
    } else {
      tile.copy %s, %f : memref<40xf32, #tile.scope<shared>>
        to memref<40xf32, #tile.scope<fragment>>
    }
    tile.copy %f, %s : memref<40xf32, #tile.scope<fragment>>
      to memref<40xf32, #tile.scope<shared>>
    tile.copy %s, %y[%b, %c0]
      : memref<40xf32, #tile.scope<shared>> to memref<4x40xf32>
  }
  return
}

// Extents that are negative at run time count as none, one by one and in pairs.
func.func @extents(%y: memref<20x30xf32>, %m: index, %n: index) {
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  tile.launch blocks() in () threads(32) {
    %f = tile.alloc : memref<20x30xf32, #tile.scope<fragment>>
    tile.fill %f, %one : memref<20x30xf32, #tile.scope<fragment>>
    tile.copy %f, %y extents [%m, %n]
      : memref<20x30xf32, #tile.scope<fragment>> to memref<20x30xf32>
    tile.copy %y, %f extents [%n, %m]
      : memref<20x30xf32> to memref<20x30xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (%m, %n) {
      memref.store %two, %y[%i, %j] : memref<20x30xf32>
    }
  }
  return
}

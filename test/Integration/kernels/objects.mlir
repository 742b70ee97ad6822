// Programs around objects: their state in loops, what goes into methods by
// value and by reference, what comes out of them, and which method answers.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^objects

// A running sum with a compensation of its rounding errors: state that is read
// and written by nested methods and regions, in loops and branches.
tile.class @RunningSum {
  tile.field @sum : f32
  tile.field @lost : f32
  tile.field @count : i32
  tile.method @add(%self: !tile.object<@RunningSum>, %v: f32) {
    %sum = tile.get %self::@sum : !tile.object<@RunningSum>, f32
    %lost = tile.get %self::@lost : !tile.object<@RunningSum>, f32
    %s, %l = tile.inline(%a = %sum : f32, %b = %v : f32) -> (f32, f32) {
      %total = arith.addf %a, %b : f32
      %of_b = tile.inline(%t = %total : f32) -> f32 {
        %d = arith.subf %t, %a : f32
        tile.return %d : f32
      }
      %of_a = arith.subf %total, %of_b : f32
      %a_lost = arith.subf %a, %of_a : f32
      %b_lost = arith.subf %b, %of_b : f32
      %both = arith.addf %a_lost, %b_lost : f32
      tile.return %total, %both : f32, f32
    }
    %more = arith.addf %lost, %l : f32
    tile.set %self::@sum, %s : !tile.object<@RunningSum>, f32
    tile.set %self::@lost, %more : !tile.object<@RunningSum>, f32
    tile.invoke %self::@tick() : !tile.object<@RunningSum>, () -> ()
    tile.return
  }
  tile.method @tick(%self: !tile.object<@RunningSum>) {
    %one = arith.constant 1 : i32
    %n = tile.get %self::@count : !tile.object<@RunningSum>, i32
    %m = arith.addi %n, %one : i32
    tile.set %self::@count, %m : !tile.object<@RunningSum>, i32
    tile.return
  }
  // Several values at once.
  tile.method pure @state(%self: !tile.object<@RunningSum>) -> (f32, i32) {
    %sum = tile.get %self::@sum : !tile.object<@RunningSum>, f32
    %lost = tile.get %self::@lost : !tile.object<@RunningSum>, f32
    %n = tile.get %self::@count : !tile.object<@RunningSum>, i32
    %all = arith.addf %sum, %lost : f32
    tile.return %all, %n : f32, i32
  }
  // Stores the sums of the prefixes of a slice.
  tile.method @scan(%self: !tile.object<@RunningSum>,
                    %x: memref<?xf32, strided<[?], offset: ?>>,
                    %y: memref<?xf32, strided<[?], offset: ?>>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = memref.dim %x, %c0 : memref<?xf32, strided<[?], offset: ?>>
    scf.for %i = %c0 to %n step %c1 {
      %v = memref.load %x[%i] : memref<?xf32, strided<[?], offset: ?>>
      tile.invoke %self::@add(%v) : !tile.object<@RunningSum>, (f32) -> ()
      %s, %k = tile.invoke %self::@state()
        : !tile.object<@RunningSum>, () -> (f32, i32)
      memref.store %s, %y[%i] : memref<?xf32, strided<[?], offset: ?>>
    }
    tile.return
  }
}

// The sums of the prefixes of the odd columns of each row, one row a block.
func.func @scan(%x: memref<?x?xf32>, %y: memref<?x?xf32>,
                %counts: memref<?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %m = memref.dim %x, %c0 : memref<?x?xf32>
  %n = memref.dim %y, %c1 : memref<?x?xf32>
  tile.launch blocks(%b) in (%m) threads(32) {
    %sum = tile.new @RunningSum() prefix("sum")
    %row = memref.subview %x[%b, 1] [1, %n] [1, 2] : memref<?x?xf32>
      to memref<?xf32, strided<[2], offset: ?>>
    %from = memref.cast %row : memref<?xf32, strided<[2], offset: ?>>
      to memref<?xf32, strided<[?], offset: ?>>
    %out = memref.subview %y[%b, 0] [1, %n] [1, 1] : memref<?x?xf32>
      to memref<?xf32, strided<[1], offset: ?>>
    %to = memref.cast %out : memref<?xf32, strided<[1], offset: ?>>
      to memref<?xf32, strided<[?], offset: ?>>
    tile.invoke %sum::@scan(%from, %to)
      : !tile.object<@RunningSum>, (memref<?xf32, strided<[?], offset: ?>>,
         memref<?xf32, strided<[?], offset: ?>>) -> ()
    %s, %k = tile.invoke %sum::@state()
      : !tile.object<@RunningSum>, () -> (f32, i32)
    memref.store %k, %counts[%b] : memref<?xi32>
  }
  return
}

// Three levels of a class: the last one answers, from wherever it is called.
tile.class @Number {
  tile.field @value : i32 = 1 : i32
  tile.field @scale : i32 = 10 : i32
  tile.method pure @digit(%self: !tile.object<@Number>) -> i32 {
    %one = arith.constant 1 : i32
    tile.return %one : i32
  }
  tile.method pure @weight(%self: !tile.object<@Number>) -> i32 {
    %s = tile.get %self::@scale : !tile.object<@Number>, i32
    tile.return %s : i32
  }
  // value = value * weight + digit
  tile.method @push(%self: !tile.object<@Number>) {
    %v = tile.get %self::@value : !tile.object<@Number>, i32
    %w = tile.invoke %self::@weight() : !tile.object<@Number>, () -> i32
    %d = tile.invoke %self::@digit() : !tile.object<@Number>, () -> i32
    %p = arith.muli %v, %w : i32
    %q = arith.addi %p, %d : i32
    tile.set %self::@value, %q : !tile.object<@Number>, i32
    tile.return
  }
}
tile.class @Twos extends @Number {
  tile.method pure @digit(%self: !tile.object<@Twos>) -> i32 {
    %two = arith.constant 2 : i32
    tile.return %two : i32
  }
}
tile.class @Octal extends @Twos {
  tile.method pure @weight(%self: !tile.object<@Octal>) -> i32 {
    %eight = arith.constant 8 : i32
    tile.return %eight : i32
  }
}

// Works on the numbers of others, which it is given or refers to.
tile.class @Keeper {
  tile.field @mine : !tile.object<@Number>
  tile.method @init(%self: !tile.object<@Keeper>,
                    %mine: !tile.object<@Number>) {
    tile.set %self::@mine, %mine
      : !tile.object<@Keeper>, !tile.object<@Number>
    tile.return
  }
  tile.method @push(%self: !tile.object<@Keeper>,
                    %other: !tile.object<@Number>, %both: i1) {
    %mine = tile.get %self::@mine
      : !tile.object<@Keeper>, !tile.object<@Number>
    tile.invoke %mine::@push() : !tile.object<@Number>, () -> ()
    scf.if %both {
      tile.invoke %other::@push() : !tile.object<@Number>, () -> ()
    }
    tile.return
  }
  // Takes over the value of another number.
  tile.method @take(%self: !tile.object<@Keeper>,
                    %other: !tile.object<@Number>) {
    %mine = tile.get %self::@mine
      : !tile.object<@Keeper>, !tile.object<@Number>
    %v = tile.get %other::@value : !tile.object<@Number>, i32
    tile.set %mine::@value, %v : !tile.object<@Number>, i32
    tile.return
  }
}

// Objects that share a prefix have state of their own; those made in a loop
// begin anew each time.
func.func @numbers(%y: memref<8xi32>, %rounds: index, %both: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.launch blocks(%b) in (%c1) threads(32) {
    %a = tile.new @Number() prefix("n")
    %t = tile.new @Twos() prefix("n")
    %o = tile.new @Octal() prefix("n")
    %keeper = tile.new @Keeper(%t : !tile.object<@Twos>) prefix("n")
    scf.for %i = %c0 to %rounds step %c1 {
      %fresh = tile.new @Octal() prefix("n")
      tile.invoke %a::@push() : !tile.object<@Number>, () -> ()
      tile.invoke %keeper::@push(%o, %both)
        : !tile.object<@Keeper>, (!tile.object<@Octal>, i1) -> ()
      tile.invoke %fresh::@push() : !tile.object<@Octal>, () -> ()
      %v = tile.get %fresh::@value : !tile.object<@Octal>, i32
      %at = arith.constant 3 : index
      memref.store %v, %y[%at] : memref<8xi32>
    }
    %other = tile.new @Keeper(%a : !tile.object<@Number>) prefix("other")
    %va = tile.get %a::@value : !tile.object<@Number>, i32
    tile.invoke %other::@take(%o)
      : !tile.object<@Keeper>, (!tile.object<@Octal>) -> ()
    %vt = tile.get %t::@value : !tile.object<@Twos>, i32
    %vo = tile.get %o::@value : !tile.object<@Octal>, i32
    %taken = tile.get %a::@value : !tile.object<@Number>, i32
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    memref.store %va, %y[%c0] : memref<8xi32>
    memref.store %vt, %y[%c1] : memref<8xi32>
    memref.store %vo, %y[%c2] : memref<8xi32>
    memref.store %taken, %y[%c4] : memref<8xi32>
  }
  return
}

// What a method gets by value keeps; a variable that it gets by reference
// changes. The greatest common divisor, with a while loop in a method whose
// condition is an inline region.
tile.class @Euclid {
  tile.field @steps : i32
  tile.method @reduce(%self: !tile.object<@Euclid>, %a: i32, %b: i32,
                      %result: memref<i32, #tile.scope<local>>) -> (i32, i32) {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %x = tile.alloc_var %a name("x") : i32
    %y = tile.alloc_var %b name("y") : i32
    scf.while : () -> () {
      %go = tile.inline(%v = %y : memref<i32, #tile.scope<local>>) -> i1 {
        %l = memref.load %v[] : memref<i32, #tile.scope<local>>
        %c = tile.inline(%left = %l : i32) -> i1 {
          %more = arith.cmpi ne, %left, %zero : i32
          tile.return %more : i1
        }
        tile.return %c : i1
      }
      scf.condition(%go)
    } do {
      %u = memref.load %x[] : memref<i32, #tile.scope<local>>
      %v = memref.load %y[] : memref<i32, #tile.scope<local>>
      %r = arith.remsi %u, %v : i32
      memref.store %v, %x[] : memref<i32, #tile.scope<local>>
      memref.store %r, %y[] : memref<i32, #tile.scope<local>>
      %n = tile.get %self::@steps : !tile.object<@Euclid>, i32
      %m = arith.addi %n, %one : i32
      tile.set %self::@steps, %m : !tile.object<@Euclid>, i32
      scf.yield
    }
    %g = memref.load %x[] : memref<i32, #tile.scope<local>>
    memref.store %g, %result[] : memref<i32, #tile.scope<local>>
    tile.return %a, %b : i32, i32
  }
}

func.func @euclid(%a: memref<?xi32>, %b: memref<?xi32>, %y: memref<?xi32>,
                  %sums: memref<?xi32>, %steps: memref<i32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %a, %c0 : memref<?xi32>
  tile.launch blocks(%block) in (%c1) threads(32) {
    %euclid = tile.new @Euclid()
    %g = tile.alloc_var name("g") : i32
    scf.for %i = %c0 to %n step %c1 {
      %u = memref.load %a[%i] : memref<?xi32>
      %v = memref.load %b[%i] : memref<?xi32>
      %p, %q = tile.invoke %euclid::@reduce(%u, %v, %g)
        : !tile.object<@Euclid>,
          (i32, i32, memref<i32, #tile.scope<local>>) -> (i32, i32)
      %r = memref.load %g[] : memref<i32, #tile.scope<local>>
      memref.store %r, %y[%i] : memref<?xi32>
      %s = arith.addi %p, %q : i32
      memref.store %s, %sums[%i] : memref<?xi32>
    }
    %k = tile.get %euclid::@steps : !tile.object<@Euclid>, i32
    memref.store %k, %steps[] : memref<i32>
  }
  return
}

// Methods that hold block-level operations, on shared buffers that a field
// refers to; a launch and a pipelined loop in methods.
tile.class @Stage {
  tile.field @tile : memref<16x16xf32, #tile.scope<shared>>
  tile.field @trips : i32
  tile.method @init(%self: !tile.object<@Stage>,
                    %tile: memref<16x16xf32, #tile.scope<shared>>) {
    tile.set %self::@tile, %tile
      : !tile.object<@Stage>, memref<16x16xf32, #tile.scope<shared>>
    tile.return
  }
  tile.method @accumulate(%self: !tile.object<@Stage>, %x: memref<?x?xf32>,
                          %row: index,
                          %acc: memref<16x16xf32, #tile.scope<fragment>>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %one = arith.constant 1 : i32
    %n = memref.dim %x, %c1 : memref<?x?xf32>
    %t = tile.get %self::@tile
      : !tile.object<@Stage>, memref<16x16xf32, #tile.scope<shared>>
    tile.pipelined %k = %c0 to %n step %c16 stages(2) {
      tile.copy %x[%row, %k], %t
        : memref<?x?xf32> to memref<16x16xf32, #tile.scope<shared>>
      tile.parallel (%i, %j) in (%c16, %c16) {
        %v = memref.load %t[%i, %j] : memref<16x16xf32, #tile.scope<shared>>
        %old = memref.load %acc[%i, %j]
          : memref<16x16xf32, #tile.scope<fragment>>
        %new = arith.addf %old, %v : f32
        memref.store %new, %acc[%i, %j]
          : memref<16x16xf32, #tile.scope<fragment>>
      }
      %trips = tile.get %self::@trips : !tile.object<@Stage>, i32
      %more = arith.addi %trips, %one : i32
      tile.set %self::@trips, %more : !tile.object<@Stage>, i32
    }
    tile.return
  }
}
tile.class @Folder {
  tile.method @run(%self: !tile.object<@Folder>, %x: memref<?x?xf32>,
                   %y: memref<?x16xf32>, %trips: memref<?xi32>) {
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %m = memref.dim %x, %c0 : memref<?x?xf32>
    %blocks = arith.ceildivui %m, %c16 : index
    tile.launch blocks(%b) in (%blocks) threads(64) {
      %zero = arith.constant 0.0 : f32
      %row = arith.muli %b, %c16 : index
      %t = tile.alloc name("t") : memref<16x16xf32, #tile.scope<shared>>
      %acc = tile.alloc name("acc") : memref<16x16xf32, #tile.scope<fragment>>
      tile.fill %acc, %zero : memref<16x16xf32, #tile.scope<fragment>>
      %stage = tile.new @Stage(%t : memref<16x16xf32, #tile.scope<shared>>)
      tile.invoke %stage::@accumulate(%x, %row, %acc)
        : !tile.object<@Stage>, (memref<?x?xf32>, index,
           memref<16x16xf32, #tile.scope<fragment>>) -> ()
      tile.copy %acc, %y[%row, %c0]
        : memref<16x16xf32, #tile.scope<fragment>> to memref<?x16xf32>
      %k = tile.get %stage::@trips : !tile.object<@Stage>, i32
      memref.store %k, %trips[%b] : memref<?xi32>
    }
    tile.return
  }
}

// Folds the columns of a matrix onto the first 16.
func.func @fold(%x: memref<?x?xf32>, %y: memref<?x16xf32>,
                %trips: memref<?xi32>) {
  %folder = tile.new @Folder()
  tile.invoke %folder::@run(%x, %y, %trips)
    : !tile.object<@Folder>,
      (memref<?x?xf32>, memref<?x16xf32>, memref<?xi32>) -> ()
  return
}

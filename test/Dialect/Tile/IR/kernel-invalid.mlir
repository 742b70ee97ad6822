// Errors of loops and of what stands in kernels.

// RUN: tile-opt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// tile.yield, tile.barrier, and what the whole block executes
//===----------------------------------------------------------------------===//

func.func @yield_parent() {
  // expected-error@+1 {{'tile.yield' op expects parent op to be one of 'tile.launch, tile.parallel, tile.pipelined, tile.threads, tile.specialize'}}
  tile.yield
}

// -----

func.func @block_level() {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'tile.barrier' op is executed by the whole block, so it cannot stand inside a 'tile.parallel', whose iterations are executed by one thread each}}
    tile.barrier
  }
  return
}

// -----

func.func @block_level_deep(%c: i1, %a: memref<4xf32>, %v: f32) {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel () in () {
    scf.if %c {
      // expected-error@+1 {{'tile.fill' op is executed by the whole block}}
      tile.fill %a, %v : memref<4xf32>
    }
  }
  return
}

// -----

func.func @parallel_in_parallel() {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'tile.parallel' op is executed by the whole block}}
    tile.parallel (%j) in (4) {
    }
  }
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.parallel, tile.pipelined
//===----------------------------------------------------------------------===//

func.func @parallel_extents(%n: index) {
  // expected-error@+1 {{'tile.parallel' op expected 1 dynamic extents, found 2}}
  "tile.parallel"(%n, %n) <{static_extents = array<i64: -9223372036854775808>}> ({
  ^bb0(%i: index):
    "tile.yield"() : () -> ()
  }) : (index, index) -> ()
  return
}

// -----

func.func @parallel_negative() {
  // expected-error@+1 {{'tile.parallel' op expected extents of at least 0, found -4}}
  tile.parallel (%i) in (-4) {
  }
  return
}

// -----

func.func @parallel_ids(%n: index) {
  // expected-error@+1 {{'tile.parallel' op expected 2 region arguments, one for each extent, found 1}}
  tile.parallel (%i) in (4, %n) {
  }
  return
}

// -----

func.func @parallel_writes_local(%v: f32) {
  %l = tile.alloc : memref<4xf32, #tile.scope<local>>
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'memref.store' op cannot write to a local buffer from outside of 'tile.parallel', since each thread has its own}}
    memref.store %v, %l[%i] : memref<4xf32, #tile.scope<local>>
  }
  return
}

// -----

func.func @parallel_writes_local_view(%v: f32, %l: memref<4xf32, #tile.scope<local>>) {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel (%i) in (2) {
    %w = memref.subview %l[2] [2] [1] : memref<4xf32, #tile.scope<local>>
      to memref<2xf32, strided<[1], offset: 2>, #tile.scope<local>>
    // expected-error@+1 {{'memref.store' op cannot write to a local buffer from outside}}
    memref.store %v, %w[%i] : memref<2xf32, strided<[1], offset: 2>, #tile.scope<local>>
  }
  return
}

// -----

func.func @pipelined_step(%n: index) {
  %c0 = arith.constant 0 : index
  // expected-error@+1 {{'tile.pipelined' op expected a positive step, found 0}}
  tile.pipelined %i = %n to %n step %c0 {
  }
  return
}

// -----

func.func @pipelined_stages(%n: index) {
  // expected-error@+1 {{'tile.pipelined' op attribute 'stages' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1}}
  tile.pipelined %i = %n to %n step %n stages(0) {
  }
  return
}

// -----

func.func @pipelined_ids(%n: index) {
  // expected-error@+1 {{'tile.pipelined' op expected 1 region arguments, one for each loop, found 0}}
  "tile.pipelined"(%n, %n, %n) ({
    "tile.yield"() : () -> ()
  }) : (index, index, index) -> ()
  return
}

// -----

func.func @parallel_attribute_twice() {
  // expected-error@+1 {{'tile.parallel' expected 'static_extents' before the attributes, found it among them}}
  tile.parallel (%i) in (3) attributes {static_extents = array<i64: 5>} {
  }
  return
}

// -----

func.func @pipelined_attribute_twice(%i: index) {
  // expected-error@+1 {{'tile.pipelined' expected 'stages' before the attributes, found it among them}}
  tile.pipelined %k = %i to %i step %i stages(3) attributes {stages = 5 : i64} {
  }
  return
}

// -----

//===----------------------------------------------------------------------===//
// tile.threads
//===----------------------------------------------------------------------===//

func.func @threads_arguments() {
  // expected-error@+1 {{'tile.threads' op expected one region argument of type 'index', the number of the thread, found ()}}
  "tile.threads"() ({
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @threads_argument_type() {
  // expected-error@+1 {{'tile.threads' op expected one region argument of type 'index', the number of the thread, found ('i32')}}
  "tile.threads"() ({
  ^bb0(%t: i32):
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @threads_block_level() {
  // expected-note@+1 {{inside this 'tile.threads'}}
  tile.threads (%t) {
    // expected-error@+1 {{'tile.barrier' op is executed by the whole block, so it cannot stand inside a 'tile.threads', whose body every thread executes by itself}}
    tile.barrier
  }
  return
}

// -----

func.func @threads_alloc() {
  // expected-note@+1 {{inside this 'tile.threads'}}
  tile.threads (%t) {
    // expected-error@+1 {{'tile.alloc' op cannot make a shared buffer inside 'tile.threads', where only local buffers can be made}}
    %0 = tile.alloc : memref<4xf32, #tile.scope<shared>>
  }
  return
}

// -----

func.func @threads_print(%a: memref<4xf32>) {
  tile.threads (%t) {
    // expected-error@+1 {{'tile.print' op cannot print a whole buffer inside 'tile.threads'}}
    tile.print "a", %a : memref<4xf32>
  }
  return
}

// RUN: tile-opt %s --tile-insert-barriers --split-input-file | FileCheck %s --implicit-check-not=tile.barrier

// Read after write, write after read, write after write.
// CHECK-LABEL: func @hazards
func.func @hazards(%a: memref<16xf32>, %b: memref<16xf32>, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    tile.copy %s, %f : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<fragment>>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// A scan reads its source and writes its destination, which may be one buffer.
// CHECK-LABEL: func @scan
func.func @scan(%a: memref<16xf32>, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %t = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.scan
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    tile.scan sum %s, %s dim 0 : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<shared>>
    // CHECK-NEXT: tile.fill
    tile.fill %t, %v : memref<16xf32, #tile.scope<shared>>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.scan
    tile.scan sum %s, %t dim 0 : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// What threads do by themselves is over before the next operation.
// CHECK-LABEL: func @threads
func.func @threads(%v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<33xf32, #tile.scope<shared>>
    %l = tile.alloc : memref<f32, #tile.scope<local>>
    // CHECK: tile.threads
    tile.threads (%t) {
      memref.store %v, %s[%t] : memref<33xf32, #tile.scope<shared>>
      memref.store %v, %l[] : memref<f32, #tile.scope<local>>
    }
    // CHECK: tile.barrier
    // CHECK-NEXT: tile.threads
    tile.threads (%t) {
      %x = memref.load %s[%t] : memref<33xf32, #tile.scope<shared>>
      memref.store %x, %l[] : memref<f32, #tile.scope<local>>
    }
    // CHECK: tile.threads
    tile.threads (%t) {
      memref.store %v, %l[] : memref<f32, #tile.scope<local>>
    }
  }
  return
}

// -----

// Reads do not conflict, nor do two buffers, nor what a thread has for itself.
// CHECK-LABEL: func @no_hazards
func.func @no_hazards(%a: memref<16xf32>, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %t = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    %l = tile.alloc : memref<16xf32, #tile.scope<local>>
    tile.copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
    tile.copy %a, %t : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
    tile.fill %f, %v : memref<16xf32, #tile.scope<fragment>>
    tile.fill %f, %v : memref<16xf32, #tile.scope<fragment>>
    tile.copy %f, %l : memref<16xf32, #tile.scope<fragment>> to memref<16xf32, #tile.scope<local>>
    tile.copy %a, %f : memref<16xf32> to memref<16xf32, #tile.scope<fragment>>
    tile.print "v", %v : f32
  }
  return
}

// -----

// One thread sees what it did.
// CHECK-LABEL: func @one_thread
func.func @one_thread(%v: f32) {
  tile.launch blocks() in () threads(1) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// Any two global buffers may be one.
// CHECK-LABEL: func @global
func.func @global(%a: memref<16xf32>, %b: memref<16xf32>, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // CHECK: tile.fill %arg0
    // CHECK-NEXT: tile.fill %{{.*}} #tile.scope<shared>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill %arg1
    tile.fill %a, %v : memref<16xf32>
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    tile.fill %b, %v : memref<16xf32>
    // The barrier ordered the shared buffer too.
    // CHECK-NEXT: tile.fill %{{.*}} #tile.scope<shared>
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// A view is its buffer, under another memory space too.
// CHECK-LABEL: func @views
func.func @views(%a: memref<16xf32>, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %t = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %w = memref.subview %s[8] [8] [1] : memref<16xf32, #tile.scope<shared>> to memref<8xf32, strided<[1], offset: 8>, #tile.scope<shared>>
    %g = memref.memory_space_cast %s : memref<16xf32, #tile.scope<shared>> to memref<16xf32>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    tile.fill %t, %v : memref<16xf32, #tile.scope<shared>>
    tile.fill %w, %v : memref<8xf32, strided<[1], offset: 8>, #tile.scope<shared>>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill %{{.*}} : memref<16xf32>
    tile.fill %g, %v : memref<16xf32>
    // CHECK: %[[X:.*]] = arith.select
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill %[[X]]
    %c = arith.constant true
    %x = arith.select %c, %s, %t : memref<16xf32, #tile.scope<shared>>
    tile.fill %x, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// What the end of a loop's body leaves meets its beginning.
// CHECK-LABEL: func @back_edge
func.func @back_edge(%a: memref<16xf32>, %n: index, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    // CHECK: tile.pipelined
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy %arg0
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy %{{.*}} to memref<16xf32, #tile.scope<fragment>>
    // CHECK-NEXT: }
    tile.pipelined %i = %n to %n step %n stages(3) {
      tile.copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
      tile.copy %s, %f : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<fragment>>
    }
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// What an access before the loop needs stands before the loop, once.
// CHECK-LABEL: func @before_loop
func.func @before_loop(%n: index, %v: f32, %o: memref<16xf32>) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: scf.for
    // CHECK-NEXT: scf.for
    // CHECK-NEXT: tile.copy
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    scf.for %i = %n to %n step %n {
      scf.for %j = %n to %n step %n {
        tile.copy %s, %f : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<fragment>>
      }
    }
    // A barrier of the loop itself is enough.
    // CHECK: scf.for
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy
    // CHECK-NEXT: }
    scf.for %i = %n to %n step %n {
      tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
      tile.copy %s, %f : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

// Where both branches have a barrier, nothing is open after them.
// CHECK-LABEL: func @both_branches
func.func @both_branches(%c: i1, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    // CHECK: scf.if
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: } else {
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: }
    // CHECK-NEXT: tile.fill
    scf.if %c {
      tile.barrier
    } else {
      tile.barrier
    }
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// Parts of a buffer that are apart, and buffers that share bytes.
// CHECK-LABEL: func @bytes
func.func @bytes(%v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc offset(0) : memref<4x16xf32, #tile.scope<shared>>
    %t = tile.alloc offset(192) : memref<16xf32, #tile.scope<shared>>
    %a = memref.subview %s[0, 0] [2, 16] [1, 1] : memref<4x16xf32, #tile.scope<shared>> to memref<2x16xf32, strided<[16, 1]>, #tile.scope<shared>>
    %b = memref.subview %s[2, 0] [1, 16] [1, 1] : memref<4x16xf32, #tile.scope<shared>> to memref<1x16xf32, strided<[16, 1], offset: 32>, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.fill
    // CHECK-NEXT: tile.fill
    tile.fill %a, %v : memref<2x16xf32, strided<[16, 1]>, #tile.scope<shared>>
    tile.fill %b, %v : memref<1x16xf32, strided<[16, 1], offset: 32>, #tile.scope<shared>>
    tile.fill %t, %v : memref<16xf32, #tile.scope<shared>>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<4x16xf32, #tile.scope<shared>>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %t, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// A copy that is begun must wait for the reads before it. What it wrote counts
// from the next wait on, also behind a barrier in between.
// CHECK-LABEL: func @async
func.func @async(%a: memref<16xf32>, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %t = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.async_copy
    // CHECK-NEXT: tile.async_commit
    // CHECK-NEXT: tile.barrier
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    tile.async_copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
    tile.async_commit
    tile.barrier
    // CHECK: tile.async_wait 0
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy
    tile.async_wait 0
    tile.copy %s, %f : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// The source of a copy is other memory than other arguments.
// CHECK-LABEL: func @async_source
func.func @async_source(%a: memref<16xf32>, %b: memref<16xf32>, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // CHECK: tile.async_wait
    // CHECK-NEXT: tile.fill %arg1
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill %arg0
    tile.async_copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
    tile.async_commit
    tile.async_wait 0
    tile.fill %b, %v : memref<16xf32>
    tile.fill %a, %v : memref<16xf32>
  }
  return
}

// -----

// A software pipeline has the barriers that it needs.
// CHECK-LABEL: func @pipeline
func.func @pipeline(%a: memref<?xf32>, %n: index, %st: index) {
  tile.launch blocks() in () threads(33) {
    %c0 = arith.constant 0 : index
    %s = tile.alloc : memref<2x16xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    scf.for %o = %n to %n step %n {
      // Only the first copies of another round meet the reads of the last one.
      // CHECK: scf.for
      // CHECK: tile.barrier
      // CHECK-NEXT: tile.async_copy
      // CHECK-NEXT: tile.async_commit
      // CHECK-NEXT: scf.for
      // CHECK-NEXT: tile.async_wait 0
      // CHECK-NEXT: tile.barrier
      // CHECK-NEXT: tile.async_copy
      // CHECK-NEXT: tile.async_commit
      // CHECK-NEXT: memref.subview
      // CHECK-NEXT: tile.copy
      // CHECK-NEXT: }
      // CHECK-NEXT: tile.async_wait 0
      tile.async_copy %a[%n], %s[%st, %c0] extents [16] : memref<?xf32> to memref<2x16xf32, #tile.scope<shared>>
      tile.async_commit
      scf.for %i = %n to %n step %n {
        tile.async_wait 0
        tile.barrier
        tile.async_copy %a[%i], %s[%n, %c0] extents [16] : memref<?xf32> to memref<2x16xf32, #tile.scope<shared>>
        tile.async_commit
        %view = memref.subview %s[%i, 0] [1, 16] [1, 1] : memref<2x16xf32, #tile.scope<shared>> to memref<16xf32, strided<[1], offset: ?>, #tile.scope<shared>>
        tile.copy %view, %f : memref<16xf32, strided<[1], offset: ?>, #tile.scope<shared>> to memref<16xf32, #tile.scope<fragment>>
      }
      tile.async_wait 0
    }
  }
  return
}

// -----

// A loop may not run, so what stands before it is still open after it.
// CHECK-LABEL: func @loop_not_run
func.func @loop_not_run(%n: index, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: scf.for
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: }
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    scf.for %i = %n to %n step %n {
      tile.barrier
    }
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// CHECK-LABEL: func @branches
func.func @branches(%c: i1, %v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %t = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // The two branches do not meet each other.
    // CHECK: scf.if
    // CHECK-NEXT: tile.fill
    // CHECK-NEXT: } else {
    // CHECK-NEXT: tile.fill
    // CHECK-NEXT: tile.fill
    // CHECK-NEXT: }
    scf.if %c {
      tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    } else {
      tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
      tile.fill %t, %v : memref<16xf32, #tile.scope<shared>>
    }
    // CHECK: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %t, %v : memref<16xf32, #tile.scope<shared>>
    // A barrier in one branch is not enough.
    // CHECK-NEXT: scf.if
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: }
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    scf.if %c {
      tile.barrier
    }
    tile.fill %t, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// The two regions of a while loop follow each other.
// CHECK-LABEL: func @while
func.func @while(%a: memref<16xf32>, %n: index) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    // CHECK: scf.while
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy %arg0
    // CHECK: do
    // CHECK: tile.barrier
    // CHECK-NEXT: tile.copy %{{.*}} to memref<16xf32, #tile.scope<fragment>>
    scf.while (%i = %n) : (index) -> index {
      tile.copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
      %more = arith.cmpi slt, %i, %n : index
      scf.condition(%more) %i : index
    } do {
    ^bb0(%i: index):
      tile.copy %s, %f : memref<16xf32, #tile.scope<shared>> to memref<16xf32, #tile.scope<fragment>>
      scf.yield %i : index
    }
  }
  return
}

// -----

// Loads by the whole block, a tile.parallel, atomics, and an op that nothing is
// known of.
// CHECK-LABEL: func @scalar_code
func.func private @unknown()
func.func @scalar_code(%a: memref<16xf32>, %v: f32, %i: index) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: memref.load
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    %x = memref.load %s[%i] : memref<16xf32, #tile.scope<shared>>
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.parallel
    // CHECK-NEXT: tile.atomic
    tile.parallel (%j) in (16) {
      %old = tile.atomic add %v, %s[%j] : memref<16xf32, #tile.scope<shared>>
    }
    // CHECK: tile.barrier
    // CHECK-NEXT: tile.parallel
    tile.parallel (%j) in (16) {
      %y = memref.load %s[%j] : memref<16xf32, #tile.scope<shared>>
    }
    // CHECK: tile.barrier
    // CHECK-NEXT: func.call
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    func.call @unknown() : () -> ()
    tile.fill %a, %v : memref<16xf32>
  }
  return
}

// -----

// One barrier that stands there already is enough.
// CHECK-LABEL: func @explicit
func.func @explicit(%v: f32) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.fill
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    tile.barrier
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
  }
  return
}

// -----

// A buffer that was chosen may be any whose scope was cast away.
// CHECK-LABEL: func @chosen
func.func @chosen(%a: memref<16xf32>, %c: i1, %v: f32, %i: index) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %g = memref.memory_space_cast %s : memref<16xf32, #tile.scope<shared>> to memref<16xf32>
    %x = arith.select %c, %g, %a : memref<16xf32>
    // CHECK: tile.fill
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: memref.load
    tile.fill %s, %v : memref<16xf32, #tile.scope<shared>>
    %0 = memref.load %x[%i] : memref<16xf32>
  }
  return
}

// -----

// A view with other elements is the same memory.
// CHECK-LABEL: func @view_of_other_elements
func.func @view_of_other_elements(%a: memref<64xf32>, %b: memref<64xi32>) {
  tile.launch blocks() in () threads(64) {
    %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %v = tile.view %s : memref<64xf32, #tile.scope<shared>>
      to memref<64xi32, #tile.scope<shared>>
    // CHECK: tile.copy
    // CHECK-NEXT: tile.barrier
    // CHECK-NEXT: tile.copy
    tile.copy %a, %s : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
    tile.copy %v, %b : memref<64xi32, #tile.scope<shared>> to memref<64xi32>
  }
  return
}

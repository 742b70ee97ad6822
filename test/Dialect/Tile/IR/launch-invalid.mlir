// Errors of launches.

// RUN: tile-opt %s --split-input-file --verify-diagnostics

func.func @swizzle_grid(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a grid of 2 dimensions with swizzle, found 1}}
  tile.launch blocks(%x) in (%n) threads(32) swizzle(4, row) {
  }
  return
}

// -----

func.func @swizzle_panel(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a panel of 1 to 65535 rows, found 0}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) swizzle(0, row) {
  }
  return
}

// -----

func.func @swizzle_panel_large(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a panel of 1 to 65535 columns, found 65536}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) swizzle(65536, column) {
  }
  return
}

// -----

func.func @swizzle_cluster(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected at most one of cluster and swizzle, found both}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(32) cluster(2) swizzle(4, row) {
  }
  return
}

// -----

func.func @launch_grid(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a grid of at most 3 dimensions, found 4}}
  tile.launch blocks(%x, %y, %z, %w) in (%n, %n, %n, %n) threads(1) {
  }
  return
}

// -----

func.func @launch_threads_low() {
  // expected-error@+1 {{'tile.launch' op attribute 'threads' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1 whose maximum value is 1024}}
  tile.launch blocks() in () threads(0) {
  }
  return
}

// -----

func.func @launch_threads_high() {
  // expected-error@+1 {{'tile.launch' op attribute 'threads' failed to satisfy constraint}}
  tile.launch blocks() in () threads(1025) {
  }
  return
}

// -----

func.func @launch_threads_missing() {
  // expected-error@+1 {{expected 'threads'}}
  tile.launch blocks() in () {
  }
  return
}

// -----

func.func @launch_threads_attribute() {
  // expected-error@+1 {{'tile.launch' op requires attribute 'threads'}}
  "tile.launch"() ({
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @launch_shared_bytes() {
  // expected-error@+1 {{'tile.launch' op attribute 'shared_bytes' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0}}
  tile.launch blocks() in () threads(1) shared_bytes(-1) {
  }
  return
}

// -----

func.func @launch_ids(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected 1 region arguments, one for each grid dimension, found 0}}
  tile.launch blocks() in (%n) threads(1) {
  }
  return
}

// -----

func.func @launch_id_type(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected region argument #0 of type 'index', found 'i32'}}
  "tile.launch"(%n) <{threads = 1 : i64}> ({
  ^bb0(%x: i32):
    "tile.yield"() : () -> ()
  }) : (index) -> ()
  return
}

// -----

func.func @launch_grid_type(%n: i32) {
  // expected-error@+1 {{'tile.launch' op operand #0 must be variadic of index, but got 'i32'}}
  "tile.launch"(%n) <{threads = 1 : i64}> ({
  ^bb0(%x: index):
    "tile.yield"() : () -> ()
  }) : (i32) -> ()
  return
}

// -----

func.func @launch_region() {
  // expected-error@+1 {{'tile.launch' op expects region #0 to have 0 or 1 blocks}}
  "tile.launch"() <{threads = 1 : i64}> ({
  ^bb0:
    cf.br ^bb1
  ^bb1:
    "tile.yield"() : () -> ()
  }) : () -> ()
  return
}

// -----

func.func @launch_empty_region() {
  // expected-error@+1 {{'tile.launch' op region #0 ('body') failed to verify constraint: region with 1 blocks}}
  "tile.launch"() <{threads = 1 : i64}> ({
  }) : () -> ()
  return
}

// -----

func.func @launch_terminator() {
  // expected-error@+2 {{'tile.launch' op expects regions to end with 'tile.yield', found 'llvm.unreachable'}}
  // expected-note@+1 {{in custom textual format, the absence of terminator implies 'tile.yield'}}
  "tile.launch"() <{threads = 1 : i64}> ({
    llvm.unreachable
  }) : () -> ()
  return
}

// -----

func.func @launch_nested() {
  // expected-note@+1 {{inside this one}}
  tile.launch blocks() in () threads(1) {
    // expected-error@+1 {{'tile.launch' op cannot stand inside another 'tile.launch'}}
    tile.launch blocks() in () threads(1) {
    }
  }
  return
}

// -----

func.func @launch_in_parallel() {
  // expected-note@+1 {{inside this 'tile.parallel'}}
  tile.parallel () in () {
    // expected-error@+1 {{'tile.launch' op is executed by the whole block}}
    tile.launch blocks() in () threads(1) {
    }
  }
  return
}

// -----

func.func @launch_cluster_rank(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a cluster of at most 1 dimensions, those of the grid, found 2}}
  tile.launch blocks(%x) in (%n) threads(1) cluster(2, 1) {
  }
  return
}

// -----

func.func @launch_cluster_extent(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected positive cluster extents, found 0}}
  tile.launch blocks(%x) in (%n) threads(1) cluster(0) {
  }
  return
}

// -----

func.func @launch_cluster_size(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a cluster of at most 16 blocks, found (8, 4)}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(1) cluster(8, 4) {
  }
  return
}

// -----

func.func @launch_cluster_huge(%n: index) {
  // expected-error@+1 {{'tile.launch' op expected a cluster of at most 16 blocks, found (4611686018427387904, 4)}}
  tile.launch blocks(%x, %y) in (%n, %n) threads(1) cluster(4611686018427387904, 4) {
  }
  return
}

// -----

func.func @launch_captures_shared(%s: memref<4xf32, #tile.scope<shared>>, %v: f32) {
  // expected-note@+1 {{inside this 'tile.launch'}}
  tile.launch blocks() in () threads(1) {
    // expected-error@+1 {{'tile.fill' op expected a buffer of global scope or one that is made inside the 'tile.launch', found 'memref<4xf32, #tile.scope<shared>>' from outside}}
    tile.fill %s, %v : memref<4xf32, #tile.scope<shared>>
  }
  return
}

// -----

func.func @launch_captures_variable(%n: index, %a: memref<?xindex>) {
  %v = tile.alloc_var %n : index
  // expected-note@+1 {{inside this 'tile.launch'}}
  tile.launch blocks(%x) in (%n) threads(1) {
    tile.parallel (%i) in (4) {
      // expected-error@+1 {{'memref.load' op expected a buffer of global scope or one that is made inside the 'tile.launch', found 'memref<index, #tile.scope<local>>' from outside}}
      %0 = memref.load %v[] : memref<index, #tile.scope<local>>
      memref.store %0, %a[%i] : memref<?xindex>
    }
  }
  return
}

// -----

func.func @launch_attribute_twice() {
  // expected-error@+1 {{'tile.launch' expected 'threads' before the attributes, found it among them}}
  tile.launch blocks() in () threads(3) attributes {threads = 5 : i64} {
  }
  return
}

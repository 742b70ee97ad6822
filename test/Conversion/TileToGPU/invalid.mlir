// RUN: tile-opt %s --convert-tile-to-gpu --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --convert-tile-to-gpu=chip=sm_1 2>&1 | FileCheck %s --check-prefix=CHIP

// CHIP: error: unknown chip 'sm_1'

func.func @host_copy(%a: memref<4xf32>, %b: memref<4xf32>) {
  // expected-error@+1 {{'tile.copy' op expected to stand inside a 'tile.launch' on a GPU, found in host code}}
  tile.copy %a, %b : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @host_parallel(%a: memref<4xf32>) {
  // expected-error@+1 {{'tile.parallel' op expected to stand inside a 'tile.launch' on a GPU, found in host code}}
  tile.parallel (%i) in (4) {
    %0 = memref.load %a[%i] : memref<4xf32>
  }
  return
}

// -----

func.func @host_access(%a: memref<4xindex>, %i: index) {
  // expected-error@+1 {{'memref.load' op cannot access the elements of a buffer on the GPU in host code; expected it inside a 'tile.launch'}}
  %n = memref.load %a[%i] : memref<4xindex>
  tile.launch blocks(%x) in (%n) threads(32) {
    tile.barrier
  }
  return
}

// -----

func.func @host_memory(%v: f32) {
  // expected-note@+1 {{the memory is made here}}
  %a = memref.alloc() : memref<4xf32>
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'tile.fill' op cannot use host memory in a kernel; expected a buffer that is an argument of the function}}
    tile.fill %a, %v : memref<4xf32>
  }
  return
}

// -----

func.func private @unknown(index) -> index
func.func @call(%n: index) {
  tile.launch blocks(%x) in (%n) threads(32) {
    // expected-error@+1 {{'func.call' op cannot call 'unknown' in a kernel; expected a function that can be inlined}}
    %0 = func.call @unknown(%x) : (index) -> index
  }
  return
}

// -----

// Each thread would make memory of its own.
func.func @alloc(%v: f32) {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'memref.alloc' op cannot make this buffer in a kernel; expected a 'tile.alloc', found a result of 'memref<4xf32>'}}
    %a = memref.alloc() : memref<4xf32>
    tile.fill %a, %v : memref<4xf32>
  }
  return
}

// -----

func.func @alloca(%v: f32) {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'memref.alloca' op cannot make this buffer in a kernel; expected a 'tile.alloc', found a result of 'memref<4xf32>'}}
    %a = memref.alloca() : memref<4xf32>
    tile.fill %a, %v : memref<4xf32>
  }
  return
}

// -----

func.func @alloca_fragment(%v: f32) {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'memref.alloca' op cannot make this buffer in a kernel; expected a 'tile.alloc', found a result of 'memref<4xf32, #tile.scope<fragment>>'}}
    %a = memref.alloca() : memref<4xf32, #tile.scope<fragment>>
    tile.fill %a, %v : memref<4xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// A view of a fragment has no place; tile-infer-layouts moves such fragments.
func.func @view_of_fragment(%v: f32) {
  tile.launch blocks() in () threads(32) {
    %a = tile.alloc : memref<4xf32, #tile.scope<fragment>>
    // expected-error@+1 {{'memref.subview' op cannot make this buffer in a kernel; expected a 'tile.alloc', found a result of 'memref<2xf32, strided<[1]>, #tile.scope<fragment>>'}}
    %b = memref.subview %a[0] [2] [1] : memref<4xf32, #tile.scope<fragment>> to memref<2xf32, strided<[1]>, #tile.scope<fragment>>
    tile.fill %b, %v : memref<2xf32, strided<[1]>, #tile.scope<fragment>>
  }
  return
}

// -----

func.func @cast_scope(%a: memref<4xf32>) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<4xf32, #tile.scope<shared>>
    // expected-error@+1 {{'memref.memory_space_cast' op cannot give a buffer another scope in a kernel; expected a cast from 'memref<4xf32, #tile.scope<local>>', found one from 'memref<4xf32, #tile.scope<shared>>'}}
    %l = memref.memory_space_cast %s : memref<4xf32, #tile.scope<shared>> to memref<4xf32, #tile.scope<local>>
    tile.copy %l, %a : memref<4xf32, #tile.scope<local>> to memref<4xf32>
  }
  return
}

// -----

module @outer {
  module @inner {
    func.func @nested() {
      tile.launch blocks() in () threads(32) {
        // expected-error@+1 {{'tile.barrier' op expected to stand in a function of the module that is converted, found in 'tile.launch'}}
        tile.barrier
      }
      return
    }
  }
}

// -----

func.func @threads_outside(%a: memref<32xindex>) {
  // expected-error@+1 {{'tile.threads' op expected to stand inside a 'tile.launch', which says how many threads there are}}
  tile.threads (%t) {
    memref.store %t, %a[%t] : memref<32xindex>
  }
  return
}

// -----

func.func @threads_differ(%a: memref<32xindex>) {
  tile.launch blocks() in () threads(32) {
    %l = tile.alloc : memref<4xindex, #tile.scope<local>>
    tile.threads (%t) {
      // expected-note@+1 {{it is written by each thread here}}
      memref.store %t, %l[%t] : memref<4xindex, #tile.scope<local>>
    }
    // expected-error@+1 {{'tile.copy' op cannot use a local buffer here whose content differs between threads; expected it inside 'tile.threads', or only written}}
    tile.copy %l, %a : memref<4xindex, #tile.scope<local>> to memref<32xindex>
  }
  return
}

// -----

func.func @threads_load(%a: memref<32xindex>, %i: index) {
  tile.launch blocks() in () threads(32) {
    %v = tile.alloc_var : index
    // expected-error@+1 {{'memref.load' op cannot use a local buffer here}}
    %x = memref.load %v[] : memref<index, #tile.scope<local>>
    tile.threads (%t) {
      // expected-note@+1 {{it is written by each thread here}}
      memref.store %t, %v[] : memref<index, #tile.scope<local>>
      memref.store %x, %a[%t] : memref<32xindex>
    }
  }
  return
}

// -----

func.func @threads_elsewhere(%i: index) {
  tile.launch blocks() in () threads(32) {
    %l = memref.alloca() : memref<4xindex, #tile.scope<local>>
    tile.threads (%t) {
      // expected-error@+1 {{'memref.store' op expected a local buffer of 'tile.alloc' or 'tile.alloc_var', or one that is made inside the 'tile.threads', found 'memref<4xindex, #tile.scope<local>>' from elsewhere}}
      memref.store %t, %l[%t] : memref<4xindex, #tile.scope<local>>
    }
  }
  return
}

// -----

// One row of the loop is run by many threads, one of which holds the element.
func.func @layout_of_loop() {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'tile.alloc' op expected a layout that fits the loops that touch it; run 'tile-infer-layouts' before}}
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    tile.parallel (%i, %j) in (64, 64) {
      %x = memref.load %f[%i] : memref<64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

func.func @scanned_fragment() {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'tile.alloc' op expected a fragment that registers can hold, but it is scanned; run 'tile-infer-layouts' before}}
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    tile.scan sum %f, %f dim 0 : memref<64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<fragment>>
  }
  return
}

// -----

// What is right for the launch is not for a part of it.
func.func @layout_of_launch(%z: f32) {
  tile.launch blocks() in () threads(64) {
    tile.specialize threads(32) {
    }, threads(32) {
      // expected-error@+1 {{'tile.alloc' op expected a layout for 32 threads, found one for 64}}
      %f = tile.alloc {tile.layout = #tile.layout<threads (64):(1), values ():(), shape 64>} : memref<64xf32, #tile.scope<fragment>>
      tile.fill %f, %z : memref<64xf32, #tile.scope<fragment>>
    }
  }
  return
}

// -----

func.func @loop_of_launch(%a: memref<64xf32>, %z: f32) {
  tile.launch blocks() in () threads(64) {
    tile.specialize threads(32) {
    }, threads(32) {
      // expected-error@+1 {{'tile.parallel' op expected a layout for 32 threads, found one for 64}}
      tile.parallel (%i) in (64) attributes {tile.layout = #tile.layout<threads (64):(1), values ():(), shape 64>} {
        memref.store %z, %a[%i] : memref<64xf32>
      }
    }
  }
  return
}

// -----

func.func @swizzled_view() {
  tile.launch blocks() in () threads(32) shared_bytes(4096) {
    // expected-note@+1 {{the buffer is made here}}
    %s = tile.alloc offset(0) swizzle(128) : memref<32x64xf16, #tile.scope<shared>>
    // expected-error@+1 {{'tile.view' op cannot use a swizzled buffer; expected accesses to elements by their indices}}
    %v = tile.view %s : memref<32x64xf16, #tile.scope<shared>> to memref<32x64xi16, #tile.scope<shared>>
    %c0 = arith.constant 0 : index
    %x = memref.load %v[%c0, %c0] : memref<32x64xi16, #tile.scope<shared>>
  }
  return
}

// -----

func.func @operand() {
  tile.launch blocks() in () threads(32) {
    %g = tile.alloc : memref<16x16xf16, #tile.scope<shared>>
    %f = tile.alloc : memref<16x16xf16, #tile.scope<fragment>>
    %c = tile.alloc {tile.layout = #tile.layout<threads (4,8):(2,16), values (2,2,2):(1,128,8), shape 16x16>} : memref<16x16xf32, #tile.scope<fragment>>
    // expected-error@+1 {{'tile.gemm' op expected operands in shared memory, or a product on tensor cores, but 'a' has another layout; run 'tile-infer-layouts' before}}
    tile.gemm %f, %g, %c : memref<16x16xf16, #tile.scope<fragment>>, memref<16x16xf16, #tile.scope<shared>>, memref<16x16xf32, #tile.scope<fragment>>
  }
  return
}

// -----

func.func @scratch() {
  tile.launch blocks() in () threads(64) {
    %f = tile.alloc {tile.layout = #tile.layout<threads (64):(4), values (4):(1), shape 256>} : memref<256xf16, #tile.scope<fragment>>
    %g = tile.alloc : memref<256xf16, #tile.scope<fragment>>
    // expected-error@+1 {{'tile.convert_layout' op expected a scratch, since threads of several warps have to meet; run 'tile-infer-layouts' before}}
    tile.convert_layout %f, %g : memref<256xf16, #tile.scope<fragment>> to memref<256xf16, #tile.scope<fragment>>
  }
  return
}

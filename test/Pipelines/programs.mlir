// Programs of unusual forms go all the way, on both targets.

// RUN: tile-opt %s --split-input-file --tile-to-cpu | FileCheck %s --check-prefix=CPU --implicit-check-not=unrealized
// RUN: tile-opt %s --split-input-file --tile-to-ptx=chip=sm_90a --tile-host-to-llvm | FileCheck %s --check-prefix=GPU --implicit-check-not=unrealized

// Rank0 buffers.
// CPU: llvm.func @rank0_buffers(
// GPU: llvm.func @rank0_buffers(
// GPU: llvm.call @tileRuntimeLaunch
func.func @rank0_buffers(%a: memref<f32>, %b: memref<4xf32>, %i: index) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<f32, #tile.scope<shared>>
    %f = tile.alloc : memref<f32, #tile.scope<fragment>>
    %l = tile.alloc : memref<f32, #tile.scope<local>>
    tile.copy %a, %s : memref<f32> to memref<f32, #tile.scope<shared>>
    tile.copy %s, %f : memref<f32, #tile.scope<shared>> to memref<f32, #tile.scope<fragment>>
    tile.copy %f, %b[%i] : memref<f32, #tile.scope<fragment>> to memref<4xf32>
    tile.copy %s, %l : memref<f32, #tile.scope<shared>> to memref<f32, #tile.scope<local>>
    %v = memref.load %l[] : memref<f32, #tile.scope<local>>
    memref.store %v, %b[%i] : memref<4xf32>
    tile.copy %b[%i], %a extents [] : memref<4xf32> to memref<f32>
    tile.parallel () in () {
      %x = memref.load %f[] : memref<f32, #tile.scope<fragment>>
      memref.store %x, %a[] : memref<f32>
    }
  }
  return
}

// -----

// Zero sized.
// CPU: llvm.func @zero_sized(
// GPU: llvm.func @zero_sized(
// GPU: llvm.call @tileRuntimeLaunch
func.func @zero_sized(%a: memref<0x4xf32>, %b: memref<?x?xf32>) {
  tile.launch blocks() in () threads(32) {
    %s = tile.alloc : memref<0x4xf32, #tile.scope<shared>>
    %t = tile.alloc : memref<4x0xf32, #tile.scope<shared>>
    %f = tile.alloc : memref<0x0xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<4x4xf32, #tile.scope<fragment>>
    %r = tile.alloc : memref<4xf32, #tile.scope<fragment>>
    %z = arith.constant 0.0 : f32
    tile.fill %f, %z : memref<0x0xf32, #tile.scope<fragment>>
    tile.copy %a, %s : memref<0x4xf32> to memref<0x4xf32, #tile.scope<shared>>
    tile.gemm %s, %t, %f : memref<0x4xf32, #tile.scope<shared>>, memref<4x0xf32, #tile.scope<shared>>, memref<0x0xf32, #tile.scope<fragment>>
    tile.gemm %t, %s, %g : memref<4x0xf32, #tile.scope<shared>>, memref<0x4xf32, #tile.scope<shared>>, memref<4x4xf32, #tile.scope<fragment>>
    tile.reduce max %t, %r dim 1 : memref<4x0xf32, #tile.scope<shared>> to memref<4xf32, #tile.scope<fragment>>
    tile.copy %g, %b : memref<4x4xf32, #tile.scope<fragment>> to memref<?x?xf32>
    tile.print "x", %s : memref<0x4xf32, #tile.scope<shared>>
    tile.parallel (%i) in (0) {
      tile.print "never"
    }
  }
  return
}

// -----

// Rank5 copy, different ranks.
// CPU: llvm.func @rank5_copy_different_ranks(
// GPU: llvm.func @rank5_copy_different_ranks(
// GPU: llvm.call @tileRuntimeLaunch
func.func @rank5_copy_different_ranks(%a: memref<?x?x?x?x?xf16>, %b: memref<2x3x4x5x6xf32>, %i: index) {
  tile.launch blocks(%x) in (%i) threads(96) {
    %s = tile.alloc : memref<2x3x4x5x6xf16, #tile.scope<shared>>
    %t = tile.alloc : memref<5x6xf32, #tile.scope<fragment>>
    tile.copy %a[%i, %x, %i, %i, %i], %s : memref<?x?x?x?x?xf16> to memref<2x3x4x5x6xf16, #tile.scope<shared>>
    tile.copy %a[%i, %x, %i, %i, %i], %t : memref<?x?x?x?x?xf16> to memref<5x6xf32, #tile.scope<fragment>>
    tile.copy %t, %b[%x, %x, %x, %x, %x] : memref<5x6xf32, #tile.scope<fragment>> to memref<2x3x4x5x6xf32>
    tile.copy %a, %b : memref<?x?x?x?x?xf16> to memref<2x3x4x5x6xf32>
    tile.copy %a[%i, %x, %i, %i, %i], %b[%i, %x, %i, %i, %i] : memref<?x?x?x?x?xf16> to memref<2x3x4x5x6xf32>
  }
  return
}

// -----

// Subviews of shared.
// CPU: llvm.func @subviews_of_shared(
// GPU: llvm.func @subviews_of_shared(
// GPU: llvm.call @tileRuntimeLaunch
func.func @subviews_of_shared(%a: memref<?x?xf32>, %i: index) {
  tile.launch blocks(%x) in (%i) threads(96) {
    %s = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    %v = memref.subview %s[%x, 8] [16, 16] [1, 2] : memref<64x64xf32, #tile.scope<shared>> to memref<16x16xf32, strided<[64, 2], offset: ?>, #tile.scope<shared>>
    tile.copy %a, %v : memref<?x?xf32> to memref<16x16xf32, strided<[64, 2], offset: ?>, #tile.scope<shared>>
    %g = memref.subview %a[%x, 0] [16, 16] [1, 1] : memref<?x?xf32> to memref<16x16xf32, strided<[?, 1], offset: ?>>
    %w = memref.subview %s[0, 0] [1, 64] [1, 1] : memref<64x64xf32, #tile.scope<shared>> to memref<64xf32, strided<[1]>, #tile.scope<shared>>
    %c = tile.alloc : memref<16x16xf32, #tile.scope<fragment>>
    tile.gemm %v, %g, %c clear : memref<16x16xf32, strided<[64, 2], offset: ?>, #tile.scope<shared>>, memref<16x16xf32, strided<[?, 1], offset: ?>>, memref<16x16xf32, #tile.scope<fragment>>
    tile.copy %c, %g : memref<16x16xf32, #tile.scope<fragment>> to memref<16x16xf32, strided<[?, 1], offset: ?>>
    %z = arith.constant 0.0 : f32
    tile.fill %w, %z : memref<64xf32, strided<[1]>, #tile.scope<shared>>
    %fv = memref.subview %c[0, 0] [8, 16] [1, 1] : memref<16x16xf32, #tile.scope<fragment>> to memref<8x16xf32, strided<[16, 1]>, #tile.scope<fragment>>
    tile.fill %fv, %z : memref<8x16xf32, strided<[16, 1]>, #tile.scope<fragment>>
  }
  return
}

// -----

// Casts.
// CPU: llvm.func @casts(
// GPU: llvm.func @casts(
// GPU: llvm.call @tileRuntimeLaunch
func.func @casts(%a: memref<?x?xf32>, %d: memref<64x64xf32>, %i: index) {
  tile.launch blocks(%x) in (%i) threads(96) {
    %s = tile.alloc : memref<64x64xf32, #tile.scope<shared>>
    %c = memref.cast %s : memref<64x64xf32, #tile.scope<shared>> to memref<?x?xf32, #tile.scope<shared>>
    %e = memref.cast %a : memref<?x?xf32> to memref<64x64xf32>
    %r = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    tile.copy %e, %c : memref<64x64xf32> to memref<?x?xf32, #tile.scope<shared>>
    tile.reduce sum %e, %r dim 0 : memref<64x64xf32> to memref<64xf32, #tile.scope<fragment>>
    tile.gemm %e, %e, %e transpose_b : memref<64x64xf32>, memref<64x64xf32>, memref<64x64xf32>
    tile.print "e", %e : memref<64x64xf32>
    %z = arith.constant 0.0 : f32
    tile.fill %e, %z : memref<64x64xf32>
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    %fc = memref.cast %f : memref<64xf32, #tile.scope<fragment>> to memref<?xf32, #tile.scope<fragment>>
    tile.fill %fc, %z : memref<?xf32, #tile.scope<fragment>>
    %rc = memref.collapse_shape %s [[0, 1]] : memref<64x64xf32, #tile.scope<shared>> into memref<4096xf32, #tile.scope<shared>>
    tile.fill %rc, %z : memref<4096xf32, #tile.scope<shared>>
    %rr = memref.reinterpret_cast %s to offset: [0], sizes: [8], strides: [1] : memref<64x64xf32, #tile.scope<shared>> to memref<8xf32, strided<[1]>, #tile.scope<shared>>
    tile.fill %rr, %z : memref<8xf32, strided<[1]>, #tile.scope<shared>>
    tile.copy %rr, %d[%x, %x] : memref<8xf32, strided<[1]>, #tile.scope<shared>> to memref<64x64xf32>
  }
  return
}

// -----

// Fragments in scf.if/for/while block level.
// CPU: llvm.func @fragments_in_scf_if_for_while_block_level(
// GPU: llvm.func @fragments_in_scf_if_for_while_block_level(
// GPU: llvm.call @tileRuntimeLaunch
func.func @fragments_in_scf_if_for_while_block_level(%a: memref<64xf32>, %n: index, %c: i1) {
  tile.launch blocks(%x) in (%n) threads(33) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %z = arith.constant 0.0 : f32
    %f = tile.alloc : memref<64xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
    scf.if %c {
      tile.fill %f, %z : memref<64xf32, #tile.scope<fragment>>
    } else {
      tile.copy %a, %f : memref<64xf32> to memref<64xf32, #tile.scope<fragment>>
    }
    scf.for %i = %c0 to %n step %c1 {
      %l = tile.alloc : memref<64xf32, #tile.scope<fragment>>
      tile.copy %f, %l : memref<64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<fragment>>
      tile.copy %l, %s : memref<64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<shared>>
    }
    scf.while (%i = %c0) : (index) -> index {
      tile.copy %s, %f : memref<64xf32, #tile.scope<shared>> to memref<64xf32, #tile.scope<fragment>>
      %more = arith.cmpi slt, %i, %n : index
      scf.condition(%more) %i : index
    } do {
    ^bb0(%i: index):
      tile.copy %f, %s : memref<64xf32, #tile.scope<fragment>> to memref<64xf32, #tile.scope<shared>>
      %j = arith.addi %i, %c1 : index
      scf.yield %j : index
    }
    tile.parallel (%i) in (64) {
      scf.for %k = %c0 to %n step %c1 {
        scf.for %k2 = %c0 to %k step %c1 {
          %v = memref.load %f[%i] : memref<64xf32, #tile.scope<fragment>>
          %w = arith.addf %v, %v : f32
          scf.if %c {
            memref.store %w, %f[%i] : memref<64xf32, #tile.scope<fragment>>
          }
        }
      }
    }
    tile.copy %f, %a : memref<64xf32, #tile.scope<fragment>> to memref<64xf32>
  }
  return
}

// -----

// Shared yielded from select.
// CPU: llvm.func @shared_yielded_from_select(
// GPU: llvm.func @shared_yielded_from_select(
// GPU: llvm.call @tileRuntimeLaunch
func.func @shared_yielded_from_select(%a: memref<64xf32>, %n: index, %c: i1) {
  tile.launch blocks(%x) in (%n) threads(33) {
    %f = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %g = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %h = arith.select %c, %f, %g : memref<64xf32, #tile.scope<shared>>
    tile.copy %a, %f : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
    tile.copy %h, %a : memref<64xf32, #tile.scope<shared>> to memref<64xf32>
  }
  return
}

// -----

// Double buffer in iter_args.
// CPU: llvm.func @double_buffer_in_iter_args(
// GPU: llvm.func @double_buffer_in_iter_args(
// GPU: llvm.call @tileRuntimeLaunch
func.func @double_buffer_in_iter_args(%a: memref<64xf32>, %n: index, %c: i1) {
  tile.launch blocks(%x) in (%n) threads(33) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %f = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %g = tile.alloc : memref<64xf32, #tile.scope<shared>>
    %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %f, %q = %g) -> (memref<64xf32, #tile.scope<shared>>, memref<64xf32, #tile.scope<shared>>) {
      tile.copy %a, %p : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
      tile.copy %q, %a : memref<64xf32, #tile.scope<shared>> to memref<64xf32>
      scf.yield %q, %p : memref<64xf32, #tile.scope<shared>>, memref<64xf32, #tile.scope<shared>>
    }
  }
  return
}

// -----

// Launches in loops, two, several functions.
// CPU: llvm.func @launches_in_loops_two_several_functions(
// GPU: llvm.func @launches_in_loops_two_several_functions(
// GPU: llvm.call @tileRuntimeLaunch
func.func private @helper(%a: memref<64xf32>, %s: memref<64xf32, #tile.scope<shared>>) {
  tile.copy %a, %s : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
  return
}
func.func @launches_in_loops_two_several_functions(%a: memref<64xf32>, %n: index, %c: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    scf.if %c {
      tile.launch blocks(%x) in (%i) threads(33) {
        %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
        func.call @helper(%a, %s) : (memref<64xf32>, memref<64xf32, #tile.scope<shared>>) -> ()
        tile.copy %s, %a : memref<64xf32, #tile.scope<shared>> to memref<64xf32>
      }
    }
    tile.launch blocks() in () threads(33) {
      tile.print "hi"
    }
  }
  return
}
func.func @g(%a: memref<64xf32>, %n: index, %c: i1) {
  tile.launch blocks(%x, %y, %z) in (%n, %n, %n) threads(1024) {
    %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
    func.call @helper(%a, %s) : (memref<64xf32>, memref<64xf32, #tile.scope<shared>>) -> ()
  }
  func.call @launches_in_loops_two_several_functions(%a, %n, %c) : (memref<64xf32>, index, i1) -> ()
  return
}

// -----

// I1 index f8 buffers.
// CPU: llvm.func @i1_index_f8_buffers(
// GPU: llvm.func @i1_index_f8_buffers(
// GPU: llvm.call @tileRuntimeLaunch
func.func @i1_index_f8_buffers(%a: memref<64xi1>, %b: memref<64xindex>, %c: memref<64xf8E4M3FN>, %d: memref<64xf8E5M2>, %n: index) {
  tile.launch blocks() in () threads(33) {
    %s1 = tile.alloc : memref<64xi1, #tile.scope<shared>>
    %s2 = tile.alloc : memref<64xindex, #tile.scope<shared>>
    %s3 = tile.alloc : memref<64xf8E4M3FN, #tile.scope<shared>>
    %s4 = tile.alloc : memref<64xf8E5M2, #tile.scope<fragment>>
    tile.copy %a, %s1 : memref<64xi1> to memref<64xi1, #tile.scope<shared>>
    tile.copy %s1, %s2 : memref<64xi1, #tile.scope<shared>> to memref<64xindex, #tile.scope<shared>>
    tile.copy %s2, %s3 : memref<64xindex, #tile.scope<shared>> to memref<64xf8E4M3FN, #tile.scope<shared>>
    tile.copy %s3, %s4 : memref<64xf8E4M3FN, #tile.scope<shared>> to memref<64xf8E5M2, #tile.scope<fragment>>
    tile.copy %s4, %b : memref<64xf8E5M2, #tile.scope<fragment>> to memref<64xindex>
    %x = memref.load %c[%n] : memref<64xf8E4M3FN>
    %y = memref.load %b[%n] : memref<64xindex>
    %z = memref.load %a[%y] : memref<64xi1>
    tile.print "v", %x, %y, %z : f8E4M3FN, index, i1
    tile.print "b", %s4, %s1, %s2 : memref<64xf8E5M2, #tile.scope<fragment>>, memref<64xi1, #tile.scope<shared>>, memref<64xindex, #tile.scope<shared>>
    %w = memref.load %d[%n] : memref<64xf8E5M2>
    tile.fill %s4, %w : memref<64xf8E5M2, #tile.scope<fragment>>
    %m = arith.addf %x, %x : f8E4M3FN
    tile.fill %c, %m : memref<64xf8E4M3FN>
    %v1 = tile.alloc_var : f8E5M2
    %v2 = tile.alloc_var : i1
    %v3 = tile.alloc_var : index
    memref.store %y, %v3[] : memref<index, #tile.scope<local>>
  }
  return
}

// -----

// Parallel dynamic, alloc in loops, local arrays.
// CPU: llvm.func @parallel_dynamic_alloc_in_loops_local_arrays(
// GPU: llvm.func @parallel_dynamic_alloc_in_loops_local_arrays(
// GPU: llvm.call @tileRuntimeLaunch
func.func @parallel_dynamic_alloc_in_loops_local_arrays(%a: memref<?x?xf32>, %n: index, %c: i1) {
  tile.launch blocks() in () threads(33) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    tile.pipelined %k = %c0 to %n step %c1 stages(4) {
      %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
      tile.parallel (%i, %j, %l) in (%n, 7, %k) {
        %t = tile.alloc : memref<4xf32, #tile.scope<local>>
        %v = memref.load %a[%i, %j] : memref<?x?xf32>
        %d = tile.alloc_var %v : f32
        memref.store %v, %t[%c1] : memref<4xf32, #tile.scope<local>>
        %old = tile.atomic add %v, %a[%j, %l] : memref<?x?xf32>
        memref.store %old, %s[%j] : memref<16xf32, #tile.scope<shared>>
        tile.assert %c, "100% wrong \"quoted\""
        tile.assume %c
        tile.print "a %d % %%", %old : f32
      }
    }
  }
  return
}

// -----

// One element fragments.
// CPU: llvm.func @one_element_fragments(
// GPU: llvm.func @one_element_fragments(
// GPU: llvm.call @tileRuntimeLaunch
func.func @one_element_fragments(%a: memref<?xf32>, %n: index) {
  tile.launch blocks() in () threads(33) {
    %c0 = arith.constant 0 : index
    %f = tile.alloc : memref<1xf32, #tile.scope<fragment>>
    %g = tile.alloc : memref<1x1xf32, #tile.scope<fragment>>
    %s = tile.alloc : memref<64x1xf32, #tile.scope<shared>>
    tile.copy %a, %f : memref<?xf32> to memref<1xf32, #tile.scope<fragment>>
    tile.reduce sum %s, %g dim 0 : memref<64x1xf32, #tile.scope<shared>> to memref<1x1xf32, #tile.scope<fragment>>
    tile.parallel (%i) in (1) {
      %v = memref.load %f[%i] : memref<1xf32, #tile.scope<fragment>>
      memref.store %v, %g[%c0, %i] : memref<1x1xf32, #tile.scope<fragment>>
    }
    %v = memref.load %f[%c0] : memref<1xf32, #tile.scope<fragment>>
    tile.print "f", %f, %g, %v : memref<1xf32, #tile.scope<fragment>>, memref<1x1xf32, #tile.scope<fragment>>, f32
  }
  return
}

// -----

// Memory space cast.
// CPU: llvm.func @memory_space_cast(
// GPU: llvm.func @memory_space_cast(
// GPU: llvm.call @tileRuntimeLaunch
func.func @memory_space_cast(%a: memref<16xf32>, %n: index) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %g = memref.memory_space_cast %s : memref<16xf32, #tile.scope<shared>> to memref<16xf32>
    tile.copy %a, %g : memref<16xf32> to memref<16xf32>
    tile.copy %s, %a : memref<16xf32, #tile.scope<shared>> to memref<16xf32>
  }
  return
}

// -----

// Local fill/copy whole.
// CPU: llvm.func @local_fill_copy_whole(
// GPU: llvm.func @local_fill_copy_whole(
// GPU: llvm.call @tileRuntimeLaunch
func.func @local_fill_copy_whole(%a: memref<16xf32>, %n: index) {
  tile.launch blocks() in () threads(33) {
    %l = tile.alloc : memref<16xf32, #tile.scope<local>>
    %f = tile.alloc : memref<16xf32, #tile.scope<fragment>>
    %z = arith.constant 1.0 : f32
    tile.fill %l, %z : memref<16xf32, #tile.scope<local>>
    tile.copy %a, %l : memref<16xf32> to memref<16xf32, #tile.scope<local>>
    tile.copy %l, %f : memref<16xf32, #tile.scope<local>> to memref<16xf32, #tile.scope<fragment>>
    tile.copy %f, %l : memref<16xf32, #tile.scope<fragment>> to memref<16xf32, #tile.scope<local>>
    tile.copy %l, %a : memref<16xf32, #tile.scope<local>> to memref<16xf32>
  }
  return
}

// -----

// Cf in execute_region.
// CPU: llvm.func @cf_in_execute_region(
// GPU: llvm.func @cf_in_execute_region(
// GPU: llvm.call @tileRuntimeLaunch
func.func @cf_in_execute_region(%a: memref<16xf32>, %n: index, %c: i1) {
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    scf.execute_region {
      cf.cond_br %c, ^bb1, ^bb2
    ^bb1:
      tile.copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
      cf.br ^bb2
    ^bb2:
      scf.yield
    }
    tile.copy %s, %a : memref<16xf32, #tile.scope<shared>> to memref<16xf32>
    scf.index_switch %n
    case 2 {
      tile.copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
      scf.yield
    }
    default {
      tile.copy %s, %a : memref<16xf32, #tile.scope<shared>> to memref<16xf32>
    }
  }
  return
}

// -----

// Multi block host function with launch.
// CPU: llvm.func @multi_block_host_function_with_launch(
// GPU: llvm.func @multi_block_host_function_with_launch(
// GPU: llvm.call @tileRuntimeLaunch
func.func @multi_block_host_function_with_launch(%a: memref<16xf32>, %n: index, %c: i1) {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  tile.launch blocks() in () threads(33) {
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    %big = tile.alloc : memref<1024xf32, #tile.scope<shared>>
    tile.copy %a, %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
    tile.copy %s, %big : memref<16xf32, #tile.scope<shared>> to memref<1024xf32, #tile.scope<shared>>
    tile.copy %big, %a : memref<1024xf32, #tile.scope<shared>> to memref<16xf32>
  }
  cf.br ^bb2
^bb2:
  return
}

// -----

// Huge constant index.
// CPU: llvm.func @huge_constant_index(
// GPU: llvm.func @huge_constant_index(
// GPU: llvm.call @tileRuntimeLaunch
func.func @huge_constant_index(%a: memref<16xf32>, %b: memref<64xf32>) {
  tile.launch blocks() in () threads(33) {
    %big = arith.constant 9223372036854775807 : index
    %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
    tile.copy %a[%big], %s : memref<16xf32> to memref<16xf32, #tile.scope<shared>>
    tile.copy %s, %b : memref<16xf32, #tile.scope<shared>> to memref<64xf32>
  }
  return
}

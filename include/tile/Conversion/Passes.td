//===----------------------------------------------------------------------===//
// Passes.td - conversions between dialects
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_PASSES_TD
#define TILE_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertLinalgToTile : Pass<"convert-linalg-to-tile"> {
  let summary = "convert linalg ops on buffers to launches of tile kernels";
  let description = [{
    Each linalg op on buffers becomes a `tile.launch`, in which every block
    computes one tile; what is host code before stays host code around it. Sizes
    may be dynamic, and none has to fit the tiles. There are four kernels, and
    the first that fits is taken:

    1. Products of matrices, with leading batch dimensions and transposes, by
       `tile.gemm`: `linalg.matmul`, `linalg.batch_matmul`,
       `linalg.contract`, or a `linalg.generic` that says the same. Results of
       16-bit floats are summed in f32.
    2. Ops without reduction loops (`linalg.fill`, `linalg.copy`,
       `linalg.transpose`, `linalg.broadcast`, `linalg.map`, elementwise
       `linalg.generic`), by copies and a `tile.parallel`.
    3. Sums, maxima, minima, and bitwise reductions, along any number of loops,
       by `tile.reduce`. Sums are formed in an order that is not specified.
    4. Everything else, such as convolutions, products of elements, or several
       results at once, by one iteration for each element of the result, which
       runs through the reduction loops in order. This is slow, and a remark
       says why it was needed.

    A `linalg.fill` right before a product or a reduction into the same buffer
    becomes a part of its kernel.

    An op that cannot be converted stays, with a remark that says why: it works
    on tensors, stands in a kernel, has an element type, memory space or layout
    that tile has not, computes with more than `arith` and `math`, or gives one
    element of the result in several parallel iterations.

    ```mlir
    func.func @scale(%x: memref<?xf32>, %y: memref<?xf32>, %s: f32) {
      linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
        iterator_types = ["parallel"]
      } ins(%x : memref<?xf32>) outs(%y : memref<?xf32>) {
      ^bb0(%in: f32, %out: f32):
        %r = arith.mulf %in, %s : f32
        linalg.yield %r : f32
      }
      return
    }
    ```
  }];
  let options = [
    ListOption<"gemmTile", "gemm-tile", "int64_t",
               "Rows, columns and depth of the tiles of a product (64,64,32 if "
               "not given)">,
    ListOption<"elementwiseTile", "elementwise-tile", "int64_t",
               "Extents of a tile in the last two loops of an op without "
               "reductions (8,256 if not given)">,
    ListOption<"reduceTile", "reduce-tile", "int64_t",
               "Results and summands of each that a tile of a reduction holds "
               "(16,128 if not given)">,
    Option<"threads", "threads", "int64_t", /*default=*/"128",
           "Threads of a block">,
    Option<"stages", "stages", "int64_t", /*default=*/"3",
           "Stages of the loops over the tiles of products and reductions">
  ];
  let statistics = [
    Statistic<"numProducts", "num-products", "Products of matrices converted">,
    Statistic<"numElementwise", "num-elementwise",
              "Ops without reductions converted">,
    Statistic<"numReductions", "num-reductions", "Reductions converted">,
    Statistic<"numLoops", "num-loops", "Ops converted to loops over elements">,
    Statistic<"numKept", "num-kept", "Ops that stayed as they were">
  ];
  let dependentDialects = [
    "arith::ArithDialect", "memref::MemRefDialect", "scf::SCFDialect",
    "TileDialect"
  ];
}

def ConvertTileToCPU : Pass<"convert-tile-to-cpu", "ModuleOp"> {
  let summary = "convert tile ops to loops on one CPU thread";
  let description = [{
    The executable meaning of the dialect: blocks run one after another, each
    op to its end before the next. Every buffer becomes ordinary memory. Leaves
    func, scf, arith, math, memref, vector and LLVM calls of the runtime.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "func::FuncDialect", "LLVM::LLVMDialect",
    "math::MathDialect", "memref::MemRefDialect", "scf::SCFDialect",
    "vector::VectorDialect"
  ];
}

def ConvertTileToGPU : Pass<"convert-tile-to-gpu", "ModuleOp"> {
  let summary = "convert tile ops to gpu.launch and code for each thread";
  let description = [{
    Each `tile.launch` becomes a `gpu.launch`, each block-level op a loop over
    the elements that belong to the thread. Buffers in shared memory become
    views of the dynamic shared memory at the offsets that `tile-plan-memory`
    chose, fragments private arrays. Needs the passes before it in
    `tile-to-gpu`.

    A copy between global and shared memory moves vectors of up to 16 bytes. If
    it is not known that they fit addresses and edges of the buffers, then
    that is tested when the kernel runs, and single elements are moved where it
    does not hold. A copy that cannot use vectors gets a remark.

    A `tile.async_copy` becomes cp.async instructions of 16, 8 or 4 bytes where
    both sides are aligned, what is outside the source is zero, and the
    destination has room. What of that is not known is tested at run time, once
    for all threads (remark `tested-async-copy`). Where it does not hold, the
    elements are copied one by one (remark `plain-async-copy`). In a loop of
    `tile-plan-pipeline` there is another test in front of the loop, of whether
    that and the bounds hold in all iterations, for `tile-version-loops`.

    A product on tensor cores loads the operands of its next step along K before
    the instructions of a step. At the end of a pipelined loop it waits for the
    copies before its last step, and loads the first operands of the next
    iteration; a product that cannot do that, because the loop does more, gets a
    remark (`late-operands`).
  }];
  let dependentDialects = [
    "arith::ArithDialect", "cf::ControlFlowDialect", "gpu::GPUDialect",
    "LLVM::LLVMDialect", "math::MathDialect", "memref::MemRefDialect",
    "NVVM::NVVMDialect", "nvgpu::NVGPUDialect", "scf::SCFDialect",
    "vector::VectorDialect"
  ];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "Target processor, for example sm_80 or sm_90a">,
    Option<"unrollLimit", "unroll-limit", "int64_t", /*default=*/"255",
           "Most elements of a fragment that a thread keeps in registers">
  ];
}

def TileSimplifyLaunches : Pass<"tile-simplify-launches"> {
  let summary = "eliminate common subexpressions in each launch";
  let description = [{
    Lowering tile IR makes many constants, which are cheaper to drop before
    kernels are outlined. Unlike `cse` this pass keeps a launch whose kernel has
    no effect: who compiles it expects a kernel.

    ```mlir
    func.func @f(%a: memref<?xf32>, %x: f32) {
      %c1 = arith.constant 1 : index
      gpu.launch blocks(%bx, %by, %bz) in (%gx = %c1, %gy = %c1, %gz = %c1)
                 threads(%tx, %ty, %tz) in (%sx = %c1, %sy = %c1, %sz = %c1) {
        %i = arith.constant 7 : index
        %j = arith.constant 7 : index
        memref.store %x, %a[%i] : memref<?xf32>
        memref.store %x, %a[%j] : memref<?xf32>
        gpu.terminator
      }
      return
    }
    ```
  }];
}

def TileVersionLoops : Pass<"tile-version-loops"> {
  let summary = "give pipelined loops a version without tests in their copies";
  let description = [{
    `convert-tile-to-gpu` tests in front of a pipelined loop whether its
    asynchronous copies are aligned and inside of their sources in all
    iterations, and leaves the branch on that in the loop. This pass makes two
    loops of it, one for the case that the test holds for all copies. In that
    one the copies are also done unconditionally: near the end, where there is
    no iteration to copy for, they read nothing and write zeros to the stage
    that is free (`tile.free_stage` marks a condition that allows that). So the
    body is free of branches, and the copies can be begun between the
    instructions of a product. Where its views of tensors move on by a distance
    that is only known at run time, the loop carries where they begin.

    ```mlir
    func.func @f(%src: memref<64xf32>, %dst: memref<64xf32, 3>, %n: index,
                 %inside: i1) {
      %c0 = arith.constant 0 : index
      %c16 = arith.constant 16 : index
      scf.for %i = %c0 to %n step %c16 {
        %next = arith.addi %i, %c16 : index
        %exists = arith.cmpi slt, %next, %n : index
        scf.if %exists {
          scf.if %inside {
            %token = nvgpu.device_async_copy %src[%next], %dst[%i], 4
              : memref<64xf32> to memref<64xf32, 3>
          } else {
            %x = memref.load %src[%next] : memref<64xf32>
            memref.store %x, %dst[%i] : memref<64xf32, 3>
          }
        } {tile.free_stage}
      }
      return
    }
    ```
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect",
                           "scf::SCFDialect"];
  let statistics = [
    Statistic<"numVersions", "num-versions", "Loops with a version of their "
              "own for copies without tests">,
    Statistic<"numAdvanced", "num-advanced", "Views whose beginning such a loop "
              "carries">
  ];
}

def ConvertTileGPUToNVVM
    : Pass<"convert-tile-gpu-to-nvvm", "gpu::GPUModuleOp"> {
  let summary = "convert device code to NVVM without a device library";
  let description = [{
    Converts what `convert-tile-to-gpu` made, in a `gpu.module`, to the NVVM and
    LLVM dialects, with the patterns of upstream's `convert-gpu-to-nvvm`. Math
    becomes LLVM intrinsics instead of calls of a device library, so
    `tile-expand-math` must have run, and `math.exp2` marked as approximate the
    instruction for it; atomic updates become relaxed ones of device scope.
  }];
  let dependentDialects = ["LLVM::LLVMDialect", "NVVM::NVVMDialect"];
}

def TileMergeGPUModules : Pass<"tile-merge-gpu-modules", "ModuleOp"> {
  let summary = "put all kernels into one gpu.module";
  let description = [{
    Moves the kernels of all `gpu.module`s into the first one, under new names
    where they clash, and updates the launches. Runs after
    `gpu-kernel-outlining`, which makes one for each kernel.
  }];
}

def TilePredicateStores
    : Pass<"tile-predicate-stores", "gpu::GPUModuleOp"> {
  let summary = "store under a condition without a branch";
  let description = [{
    Turns each `scf.if` that does nothing but compute a value and store it to
    global memory into a `vector.maskedstore`, whose mask is the condition. What
    computes the value and its place then runs in any case, so it must have no
    effect. `convert-tile-gpu-to-nvvm` makes one instruction with a predicate of
    it. Runs before `tile-flatten-control-flow`.

    Kernels with few such stores stay as they are: branches cost LLVM little
    time then.

    Example:

    ```mlir
    gpu.module @kernels {
      gpu.func @store(%a: memref<?xf32>, %i: index, %v: f32, %inside: i1)
          kernel {
        // With min-stores=1 it becomes
        //   %values = vector.broadcast %v : f32 to vector<1xf32>
        //   %mask = vector.broadcast %inside : i1 to vector<1xi1>
        //   vector.maskedstore %a[%i], %mask, %values
        scf.if %inside {
          memref.store %v, %a[%i] : memref<?xf32>
        }
        gpu.return
      }
    }
    ```
  }];
  let options = [
    Option<"minStores", "min-stores", "int64_t", /*default=*/"500",
           "The least number of such stores in a kernel">,
  ];
  let statistics = [
    Statistic<"numStores", "num-stores", "Number of stores with a predicate">,
  ];
  let dependentDialects = ["vector::VectorDialect"];
}

def TileExternalizeSharedMemory
    : Pass<"tile-externalize-shared-memory", "gpu::GPUModuleOp"> {
  let summary = "make the dynamic shared memory an external symbol";
  let description = [{
    Gives the array of no bytes that stands for a kernel's dynamic shared memory
    external linkage and an alignment of 1024 bytes. Runs after
    `convert-tile-gpu-to-nvvm`.
  }];
}

def TileCompileToPTX : Pass<"tile-compile-to-ptx", "ModuleOp"> {
  let summary = "compile each gpu.module to PTX";
  let description = [{
    Does what upstream's `gpu-module-to-binary` with `format=isa` does, but
    takes less time for long code. A module of more than 2000 instructions is
    optimized by a short pipeline instead of LLVM's own one, whatever the level,
    unless that is 0: it is canonical already, and has no calls. LLVM's
    straight-line strength reduction, which compares sums and products pair by
    pair, is left out for functions that have more than 150 of these. A module
    that has such a function does without loop strength reduction, too, unless
    it has products by mma.sync.
  }];
  let dependentDialects = ["LLVM::LLVMDialect", "NVVM::NVVMDialect"];
}

def TileFlattenControlFlow : Pass<"tile-flatten-control-flow"> {
  let summary = "lower loops and conditions to branches in linear time";
  let description = [{
    Lowers the sequential operations of the scf dialect to branches with the
    patterns of upstream's `convert-scf-to-cf`, from the last operation to the
    first one. Each splits its block and moves what follows it; forwards, code
    with many conditions one after another, such as the unrolled accesses of a
    ragged tile, would be moved as many times.
  }];
  let dependentDialects = ["cf::ControlFlowDialect"];
}

def TilePlaceTensorMaps
    : Pass<"tile-place-tensor-maps", "gpu::GPUModuleOp"> {
  let summary = "keep tensor maps in the parameters of kernels";
  let description = [{
    `convert-tile-to-gpu` passes tensor maps by value and casts them to their
    addresses, which the copy engine takes. The pass makes each such parameter
    of a kernel a pointer to constant memory (`llvm.byval` and
    `nvvm.grid_constant`, aligned to 64 bytes), and that is the address. Runs
    after `convert-tile-gpu-to-nvvm`.
  }];
  let dependentDialects = ["LLVM::LLVMDialect", "NVVM::NVVMDialect"];
}

def TileOverlapKernels : Pass<"tile-overlap-kernels", "gpu::GPUModuleOp"> {
  let summary = "let kernels begin before those ahead of them end";
  let description = [{
    Gives each kernel a `griddepcontrol.wait` and a
    `griddepcontrol.launch_dependents` in front of its first access to memory
    that others may see, and the module the attribute `tile.waits`. With it
    `convert-gpu-launch-to-runtime` lets a kernel begin as soon as all blocks of
    the one ahead of it in the stream are at work, where there is room: it
    starts up, makes its barriers and then waits until that one has ended and
    all of its memory is written. So a kernel sees what it saw before, some
    microseconds earlier. Chips before sm_90 have no such instruction; nothing
    changes there.
  }];
  let dependentDialects = ["NVVM::NVVMDialect"];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "Target processor, for example sm_80 or sm_90a">
  ];
}

def ConvertGPULaunchToRuntime
    : Pass<"convert-gpu-launch-to-runtime", "ModuleOp"> {
  let summary = "convert launches of compiled kernels to runtime calls";
  let description = [{
    Makes each `gpu.binary` a constant and each `gpu.launch_func` of it, whose
    operands have LLVM types, a call of `tileRuntimeLaunch`. The attribute
    `tile.waits` of a binary says that its kernels wait themselves for those
    ahead of them (`tile-overlap-kernels`).
  }];
  let dependentDialects = ["LLVM::LLVMDialect"];
}

#endif // TILE_CONVERSION_PASSES_TD

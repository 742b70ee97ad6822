//===----------------------------------------------------------------------===//
// Passes.td - passes on tile IR
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_TRANSFORMS_PASSES_TD
#define TILE_DIALECT_TILE_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def TileExpandPrint : Pass<"tile-expand-print"> {
  let summary = "expand prints of whole buffers into prints of elements";
  let description = [{
    Replaces `tile.print` of a buffer by loops that print one element each, as
    `text[i, j] = value`. Leaves only prints of scalars.
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect",
                           "scf::SCFDialect"];
}

def TileExpandVotes : Pass<"tile-expand-votes"> {
  let summary = "expand tile.any and tile.all into loops over the elements";
  let description = [{
    Replaces `tile.any` and `tile.all` by a flag in shared memory that a
    `tile.parallel` over the elements sets, where they decide the answer, with
    `tile.atomic`. Over a fragment the loop has the fragment's shape, so that
    each thread tests what it holds.
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect",
                           "scf::SCFDialect"];
}

def TileExpandTma : Pass<"tile-expand-tma"> {
  let summary = "do the copies of a copy engine at once";
  let description = [{
    For targets without a copy engine: `tile.tma_load` and `tile.tma_store`
    become `tile.copy`, which moves the box at once, so that there is nothing to
    wait for, and what synchronises with them is erased: the operations on
    barriers that count arrivals, fences, named barriers. `tile-insert-barriers`
    orders what is left. Does nothing if `chip` has a copy engine; without a
    `chip` it is the CPU, which has none.

    These targets have no clusters either: the number of a block in its cluster
    is computed from the ids of the block, and a `tile.cluster_barrier` becomes
    a `tile.barrier`.

    A map must be made in the function, and a copy to other blocks is an error.
  }];
  let dependentDialects = ["arith::ArithDialect"];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"\"",
           "Target processor, for example sm_80 or sm_90a; the CPU if empty">
  ];
}

def TileIsolateEffects : Pass<"tile-isolate-effects"> {
  let summary = "give scalar side effects of a block to one of its threads";
  let description = [{
    Between block-level operations stands scalar code that every thread of the
    block executes on its own. Where such code has an effect that must happen
    once (a store to global, shared or fragment memory, an atomic update, a
    print), the pass moves the operation into a `tile.parallel` of one
    iteration. The result of an atomic update that is used goes through a shared
    buffer of one element.

    Stores to local buffers stay: each thread has its own.
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect"];
  let statistics = [
    Statistic<"numIsolated", "isolated", "Number of operations moved">
  ];
}

def TileVersionLaunches : Pass<"tile-version-launches"> {
  let summary = "make launches of their own for rows that are not aligned";
  let description = [{
    Rows whose length is known at run time only may begin anywhere. The host
    tests the sizes, strides and addresses of the tensors that a launch copies
    its tiles from and to: where all of them allow accesses of 16 bytes (or of
    as many as the tile and what is known of the tensors do), it takes the launch
    as it was, in which none of that is tested again. Otherwise it takes a copy
    of the launch, which the attribute `tile.fallback` marks with a number of
    bytes: wider accesses are made there only where they are known to be
    aligned, and layouts are those for rows that begin anywhere.

    ```mlir
    // Before:
    func.func @scale(%x: memref<?x?xf32>, %rows: index) {
      %c0 = arith.constant 0 : index
      tile.launch blocks(%row) in (%rows) threads(128) {
        %t = tile.alloc : memref<1x1024xf32, #tile.scope<fragment>>
        tile.copy %x[%row, %c0], %t
          : memref<?x?xf32> to memref<1x1024xf32, #tile.scope<fragment>>
      }
      return
    }
    ```

    becomes

    ```
    %size = memref.dim %x, %c1 : memref<?x?xf32>
    ... // The size and the address leave no remainder.
    scf.if %aligned {
      tile.launch ...
    } else {
      tile.launch ... attributes {tile.fallback = 1 : i64}
    }
    ```

    That is done where some of the copies are to or from fragments whose layout
    is free: in the other version threads then hold single elements that lie next
    to each other over a warp. Copies that move less than an eighth of what the
    largest one moves do not decide, and nothing is done where all sizes and
    strides are known, be it from statements such as `tile.assume`, or for
    launches with products. A remark tells of the versions.

    Runs before `tile-infer-layouts`.
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect",
                           "scf::SCFDialect"];
  let statistics = [
    Statistic<"numVersions", "versions", "Number of launches with a version">
  ];
}

def TileInferLayouts : Pass<"tile-infer-layouts"> {
  let summary = "spread fragments over the registers of the threads";
  let description = [{
    Gives each fragment in a launch a layout, which says which thread holds
    which element, and each `tile.parallel` that touches fragments one that says
    which thread runs which iteration, so that an iteration only touches
    elements of its own thread. Both are `#tile.layout` attributes.

    Layouts come, from strong to weak, from fragments that have one already,
    from the accumulators and then the operands of products that tensor cores
    can form, and else from what makes the widest accesses to memory. From there
    they spread through loops, copies between fragments and reductions: the
    result of a reduction is held by all threads that held what was reduced.

    Where two uses need different layouts, one gets a fragment of its own, and
    `tile.convert_layout` moves the elements; a copy between two fragments
    becomes such a conversion. A remark (`layout-conversion`) says whether it
    goes through registers, shuffles or shared memory.

    A fragment that registers cannot hold (a scan, a view, an index other than
    an induction variable, an operand of a product without tensor cores) is
    moved to shared memory, with a remark that names the use. A layout that is
    written on a fragment is kept, or it is an error: where another one is
    written on a fragment that the same operation uses, both are named.

    A reduction across warps gets a buffer in shared memory as its `scratch`,
    and so does a conversion that costs less there.
  }];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "Target processor, which decides what tensor cores can form">
  ];
  let statistics = [
    Statistic<"numRegisters", "in-registers",
              "Number of fragments in registers">,
    Statistic<"numShared", "in-shared", "Number of fragments in shared memory">,
    Statistic<"numConversions", "conversions",
              "Number of conversions between layouts">
  ];
}

def TileSpecializeWarps : Pass<"tile-specialize-warps"> {
  let summary = "let one warp copy for others that compute";
  let description = [{
    Divides the blocks of a launch on a target with TMA and wgmma. 128 threads
    are added, of which one executes the program of the block as far as the
    copies of its `tile.pipelined` loops need it, and begins these copies as
    early as a stage of their buffers is free. The others, the consumers,
    execute the program without these copies: they wait until a stage is full,
    begin its products, and give the stage of the iteration before back when its
    products are over. Registers move from the first to the others.

    A launch is divided if all of its `tile.pipelined` loops consist of copies
    of tiles of tensors into whole shared buffers and of products by wgmma of
    these, or of what the loop leaves as it is; and if these copies, the
    conditions and the bounds around them need no result of a `tile.atomic` and no
    scalar from shared memory, from a fragment or from memory that the launch
    writes. It must not write what the copies read. What else needs such values is
    left to the consumers. Otherwise a remark says why not (`not-specialized`),
    and the loops are those of `tile-plan-pipeline`. What only the addresses,
    sizes and strides at run time can say, the host tests; so there
    is also a launch that is not divided.

    Blocks of a cluster that copy the same tile share it: each copies a part of
    its rows to all of them. That is so for a copy whose indices are the same in
    these blocks, as are the bounds and conditions of what stands around it. The
    ids of a block are the same along a dimension in which the cluster has one
    block, and after a division by a multiple of its extent; constants, values
    of the host and what is computed from such numbers are the same everywhere.
    The remark `multicast` names the copies that are shared, `no-multicast` says
    of a loop in a cluster why it has none.

    A fragment that the consumers copy to a tensor of the host goes there by
    `tile.staged_store`, through a buffer of at most 32 KiB that holds some of
    its columns (remark `staged-store`). The buffer takes a stage of the loops
    if these have more than three, but does not keep a second block from a
    multiprocessor. Otherwise a remark says why not (`direct-store`). The host
    tests the tensor's address and strides; if they do not allow such stores,
    and where coordinates turn out to be negative, the consumers copy as before.
    The clause `stores` of a launch, or the option, takes the choice away;
    `staged` gives up all stages but two.

    Runs after `tile-infer-layouts` and before `tile-plan-pipeline`.
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect",
                           "scf::SCFDialect"];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "Target processor, for example sm_80 or sm_90a">,
    Option<"stores", "stores", "::mlir::tile::StoreChoice",
           /*default=*/"::mlir::tile::StoreChoice::Auto",
           "How fragments get to tensors where a launch does not say so",
           [{::llvm::cl::values(
             clEnumValN(::mlir::tile::StoreChoice::Auto, "auto",
                        "through shared memory where it pays"),
             clEnumValN(::mlir::tile::StoreChoice::Direct, "direct",
                        "from registers"),
             clEnumValN(::mlir::tile::StoreChoice::Staged, "staged",
                        "through shared memory wherever it can be"))}]>
  ];
  let statistics = [
    Statistic<"numLaunches", "launches", "Number of launches divided">,
    Statistic<"numShared", "shared-copies",
              "Number of copies that the blocks of a cluster share">,
    Statistic<"numStores", "stores", "Number of copies that become staged">
  ];
}

def TilePlanPipeline : Pass<"tile-plan-pipeline"> {
  let summary = "begin the copies of pipelined loops iterations ahead";
  let description = [{
    In a `tile.pipelined` of S stages, at least two, each copy of a global tile
    into a shared buffer is begun S - 1 iterations before its elements are used.
    The buffer gets a dimension of S stages in front. Before the loop the first
    S - 1 copies are begun, and those of the first iteration are waited for.
    Each iteration begins the copies for the iteration S - 1 later, if there is
    one (`tile.free_stage` says that nothing reads the stage otherwise), does
    what the body says on its stage, waits for the copies of the next iteration,
    which are the oldest, and passes a barrier. The result is an `scf.for` that
    carries the number of the stage.

    A copy is begun early when it stands in the body itself, has all of a buffer
    as destination, converts nothing, and when its indices follow from the
    loop's index by pure operations. The loop must not write the source; two
    arguments of the function are taken to be different memory. In the loop, the
    buffer must be written by this copy only and read after it, and outside of
    the loop its content must not be used. Other copies stay where they are, and
    a remark says why (`late-copy`, `not-pipelined`).

    There are no more stages than iterations, where their number is known, and
    no more than fit in the shared memory of `chip` (remark `fewer-stages`).
    Runs after `tile-infer-layouts` and before `tile-plan-memory`.
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect",
                           "scf::SCFDialect"];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "Target processor, for example sm_80 or sm_90a">
  ];
  let statistics = [
    Statistic<"numLoops", "loops", "Number of loops that copy ahead">,
    Statistic<"numCopies", "copies", "Number of copies begun early">
  ];
}

def TileSwizzleShared : Pass<"tile-swizzle-shared"> {
  let summary = "place elements of shared buffers in different banks";
  let description = [{
    Tensor cores read an operand in pieces of 8 rows of 16 bytes. In a buffer
    whose rows follow one another these lie in few banks of the shared memory,
    and are read one after another. The pass sets the `swizzle` of each shared
    buffer that is an operand of a `tile.gemm`, directly or by one stage of it,
    so that every such piece lies in different banks: 128, 64 or 32 bytes,
    whichever first divides the length of a row.

    A buffer that has a swizzle keeps it. None is needed where a row is an odd
    multiple of 16 bytes, or is the only one. A remark says why another buffer
    gets none: its elements have more than 16 bits, its rows are no multiple of
    16 bytes, or a view of it is taken, or it is used by operations of which
    nothing is known. A buffer of a `tile.tma_load` or `tile.tma_store` gets the
    swizzle of its map, or none if that has none.

    A buffer of rank 2 without a swizzle of which threads access columns, as a
    side of a `tile.transpose` or by the innermost variable of a `tile.parallel`,
    gets rows that are 4 bytes longer where its own take an even number of banks.
    What used it uses a view without the padding then. Buffers of elements wider
    than 4 bytes, and those of which a view is taken, stay.

    For each shared buffer, the remark `bank-conflicts` and the statistics say
    how often the banks are asked when every op that uses it runs once, and how
    many of these times are due to conflicts: by products in pieces of 8 rows of
    16 bytes, by copies in vectors, and by loops whose layout is known element
    by element. Runs after `tile-infer-layouts`.

    ```mlir
    func.func @product(%a: memref<64x64xf16>, %c: memref<64x64xf32>) {
      tile.launch blocks() in () threads(128) {
        %s = tile.alloc : memref<64x64xf16, #tile.scope<shared>>
        tile.copy %a, %s
          : memref<64x64xf16> to memref<64x64xf16, #tile.scope<shared>>
        tile.gemm %s, %s, %c clear : memref<64x64xf16, #tile.scope<shared>>,
          memref<64x64xf16, #tile.scope<shared>>, memref<64x64xf32>
      }
      return
    }
    ```

    gives `tile.alloc swizzle(128)`.
  }];
  let statistics = [
    Statistic<"numSwizzled", "swizzled", "Number of buffers given a swizzle">,
    Statistic<"numPlain", "plain",
              "Number of operands in shared memory that cannot have one">,
    Statistic<"numWavefronts", "wavefronts",
              "Number of times that the banks of shared memory are asked">,
    Statistic<"numConflicts", "bank-conflicts",
              "Number of these that come from bank conflicts">
  ];
}

def TileDrawLayouts : Pass<"tile-draw-layouts", "ModuleOp"> {
  let summary = "draw where the elements of buffers are";
  let description = [{
    Writes an SVG file for each buffer that a `tile.alloc` makes: of a fragment
    with a layout, which thread holds each element in which register, and of a
    shared buffer, in which bank each element begins, with its swizzle. The
    files are called `FUNCTION-BUFFER.svg`, where the buffer is its name or else
    its number in the function, and characters that are no letters, digits or
    underscores are replaced. The folder is made if it is not there.

    `--tile-draw-layouts=DIR` is short for `--tile-draw-layouts=dir=DIR`. It
    draws what the passes before it have decided; the option `draw-layouts=DIR`
    of `tile-to-gpu`, `tile-to-nvvm` and `tile-to-ptx` draws after planning.
  }];
  let options = [
    Option<"dir", "dir", "std::string", /*default=*/"\"\"",
           "Folder for the pictures">
  ];
  let statistics = [
    Statistic<"numPictures", "pictures", "Number of pictures written">
  ];
}

def TileInsertBarriers : Pass<"tile-insert-barriers"> {
  let summary = "insert the block barriers that the meaning needs";
  let description = [{
    Puts a `tile.barrier` before an operation that touches shared or global
    memory which another thread may have touched since the last barrier, when at
    least one of the two writes: read after write, write after read and write
    after write, also around the back edge of a loop and out of the branches of
    a condition. Where an access before a loop and one inside are all that
    conflict, the barrier stands before the loop. Parts of a buffer that are
    known to be apart do not conflict, nor do two buffers, unless
    `tile-plan-memory` has let them share bytes.

    The memory of a `tile.async_copy` counts as touched when the copy begins and
    again from the next `tile.async_wait` on. Two global buffers may be the same
    memory, but the source of such a copy is taken to be other memory than other
    arguments of the function.

    A `tile.tma_load` or `tile.tma_store` of memory that threads have written
    gets a `tile.fence` in front of its barrier, also where a barrier without a
    fence is passed on the way. What a load writes is ordered by its barrier
    that counts arrivals; what a store touches counts as touched again from the
    next `tile.tma_store_wait` on.

    Needs `tile-isolate-effects` and `tile-infer-layouts` before.
  }];
  let statistics = [
    Statistic<"numBarriers", "barriers", "Number of barriers inserted">,
    Statistic<"numFences", "fences", "Number of fences inserted">
  ];
}

def TilePlanMemory : Pass<"tile-plan-memory"> {
  let summary = "give each shared buffer its place in the block's arena";
  let description = [{
    Sets the `offset` of every shared `tile.alloc` and the `shared_bytes` of the
    `tile.launch` around it. Offsets are multiples of 16 bytes. Buffers that are
    not live at the same time may share bytes: a buffer is live from its first
    use to its last one, or all of a loop when it is made outside of it and used
    inside. Buffers of any scope that nothing uses are erased.
    `tile-insert-barriers` must run after this pass, so that it sees what shares
    memory.
  }];
  let statistics = [
    Statistic<"numBytes", "bytes", "Bytes of shared memory planned">,
    Statistic<"numUnshared", "bytes-unshared",
              "Bytes that the buffers would take without sharing">
  ];
}

def TileCheckResources : Pass<"tile-check-resources"> {
  let summary = "check launches against the limits of the target";
  let description = [{
    Emits an error at a `tile.launch` that asks for more shared memory or blocks
    in a cluster than `chip` has, with the numbers and, for shared memory, a
    note at each buffer. Each part of a `tile.specialize` that has a
    `tile.barrier` needs one of the 16 barriers of a block. The registers that
    `tile.set_max_registers` asks for in all parts of a block must not be more
    than it was started with, or it would wait for them for ever.
  }];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "Target processor, for example sm_80 or sm_90a">
  ];
}

def TileExpandFloat8 : Pass<"tile-expand-float8"> {
  let summary = "expand conversions to and from 8-bit floats and bf16";
  let description = [{
    Replaces `arith.extf` from, and `arith.truncf` to, f8E4M3FN, f8E5M2 and bf16
    by integer arithmetic that rounds to nearest even as the formats define it,
    also from f64 (rounded once). Overflow gives infinity, or NaN in f8E4M3FN,
    which has no infinity. Conversions of i32 and i64 to bf16 go through f64 so
    that they round once. Other arithmetic on 8-bit floats is done in f32.
  }];
  let dependentDialects = ["arith::ArithDialect"];
  let options = [
    Option<"bf16", "bf16", "bool", /*default=*/"true",
           "Expand bf16 conversions too">
  ];
}

def TileExpandMath : Pass<"tile-expand-math"> {
  let summary = "expand math functions that a GPU has no instruction for";
  let description = [{
    Replaces functions of the math dialect on f32 by arithmetic: polynomials and
    identities. The circular functions (up to 1e14), the hyperbolic ones, `exp`
    and `exp2` are right to a few units in the last place; the others are
    upstream's approximations, of which `atan` may be off by 40 units, `powf` by
    more for large results, and the logarithm of a subnormal number is that of
    the smallest normal one. What a GPU computes by an instruction stays, `exp2`
    with `fastmath<afn>` among it, which `exp` and `exp2` ask near zero. A
    function of f64 that is left is an error, since it would need a device
    library.
  }];
  let dependentDialects = ["arith::ArithDialect", "math::MathDialect",
                           "vector::VectorDialect"];
}

def TileImport : Pass<"tile-import", "ModuleOp"> {
  let summary = "bring imported libraries into the module";
  let description = [{
    Replaces each `tile.import` by the classes, functions and other symbols of
    the library it names, and of those that this library imports, each once.
    Functions become private, so that `symbol-dce` can drop those not used.

    A name is that of a built-in library, or else of a file, looked for in the
    folder of the importing file and then in `paths`. A library is a module of
    symbols and imports; it may use the dialects that this pass depends on.

    A symbol may be defined twice when both definitions are the same, and a
    declaration gives way to a definition of its type; other symbols of one name
    are an error. Afterwards the module is verified, since classes that were to
    be imported could not be looked up before.
  }];
  let dependentDialects = [
    "affine::AffineDialect", "arith::ArithDialect", "cf::ControlFlowDialect",
    "func::FuncDialect", "math::MathDialect", "memref::MemRefDialect",
    "scf::SCFDialect", "ub::UBDialect", "vector::VectorDialect"
  ];
  let options = [
    ListOption<"paths", "paths", "std::string",
               "Folders to look in after that of the importing file">
  ];
  let statistics = [
    Statistic<"numLibraries", "libraries", "Number of libraries imported">,
    Statistic<"numSymbols", "symbols", "Number of symbols imported">
  ];
}

def TileInlineMeta : Pass<"tile-inline-meta", "ModuleOp"> {
  let summary = "flatten classes, objects and inline regions";
  let description = [{
    Gives each object's state its variables, called `{prefix}_{field}`, puts the
    bodies of methods and inline regions where they are called, with call-site
    locations, and erases the classes. A call is resolved to the most derived
    method of the object's class.

    Inlined operations are folded on the way, and of an `scf.if` whose condition
    is known only the branch taken is kept, so recursion may end at compile
    time; recursion deeper than `max-depth` is an error that shows the cycle.
    Unreachable blocks go. The time is linear in the size of the result. Needs
    `tile-import` before.

    An object that goes where the pass cannot follow it (a block argument, a
    loop, a call of a function) is an error, and so is the use in a launch of
    state that belongs to the host. `docs/Dialects/MetaClasses.md` lists all
    errors.
  }];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect",
                           "ub::UBDialect"];
  let options = [
    Option<"maxDepth", "max-depth", "unsigned", /*default=*/"1000",
           "Deepest nesting of calls">
  ];
  let statistics = [
    Statistic<"numCalls", "calls", "Number of method bodies inlined">,
    Statistic<"numObjects", "objects", "Number of objects flattened">
  ];
}

def TileSpecialize : Pass<"tile-specialize", "ModuleOp"> {
  let summary = "give values to what annotations leave open at compile time";
  let description = [{
    Each `NAME=VALUE` is for the argument of that name (`tile.name`, else `arg0`,
    `arg1` and so on) where it is a `#tile.value` or `#tile.dtype`, and for the
    size `static NAME` and the element type `static NAME`, in every function that
    has one. A compile-time argument that no value is given for takes its
    default. What else is open stays.

    The annotations become those with the values in place, also in expressions,
    and the types of arguments are refined; the body sees the old types through
    `memref.cast`. `tile.symbol` of a size that is now known becomes a constant,
    and the host checks a scalar `#tile.dyn` of that name.

    A name that no function has is an error, and so are two values for one name
    and a value that does not fit.

    With `arguments=block=64,K=128,T=f16`:

    ```mlir
    func.func @f(
        %a: memref<?x?xf16> {tile.annotation = #tile.tensor<[M, static K], static T>},
        %b: index {tile.annotation = #tile.value<index>, tile.name = "block"}) {
      return
    }
    ```

    becomes

    ```mlir
    func.func @f(
        %a: memref<?x128xf16> {tile.annotation = #tile.tensor<[M, 128], f16>},
        %b: index {tile.annotation = #tile.value<index, 64 : index>, tile.name = "block"}) {
      return
    }
    ```
  }];
  let options = [
    ListOption<"arguments", "arguments", "std::string",
               "Values for compile-time arguments and names of sizes and "
               "element types, each as NAME=VALUE">
  ];
  let dependentDialects = ["arith::ArithDialect", "memref::MemRefDialect"];
}

def TileDropCompileTimeArguments
    : Pass<"tile-drop-compile-time-arguments", "ModuleOp"> {
  let summary = "fold the arguments that are known at compile time";
  let description = [{
    Puts a constant in place of each argument annotated as `#tile.value` with a
    value, and erases it and those annotated as `#tile.dtype`, so that only what
    is passed at launch is left. Calls of such functions lose the operands; a
    call that passes something else than the value is an error, and so is an
    annotation that is still open, which `tile-specialize` fixes.
  }];
  let dependentDialects = ["arith::ArithDialect"];
  let statistics = [
    Statistic<"numDropped", "dropped", "Number of arguments erased">
  ];
}

def TileBindShapes : Pass<"tile-bind-shapes", "ModuleOp"> {
  let summary = "bind the symbols of annotations to arguments";
  let description = [{
    In each function whose arguments have annotations, binds every symbol once:
    to a scalar argument of its name, else to a size, else to a stride; a size
    that is an expression with one unknown, in which it is linear, is solved.
    Every other place a symbol stands in becomes a host check. Replaces
    `tile.symbol` and erases the annotations.

    The host also checks that a tensor is given, that its sizes are not negative
    and that all its bytes have an address, that a division has no remainder,
    and that expressions stay within 64 bits.

    A tensor that a public function never touches may be absent: its address is
    null, and each size that its type does not fix is -1. Symbols are bound to
    what is present; one that the function needs and that only absent tensors
    give stops it.

    A symbol that cannot be bound, one that two scalars of different types or
    two fixed sizes contradict, and a size or an element type that is open at
    compile time or has two values are errors.
  }];
  let dependentDialects = ["affine::AffineDialect", "arith::ArithDialect",
                           "memref::MemRefDialect"];
  let statistics = [
    Statistic<"numSymbols", "symbols", "Number of symbols bound">,
    Statistic<"numChecks", "checks", "Number of host checks">
  ];
}

def TileFoldDivisibility : Pass<"tile-fold-divisibility"> {
  let summary = "fold divisions that are known to leave no remainder";
  let description = [{
    Replaces the remainder of a division by zero, and a division that rounds by
    one that does not, where the dividend is known to be a multiple of the
    constant divisor: from the way it is computed, or because a `tile.assert` or
    `tile.assume` before it says so. The host checks of `tile-bind-shapes` say
    it of a size annotated as `N * 8`. So the code for a ragged edge vanishes
    where there is none.

    Arithmetic on `index` is taken not to overflow. That on integers of a width
    may wrap around, after which only powers of two divide as before, and so it
    is where a number that may be negative is taken without its sign.
  }];
  let dependentDialects = ["arith::ArithDialect"];
  let statistics = [
    Statistic<"numFolded", "folded", "Number of operations folded">
  ];
}

#endif // TILE_DIALECT_TILE_TRANSFORMS_PASSES_TD

//===----------------------------------------------------------------------===//
// TileKernelOps.td - launch and loop operations
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEKERNELOPS_TD
#define TILE_DIALECT_TILE_IR_TILEKERNELOPS_TD

include "tile/Dialect/Tile/IR/TileAttrs.td"
include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/LoopLikeInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_YieldOp : Tile_Op<"yield", [
    Pure, Terminator, ReturnLike,
    ParentOneOf<["LaunchOp", "ParallelOp", "PipelinedOp", "ThreadsOp",
                 "SpecializeOp"]>]> {
  let summary = "ends the body of a tile region";
  let description = [{
    The implicit terminator of `tile.launch`, `tile.parallel`, `tile.pipelined`
    and `tile.threads`. It carries no values and is left out in the assembly.

    ```mlir
    func.func @nothing() {
      tile.launch blocks() in () threads(32) {
        tile.yield
      }
      return
    }
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Tile_LaunchOp : Tile_Op<"launch", [
    AutomaticAllocationScope, RecursiveMemoryEffects, Tile_BlockLevel,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "runs a kernel over a grid of blocks";
  let description = [{
    Runs the body once for every block of a grid of up to three dimensions; the
    region's arguments are the block's ids, the first one changing fastest.
    Blocks are independent and run in any order, possibly at once. Each block
    has `threads` threads (1 to 1024), and `cluster` groups neighbouring blocks
    for targets that have clusters: its product is at most 16, and the grid must
    be a multiple of it in each dimension.

    With `swizzle(panel, row)` the blocks of `panel` rows of a grid of two
    dimensions are walked together, so that those that run at about the same
    time share what they read: block number `t`, in the order in which the
    target starts blocks, gets the ids of place `t` on a way that goes down the
    first column of the panel, then down the next one, and on to the panel of
    the next rows. The last panel may have fewer rows. `swizzle(panel, column)`
    walks panels of columns, row by row. Every pair of ids still occurs exactly
    once. A launch has no cluster then.

    Two clauses take choices from the compiler, for targets that have them;
    elsewhere they have no bearing. `roles(uniform)` lets all warps copy and
    compute; with `roles(cooperative)` some warps copy for others that compute
    each tile together, and with `roles(ping_pong)` warpgroups compute tiles of a
    persistent loop in turn. `stores(direct)` writes fragments to tensors from
    registers, `stores(staged)` by `tile.staged_store`. What cannot be done that
    way is done in another one, and a remark says so.

    What stands around the launch is host code; of its buffers, the body can use
    those in global scope. A grid extent of zero launches
    nothing; a negative one is an error at run time.

    ```mlir
    func.func @zero(%x: memref<?xf32>) {
      %c0 = arith.constant 0 : index
      %zero = arith.constant 0.0 : f32
      %n = memref.dim %x, %c0 : memref<?xf32>
      tile.launch blocks(%b) in (%n) threads(32) {
        memref.store %zero, %x[%b] : memref<?xf32>
      }
      return
    }
    ```
  }];
  let arguments = (ins
    Variadic<Index>:$grid,
    ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<1024>]>:$threads,
    OptionalAttr<DenseI64ArrayAttr>:$cluster,
    OptionalAttr<Tile_SwizzleAttr>:$swizzle,
    OptionalAttr<Tile_WarpRoleKindAttr>:$roles,
    OptionalAttr<Tile_StoreKindAttr>:$stores,
    OptionalAttr<ConfinedAttr<I64Attr, [IntMinValue<0>]>>:$shared_bytes
  );
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "ValueRange":$grid, "int64_t":$threads,
      CArg<"ArrayRef<int64_t>", "{}">:$cluster,
      CArg<"function_ref<void(OpBuilder &, Location, ValueRange)>",
           "nullptr">:$bodyBuilder,
      CArg<"SwizzleAttr", "SwizzleAttr()">:$swizzle)>
  ];
  let extraClassDeclaration = [{
    /// The ids of the block, one for each dimension of the grid.
    ::mlir::Block::BlockArgListType getBlockIds() {
      return getBody().front().getArguments();
    }
  }];
}

def Tile_ParallelOp : Tile_Op<"parallel", [
    RecursiveMemoryEffects, Tile_BlockLevel,
    SingleBlockImplicitTerminator<"YieldOp">,
    DeclareOpInterfaceMethods<LoopLikeOpInterface,
      ["getLoopInductionVars", "getLoopLowerBounds", "getLoopUpperBounds",
       "getLoopSteps"]>]> {
  let summary = "elementwise nest whose iterations run in any order";
  let description = [{
    Runs the body once for each point of the index space
    `[0, extent0) x [0, extent1) x ...`; an extent is a constant or an `index`
    value, and a negative value counts as zero. The iterations are spread over
    the threads of the block and run in any order, each by one thread, so an
    iteration must not depend on another: two iterations may touch one element
    only if both read it or both use `tile.atomic`. The body is scalar code;
    operations that the whole block executes cannot stand in it. A local buffer
    that is made outside can be read but not written, since each thread has its
    own.

    ```mlir
    func.func @bias(%c: memref<64x64xf32, #tile.scope<fragment>>,
                    %bias: memref<64xf32, #tile.scope<shared>>) {
      tile.parallel (%i, %j) in (64, 64) {
        %v = memref.load %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
        %b = memref.load %bias[%j] : memref<64xf32, #tile.scope<shared>>
        %s = arith.addf %v, %b : f32
        memref.store %s, %c[%i, %j] : memref<64x64xf32, #tile.scope<fragment>>
      }
      return
    }
    ```
  }];
  let arguments = (ins
    Variadic<Index>:$extents,
    DenseI64ArrayAttr:$static_extents
  );
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "ArrayRef<OpFoldResult>":$extents,
      CArg<"function_ref<void(OpBuilder &, Location, ValueRange)>",
           "nullptr">:$bodyBuilder)>
  ];
  let extraClassDeclaration = [{
    /// The indices of the iteration, one for each extent.
    ::mlir::Block::BlockArgListType getInductionVars() {
      return getBody().front().getArguments();
    }
    /// The extents, constants as attributes.
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedExtents();
  }];
}

def Tile_PipelinedOp : Tile_Op<"pipelined", [
    RecursiveMemoryEffects, Tile_BlockLevel,
    SingleBlockImplicitTerminator<"YieldOp">,
    DeclareOpInterfaceMethods<LoopLikeOpInterface,
      ["getLoopInductionVars", "getLoopLowerBounds", "getLoopUpperBounds",
       "getLoopSteps"]>]> {
  let summary = "ordered loop that may be software-pipelined";
  let description = [{
    Runs the body for `%i = lower, lower + step, ...` while `%i < upper`
    (signed), in this order. `step` must be positive. The meaning is that of a
    plain loop; `stages` is how many iterations the compiler may have in flight
    by keeping as many copies of the buffers that the body fills.

    ```mlir
    func.func @sum(%a: memref<64xf32>, %acc: memref<1xf32>) {
      %c0 = arith.constant 0 : index
      %c16 = arith.constant 16 : index
      %c64 = arith.constant 64 : index
      tile.launch blocks() in () threads(32) {
        %s = tile.alloc : memref<16xf32, #tile.scope<shared>>
        tile.pipelined %k = %c0 to %c64 step %c16 stages(3) {
          tile.copy %a[%k], %s
            : memref<64xf32> to memref<16xf32, #tile.scope<shared>>
          tile.reduce sum %s, %acc dim 0 accumulate
            : memref<16xf32, #tile.scope<shared>> to memref<1xf32>
        }
      }
      return
    }
    ```
  }];
  let arguments = (ins
    Index:$lower, Index:$upper, Index:$step,
    DefaultValuedAttr<ConfinedAttr<I64Attr, [IntMinValue<1>]>, "1">:$stages
  );
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "Value":$lower, "Value":$upper, "Value":$step,
      CArg<"int64_t", "1">:$stages,
      CArg<"function_ref<void(OpBuilder &, Location, Value)>",
           "nullptr">:$bodyBuilder)>
  ];
  let extraClassDeclaration = [{
    ::mlir::BlockArgument getInductionVar() {
      return getBody().getArgument(0);
    }
  }];
}

def Tile_ThreadsOp : Tile_Op<"threads", [
    RecursiveMemoryEffects, Tile_BlockLevel,
    SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "code that every thread of the block executes by itself";
  let description = [{
    Runs the body once in every thread of the block. The region's argument is
    the number of the thread, from 0 up to the `threads` of the `tile.launch`
    around it. The threads run in any order, possibly at once: what one of them
    does to global, shared or fragment memory, another one must not depend on
    before the operation is over, except through `tile.atomic`. The body is
    scalar code; operations that the whole block executes cannot stand in it,
    so code with a synchronisation in the middle is two of these operations.

    A local buffer that a `tile.alloc` or `tile.alloc_var` makes outside can be
    written here, and each thread finds again in its own copy what it wrote
    there, in later operations too. Such a buffer has no content that the block
    agrees on. So outside of `tile.threads` it can only be written: by
    `tile.fill`, `tile.scan` in place, `memref.store`, or as the destination of
    a `tile.copy` or `tile.transpose`.

    ```mlir
    func.func @strided_sum(%x: memref<1000xf32>, %sums: memref<64xf32>) {
      %c64 = arith.constant 64 : index
      %c1000 = arith.constant 1000 : index
      tile.launch blocks() in () threads(64) {
        %sum = tile.alloc_var : f32
        tile.threads (%t) {
          scf.for %i = %t to %c1000 step %c64 {
            %v = memref.load %x[%i] : memref<1000xf32>
            %s = memref.load %sum[] : memref<f32, #tile.scope<local>>
            %n = arith.addf %s, %v : f32
            memref.store %n, %sum[] : memref<f32, #tile.scope<local>>
          }
        }
        tile.threads (%t) {
          %s = memref.load %sum[] : memref<f32, #tile.scope<local>>
          memref.store %s, %sums[%t] : memref<64xf32>
        }
      }
      return
    }
    ```
  }];
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins
      CArg<"function_ref<void(OpBuilder &, Location, Value)>",
           "nullptr">:$bodyBuilder)>
  ];
  let extraClassDeclaration = [{
    /// The number of the thread that executes the body.
    ::mlir::BlockArgument getThreadId() { return getBody().getArgument(0); }
  }];
}

#endif // TILE_DIALECT_TILE_IR_TILEKERNELOPS_TD

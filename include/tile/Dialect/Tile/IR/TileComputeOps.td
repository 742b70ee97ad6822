//===----------------------------------------------------------------------===//
// TileComputeOps.td - operations that compute on whole tiles
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILECOMPUTEOPS_TD
#define TILE_DIALECT_TILE_IR_TILECOMPUTEOPS_TD

include "tile/Dialect/Tile/IR/TileAttrs.td"
include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_GemmOp : Tile_Op<"gemm", [Tile_BlockLevel]> {
  let summary = "matrix product of two tiles, added to a third";
  let description = [{
    `c += op(a) * op(b)` with `op(a)` of shape M x K, `op(b)` of K x N and `c`
    of M x N; `transpose_a` says that `a` is stored as K x M, `transpose_b` that
    `b` is stored as N x K. With `clear`, or when `clear_if` holds, the product
    replaces what `c` held.

    | a and b                            | c          |
    |------------------------------------|------------|
    | f64                                | f64        |
    | f32 (also with `precision(tf32)`)  | f32        |
    | f16                                | f32 or f16 |
    | bf16                               | f32        |
    | f8E4M3FN, f8E5M2, each in any role | f32 or f16 |
    | i8                                 | i32        |

    Products are formed and summed in the type of `c` or a wider one, in an
    order that is not specified; an f16 result is rounded once. Integers wrap.
    Tensor cores sum products of 8-bit floats with fewer bits, 13 of mantissa.
    `precision(tf32)` lets f32 inputs be rounded to TF32 (10 bits of mantissa)
    before the product: to nearest, ties away from zero, or by wgmma towards
    zero.

    `policy` is a wish how the warps of the block share `c`: in tiles as square
    as can be, all along its rows (`full_row`) or all along its columns
    (`full_col`). It does not change the result, and the generic lowering to
    threads does not look at it.

    The buffers have static shapes and are in shared, fragment or global scope;
    `c` must not overlap `a` or `b`.

    With `deferred` the product may be under way until a `tile.gemm_wait` that
    covers it; until then nothing may write the operands or touch the
    accumulator but other such products.

    ```mlir
    func.func @product(%a: memref<64x32xf16, #tile.scope<shared>>,
                       %b: memref<96x32xf16, #tile.scope<shared>>,
                       %c: memref<64x96xf32, #tile.scope<fragment>>) {
      tile.gemm %a, %b, %c transpose_b
        : memref<64x32xf16, #tile.scope<shared>>,
          memref<96x32xf16, #tile.scope<shared>>,
          memref<64x96xf32, #tile.scope<fragment>>
      return
    }
    ```
  }];
  let arguments = (ins
    Arg<Tile_Buffer, "left operand", [MemRead]>:$a,
    Arg<Tile_Buffer, "right operand", [MemRead]>:$b,
    Arg<Tile_Buffer, "accumulator", [MemRead, MemWrite]>:$c,
    Optional<I1>:$clear_if,
    UnitAttr:$transpose_a, UnitAttr:$transpose_b, UnitAttr:$clear,
    UnitAttr:$deferred,
    DefaultValuedAttr<Tile_PrecisionAttr,
                      "::mlir::tile::Precision::Full">:$precision,
    DefaultValuedAttr<Tile_GemmPolicyAttr,
                      "::mlir::tile::GemmPolicy::Square">:$policy
  );
  let assemblyFormat = [{
    $a `,` $b `,` $c
    (`transpose_a` $transpose_a^)? (`transpose_b` $transpose_b^)?
    (`clear` $clear^)? (`clear_if` `(` $clear_if^ `)`)?
    (`precision` `(` custom<Keyword>($precision)^ `)`)?
    (`policy` `(` custom<Keyword>($policy)^ `)`)? (`deferred` $deferred^)?
    attr-dict `:` type($a) `,` type($b) `,` type($c)
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "Value":$a, "Value":$b, "Value":$c,
      CArg<"bool", "false">:$transposeA, CArg<"bool", "false">:$transposeB,
      CArg<"bool", "false">:$clear, CArg<"Value", "Value()">:$clearIf,
      CArg<"Precision", "Precision::Full">:$precision,
      CArg<"GemmPolicy", "GemmPolicy::Square">:$policy)>
  ];
  let extraClassDeclaration = [{
    /// The sizes of the product.
    int64_t getM() { return getC().getType().getDimSize(0); }
    int64_t getN() { return getC().getType().getDimSize(1); }
    int64_t getK() {
      return getA().getType().getDimSize(getTransposeA() ? 0 : 1);
    }
  }];
}

def Tile_ReduceOp : Tile_Op<"reduce", [Tile_BlockLevel]> {
  let summary = "combines the elements of a buffer along one dimension";
  let description = [{
    Combines the elements of `src` along `dim` into `dst`, whose shape is that
    of `src` without the dimension, or with size 1 there. With `accumulate` the
    result is combined with what `dst` held; otherwise it replaces it. Each
    element counts exactly once; the order is not specified.

    `sum`, `max`, `min`, `abssum` and `absmax` take floats, integers other than
    i1, and index; `and`, `or` and `xor` take integers, index and i1. Floats are
    combined in f32 (f64 in f64) and rounded once; `max`, `min` and `absmax`
    give NaN if an element is NaN. With `ignore_nan` they leave out elements
    that are NaN, what `dst` held among them, and give NaN only if nothing is
    left. Integers wrap; `max` and `min` compare as signed, and `absmax` takes
    absolute values as unsigned numbers. `src` and `dst` have one element type
    and static shapes.

    `scratch` is a shared buffer of rank 1 in which the threads exchange partial
    results, of elements of the type they are combined in. A later pass adds it
    where the target needs one.

    ```mlir
    func.func @row_max(%s: memref<64x128xf32, #tile.scope<fragment>>,
                       %m: memref<64xf32, #tile.scope<fragment>>) {
      tile.reduce max %s, %m dim 1
        : memref<64x128xf32, #tile.scope<fragment>>
          to memref<64xf32, #tile.scope<fragment>>
      return
    }
    ```
  }];
  let arguments = (ins Tile_ReduceKindAttr:$kind,
    Arg<Tile_Buffer, "source", [MemRead]>:$src,
    Arg<Tile_Buffer, "destination", [MemRead, MemWrite]>:$dst,
    ConfinedAttr<I64Attr, [IntMinValue<0>]>:$dim, UnitAttr:$accumulate,
    UnitAttr:$ignore_nan,
    Arg<Optional<Tile_Buffer>, "memory for threads to meet in",
        [MemRead, MemWrite]>:$scratch);
  let assemblyFormat = [{
    custom<Keyword>($kind) $src `,` $dst `dim` $dim (`accumulate` $accumulate^)?
    (`ignore_nan` $ignore_nan^)? attr-dict `:` type($src) `to` type($dst)
    (`scratch` $scratch^ `:` type($scratch))?
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def Tile_ScanOp : Tile_Op<"scan", [Tile_BlockLevel]> {
  let summary = "running sums or maxima of a buffer along one dimension";
  let description = [{
    Each element of `dst` becomes the combination of the elements of `src` from
    the first one along `dim` up to the one at its own place, that one included;
    with `reverse`, from the one at its own place to the last one.

    `sum` and `max` take floats, integers other than i1, and index. Floats are
    combined in f32 (f64 in f64), in an order that is not specified, and each
    result is rounded once; `max` gives NaN from the first NaN on. Integers
    wrap; `max` compares as signed.

    `src` and `dst` have one static shape and one element type. They may be the
    same buffer; otherwise they must not overlap. If one of them is in local
    scope, both are, and each thread scans its own.

    ```mlir
    func.func @running_sum(%s: memref<64x128xf32, #tile.scope<shared>>) {
      tile.scan sum %s, %s dim 1 reverse
        : memref<64x128xf32, #tile.scope<shared>>
          to memref<64x128xf32, #tile.scope<shared>>
      return
    }
    ```
  }];
  let arguments = (ins Tile_ScanKindAttr:$kind,
    Arg<Tile_Buffer, "source", [MemRead]>:$src,
    Arg<Tile_Buffer, "destination", [MemWrite]>:$dst,
    ConfinedAttr<I64Attr, [IntMinValue<0>]>:$dim, UnitAttr:$reverse);
  let assemblyFormat = [{
    custom<Keyword>($kind) $src `,` $dst `dim` $dim (`reverse` $reverse^)?
    attr-dict `:` type($src) `to` type($dst)
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def Tile_TransposeOp : Tile_Op<"transpose", [Tile_BlockLevel]> {
  let summary = "copies a matrix with rows and columns exchanged";
  let description = [{
    Sets each element of `dst`, of shape N x M, to the one of `src`, of shape
    M x N, with the indices exchanged. Elements convert as in `tile.copy`. The
    shapes are static, the scopes any, and the buffers must not overlap.

    ```mlir
    func.func @turn(%s: memref<64x32xf16, #tile.scope<shared>>,
                    %t: memref<32x64xf32, #tile.scope<fragment>>) {
      tile.transpose %s, %t
        : memref<64x32xf16, #tile.scope<shared>>
          to memref<32x64xf32, #tile.scope<fragment>>
      return
    }
    ```
  }];
  let arguments = (ins Arg<Tile_Buffer, "source", [MemRead]>:$src,
    Arg<Tile_Buffer, "destination", [MemWrite]>:$dst);
  let assemblyFormat = [{
    $src `,` $dst attr-dict `:` type($src) `to` type($dst)
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def Tile_ConvertLayoutOp : Tile_Op<"convert_layout", [Tile_BlockLevel]> {
  let summary = "copies a fragment to one that is spread over other threads";
  let description = [{
    Sets each element of `dst` to the one of `src` at the same indices. Both are
    whole fragments of one static shape, whose layouts may differ; elements
    convert as in `tile.copy`. `tile-infer-layouts` makes these operations where
    two uses of a fragment need different layouts.

    The elements go from register to register of a thread, by shuffles within
    its warp, or through `scratch`, a shared buffer of rank 1 that
    `tile-infer-layouts` adds where it costs less. It has as many elements as
    the fragments, of the narrower one of their types.

    ```mlir
    func.func @convert(%s: memref<64x64xf32, #tile.scope<fragment>>,
                       %t: memref<64x64xf16, #tile.scope<fragment>>) {
      tile.convert_layout %s, %t
        : memref<64x64xf32, #tile.scope<fragment>>
          to memref<64x64xf16, #tile.scope<fragment>>
      return
    }
    ```
  }];
  let arguments = (ins Arg<Tile_Buffer, "source", [MemRead]>:$src,
    Arg<Tile_Buffer, "destination", [MemWrite]>:$dst,
    Arg<Optional<Tile_Buffer>, "memory for threads to meet in",
        [MemRead, MemWrite]>:$scratch);
  let assemblyFormat = [{
    $src `,` $dst attr-dict `:` type($src) `to` type($dst)
    (`scratch` $scratch^ `:` type($scratch))?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The type of the elements on their way: the narrower one.
    ::mlir::Type getMovedType();
  }];
}

#endif // TILE_DIALECT_TILE_IR_TILECOMPUTEOPS_TD

//===----------------------------------------------------------------------===//
// TileDebugOps.td - printing, checking, assuming
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEDEBUGOPS_TD
#define TILE_DIALECT_TILE_IR_TILEDEBUGOPS_TD

include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_PrintOp : Tile_Op<"print", [MemoryEffects<[MemWrite]>]> {
  let summary = "prints a text and values";
  let description = [{
    Prints one line: the text, then the values, separated by blanks. Floats
    print with enough digits to tell them apart (17 for f64, else 9), i1 as 0
    or 1. A buffer of static shape prints one line an element, as
    `text[i, j] = value`. Inside `tile.parallel` every iteration prints;
    elsewhere the block prints once.

    With `element` the last value is an element of a buffer and those before it
    are its indices; they print in that form. `tile-expand-print` makes it.

    ```mlir
    func.func @show(%i: index, %x: f32) {
      tile.print "at", %i, %x : index, f32
      return
    }
    ```
  }];
  let arguments = (ins StrAttr:$text,
    Variadic<AnyTypeOf<[Tile_Scalar, Tile_Buffer]>>:$values,
    UnitAttr:$element);
  let assemblyFormat = [{
    $text (`element` $element^)? (`,` $values^ `:` type($values))? attr-dict
  }];
  let hasVerifier = 1;
}

def Tile_AssertOp : Tile_Op<"assert", [MemoryEffects<[MemWrite]>]> {
  let summary = "stops the kernel when a condition does not hold";
  let description = [{
    Stops the kernel with an error that holds `message` when `condition` is
    false. In host code it stops the function before anything that follows. Each
    `{}` in the message stands for one of the values.

    ```mlir
    func.func @check(%n: index) {
      %c0 = arith.constant 0 : index
      %ok = arith.cmpi sgt, %n, %c0 : index
      tile.assert %ok, "expected n > 0, found {}" (%n : index)
      return
    }
    ```
  }];
  let arguments = (ins I1:$condition, StrAttr:$message,
    Variadic<Tile_Scalar>:$values);
  let assemblyFormat = [{
    $condition `,` $message (`(` $values^ `:` type($values) `)`)? attr-dict
  }];
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins "Value":$condition, "StringRef":$message), [{
      build($_builder, $_state, condition, message, ValueRange());
    }]>
  ];
}

def Tile_AssumeOp : Tile_Op<"assume", [MemoryEffects<[MemWrite]>]> {
  let summary = "states a condition that the compiler may rely on";
  let description = [{
    The condition holds whenever this is reached; otherwise the behaviour is
    undefined.

    ```mlir
    func.func @aligned(%n: index) {
      %c0 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %r = arith.remui %n, %c8 : index
      %ok = arith.cmpi eq, %r, %c0 : index
      tile.assume %ok
      return
    }
    ```
  }];
  let arguments = (ins I1:$condition);
  let assemblyFormat = "$condition attr-dict";
  let hasCanonicalizeMethod = 1;
}

#endif // TILE_DIALECT_TILE_IR_TILEDEBUGOPS_TD

//===----------------------------------------------------------------------===//
// TileVoteOps.td - questions about all elements of a buffer
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEVOTEOPS_TD
#define TILE_DIALECT_TILE_IR_TILEVOTEOPS_TD

include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Tile_VoteOp<string mnemonic> : Tile_Op<mnemonic, [
    AttrSizedOperandSegments, Tile_BlockLevel]> {
  let arguments = (ins Arg<Tile_Buffer, "buffer", [MemRead]>:$buffer,
    Variadic<Index>:$indices, Variadic<Index>:$extents,
    OptionalAttr<DenseI64ArrayAttr>:$static_extents);
  let results = (outs I1:$result);
  let assemblyFormat = [{
    $buffer (`[` $indices^ `]`)?
    (`extents` custom<Extents>($extents, $static_extents)^)?
    attr-dict `:` type($buffer)
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let builders = [
    OpBuilder<(ins "Value":$buffer, CArg<"ValueRange", "{}">:$indices,
      CArg<"ArrayRef<OpFoldResult>", "{}">:$extents)>
  ];
  let extraClassDeclaration = [{
    /// The given extents, constants as attributes; empty when none are given.
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedExtents();
  }];
}

def Tile_AnyOp : Tile_VoteOp<"any"> {
  let summary = "whether any element of a buffer is not zero";
  let description = [{
    Gives true to the whole block if an element of the region of `buffer` is not
    zero. The region begins at `indices`, or at zero, and has the given
    `extents`, or those of the buffer. What lies outside of the buffer does not
    count, nor does an extent that is negative at run time. NaN is not zero; a
    negative zero is zero. Of an empty region the answer is false.

    The buffer is in shared, fragment or global scope.

    ```mlir
    func.func @skip(%mask: memref<64x64xi1, #tile.scope<shared>>, %i: index,
                    %s: memref<64x64xf32, #tile.scope<shared>>, %zero: f32) {
      %used = tile.any %mask[%i, %i] extents [16, 16]
        : memref<64x64xi1, #tile.scope<shared>>
      scf.if %used {
        tile.fill %s, %zero : memref<64x64xf32, #tile.scope<shared>>
      }
      return
    }
    ```
  }];
}

def Tile_AllOp : Tile_VoteOp<"all"> {
  let summary = "whether no element of a buffer is zero";
  let description = [{
    Gives true to the whole block if no element of the region of `buffer` is
    zero. The region and zero are those of `tile.any`; of an empty region the
    answer is true.

    ```mlir
    func.func @full(%mask: memref<?x64xi8>) -> i1 {
      %full = tile.all %mask : memref<?x64xi8>
      return %full : i1
    }
    ```
  }];
}

#endif // TILE_DIALECT_TILE_IR_TILEVOTEOPS_TD

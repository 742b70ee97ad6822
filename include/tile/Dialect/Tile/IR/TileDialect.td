//===----------------------------------------------------------------------===//
// TileDialect.td - the tile dialect
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEDIALECT_TD
#define TILE_DIALECT_TILE_IR_TILEDIALECT_TD

include "mlir/IR/OpBase.td"

def Tile_Dialect : Dialect {
  let name = "tile";
  let cppNamespace = "::mlir::tile";
  let summary = "tile-level GPU kernels with explicit buffer scopes";
  let description = [{
    The `tile` dialect describes GPU kernels at the level of tiles: a block of
    threads, buffers in explicit scopes, and operations that the whole block
    executes together.

    *Buffers* are `memref`s. Their memory space is their scope: none or
    `#tile.scope<global>` for memory that every block sees,
    `#tile.scope<shared>` for memory of one block, `#tile.scope<fragment>` for a
    tile spread over the registers of the block's threads, and
    `#tile.scope<local>` for memory that each thread has to itself.

    *Meaning.* An operation of this dialect is executed by the whole block, in
    program order, as if each one were finished before the next one begins.
    Layouts, pipelines and warp roles never change a result. The lowering to the
    CPU implements this meaning directly and is the reference for the others.

    *Kernels.* `tile.launch` runs its body once for each block of a grid; what
    stands around it in a `func.func` is host code.

    ```mlir
    func.func @scale(%x: memref<?xf32>, %factor: f32) {
      %c0 = arith.constant 0 : index
      %c256 = arith.constant 256 : index
      %n = memref.dim %x, %c0 : memref<?xf32>
      %blocks = arith.ceildivui %n, %c256 : index
      tile.launch blocks(%b) in (%blocks) threads(128) {
        %start = arith.muli %b, %c256 : index
        %f = tile.alloc : memref<256xf32, #tile.scope<fragment>>
        tile.copy %x[%start], %f
          : memref<?xf32> to memref<256xf32, #tile.scope<fragment>>
        tile.parallel (%i) in (256) {
          %v = memref.load %f[%i] : memref<256xf32, #tile.scope<fragment>>
          %s = arith.mulf %v, %factor : f32
          memref.store %s, %f[%i] : memref<256xf32, #tile.scope<fragment>>
        }
        tile.copy %f, %x[%start]
          : memref<256xf32, #tile.scope<fragment>> to memref<?xf32>
      }
      return
    }
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasRegionArgAttrVerify = 1;
  let extraClassDeclaration = [{
    /// Registers the attributes, where their storage is known.
    void registerAttributes();
    /// Registers the types, likewise.
    void registerTypes();
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::ub::UBDialect"
  ];
}

// Whether an op with these arguments and traits has properties: attributes, or
// the sizes of groups of operands.
class Tile_HasProperties<dag args, list<Trait> opTraits> {
  bit ret = !or(
    !foldl(0, !range(!size(args)), found, i,
           !or(found, !initialized(!getdagarg<AttrConstraint>(args, i)))),
    !foldl(0, opTraits, found, opTrait,
           !or(found, !eq(!cast<string>(opTrait),
                          !cast<string>(AttrSizedOperandSegments)))));
}

class Tile_Op<string mnemonic, list<Trait> traits = []>
    : Op<Tile_Dialect, mnemonic, traits> {
  // In bytecode each property has its name, so that an op can gain one and
  // still be read from older files.
  let useCustomPropertiesEncoding = 1;
  let extraClassDefinition = !if(Tile_HasProperties<arguments, traits>.ret, [{
    LogicalResult $cppClass::readProperties(DialectBytecodeReader &reader,
                                            OperationState &state) {
      return ::mlir::tile::detail::readProperties<$cppClass>(reader, state);
    }
    void $cppClass::writeProperties(DialectBytecodeWriter &writer) {
      ::mlir::tile::detail::writeProperties(*this, writer);
    }
  }], "");
}

#endif // TILE_DIALECT_TILE_IR_TILEDIALECT_TD

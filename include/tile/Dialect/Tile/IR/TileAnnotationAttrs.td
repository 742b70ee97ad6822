//===----------------------------------------------------------------------===//
// TileAnnotationAttrs.td - what the arguments of a kernel may be
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEANNOTATIONATTRS_TD
#define TILE_DIALECT_TILE_IR_TILEANNOTATIONATTRS_TD

include "tile/Dialect/Tile/IR/TileDialect.td"
include "mlir/IR/AttrTypeBase.td"

def Tile_AnnotationInterface : AttrInterface<"AnnotationInterface"> {
  let cppNamespace = "::mlir::tile";
  let description = [{
    What is known of an argument of a kernel before it is called, and what
    becomes of it. An annotation stands as `tile.annotation` on an argument of a
    function.
  }];
  let methods = [
    InterfaceMethod<
      "Whether the argument is passed when the kernel is launched; otherwise "
      "it is used up at compile time.",
      "bool", "isKernelArgument">,
    InterfaceMethod<
      "The type of the function's argument; null while it depends on something "
      "that is not known yet.",
      "::mlir::Type", "getArgumentType">,
    InterfaceMethod<[{
        The same annotation when nothing about the argument can vary between
        compilations, so that the kernel can be built without a call; null
        otherwise.
      }],
      "::mlir::Attribute", "promote">,
    InterfaceMethod<[{
        Adds what of an actual argument makes a difference to the compiled
        kernel: its element type, sizes, strides or value.
      }],
      "void", "getKeyParts",
      (ins "::llvm::SmallVectorImpl<::mlir::tile::KeyPart> &":$parts)>,
    InterfaceMethod<
      "Adds the symbols that the annotation names, those of sizes first.",
      "void", "getSymbols",
      (ins "::llvm::SmallVectorImpl<::mlir::StringAttr> &":$symbols)>
  ];
}

class Tile_Annotation<string name, string attrMnemonic>
    : AttrDef<Tile_Dialect, name, [DeclareAttrInterfaceMethods<
          Tile_AnnotationInterface>]> {
  let mnemonic = attrMnemonic;
}

def Tile_DimAttr : AttrDef<Tile_Dialect, "Dim"> {
  let mnemonic = "dim";
  let summary = "one size or stride of an annotated argument";
  let description = [{
    - `128`: fixed;
    - `M`, `N * 4 + 1`: known at run time, an expression of symbols with `+`,
      `-`, `*`, `floordiv`, `ceildiv`, `mod` and parentheses;
    - `?`: known at run time, without a name;
    - `static K`, `static`: known at compile time, with or without a name; a
      kernel is compiled for each value.

    Elsewhere than in a list of sizes it is written `#tile.dim<...>`.

    ```mlir
    func.func private @f() attributes {size = #tile.dim<M * 2 + 1>}
    ```
  }];
  let parameters = (ins
    "bool":$isStatic,
    "::mlir::AffineExpr":$expr,
    ArrayRefParameter<"::mlir::StringAttr">:$symbols
  );
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// A fixed size.
    static DimAttr get(::mlir::MLIRContext *context, int64_t size);
    /// A symbol known at run time.
    static DimAttr get(::mlir::StringAttr symbol);
    /// The fixed size; nothing when it is not fixed.
    std::optional<int64_t> getFixed() const;
    /// The single symbol that the size is; null when it is anything else.
    ::mlir::StringAttr getSymbol() const;
    /// Parses and prints the size without `#tile.dim<>` around it.
    static DimAttr parseInList(::mlir::AsmParser &parser);
    void printInList(::mlir::AsmPrinter &printer) const;
  }];
}

class Tile_BufferAnnotation<string name, string attrMnemonic>
    : Tile_Annotation<name, attrMnemonic> {
  let parameters = (ins
    "bool":$hasRank,
    ArrayRefParameter<"::mlir::tile::DimAttr">:$shape,
    ArrayRefParameter<"::mlir::tile::DimAttr">:$strides,
    "::mlir::Attribute":$elementType
  );
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The element type; null when it is open.
    ::mlir::Type getFixedElementType() const;
  }];
}

def Tile_TensorAttr : Tile_BufferAnnotation<"TensorAnnotation", "tensor"> {
  let summary = "a contiguous tensor in global memory";
  let description = [{
    The sizes of `#tile.dim`, or `*` for any rank, and the element type, or
    `static T` where the kernel is compiled for each. The strides are those of a
    contiguous tensor, so sizes known at run time never make another kernel.

    ```mlir
    func.func @f(
        %a: memref<?x128xf16> {tile.annotation = #tile.tensor<[M, 128], f16>},
        %b: memref<?xf32> {tile.annotation = #tile.tensor<[M * 2 + 1], f32>}) {
      return
    }
    ```
  }];
}

def Tile_StridedTensorAttr
    : Tile_BufferAnnotation<"StridedTensorAnnotation", "strided_tensor"> {
  let summary = "a tensor in global memory with strides of its own";
  let description = [{
    ```mlir
    func.func @f(%a: memref<?x?xf16, strided<[?, 1]>> {
        tile.annotation = #tile.strided_tensor<[M, N], strides [S, 1], f16>}) {
      return
    }
    ```
  }];
}

def Tile_BufferAttr : Tile_BufferAnnotation<"BufferAnnotation", "buffer"> {
  let summary = "a buffer in global memory of any strides";
  let description = [{
    ```mlir
    func.func @f(%a: memref<?xf16, strided<[?]>> {
        tile.annotation = #tile.buffer<[M], f16>}) {
      return
    }
    ```
  }];
}

def Tile_FragmentAttr
    : Tile_BufferAnnotation<"FragmentAnnotation", "fragment"> {
  let summary = "a fragment, as the parameter of a function to be inlined";
  let description = [{
    ```mlir
    func.func private @f(%c: memref<64x64xf32, #tile.scope<fragment>> {
        tile.annotation = #tile.fragment<[64, 64], f32>}) {
      return
    }
    ```
  }];
}

def Tile_SharedAttr : Tile_BufferAnnotation<"SharedAnnotation", "shared"> {
  let summary = "a shared buffer, as the parameter of a function to be inlined";
  let description = [{
    ```mlir
    func.func private @f(%c: memref<64xf32, #tile.scope<shared>> {
        tile.annotation = #tile.shared<[64], f32>}) {
      return
    }
    ```
  }];
}

def Tile_LocalAttr : Tile_BufferAnnotation<"LocalAnnotation", "local"> {
  let summary = "a local buffer, as the parameter of a function to be inlined";
  let description = [{
    ```mlir
    func.func private @f(%c: memref<64xf32, #tile.scope<local>> {
        tile.annotation = #tile.local<[64], f32>}) {
      return
    }
    ```
  }];
}

def Tile_DynAttr : Tile_Annotation<"DynAnnotation", "dyn"> {
  let summary = "a scalar passed at launch, which is also a symbol";
  let description = [{
    ```mlir
    func.func @f(%n: i32 {tile.annotation = #tile.dyn<"n", i32>}) {
      return
    }
    ```
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "::mlir::Type":$type);
  let assemblyFormat = "`<` $name `,` $type `>`";
  let genVerifyDecl = 1;
}

def Tile_ValueAttr : Tile_Annotation<"ValueAnnotation", "value"> {
  let summary = "a value known at compile time";
  let description = [{
    With a value, the argument is that value; without one, the kernel is
    compiled for each value.

    ```mlir
    func.func @f(%b: index {tile.annotation = #tile.value<index, 64 : index>},
                 %n: index {tile.annotation = #tile.value<index>}) {
      return
    }
    ```
  }];
  let parameters = (ins "::mlir::Type":$type,
    OptionalParameter<"::mlir::TypedAttr">:$value);
  let assemblyFormat = "`<` $type (`,` $value^)? `>`";
  let genVerifyDecl = 1;
}

def Tile_DTypeAttr : Tile_Annotation<"DTypeAnnotation", "dtype"> {
  let summary = "an element type known at compile time";
  let description = [{
    The argument has type `none`: it exists for the frontends, which choose the
    element type by it. With `static` in place of a type, the kernel is compiled
    for each.

    ```mlir
    func.func @f(%t: none {tile.annotation = #tile.dtype<f16>},
                 %u: none {tile.annotation = #tile.dtype<static>}) {
      return
    }
    ```
  }];
  let parameters = (ins OptionalParameter<"::mlir::Type">:$type);
  let hasCustomAssemblyFormat = 1;
}

def Tile_PtrAttr : Tile_Annotation<"PtrAnnotation", "ptr"> {
  let summary = "an address in global memory";
  let description = [{
    The argument is a buffer of one element; `memref.reinterpret_cast` gives it
    a shape.

    ```mlir
    func.func @f(%p: memref<f16> {tile.annotation = #tile.ptr<f16>}) {
      return
    }
    ```
  }];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
  let genVerifyDecl = 1;
}

#endif // TILE_DIALECT_TILE_IR_TILEANNOTATIONATTRS_TD

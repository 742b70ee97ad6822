//===----------------------------------------------------------------------===//
// TileAttrs.td - attributes and enumerations of the tile dialect
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEATTRS_TD
#define TILE_DIALECT_TILE_IR_TILEATTRS_TD

include "tile/Dialect/Tile/IR/TileAnnotationAttrs.td"
include "tile/Dialect/Tile/IR/TileDialect.td"
include "mlir/IR/EnumAttr.td"

def Tile_Scope : I32Enum<"Scope", "where a buffer lives", [
    I32EnumCase<"Global", 0, "global">,
    I32EnumCase<"Shared", 1, "shared">,
    I32EnumCase<"Fragment", 2, "fragment">,
    I32EnumCase<"Local", 3, "local">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_ScopeAttr : EnumAttr<Tile_Dialect, Tile_Scope, "scope"> {
  let summary = "scope of a buffer, used as the memory space of a memref";
  let description = [{
    - `global`: memory that every block sees (the same as no memory space);
    - `shared`: one copy per block;
    - `fragment`: one logical tile per block, spread over the registers of its
      threads;
    - `local`: private to each thread.

    ```mlir
    func.func private @f(memref<64x32xf16, #tile.scope<shared>>)
    ```
  }];
  let assemblyFormat = "`<` $value `>`";
}

def Tile_ReduceKind : I32Enum<"ReduceKind", "how a reduction combines", [
    I32EnumCase<"Sum", 0, "sum">,
    I32EnumCase<"Max", 1, "max">,
    I32EnumCase<"Min", 2, "min">,
    I32EnumCase<"AbsSum", 3, "abssum">,
    I32EnumCase<"AbsMax", 4, "absmax">,
    I32EnumCase<"And", 5, "and">,
    I32EnumCase<"Or", 6, "or">,
    I32EnumCase<"Xor", 7, "xor">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_ScanKind : I32Enum<"ScanKind", "how a scan combines", [
    I32EnumCase<"Sum", 0, "sum">,
    I32EnumCase<"Max", 1, "max">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_AtomicKind : I32Enum<"AtomicKind", "how an atomic update combines", [
    I32EnumCase<"Add", 0, "add">,
    I32EnumCase<"Max", 1, "max">,
    I32EnumCase<"Min", 2, "min">,
    I32EnumCase<"And", 3, "and">,
    I32EnumCase<"Or", 4, "or">,
    I32EnumCase<"Xor", 5, "xor">,
    I32EnumCase<"Exchange", 6, "exchange">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_Precision : I32Enum<"Precision", "precision of a product's inputs", [
    I32EnumCase<"Full", 0, "full">,
    I32EnumCase<"TF32", 1, "tf32">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_GemmPolicy : I32Enum<"GemmPolicy", "how warps share a product", [
    I32EnumCase<"Square", 0, "square">,
    I32EnumCase<"FullRow", 1, "full_row">,
    I32EnumCase<"FullCol", 2, "full_col">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_ArrivalKind : I32Enum<"ArrivalKind", "who arrives at a barrier", [
    I32EnumCase<"Block", 0, "block">,
    I32EnumCase<"Warp", 1, "warp">,
    I32EnumCase<"Thread", 2, "thread">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_FenceKind : I32Enum<"FenceKind", "what a fence orders", [
    I32EnumCase<"Async", 0, "async">,
    I32EnumCase<"AsyncShared", 1, "async_shared">,
    I32EnumCase<"MBarrierInit", 2, "mbarrier_init">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_RegisterAction : I32Enum<"RegisterAction",
    "which way a limit of registers moves", [
    I32EnumCase<"Increase", 0, "increase">,
    I32EnumCase<"Decrease", 1, "decrease">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_SwizzleOrder : I32Enum<"SwizzleOrder", "which way panels lie", [
    I32EnumCase<"Row", 0, "row">,
    I32EnumCase<"Column", 1, "column">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_WarpRoleKind : I32Enum<"WarpRoleKind", "how warps divide the work", [
    I32EnumCase<"Uniform", 0, "uniform">,
    I32EnumCase<"Cooperative", 1, "cooperative">,
    I32EnumCase<"PingPong", 2, "ping_pong">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_StoreKind : I32Enum<"StoreKind", "how fragments get to tensors", [
    I32EnumCase<"Direct", 0, "direct">,
    I32EnumCase<"Staged", 1, "staged">
  ]> {
  let cppNamespace = "::mlir::tile";
}

def Tile_SwizzleAttr : AttrDef<Tile_Dialect, "Swizzle"> {
  let mnemonic = "swizzle";
  let summary = "in which order a grid's blocks are walked";
  let description = [{
    The blocks of `panel` rows or columns are walked together; see
    `tile.launch`, which prints it as `swizzle(4, row)`.

    ```mlir
    func.func private @f() attributes {order = #tile.swizzle<4, row>}
    ```
  }];
  let parameters = (ins "int64_t":$panel,
    EnumParameter<Tile_SwizzleOrder>:$order);
  let assemblyFormat = "`<` $panel `,` $order `>`";
}

def Tile_LayoutAttr : AttrDef<Tile_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "who holds which element of a fragment";
  let description = [{
    Thread t holds in its value v the element threads(t) + values(v), counted
    row-major in the padded shape, which is the shape unless it is written.
    As `tile.layout` on a `tile.alloc` of a fragment it says how the fragment
    is spread over the threads; on a `tile.parallel`, which thread runs which
    iteration. Written by hand on a fragment it is a wish that
    `tile-infer-layouts` keeps.

    ```mlir
    func.func private @f() attributes {
      accumulator = #tile.layout<threads (4,8):(2,8), values (2):(1), shape 8x8>
    }
    ```
  }];
  let parameters = (ins
    AttrParameter<"::mlir::tile::ThreadValueLayout", "the layout",
                  "const ::mlir::tile::ThreadValueLayout &">:$value);
  let hasCustomAssemblyFormat = 1;
}

class Tile_EnumAttr<EnumInfo info, string name>
    : EnumAttr<Tile_Dialect, info, name> {
  let assemblyFormat = "$value";
}

def Tile_ReduceKindAttr : Tile_EnumAttr<Tile_ReduceKind, "reduce_kind">;
def Tile_ScanKindAttr : Tile_EnumAttr<Tile_ScanKind, "scan_kind">;
def Tile_AtomicKindAttr : Tile_EnumAttr<Tile_AtomicKind, "atomic_kind">;
def Tile_ArrivalKindAttr : Tile_EnumAttr<Tile_ArrivalKind, "arrival_kind">;
def Tile_FenceKindAttr : Tile_EnumAttr<Tile_FenceKind, "fence_kind">;
def Tile_RegisterActionAttr
    : Tile_EnumAttr<Tile_RegisterAction, "register_action">;
def Tile_WarpRoleKindAttr : Tile_EnumAttr<Tile_WarpRoleKind, "warp_roles">;
def Tile_StoreKindAttr : Tile_EnumAttr<Tile_StoreKind, "stores">;
def Tile_GemmPolicyAttr : Tile_EnumAttr<Tile_GemmPolicy, "gemm_policy">;
def Tile_PrecisionAttr : Tile_EnumAttr<Tile_Precision, "precision">;

#endif // TILE_DIALECT_TILE_IR_TILEATTRS_TD

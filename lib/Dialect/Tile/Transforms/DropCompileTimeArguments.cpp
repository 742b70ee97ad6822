//===- DropCompileTimeArguments.cpp - fold what is known at compile time --===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three steps, each over all functions, since functions call one another: put
// constants in place of the arguments, drop the operands of calls, erase the
// arguments.
//
//===----------------------------------------------------------------------===//

#include "ShapeSites.h"

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/BitVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEDROPCOMPILETIMEARGUMENTS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

struct DropCompileTimeArgumentsPass
    : public tile::impl::TileDropCompileTimeArgumentsBase<
          DropCompileTimeArgumentsPass> {
  void runOnOperation() override;
};

} // namespace

static AnnotationInterface getAnnotation(func::FuncOp func, unsigned index) {
  return dyn_cast_or_null<AnnotationInterface>(
      func.getArgAttr(index, kAnnotationAttrName));
}

/// The arguments that are no kernel arguments.
static BitVector getCompileTimeArguments(func::FuncOp func) {
  BitVector indices(func.getNumArguments());
  for (unsigned i = 0, e = func.getNumArguments(); i < e; ++i)
    if (AnnotationInterface annotation = getAnnotation(func, i))
      indices[i] = !annotation.isKernelArgument();
  return indices;
}

/// A constant of any scalar type.
static Value buildConstant(OpBuilder &builder, Location loc, TypedAttr value) {
  auto type = dyn_cast<IntegerType>(value.getType());
  if (!type || type.isSignless())
    return arith::ConstantOp::create(builder, loc, value);
  // Constants have no sign in their type; both are one type once lowered.
  TypedAttr signless =
      builder.getIntegerAttr(builder.getIntegerType(type.getWidth()),
                             cast<IntegerAttr>(value).getValue());
  Value constant = arith::ConstantOp::create(builder, loc, signless);
  return UnrealizedConversionCastOp::create(builder, loc, type, constant)
      .getResult(0);
}

/// Puts a constant in place of each argument that is a value.
static LogicalResult foldArguments(func::FuncOp func) {
  OpBuilder builder(func.getContext());
  builder.setInsertionPointToStart(&func.getBody().front());
  BitVector indices = getCompileTimeArguments(func);
  for (unsigned i : indices.set_bits()) {
    AnnotationInterface annotation = getAnnotation(func, i);
    BlockArgument arg = func.getArgument(i);
    if (!annotation.promote())
      return emitError(arg.getLoc())
             << describeArgument(arg) << ": expected a value of " << annotation
             << " at compile time, found none; 'tile-specialize' gives it one";
    if (auto value = dyn_cast<ValueAnnotationAttr>(annotation))
      arg.replaceAllUsesWith(buildConstant(builder, arg.getLoc(),
                                           cast<TypedAttr>(value.getValue())));
  }
  return success();
}

/// Refuses an operand that is not what the function was compiled for.
static LogicalResult checkOperand(func::CallOp call, func::FuncOp func,
                                  unsigned index) {
  auto value = dyn_cast<ValueAnnotationAttr>(getAnnotation(func, index));
  Attribute found;
  if (!value || (matchPattern(call.getOperand(index), m_Constant(&found)) &&
                 found == value.getValue()))
    return success();
  BlockArgument arg = func.getArgument(index);
  InFlightDiagnostic diag = call.emitOpError("expected the constant ")
                            << value.getValue() << " for "
                            << describeArgument(arg) << " of @"
                            << func.getSymName() << ", found ";
  if (found)
    diag << found;
  else
    diag << "a value known at run time";
  diag.attachNote(arg.getLoc()) << "the argument is here";
  return diag;
}

/// Drops the operands of the calls of `func`.
static LogicalResult dropOperands(func::FuncOp func, ModuleOp module) {
  BitVector dropped = getCompileTimeArguments(func);
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(func, module);
  if (dropped.none() || !uses)
    return success();
  for (SymbolTable::SymbolUse use : *uses) {
    auto call = dyn_cast<func::CallOp>(use.getUser());
    if (!call) {
      InFlightDiagnostic diag =
          use.getUser()->emitError("expected only calls of a function with "
                                   "compile-time arguments, found '")
          << use.getUser()->getName() << "'";
      diag.attachNote(func.getLoc()) << "the function is here";
      return diag;
    }
    for (unsigned i : dropped.set_bits())
      if (failed(checkOperand(call, func, i)))
        return failure();
    call->eraseOperands(dropped);
  }
  return success();
}

void DropCompileTimeArgumentsPass::runOnOperation() {
  SmallVector<func::FuncOp> funcs;
  for (auto func : getOperation().getOps<func::FuncOp>())
    if (!func.isExternal())
      funcs.push_back(func);
  for (func::FuncOp func : funcs)
    if (failed(foldArguments(func)))
      return signalPassFailure();
  for (func::FuncOp func : funcs)
    if (failed(dropOperands(func, getOperation())))
      return signalPassFailure();
  for (func::FuncOp func : funcs) {
    BitVector dropped = getCompileTimeArguments(func);
    for (unsigned i : dropped.set_bits()) {
      BlockArgument arg = func.getArgument(i);
      if (!arg.use_empty()) {
        InFlightDiagnostic diag =
            arg.user_begin()->emitError("expected no use of ")
            << describeArgument(arg)
            << ", which is an element type known at compile time";
        diag.attachNote(arg.getLoc()) << "the argument is here";
        return signalPassFailure();
      }
    }
    numDropped += dropped.count();
    if (failed(func.eraseArguments(dropped)))
      return signalPassFailure();
  }
}

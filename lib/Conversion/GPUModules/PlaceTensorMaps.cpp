//===- PlaceTensorMaps.cpp - tensor maps as kernel parameters ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/TensorMapBytes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEPLACETENSORMAPS
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct PlaceTensorMapsPass
    : public tile::impl::TilePlaceTensorMapsBase<PlaceTensorMapsPass> {
  void runOnOperation() override;
};
} // namespace

/// Makes argument `index` of `func` the address of a map.
static LogicalResult placeMap(LLVM::LLVMFuncOp func, unsigned index) {
  BlockArgument arg = func.getArgument(index);
  Type bytes = arg.getType();
  MLIRContext *context = func.getContext();
  for (Operation *user : llvm::make_early_inc_range(arg.getUsers())) {
    auto cast = dyn_cast<UnrealizedConversionCastOp>(user);
    if (!cast || !isa<LLVM::LLVMPointerType>(cast.getResult(0).getType()))
      return user->emitOpError("expected only the address of a tensor map to "
                               "be used");
    cast.getResult(0).replaceAllUsesWith(arg);
    cast.erase();
  }
  arg.setType(LLVM::LLVMPointerType::get(context));
  SmallVector<Type> inputs(func.getArgumentTypes());
  inputs[index] = arg.getType();
  func.setFunctionType(LLVM::LLVMFunctionType::get(
      func.getFunctionType().getReturnType(), inputs));
  auto set = [&](StringRef name, Attribute value) {
    func.setArgAttr(index, name, value);
  };
  set(LLVM::LLVMDialect::getByValAttrName(), TypeAttr::get(bytes));
  set(LLVM::LLVMDialect::getAlignAttrName(),
      IntegerAttr::get(IntegerType::get(context, 64), kTensorMapAlignment));
  set(NVVM::NVVMDialect::getGridConstantAttrName(), UnitAttr::get(context));
  return success();
}

void PlaceTensorMapsPass::runOnOperation() {
  Type map = getTensorMapType(&getContext());
  for (auto func : getOperation().getOps<LLVM::LLVMFuncOp>())
    for (unsigned i = 0; i < func.getNumArguments(); ++i)
      if (func.getArgumentTypes()[i] == map && failed(placeMap(func, i)))
        return signalPassFailure();
}

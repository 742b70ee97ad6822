//===- TensorMaps.cpp - tensor maps made by the host ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorMaps.h"

#include "tile/Conversion/Utils/HostOps.h"
#include "tile/Conversion/Utils/TensorMapBytes.h"
#include "tile/Conversion/Utils/VectorAccess.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::tile;

/// What the L2 cache fetches at once unless the program says something else.
static constexpr int64_t kFetchBytes = 256;

/// The number of an element type for the driver.
static int64_t getTypeNumber(Type type) {
  if (type.isF16())
    return 6;
  if (type.isF32())
    return 7;
  if (type.isF64())
    return 8;
  if (type.isBF16())
    return 9;
  if (type.isIndex())
    return 5;
  // Integers by their size, and 8-bit floats as bytes.
  switch (type.getIntOrFloatBitWidth()) {
  case 16:
    return 1;
  case 32:
    return 3;
  case 64:
    return 5;
  default:
    return 0;
  }
}

namespace {

class TensorMapLowering {
public:
  TensorMapLowering(TensorMapOp op, RewriterBase &rewriter)
      : op(op), rewriter(rewriter), loc(op.getLoc()),
        type(op.getMap().getType()),
        pointer(LLVM::LLVMPointerType::get(rewriter.getContext())) {}

  Value run();

private:
  Value constant(int64_t value) {
    return arith::ConstantIntOp::create(rewriter, loc, rewriter.getI64Type(),
                                        value);
  }
  Value toI64(Value index) {
    return rewriter.createOrFold<arith::IndexCastOp>(loc, rewriter.getI64Type(),
                                                     index);
  }
  Value makeSlot(Type slotType, int64_t count, int64_t alignment);
  Value storeNumbers(ArrayRef<Value> numbers);
  Value getPlace();
  Value getBase();
  LLVM::LLVMFuncOp getRuntimeFunction();

  TensorMapOp op;
  RewriterBase &rewriter;
  Location loc;
  TensorMapType type;
  LLVM::LLVMPointerType pointer;
};

} // namespace

/// Stack slots stand at the function's entry, or a loop would take new ones
/// each time.
Value TensorMapLowering::makeSlot(Type slotType, int64_t count,
                                  int64_t alignment) {
  OpBuilder::InsertionGuard guard(rewriter);
  auto func = op->getParentOfType<func::FuncOp>();
  rewriter.setInsertionPointToStart(&func.getBody().front());
  return LLVM::AllocaOp::create(rewriter, loc, pointer, slotType,
                                constant(count),
                                static_cast<unsigned>(alignment));
}

/// The address of an array of numbers.
Value TensorMapLowering::storeNumbers(ArrayRef<Value> numbers) {
  Type i64 = rewriter.getI64Type();
  Value array = makeSlot(i64, static_cast<int64_t>(numbers.size()), 8);
  for (auto [i, number] : llvm::enumerate(numbers)) {
    Value place =
        LLVM::GEPOp::create(rewriter, loc, pointer, i64, array,
                            ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    LLVM::StoreOp::create(rewriter, loc, number, place);
  }
  return array;
}

/// Where the program asks for the map, as text; null when that is not known.
Value TensorMapLowering::getPlace() {
  auto place = loc->findInstanceOf<FileLineColLoc>();
  if (!place)
    return LLVM::ZeroOp::create(rewriter, loc, pointer);
  std::string text = (place.getFilename().getValue() + ":" +
                      Twine(place.getLine()) + ":" + Twine(place.getColumn()))
                         .str();
  return getString(rewriter, op, "tile_place", text);
}

Value TensorMapLowering::getBase() {
  Value address =
      buildAddress(rewriter, loc, op.getSource(), type.getElementBytes());
  return LLVM::IntToPtrOp::create(rewriter, loc, pointer, toI64(address));
}

/// The declaration of the function that makes the map.
LLVM::LLVMFuncOp TensorMapLowering::getRuntimeFunction() {
  Type i64 = rewriter.getI64Type();
  SmallVector<Type> args{pointer, pointer, pointer, i64, i64,
                         pointer, pointer, pointer, i64, i64};
  auto functionType = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(rewriter.getContext()), args);
  StringRef name = op.getOptional() ? "tileRuntimeMakeOptionalTensorMap"
                                    : "tileRuntimeMakeTensorMap";
  return getFunction(rewriter, op, name, functionType);
}

Value TensorMapLowering::run() {
  rewriter.setInsertionPoint(op);
  auto metadata =
      memref::ExtractStridedMetadataOp::create(rewriter, loc, op.getSource());
  Value elementBytes = constant(type.getElementBytes());
  SmallVector<Value> sizes, strides, box;
  for (OpFoldResult size : metadata.getConstifiedMixedSizes())
    sizes.push_back(
        toI64(getValueOrCreateConstantIndexOp(rewriter, loc, size)));
  for (OpFoldResult stride : metadata.getConstifiedMixedStrides())
    strides.push_back(rewriter.createOrFold<arith::MulIOp>(
        loc, toI64(getValueOrCreateConstantIndexOp(rewriter, loc, stride)),
        elementBytes));
  for (int64_t extent : type.getBox())
    box.push_back(constant(extent));
  Type bytes = getTensorMapType(rewriter.getContext());
  Value map = makeSlot(bytes, 1, kTensorMapAlignment);
  SmallVector<Value> args{map,
                          getPlace(),
                          getBase(),
                          constant(getTypeNumber(type.getElementType())),
                          constant(static_cast<int64_t>(type.getBox().size())),
                          storeNumbers(sizes),
                          storeNumbers(strides),
                          storeNumbers(box),
                          constant(type.getSwizzle()),
                          constant(op.getFetch().value_or(kFetchBytes))};
  LLVM::CallOp::create(rewriter, loc, getRuntimeFunction(), args);
  return LLVM::LoadOp::create(rewriter, loc, bytes, map);
}

void mlir::tile::lowerTensorMap(TensorMapOp op, RewriterBase &rewriter) {
  if (op.use_empty())
    return rewriter.eraseOp(op);
  Value map = TensorMapLowering(op, rewriter).run();
  rewriter.replaceAllUsesWith(op.getMap(), map);
  rewriter.eraseOp(op);
}

//===- GPULaunchToRuntime.cpp - launches to runtime calls -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After gpu-to-llvm a gpu.launch_func has operands of LLVM types only. Its
// kernel's machine code becomes a constant, its arguments go to an array of
// pointers, and the runtime does the rest.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/WaitingKernels.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {
#define GEN_PASS_DEF_CONVERTGPULAUNCHTORUNTIME
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

class LaunchToRuntime {
public:
  explicit LaunchToRuntime(ModuleOp module)
      : module(module), symbols(module), rewriter(module.getContext()),
        pointer(LLVM::LLVMPointerType::get(module.getContext())) {}

  LogicalResult run();

private:
  LogicalResult convertBinary(gpu::BinaryOp op);
  LogicalResult convertLaunch(gpu::LaunchFuncOp op);
  LLVM::LLVMFuncOp getRuntimeFunction();
  LLVM::GlobalOp addConstant(Location loc, StringRef name, StringRef bytes);
  Value packArguments(gpu::LaunchFuncOp op);
  Value getInt(Location loc, int64_t value) {
    return LLVM::ConstantOp::create(rewriter, loc, rewriter.getI64Type(),
                                    rewriter.getI64IntegerAttr(value));
  }

  ModuleOp module;
  SymbolTable symbols;
  IRRewriter rewriter;
  LLVM::LLVMPointerType pointer;
  struct Image {
    LLVM::GlobalOp constant;
    int64_t size;
    /// Whether its kernels wait themselves for those ahead of them.
    bool waits;
  };
  DenseMap<StringAttr, Image> images;
};

struct ConvertGPULaunchToRuntimePass
    : public tile::impl::ConvertGPULaunchToRuntimeBase<
          ConvertGPULaunchToRuntimePass> {
  void runOnOperation() override {
    if (failed(LaunchToRuntime(getOperation()).run()))
      signalPassFailure();
  }
};

} // namespace

LLVM::GlobalOp LaunchToRuntime::addConstant(Location loc, StringRef name,
                                            StringRef bytes) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(module.getBody());
  auto type = LLVM::LLVMArrayType::get(rewriter.getI8Type(), bytes.size());
  auto global = LLVM::GlobalOp::create(
      rewriter, loc, type, /*isConstant=*/true, LLVM::Linkage::Internal, name,
      rewriter.getStringAttr(bytes), /*alignment=*/16);
  symbols.insert(global);
  return global;
}

LogicalResult LaunchToRuntime::convertBinary(gpu::BinaryOp op) {
  ArrayRef<Attribute> objects = op.getObjects().getValue();
  if (objects.size() != 1)
    return op.emitOpError("expected one object, found ") << objects.size();
  auto object = cast<gpu::ObjectAttr>(objects.front());
  // A zero byte ends the text of an assembly.
  std::string image = object.getObject().getValue().str();
  image.push_back('\0');
  images[op.getSymNameAttr()] = {
      addConstant(op.getLoc(), (op.getSymName() + "_image").str(), image),
      static_cast<int64_t>(image.size()), op->hasAttr(kWaitsAttrName)};
  return success();
}

/// The declaration of
///   void tileRuntimeLaunch(const void *image, int64_t imageBytes,
///     const char *kernel, int64_t grid[3], block[3], cluster[3] by value,
///     int64_t sharedBytes, void **params, int64_t numParams, int64_t waits)
LLVM::LLVMFuncOp LaunchToRuntime::getRuntimeFunction() {
  StringRef name = "tileRuntimeLaunch";
  if (auto existing = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return existing;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(module.getBody());
  Type i64 = rewriter.getI64Type();
  SmallVector<Type> args{pointer, i64, pointer};
  args.append(10, i64);
  args.append({pointer, i64, i64});
  auto type = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(module.getContext()), args);
  return LLVM::LLVMFuncOp::create(rewriter, module.getLoc(), name, type);
}

/// An array with the address of each kernel argument.
Value LaunchToRuntime::packArguments(gpu::LaunchFuncOp op) {
  Location loc = op.getLoc();
  // Stack slots stand at the function's entry, or a launch in a loop would take
  // new ones each time.
  auto makeSlots = [&](Type type, int64_t count) -> Value {
    OpBuilder::InsertionGuard guard(rewriter);
    auto func = op->getParentOfType<LLVM::LLVMFuncOp>();
    rewriter.setInsertionPointToStart(&func.getBody().front());
    return LLVM::AllocaOp::create(rewriter, loc, pointer, type,
                                  getInt(loc, count));
  };
  Value array =
      makeSlots(pointer, std::max<int64_t>(op.getNumKernelOperands(), 1));
  for (auto [i, operand] : llvm::enumerate(op.getKernelOperands())) {
    Value slot = makeSlots(operand.getType(), 1);
    LLVM::StoreOp::create(rewriter, loc, operand, slot);
    Value place =
        LLVM::GEPOp::create(rewriter, loc, pointer, pointer, array,
                            ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    LLVM::StoreOp::create(rewriter, loc, slot, place);
  }
  return array;
}

LogicalResult LaunchToRuntime::convertLaunch(gpu::LaunchFuncOp op) {
  Location loc = op.getLoc();
  auto image = images.find(op.getKernelModuleName());
  if (image == images.end())
    return op.emitOpError("missing gpu.binary @")
           << op.getKernelModuleName().getValue();
  for (Type type : op->getOperandTypes())
    if (!LLVM::isCompatibleType(type))
      return op.emitOpError("expected operands of LLVM types, found ") << type;
  if (!op->getParentOfType<LLVM::LLVMFuncOp>())
    return op.emitOpError("expected to stand in an 'llvm.func', found '")
           << op->getParentOp()->getName() << "'";
  rewriter.setInsertionPoint(op);
  std::string name = op.getKernelName().getValue().str();
  name.push_back('\0');
  LLVM::GlobalOp nameGlobal =
      addConstant(loc, (op.getKernelName().getValue() + "_name").str(), name);
  Value zero = getInt(loc, 0);
  SmallVector<Value> args{
      LLVM::AddressOfOp::create(rewriter, loc, image->second.constant),
      getInt(loc, image->second.size),
      LLVM::AddressOfOp::create(rewriter, loc, nameGlobal)};
  args.append({op.getGridSizeX(), op.getGridSizeY(), op.getGridSizeZ(),
               op.getBlockSizeX(), op.getBlockSizeY(), op.getBlockSizeZ()});
  if (op.hasClusterSize())
    args.append(
        {op.getClusterSizeX(), op.getClusterSizeY(), op.getClusterSizeZ()});
  else
    args.append(3, zero);
  Value sharedBytes = zero;
  if (Value bytes = op.getDynamicSharedMemorySize())
    sharedBytes =
        LLVM::ZExtOp::create(rewriter, loc, rewriter.getI64Type(), bytes);
  args.append({sharedBytes, packArguments(op),
               getInt(loc, op.getNumKernelOperands()),
               getInt(loc, image->second.waits)});
  LLVM::CallOp::create(rewriter, loc, getRuntimeFunction(), args);
  rewriter.eraseOp(op);
  return success();
}

LogicalResult LaunchToRuntime::run() {
  SmallVector<gpu::BinaryOp> binaries(module.getOps<gpu::BinaryOp>());
  for (gpu::BinaryOp op : binaries)
    if (failed(convertBinary(op)))
      return failure();
  SmallVector<gpu::LaunchFuncOp> launches;
  module.walk([&](gpu::LaunchFuncOp op) { launches.push_back(op); });
  for (gpu::LaunchFuncOp op : launches)
    if (failed(convertLaunch(op)))
      return failure();
  for (gpu::BinaryOp op : binaries)
    rewriter.eraseOp(op);
  module->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  return success();
}

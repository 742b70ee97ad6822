//===- CompileToPTX.cpp - PTX of device code in linear time -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/WaitingKernels.h"

#include "mlir/Dialect/GPU/IR/CompilationInterfaces.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/OptBisect.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILECOMPILETOPTX
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

/// The sums and products beyond which code is long.
static constexpr int64_t kLongCode = 700;

namespace {
/// Leaves out straight-line strength reduction, whose time grows with the square
/// of the number of sums and products. Short code needs it for its addresses.
struct LongCodeGate : llvm::OptPassGate {
  bool isEnabled() const override { return true; }
  bool shouldRunPass(StringRef name, StringRef) const override {
    return name != "slsr";
  }
};

struct CompileToPTXPass
    : public tile::impl::TileCompileToPTXBase<CompileToPTXPass> {
  void runOnOperation() override;
};
} // namespace

/// The instructions of which the pass compares each with the ones before.
static int64_t countSumsAndProducts(llvm::Module &module) {
  int64_t count = 0;
  for (llvm::Function &function : module)
    for (llvm::Instruction &inst : llvm::instructions(function))
      count += inst.getOpcode() == llvm::Instruction::Add ||
               inst.getOpcode() == llvm::Instruction::Mul;
  return count;
}

void CompileToPTXPass::runOnOperation() {
  LongCodeGate gate;
  auto closeGate = [&](llvm::Module &module) {
    if (countSumsAndProducts(module) > kLongCode)
      module.getContext().setOptPassGate(gate);
  };
  gpu::TargetOptions options(
      /*toolkitPath=*/{}, /*librariesToLink=*/{}, /*cmdOptions=*/{},
      /*elfSection=*/{}, gpu::CompilationTarget::Assembly,
      /*getSymbolTableCallback=*/{}, /*initialLlvmIRCallback=*/{},
      /*linkedLlvmIRCallback=*/{}, closeGate);
  llvm::SmallDenseSet<StringAttr> waiting;
  for (auto module : getOperation().getOps<gpu::GPUModuleOp>())
    if (module->hasAttr(kWaitsAttrName))
      waiting.insert(module.getSymNameAttr());
  if (failed(
          gpu::transformGpuModulesToBinaries(getOperation(), nullptr, options)))
    return signalPassFailure();
  for (auto binary : getOperation().getOps<gpu::BinaryOp>())
    if (waiting.contains(binary.getSymNameAttr()))
      binary->setAttr(kWaitsAttrName, UnitAttr::get(&getContext()));
}

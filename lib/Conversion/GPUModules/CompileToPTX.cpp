//===- CompileToPTX.cpp - PTX of device code in linear time -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"

#include "mlir/Dialect/GPU/IR/CompilationInterfaces.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/OptBisect.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILECOMPILETOPTX
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

/// A module of more instructions is long.
static constexpr unsigned kLongModule = 4000;

namespace {
/// Leaves out the pass that compares each sum or product with all others that
/// have a part in common with it.
struct LongCodeGate : llvm::OptPassGate {
  bool isEnabled() const override { return true; }
  bool shouldRunPass(StringRef name, StringRef) const override {
    return name != "Straight line strength reduction";
  }
};

struct CompileToPTXPass
    : public tile::impl::TileCompileToPTXBase<CompileToPTXPass> {
  void runOnOperation() override;
};
} // namespace

void CompileToPTXPass::runOnOperation() {
  LongCodeGate gate;
  auto closeGate = [&](llvm::Module &module) {
    if (module.getInstructionCount() > kLongModule)
      module.getContext().setOptPassGate(gate);
  };
  gpu::TargetOptions options(
      /*toolkitPath=*/{}, /*librariesToLink=*/{}, /*cmdOptions=*/{},
      /*elfSection=*/{}, gpu::CompilationTarget::Assembly,
      /*getSymbolTableCallback=*/{}, /*initialLlvmIRCallback=*/{},
      /*linkedLlvmIRCallback=*/{}, closeGate);
  if (failed(
          gpu::transformGpuModulesToBinaries(getOperation(), nullptr, options)))
    signalPassFailure();
}

//===- PTXSerializer.cpp - from a gpu.module to PTX -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PTXSerializer.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/OptBisect.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::tile;

/// The instructions beyond which a module is long, or even huge, and the sums
/// and products beyond which a function has many of them.
static constexpr size_t kLongModule = 2000;
static constexpr size_t kHugeModule = 30000;
static constexpr int64_t kManySums = 150;

/// What long code is optimized by: constants and ranges, invariants of loops,
/// short loops, and addresses that are computed more than once. These are found
/// by pass {0}.
static constexpr const char *kShortPipeline =
    "function<eager-inv>("
    "sroa<modify-cfg>,early-cse<memssa>,sccp,simplifycfg,"
    "instcombine<max-iterations=1;no-verify-fixpoint>,reassociate,"
    "loop-mssa(loop-rotate<header-duplication>,licm<allowspeculation>),"
    "simplifycfg,instcombine<max-iterations=1;no-verify-fixpoint>,"
    "loop(indvars,loop-deletion,loop-unroll-full),"
    "sroa<modify-cfg>,{0},sccp,simplifycfg,"
    "instcombine<max-iterations=1;no-verify-fixpoint>,"
    "simplifycfg<hoist-common-insts;sink-common-insts;speculate-unpredictables>"
    ")";

namespace {
/// Leaves out what makes much of sums and products: its time grows with the
/// square of their number. Short code needs it for its addresses.
class LongCodeGate : public llvm::OptPassGate {
public:
  LongCodeGate(llvm::Module &module, bool isHuge);
  bool isEnabled() const override { return !functions.empty(); }
  bool shouldRunPass(StringRef pass, StringRef place) const override {
    // A loop does not say which function it is in.
    if (pass == "Loop Strength Reduction")
      return multipliesRegisters;
    if (isHuge && pass == "machine-cse")
      return false;
    return !functions.contains(place) ||
           (pass != "slsr" && pass != "nary-reassociate");
  }

private:
  /// As passes describe the place where they run.
  llvm::StringSet<> functions;
  /// Whether matrix instructions take operands from registers. Their loops have
  /// few left for addresses, and the instructions that compute these show.
  bool multipliesRegisters = false;
  bool isHuge;
};
} // namespace

LongCodeGate::LongCodeGate(llvm::Module &module, bool isHuge) : isHuge(isHuge) {
  for (llvm::Function &function : module) {
    multipliesRegisters |= function.getName().starts_with("llvm.nvvm.mma.");
    int64_t count = llvm::count_if(
        llvm::instructions(function), [](const llvm::Instruction &inst) {
          return inst.getOpcode() == llvm::Instruction::Add ||
                 inst.getOpcode() == llvm::Instruction::Mul;
        });
    if (count > kManySums)
      functions.insert(("function (" + function.getName() + ")").str());
  }
}

LogicalResult PTXSerializer::optimizeModule(llvm::Module &module, int level) {
  size_t count = module.getInstructionCount();
  isHuge = level != 0 && count > kHugeModule;
  if (level == 0 || count <= kLongModule)
    return SerializeGPUModuleBase::optimizeModule(module, level);
  FailureOr<llvm::TargetMachine *> machine = getOrCreateTargetMachine();
  if (failed(machine))
    return failure();
  (*machine)->setOptLevel(static_cast<llvm::CodeGenOptLevel>(level));
  llvm::PassBuilder builder(*machine);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager calls;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);
  llvm::ModulePassManager passes;
  // GVN visits the equal values of all blocks for each of them.
  llvm::cantFail(builder.parsePassPipeline(
      passes,
      llvm::formatv(kShortPipeline, isHuge ? "early-cse" : "gvn<>").str()));
  passes.run(module, modules);
  return success();
}

FailureOr<SmallVector<char, 0>>
PTXSerializer::moduleToObject(llvm::Module &module) {
  FailureOr<llvm::TargetMachine *> machine = getOrCreateTargetMachine();
  if (failed(machine))
    return failure();
  // The level above has GVN, too.
  if (isHuge)
    (*machine)->setOptLevel(llvm::CodeGenOptLevel::Default);
  LongCodeGate gate(module, isHuge);
  module.getContext().setOptPassGate(gate);
  FailureOr<SmallString<0>> ptx = translateModuleToISA(
      module, **machine, [&] { return getOperation().emitError(); });
  if (failed(ptx))
    return failure();
  // Drivers expect a text that ends with a zero.
  ptx->push_back('\0');
  return SmallVector<char, 0>(ptx->begin(), ptx->end());
}

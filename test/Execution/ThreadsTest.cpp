//===- ThreadsTest.cpp - contexts in threads compile at once ---*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tile-threads-test FILE
//
// Each thread has a context of its own, half of them with thread pools. All
// compile the product in FILE for the CPU and to PTX at the same time, and call
// it. Whatever they shared by mistake is for the thread sanitizer to find.
//
//===----------------------------------------------------------------------===//

#include "tile/Execution/Arguments.h"
#include "tile/Execution/Executable.h"
#include "tile/InitAllDialects.h"
#include "tile/InitAllPasses.h"
#include "tile/Signature/FunctionSignature.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassRegistry.h"

#include <cstdio>
#include <set>
#include <thread>

using namespace mlir;
using namespace mlir::tile;

static constexpr int kThreads = 4, kRounds = 2;
static constexpr int64_t kM = 70, kN = 45, kK = 83;

namespace {
/// What one thread found.
struct Result {
  int right = 0;
  std::set<std::string> ptx;
};
} // namespace

/// Calls the product on rows of equal small integers and a matrix of ones.
static bool callGemm(MLIRContext &context, const Executable &gemm) {
  auto f16 = Float16Type::get(&context);
  std::vector<uint16_t> a(kM * kK), b(kK * kN, convertFloat(f16, 1.0));
  std::vector<float> c(kM * kN, -1);
  for (int64_t i = 0; i < kM * kK; ++i)
    a[i] = convertFloat(f16, static_cast<double>(i / kK % 4));
  PackedArguments args(3);
  args.setBuffer(0, a.data(), {kM, kK});
  args.setBuffer(1, b.data(), {kK, kN});
  args.setBuffer(2, c.data(), {kM, kN});
  cantFail(gemm.invoke(args.get()));
  for (int64_t i = 0; i < kM * kN; ++i)
    if (c[i] != static_cast<float>(kK * (i / kN % 4)))
      return false;
  return true;
}

/// A pipeline as text, which goes through the registry that threads share.
static bool canonicalize(ModuleOp module) {
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  return succeeded(parsePassPipeline("tile-import,canonicalize,cse", pm)) &&
         succeeded(pm.run(module));
}

static void work(const char *path, int thread, Result &result) {
  for (int round = 0; round < kRounds; ++round) {
    DialectRegistry registry;
    registerAllDialects(registry);
    MLIRContext context(registry, thread % 2
                                      ? MLIRContext::Threading::ENABLED
                                      : MLIRContext::Threading::DISABLED);
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
    if (!module || !canonicalize(*module))
      return;
    func::FuncOp entry = cantFail(findEntry(*module, ""));
    cantFail(FunctionSignature::create(entry));
    Executable gemm =
        cantFail(Executable::compile(*module, entry.getName(), {}));
    result.right += callGemm(context, gemm);
    result.ptx.insert(cantFail(emitPTX(*module, entry.getName(), {})));
  }
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  registerAllPasses();
  registerUpstreamPasses();
  std::vector<Result> results(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back(work, argv[1], i, std::ref(results[i]));
  for (std::thread &thread : threads)
    thread.join();

  int right = 0;
  std::set<std::string> ptx;
  for (Result &result : results) {
    right += result.right;
    ptx.merge(result.ptx);
  }
  std::printf("%d threads, %d of %d results right, %zu texts of PTX\n",
              kThreads, right, kThreads * kRounds, ptx.size());
  return right != kThreads * kRounds || ptx.size() != 1;
}

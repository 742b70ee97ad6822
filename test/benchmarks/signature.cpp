//===- signature.cpp - what a call costs before it starts -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: tile-signature-benchmark [CALLS]
//
// Prints the median time, over 25 rounds, of checking the arguments of a call
// and of making its key. Ends with 1 if the key of eight tensors takes more
// than 1 microsecond.
//
//===----------------------------------------------------------------------===//

#include "tile/InitAllDialects.h"
#include "tile/Signature/FunctionSignature.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace mlir;
using namespace mlir::tile;

static constexpr double kTarget = 1000; // ns

/// The median time of one call of `body` in nanoseconds.
template <typename Body>
static double measure(unsigned calls, Body body) {
  SmallVector<double> rounds;
  for (unsigned round = 0; round < 25; ++round) {
    auto start = std::chrono::steady_clock::now();
    for (unsigned i = 0; i < calls; ++i)
      body();
    std::chrono::duration<double, std::nano> time =
        std::chrono::steady_clock::now() - start;
    rounds.push_back(time.count() / calls);
  }
  llvm::sort(rounds);
  return rounds[rounds.size() / 2];
}

/// Measures eight tensors of rank 2 with one annotation. Returns the time of
/// the key.
static double run(StringRef annotation, unsigned calls) {
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  SmallVector<ParameterSpec> specs;
  for (unsigned i = 0; i < 8; ++i)
    specs.push_back(
        {"t" + std::to_string(i), parseAttribute(annotation, &context), {}});
  FunctionSignature signature = cantFail(FunctionSignature::create("f", specs));
  const int64_t shape[] = {1024, 4096}, strides[] = {4096, 1};
  TensorView view;
  view.dtype = {DType::Float, 16};
  view.rank = 2;
  view.shape = shape;
  view.strides = strides;
  SmallVector<CallArgument> arguments(8, view);

  BoundArguments bound;
  SmallVector<char, 256> key;
  uint64_t hashes = 0;
  double bindTime = measure(
      calls, [&] { cantFail(signature.bind(arguments, {}, {}, bound)); });
  double keyTime =
      measure(calls, [&] { hashes += signature.getKey(bound, key); });
  llvm::outs() << annotation << ": bind and check "
               << llvm::format("%.0f ns, key %.0f ns, ", bindTime, keyTime)
               << key.size() << " bytes"
               << llvm::format(" (hash %llx)\n", (unsigned long long)hashes);
  return keyTime;
}

int main(int argc, char **argv) {
  unsigned calls = 100000;
  if (argc > 2 || (argc == 2 && StringRef(argv[1]).getAsInteger(10, calls)) ||
      calls == 0)
    return 2;
  double slowest = 0;
  for (StringRef annotation :
       {"#tile.tensor<[M, N], f16>", "#tile.tensor<[M, static K], f16>",
        "#tile.tensor<[static, static], static T>",
        "#tile.strided_tensor<[static M, static N], strides [static S, 1], "
        "static T>",
        "#tile.tensor<*, static>"})
    slowest = std::max(slowest, run(annotation, calls));
  return slowest > kTarget;
}

//===- ExecutionTest.cpp - Calls one compiled kernel many times -*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tile-execution-test serve FILE  a product of dynamic sizes, compiled once,
//                                 on twenty sizes
//                     stored FILE the same with the compiled code stored and
//                                 loaded, and what is no such code
//                     silent FILE  with a pass that fails without saying why
//                     large FILE  a tensor of more than 2^31 elements
//                     call FILE ENTRY ARGUMENT...
//                                 any arguments, also bad ones: an integer, or
//                                 a shape (4x-1, or 4x of one dimension) with
//                                 an address, or with none (null:4x-1)
//
//===----------------------------------------------------------------------===//

#include "tile/Execution/Arguments.h"
#include "tile/Execution/Executable.h"
#include "tile/InitAllDialects.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

#include <cmath>
#include <cstdio>
#include <random>
#include <sys/mman.h>

using namespace mlir;
using namespace mlir::tile;

static Executable compile(MLIRContext &context, const char *path) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    std::exit(1);
  llvm::Expected<func::FuncOp> entry = findEntry(*module, "");
  return cantFail(
      Executable::compile(*module, cantFail(std::move(entry)).getName(), {}));
}

//===----------------------------------------------------------------------===//
// serve
//===----------------------------------------------------------------------===//

/// A matrix of small integers, which f16 holds and whose products f32 adds
/// without rounding, in any order.
struct Matrix {
  Matrix(MLIRContext &context, int64_t rows, int64_t columns,
         std::mt19937 &random)
      : columns(columns), numbers(rows * columns), bits(rows * columns) {
    auto f16 = Float16Type::get(&context);
    std::uniform_int_distribution<int> integer(-4, 4);
    for (size_t i = 0; i < numbers.size(); ++i) {
      numbers[i] = integer(random);
      bits[i] = convertFloat(f16, numbers[i]);
    }
  }
  int at(int64_t row, int64_t column) const {
    return numbers[row * columns + column];
  }

  int64_t columns;
  std::vector<int> numbers;
  std::vector<uint16_t> bits;
};

/// Runs the product on one size; returns the number of wrong elements.
static int serveOne(MLIRContext &context, const Executable &gemm, int64_t m,
                    int64_t n, int64_t k, std::mt19937 &random) {
  Matrix a(context, m, k, random), b(context, k, n, random);
  std::vector<float> c(m * n, NAN);
  PackedArguments args(5);
  args.setBuffer(0, a.bits.data(), {m, k});
  args.setBuffer(1, b.bits.data(), {k, n});
  args.setBuffer(2, c.data(), {m, n});
  args.setScalar(3, /*workers=*/1 + random() % 9);
  args.setScalar(4, /*group=*/1 + random() % 4);
  cantFail(gemm.invoke(args.get()));
  int wrong = 0;
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      int64_t sum = 0;
      for (int64_t l = 0; l < k; ++l)
        sum += a.at(i, l) * b.at(l, j);
      wrong += !(c[i * n + j] == static_cast<float>(sum));
    }
  return wrong;
}

static int serve(const Executable &gemm, MLIRContext &context) {
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int64_t> size(1, 200);
  int right = 0;
  for (int i = 0; i < 20; ++i) {
    int64_t m = size(random), n = size(random), k = size(random);
    if (i == 0)
      m = n = k = 1;
    if (i == 1)
      k = 0;
    if (int wrong = serveOne(context, gemm, m, n, k, random))
      std::printf("%lld x %lld x %lld: %d elements wrong\n",
                  static_cast<long long>(m), static_cast<long long>(n),
                  static_cast<long long>(k), wrong);
    else
      ++right;
  }
  std::printf("one compilation, %d sizes right\n", right);
  return right != 20;
}

/// What was compiled is gone before the stored object is loaded.
static int stored(MLIRContext &context, const char *path) {
  std::string object = compile(context, path).getObject().str();
  auto cut = Executable::load(object.substr(0, object.size() / 2));
  std::printf("half an object: %s\n", toString(cut.takeError()).c_str());
  auto other = Executable::load("no object");
  std::printf("no object: %s\n", toString(other.takeError()).c_str());
  return serve(cantFail(Executable::load(std::move(object))), context);
}

//===----------------------------------------------------------------------===//
// silent
//===----------------------------------------------------------------------===//

static int silent(MLIRContext &context, const char *path) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    return 1;
  registerCanonicalizerPass();
  ExecutionOptions options;
  options.configure = [](PassManager &pm) {
    return parsePassPipeline(
        "canonicalize{max-iterations=1 test-convergence=true}", pm);
  };
  auto compiled = Executable::compile(*module, "f", options);
  std::printf("%s\n", toString(compiled.takeError()).c_str());
  return 0;
}

//===----------------------------------------------------------------------===//
// large
//===----------------------------------------------------------------------===//

/// The function writes the last 32 columns of the last two rows, and reads them
/// back into its second argument. Only the pages that it touches take memory.
static int large(MLIRContext &context, const char *path) {
  constexpr int64_t kRows = 65537, kColumns = 32771;
  constexpr size_t kBytes = kRows * kColumns;
  static_assert(kBytes > size_t(1) << 31);
  Executable tail = compile(context, path);
  void *data = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) {
    std::printf("cannot map %zu bytes\n", kBytes);
    return 1;
  }
  const auto *bytes = static_cast<const int8_t *>(data);
  std::vector<int8_t> out(64, -1);
  PackedArguments args(2);
  args.setBuffer(0, data, {kRows, kColumns});
  args.setBuffer(1, out.data(), {2, 32});
  cantFail(tail.invoke(args.get()));
  int wrong = 0;
  for (int i = 0; i < 64; ++i) {
    int64_t row = kRows - 2 + i / 32, column = kColumns - 32 + i % 32;
    wrong += out[i] != i || bytes[row * kColumns + column] != i;
  }
  munmap(data, kBytes);
  std::printf("%d elements wrong\n", wrong);
  return wrong != 0;
}

//===----------------------------------------------------------------------===//
// call
//===----------------------------------------------------------------------===//

/// Memory behind every shape that is called with.
static char memory[4096];

static void setArgument(PackedArguments &args, size_t index, StringRef text) {
  int64_t scalar;
  if (!text.getAsInteger(10, scalar)) {
    args.setScalar(index, scalar);
    return;
  }
  bool isNull = text.consume_front("null:");
  SmallVector<StringRef> parts;
  text.split(parts, 'x', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  SmallVector<int64_t> shape;
  for (StringRef part : parts) {
    int64_t size = 0;
    part.getAsInteger(10, size);
    shape.push_back(size);
  }
  args.setBuffer(index, isNull ? nullptr : memory, shape);
}

static int call(MLIRContext &context, const char *path, StringRef entry,
                ArrayRef<char *> texts) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    return 1;
  auto function = Executable::compile(*module, entry, {});
  if (!function) {
    std::printf("%s\n", toString(function.takeError()).c_str());
    return 1;
  }
  PackedArguments args(texts.size());
  for (auto [index, text] : llvm::enumerate(texts))
    setArgument(args, index, text);
  std::string error = toString(function->invoke(args.get()));
  std::printf("%s\n", error.empty() ? "no error" : error.c_str());
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  if (StringRef(argv[1]) == "serve")
    return serve(compile(context, argv[2]), context);
  if (StringRef(argv[1]) == "stored")
    return stored(context, argv[2]);
  if (StringRef(argv[1]) == "silent")
    return silent(context, argv[2]);
  if (StringRef(argv[1]) == "large")
    return large(context, argv[2]);
  if (StringRef(argv[1]) == "call" && argc > 3)
    return call(context, argv[2], argv[3], ArrayRef(argv + 4, argv + argc));
  return 2;
}

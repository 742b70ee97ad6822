//===- SignatureTest.cpp - asks signatures of functions ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tile-signature-test bind | check | key | specialize   one part of the tests
//                     golden    prints keys, which are the same everywhere
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/InitAllDialects.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::test;

static int failures = 0;

void test::report(StringRef file, int line, StringRef expected,
                  StringRef found) {
  llvm::errs() << file << ":" << line << ":\n  expected: " << expected
               << "\n  found:    " << found << "\n";
  ++failures;
}

void test::expectText(StringRef file, int line, StringRef expected,
                      StringRef found) {
  if (expected != found)
    report(file, line, expected, found);
}

static DialectRegistry getRegistry() {
  DialectRegistry registry;
  registerAllDialects(registry);
  return registry;
}

Fixture::Fixture() : context(getRegistry()) {
  context.loadAllAvailableDialects();
}

func::FuncOp Fixture::parse(const Twine &arguments, StringRef visibility) {
  std::string text =
      ("func.func " + visibility + " @f(" + arguments + ") { return }").str();
  modules.push_back(parseSourceString<ModuleOp>(text, &context));
  if (!modules.back()) {
    report(__FILE__, __LINE__, "a function", text);
    std::exit(1);
  }
  return *modules.back()->getOps<func::FuncOp>().begin();
}

FunctionSignature Fixture::sign(const Twine &arguments) {
  return cantFail(FunctionSignature::create(parse(arguments)));
}

std::string Fixture::refuse(const Twine &arguments) {
  auto signature = FunctionSignature::create(parse(arguments, "private"));
  return signature ? "" : toString(signature.takeError());
}

Attribute Fixture::attribute(StringRef text) {
  return parseAttribute(text, &context);
}

CallArgument Fixture::tensor(DType dtype, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> &kept = dims.emplace_back(shape);
  TensorView view;
  view.dtype = dtype;
  view.rank = shape.size();
  view.shape = kept.data();
  return view;
}

CallArgument Fixture::tensor(DType dtype, ArrayRef<int64_t> shape,
                             ArrayRef<int64_t> strides) {
  CallArgument argument = tensor(dtype, shape);
  std::get<TensorView>(argument).strides = dims.emplace_back(strides).data();
  return argument;
}

std::string test::call(const FunctionSignature &signature,
                       ArrayRef<CallArgument> positional,
                       ArrayRef<KeywordArgument> keywords,
                       const CallOptions &options) {
  BoundArguments bound;
  llvm::Error error = signature.bind(positional, keywords, options, bound);
  return error ? toString(std::move(error)) : "";
}

std::string test::key(const FunctionSignature &signature,
                      ArrayRef<CallArgument> positional,
                      ArrayRef<KeywordArgument> keywords) {
  BoundArguments bound;
  cantFail(signature.bind(positional, keywords, {}, bound));
  SmallVector<char> bytes;
  signature.getKey(bound, bytes);
  return llvm::toHex(StringRef(bytes.data(), bytes.size()), /*LowerCase=*/true);
}

int main(int argc, char **argv) {
  auto run = llvm::StringSwitch<void (*)()>(argc == 2 ? argv[1] : "")
                 .Case("bind", testBinding)
                 .Case("check", testChecks)
                 .Case("key", testKeys)
                 .Case("specialize", testSpecialization)
                 .Case("golden", printKeys)
                 .Default(nullptr);
  if (!run)
    return 2;
  run();
  return failures != 0;
}

//===- SpecializeTest.cpp - functions for certain calls ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/Dialect/Tile/Transforms/Specialization.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::test;

/// The annotations that a call gives, one a line.
static std::string getConcrete(Fixture &fixture, const FunctionSignature &f,
                               ArrayRef<CallArgument> arguments,
                               const CallOptions &options = {}) {
  BoundArguments bound;
  cantFail(f.bind(arguments, {}, options, bound));
  auto annotations = f.getConcreteAnnotations(bound, &fixture.context);
  if (!annotations)
    return toString(annotations.takeError());
  std::string text;
  llvm::raw_string_ostream os(text);
  for (Attribute annotation : *annotations)
    os << annotation << "\n";
  return text;
}

/// The types and annotations of a function specialised for a call.
static std::string specialize(Fixture &fixture, const Twine &arguments,
                              ArrayRef<CallArgument> call) {
  func::FuncOp func = fixture.parse(arguments);
  FunctionSignature f = cantFail(FunctionSignature::create(func));
  BoundArguments bound;
  cantFail(f.bind(call, {}, {}, bound));
  if (llvm::Error error = f.specialize(func, bound))
    return toString(std::move(error));
  EXPECT(succeeded(verify(func)));
  EXPECT(cantFail(FunctionSignature::create(func)).isAllStatic());
  std::string text;
  llvm::raw_string_ostream os(text);
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    os << func.getArgumentTypes()[i] << " "
       << func.getArgAttr(i, "tile.annotation") << "\n";
  return text;
}

/// Without a function.
static void testAnnotations(Fixture &fixture) {
  SmallVector<StringRef> texts = {
      "#tile.tensor<[M, static K], static T>",
      "#tile.tensor<[K * 2, ?], static T>",
      "#tile.strided_tensor<[static], strides [static S], f32>",
      "#tile.strided_tensor<*, strides [], f32>",
      "#tile.buffer<*, f32>",
      "#tile.value<index>",
      "#tile.value<ui8>",
      "#tile.value<f16>",
      "#tile.value<i1>",
      "#tile.dtype<static>",
      "#tile.dyn<\"n\", i32>",
      "#tile.ptr<f32>",
      "i32"};
  SmallVector<ParameterSpec> specs;
  for (auto [index, text] : llvm::enumerate(texts))
    specs.push_back({"a" + std::to_string(index), fixture.attribute(text), {}});
  specs.push_back({"any", Attribute(), {}});
  FunctionSignature f = cantFail(FunctionSignature::create("f", specs));
  EXPECT_TEXT(
      "#tile.tensor<[M, 8], bf16>\n"
      "#tile.tensor<[16, ?], bf16>\n"
      "#tile.strided_tensor<[4], strides [2], f32>\n"
      "#tile.strided_tensor<[4, 5], strides [8, 1], f32>\n"
      "#tile.buffer<[4], f32>\n"
      "#tile.value<index, 0 : index>\n"
      "#tile.value<ui8, 255 : ui8>\n"
      "#tile.value<f16, 1.000000e+00 : f16>\n"
      "#tile.value<i1, true>\n"
      "#tile.dtype<i32>\n"
      "#tile.dyn<\"n\", i32>\n"
      "#tile.ptr<f32>\n"
      "i32\n"
      "<<NULL ATTRIBUTE>>\n",
      getConcrete(
          fixture, f,
          {fixture.tensor(kBF16, {3, 8}), fixture.tensor(kBF16, {16, 2}),
           fixture.tensor(kF32, {4}, {2}), fixture.tensor(kF32, {4, 5}, {8, 1}),
           fixture.tensor(kF32, {4}, {3}), integer(0), integer(255), integer(1),
           true, kU32, integer(7), integer(64), integer(3), StringRef("x")}));
  // An absent tensor of a size that is known cannot be what it should be.
  CallOptions allow;
  allow.allowAbsent = true;
  specs.clear();
  specs.push_back(
      {"a", fixture.attribute("#tile.tensor<[static K], f32>"), {}});
  specs.push_back({"b", fixture.attribute("#tile.tensor<[K - 8], f32>"), {}});
  f = cantFail(FunctionSignature::create("f", specs));
  EXPECT_TEXT(
      "f() argument 'b': expected a size of at least 0, found -4",
      getConcrete(fixture, f, {fixture.tensor(kF32, {4}), none()}, allow));
}

static void testFunctions(Fixture &fixture) {
  EXPECT_TEXT(
      "memref<?x128xf16> #tile.tensor<[M, 128], f16>\n"
      "memref<128x?xf16> #tile.tensor<[128, N], f16>\n"
      "index #tile.value<index, 64 : index>\n"
      "none #tile.dtype<bf16>\n"
      "f32 <<NULL ATTRIBUTE>>\n",
      specialize(fixture, R"mlir(
                %a: memref<?x?xf16> {
                  tile.annotation = #tile.tensor<[M, static K], static T>},
                %b: memref<?x?xf16> {
                  tile.annotation = #tile.tensor<[K, N], static T>},
                %c: index {tile.annotation = #tile.value<index>},
                %d: none {tile.annotation = #tile.dtype<static>},
                %e: f32)mlir",
                 {fixture.tensor(kF16, {3, 128}),
                  fixture.tensor(kF16, {128, 5}), integer(64), kBF16, 0.5}));
  EXPECT_TEXT("memref<4x5xf32> #tile.tensor<[4, 5], f32>\n",
              specialize(fixture,
                         "%a: memref<*xf32> {tile.annotation = "
                         "#tile.tensor<*, static>}",
                         {fixture.tensor(kF32, {4, 5})}));
  EXPECT_TEXT("memref<0xf32, strided<[2]>> "
              "#tile.strided_tensor<[0], strides [2], f32>\n",
              specialize(fixture, R"mlir(
                %a: memref<?xf32, strided<[?]>> {tile.annotation =
                  #tile.strided_tensor<[static], strides [static], f32>})mlir",
                         {fixture.tensor(kF32, {0}, {2})}));
}

/// What does not fit is refused with diagnostics, and through a signature with
/// an error.
static void testRefused(Fixture &fixture) {
  std::string problem;
  ScopedDiagnosticHandler handler(
      &fixture.context, [&](Diagnostic &diag) { problem = diag.str(); });
  auto refuse = [&](const Twine &arguments, ArrayRef<StringRef> annotations) {
    SmallVector<Attribute> attributes;
    for (StringRef text : annotations)
      attributes.push_back(fixture.attribute(text));
    func::FuncOp func = fixture.parse(arguments);
    EXPECT(failed(tile::specialize(func, attributes)));
    return problem;
  };
  const char *two = R"mlir(
    %a: memref<?xf32> {tile.annotation = #tile.tensor<[static K], static T>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[static K], static T>}
  )mlir";
  EXPECT_TEXT(
      "argument #1: expected 4, which is K, found 5",
      refuse(two, {"#tile.tensor<[4], f32>", "#tile.tensor<[5], f32>"}));
  EXPECT_TEXT(
      "argument #1: expected 'f32', which is T, found 'f16'",
      refuse(two, {"#tile.tensor<[4], f32>", "#tile.tensor<[4], f16>"}));
  EXPECT_TEXT("argument #0: expected rank 1, as in 'memref<?xf32>', found 2",
              refuse("%a: memref<?xf32> {tile.annotation = "
                     "#tile.tensor<*, f32>}",
                     {"#tile.tensor<[4, 5], f32>"}));
  // Another function than the signature was made from.
  func::FuncOp func = fixture.parse(
      "%a: memref<?xf32> {tile.annotation = #tile.tensor<[static], f32>}");
  FunctionSignature f = cantFail(FunctionSignature::create(func));
  BoundArguments bound;
  SmallVector<CallArgument> arguments = {fixture.tensor(kF32, {4})};
  cantFail(f.bind(arguments, {}, {}, bound));
  func::FuncOp other = fixture.parse(
      "%a: memref<8xf32> {tile.annotation = #tile.tensor<[static], f32>}");
  EXPECT_TEXT("f(): argument #0: size 0: expected 8, as in 'memref<8xf32>', "
              "found 4",
              toString(f.specialize(other, bound)));
}

void test::testSpecialization() {
  Fixture fixture;
  testAnnotations(fixture);
  testFunctions(fixture);
  testRefused(fixture);
}

//===- BindTest.cpp - names, defaults and kinds of arguments ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::test;

static std::string join(ArrayRef<StringRef> names) {
  return llvm::join(names, " ");
}

/// Which arguments are passed at launch and which leave something open.
static void testClassification(Fixture &fixture) {
  FunctionSignature signature = fixture.sign(R"mlir(
    %0: memref<?x128xf16> {tile.annotation = #tile.tensor<[M, 128], f16>,
                           tile.name = "fixed"},
    %1: memref<?x?xf16> {tile.annotation = #tile.tensor<[M, static], f16>,
                         tile.name = "size"},
    %2: memref<?xf16> {tile.annotation = #tile.tensor<[?], static>,
                       tile.name = "type"},
    %3: memref<*xf16> {tile.annotation = #tile.tensor<*, f16>,
                       tile.name = "rank"},
    %4: memref<?xf16, strided<[?]>> {
      tile.annotation = #tile.strided_tensor<[M], strides [static], f16>,
      tile.name = "stride"},
    %5: i32 {tile.annotation = #tile.dyn<"n", i32>, tile.name = "dyn"},
    %6: index {tile.annotation = #tile.value<index>, tile.name = "value"},
    %7: index {tile.annotation = #tile.value<index, 0 : index>,
               tile.name = "zero"},
    %8: none {tile.annotation = #tile.dtype<static>, tile.name = "dtype"},
    %9: none {tile.annotation = #tile.dtype<f16>, tile.name = "f16"},
    %10: memref<f16> {tile.annotation = #tile.ptr<f16>, tile.name = "ptr"},
    %11: memref<?xf16, strided<[?]>> {tile.annotation = #tile.buffer<[M], f16>,
                                      tile.name = "buffer"},
    %12: memref<4xf32>, %13: f32)mlir");
  EXPECT_TEXT("fixed size type rank stride dyn value zero dtype f16 ptr buffer "
              "arg12 arg13",
              join(signature.getParameterNames()));
  EXPECT_TEXT("fixed size type rank stride dyn ptr buffer arg12 arg13",
              join(signature.getKernelParameterNames()));
  EXPECT(!signature.isAllStatic());
  EXPECT(signature.getUnknownParameters() ==
         ArrayRef<unsigned>({1, 2, 3, 4, 6, 8}));
  EXPECT(signature.getStaticParameters() ==
         ArrayRef<unsigned>({0, 5, 7, 9, 10, 11, 12, 13}));
  EXPECT(signature.getFunctionName() == "f");
  EXPECT(signature.getAnnotation(9) == fixture.attribute("#tile.dtype<f16>"));
  EXPECT(signature.getAnnotation(13) == fixture.attribute("f32"));
}

/// Nothing is open: sizes known at run time leave a function compilable, and so
/// does having no arguments.
static void testAllStatic(Fixture &fixture) {
  EXPECT(fixture.sign("").isAllStatic());
  EXPECT(fixture
             .sign(R"mlir(%a: memref<?x?xf16> {
               tile.annotation = #tile.tensor<[M, N], f16>})mlir")
             .isAllStatic());
  EXPECT_TEXT("", call(fixture.sign(""), {}));
}

static void testNames(Fixture &fixture) {
  FunctionSignature signature = fixture.sign(R"mlir(
    %a: i32 {tile.name = "a"}, %b: i32 {tile.name = "b"},
    %c: i32 {tile.name = "c", tile.default = 7 : i32})mlir");
  EXPECT_TEXT("", call(signature, {integer(1), integer(2)}));
  EXPECT_TEXT("", call(signature, {}, {{"b", integer(1)}, {"a", integer(2)}}));
  EXPECT_TEXT(
      "f() takes 3 positional arguments but 4 were given",
      call(signature, {integer(1), integer(2), integer(3), integer(4)}));
  EXPECT_TEXT("f() takes 0 positional arguments but 1 was given",
              call(fixture.sign(""), {integer(1)}));
  EXPECT_TEXT("f() missing 2 required arguments: 'a' and 'b'",
              call(signature, {}));
  EXPECT_TEXT("f() missing 1 required argument: 'b'",
              call(signature, {integer(1)}, {{"c", integer(1)}}));
  EXPECT_TEXT("f() got an unexpected keyword argument 'd'",
              call(signature, {integer(1), integer(2)}, {{"d", integer(1)}}));
  EXPECT_TEXT("f() got multiple values for argument 'a'",
              call(signature, {integer(1), integer(2)}, {{"a", integer(1)}}));
  EXPECT_TEXT(
      "f() got multiple values for argument 'b'",
      call(signature, {integer(1)}, {{"b", integer(1)}, {"b", integer(1)}}));
}

/// Arguments at their parameters, whatever way they came; the same memory
/// serves one call after the other.
static void testValues(Fixture &fixture) {
  FunctionSignature signature = fixture.sign(R"mlir(
    %a: i32 {tile.name = "a"},
    %b: index {tile.name = "b", tile.annotation = #tile.value<index>,
               tile.default = 64 : index},
    %c: i32 {tile.name = "c", tile.default = 7 : i32},
    %d: memref<4xf32> {tile.name = "d", tile.default},
    %e: ui8 {tile.name = "e", tile.default = 255 : ui8},
    %f: i1 {tile.name = "f", tile.default = true},
    %g: f32 {tile.name = "g", tile.default = 0.5 : f32},
    %h: none {tile.name = "h", tile.annotation = #tile.dtype<static>,
              tile.default = bf16},
    %i: i8 {tile.annotation = #tile.value<i8, -1 : i8>})mlir");
  BoundArguments bound;
  SmallVector<CallArgument> positional = {integer(1)};
  SmallVector<KeywordArgument> keywords = {{"c", integer(5)}};
  for (int i = 0; i < 2; ++i) {
    cantFail(signature.bind(positional, keywords, {}, bound));
    EXPECT(bound.size() == 9);
    std::string texts;
    for (size_t index = 0; index < bound.size(); ++index)
      texts += toText(bound[index]) + ",";
    EXPECT_TEXT("1,64,5,none,255,true,0.5,dtype bfloat16,-1,", texts);
    SmallVector<const CallArgument *> kernel;
    signature.getKernelArguments(bound, kernel);
    EXPECT(kernel.size() == 6);
    EXPECT(kernel[0] == &positional[0] && kernel[1] == &keywords[0].value);
    EXPECT_TEXT("none", toText(*kernel[2]));
  }
}

/// What a frontend declares without a function; texts are kept.
static void testSpecs(Fixture &fixture) {
  SmallVector<ParameterSpec> specs(4);
  std::string text = "relu";
  specs[0] = {"a", fixture.attribute("#tile.tensor<[M], f32>"), {}};
  specs[1] = {"activation", Attribute(), CallArgument(StringRef(text))};
  specs[2] = {"n", fixture.attribute("i32"), {}};
  specs[3] = {"shape", Attribute(), CallArgument(FrozenValue{"tuple", text})};
  FunctionSignature signature =
      cantFail(FunctionSignature::create("gemm", specs));
  text = "gone";
  EXPECT_TEXT("a n", join(signature.getKernelParameterNames()));
  EXPECT(signature.getUnknownParameters() == ArrayRef<unsigned>({1, 3}));
  BoundArguments bound;
  SmallVector<CallArgument> positional = {fixture.tensor(kF32, {4})};
  SmallVector<KeywordArgument> keywords = {{"n", integer(3)}};
  cantFail(signature.bind(positional, keywords, {}, bound));
  EXPECT_TEXT("'relu'", toText(bound[1]));
  EXPECT_TEXT("a value of type 'tuple'", toText(bound[3]));
  EXPECT_TEXT("gemm() argument 'activation': expected a compile-time value, "
              "found a float32 tensor of 4",
              call(signature, {fixture.tensor(kF32, {4}),
                               fixture.tensor(kF32, {4}), integer(1)}));
}

static void testRefused(Fixture &fixture) {
  EXPECT_TEXT("f() argument 'a': expected a buffer in global memory, found "
              "#tile.shared<[4], f32>",
              fixture.refuse(R"mlir(%a: memref<4xf32, #tile.scope<shared>> {
                tile.annotation = #tile.shared<[4], f32>,
                tile.name = "a"})mlir"));
  EXPECT_TEXT("f() argument 'arg0': expected a buffer in global memory, found "
              "#tile.fragment<[4], f32>",
              fixture.refuse(R"mlir(%a: memref<4xf32, #tile.scope<fragment>> {
                tile.annotation = #tile.fragment<[4], f32>})mlir"));
  EXPECT_TEXT("f() argument 'arg0': expected a buffer in global memory, found "
              "#tile.local<[4], f32>",
              fixture.refuse(R"mlir(%a: memref<4xf32, #tile.scope<local>> {
                tile.annotation = #tile.local<[4], f32>})mlir"));
  EXPECT_TEXT("f() argument 'arg0': expected a buffer in global memory, found "
              "memref<4xf32, #tile.scope<shared>>",
              fixture.refuse("%a: memref<4xf32, #tile.scope<shared>>"));
  EXPECT_TEXT("f() argument 'arg0': unsupported type vector<4xf32>",
              fixture.refuse("%a: vector<4xf32>"));
  EXPECT_TEXT("f() argument 'arg0': unsupported type i128",
              fixture.refuse("%a: i128"));
  EXPECT_TEXT("f() argument 'arg0': unsupported element type f80",
              fixture.refuse("%a: memref<4xf80>"));
  EXPECT_TEXT(
      "f() argument 'arg0': unsupported layout "
      "affine_map<(d0, d1) -> (d1, d0)>",
      fixture.refuse("%a: memref<4x4xf32, affine_map<(d0, d1) -> (d1, d0)>>"));
  EXPECT_TEXT("f() argument 'arg1': expected a name of its own, found it twice",
              fixture.refuse("%a: i32 {tile.name = \"arg1\"}, %b: i32"));
  ParameterSpec spec = {"a", fixture.attribute("4 : i32"), {}};
  EXPECT_TEXT("g() argument 'a': expected an annotation or a type, found "
              "4 : i32",
              toString(FunctionSignature::create("g", spec).takeError()));
}

void test::testBinding() {
  Fixture fixture;
  testClassification(fixture);
  testAllStatic(fixture);
  testNames(fixture);
  testValues(fixture);
  testSpecs(fixture);
  testRefused(fixture);
}

//===- CheckTest.cpp - what does not fit an annotation ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::test;

/// A tensor of `#tile.tensor<parts>` named A, of an open type.
static FunctionSignature signTensor(Fixture &fixture, StringRef kind,
                                    StringRef parts) {
  ParameterSpec spec = {
      "A", fixture.attribute(("#tile." + kind + "<" + parts + ">").str()), {}};
  return cantFail(FunctionSignature::create("f", spec));
}

static FunctionSignature signScalar(Fixture &fixture, StringRef annotation) {
  ParameterSpec spec = {"x", fixture.attribute(annotation), {}};
  return cantFail(FunctionSignature::create("f", spec));
}

static void testShapes(Fixture &fixture) {
  FunctionSignature fixed = signTensor(fixture, "tensor", "[M, 128], f16");
  EXPECT_TEXT("", call(fixed, {fixture.tensor(kF16, {3, 128})}));
  EXPECT_TEXT("", call(fixed, {fixture.tensor(kF16, {0, 128})}));
  EXPECT_TEXT("f() argument 'A': expected rank 2, found 1 (128)",
              call(fixed, {fixture.tensor(kF16, {128})}));
  EXPECT_TEXT("f() argument 'A': expected rank 2, found 0",
              call(fixed, {fixture.tensor(kF16, {})}));
  EXPECT_TEXT("f() argument 'A' size 1: expected 128, found 64",
              call(fixed, {fixture.tensor(kF16, {3, 64})}));
  EXPECT_TEXT("f() argument 'A' size 1: expected 128, found 0",
              call(fixed, {fixture.tensor(kF16, {3, 0})}));
  EXPECT_TEXT("f() argument 'A' size 0: expected at least 0, found -3",
              call(fixed, {fixture.tensor(kF16, {-3, 128})}));
  EXPECT_TEXT("f() argument 'A' size 0: expected 0, found 4",
              call(signTensor(fixture, "tensor", "[0], f16"),
                   {fixture.tensor(kF16, {4})}));
  FunctionSignature any = signTensor(fixture, "tensor", "*, f16");
  EXPECT_TEXT("", call(any, {fixture.tensor(kF16, {})}));
  EXPECT_TEXT("", call(any, {fixture.tensor(kF16, {2, 3, 4, 5})}));
  CallArgument broken = fixture.tensor(kF16, {});
  std::get<TensorView>(broken).rank = -1;
  EXPECT_TEXT("f() argument 'A': expected a rank of at least 0, found -1",
              call(any, {broken}));
  // What only the type of the function's argument says.
  FunctionSignature typed = fixture.sign(
      "%a: memref<8x?xf16> {tile.annotation = #tile.tensor<[M, N], f16>}");
  EXPECT_TEXT("f() argument 'arg0' size 0: expected 8, found 4",
              call(typed, {fixture.tensor(kF16, {4, 4})}));
  EXPECT_TEXT(
      "f() argument 'arg0': expected rank 1, found 2 (4x4)",
      call(fixture.sign("%a: memref<?xf16>"), {fixture.tensor(kF16, {4, 4})}));
}

static void testDTypes(Fixture &fixture) {
  FunctionSignature f16 = signTensor(fixture, "tensor", "[M], f16");
  EXPECT_TEXT("f() argument 'A': expected dtype float16, found bfloat16",
              call(f16, {fixture.tensor(kBF16, {4})}));
  EXPECT_TEXT("f() argument 'A': expected dtype float16, found float16x2",
              call(f16, {fixture.tensor({DType::Float, 16, 2}, {4})}));
  FunctionSignature i32 = signTensor(fixture, "tensor", "[M], i32");
  EXPECT_TEXT("", call(i32, {fixture.tensor(kI32, {4})}));
  EXPECT_TEXT("", call(i32, {fixture.tensor(kU32, {4})}));
  EXPECT_TEXT("f() argument 'A': expected dtype int32, found float32",
              call(i32, {fixture.tensor(kF32, {4})}));
  EXPECT_TEXT("f() argument 'A': expected dtype float8_e4m3fn, found uint8",
              call(signTensor(fixture, "tensor", "[M], f8E4M3FN"),
                   {fixture.tensor({DType::UInt, 8}, {4})}));
  EXPECT_TEXT("f() argument 'A': expected dtype bool, found uint8",
              call(signTensor(fixture, "tensor", "[M], i1"),
                   {fixture.tensor({DType::UInt, 8}, {4})}));
  FunctionSignature open = signTensor(fixture, "tensor", "[M], static T");
  EXPECT_TEXT("", call(open, {fixture.tensor({DType::Float8E5M2, 8}, {4})}));
  EXPECT_TEXT("f() argument 'A': unsupported dtype handle",
              call(open, {fixture.tensor({DType::Handle, 64}, {4})}));
  EXPECT_TEXT("f() argument 'A': unsupported dtype code 77 of 8 bits",
              call(open, {fixture.tensor({77, 8}, {4})}));
  // The function's own type is fixed.
  EXPECT_TEXT("f() argument 'arg0': expected dtype float16, found float32",
              call(fixture.sign("%a: memref<?xf16> {tile.annotation = "
                                "#tile.tensor<[M], static T>}"),
                   {fixture.tensor(kF32, {4})}));
}

static void testStrides(Fixture &fixture) {
  FunctionSignature tensor = signTensor(fixture, "tensor", "[M, N], f16");
  EXPECT_TEXT("", call(tensor, {fixture.tensor(kF16, {3, 4}, {4, 1})}));
  EXPECT_TEXT("", call(tensor, {fixture.tensor(kF16, {1, 4}, {99, 1})}));
  EXPECT_TEXT("", call(tensor, {fixture.tensor(kF16, {3, 1}, {1, 7})}));
  EXPECT_TEXT("", call(tensor, {fixture.tensor(kF16, {0, 4}, {9, 9})}));
  EXPECT_TEXT("f() argument 'A' stride 0: expected 4 of a contiguous tensor, "
              "found 8",
              call(tensor, {fixture.tensor(kF16, {3, 4}, {8, 1})}));
  EXPECT_TEXT("f() argument 'A' stride 1: expected 1 of a contiguous tensor, "
              "found 3",
              call(tensor, {fixture.tensor(kF16, {3, 4}, {1, 3})}));
  EXPECT_TEXT("f() argument 'A' stride 0: expected 4 of a contiguous tensor, "
              "found 0",
              call(signTensor(fixture, "tensor", "*, f16"),
                   {fixture.tensor(kF16, {3, 4}, {0, 1})}));

  FunctionSignature strided =
      signTensor(fixture, "strided_tensor", "[M, N], strides [S, 1], f16");
  EXPECT_TEXT("", call(strided, {fixture.tensor(kF16, {3, 4}, {8, 1})}));
  EXPECT_TEXT("", call(strided, {fixture.tensor(kF16, {3, 4})}));
  EXPECT_TEXT("", call(strided, {fixture.tensor(kF16, {3, 1}, {8, 5})}));
  EXPECT_TEXT("f() argument 'A' stride 1: expected 1, found 2",
              call(strided, {fixture.tensor(kF16, {3, 4}, {8, 2})}));
  EXPECT_TEXT(
      "f() argument 'A' stride 0: expected 8, found 4",
      call(signTensor(fixture, "strided_tensor", "[M, N], strides [8, 1], f16"),
           {fixture.tensor(kF16, {3, 4})}));
  FunctionSignature buffer = signTensor(fixture, "buffer", "[M, N], f16");
  EXPECT_TEXT("", call(buffer, {fixture.tensor(kF16, {3, 4}, {1, 3})}));
  // Of arguments without an annotation.
  EXPECT_TEXT("f() argument 'arg0' stride 0: expected 4 of a contiguous "
              "tensor, found 8",
              call(fixture.sign("%a: memref<?x?xf16>"),
                   {fixture.tensor(kF16, {3, 4}, {8, 1})}));
  EXPECT_TEXT("f() argument 'arg0' stride 1: expected 1, found 3",
              call(fixture.sign("%a: memref<?x?xf16, strided<[?, 1]>>"),
                   {fixture.tensor(kF16, {3, 4}, {1, 3})}));
}

/// A symbol has one value in all places, and so has a type variable.
static void testSymbols(Fixture &fixture) {
  SmallVector<ParameterSpec> specs(4);
  specs[0] = {
      "A", fixture.attribute("#tile.tensor<[M, static K], static T>"), {}};
  specs[1] = {
      "B", fixture.attribute("#tile.tensor<[K, M * 2 + 1], static T>"), {}};
  specs[2] = {"C",
              fixture.attribute("#tile.strided_tensor<[M floordiv n], "
                                "strides [S], f32>"),
              {}};
  specs[3] = {"n", fixture.attribute("#tile.dyn<\"n\", i32>"), {}};
  FunctionSignature f = cantFail(FunctionSignature::create("f", specs));
  auto with = [&](SmallVector<int64_t> a, SmallVector<int64_t> b, int64_t c,
                  int64_t n, DType type = kF16) {
    return call(f, {fixture.tensor(kF16, a), fixture.tensor(type, b),
                    fixture.tensor(kF32, {c}, {2}), integer(n)});
  };
  EXPECT_TEXT("", with({6, 8}, {8, 13}, 3, 2));
  EXPECT_TEXT("", with({0, 0}, {0, 1}, 0, 2));
  EXPECT_TEXT("f() argument 'B' size 0: expected 8, which is K (argument 'A' "
              "size 1), found 4",
              with({6, 8}, {4, 13}, 3, 2));
  EXPECT_TEXT("f() argument 'B' size 1: expected 13, which is M * 2 + 1, found "
              "12",
              with({6, 8}, {8, 12}, 3, 2));
  EXPECT_TEXT("f() argument 'C' size 0: cannot compute M floordiv n: expected "
              "divisors of at least 1 and results of 64 bits",
              with({6, 8}, {8, 13}, 3, 0));
  EXPECT_TEXT("f() argument 'B' size 1: cannot compute M * 2 + 1: expected "
              "divisors of at least 1 and results of 64 bits",
              with({INT64_MAX, 8}, {8, 13}, 3, 2));
  EXPECT_TEXT("f() argument 'B': expected dtype float16, which is T (argument "
              "'A'), found float32",
              with({6, 8}, {8, 13}, 3, 2, kF32));
}

/// Scalars bind before sizes and sizes before strides; each operator counts; a
/// symbol that only an expression names is left to the host code.
static void testOrder(Fixture &fixture) {
  FunctionSignature f = fixture.sign(R"mlir(
    %a: memref<?xf32, strided<[?]>> {tile.name = "A",
      tile.annotation = #tile.strided_tensor<[N], strides [M], f32>},
    %b: memref<?xf32> {tile.name = "B",
                       tile.annotation = #tile.tensor<[M], f32>},
    %n: i64 {tile.name = "n", tile.annotation = #tile.dyn<"N", i64>},
    %x: f32 {tile.name = "x", tile.annotation = #tile.dyn<"M", f32>})mlir");
  auto with = [&](int64_t size, int64_t stride, int64_t b, int64_t n) {
    return call(f, {fixture.tensor(kF32, {size}, {stride}),
                    fixture.tensor(kF32, {b}), integer(n), 0.5});
  };
  EXPECT_TEXT("", with(4, 2, 2, 4));
  EXPECT_TEXT("f() argument 'A' size 0: expected 5, which is N (argument 'n'), "
              "found 4",
              with(4, 2, 2, 5));
  EXPECT_TEXT("f() argument 'A' stride 0: expected 3, which is M (argument 'B' "
              "size 0), found 2",
              with(4, 2, 3, 4));
  FunctionSignature twice = fixture.sign(R"mlir(
    %a: i32 {tile.annotation = #tile.dyn<"n", i32>},
    %b: i32 {tile.annotation = #tile.dyn<"n", i32>})mlir");
  EXPECT_TEXT("f() argument 'arg1': expected 3, which is n (argument 'arg0'), "
              "found 4",
              call(twice, {integer(3), integer(4)}));
  FunctionSignature operators = fixture.sign(R"mlir(
    %n: i64 {tile.annotation = #tile.dyn<"N", i64>},
    %a: memref<?x?x?xf32> {tile.annotation = #tile.tensor<
      [N ceildiv 4, N mod 4, (N + 1) * (N - 1)], f32>},
    %b: memref<?xf32> {tile.annotation = #tile.tensor<[L * 3], f32>})mlir");
  CallArgument b = fixture.tensor(kF32, {4});
  EXPECT_TEXT(
      "", call(operators, {integer(6), fixture.tensor(kF32, {2, 2, 35}), b}));
  EXPECT_TEXT(
      "f() argument 'arg1' size 0: expected 2, which is N ceildiv 4, "
      "found 1",
      call(operators, {integer(6), fixture.tensor(kF32, {1, 2, 35}), b}));
}

static void testAbsent(Fixture &fixture) {
  CallOptions allow;
  allow.allowAbsent = true;
  FunctionSignature tensor = signTensor(fixture, "tensor", "[M, 4], f16");
  EXPECT_TEXT("f() argument 'A': expected a tensor, found none",
              call(tensor, {none()}));
  EXPECT_TEXT("", call(tensor, {none()}, {}, allow));
  EXPECT_TEXT("", call(signTensor(fixture, "ptr", "f16"), {none()}, {}, allow));
  EXPECT_TEXT("f() argument 'A': expected a tensor, since the kernel is "
              "compiled for its size, strides or dtype, found none",
              call(signTensor(fixture, "tensor", "[static], f16"), {none()}, {},
                   allow));
  // A symbol binds to what is there.
  FunctionSignature two = fixture.sign(R"mlir(
    %a: memref<?xf16> {tile.annotation = #tile.tensor<[M], f16>,
                       tile.name = "A", tile.default},
    %b: memref<?xf16> {tile.annotation = #tile.tensor<[M], f16>,
                       tile.name = "B"},
    %c: memref<?xf16> {tile.annotation = #tile.tensor<[M * 2], f16>,
                       tile.name = "C", tile.default},
    %d: memref<?xf16> {tile.annotation = #tile.tensor<[M], f16>,
                       tile.name = "D"})mlir");
  EXPECT_TEXT("f() argument 'D' size 0: expected 4, which is M (argument 'B' "
              "size 0), found 5",
              call(two, {},
                   {{"B", fixture.tensor(kF16, {4})},
                    {"D", fixture.tensor(kF16, {5})}}));
}

static void testDevices(Fixture &fixture) {
  CallOptions options;
  options.device = Device{Device::CUDA, 1};
  FunctionSignature tensor = signTensor(fixture, "tensor", "[M], f16");
  CallArgument argument = fixture.tensor(kF16, {4});
  EXPECT_TEXT("f() argument 'A': expected a tensor on cuda:1, found one on cpu",
              call(tensor, {argument}, {}, options));
  std::get<TensorView>(argument).device = {Device::CUDA, 1};
  EXPECT_TEXT("", call(tensor, {argument}, {}, options));
  std::get<TensorView>(argument).device = {10, 0};
  EXPECT_TEXT("f() argument 'A': expected a tensor on cuda:1, found one on "
              "device type 10:0",
              call(tensor, {argument}, {}, options));
}

static void testScalars(Fixture &fixture) {
  auto check = [&](StringRef annotation, CallArgument argument) {
    return call(signScalar(fixture, annotation), {argument});
  };
  EXPECT_TEXT("", check("i8", integer(-128)));
  EXPECT_TEXT("f() argument 'x': expected -128 to 127 for i8, found 128",
              check("i8", integer(128)));
  EXPECT_TEXT("f() argument 'x': expected 0 to 255 for ui8, found -1",
              check("ui8", integer(-1)));
  EXPECT_TEXT("", check("ui64", integer(INT64_MAX)));
  EXPECT_TEXT("", check("index", integer(INT64_MIN)));
  EXPECT_TEXT("f() argument 'x': expected an integer, found true",
              check("#tile.dyn<\"n\", i32>", true));
  EXPECT_TEXT("f() argument 'x': expected an integer, found 1.5",
              check("#tile.value<index>", 1.5));
  EXPECT_TEXT("f() argument 'x': expected an integer, found none",
              check("#tile.value<index>", none()));
  EXPECT_TEXT("f() argument 'x': expected true or false, found 1",
              check("i1", integer(1)));
  EXPECT_TEXT("", check("i1", false));
  // A flag is a name, but no size.
  EXPECT_TEXT("", check("#tile.dyn<\"flag\", i1>", true));
  EXPECT_TEXT("", check("f16", integer(2048)));
  EXPECT_TEXT("", check("f16", std::numeric_limits<double>::infinity()));
  EXPECT_TEXT("", check("f16", std::nan("")));
  EXPECT_TEXT("f() argument 'x': expected a number in the range of f16, found "
              "65520",
              check("f16", 65520.0));
  EXPECT_TEXT("f() argument 'x': expected a number in the range of f16, found "
              "70000",
              check("f16", integer(70000)));
  EXPECT_TEXT("f() argument 'x': expected a number, found true",
              check("f32", true));
  EXPECT_TEXT("f() argument 'x': expected a number, found 'one'",
              check("f32", StringRef("one")));
}

/// A value that is fixed, to 0 or false too, is no other.
static void testFixed(Fixture &fixture) {
  auto check = [&](StringRef annotation, CallArgument argument) {
    return call(signScalar(fixture, annotation), {argument});
  };
  EXPECT_TEXT("", check("#tile.value<index, 0 : index>", integer(0)));
  EXPECT_TEXT("f() argument 'x': expected 0, found 4",
              check("#tile.value<index, 0 : index>", integer(4)));
  EXPECT_TEXT("f() argument 'x': expected false, found true",
              check("#tile.value<i1, false>", true));
  EXPECT_TEXT("", check("#tile.value<f32, 2.0 : f32>", integer(2)));
  EXPECT_TEXT("f() argument 'x': expected 2, found 2.5",
              check("#tile.value<f32, 2.0 : f32>", 2.5));
  EXPECT_TEXT("", check("#tile.dtype<i32>", kU32));
  EXPECT_TEXT("f() argument 'x': expected dtype float16, found float32",
              check("#tile.dtype<f16>", kF32));
  EXPECT_TEXT("f() argument 'x': unsupported dtype handle",
              check("#tile.dtype<static>", DType{DType::Handle, 64}));
  EXPECT_TEXT("f() argument 'x': expected a dtype, found 4",
              check("#tile.dtype<static>", integer(4)));
}

/// The wrong kind of value, told by what it is.
static void testKinds(Fixture &fixture) {
  FunctionSignature tensor = signTensor(fixture, "tensor", "[M], f16");
  auto check = [&](CallArgument argument) { return call(tensor, {argument}); };
  EXPECT_TEXT("f() argument 'A': expected a tensor, found 4",
              check(integer(4)));
  EXPECT_TEXT("f() argument 'A': expected a tensor, found dtype float32",
              check(kF32));
  EXPECT_TEXT("f() argument 'A': expected a tensor, found a value of type "
              "'list'",
              check(FrozenValue{"list", "x"}));
  FunctionSignature pointer = signTensor(fixture, "ptr", "f16");
  EXPECT_TEXT("", call(pointer, {integer(4096)}));
  EXPECT_TEXT("", call(pointer, {fixture.tensor(kF32, {2, 3}, {1, 2})}));
  EXPECT_TEXT("f() argument 'A': expected a tensor or an address, found true",
              call(pointer, {true}));
  EXPECT_TEXT("f() argument 'x': expected a number, found a float16 tensor of "
              "rank 0",
              call(signScalar(fixture, "f32"), {fixture.tensor(kF16, {})}));
}

/// Every type of elements that DLPack and the IR both have.
static void testTypes(Fixture &fixture) {
  for (StringRef text : {"i1",
                         "i8",
                         "i16",
                         "i32",
                         "i64",
                         "ui8",
                         "si8",
                         "f16",
                         "bf16",
                         "f32",
                         "f64",
                         "f8E3M4",
                         "f8E4M3",
                         "f8E4M3B11FNUZ",
                         "f8E4M3FN",
                         "f8E4M3FNUZ",
                         "f8E5M2",
                         "f8E5M2FNUZ",
                         "f8E8M0FNU",
                         "f6E2M3FN",
                         "f6E3M2FN",
                         "f4E2M1FN",
                         "complex<f32>",
                         "complex<f64>",
                         "vector<4xf16>",
                         "vector<2xi8>"}) {
    Type type = cast<TypeAttr>(fixture.attribute(text)).getValue();
    std::optional<DType> dtype = getDType(type);
    EXPECT(dtype && isSupported(*dtype));
    Type back = getType(&fixture.context, *dtype);
    auto integer = dyn_cast<IntegerType>(type);
    EXPECT(integer ? back.isInteger(integer.getWidth()) : back == type);
  }
  for (DType dtype :
       {DType{DType::Int, 0}, DType{DType::Int, 128}, DType{DType::Float, 80},
        DType{DType::BFloat, 8}, DType{DType::Float8E5M2, 16},
        DType{DType::Int, 8, 0}, DType{DType::Complex, 64, 2}}) {
    EXPECT(!isSupported(dtype));
    EXPECT(!getType(&fixture.context, dtype));
  }
  EXPECT_TEXT("bool", toText(DType{DType::Bool, 8}));
  EXPECT_TEXT("complex64", toText(DType{DType::Complex, 64}));
  EXPECT_TEXT("float8_e4m3fnx4", toText(DType{DType::Float8E4M3FN, 8, 4}));
}

/// Whether a call fails with an error of the kind.
static bool failsWith(const FunctionSignature &signature,
                      ArrayRef<CallArgument> arguments, CallError::Kind kind) {
  BoundArguments bound;
  bool isKind = false;
  llvm::handleAllErrors(
      signature.bind(arguments, {}, {}, bound),
      [&](const CallError &error) { isKind = error.getKind() == kind; });
  return isKind;
}

static void testErrorKinds(Fixture &fixture) {
  using Kind = CallError::Kind;
  FunctionSignature tensor = signTensor(fixture, "tensor", "[4], f16");
  EXPECT(failsWith(tensor, {}, Kind::Placement));
  EXPECT(failsWith(tensor, {integer(4)}, Kind::Type));
  EXPECT(failsWith(tensor, {none()}, Kind::Type));
  EXPECT(failsWith(tensor, {fixture.tensor(kF32, {4})}, Kind::ElementType));
  EXPECT(failsWith(tensor, {fixture.tensor(kF16, {5})}, Kind::Shape));
  EXPECT(failsWith(tensor, {fixture.tensor(kF16, {4}, {2})}, Kind::Shape));
  FunctionSignature scalar = signScalar(fixture, "#tile.value<i8, 4 : i8>");
  EXPECT(failsWith(scalar, {integer(128)}, Kind::Value));
  EXPECT(failsWith(scalar, {integer(5)}, Kind::Value));
}

void test::testChecks() {
  Fixture fixture;
  testShapes(fixture);
  testDTypes(fixture);
  testStrides(fixture);
  testSymbols(fixture);
  testOrder(fixture);
  testAbsent(fixture);
  testDevices(fixture);
  testScalars(fixture);
  testFixed(fixture);
  testKinds(fixture);
  testTypes(fixture);
  testErrorKinds(fixture);
}

//===- KeyTest.cpp - what makes another kernel ------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <random>

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::test;

static FunctionSignature sign(Fixture &fixture, StringRef annotation) {
  ParameterSpec spec = {"x", fixture.attribute(annotation), {}};
  return cantFail(FunctionSignature::create("f", spec));
}

/// What is known at run time makes no other kernel.
static void testDynamic(Fixture &fixture) {
  FunctionSignature tensor = sign(fixture, "#tile.tensor<[M, N], f16>");
  EXPECT(key(tensor, {fixture.tensor(kF16, {3, 4})}) ==
         key(tensor, {fixture.tensor(kF16, {5, 6}, {6, 1})}));
  FunctionSignature strided =
      sign(fixture, "#tile.strided_tensor<[M, N], strides [S, T], f16>");
  EXPECT(key(strided, {fixture.tensor(kF16, {3, 4})}) ==
         key(strided, {fixture.tensor(kF16, {5, 6}, {1, 5})}));
  FunctionSignature buffer = sign(fixture, "#tile.buffer<[M], f16>");
  EXPECT(key(buffer, {fixture.tensor(kF16, {3})}) ==
         key(buffer, {fixture.tensor(kF16, {4}, {2})}));
  FunctionSignature dyn = sign(fixture, "#tile.dyn<\"n\", i32>");
  EXPECT(key(dyn, {integer(1)}) == key(dyn, {integer(2)}));
  FunctionSignature pointer = sign(fixture, "#tile.ptr<f16>");
  EXPECT(key(pointer, {integer(64)}) ==
         key(pointer, {fixture.tensor(kF32, {4})}));
  FunctionSignature plain = sign(fixture, "memref<?xf16>");
  EXPECT(key(plain, {fixture.tensor(kF16, {3})}) ==
         key(plain, {fixture.tensor(kF16, {4})}));
  // Where a tensor is and whether it is there is not known either.
  CallArgument moved = fixture.tensor(kF16, {3, 4});
  std::get<TensorView>(moved).device = {Device::CUDA, 3};
  std::get<TensorView>(moved).data = &moved;
  EXPECT(key(tensor, {moved}) == key(tensor, {fixture.tensor(kF16, {3, 4})}));
}

/// What is open at compile time does.
static void testOpen(Fixture &fixture) {
  auto differ = [&](StringRef annotation, const CallArgument &lhs,
                    const CallArgument &rhs) {
    FunctionSignature signature = sign(fixture, annotation);
    return key(signature, {lhs}) != key(signature, {rhs});
  };
  CallArgument tensor = fixture.tensor(kF16, {3, 4});
  EXPECT(differ("#tile.tensor<[M, static], f16>", tensor,
                fixture.tensor(kF16, {3, 5})));
  EXPECT(!differ("#tile.tensor<[M, static K], f16>", tensor,
                 fixture.tensor(kF16, {2, 4})));
  EXPECT(differ("#tile.tensor<[M, N], static>", tensor,
                fixture.tensor(kBF16, {3, 4})));
  EXPECT(differ("#tile.tensor<[M, N], static>", fixture.tensor(kI32, {3, 4}),
                fixture.tensor(kU32, {3, 4})));
  EXPECT(differ("#tile.tensor<*, f16>", tensor, fixture.tensor(kF16, {12})));
  EXPECT(differ("#tile.tensor<*, f16>", tensor, fixture.tensor(kF16, {4, 3})));
  EXPECT(!differ("#tile.tensor<*, f16>", tensor,
                 fixture.tensor(kF16, {3, 4}, {4, 1})));
  EXPECT(differ("#tile.strided_tensor<*, strides [], f16>", tensor,
                fixture.tensor(kF16, {3, 4}, {8, 1})));
  EXPECT(!differ("#tile.buffer<*, f16>", tensor,
                 fixture.tensor(kF16, {3, 4}, {8, 1})));
  EXPECT(differ("#tile.strided_tensor<[M, N], strides [static, 1], f16>",
                tensor, fixture.tensor(kF16, {3, 4}, {8, 1})));
  EXPECT(!differ("#tile.strided_tensor<[M, N], strides [static, 1], f16>",
                 tensor, fixture.tensor(kF16, {3, 4}, {4, 1})));
  EXPECT(differ("#tile.value<index>", integer(0), integer(1)));
  EXPECT(differ("#tile.dtype<static>", kF16, kBF16));
  EXPECT(differ("#tile.value<f32>", 0.5, 0.25));
  EXPECT(!differ("#tile.value<f32>", integer(1), 1.0));
}

/// A value of any kind has its kind in the key: true, 1, 1.0 and '1' differ.
static void testKinds(Fixture &fixture) {
  ParameterSpec spec = {"x", Attribute(), {}};
  FunctionSignature any = cantFail(FunctionSignature::create("f", spec));
  SmallVector<CallArgument> values = {none(),
                                      false,
                                      true,
                                      integer(0),
                                      integer(1),
                                      0.0,
                                      -0.0,
                                      1.0,
                                      StringRef(""),
                                      StringRef("1"),
                                      kF16,
                                      kBF16,
                                      FrozenValue{"tuple", ""},
                                      FrozenValue{"tuple", "1"},
                                      FrozenValue{"tuple1", ""},
                                      FrozenValue{"list", ""}};
  llvm::StringMap<size_t> seen;
  for (auto [index, value] : llvm::enumerate(values)) {
    auto [it, isNew] = seen.insert({key(any, {value}), index});
    EXPECT_TEXT(toText(value),
                isNew ? toText(value) : toText(values[it->second]));
  }
}

/// Defaults are applied, and the way an argument comes makes no difference.
static void testCalls(Fixture &fixture) {
  FunctionSignature f = fixture.sign(R"mlir(
    %a: index {tile.name = "a", tile.annotation = #tile.value<index>},
    %b: index {tile.name = "b", tile.annotation = #tile.value<index>,
               tile.default = 64 : index})mlir");
  std::string expected = key(f, {integer(1)});
  EXPECT_TEXT(expected, key(f, {integer(1), integer(64)}));
  EXPECT_TEXT(expected, key(f, {integer(1)}, {{"b", integer(64)}}));
  EXPECT_TEXT(expected, key(f, {}, {{"b", integer(64)}, {"a", integer(1)}}));
  EXPECT(expected != key(f, {integer(64)}, {{"b", integer(1)}}));
}

namespace {
/// Random calls of a signature in which everything is open, with what of their
/// arguments has to be in a key, as text.
class Fuzzer {
public:
  explicit Fuzzer(Fixture &fixture) : fixture(fixture) {}

  std::pair<SmallVector<CallArgument>, std::string> next() {
    SmallVector<CallArgument> arguments;
    std::string parts;
    auto addTensor = [&](unsigned rank, bool isWhole) {
      DType dtype = pick<DType>({kF16, kBF16, kI32, kU32});
      SmallVector<int64_t> shape;
      for (unsigned dim = 0; dim < rank; ++dim)
        shape.push_back(pick<int64_t>({0, 1, 2, 256}));
      arguments.push_back(fixture.tensor(dtype, shape));
      parts += toText(dtype) + ":";
      for (auto [dim, size] : llvm::enumerate(shape))
        if (isWhole || dim == 1)
          parts += std::to_string(size) + "x";
      parts += ";";
    };
    addTensor(2, /*isWhole=*/false);
    addTensor(pick<unsigned>({0, 1, 2, 3}), /*isWhole=*/true);
    StringRef text = pick<StringRef>({"", "a", "ab", StringRef("\0", 1)});
    arguments.push_back(
        pick<CallArgument>({true, integer(1), text, FrozenValue{"t", text},
                            FrozenValue{text, "t"}, none(), 1.0}));
    parts +=
        std::to_string(arguments.back().index()) + toText(arguments.back());
    if (auto *frozen = std::get_if<FrozenValue>(&arguments.back()))
      parts += llvm::toHex(frozen->bytes);
    return {std::move(arguments), std::move(parts)};
  }

private:
  template <typename T>
  T pick(std::initializer_list<T> values) {
    return values.begin()[random() % values.size()];
  }

  Fixture &fixture;
  std::mt19937 random{7};
};
} // namespace

/// Two calls have one key exactly when they have the same parts.
static void testFuzzed(Fixture &fixture) {
  SmallVector<ParameterSpec> specs(3);
  specs[0] = {"a", fixture.attribute("#tile.tensor<[M, static], static>"), {}};
  specs[1] = {"b", fixture.attribute("#tile.tensor<*, static>"), {}};
  specs[2] = {"c", Attribute(), {}};
  FunctionSignature f = cantFail(FunctionSignature::create("f", specs));
  Fuzzer fuzzer(fixture);
  std::map<std::string, std::string> partsOfKey, keyOfParts;
  std::map<uint64_t, std::string> keyOfHash;
  unsigned repeated = 0;
  for (unsigned i = 0; i < 20000; ++i) {
    auto [arguments, parts] = fuzzer.next();
    BoundArguments bound;
    cantFail(f.bind(arguments, {}, {}, bound));
    SmallVector<char> bytes;
    uint64_t hash = f.getKey(bound, bytes);
    std::string found(bytes.begin(), bytes.end());
    auto [known, isNew] = partsOfKey.insert({found, parts});
    repeated += !isNew;
    EXPECT_TEXT(known->second, parts);
    EXPECT(keyOfParts.insert({parts, found}).first->second == found);
    EXPECT(keyOfHash.insert({hash, found}).first->second == found);
  }
  EXPECT(repeated > 1000 && partsOfKey.size() > 1000);
}

void test::testKeys() {
  Fixture fixture;
  testDynamic(fixture);
  testOpen(fixture);
  testKinds(fixture);
  testCalls(fixture);
  testFuzzed(fixture);
}

void test::printKeys() {
  Fixture fixture;
  SmallVector<ParameterSpec> specs(6);
  specs[0] = {
      "a", fixture.attribute("#tile.tensor<[M, static K], static T>"), {}};
  specs[1] = {"b",
              fixture.attribute("#tile.strided_tensor<[M], strides "
                                "[static], f32>"),
              {}};
  specs[2] = {"c", fixture.attribute("#tile.tensor<*, f32>"), {}};
  specs[3] = {"block", fixture.attribute("#tile.value<index>"),
              CallArgument(integer(64))};
  specs[4] = {"dtype", fixture.attribute("#tile.dtype<static>"), {}};
  specs[5] = {"any", Attribute(), CallArgument(none())};
  FunctionSignature f = cantFail(FunctionSignature::create("f", specs));
  SmallVector<CallArgument> tensors = {fixture.tensor(kF16, {3, 128}),
                                       fixture.tensor(kF32, {3}, {2}),
                                       fixture.tensor(kF32, {4, 5})};
  for (const CallArgument &value :
       {none(), CallArgument(true), integer(-2), CallArgument(0.1),
        CallArgument(StringRef("relu")), CallArgument(kBF16),
        CallArgument(FrozenValue{"tuple", "\x01\x02"})}) {
    SmallVector<KeywordArgument> keywords = {{"dtype", kBF16}, {"any", value}};
    BoundArguments bound;
    cantFail(f.bind(tensors, keywords, {}, bound));
    SmallVector<char> bytes;
    uint64_t hash = f.getKey(bound, bytes);
    llvm::outs() << llvm::toHex(StringRef(bytes.data(), bytes.size()), true)
                 << " " << llvm::format_hex(hash, 18) << "\n";
  }
}

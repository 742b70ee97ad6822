//===- ArgumentTexts.cpp - Arguments as text --------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A buffer is the name of a .npy file, or one of `empty`, `zeros` and `random`
// with a shape ("zeros:4x8", "random:4x8:7"). The shape may be left out when
// the buffer's type fixes it.
//
//===----------------------------------------------------------------------===//

#include "ArgumentTexts.h"

#include "tile/Support/Error.h"

#include "mlir/Support/DebugStringHelper.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// Random contents
//===----------------------------------------------------------------------===//

namespace {
/// The same numbers on every machine for one seed (the SplitMix64 sequence).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// Uniform in (0, 1].
  double uniform() { return ((next() >> 11) + 1) * 0x1p-53; }
  /// Normal with mean 0 and deviation 1; each pair of uniforms gives two.
  double normal() {
    if (haveSpare) {
      haveSpare = false;
      return spare;
    }
    double radius = std::sqrt(-2 * std::log(uniform()));
    double angle = 2 * llvm::numbers::pi * uniform();
    spare = radius * std::sin(angle);
    haveSpare = true;
    return radius * std::cos(angle);
  }

private:
  uint64_t state;
  double spare = 0;
  bool haveSpare = false;
};
} // namespace

static void fillRandom(NpyArray &array, Type elementType, uint64_t seed) {
  Random random(seed);
  size_t bytes = array.type.bytes, count = array.sizeInBytes() / bytes;
  char *data = array.begin();
  auto floatType = dyn_cast<FloatType>(elementType);
  for (size_t i = 0; i < count; ++i, data += bytes) {
    uint64_t bits;
    if (floatType)
      bits = convertFloat(floatType, random.normal());
    else if (elementType.isInteger(1))
      bits = random.next() >> 63;
    else
      bits = static_cast<int64_t>((random.next() >> 32) % 9) - 4;
    std::memcpy(data, &bits, bytes);
  }
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// Parses "4x8"; an empty text stands for the type's own fixed shape.
static Expected<SmallVector<int64_t>> parseShape(MemRefType type,
                                                 StringRef text) {
  SmallVector<int64_t> shape;
  if (text.empty()) {
    if (!type.hasStaticShape())
      return makeError("expected a shape for " + debugString(type) +
                       ", as in zeros:4x8");
    llvm::append_range(shape, type.getShape());
    return shape;
  }
  SmallVector<StringRef> parts;
  text.split(parts, 'x');
  for (StringRef part : parts) {
    int64_t size;
    if (!llvm::all_of(part, llvm::isDigit) || part.getAsInteger(10, size))
      return makeError("expected a shape such as 4x8, got '" + text + "'");
    shape.push_back(size);
  }
  return shape;
}

static bool isGenerator(StringRef kind) {
  return kind == "empty" || kind == "zeros" || kind == "random";
}

static Expected<NpyArray> generate(MemRefType type, StringRef text,
                                   unsigned index) {
  auto [kind, rest] = text.split(':');
  auto [shapeText, seedText] = rest.split(':');
  uint64_t seed = index; // so that two arguments differ
  bool seeded = rest.contains(':');
  if (seeded && kind != "random")
    return makeError("expected " + kind + ":SHAPE, got '" + text + "'");
  if (seeded && seedText.getAsInteger(10, seed))
    return makeError("expected an integer as seed, got '" + seedText + "'");
  auto shape = parseShape(type, shapeText);
  if (!shape)
    return shape.takeError();
  NpyType element = getNpyTypes(type.getElementType()).front();
  auto array = NpyArray::create(element, *shape);
  if (!array)
    return array;
  if (Error error = checkArray(type, *array))
    return error;
  if (kind == "random")
    fillRandom(*array, type.getElementType(), seed);
  else if (array->sizeInBytes())
    std::memset(array->begin(), kind == "zeros" ? 0 : 0xff,
                array->sizeInBytes());
  return array;
}

static Expected<NpyArray> parseBuffer(MemRefType type, StringRef text,
                                      unsigned index) {
  if (isGenerator(text.split(':').first))
    return generate(type, text, index);
  if (!text.ends_with(".npy") && !llvm::sys::fs::exists(text))
    return makeError("expected a .npy file, empty, zeros or random for " +
                     debugString(type) + ", got '" + text + "'");
  auto array = readNpy(text);
  if (!array)
    return array;
  if (Error error = checkArray(type, *array))
    return makeError("'" + text + "': " + toString(std::move(error)));
  return array;
}

Expected<std::vector<ArgumentValue>>
mlir::tile::parseArguments(func::FuncOp entry, ArrayRef<std::string> texts) {
  if (texts.size() != entry.getNumArguments()) {
    std::string types;
    llvm::raw_string_ostream os(types);
    llvm::interleaveComma(entry.getArgumentTypes(), os);
    return makeError("expected " + Twine(entry.getNumArguments()) +
                     " arguments for '" + entry.getName() + "' (" + types +
                     "), got " + Twine(texts.size()));
  }
  std::vector<ArgumentValue> values;
  for (auto [index, type, text] :
       llvm::enumerate(entry.getArgumentTypes(), texts)) {
    auto fail = [&, index = index](Error error) {
      return makeError("argument " + Twine(index) + ": " +
                       toString(std::move(error)));
    };
    if (auto memref = dyn_cast<MemRefType>(type)) {
      auto array = parseBuffer(memref, text, index);
      if (!array)
        return fail(array.takeError());
      values.emplace_back(std::move(*array));
      continue;
    }
    auto bits = parseScalar(type, text);
    if (!bits)
      return fail(bits.takeError());
    values.emplace_back(*bits);
  }
  return values;
}

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
// the buffer's type fixes it. `none` is a buffer that is absent.
//
//===----------------------------------------------------------------------===//

#include "ArgumentTexts.h"

#include "tile/Signature/FunctionSignature.h"
#include "tile/Support/Error.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
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
static Expected<SmallVector<int64_t>> parseShape(BaseMemRefType type,
                                                 StringRef text) {
  SmallVector<int64_t> shape;
  if (text.empty()) {
    if (!type.hasRank() || !type.hasStaticShape())
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

static Expected<NpyArray> generate(BaseMemRefType type, StringRef text,
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
  if (kind == "random")
    fillRandom(*array, type.getElementType(), seed);
  else if (array->sizeInBytes())
    std::memset(array->begin(), kind == "zeros" ? 0 : 0xff,
                array->sizeInBytes());
  return array;
}

static Expected<NpyArray> parseBuffer(BaseMemRefType type, StringRef text,
                                      unsigned index) {
  if (isGenerator(text.split(':').first))
    return generate(type, text, index);
  if (!text.ends_with(".npy") && !llvm::sys::fs::exists(text))
    return makeError("expected a .npy file, empty, zeros or random for " +
                     debugString(type) + ", got '" + text + "'");
  return readNpy(text);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

namespace {
/// Turns texts into arguments of one call, and keeps their arrays.
class CallReader {
public:
  CallReader(func::FuncOp entry, const FunctionSignature &signature)
      : entry(entry), signature(signature),
        arrays(signature.getNumParameters()) {}

  Error read(ArrayRef<std::string> texts);
  Expected<EntryCall> finish();

private:
  Expected<CallArgument> parse(unsigned index, StringRef text);
  Expected<CallArgument> parseArray(unsigned index, BaseMemRefType type,
                                    StringRef text);
  Expected<CallArgument> parseDType(StringRef text);
  Error fail(unsigned index, Error error);

  func::FuncOp entry;
  const FunctionSignature &signature;
  SmallVector<CallArgument> positional;
  SmallVector<KeywordArgument> keywords;
  std::vector<std::optional<NpyArray>> arrays;
};
} // namespace

Error CallReader::fail(unsigned index, Error error) {
  return makeError(entry.getName() + "() argument '" +
                   signature.getParameterNames()[index] +
                   "': " + toString(std::move(error)));
}

Expected<CallArgument>
CallReader::parseArray(unsigned index, BaseMemRefType type, StringRef text) {
  if (text == "none")
    return CallArgument(Absent());
  auto array = parseBuffer(type, text, index);
  if (!array)
    return array.takeError();
  auto dtype = getDType(type.getElementType(), array->type);
  if (!dtype)
    return makeError("'" + text + "': " + toString(dtype.takeError()));
  arrays[index] = std::move(*array);
  TensorView view;
  view.data = arrays[index]->begin();
  view.dtype = *dtype;
  view.rank = arrays[index]->shape.size();
  view.shape = arrays[index]->shape.data();
  return CallArgument(view);
}

Expected<CallArgument> CallReader::parseDType(StringRef text) {
  // What is no type is reported with the name of the argument.
  ScopedDiagnosticHandler quiet(entry.getContext(), [](Diagnostic &) {});
  Type type = parseType(text, entry.getContext());
  std::optional<DType> dtype = type ? getDType(type) : std::nullopt;
  if (!dtype)
    return makeError("expected an element type such as f16, got '" + text +
                     "'");
  return CallArgument(*dtype);
}

Expected<CallArgument> CallReader::parse(unsigned index, StringRef text) {
  Type type = entry.getArgumentTypes()[index];
  auto argument = isa<BaseMemRefType>(type)
                      ? parseArray(index, cast<BaseMemRefType>(type), text)
                  : isa<NoneType>(type) ? parseDType(text)
                                        : parseScalar(type, text);
  if (!argument)
    return fail(index, argument.takeError());
  return argument;
}

/// Whether a text is `name=value` and not the name of a file.
static bool isKeyword(StringRef text) {
  auto [name, value] = text.split('=');
  return text.contains('=') && !name.empty() &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; }) &&
         !llvm::sys::fs::exists(text);
}

Error CallReader::read(ArrayRef<std::string> texts) {
  ArrayRef<StringRef> names = signature.getParameterNames();
  for (StringRef text : texts) {
    StringRef name;
    size_t index = positional.size();
    if (isKeyword(text)) {
      std::tie(name, text) = text.split('=');
      index = llvm::find(names, name) - names.begin();
    }
    // What has no parameter is for the signature to refuse.
    CallArgument argument;
    if (index < names.size()) {
      auto parsed = parse(index, text);
      if (!parsed)
        return parsed.takeError();
      argument = *parsed;
    }
    if (name.empty())
      positional.push_back(argument);
    else
      keywords.push_back({name, argument});
  }
  return Error::success();
}

Expected<EntryCall> CallReader::finish() {
  // The host code knows which tensors it can do without.
  CallOptions options;
  options.allowAbsent = true;
  BoundArguments bound;
  if (Error error = signature.bind(positional, keywords, options, bound))
    return error;
  if (Error error = signature.specialize(entry, bound))
    return error;
  EntryCall call;
  call.valueOfArgument.resize(signature.getNumParameters());
  for (unsigned index : signature.getKernelParameters()) {
    call.valueOfArgument[index] = call.values.size();
    Type type = entry.getArgumentTypes()[index];
    auto buffer = dyn_cast<MemRefType>(type);
    if (!buffer)
      call.values.emplace_back(getScalarBits(type, bound[index]));
    else if (std::holds_alternative<Absent>(bound[index]))
      call.values.emplace_back(AbsentTensor{buffer.getRank()});
    else
      call.values.emplace_back(std::move(*arrays[index]));
  }
  return call;
}

Expected<EntryCall> mlir::tile::prepareCall(func::FuncOp entry,
                                            ArrayRef<std::string> texts) {
  auto signature = FunctionSignature::create(entry);
  if (!signature)
    return signature.takeError();
  CallReader reader(entry, *signature);
  if (Error error = reader.read(texts))
    return error;
  return reader.finish();
}

//===- Key.cpp - the key of a call ------------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A key is one byte for the version of its format, then what each open part of
// the annotations is, in the order of the parameters. Numbers are little-endian
// and of a fixed width, and whatever varies in length begins with it, so that
// for one signature no two keys read the same. A value begins with its kind:
// true and 1 differ.
//
//===----------------------------------------------------------------------===//

#include "SignaturePlan.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::detail;

static constexpr char kFormatVersion = 1;

namespace {
/// Appends to a key.
class KeyWriter {
public:
  explicit KeyWriter(SmallVectorImpl<char> &key) : key(key) {}

  template <typename T>
  void number(T value) {
    char bytes[sizeof(T)];
    llvm::support::endian::write<T, llvm::endianness::little>(bytes, value);
    key.append(bytes, bytes + sizeof(T));
  }
  void text(StringRef text) {
    number<uint64_t>(text.size());
    key.append(text.begin(), text.end());
  }
  void dtype(DType dtype) {
    number<uint8_t>(dtype.code);
    number<uint8_t>(dtype.bits);
    number<uint16_t>(dtype.lanes);
  }
  void value(const CallArgument &argument);
  void shape(const TensorView &tensor, bool hasStrides);

private:
  SmallVectorImpl<char> &key;
};
} // namespace

void KeyWriter::value(const CallArgument &argument) {
  number<uint8_t>(static_cast<uint8_t>(argument.index()));
  if (auto *flag = std::get_if<bool>(&argument))
    return number<uint8_t>(*flag);
  if (auto *integer = std::get_if<int64_t>(&argument))
    return number<int64_t>(*integer);
  if (auto *real = std::get_if<double>(&argument))
    return number<uint64_t>(llvm::bit_cast<uint64_t>(*real));
  if (auto *string = std::get_if<StringRef>(&argument))
    return text(*string);
  if (auto *type = std::get_if<DType>(&argument))
    return dtype(*type);
  if (auto *frozen = std::get_if<FrozenValue>(&argument)) {
    text(frozen->type);
    text(frozen->bytes);
  }
}

/// The whole shape, where not even the rank is known before.
void KeyWriter::shape(const TensorView &tensor, bool hasStrides) {
  number<uint32_t>(tensor.rank);
  for (int64_t size : tensor.getShape())
    number<int64_t>(size);
  if (!hasStrides)
    return;
  for (int64_t dim = 0; dim < tensor.rank; ++dim)
    number<int64_t>(tensor.getStride(dim));
}

/// Adds one contribution of an argument.
static void addPart(KeyWriter &writer, const Parameter &parameter,
                    const CallArgument &argument, KeyPart part) {
  switch (part.kind) {
  case KeyPart::Kind::Value:
    // The number 1 is 1.0 where a float is expected.
    if (parameter.scalar && parameter.scalar->kind == ScalarRule::Float)
      if (auto *integer = std::get_if<int64_t>(&argument))
        return writer.value(static_cast<double>(*integer));
    return writer.value(argument);
  case KeyPart::Kind::DType:
    return writer.dtype(std::get<DType>(argument));
  case KeyPart::Kind::ElementType:
    return writer.dtype(std::get<TensorView>(argument).dtype);
  case KeyPart::Kind::Size:
    return writer.number<int64_t>(
        std::get<TensorView>(argument).shape[part.dim]);
  case KeyPart::Kind::Stride:
    return writer.number<int64_t>(
        std::get<TensorView>(argument).getStride(part.dim));
  case KeyPart::Kind::Rank:
    return writer.shape(std::get<TensorView>(argument),
                        isa<StridedTensorAnnotationAttr>(parameter.annotation));
  }
  llvm_unreachable("unknown part of a key");
}

uint64_t FunctionSignature::getKey(const BoundArguments &bound,
                                   SmallVectorImpl<char> &key) const {
  key.clear();
  key.push_back(kFormatVersion);
  KeyWriter writer(key);
  for (const KeyStep &step : plan->keySteps)
    addPart(writer, plan->parameters[step.parameter], bound[step.parameter],
            step.part);
  return llvm::xxh3_64bits(StringRef(key.data(), key.size()));
}

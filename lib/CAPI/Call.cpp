//===- Call.cpp - arguments of a call from C -------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Call.h"

#include "mlir/CAPI/Support.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

static DType convert(TileDType dtype) {
  return {dtype.code, dtype.bits, dtype.lanes};
}

static TileStatus convertTensor(const TileTensor &tensor,
                                CallArgument &result) {
  if (tensor.rank < 0)
    return fail(TILE_INVALID_ARGUMENT,
                "expected a rank of at least 0, found " + Twine(tensor.rank));
  if (tensor.rank && !tensor.shape)
    return failNull("the shape of a tensor");
  for (int32_t dim = 0; dim < tensor.rank; ++dim)
    if (tensor.shape[dim] < 0)
      return fail(TILE_INVALID_ARGUMENT,
                  "expected a size of at least 0, found " +
                      Twine(tensor.shape[dim]));
  bool isEmpty = llvm::is_contained(
      ArrayRef(tensor.shape, static_cast<size_t>(tensor.rank)), 0);
  if (!tensor.data && !isEmpty)
    return failNull("the data of a tensor");
  result = TensorView{tensor.data,
                      convert(tensor.dtype),
                      {tensor.device.type, tensor.device.index},
                      tensor.rank,
                      tensor.shape,
                      tensor.strides};
  return succeed();
}

static TileStatus convert(const TileValue &value, CallArgument &result) {
  switch (value.kind) {
  case TILE_VALUE_ABSENT:
    result = Absent();
    return succeed();
  case TILE_VALUE_BOOL:
    result = value.as.boolean;
    return succeed();
  case TILE_VALUE_INT:
    result = value.as.integer;
    return succeed();
  case TILE_VALUE_FLOAT:
    result = value.as.number;
    return succeed();
  case TILE_VALUE_STRING:
    TILE_RETURN_IF_FAILED(checkText(value.as.string, "a text"));
    result = unwrap(value.as.string);
    return succeed();
  case TILE_VALUE_DTYPE:
    result = convert(value.as.dtype);
    return succeed();
  case TILE_VALUE_TENSOR:
    return convertTensor(value.as.tensor, result);
  case TILE_VALUE_FROZEN:
    TILE_RETURN_IF_FAILED(checkText(value.as.frozen.type, "a type's name"));
    TILE_RETURN_IF_FAILED(checkText(value.as.frozen.bytes, "bytes"));
    result = FrozenValue{unwrap(value.as.frozen.type),
                         unwrap(value.as.frozen.bytes)};
    return succeed();
  }
  return fail(TILE_INVALID_ARGUMENT, "expected a kind of value of 0 to 7, "
                                     "found " +
                                         Twine(static_cast<int>(value.kind)));
}

static TileStatus checkCall(const TileCall *call) {
  if (!call)
    return failNull("a call");
  if (call->numPositional < 0 || call->numKeywords < 0)
    return fail(TILE_INVALID_ARGUMENT,
                "expected at least 0 arguments, found " +
                    Twine(std::min(call->numPositional, call->numKeywords)));
  if ((call->numPositional && !call->positional) ||
      (call->numKeywords && !call->keywords))
    return failNull("arguments");
  return succeed();
}

TileStatus BoundCall::bind(const FunctionSignature &signature,
                           const TileCall *call, std::optional<Device> device) {
  TILE_RETURN_IF_FAILED(checkCall(call));
  positional.resize(call->numPositional);
  for (auto [index, value] : llvm::enumerate(positional))
    TILE_RETURN_IF_FAILED(convert(call->positional[index], value));
  keywords.resize(call->numKeywords);
  for (auto [index, keyword] : llvm::enumerate(keywords)) {
    const TileKeyword &given = call->keywords[index];
    TILE_RETURN_IF_FAILED(checkText(given.name, "the name of an argument"));
    keyword.name = unwrap(given.name);
    TILE_RETURN_IF_FAILED(convert(given.value, keyword.value));
  }
  CallOptions options;
  options.allowAbsent = call->allowAbsent;
  options.device = device;
  if (llvm::Error error = signature.bind(positional, keywords, options, bound))
    return fail(TILE_CALL_FAILED, toString(std::move(error)));
  return succeed();
}

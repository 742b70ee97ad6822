//===- Shuffle.cpp - values of other lanes of a warp ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Shuffle.h"

#include "tile/Layout/Warp.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

/// A value of 64 bits, in halves.
static Value shuffleHalves(OpBuilder &builder, Location loc, Value value,
                           Value offset, gpu::ShuffleMode mode) {
  auto one = VectorType::get({1}, value.getType());
  auto two = VectorType::get({2}, builder.getI32Type());
  value = vector::BroadcastOp::create(builder, loc, one, value);
  value = vector::BitCastOp::create(builder, loc, two, value);
  SmallVector<Value> halves;
  for (int64_t half : {0, 1})
    halves.push_back(tile::shuffle(
        builder, loc, vector::ExtractOp::create(builder, loc, value, half),
        offset, mode));
  value = vector::FromElementsOp::create(builder, loc, two, halves);
  value = vector::BitCastOp::create(builder, loc, one, value);
  return vector::ExtractOp::create(builder, loc, value, 0);
}

Value mlir::tile::shuffle(OpBuilder &builder, Location loc, Value value,
                          Value offset, gpu::ShuffleMode mode) {
  Type type = value.getType();
  if (type.isIndex()) {
    value =
        arith::IndexCastOp::create(builder, loc, builder.getI64Type(), value);
    value = shuffle(builder, loc, value, offset, mode);
    return arith::IndexCastOp::create(builder, loc, type, value);
  }
  unsigned bits = type.getIntOrFloatBitWidth();
  Type word = builder.getI32Type();
  if (bits < 32 && isa<FloatType>(type)) {
    Type integer = builder.getIntegerType(bits);
    value = arith::BitcastOp::create(builder, loc, integer, value);
    value = shuffle(builder, loc, value, offset, mode);
    return arith::BitcastOp::create(builder, loc, type, value);
  }
  if (bits < 32) {
    value = arith::ExtUIOp::create(builder, loc, word, value);
    value = shuffle(builder, loc, value, offset, mode);
    return arith::TruncIOp::create(builder, loc, type, value);
  }
  if (bits == 64)
    return shuffleHalves(builder, loc, value, offset, mode);
  Value width = arith::ConstantIntOp::create(builder, loc, word, kWarpSize);
  return gpu::ShuffleOp::create(builder, loc, value, offset, width, mode)
      .getShuffleResult();
}

Value mlir::tile::takeFromFirstLane(OpBuilder &builder, Location loc,
                                    Value number) {
  Type word = builder.getI32Type();
  Value first = arith::ConstantIntOp::create(builder, loc, word, 0);
  number = arith::IndexCastOp::create(builder, loc, word, number);
  number = shuffle(builder, loc, number, first, gpu::ShuffleMode::IDX);
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                    number);
}

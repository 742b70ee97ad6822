//===- TileSyncOps.cpp - synchronisation inside a block ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::tile;

LogicalResult NamedBarrierOp::verify() {
  if (getThreads() % 32 != 0)
    return emitOpError("expected a number of threads that is a multiple of "
                       "32, found ")
           << getThreads();
  std::optional<int64_t> id = getConstantIntValue(getId());
  if (id && (*id < 1 || *id > 15))
    return emitOpError("expected an id of 1 to 15, found ") << *id;
  return success();
}

LogicalResult SetMaxRegistersOp::verify() {
  if (getCount() % 8 != 0)
    return emitOpError("expected a number of registers that is a multiple of "
                       "8, found ")
           << getCount();
  return success();
}

LogicalResult MBarrierInitOp::verify() {
  return verifyIndices(*this, "barriers", getBarriers().getType(),
                       getIndices());
}

LogicalResult MBarrierArriveOp::verify() {
  if (getExpect() && getPer() != ArrivalKind::Block)
    return emitOpError("expected one arrival of the block where bytes are "
                       "announced, found one per ")
           << stringifyArrivalKind(getPer());
  return verifyIndices(*this, "barriers", getBarriers().getType(),
                       getIndices());
}

LogicalResult MBarrierArriveRemoteOp::verify() {
  return verifyIndices(*this, "barriers", getBarriers().getType(),
                       getIndices());
}

LogicalResult MBarrierWaitOp::verify() {
  if (std::optional<int64_t> parity = getConstantIntValue(getParity());
      parity && *parity != 0 && *parity != 1)
    return emitOpError("expected a parity of 0 or 1, found ") << *parity;
  return verifyIndices(*this, "barriers", getBarriers().getType(),
                       getIndices());
}

//===- ConsumerWork.h - what only computing warps do ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_CONSUMERWORK_H
#define TILE_DIALECT_TILE_ANALYSIS_CONSUMERWORK_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::tile {

/// Tells the operations of a launch that the warps which copy can leave out:
/// those that act on memory other than the state of a program (variables), and
/// what is done for these alone, such as the condition they stand under.
class ConsumerWork {
public:
  /// Whether `op` can be left out. What stands in pipelined loops cannot.
  bool contains(Operation *op);

private:
  bool compute(Operation *op);
  bool areUsers(Operation *op);

  llvm::DenseMap<Operation *, bool> known;
};

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_CONSUMERWORK_H

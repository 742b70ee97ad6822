//===- LoopIteration.h - what a loop computes, elsewhere --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_LOOPITERATION_H
#define TILE_CONVERSION_UTILS_LOOPITERATION_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::tile {

/// An iteration of a loop, seen from elsewhere: what its body computes without
/// touching memory can be computed again there.
class LoopIteration {
public:
  /// The first iteration, at a place before the loop.
  static LoopIteration first(scf::ForOp loop);
  /// The next iteration, at the end of the body.
  static LoopIteration next(scf::ForOp loop, OpBuilder &builder);

  /// What `value` is in the iteration, computed at the builder's position.
  Value get(OpBuilder &builder, Value value);

private:
  explicit LoopIteration(scf::ForOp loop) : loop(loop) {}

  scf::ForOp loop;
  IRMapping map;
};

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_LOOPITERATION_H

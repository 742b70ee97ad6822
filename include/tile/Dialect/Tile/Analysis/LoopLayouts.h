//===- LoopLayouts.h - fragments touched by iterations ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_ANALYSIS_LOOPLAYOUTS_H
#define TILE_DIALECT_TILE_ANALYSIS_LOOPLAYOUTS_H

#include "tile/Layout/ThreadValueLayout.h"

#include "mlir/IR/ValueRange.h"

namespace mlir::tile {

/// Stands for an index of a dimension of extent 1.
inline constexpr int64_t kUnitDim = -1;

/// For each index of an access to a buffer of `shape`, which induction variable
/// it is; kUnitDim where the buffer has one element. Nothing when some index is
/// something else or a variable is used twice.
std::optional<SmallVector<int64_t>>
getIndexDims(ArrayRef<int64_t> shape, ValueRange indices, ValueRange variables);

/// What a fragment's layout has to be so that each iteration of a loop with the
/// layout `loop` finds the element at its own indices in its thread; nothing
/// where the loop's coordinates do not split.
std::optional<ThreadValueLayout> getAccessLayout(const ThreadValueLayout &loop,
                                                 ArrayRef<int64_t> dims);

/// The value of `fragment` that each value of `loop` touches; nothing when an
/// iteration's element is not in its thread.
std::optional<Layout> getValueMap(const ThreadValueLayout &loop,
                                  const ThreadValueLayout &fragment,
                                  ArrayRef<int64_t> dims);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_ANALYSIS_LOOPLAYOUTS_H

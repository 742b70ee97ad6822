//===- Conversion.h - cost of another layout of a fragment ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_CONVERSION_H
#define TILE_LAYOUT_CONVERSION_H

#include "tile/Layout/ThreadValueLayout.h"

namespace mlir::tile {

/// How far elements have to go.
enum class ConversionKind {
  /// Every value stays where it is.
  None,
  /// Each thread has what it needs, in other registers.
  Registers,
  /// Each warp has what it needs.
  Shuffles,
  SharedMemory,
};

llvm::StringRef stringifyConversionKind(ConversionKind kind);

struct ConversionCost {
  /// The nearest way that is enough; a farther one may still cost less.
  ConversionKind kind;
  /// The shuffles that every thread takes part in where the elements stay in
  /// their warps, if the values of the result are made one after another.
  int64_t shuffles;
  /// The bytes that all threads write to and read from shared memory, if they
  /// go that way: each element is written once, and read wherever it is needed.
  int64_t sharedBytes;
};

/// The cost of a conversion between layouts of one shape for the same threads.
/// Each element of `to` has to be held in `from`.
llvm::Expected<ConversionCost> getConversionCost(const ThreadValueLayout &from,
                                                 const ThreadValueLayout &to,
                                                 int64_t elementBits);

} // namespace mlir::tile

#endif // TILE_LAYOUT_CONVERSION_H

//===- ArgumentTexts.h - Arguments as text ----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TOOLS_TILE_RUN_ARGUMENTTEXTS_H
#define TILE_TOOLS_TILE_RUN_ARGUMENTTEXTS_H

#include "tile/Execution/Arguments.h"

#include <optional>
#include <variant>

namespace mlir::tile {

/// A tensor that is not there.
struct AbsentTensor {
  int64_t rank;
};

/// What is passed at launch: a scalar's bits or an array.
using ArgumentValue = std::variant<uint64_t, NpyArray, AbsentTensor>;

/// A call of an entry function that has been compiled for its compile-time
/// arguments.
struct EntryCall {
  /// What is passed at launch, in order.
  std::vector<ArgumentValue> values;
  /// The value of each argument of the entry; nothing for one known at compile
  /// time.
  SmallVector<std::optional<unsigned>> valueOfArgument;
};

/// Takes texts, each a value or `name=value`, to the arguments of the entry,
/// and specialises it for those that are known at compile time. Errors name the
/// argument.
llvm::Expected<EntryCall> prepareCall(func::FuncOp entry,
                                      llvm::ArrayRef<std::string> texts);

} // namespace mlir::tile

#endif // TILE_TOOLS_TILE_RUN_ARGUMENTTEXTS_H

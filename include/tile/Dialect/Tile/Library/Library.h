//===- Library.h - the libraries built into the compiler --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_LIBRARY_LIBRARY_H
#define TILE_DIALECT_TILE_LIBRARY_LIBRARY_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace mlir::tile {

/// A library of tile IR that needs no file when the compiler runs.
struct BuiltinLibrary {
  /// What `tile.import` calls it.
  StringLiteral name;
  StringLiteral text;
};

/// All of them, ordered by name.
ArrayRef<BuiltinLibrary> getBuiltinLibraries();

/// The text of the library of this name; nothing when there is none.
std::optional<StringRef> getBuiltinLibrary(StringRef name);

} // namespace mlir::tile

#endif // TILE_DIALECT_TILE_LIBRARY_LIBRARY_H

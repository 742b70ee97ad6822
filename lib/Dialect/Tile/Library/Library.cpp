//===- Library.cpp - the libraries built into the compiler ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Library/Library.h"

using namespace mlir;
using namespace mlir::tile;

static constexpr BuiltinLibrary libraries[] = {
    {
        "tile/schedulers",
#include "schedulers.mlir.inc"
    },
};

ArrayRef<BuiltinLibrary> mlir::tile::getBuiltinLibraries() { return libraries; }

std::optional<StringRef> mlir::tile::getBuiltinLibrary(StringRef name) {
  for (const BuiltinLibrary &library : libraries)
    if (library.name == name)
      return library.text;
  return std::nullopt;
}

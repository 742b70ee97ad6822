//===- NpyHeader.h - The header of a .npy file ------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_SUPPORT_NPYHEADER_H
#define TILE_LIB_SUPPORT_NPYHEADER_H

#include "tile/Support/Npy.h"

namespace mlir::tile {

/// What the header's dictionary says.
struct NpyHeader {
  NpyType type;
  bool swapBytes = false;
  bool fortranOrder = false;
  llvm::SmallVector<int64_t> shape;
};

/// Parses the dictionary text. Errors do not name the file.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::StringRef text);

/// The bytes that precede the data, from the magic string to the padding.
std::string formatNpyHeader(NpyType type, llvm::ArrayRef<int64_t> shape);

} // namespace mlir::tile

#endif // TILE_LIB_SUPPORT_NPYHEADER_H

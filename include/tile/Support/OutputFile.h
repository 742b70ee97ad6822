//===- OutputFile.h - files that are written as a whole ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_SUPPORT_OUTPUTFILE_H
#define TILE_SUPPORT_OUTPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace mlir::tile {

/// Writes a file, or the standard output for "-". A regular file appears when
/// it is complete and keeps what it held after an error; what is none, such as
/// a device or a pipe, is written to. Symbolic links are followed.
llvm::Error writeOutputFile(llvm::StringRef path, llvm::StringRef contents,
                            bool isExecutable = false);

} // namespace mlir::tile

#endif // TILE_SUPPORT_OUTPUTFILE_H

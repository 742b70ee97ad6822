//===- CNames.h - Names that C and C++ can give -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_EXECUTION_CNAMES_H
#define TILE_LIB_EXECUTION_CNAMES_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::tile {

/// Fails for a name that no function of C can have, or that the C library has
/// given to something of its own.
llvm::Error checkFunctionName(StringRef name);

/// A name for a parameter, like `name`, that all versions of C and C++ accept
/// and that is not taken. It is then taken.
std::string makeParameterName(StringRef name, llvm::StringSet<> &taken);

} // namespace mlir::tile

#endif // TILE_LIB_EXECUTION_CNAMES_H

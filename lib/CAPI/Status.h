//===- Status.h - how the C functions fail ---------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CAPI_STATUS_H
#define TILE_LIB_CAPI_STATUS_H

#include "tile-c/Support.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

namespace mlir::tile::capi {

/// Forgets this thread's message.
TileStatus succeed();

/// Records this thread's message.
TileStatus fail(TileStatus status, const llvm::Twine &message);

/// TILE_INVALID_ARGUMENT for a handle or pointer that is null.
TileStatus failNull(llvm::StringRef what);

/// Checks an index into `count` things.
TileStatus checkIndex(intptr_t index, intptr_t count);

/// Checks that a text is at an address.
TileStatus checkText(MlirStringRef text, llvm::StringRef what);

/// Bytes that the caller frees; nothing on success is left to fail.
TileStatus giveBytes(llvm::StringRef content, TileBytes *bytes);

/// Takes the errors and notes that this thread reports in a context, while it
/// lives.
class ErrorCollector {
public:
  explicit ErrorCollector(MLIRContext *context);

  bool empty() const { return text.empty(); }
  /// Fails with what was reported.
  TileStatus fail(TileStatus status) const;
  /// Likewise for an error that may have been reported.
  TileStatus fail(TileStatus status, llvm::Error error) const;
  /// For getChecked: where attributes and types report what they refuse.
  llvm::function_ref<InFlightDiagnostic()> getEmitError() const {
    return emitError;
  }

private:
  std::string text;
  std::function<InFlightDiagnostic()> emitError;
  ScopedDiagnosticHandler handler;
};

} // namespace mlir::tile::capi

/// Returns from the function when `expr` is not a success.
#define TILE_RETURN_IF_FAILED(expr)                                            \
  if (TileStatus status = (expr))                                              \
  return status

#endif // TILE_LIB_CAPI_STATUS_H

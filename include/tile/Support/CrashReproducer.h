//===- CrashReproducer.h - keeps what a crash needs ------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_SUPPORT_CRASHREPRODUCER_H
#define TILE_SUPPORT_CRASHREPRODUCER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace mlir::tile {

/// Writes a tool's input to a file in the current folder when the process ends
/// by a signal that says that something is wrong in it (an abort, a wrong
/// address), and prints the command that repeats the failure. It must live as
/// long as the process.
class CrashReproducer {
public:
  /// `arguments` are those of main().
  explicit CrashReproducer(llvm::ArrayRef<const char *> arguments)
      : arguments(arguments) {}
  CrashReproducer(const CrashReproducer &) = delete;

  /// Begins to watch, or goes over to the next input. `name` is the input's
  /// name among the arguments, `-` for the standard input; the content must
  /// stay where it is.
  void watch(llvm::StringRef name, llvm::StringRef content);

private:
  static void handle(void *self);

  llvm::ArrayRef<const char *> arguments;
  /// All that is written is made beforehand: after a crash, nothing may be
  /// allocated.
  std::string path, message;
  llvm::StringRef content;
};

} // namespace mlir::tile

#endif // TILE_SUPPORT_CRASHREPRODUCER_H

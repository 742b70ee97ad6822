//===- Runner.h - One run of an executable ----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TOOLS_TILE_RUN_RUNNER_H
#define TILE_TOOLS_TILE_RUN_RUNNER_H

#include "ArgumentTexts.h"
#include "tile/Execution/Executable.h"

namespace mlir::tile {

/// Runs an executable on argument values, whose arrays stay as they were.
class Runner {
public:
  Runner(const Executable &executable, ExecutionTarget target,
         llvm::ArrayRef<ArgumentValue> values);
  ~Runner();

  /// Runs once from the values, and keeps the results.
  llvm::Error run();

  /// An array argument as `run` left it.
  llvm::Expected<NpyArray> getResult(size_t index) const;

  /// The median time of `repeats` runs in milliseconds, after one run that is
  /// not counted. Only the first starts from the argument values.
  llvm::Expected<double> time(unsigned repeats);

private:
  llvm::Error prepare();
  llvm::Expected<double> timeOnce();

  const Executable &executable;
  ExecutionTarget target;
  llvm::ArrayRef<ArgumentValue> values;
  PackedArguments packed;
  /// Where the arrays are while running; one of the two is used.
  std::vector<NpyArray> hostCopies;
  std::vector<void *> deviceCopies;
  void *start = nullptr, *end = nullptr; // events
};

} // namespace mlir::tile

#endif // TILE_TOOLS_TILE_RUN_RUNNER_H

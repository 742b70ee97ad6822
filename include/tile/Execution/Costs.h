//===- Costs.h - How much work a call of a kernel is ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the operations and the traffic of a call from the IR and the sizes of
// its arguments, without running it. Loops are entered as often as they run;
// where that depends on data, or on what a loop carries, it is not known, and
// the counts say so.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_EXECUTION_COSTS_H
#define TILE_EXECUTION_COSTS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace mlir::tile {

/// How a count stands to what really runs.
enum class CountKind { Exact, AtMost, Unknown };

/// What a call does.
struct KernelCosts {
  /// Floating-point operations: products, arithmetic and functions of single
  /// elements, reductions. Elements of a tile beyond a tensor's edge count.
  double flops = 0;
  /// Bytes between global memory and the blocks. A tile that two blocks read
  /// counts twice.
  double globalBytes = 0;
  CountKind kind = CountKind::Exact;
  /// The element type of the products, null without any.
  Type productType;
  /// For each argument of the function, whether it may be read and written.
  SmallVector<bool> read, written;
};

/// An argument of the call: the sizes of a tensor, or the bits of a scalar.
struct ArgumentSizes {
  SmallVector<int64_t> shape;
  int64_t scalar = 0;
};

/// Counts for `entry` of the module, which is not changed.
llvm::Expected<KernelCosts> countCosts(ModuleOp module, StringRef entry,
                                       ArrayRef<ArgumentSizes> arguments);

} // namespace mlir::tile

#endif // TILE_EXECUTION_COSTS_H

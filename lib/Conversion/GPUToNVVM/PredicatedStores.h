//===- PredicatedStores.h - stores under a condition ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_GPUTONVVM_PREDICATEDSTORES_H
#define TILE_LIB_CONVERSION_GPUTONVVM_PREDICATEDSTORES_H

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::tile {

/// Patterns for masked stores to global memory whose mask is one condition:
/// each becomes one instruction with a predicate.
void populatePredicatedStorePatterns(const LLVMTypeConverter &converter,
                                     RewritePatternSet &patterns,
                                     PatternBenefit benefit);

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_GPUTONVVM_PREDICATEDSTORES_H

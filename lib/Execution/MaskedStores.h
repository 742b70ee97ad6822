//===- MaskedStores.h - stores that LLVM gets wrong -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_EXECUTION_MASKEDSTORES_H
#define TILE_LIB_EXECUTION_MASKEDSTORES_H

namespace llvm {
class Module;
} // namespace llvm

namespace mlir::tile {

/// Makes plain stores of the masked ones whose mask has a single lane. LLVM 22
/// combines such a store with a truncation before it and then, on AVX-512,
/// writes all bytes of the wide element.
void expandMaskedStoresOfOneLane(llvm::Module &module);

} // namespace mlir::tile

#endif // TILE_LIB_EXECUTION_MASKEDSTORES_H

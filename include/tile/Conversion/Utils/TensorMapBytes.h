//===- TensorMapBytes.h - tensor maps as values of LLVM ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_TENSORMAPBYTES_H
#define TILE_CONVERSION_UTILS_TENSORMAPBYTES_H

#include "mlir/Dialect/LLVMIR/LLVMTypes.h"

namespace mlir::tile {

/// What the driver and the hardware want a map's address to be a multiple of.
inline constexpr int64_t kTensorMapAlignment = 64;

/// The type by which a launch passes a map of 128 bytes. Its name tells it from
/// other structures.
inline LLVM::LLVMStructType getTensorMapType(MLIRContext *context) {
  auto words = LLVM::LLVMArrayType::get(IntegerType::get(context, 64), 16);
  auto type = LLVM::LLVMStructType::getIdentified(context, "tile.tensor_map");
  [[maybe_unused]] LogicalResult isSame =
      type.setBody(words, /*isPacked=*/false);
  assert(succeeded(isSame) && "expected one definition of the structure");
  return type;
}

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_TENSORMAPBYTES_H

//===- MmaOperands.h - operands of matrix instructions ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_CONVERSION_TILETOGPU_MMAOPERANDS_H
#define TILE_LIB_CONVERSION_TILETOGPU_MMAOPERANDS_H

#include "ThreadExecutor.h"

#include "tile/Layout/Atoms.h"

namespace mlir::tile {

/// Reads the fragment of an operand, a register at a time, from shared memory
/// or from registers that hold it in this layout.
class MmaOperandReader {
public:
  /// `layout` is that of the operand as the product sees it, which sums along
  /// its dimension `sumDim`; `isTransposed` says that the buffer has its rows
  /// and columns the other way around.
  MmaOperandReader(ThreadExecutor &executor, Location loc, Value buffer,
                   const ThreadValueLayout &layout, bool isTransposed,
                   unsigned sumDim, bool roundsToTF32);

  /// Register number `number` of this thread: as many elements as have 32 bits
  /// (one of 64), those of values `number * packed` and following, in the type
  /// that mma.sync wants: vector<2xf16>, f64 or i32.
  Value get(OpBuilder &builder, int64_t number);

  /// The elements in a register.
  int64_t getNumPacked() const { return packed; }

  /// Gives register number `number` a value that was loaded before.
  void set(int64_t number, Value value) { registers[number] = value; }

private:
  Value load(OpBuilder &builder, int64_t number);
  Value loadElement(OpBuilder &builder, int64_t value);
  Value loadHeld(OpBuilder &builder, int64_t value);
  void loadMatrices(OpBuilder &builder, int64_t instruction);
  Value toRegister(OpBuilder &builder, Value elements);

  ThreadExecutor &executor;
  Location loc;
  Value buffer;
  /// As the buffer is stored.
  ThreadValueLayout layout;
  bool roundsToTF32;
  /// Whether nothing beyond the tile is multiplied by anything inside.
  bool hasWholeSums;
  Type elementType;
  int64_t packed;
  std::optional<MatrixAccess> matrices;
  DenseMap<int64_t, Value> registers;
};

} // namespace mlir::tile

#endif // TILE_LIB_CONVERSION_TILETOGPU_MMAOPERANDS_H

//===- Atoms.h - fragments of tensor core instructions ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which thread holds which element of the operands of mma.sync, wgmma,
// ldmatrix and stmatrix, as the PTX ISA defines it, and of whole tiles that are
// made of such instructions. A is M x K, B is K x N and C is M x N; use
// `permute` for an operand that is stored the other way around.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_ATOMS_H
#define TILE_LAYOUT_ATOMS_H

#include "tile/Layout/ThreadValueLayout.h"

namespace mlir::tile {

enum class MmaOperand { A, B, C };

/// One matrix instruction and the fragments that its threads hold.
struct MmaAtom {
  int64_t m;
  int64_t n;
  int64_t k;
  ThreadValueLayout a;
  /// None where B comes from shared memory, as for wgmma.
  std::optional<ThreadValueLayout> b;
  ThreadValueLayout c;

  /// mma.sync for a warp; the width is that of A and B. There are m16n8k8 and
  /// m16n8k16 for 16 bits, m16n8k4 and m16n8k8 for 32 bits (tf32), m16n8k16 and
  /// m16n8k32 for 8 bits, and m8n8k4 for 64 bits.
  static llvm::Expected<MmaAtom> mmaSync(int64_t m, int64_t n, int64_t k,
                                         int64_t elementBits);
  /// wgmma m64nN for four warps: N is a multiple of 8 up to 256, and a row of K
  /// has 32 bytes. The ISA leaves out some N for integers.
  static llvm::Expected<MmaAtom> wgmma(int64_t n, int64_t elementBits);

  int64_t numThreads() const { return c.numThreads(); }
};

/// The fragment of a whole operand of `rows` x `columns` elements, in a grid of
/// `warpsM` x `warpsN` warps (or groups of four, for wgmma). Warp w computes
/// the block (w / warpsN, w % warpsN) of C; A is replicated over the warps of a
/// row and B over those of a column. Each block is made of whole atoms, row by
/// row, and where a size is no multiple the last ones are padding.
llvm::Expected<ThreadValueLayout> tileToWarps(const MmaAtom &atom,
                                              MmaOperand operand,
                                              int64_t warpsM, int64_t warpsN,
                                              int64_t rows, int64_t columns);

/// What ldmatrix and stmatrix move: `count` (1, 2 or 4) matrices of 8 x 8
/// elements of 16 bits, one below the other. Row r is at the address that lane
/// r gives. Transposed, a thread holds neighbours of a column, not of a row.
ThreadValueLayout getMatrixLayout(int64_t count, bool isTransposed);

/// How a fragment is moved by ldmatrix and stmatrix.
struct MatrixAccess {
  bool isTransposed;
  /// The matrices in each instruction.
  int64_t count;
  /// The element of which each lane gives the address: value i is that for
  /// instruction i, which moves the 32-bit registers i * count and following.
  /// A row of 16 bytes from there on has to be contiguous in memory.
  ThreadValueLayout addresses;
};

/// Whether ldmatrix and stmatrix can move a fragment that is stored with its
/// last dimension contiguous, in instructions of at most `maxCount` matrices.
std::optional<MatrixAccess> matchMatrixAccess(const ThreadValueLayout &fragment,
                                              int64_t elementBits,
                                              int64_t maxCount = 4);

} // namespace mlir::tile

#endif // TILE_LAYOUT_ATOMS_H

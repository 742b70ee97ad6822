//===- Swizzle.h - layouts of shared memory ---------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared memory has 32 banks of 4 bytes; accesses of a warp to different words
// of a bank take turns. A swizzle moves the columns of a tile by an amount that
// depends on the row, so that rows as well as columns are spread over the
// banks.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LAYOUT_SWIZZLE_H
#define TILE_LAYOUT_SWIZZLE_H

#include "tile/Layout/Layout.h"

#include <optional>

namespace mlir::tile {

/// The rows after which the swizzle of a copy engine repeats itself.
inline constexpr int64_t kSwizzleRows = 8;
/// The bytes of a row that a swizzle moves together, and those after which its
/// pattern goes on to the next step: a line of banks.
inline constexpr int64_t kSwizzleChunkBytes = 16;
inline constexpr int64_t kSwizzleLineBytes = kSwizzleRows * kSwizzleChunkBytes;

/// x ^ (the `bits` bits of x from `base` + `shift` on, moved down to `base`).
/// It is its own inverse. With 0 bits it changes nothing.
class Swizzle {
public:
  Swizzle() = default;
  /// The bits that are read and those that are changed may not overlap.
  static llvm::Expected<Swizzle> get(unsigned bits, unsigned base,
                                     unsigned shift);

  unsigned bits() const { return numBits; }
  unsigned base() const { return firstBit; }
  unsigned shift() const { return distance; }
  bool isIdentity() const { return numBits == 0; }

  int64_t operator()(int64_t value) const {
    int64_t mask = (int64_t(1) << numBits) - 1;
    return value ^ (((value >> (firstBit + distance)) & mask) << firstBit);
  }
  /// Values move within aligned blocks of this size.
  int64_t block() const {
    return isIdentity() ? 1 : int64_t(1) << (firstBit + numBits);
  }
  /// The change repeats after so many values.
  int64_t period() const {
    return isIdentity() ? 1 : int64_t(1) << (firstBit + distance + numBits);
  }

  bool operator==(const Swizzle &other) const {
    return numBits == other.numBits && firstBit == other.firstBit &&
           distance == other.distance;
  }
  bool operator!=(const Swizzle &other) const { return !(*this == other); }
  /// `swizzle<3,4,3>`: bits, base and shift.
  std::string str() const;

private:
  Swizzle(unsigned bits, unsigned base, unsigned shift)
      : numBits(bits), firstBit(base), distance(shift) {}

  unsigned numBits = 0;
  unsigned firstBit = 0;
  unsigned distance = 0;
};

/// Where the elements of a shared buffer are: swizzle(layout(coordinates)), in
/// elements from the start. The layout has one mode for each dimension.
class SharedLayout {
public:
  /// Elements have 4 to 128 bits, a power of two, and one place each.
  static llvm::Expected<SharedLayout>
  get(const Layout &layout, const Swizzle &swizzle, int64_t elementBits);
  /// Row-major without a swizzle.
  static llvm::Expected<SharedLayout> plain(llvm::ArrayRef<int64_t> shape,
                                            int64_t elementBits);
  /// A layout whose rows run along dimension `contiguous`, all other dimensions
  /// being rows, such that 16 bytes of each of 8 rows, one below the other from
  /// a multiple of 8 on, are in different banks, as are 128 bytes in a row:
  ///
  /// - Rows of a multiple of 32 bytes follow one another and are swizzled, over
  ///   32, 64 or 128 bytes as far as their length is a multiple of it.
  /// - Other rows of more than 16 bytes are padded to an odd multiple of 16
  ///   bytes and not swizzled.
  /// - Rows of at most 16 bytes and single rows are left as they are.
  static llvm::Expected<SharedLayout>
  conflictFree(llvm::ArrayRef<int64_t> shape, int64_t elementBits,
               unsigned contiguous);
  /// The layout that TMA writes and wgmma reads: rows of a multiple of 128, 64
  /// or 32 bytes are split into panels of that width, one after another, with
  /// the swizzle of this width. Two and more panels are padded to a multiple of
  /// 8 rows. Only within a panel are 128 bytes in a row in different banks.
  /// There is none for other rows.
  static llvm::Expected<SharedLayout> panels(llvm::ArrayRef<int64_t> shape,
                                             int64_t elementBits,
                                             unsigned contiguous);

  const Layout &layout() const { return places; }
  const Swizzle &swizzle() const { return bankSwizzle; }
  int64_t elementBits() const { return bits; }
  unsigned rank() const { return places.rank(); }
  llvm::SmallVector<int64_t> shape() const { return places.shape(); }

  int64_t address(llvm::ArrayRef<int64_t> coordinates) const {
    return bankSwizzle(places(coordinates));
  }
  /// The byte in which an element begins.
  int64_t byteAddress(llvm::ArrayRef<int64_t> coordinates) const {
    return address(coordinates) * bits / 8;
  }

  /// What the buffer takes, and what the start has to be a multiple of.
  int64_t sizeInBytes() const;
  int64_t alignmentInBytes() const;
  /// The width of rows in TMA's swizzle modes, 32, 64 or 128; 0 where there is
  /// no swizzle, and nothing where it is another.
  std::optional<int64_t> swizzleBytes() const;

  /// Copies of the buffer, one for each stage of a pipeline, as a first
  /// dimension.
  SharedLayout withStages(int64_t count) const;

  bool operator==(const SharedLayout &other) const {
    return places == other.places && bankSwizzle == other.bankSwizzle &&
           bits == other.bits;
  }
  bool operator!=(const SharedLayout &other) const { return !(*this == other); }
  /// `swizzle<3,3,3> o (8,64):(64,1), 16 bits`.
  std::string str() const;

private:
  SharedLayout(const Layout &layout, const Swizzle &swizzle,
               int64_t elementBits)
      : places(layout), bankSwizzle(swizzle), bits(elementBits) {}

  Layout places;
  Swizzle bankSwizzle;
  int64_t bits;
};

} // namespace mlir::tile

#endif // TILE_LAYOUT_SWIZZLE_H

//===- Atoms.cpp - fragments of tensor core instructions --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/Atoms.h"
#include "TileParts.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir::tile;
using Source = CoordinateTerm::Source;

/// A fragment of (extent, row step, column step) for threads and values.
namespace {
struct Step {
  int64_t extent;
  int64_t row;
  int64_t column;
};
} // namespace

static ThreadValueLayout makeFragment(ArrayRef<Step> threads,
                                      ArrayRef<Step> values, int64_t rows,
                                      int64_t columns) {
  SmallVector<TilePart> parts;
  for (Step step : threads)
    parts.push_back({Source::Thread, step.extent, {step.row, step.column}});
  for (Step step : values)
    parts.push_back({Source::Value, step.extent, {step.row, step.column}});
  return cantFail(joinTile(parts, {rows, columns}, {rows, columns}));
}

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//
//
// The 32 lanes are 8 groups of 4. A register of A or B holds as many elements
// of K as fit 32 bits, so the 4 lanes of a group hold a run of 4 times as many;
// the groups are the rows of A and C and the columns of B.

static int64_t getElementsPerRegister(int64_t elementBits) {
  return std::max<int64_t>(32 / elementBits, 1);
}

static ThreadValueLayout getA(int64_t m, int64_t k, int64_t elementBits,
                              int64_t warps) {
  int64_t packed = getElementsPerRegister(elementBits);
  return makeFragment({{4, 0, packed}, {8, 1, 0}, {warps, m / warps, 0}},
                      {{packed, 0, 1},
                       {m / warps / 8, 8, 0},
                       {k / (4 * packed), 0, 4 * packed}},
                      m, k);
}

static ThreadValueLayout getB(int64_t n, int64_t k, int64_t elementBits) {
  int64_t packed = getElementsPerRegister(elementBits);
  return makeFragment({{4, packed, 0}, {8, 0, 1}},
                      {{packed, 1, 0}, {k / (4 * packed), 4 * packed, 0}}, k,
                      n);
}

static ThreadValueLayout getC(int64_t m, int64_t n, int64_t warps) {
  return makeFragment({{4, 0, 2}, {8, 1, 0}, {warps, m / warps, 0}},
                      {{2, 0, 1}, {m / warps / 8, 8, 0}, {n / 8, 0, 8}}, m, n);
}

Expected<MmaAtom> MmaAtom::mmaSync(int64_t m, int64_t n, int64_t k,
                                   int64_t elementBits) {
  using Shape = std::array<int64_t, 4>;
  static constexpr Shape kShapes[] = {
      {16, 8, 8, 16}, {16, 8, 16, 16}, {16, 8, 4, 32}, {16, 8, 8, 32},
      {16, 8, 16, 8}, {16, 8, 32, 8},  {8, 8, 4, 64}};
  if (!is_contained(kShapes, Shape{m, n, k, elementBits}))
    return makeError("unsupported shape m" + Twine(m) + "n" + Twine(n) + "k" +
                     Twine(k) + " of mma.sync for " + Twine(elementBits) +
                     " bits");
  return MmaAtom{m,
                 n,
                 k,
                 getA(m, k, elementBits, 1),
                 getB(n, k, elementBits),
                 getC(m, n, 1)};
}

Expected<MmaAtom> MmaAtom::wgmma(int64_t n, int64_t elementBits) {
  if (n < 8 || n > 256 || n % 8 != 0)
    return makeError("expected a multiple of 8 up to 256 as N of wgmma, "
                     "found " +
                     Twine(n));
  if (!is_contained({8, 16, 32}, elementBits))
    return makeError("expected elements of 8, 16 or 32 bits for wgmma, "
                     "found " +
                     Twine(elementBits));
  int64_t k = 256 / elementBits;
  return MmaAtom{
      64, n, k, getA(64, k, elementBits, 4), std::nullopt, getC(64, n, 4)};
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

static Expected<ThreadValueLayout> getOperand(const MmaAtom &atom,
                                              MmaOperand operand) {
  if (operand == MmaOperand::A)
    return atom.a;
  if (operand == MmaOperand::C)
    return atom.c;
  if (!atom.b)
    return makeError("expected an operand in registers, found B of wgmma");
  return *atom.b;
}

namespace {
/// A dimension of an operand: `warps` blocks of `atoms` atoms each.
struct Blocks {
  int64_t warps;
  int64_t atoms;
  int64_t atom;

  Blocks(int64_t warps, int64_t extent, int64_t atom)
      : warps(warps),
        atoms(std::max<int64_t>(divideCeilSigned(extent, atom * warps), 1)),
        atom(atom) {}
  int64_t block() const { return atoms * atom; }
  int64_t padded() const { return warps * block(); }
};
} // namespace

Expected<ThreadValueLayout>
mlir::tile::tileToWarps(const MmaAtom &atom, MmaOperand operand, int64_t warpsM,
                        int64_t warpsN, int64_t rows, int64_t columns) {
  if (warpsM < 1 || warpsN < 1)
    return makeError("expected at least 1 x 1 warps, found " + Twine(warpsM) +
                     " x " + Twine(warpsN));
  Expected<ThreadValueLayout> base = getOperand(atom, operand);
  if (!base)
    return base.takeError();
  bool isA = operand == MmaOperand::A, isB = operand == MmaOperand::B;
  Blocks down(isB ? 1 : warpsM, rows, base->shape()[0]);
  Blocks across(isA ? 1 : warpsN, columns, base->shape()[1]);
  SmallVector<TilePart> parts = cantFail(splitTile(*base));
  parts.push_back({Source::Thread, warpsN, {0, isA ? 0 : across.block()}});
  parts.push_back({Source::Thread, warpsM, {isB ? 0 : down.block(), 0}});
  parts.push_back({Source::Value, across.atoms, {0, across.atom}});
  parts.push_back({Source::Value, down.atoms, {down.atom, 0}});
  return joinTile(parts, {rows, columns}, {down.padded(), across.padded()});
}

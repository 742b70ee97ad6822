//===- WarpgroupProducts.cpp - products of four warps -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The forms of wgmma and of its matrix descriptors are those of the PTX ISA,
// "Asynchronous warpgroup level matrix instructions".
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

/// The bytes of K that one instruction sums up.
static constexpr int64_t kStepBytes = 32;
/// The rows of C that one instruction computes, and its most columns.
static constexpr int64_t kAtomRows = 64;
static constexpr int64_t kMaxAtomColumns = 256;

int64_t WarpgroupOperand::getOffset(int64_t outer, int64_t inner) const {
  int64_t row = isKMajor ? outer : inner;
  int64_t column = isKMajor ? inner : outer;
  return column / getWidth() * getPanelBytes() + row * swizzle +
         column % getWidth() * elementBytes;
}

uint64_t WarpgroupOperand::getDescriptor() const {
  // Between groups of 8 rows, and between the panels that one instruction
  // reads. Along K it never reads more than one.
  uint64_t groupStride = kSwizzleRows * swizzle / 16;
  uint64_t panelStride = isKMajor ? 1 : getPanelBytes() / 16;
  uint64_t mode = swizzle == 128 ? 1 : swizzle == 64 ? 2 : 3;
  return panelStride << 16 | groupStride << 32 | mode << 62;
}

/// The operand as it will lie in memory; nothing, and the `reason`, when the
/// instruction cannot read it from there.
static std::optional<WarpgroupOperand>
getOperand(Value buffer, bool isKMajor, StringRef name, std::string &reason) {
  auto type = cast<MemRefType>(buffer.getType());
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  auto alloc = getRootBuffer(buffer).getDefiningOp<AllocOp>();
  if (tile::getScope(type) != Scope::Shared || !alloc) {
    reason = llvm::formatv("'{0}' is not in shared memory", name);
    return std::nullopt;
  }
  bool isWhole = buffer == alloc.getBuffer() ||
                 (isStageView(buffer.getDefiningOp()) &&
                  buffer.getDefiningOp()->getOperand(0) == alloc.getBuffer());
  // Who has swizzled it has looked at its uses.
  if (!isWhole ||
      (!alloc.getSwizzle() && findUseWithoutIndices(alloc.getBuffer()))) {
    reason = llvm::formatv("'{0}' is a view, or others are taken of it", name);
    return std::nullopt;
  }
  if (!isKMajor && bytes != 2) {
    reason = llvm::formatv("rows of '{0}' do not run along the dimension that "
                           "is summed up, and its elements have no 16 bits",
                           name);
    return std::nullopt;
  }
  int64_t swizzle =
      alloc.getSwizzle().value_or(getSwizzleWithoutConflicts(type).value_or(0));
  if (swizzle == 0) {
    reason = llvm::formatv("rows of '{0}' have {1} bytes, no multiple of 32",
                           name, type.getShape().back() * bytes);
    return std::nullopt;
  }
  return WarpgroupOperand{isKMajor, swizzle, bytes, type.getDimSize(0)};
}

/// The columns of an instruction, as many as can be, that divide `columns`; 0
/// when there are none. 8-bit integers have fewer forms.
static int64_t getAtomColumns(int64_t columns, int64_t unit, bool isInteger) {
  for (int64_t n = std::min(columns, kMaxAtomColumns); n > 0; --n)
    if (columns % n == 0 && n % 8 == 0 &&
        (!isInteger || n % 16 == 0 || n <= 24) &&
        (n == columns || n % unit == 0))
      return n;
  return 0;
}

/// The grid of groups such that they read as little as can be, or as the policy
/// wishes; nothing when none divides the tile.
static std::optional<std::pair<int64_t, int64_t>>
arrangeGroups(GemmOp op, int64_t numGroups, int64_t unit, bool isInteger) {
  std::optional<std::pair<int64_t, int64_t>> best;
  std::pair<int64_t, int64_t> bestCost;
  for (int64_t m = 1; m <= numGroups; ++m) {
    int64_t n = numGroups / m;
    if (numGroups % m || op.getM() % (kAtomRows * m) || op.getN() % n ||
        (n > 1 && op.getN() / n % unit))
      continue;
    int64_t atomColumns = getAtomColumns(op.getN() / n, unit, isInteger);
    if (atomColumns == 0)
      continue;
    int64_t wish = 0;
    if (op.getPolicy() == GemmPolicy::FullRow)
      wish = n;
    if (op.getPolicy() == GemmPolicy::FullCol)
      wish = m;
    int64_t numAtoms =
        op.getM() / m / kAtomRows * (op.getN() / n / atomColumns);
    std::pair<int64_t, int64_t> cost{wish,
                                     numAtoms * (kAtomRows + atomColumns)};
    if (!best || cost < bestCost) {
      best = {m, n};
      bestCost = cost;
    }
  }
  return best;
}

static bool hasTypes(GemmOp op, std::string &reason) {
  Type a = op.getA().getType().getElementType();
  bool isFloat8 = isa<Float8E4M3FNType, Float8E5M2Type>(a);
  bool isTF32 = a.isF32() && op.getPrecision() == Precision::TF32;
  if (a.isF16() || a.isBF16() || isFloat8 || isTF32 || a.isInteger(8))
    return true;
  std::string text;
  llvm::raw_string_ostream(text) << a;
  reason = "there is no instruction for " + text +
           (a.isF32() ? " without precision(tf32)" : "");
  return false;
}

std::optional<WarpgroupProduct>
mlir::tile::planWarpgroupProduct(GemmOp op, int64_t numThreads,
                                 const TargetInfo &target,
                                 std::string &reason) {
  if (!target.hasWarpgroupMma) {
    reason = llvm::formatv("{0} has no wgmma", target.chip);
    return std::nullopt;
  }
  if (numThreads % kWarpgroupSize) {
    reason = llvm::formatv("{0} threads are no multiple of {1}", numThreads,
                           kWarpgroupSize);
    return std::nullopt;
  }
  if (!hasTypes(op, reason))
    return std::nullopt;
  if (tile::getScope(op.getC()) != Scope::Fragment) {
    reason = "'c' is not a fragment";
    return std::nullopt;
  }
  std::optional<WarpgroupOperand> a =
      getOperand(op.getA(), !op.getTransposeA(), "a", reason);
  if (!a)
    return std::nullopt;
  std::optional<WarpgroupOperand> b =
      getOperand(op.getB(), op.getTransposeB(), "b", reason);
  if (!b)
    return std::nullopt;
  int64_t stepSize = kStepBytes / a->elementBytes;
  bool isInteger = op.getA().getType().getElementType().isInteger();
  int64_t unit = b->isKMajor ? 8 : b->getWidth();
  auto grid = arrangeGroups(op, numThreads / kWarpgroupSize, unit, isInteger);
  if (!grid || op.getK() % stepSize) {
    reason = llvm::formatv("a tile of {0} x {1} x {2} is not made of whole "
                           "instructions for {3} warpgroups",
                           op.getM(), op.getN(), op.getK(),
                           numThreads / kWarpgroupSize);
    return std::nullopt;
  }
  auto [groupsM, groupsN] = *grid;
  int64_t columns = op.getN() / groupsN;
  MmaAtom atom = cantFail(MmaAtom::wgmma(
      getAtomColumns(columns, unit, isInteger), a->elementBytes * 8));
  ThreadValueLayout c = cantFail(
      tileToWarps(atom, MmaOperand::C, groupsM, groupsN, op.getM(), op.getN()));
  return WarpgroupProduct{atom,
                          groupsM,
                          groupsN,
                          op.getM() / groupsM / kAtomRows,
                          columns / atom.n,
                          op.getK() / stepSize,
                          *a,
                          *b,
                          c};
}

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
#include "tile/Dialect/Tile/Analysis/TensorCores.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

/// The bytes of K that one instruction sums up.
static constexpr int64_t kStepBytes = 32;
/// The rows of C that one instruction computes, and its most columns.
static constexpr int64_t kAtomRows = 64;
static constexpr int64_t kMaxAtomColumns = 256;
/// The most registers of a thread.
static constexpr int64_t kMaxRegisters = 255;

int64_t mlir::tile::getRegistersOfThread(int64_t numThreads) {
  int64_t registers = llvm::alignDown(kRegisters / numThreads, kRegisterUnit);
  return std::min(registers, kMaxRegisters);
}

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
  int64_t swizzle =
      alloc.getSwizzle().value_or(getSwizzleWithoutConflicts(type).value_or(0));
  if (swizzle == 0) {
    reason = llvm::formatv("rows of '{0}' have {1} bytes, no multiple of 32",
                           name, type.getShape().back() * bytes);
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
  return WarpgroupOperand{isKMajor, swizzle, bytes, type.getDimSize(0)};
}

int64_t mlir::tile::getThreadsOfBlock(GemmOp op, int64_t numThreads) {
  for (auto parts = op->getParentOfType<SpecializeOp>(); parts;
       parts = parts->getParentOfType<SpecializeOp>())
    numThreads = llvm::sum_of(parts.getThreads());
  return numThreads;
}

/// The most columns of an instruction in a block of `numThreads`. A thread has
/// half a register for each, besides those that every instruction needs.
static int64_t getMaxAtomColumns(int64_t numThreads) {
  return std::min((getRegistersOfThread(numThreads) - kOtherRegisters) * 2,
                  kMaxAtomColumns);
}

namespace {
/// Where the operands of a product come from; nothing for A where it is a
/// fragment.
struct Operands {
  std::optional<WarpgroupOperand> a;
  WarpgroupOperand b;
  /// The most columns of an instruction, and what those of several are
  /// multiples of.
  int64_t maxColumns, unit;
};
} // namespace

/// The columns of an instruction, as many as can be but at most `limit`, that
/// divide `columns`; 0 when there are none. 8-bit integers have fewer forms.
static int64_t getAtomColumns(int64_t columns, int64_t limit, int64_t unit,
                              bool isInteger) {
  for (int64_t n = std::min(columns, limit); n > 0; --n)
    if (columns % n == 0 && n % 8 == 0 &&
        (!isInteger || n % 16 == 0 || n <= 24) &&
        (n == columns || n % unit == 0))
      return n;
  return 0;
}

/// The columns of an instruction where the groups are in a grid of `m` x `n`; 0
/// when the tile is not made of whole instructions.
static int64_t getAtomColumns(GemmOp op, const Operands &operands, int64_t m,
                              int64_t n) {
  if (op.getM() % (kAtomRows * m) || op.getN() % n ||
      (n > 1 && op.getN() / n % operands.unit))
    return 0;
  return getAtomColumns(op.getN() / n, operands.maxColumns, operands.unit,
                        op.getA().getType().getElementType().isInteger());
}

/// The grid of groups such that they read as little as can be, or as the policy
/// wishes; nothing when none divides the tile.
static std::optional<std::pair<int64_t, int64_t>>
arrangeGroups(GemmOp op, const Operands &operands, int64_t numGroups,
              GemmPolicy policy) {
  std::optional<std::pair<int64_t, int64_t>> best;
  std::pair<int64_t, int64_t> bestCost;
  for (int64_t m = 1; m <= numGroups; ++m) {
    int64_t n = numGroups / m;
    int64_t atomColumns =
        numGroups % m ? 0 : getAtomColumns(op, operands, m, n);
    if (atomColumns == 0)
      continue;
    int64_t wish = 0;
    if (policy == GemmPolicy::FullRow)
      wish = n;
    if (policy == GemmPolicy::FullCol)
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

/// The number of the first thread of those that execute `op`.
static int64_t getFirstThread(Operation *op) {
  int64_t first = 0;
  for (Region *region = op->getParentRegion(); region;
       region = region->getParentRegion())
    if (auto parts = dyn_cast<SpecializeOp>(region->getParentOp()))
      for (int64_t count :
           parts.getThreads().take_front(region->getRegionNumber()))
        first += count;
  return first;
}

/// Whether four warps of `target` can compute `op` together, wherever its
/// operands are.
static bool hasInstruction(GemmOp op, int64_t numThreads,
                           const TargetInfo &target, std::string &reason) {
  // Nobody is told about what a target cannot have.
  if (!target.hasWarpgroupMma)
    return false;
  if (numThreads % kWarpgroupSize)
    reason = llvm::formatv("{0} threads are no multiple of {1}", numThreads,
                           kWarpgroupSize);
  else if (int64_t first = getFirstThread(op); first % kWarpgroupSize)
    reason = llvm::formatv("its threads begin at number {0}, no multiple of "
                           "{1}",
                           first, kWarpgroupSize);
  else if (!hasTypes(op, reason))
    return false;
  else if (tile::getScope(op.getC()) != Scope::Fragment)
    reason = "'c' is not a fragment";
  else
    return true;
  return false;
}

/// The operands of `op`, if there is an instruction and a grid of groups for
/// it; nothing, and the `reason`, when there is none.
static std::optional<Operands> getOperands(GemmOp op, int64_t numThreads,
                                           const TargetInfo &target,
                                           std::string &reason) {
  if (!hasInstruction(op, numThreads, target, reason))
    return std::nullopt;
  std::optional<WarpgroupOperand> a;
  if (tile::getScope(op.getA()) != Scope::Fragment) {
    a = getOperand(op.getA(), !op.getTransposeA(), "a", reason);
    if (!a)
      return std::nullopt;
  }
  std::optional<WarpgroupOperand> b =
      getOperand(op.getB(), op.getTransposeB(), "b", reason);
  if (!b)
    return std::nullopt;
  Operands operands{a, *b, getMaxAtomColumns(getThreadsOfBlock(op, numThreads)),
                    b->isKMajor ? 8 : b->getWidth()};
  int64_t numGroups = numThreads / kWarpgroupSize;
  if (op.getK() % (kStepBytes / b->elementBytes) == 0 &&
      arrangeGroups(op, operands, numGroups, GemmPolicy::Square))
    return operands;
  reason = llvm::formatv("a tile of {0} x {1} x {2} is not made of whole "
                         "instructions for {3} warpgroups",
                         op.getM(), op.getN(), op.getK(), numGroups);
  return std::nullopt;
}

static WarpgroupProduct getProduct(GemmOp op, const Operands &operands,
                                   int64_t groupsM, int64_t groupsN) {
  int64_t columns = getAtomColumns(op, operands, groupsM, groupsN);
  MmaAtom atom = cantFail(MmaAtom::wgmma(columns, operands.b.elementBytes * 8));
  auto tile = [&](MmaOperand operand, int64_t numColumns) {
    return cantFail(
        tileToWarps(atom, operand, groupsM, groupsN, op.getM(), numColumns));
  };
  return WarpgroupProduct{atom,
                          groupsM,
                          groupsN,
                          op.getM() / groupsM / kAtomRows,
                          op.getN() / groupsN / columns,
                          op.getK() / atom.k,
                          operands.a,
                          operands.b,
                          tile(MmaOperand::A, op.getK()),
                          tile(MmaOperand::C, op.getN())};
}

std::optional<WarpgroupProduct>
mlir::tile::planWarpgroupProduct(GemmOp op, int64_t numThreads,
                                 const TargetInfo &target, GemmPolicy policy,
                                 std::string &reason) {
  std::optional<Operands> operands =
      getOperands(op, numThreads, target, reason);
  if (!operands)
    return std::nullopt;
  auto [m, n] =
      *arrangeGroups(op, *operands, numThreads / kWarpgroupSize, policy);
  return getProduct(op, *operands, m, n);
}

std::optional<WarpgroupProduct> mlir::tile::planWarpgroupProduct(
    GemmOp op, int64_t numThreads, const TargetInfo &target,
    const ThreadValueLayout &c, std::string &reason) {
  std::optional<Operands> operands =
      getOperands(op, numThreads, target, reason);
  if (!operands)
    return std::nullopt;
  int64_t numGroups = numThreads / kWarpgroupSize;
  for (int64_t m = 1; m <= numGroups; ++m) {
    if (numGroups % m || !getAtomColumns(op, *operands, m, numGroups / m))
      continue;
    WarpgroupProduct product = getProduct(op, *operands, m, numGroups / m);
    if (product.c.isEquivalent(c))
      return product;
  }
  reason = "the accumulator has another layout";
  return std::nullopt;
}

std::optional<WarpgroupProduct>
mlir::tile::matchWarpgroupProduct(GemmOp op, int64_t numThreads,
                                  const TargetInfo &target,
                                  std::string &reason) {
  std::optional<WarpgroupProduct> product = planWarpgroupProduct(
      op, numThreads, target, getWrittenLayout(op.getC(), numThreads), reason);
  if (!product || product->a ||
      getStoredLayout(product->aFragment, op.getTransposeA())
          .isEquivalent(getWrittenLayout(op.getA(), numThreads)))
    return product;
  reason = "'a' has another layout";
  return std::nullopt;
}

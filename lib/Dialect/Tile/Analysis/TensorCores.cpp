//===- TensorCores.cpp - products by matrix instructions --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/TensorCores.h"
#include "tile/Layout/Warp.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::tile;

/// The instruction for the types of `op`; nothing, and the `reason`, when there
/// is none.
static std::optional<MmaAtom> getAtom(GemmOp op, const TargetInfo &target,
                                      std::string &reason) {
  Type type = op.getA().getType().getElementType();
  unsigned bits = type.getIntOrFloatBitWidth();
  if (type.isF32() && op.getPrecision() != Precision::TF32) {
    reason = "f32 without precision(tf32) has no matrix instruction";
    return std::nullopt;
  }
  if (isa<Float8E4M3FNType, Float8E5M2Type>(type) && !target.hasFloat8Mma) {
    reason = llvm::formatv("{0} has no matrix instruction for 8-bit floats",
                           target.chip);
    return std::nullopt;
  }
  if (bits == 64)
    return cantFail(MmaAtom::mmaSync(8, 8, 4, bits));
  return cantFail(MmaAtom::mmaSync(16, 8, 256 / bits, bits));
}

/// How many rows and columns of warps share the accumulator: such that they
/// load as little as can be, or as the policy wishes. Warps that have no atom
/// of their own compute padding.
static std::pair<int64_t, int64_t> arrangeWarps(GemmOp op, const MmaAtom &atom,
                                                int64_t numWarps,
                                                GemmPolicy policy) {
  int64_t rows = llvm::divideCeil(op.getM(), atom.m);
  int64_t columns = llvm::divideCeil(op.getN(), atom.n);
  std::pair<int64_t, int64_t> best{numWarps, 1};
  std::tuple<int64_t, int64_t, int64_t> bestCost{INT64_MAX, 0, 0};
  for (int64_t m = 1; m <= numWarps; ++m) {
    if (numWarps % m != 0)
      continue;
    int64_t n = numWarps / m;
    int64_t blockRows = llvm::divideCeil(rows, m);
    int64_t blockColumns = llvm::divideCeil(columns, n);
    int64_t wish = 0;
    if (policy == GemmPolicy::FullRow)
      wish = n;
    if (policy == GemmPolicy::FullCol)
      wish = m;
    // Atoms that each warp computes, then what the policy says, then what it
    // loads for them.
    std::tuple<int64_t, int64_t, int64_t> cost{blockRows * blockColumns, wish,
                                               blockRows * atom.m +
                                                   blockColumns * atom.n};
    if (cost < bestCost) {
      best = {m, n};
      bestCost = cost;
    }
  }
  return best;
}

static TensorCoreProduct getProduct(GemmOp op, const MmaAtom &atom,
                                    int64_t warpsM, int64_t warpsN) {
  auto tile = [&](MmaOperand operand, int64_t rows, int64_t columns) {
    return cantFail(tileToWarps(atom, operand, warpsM, warpsN, rows, columns));
  };
  return TensorCoreProduct{atom,
                           warpsM,
                           warpsN,
                           tile(MmaOperand::A, op.getM(), op.getK()),
                           tile(MmaOperand::B, op.getK(), op.getN()),
                           tile(MmaOperand::C, op.getM(), op.getN())};
}

/// Whether each operand is where the instruction can take it from.
static bool hasOperands(GemmOp op, std::string &reason) {
  auto isNear = [&](Value operand, StringRef name) {
    Scope scope = tile::getScope(operand);
    if (scope == Scope::Shared || scope == Scope::Fragment)
      return true;
    reason = llvm::formatv("'{0}' is not in shared memory", name);
    return false;
  };
  if (!isNear(op.getA(), "a") || !isNear(op.getB(), "b"))
    return false;
  if (tile::getScope(op.getC()) == Scope::Fragment)
    return true;
  reason = "'c' is not a fragment";
  return false;
}

/// The instruction for `op` on whole warps.
static std::optional<MmaAtom> findAtom(GemmOp op, int64_t numThreads,
                                       const TargetInfo &target,
                                       std::string &reason) {
  if (numThreads % kWarpSize != 0) {
    reason = llvm::formatv("{0} threads are no whole warps", numThreads);
    return std::nullopt;
  }
  if (!hasOperands(op, reason))
    return std::nullopt;
  return getAtom(op, target, reason);
}

std::optional<TensorCoreProduct>
mlir::tile::planTensorCores(GemmOp op, int64_t numThreads,
                            const TargetInfo &target, GemmPolicy policy,
                            std::string &reason) {
  std::optional<MmaAtom> atom = findAtom(op, numThreads, target, reason);
  if (!atom)
    return std::nullopt;
  auto [m, n] = arrangeWarps(op, *atom, numThreads / kWarpSize, policy);
  return getProduct(op, *atom, m, n);
}

std::optional<TensorCoreProduct>
mlir::tile::planTensorCores(GemmOp op, int64_t numThreads,
                            const TargetInfo &target,
                            const ThreadValueLayout &c, std::string &reason) {
  std::optional<MmaAtom> atom = findAtom(op, numThreads, target, reason);
  if (!atom)
    return std::nullopt;
  int64_t numWarps = numThreads / kWarpSize;
  for (int64_t m = 1; m <= numWarps; ++m) {
    if (numWarps % m != 0)
      continue;
    ThreadValueLayout tile = cantFail(tileToWarps(
        *atom, MmaOperand::C, m, numWarps / m, op.getM(), op.getN()));
    if (tile.isEquivalent(c))
      return getProduct(op, *atom, m, numWarps / m);
  }
  reason = "the accumulator has another layout";
  return std::nullopt;
}

ThreadValueLayout mlir::tile::getWrittenLayout(Value fragment,
                                               int64_t numThreads) {
  auto alloc = fragment.getDefiningOp<AllocOp>();
  auto layout =
      alloc ? alloc->getAttrOfType<LayoutAttr>(kLayoutAttrName) : nullptr;
  if (layout)
    return layout.getValue();
  auto type = cast<MemRefType>(fragment.getType());
  return ThreadValueLayout::linear(type.getShape(), numThreads);
}

std::optional<TensorCoreProduct>
mlir::tile::matchTensorCores(GemmOp op, int64_t numThreads,
                             const TargetInfo &target, std::string &reason) {
  std::optional<TensorCoreProduct> product = planTensorCores(
      op, numThreads, target, getWrittenLayout(op.getC(), numThreads), reason);
  if (!product)
    return std::nullopt;
  auto fits = [&](Value operand, const ThreadValueLayout &layout,
                  bool isTransposed, StringRef name) {
    if (tile::getScope(operand) != Scope::Fragment ||
        getStoredLayout(layout, isTransposed)
            .isEquivalent(getWrittenLayout(operand, numThreads)))
      return true;
    reason = llvm::formatv("'{0}' has another layout", name);
    return false;
  };
  if (fits(op.getA(), product->a, op.getTransposeA(), "a") &&
      fits(op.getB(), product->b, op.getTransposeB(), "b"))
    return product;
  return std::nullopt;
}

ThreadValueLayout mlir::tile::getStoredLayout(const ThreadValueLayout &operand,
                                              bool isTransposed) {
  return isTransposed ? cantFail(operand.permute({1, 0})) : operand;
}

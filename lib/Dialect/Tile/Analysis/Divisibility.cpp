//===- Divisibility.cpp - what divides an index ---------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace mlir::tile;

/// How many operations back a value is followed.
static constexpr unsigned kMaxDepth = 16;
/// Larger divisors say nothing more that a machine could use.
static constexpr uint64_t kMaxDivisor = uint64_t(1) << 30;
/// The numbers of terms that are a buffer's offset and address.
static constexpr int64_t kOffset = -2, kAddress = -3;

/// The part of a divisor that is a power of two. It divides a number also when
/// that wraps around or is taken without its sign.
static uint64_t getPowerOfTwo(uint64_t divisor) {
  return divisor & (~divisor + 1);
}

/// A divisor within the bound; the odd part of one that is too large is lost.
static uint64_t bound(uint64_t divisor) {
  if (divisor <= kMaxDivisor)
    return divisor;
  return std::min(kMaxDivisor, getPowerOfTwo(divisor));
}

/// What divides a product, given a divisor of each factor.
static uint64_t multiply(uint64_t lhs, uint64_t rhs) {
  return bound(lhs * rhs);
}

/// What divides a number that both divide.
static uint64_t combine(uint64_t lhs, uint64_t rhs) {
  if (lhs == 0 || rhs == 0)
    return 0;
  return bound(std::lcm(lhs, rhs));
}

static std::optional<int64_t> getConstant(Value value) {
  APInt number;
  if (!matchPattern(value, m_ConstantInt(&number)) || !number.isSignedIntN(64))
    return std::nullopt;
  return number.getSExtValue();
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

DivisibilityAnalysis::DivisibilityAnalysis(Operation *root, Operation *inner)
    : dominance(root) {
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto assert = dyn_cast<AssertOp>(op))
      addCondition(assert.getCondition(), op);
    else if (auto assume = dyn_cast<AssumeOp>(op))
      addCondition(assume.getCondition(), op);
    else if (auto test = dyn_cast<scf::IfOp>(op);
             test && (!inner || op->isProperAncestor(inner)))
      addCondition(test.getCondition(), op);
    bool isApart =
        inner && ((!op->isAncestor(inner) && !inner->isAncestor(op)) ||
                  isa<ParallelOp, ThreadsOp>(op));
    return isApart ? WalkResult::skip() : WalkResult::advance();
  });
}

DivisibilityAnalysis::Term DivisibilityAnalysis::getTerm(Value value) {
  if (auto dim = value.getDefiningOp<memref::DimOp>())
    if (std::optional<int64_t> index = dim.getConstantIndex())
      return {dim.getSource(), *index};
  if (auto address =
          value.getDefiningOp<memref::ExtractAlignedPointerAsIndexOp>())
    return {address.getSource(), kAddress};
  // A stride of a buffer is numbered behind its sizes.
  if (auto parts = value.getDefiningOp<memref::ExtractStridedMetadataOp>()) {
    if (value == parts.getOffset())
      return {parts.getSource(), kOffset};
    for (auto [dim, stride] : llvm::enumerate(parts.getStrides()))
      if (stride == value)
        return {parts.getSource(),
                static_cast<int64_t>(parts.getStrides().size() + dim)};
  }
  return {value, -1};
}

/// Whether what `statement` says holds where `at` stands.
bool DivisibilityAnalysis::holds(Operation *statement, Operation *at) {
  if (auto test = dyn_cast<scf::IfOp>(statement))
    return test.getThenRegion().isAncestor(at->getParentRegion());
  return dominance.properlyDominates(statement, at);
}

/// The value whose remainder this is, and the divisor.
static std::pair<Value, uint64_t> matchRemainder(Value value) {
  Operation *op = value.getDefiningOp();
  if (!isa_and_nonnull<arith::RemSIOp, arith::RemUIOp>(op))
    return {};
  std::optional<int64_t> divisor = getConstant(op->getOperand(1));
  if (!divisor || *divisor <= 0)
    return {};
  return {op->getOperand(0), static_cast<uint64_t>(*divisor)};
}

void DivisibilityAnalysis::addCondition(Value condition, Operation *statement) {
  if (auto both = condition.getDefiningOp<arith::AndIOp>()) {
    addCondition(both.getLhs(), statement);
    addCondition(both.getRhs(), statement);
    return;
  }
  auto compare = condition.getDefiningOp<arith::CmpIOp>();
  if (!compare)
    return;
  Value lhs = compare.getLhs(), rhs = compare.getRhs();
  if (compare.getPredicate() == arith::CmpIPredicate::sge &&
      getConstant(rhs).value_or(-1) >= 0)
    notNegative[getTerm(lhs)].push_back(statement);
  if (compare.getPredicate() != arith::CmpIPredicate::eq)
    return;
  if (getConstant(lhs))
    std::swap(lhs, rhs);
  auto [dividend, divisor] = matchRemainder(lhs);
  if (dividend && getConstant(rhs) == 0) {
    facts[getTerm(dividend)].push_back(
        {statement, bound(divisor), Value(),
         isa<arith::RemUIOp>(lhs.getDefiningOp())});
    return;
  }
  facts[getTerm(lhs)].push_back({statement, 1, rhs});
  facts[getTerm(rhs)].push_back({statement, 1, lhs});
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

uint64_t DivisibilityAnalysis::computeFromFacts(Value value, Operation *at,
                                                unsigned depth) {
  Term term = getTerm(value);
  auto it = facts.find(term);
  uint64_t divisor = 1;
  // Equal terms lead back to each other: each is looked at once for a query.
  if (it == facts.end() || !visited.insert(term).second)
    return divisor;
  for (const Fact &fact : it->second) {
    if (!holds(fact.statement, at))
      continue;
    uint64_t stated =
        fact.equal ? compute(fact.equal, at, depth + 1) : fact.divisor;
    if (fact.isUnsigned && !isNotNegative(value, at, depth + 1))
      stated = getPowerOfTwo(stated);
    divisor = combine(divisor, stated);
  }
  return divisor;
}

uint64_t DivisibilityAnalysis::computeFromArgument(BlockArgument arg,
                                                   Operation *at,
                                                   unsigned depth) {
  auto loop = dyn_cast<LoopLikeOpInterface>(arg.getOwner()->getParentOp());
  if (!loop)
    return 1;
  std::optional<SmallVector<Value>> variables = loop.getLoopInductionVars();
  std::optional<SmallVector<OpFoldResult>> lower = loop.getLoopLowerBounds(),
                                           steps = loop.getLoopSteps();
  if (!variables || !lower || !steps)
    return 1;
  auto *it = llvm::find(*variables, arg);
  if (it == variables->end())
    return 1;
  size_t index = it - variables->begin();
  auto forOp = dyn_cast<scf::ForOp>(loop.getOperation());
  bool isUnsigned = forOp && forOp.getUnsignedCmp();
  auto get = [&](OpFoldResult number) -> uint64_t {
    if (auto value = dyn_cast<Value>(number))
      return compute(value, at, depth + 1);
    return bound(std::abs(*getConstantIntValue(number)));
  };
  uint64_t divisor = std::gcd(get((*lower)[index]), get((*steps)[index]));
  return isUnsigned ? getPowerOfTwo(divisor) : divisor;
}

/// The width of an integer, with that of an index on all machines we know.
static unsigned getWidth(Value value) {
  Type type = getElementTypeOrSelf(value);
  return type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
}

/// Whether the result of an addition, multiplication or shift may be another
/// number than that of all its bits.
static bool mayWrap(Operation *op) {
  if (getElementTypeOrSelf(op->getResult(0)).isIndex())
    return false;
  auto flags = dyn_cast<arith::ArithIntegerOverflowFlagsInterface>(op);
  return !flags || !flags.hasNoSignedWrap();
}

/// Whether a statement says of a product in two halves that the lower one is
/// all of it: the upper one repeats its sign.
bool DivisibilityAnalysis::isStatedToFit(arith::MulSIExtendedOp op,
                                         Operation *at) {
  return llvm::any_of(facts.lookup({op.getHigh(), -1}), [&](const Fact &fact) {
    if (!fact.equal || !holds(fact.statement, at))
      return false;
    auto sign = fact.equal.getDefiningOp<arith::ShRSIOp>();
    return sign && sign.getLhs() == op.getLow() &&
           getConstant(sign.getRhs()) == getWidth(op.getLow()) - 1;
  });
}

/// What divides the quotient of a division without remainder by a constant.
uint64_t DivisibilityAnalysis::computeQuotient(Operation *op, Operation *at,
                                               unsigned depth) {
  std::optional<int64_t> divisor = getConstant(op->getOperand(1));
  uint64_t dividend = isa<arith::DivUIOp, arith::CeilDivUIOp>(op)
                          ? computeUnsigned(op->getOperand(0), at, depth + 1)
                          : compute(op->getOperand(0), at, depth + 1);
  if (!divisor || *divisor <= 0 || dividend % *divisor != 0)
    return 1;
  return dividend / *divisor;
}

uint64_t DivisibilityAnalysis::computeFromOp(Operation *op, Operation *at,
                                             unsigned depth) {
  auto get = [&](unsigned operand) {
    return compute(op->getOperand(operand), at, depth + 1);
  };
  auto getUnsigned = [&](unsigned operand) {
    return computeUnsigned(op->getOperand(operand), at, depth + 1);
  };
  auto wrap = [&](uint64_t divisor) {
    return mayWrap(op) ? getPowerOfTwo(divisor) : divisor;
  };
  return TypeSwitch<Operation *, uint64_t>(op)
      .Case<arith::MulIOp>([&](auto) { return wrap(multiply(get(0), get(1))); })
      .Case<arith::AddIOp, arith::SubIOp>(
          [&](auto) { return wrap(std::gcd(get(0), get(1))); })
      .Case<arith::MinSIOp, arith::MaxSIOp, arith::MinUIOp, arith::MaxUIOp,
            arith::RemSIOp>([&](auto) { return std::gcd(get(0), get(1)); })
      .Case<arith::RemUIOp>(
          [&](auto) { return std::gcd(getUnsigned(0), getUnsigned(1)); })
      .Case<arith::SelectOp>([&](auto) { return std::gcd(get(1), get(2)); })
      .Case<arith::IndexCastOp>([&](auto) {
        bool isCut = getWidth(op->getResult(0)) < getWidth(op->getOperand(0));
        return isCut ? getPowerOfTwo(get(0)) : get(0);
      })
      .Case<arith::ExtSIOp>([&](auto) { return get(0); })
      .Case<arith::IndexCastUIOp, arith::ExtUIOp>([&](auto) {
        bool isCut = getWidth(op->getResult(0)) < getWidth(op->getOperand(0));
        return isCut ? getPowerOfTwo(get(0)) : getUnsigned(0);
      })
      .Case<arith::ShLIOp>([&](auto shift) -> uint64_t {
        std::optional<int64_t> places = getConstant(shift.getRhs());
        if (!places || *places < 0 || *places > 30)
          return wrap(get(0));
        return wrap(multiply(get(0), uint64_t(1) << *places));
      })
      .Case<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp,
            arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [&](auto) { return computeQuotient(op, at, depth); })
      .Case<memref::DimOp>([&](memref::DimOp dim) -> uint64_t {
        auto type = dyn_cast<MemRefType>(dim.getSource().getType());
        std::optional<int64_t> index = dim.getConstantIndex();
        if (!type || !index || *index < 0 || *index >= type.getRank() ||
            type.isDynamicDim(*index))
          return 1;
        return bound(type.getDimSize(*index));
      })
      .Case<arith::MulSIExtendedOp>([&](auto product) {
        uint64_t divisor = multiply(get(0), get(1));
        return isStatedToFit(product, at) ? divisor : getPowerOfTwo(divisor);
      })
      .Default([](Operation *) { return 1; });
}

uint64_t DivisibilityAnalysis::compute(Value value, Operation *at,
                                       unsigned depth) {
  if (std::optional<int64_t> number = getConstant(value))
    return bound(number < 0 ? -static_cast<uint64_t>(*number) : *number);
  if (depth > kMaxDepth)
    return 1;
  uint64_t computed = 1;
  if (auto arg = dyn_cast<BlockArgument>(value))
    computed = computeFromArgument(arg, at, depth);
  // Of an operation with several results, only the first is a number whose
  // divisors follow from the operands.
  else if (cast<OpResult>(value).getResultNumber() == 0)
    computed = computeFromOp(value.getDefiningOp(), at, depth);
  return combine(computed, computeFromFacts(value, at, depth));
}

//===----------------------------------------------------------------------===//
// Numbers without a sign
//===----------------------------------------------------------------------===//

/// What a loop counts up from.
static std::optional<Value> getLeast(BlockArgument arg) {
  auto forOp = dyn_cast<scf::ForOp>(arg.getOwner()->getParentOp());
  if (forOp && !forOp.getUnsignedCmp() && arg == forOp.getInductionVar())
    return forOp.getLowerBound();
  return std::nullopt;
}

bool DivisibilityAnalysis::isNotNegative(Value value, Operation *at,
                                         unsigned depth) {
  if (std::optional<int64_t> number = getConstant(value))
    return *number >= 0;
  if (depth > kMaxDepth)
    return false;
  if (llvm::any_of(notNegative.lookup(getTerm(value)),
                   [&](Operation *op) { return holds(op, at); }))
    return true;
  auto areAll = [&](ValueRange values) {
    return llvm::all_of(
        values, [&](Value v) { return isNotNegative(v, at, depth + 1); });
  };
  if (auto arg = dyn_cast<BlockArgument>(value)) {
    if (isa<LaunchOp>(arg.getOwner()->getParentOp()))
      return true;
    std::optional<Value> least = getLeast(arg);
    return least && areAll(*least);
  }
  Operation *op = value.getDefiningOp();
  if (isa<memref::DimOp>(op))
    return true;
  if (isa<arith::AddIOp, arith::MulIOp>(op))
    return !mayWrap(op) && areAll(op->getOperands());
  auto isOne = [&](Value operand) {
    return isNotNegative(operand, at, depth + 1);
  };
  // Without signs, what is not larger than such a number is one, too.
  if (isa<arith::MinUIOp, arith::RemUIOp, arith::MaxSIOp, arith::AndIOp>(op))
    return llvm::any_of(op->getOperands(), isOne);
  if (isa<arith::DivUIOp, arith::CeilDivUIOp, arith::ShRUIOp>(op))
    return isOne(op->getOperand(0));
  return isa<arith::MinSIOp, arith::DivSIOp, arith::RemSIOp,
             arith::FloorDivSIOp, arith::CeilDivSIOp>(op) &&
         areAll(op->getOperands());
}

/// What divides a value taken as a number without a sign.
uint64_t DivisibilityAnalysis::computeUnsigned(Value value, Operation *at,
                                               unsigned depth) {
  uint64_t divisor = compute(value, at, depth);
  if (divisor == getPowerOfTwo(divisor) || isNotNegative(value, at, depth))
    return divisor;
  return getPowerOfTwo(divisor);
}

bool DivisibilityAnalysis::divides(uint64_t divisor, Value value, Operation *at,
                                   bool isUnsigned) {
  visited.clear();
  uint64_t known = isUnsigned ? computeUnsigned(value, at, /*depth=*/0)
                              : compute(value, at, /*depth=*/0);
  if (known % divisor == 0)
    return true;
  // What is stated of the value without its sign holds whatever its sign is.
  return isUnsigned &&
         llvm::any_of(facts.lookup(getTerm(value)), [&](const Fact &fact) {
           return fact.isUnsigned && fact.divisor % divisor == 0 &&
                  holds(fact.statement, at);
         });
}

bool DivisibilityAnalysis::dividesAddress(uint64_t divisor, Value buffer,
                                          Operation *at) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  int64_t offset;
  SmallVector<int64_t> strides;
  if (!type || !type.getElementType().isIntOrIndexOrFloat() || getWidth(buffer) < 8 ||
      failed(type.getStridesAndOffset(strides, offset)))
    return false;
  auto isStated = [&](int64_t number, uint64_t by) {
    return llvm::any_of(facts.lookup({buffer, number}), [&](const Fact &fact) {
      return !fact.equal && fact.divisor % by == 0 && holds(fact.statement, at);
    });
  };
  if (!isStated(kAddress, divisor))
    return false;
  uint64_t elements =
      divisor / std::gcd<uint64_t>(divisor, getWidth(buffer) / 8);
  return ShapedType::isDynamic(offset) ? isStated(kOffset, elements)
                                       : offset % elements == 0;
}

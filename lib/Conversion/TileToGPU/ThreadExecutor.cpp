//===- ThreadExecutor.cpp - the threads of a block on a GPU -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ThreadExecutor.h"
#include "ThreadPoints.h"

#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

static Value getIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

/// The number that the terms of a source add up to; `number` is the source.
static Value addTerms(OpBuilder &builder, Location loc,
                      ArrayRef<CoordinateTerm> terms,
                      CoordinateTerm::Source source, Value number, Value sum) {
  for (const CoordinateTerm &term : terms) {
    if (term.source != source || term.multiplier == 0)
      continue;
    Value digit = number;
    if (term.divisor != 1)
      digit = arith::DivUIOp::create(builder, loc, digit,
                                     getIndex(builder, loc, term.divisor));
    if (term.modulus != 0)
      digit = arith::RemUIOp::create(builder, loc, digit,
                                     getIndex(builder, loc, term.modulus));
    if (term.multiplier != 1)
      digit = arith::MulIOp::create(builder, loc, digit,
                                    getIndex(builder, loc, term.multiplier));
    sum = sum ? arith::AddIOp::create(builder, loc, sum, digit) : digit;
  }
  return sum;
}

namespace {
/// Computes the coordinates of one value of this thread.
class CoordinateBuilder {
public:
  CoordinateBuilder(OpBuilder &builder, Location loc, Value threadId,
                    Value slot, int64_t constantSlot)
      : builder(builder), loc(loc), threadId(threadId), slot(slot),
        constantSlot(constantSlot) {}

  Value build(ArrayRef<CoordinateTerm> terms);
  int64_t getLargest(ArrayRef<CoordinateTerm> terms, int64_t otherwise) const;

private:
  OpBuilder &builder;
  Location loc;
  Value threadId, slot;
  int64_t constantSlot;
};
} // namespace

Value CoordinateBuilder::build(ArrayRef<CoordinateTerm> terms) {
  using Source = CoordinateTerm::Source;
  Value sum = addTerms(builder, loc, terms, Source::Thread, threadId, Value());
  if (constantSlot < 0) {
    sum = addTerms(builder, loc, terms, Source::Value, slot, sum);
    return sum ? sum : getIndex(builder, loc, 0);
  }
  int64_t fixed = CoordinateMap::evaluate(terms, /*thread=*/0, constantSlot);
  if (!sum || fixed != 0) {
    Value added = getIndex(builder, loc, fixed);
    sum = sum ? arith::AddIOp::create(builder, loc, sum, added) : added;
  }
  return sum;
}

/// The largest result of the terms over all threads, where the value is known.
int64_t CoordinateBuilder::getLargest(ArrayRef<CoordinateTerm> terms,
                                      int64_t otherwise) const {
  if (constantSlot < 0)
    return otherwise;
  int64_t largest = CoordinateMap::evaluate(terms, /*thread=*/0, constantSlot);
  for (const CoordinateTerm &term : terms)
    if (term.source == CoordinateTerm::Source::Thread)
      largest += (term.extent - 1) * term.multiplier;
  return largest;
}

static Value isBelow(OpBuilder &builder, Location loc, Value index,
                     int64_t limit, Value and_ = Value()) {
  Value test = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult,
                                     index, getIndex(builder, loc, limit));
  return and_ ? arith::AndIOp::create(builder, loc, and_, test) : test;
}

ThreadExecutor::Owned ThreadExecutor::getOwned(OpBuilder &builder, Location loc,
                                               const ThreadValueLayout &layout,
                                               Value slot,
                                               int64_t constantSlot) const {
  CoordinateMap map = layout.describe();
  CoordinateBuilder coordinates(builder, loc, threadId, slot, constantSlot);
  Owned owned{slot, {}, Value()};
  if (map.dims) {
    for (auto [dim, terms] : llvm::enumerate(*map.dims)) {
      Value index = coordinates.build(terms);
      owned.indices.push_back(index);
      int64_t size = layout.shape()[dim];
      if (coordinates.getLargest(terms, map.largest[dim]) >= size)
        owned.exists = isBelow(builder, loc, index, size, owned.exists);
    }
    return owned;
  }
  Value number = coordinates.build(map.linear);
  int64_t total = ShapedType::getNumElements(layout.padded());
  int64_t largest = layout.threads().cosize() + layout.values().cosize() - 2;
  if (coordinates.getLargest(map.linear, largest) >= total)
    owned.exists = isBelow(builder, loc, number, total);
  owned.indices = delinearize(
      builder, loc, number,
      getAsIndexOpFoldResult(builder.getContext(), layout.padded()));
  for (auto [dim, size] : llvm::enumerate(layout.shape()))
    if (layout.padded()[dim] != size)
      owned.exists =
          isBelow(builder, loc, owned.indices[dim], size, owned.exists);
  return owned;
}

/// Builds `body` where `condition` holds, or always when it is null.
static void guarded(OpBuilder &builder, Location loc, Value condition,
                    function_ref<void(OpBuilder &)> body) {
  if (!condition)
    return body(builder);
  scf::IfOp::create(builder, loc, condition, [&](OpBuilder &nested, Location) {
    body(nested);
    scf::YieldOp::create(nested, loc);
  });
}

/// Shares the points out one by one.
void ThreadExecutor::forEachFree(OpBuilder &builder, Location loc,
                                 ArrayRef<OpFoldResult> extents, BodyFn body) {
  Value total = getIndex(builder, loc, 1);
  for (OpFoldResult extent : extents)
    total = arith::MulIOp::create(
        builder, loc, total,
        getValueOrCreateConstantIndexOp(builder, loc, extent));
  Value step = getIndex(builder, loc, numThreads);
  scf::ForOp::create(
      builder, loc, threadId, total, step, {},
      [&](OpBuilder &nested, Location, Value number, ValueRange) {
        body(nested, loc, delinearize(nested, loc, number, extents));
        scf::YieldOp::create(nested, loc);
      });
}

void ThreadExecutor::forEachSlot(OpBuilder &builder, Location loc,
                                 const ThreadValueLayout &layout, Value slot,
                                 int64_t constantSlot, BodyFn body,
                                 bool touchesOnlyFragments) {
  Owned owned = getOwned(builder, loc, layout, slot, constantSlot);
  Value condition = touchesOnlyFragments ? Value() : owned.exists;
  guarded(builder, loc, condition, [&](OpBuilder &nested) {
    current = {&layout, slot, owned.indices};
    body(nested, loc, owned.indices);
    current = {};
  });
}

void ThreadExecutor::forEach(OpBuilder &builder, Location loc,
                             ArrayRef<OpFoldResult> extents,
                             const ThreadValueLayout *layout, BodyFn body,
                             bool touchesOnlyFragments) {
  if (!layout)
    return forEachFree(builder, loc, extents, body);
  int64_t numSlots = layout->numValues();
  valueMaps.clear();
  if (isUnrolled(*layout)) {
    for (int64_t slot = 0; slot < numSlots; ++slot)
      forEachSlot(builder, loc, *layout, getIndex(builder, loc, slot), slot,
                  body, touchesOnlyFragments);
    return;
  }
  scf::ForOp::create(
      builder, loc, getIndex(builder, loc, 0), getIndex(builder, loc, numSlots),
      getIndex(builder, loc, 1), {},
      [&](OpBuilder &nested, Location, Value slot, ValueRange) {
        forEachSlot(nested, loc, *layout, slot,
                    /*constantSlot=*/-1, body, touchesOnlyFragments);
        scf::YieldOp::create(nested, loc);
      });
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// Says that registers cannot hold a fragment, since a loop finds values of it
/// by a number that changes.
void ThreadExecutor::remarkLocal(Value fragment, int64_t count,
                                 StringRef what) {
  if (!remarked.insert(fragment).second)
    return;
  remark::missed(fragment.getLoc(), remark::RemarkOpts::name("local-fragment")
                                        .category("convert-tile-to-gpu"))
      << remark::reason("fragment kept in local memory: a thread has {0} {1}, "
                        "and loops over more than {2} are not unrolled; take a "
                        "smaller tile or more threads",
                        count, what, unrollLimit);
}

void ThreadExecutor::addFragment(OpBuilder &builder, AllocOp fragment) {
  MemRefType type = fragment.getBuffer().getType();
  auto attribute = fragment->getAttrOfType<LayoutAttr>(kLayoutAttrName);
  ThreadValueLayout layout =
      attribute ? attribute.getValue()
                : ThreadValueLayout::linear(type.getShape(), numThreads);
  int64_t numSlots = std::max<int64_t>(layout.numValues(), 1);
  Value array = memref::AllocaOp::create(
      builder, fragment.getLoc(),
      getBufferType({numSlots}, type.getElementType(), Scope::Local));
  if (!isUnrolled(layout))
    remarkLocal(fragment.getBuffer(), numSlots, "places for its elements");
  fragments.insert({fragment.getBuffer(), {array, std::move(layout)}});
}

const ThreadValueLayout *ThreadExecutor::getLayout(Value buffer) {
  auto fragment = fragments.find(buffer);
  return fragment == fragments.end() ? nullptr : &fragment->second.layout;
}

const ThreadValueLayout *ThreadExecutor::getLayout(ParallelOp op) {
  if (auto attribute = op->getAttrOfType<LayoutAttr>(kLayoutAttrName))
    return &attribute.getValue();
  bool touchesFragments =
      op.walk([&](Operation *access) {
          return llvm::any_of(
                     access->getOperands(),
                     [&](Value operand) { return isInRegisters(operand); })
                     ? WalkResult::interrupt()
                     : WalkResult::advance();
        }).wasInterrupted();
  if (!touchesFragments)
    return nullptr;
  loopLayouts.push_back(
      ThreadValueLayout::linear(op.getStaticExtents(), numThreads));
  return &loopLayouts.back();
}

Value ThreadExecutor::isWriter(OpBuilder &builder, Location loc) {
  return current.layout ? isWriter(builder, loc, *current.layout) : Value();
}

Value ThreadExecutor::isWriter(OpBuilder &builder, Location loc,
                               const ThreadValueLayout &layout) const {
  Value result, zero = getIndex(builder, loc, 0);
  for (const CoordinateTerm &term : layout.replicaTerms()) {
    Value digit = addTerms(builder, loc, term, CoordinateTerm::Source::Thread,
                           threadId, Value());
    Value test = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                       digit, zero);
    result = result ? arith::AndIOp::create(builder, loc, result, test) : test;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// The place in the private array of `buffer` of the element at `indices`.
Value ThreadExecutor::getSlot(OpBuilder &builder, Location loc, Value buffer,
                              ValueRange indices) {
  const ThreadValueLayout &layout = *getLayout(buffer);
  if (layout.numValues() > 1 && !isUnrolled(*current.layout))
    remarkLocal(buffer, current.layout->numValues(),
                "iterations of a loop over it");
  if (layout == *current.layout)
    return current.slot;
  std::optional<SmallVector<int64_t>> dims =
      getIndexDims(layout.shape(), indices, current.point);
  assert(dims && "a fragment's element that is not the iteration's own");
  auto [entry, isNew] =
      valueMaps.try_emplace({buffer.getAsOpaquePointer(), *dims});
  if (isNew) {
    std::optional<Layout> map = getValueMap(*current.layout, layout, *dims);
    assert(map && "a fragment's element that another thread holds");
    entry->second = *map;
  }
  const Layout &map = entry->second;
  if (std::optional<int64_t> slot = getConstantIntValue(current.slot))
    return getIndex(builder, loc, map(*slot));
  Value sum;
  int64_t divisor = 1;
  for (Layout::Leaf leaf : map.leaves()) {
    CoordinateTerm term{CoordinateTerm::Source::Value, divisor, leaf.extent,
                        leaf.stride, leaf.extent};
    sum = addTerms(builder, loc, term, term.source, current.slot, sum);
    divisor *= leaf.extent;
  }
  return sum ? sum : getIndex(builder, loc, 0);
}

Value ThreadExecutor::load(OpBuilder &builder, Location loc, Value buffer,
                           ValueRange indices) {
  if (isInRegisters(buffer))
    return memref::LoadOp::create(builder, loc, getPrivateArray(buffer),
                                  getSlot(builder, loc, buffer, indices));
  return memref::LoadOp::create(builder, loc, buffer, indices);
}

void ThreadExecutor::store(OpBuilder &builder, Location loc, Value value,
                           Value buffer, ValueRange indices) {
  if (isInRegisters(buffer)) {
    memref::StoreOp::create(builder, loc, value, getPrivateArray(buffer),
                            getSlot(builder, loc, buffer, indices));
    return;
  }
  guarded(builder, loc, isWriter(builder, loc), [&](OpBuilder &nested) {
    memref::StoreOp::create(nested, loc, value, buffer, indices);
  });
}

//===- VectorLoops.cpp - loops over memory in vectors -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread runs the iterations of a vector, and of a few such vectors, side by
// side: one operation of the body after another, each for all of them. Loads
// and stores become one access for a vector, everything else is done for each
// iteration by itself.
//
//===----------------------------------------------------------------------===//

#include "VectorLoops.h"
#include "ThreadPoints.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

/// About how many operations the body may become.
static constexpr int64_t kMaxOps = 512;
/// The loads that a thread has under way at most.
static constexpr int64_t kGroupSize = 4;

namespace {

/// An access of the body. `begin` is what its last index has beyond that of the
/// loop; where it does not depend on the loop's last index it is null.
struct Access {
  Operation *op;
  Value buffer;
  ValueRange indices;
  OpFoldResult begin;
};

class VectorLoop {
public:
  VectorLoop(ParallelOp op, Value threadId, int64_t numThreads)
      : op(op), threadId(threadId), numThreads(numThreads), loc(op.getLoc()),
        column(op.getInductionVars().back()) {}

  /// Why the loop cannot be done in vectors; empty when it can.
  std::string analyze();
  SmallVector<BufferRegion> getRegions() const;
  void build(OpBuilder &builder, ArrayRef<OpFoldResult> extents, int64_t width);

private:
  /// The values of one iteration, and those of the vector that it belongs to.
  struct Vector {
    ThreadPoint point;
    SmallVector<IRMapping, 0> lanes;
  };

  void hoist();
  std::string addAccess(Operation *access, Value buffer, ValueRange indices);
  bool dependsOnColumn(Value value) const { return tainted.contains(value); }
  void buildGroup(OpBuilder &b, ArrayRef<ThreadPoint> points);
  void buildLoad(OpBuilder &b, memref::LoadOp load, Vector &vector);
  void buildStore(OpBuilder &b, memref::StoreOp store, Vector &vector);
  llvm::MaybeAlign getAlignment(Type element) const;
  const Access &getAccess(Operation *access) const {
    return accesses[numbers.at(access)];
  }

  ParallelOp op;
  Value threadId;
  int64_t numThreads;
  Location loc;
  Value column;
  SmallVector<Access> accesses;
  DenseMap<Operation *, size_t> numbers;
  DenseSet<Value> tainted;
  int64_t width = 1;
};

} // namespace

/// Moves out what does not depend on the iteration.
void VectorLoop::hoist() {
  for (Operation &nested :
       llvm::make_early_inc_range(op.getBody().front().without_terminator())) {
    bool isInvariant = llvm::all_of(nested.getOperands(), [&](Value value) {
      return !op.getBody().isAncestor(value.getParentRegion());
    });
    if (isInvariant && isPure(&nested) && nested.getNumRegions() == 0)
      nested.moveBefore(op);
  }
}

std::string VectorLoop::addAccess(Operation *access, Value buffer,
                                  ValueRange indices) {
  Scope scope = tile::getScope(buffer);
  if (scope != Scope::Global && scope != Scope::Shared)
    return "a buffer of a thread is accessed";
  if (indices.empty() || !llvm::any_of(indices, [&](Value index) {
        return dependsOnColumn(index);
      })) {
    if (isa<memref::StoreOp>(access))
      return "several iterations store to one element";
    accesses.push_back({access, buffer, indices, OpFoldResult()});
    return "";
  }
  OpFoldResult begin = OpBuilder(op).getIndexAttr(0);
  Value last = indices.back();
  if (auto sum = last.getDefiningOp<arith::AddIOp>(); sum && last != column) {
    bool isFirst = sum.getLhs() == column;
    last = isFirst ? sum.getLhs() : sum.getRhs();
    Value other = isFirst ? sum.getRhs() : sum.getLhs();
    if (op.getBody().isAncestor(other.getParentRegion()))
      return "an access does not run along the last dimension of the loop";
    begin = other;
  }
  if (last != column || llvm::any_of(indices.drop_back(), [&](Value index) {
        return dependsOnColumn(index);
      }))
    return "an access does not run along the last dimension of the loop";
  accesses.push_back({access, buffer, indices, begin});
  return "";
}

std::string VectorLoop::analyze() {
  hoist();
  tainted.insert(column);
  for (Operation &nested : op.getBody().front().without_terminator()) {
    std::string reason;
    size_t number = accesses.size();
    if (auto load = dyn_cast<memref::LoadOp>(nested))
      reason = addAccess(load, load.getMemRef(), load.getIndices());
    else if (auto store = dyn_cast<memref::StoreOp>(nested))
      reason = addAccess(store, store.getMemRef(), store.getIndices());
    else if (!isPure(&nested) || nested.getNumRegions() != 0)
      reason =
          ("'" + nested.getName().getStringRef() + "' is in the body").str();
    if (!reason.empty())
      return reason;
    if (accesses.size() != number)
      numbers[&nested] = number;
    if (llvm::any_of(nested.getOperands(),
                     [&](Value value) { return dependsOnColumn(value); }))
      tainted.insert_range(nested.getResults());
  }
  bool hasVector = llvm::any_of(
      accesses, [](const Access &access) { return !!access.begin; });
  return hasVector ? "" : "no access depends on the last dimension";
}

/// The rows that are accessed, which lie inside of their buffers.
SmallVector<BufferRegion> VectorLoop::getRegions() const {
  SmallVector<BufferRegion> regions;
  for (const Access &access : accesses) {
    if (!access.begin)
      continue;
    BufferRegion region{access.buffer, {}, {}};
    for (Value index : access.indices.drop_back())
      region.leading.push_back({getAsOpFoldResult(index), OpFoldResult()});
    region.region.push_back({access.begin, OpFoldResult()});
    regions.push_back(region);
  }
  return regions;
}

llvm::MaybeAlign VectorLoop::getAlignment(Type element) const {
  int64_t bytes = element.isIndex() ? 8 : element.getIntOrFloatBitWidth() / 8;
  return llvm::MaybeAlign(width * bytes);
}

void VectorLoop::buildLoad(OpBuilder &b, memref::LoadOp load, Vector &vector) {
  const Access &access = getAccess(load);
  Type element = load.getType();
  bool isVector = !!access.begin;
  Type type = isVector ? Type(VectorType::get(width, element)) : element;
  IRMapping &first = vector.lanes.front();
  SmallVector<Value> indices =
      llvm::map_to_vector(access.indices, [&](Value index) {
        return first.lookupOrDefault(index);
      });
  auto build = [&](OpBuilder &at) -> Value {
    if (!isVector)
      return memref::LoadOp::create(at, loc, access.buffer, indices);
    return vector::LoadOp::create(at, loc, cast<VectorType>(type),
                                  access.buffer, indices,
                                  /*nontemporal=*/false, getAlignment(element));
  };
  Value value;
  if (!vector.point.exists)
    value = build(b);
  else
    value = scf::IfOp::create(
                b, loc, vector.point.exists,
                [&](OpBuilder &at, Location) {
                  scf::YieldOp::create(at, loc, build(at));
                },
                [&](OpBuilder &at, Location) {
                  Value zero = arith::ConstantOp::create(
                      at, loc, type, cast<TypedAttr>(at.getZeroAttr(type)));
                  scf::YieldOp::create(at, loc, zero);
                })
                .getResult(0);
  for (auto [i, lane] : llvm::enumerate(vector.lanes))
    lane.map(load.getResult(),
             isVector ? Value(vector::ExtractOp::create(b, loc, value, i))
                      : value);
}

void VectorLoop::buildStore(OpBuilder &b, memref::StoreOp store,
                            Vector &vector) {
  const Access &access = getAccess(store);
  Type element = store.getMemRefType().getElementType();
  IRMapping &first = vector.lanes.front();
  SmallVector<Value> indices =
      llvm::map_to_vector(access.indices, [&](Value index) {
        return first.lookupOrDefault(index);
      });
  SmallVector<Value> values =
      llvm::map_to_vector(vector.lanes, [&](IRMapping &lane) {
        return lane.lookupOrDefault(store.getValueToStore());
      });
  auto build = [&](OpBuilder &at) {
    Value value = vector::FromElementsOp::create(
        at, loc, VectorType::get(width, element), values);
    vector::StoreOp::create(at, loc, value, access.buffer, indices,
                            /*nontemporal=*/false, getAlignment(element));
  };
  if (!vector.point.exists)
    return build(b);
  scf::IfOp::create(b, loc, vector.point.exists, [&](OpBuilder &at, Location) {
    build(at);
    scf::YieldOp::create(at, loc);
  });
}

void VectorLoop::buildGroup(OpBuilder &b, ArrayRef<ThreadPoint> points) {
  SmallVector<Vector, 0> vectors;
  for (const ThreadPoint &point : points) {
    Vector vector{point, {}};
    Value begin = b.createOrFold<arith::MulIOp>(
        loc, point.indices.back(),
        arith::ConstantIndexOp::create(b, loc, width));
    for (int64_t i = 0; i < width; ++i) {
      IRMapping &lane = vector.lanes.emplace_back();
      lane.map(op.getInductionVars(), point.indices);
      lane.map(column,
               b.createOrFold<arith::AddIOp>(
                   loc, begin, arith::ConstantIndexOp::create(b, loc, i)));
    }
    vectors.push_back(std::move(vector));
  }
  for (Operation &nested : op.getBody().front().without_terminator())
    for (Vector &vector : vectors) {
      if (auto load = dyn_cast<memref::LoadOp>(nested)) {
        buildLoad(b, load, vector);
      } else if (auto store = dyn_cast<memref::StoreOp>(nested)) {
        buildStore(b, store, vector);
      } else {
        for (IRMapping &lane : vector.lanes)
          b.clone(nested, lane);
      }
    }
}

void VectorLoop::build(OpBuilder &builder, ArrayRef<OpFoldResult> extents,
                       int64_t vectorWidth) {
  width = vectorWidth;
  SmallVector<OpFoldResult> counts(extents);
  Value last = getValueOrCreateConstantIndexOp(builder, loc, extents.back());
  counts.back() = getAsOpFoldResult(builder.createOrFold<arith::DivUIOp>(
      loc, last, arith::ConstantIndexOp::create(builder, loc, width)));
  int64_t numOps = width * op.getBody().front().getOperations().size();
  int64_t groupSize =
      std::clamp<int64_t>(kMaxOps / (2 * numOps), 1, kGroupSize);
  forEachGroup(builder, loc, threadId, numThreads, counts, groupSize,
               [&](OpBuilder &b, ArrayRef<ThreadPoint> points) {
                 buildGroup(b, points);
               });
}

static bool accessesFragments(ParallelOp op) {
  return op
      .walk([](Operation *nested) {
        bool isFragment =
            llvm::any_of(nested->getOperandTypes(), [](Type type) {
              auto buffer = dyn_cast<MemRefType>(type);
              return buffer && tile::getScope(buffer) == Scope::Fragment;
            });
        return isFragment ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

bool mlir::tile::lowerParallelInVectors(
    ParallelOp op, Value threadId, int64_t numThreads,
    DivisibilityAnalysis &divisibility, OpBuilder &builder,
    function_ref<void(OpBuilder &)> buildScalarLoop) {
  // Loops over registers are done by who holds them.
  if (llvm::all_of(op.getMixedExtents(), isOneInteger) || accessesFragments(op))
    return false;
  VectorLoop loop(op, threadId, numThreads);
  std::string reason = loop.analyze();
  SmallVector<OpFoldResult> extents;
  std::optional<VectorAccess> access;
  if (reason.empty()) {
    extents = clampExtents(builder, op.getLoc(), op.getMixedExtents());
    access.emplace(builder, loop.getRegions(), ArrayRef(extents).take_back(),
                   op, divisibility);
    if (access->getNumElements() == 1)
      reason = access->getReason();
  }
  if (!reason.empty()) {
    remark::missed(
        op.getLoc(),
        remark::RemarkOpts::name("scalar-loop").category("convert-tile-to-gpu"))
        << remark::reason("elements accessed one by one: {0}", reason);
    return false;
  }
  Value condition = access->buildCondition(builder, op.getLoc());
  if (!condition) {
    loop.build(builder, extents, access->getNumElements());
    return true;
  }
  auto ifOp = scf::IfOp::create(builder, op.getLoc(), condition,
                                /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(ifOp.thenBlock());
  loop.build(builder, extents, access->getNumElements());
  builder.setInsertionPointToStart(ifOp.elseBlock());
  buildScalarLoop(builder);
  return true;
}

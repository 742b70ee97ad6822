//===- VersionLaunches.cpp - launches for aligned and other rows *- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The test is a conjunction of remainders, which DivisibilityAnalysis finds
// around the launch for aligned rows. So nothing of that is tested again when
// copies are lowered, and neither launch has the code of the other.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/Divisibility.h"
#include "tile/Dialect/Tile/Analysis/PipelineCopies.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEVERSIONLAUNCHES
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

/// The widest access of a thread.
static constexpr int64_t kMaxBytes = 16;
/// The bytes of accesses in the launch for other rows: an element.
static constexpr int64_t kFallbackBytes = 1;
/// A copy that moves less than this part of what the largest one moves does not
/// decide between versions.
static constexpr int64_t kSmallPart = 8;

namespace {

/// A copy between a buffer in global memory and one of the block.
struct TileCopy {
  /// The buffer that the host knows; the copy may use a view of it.
  Value buffer;
  Value other;
  SmallVector<int64_t> region;

  int64_t getNumBytes() const {
    return ShapedType::getNumElements(region) * getElementBytes();
  }
  int64_t getElementBytes() const;
};

/// Decides about one launch, and makes its versions.
class LaunchVersions {
public:
  LaunchVersions(LaunchOp launch, DivisibilityAnalysis &divisibility)
      : launch(launch), divisibility(divisibility), builder(launch),
        loc(launch.getLoc()) {}

  /// Returns whether there are two launches now.
  bool run();

private:
  bool findCopies();
  void addCopy(CopyOp copy);
  bool needsNeighbours(const TileCopy &copy);
  void addTests();
  void addRows(const TileCopy &copy, int64_t width);
  void test(Value number, int64_t divisor);
  Value buildCondition();
  void makeVersions();
  template <typename Op, typename... Args>
  Op make(Args &&...args) {
    auto op = Op::create(builder, loc, std::forward<Args>(args)...);
    made.push_back(op);
    return op;
  }

  LaunchOp launch;
  DivisibilityAnalysis &divisibility;
  OpBuilder builder;
  Location loc;
  SmallVector<TileCopy> copies;
  /// What each number is to be a multiple of.
  llvm::MapVector<Value, int64_t> tests;
  /// The operations that give the numbers.
  SmallVector<Operation *> made;
};

struct VersionLaunchesPass
    : public tile::impl::TileVersionLaunchesBase<VersionLaunchesPass> {
  using Base::Base;
  void runOnOperation() override;
};

} // namespace

int64_t TileCopy::getElementBytes() const {
  Type type = cast<MemRefType>(buffer.getType()).getElementType();
  return type.isIndex() ? 8 : llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

//===----------------------------------------------------------------------===//
// Which copies matter
//===----------------------------------------------------------------------===//

/// The buffer of which `buffer` is a view in the launch; null when the host
/// does not know it.
static Value getHostBuffer(Value buffer, LaunchOp launch) {
  Region &body = launch->getRegion(0);
  while (body.isAncestor(buffer.getParentRegion())) {
    auto view = buffer.getDefiningOp<ViewLikeOpInterface>();
    if (!view || view.getViewDest() != buffer)
      return Value();
    buffer = view.getViewSource();
  }
  return isa<MemRefType>(buffer.getType()) ? buffer : Value();
}

void LaunchVersions::addCopy(CopyOp copy) {
  bool isLoad = tile::getScope(copy.getSrc()) == Scope::Global;
  TypedValue<MemRefType> memory = isLoad ? copy.getSrc() : copy.getDst();
  Value other = isLoad ? copy.getDst() : copy.getSrc();
  Value buffer = getHostBuffer(memory, launch);
  SmallVector<int64_t> region = copy.getStaticRegion();
  if (tile::getScope(memory) != Scope::Global ||
      tile::getScope(other) == Scope::Global || !buffer || region.empty() ||
      ShapedType::isDynamicShape(region))
    return;
  copies.push_back({buffer, other, region});
}

/// Whether threads hold the elements of the copy in vectors, so that they move
/// single ones at a distance when no vectors are possible.
bool LaunchVersions::needsNeighbours(const TileCopy &copy) {
  return tile::getScope(copy.other) == Scope::Fragment &&
         !copy.other.getDefiningOp()->hasAttr(kLayoutAttrName) &&
         ShapedType::getNumElements(copy.region) >=
             2 * static_cast<int64_t>(launch.getThreads());
}

/// Finds the copies of tiles, if some are to or from registers whose layout is
/// free. Products would be twice the code, and their copies go through shared
/// memory, where threads that copy single elements hold neighbours in any case.
bool LaunchVersions::findCopies() {
  WalkResult result = launch.walk([&](Operation *op) {
    if (auto copy = dyn_cast<CopyOp>(op))
      addCopy(copy);
    return isa<GemmOp>(op) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return !result.wasInterrupted() &&
         llvm::any_of(copies, [&](const TileCopy &copy) {
           return needsNeighbours(copy);
         });
}

//===----------------------------------------------------------------------===//
// What the host tests
//===----------------------------------------------------------------------===//

void LaunchVersions::test(Value number, int64_t divisor) {
  if (divisor == 1 || divisibility.divides(divisor, number, launch,
                                           /*isUnsigned=*/false))
    return;
  int64_t &known = tests[number];
  known = std::max(known, divisor);
}

/// The largest power of two up to `width` that divides all that is known of the
/// rows of a buffer of type `type`.
static int64_t limitToKnown(MemRefType type, ArrayRef<int64_t> strides,
                            int64_t width) {
  auto limit = [&](int64_t number) {
    if (ShapedType::isStatic(number) && number != 0)
      width = std::min(width, number & -number);
  };
  for (int64_t dim = 0; dim + 1 < type.getRank(); ++dim)
    if (type.getDimSize(dim) != 1)
      limit(strides[dim]);
  limit(type.getShape().back());
  return width;
}

/// Adds tests for vectors of `width` elements along the rows of a buffer.
void LaunchVersions::addRows(const TileCopy &copy, int64_t width) {
  auto type = cast<MemRefType>(copy.buffer.getType());
  int64_t last = type.getRank() - 1;
  if (type.isDynamicDim(last))
    test(make<memref::DimOp>(copy.buffer, last), width);
  // Other strides are products of sizes, and the last one is a part of all.
  if (type.getLayout().isIdentity())
    return;
  auto [strides, offset] = type.getStridesAndOffset();
  auto parts = make<memref::ExtractStridedMetadataOp>(copy.buffer);
  for (int64_t dim = 0; dim < last; ++dim)
    if (ShapedType::isDynamic(strides[dim]) && type.getDimSize(dim) != 1)
      test(parts.getStrides()[dim], width);
  if (ShapedType::isDynamic(offset))
    test(parts.getOffset(), width);
}

/// Adds the tests for all copies, if some rows are not known to be aligned.
void LaunchVersions::addTests() {
  int64_t most = 0;
  for (const TileCopy &copy : copies)
    most = std::max(most, copy.getNumBytes());
  llvm::SetVector<std::pair<Value, int64_t>> bases;
  for (const TileCopy &copy : copies) {
    auto type = cast<MemRefType>(copy.buffer.getType());
    int64_t offset, bytes = copy.getElementBytes();
    SmallVector<int64_t> strides;
    if (copy.getNumBytes() * kSmallPart < most || type.getRank() == 0 ||
        bytes >= kMaxBytes ||
        failed(type.getStridesAndOffset(strides, offset)) ||
        strides.back() != 1)
      continue;
    int64_t extent = copy.region.back();
    int64_t width = std::min(kMaxBytes / bytes, extent & -extent);
    width = limitToKnown(type, strides, width);
    if (width == 1)
      continue;
    if (bases.insert({copy.buffer, width * bytes}))
      addRows(copy, width);
  }
  if (tests.empty())
    return;
  for (auto [buffer, bytes] : bases)
    test(make<memref::ExtractAlignedPointerAsIndexOp>(buffer), bytes);
}

//===----------------------------------------------------------------------===//
// The versions
//===----------------------------------------------------------------------===//

/// An i1: whether all numbers are multiples of what they are to be.
Value LaunchVersions::buildCondition() {
  Value isAligned;
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  for (auto [number, divisor] : tests) {
    Value by = arith::ConstantIndexOp::create(builder, loc, divisor);
    Value rest = arith::RemUIOp::create(builder, loc, number, by);
    Value isZero = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                         rest, zero);
    isAligned = isAligned
                    ? arith::AndIOp::create(builder, loc, isAligned, isZero)
                    : isZero;
  }
  return isAligned;
}

void LaunchVersions::makeVersions() {
  remark::passed(
      loc,
      remark::RemarkOpts::name("versions").category("tile-version-launches"))
      << remark::reason("two versions: one for rows aligned to {0} bytes, one "
                        "for all others",
                        kMaxBytes);
  auto ifOp = scf::IfOp::create(builder, loc, buildCondition(),
                                /*withElseRegion=*/true);
  builder.setInsertionPointToStart(ifOp.elseBlock());
  builder.clone(*launch)->setAttr(kFallbackAttrName,
                                  builder.getI64IntegerAttr(kFallbackBytes));
  launch->moveBefore(ifOp.thenBlock(), ifOp.thenBlock()->begin());
}

bool LaunchVersions::run() {
  if (launch->hasAttr(kFallbackAttrName) || !findCopies())
    return false;
  addTests();
  if (!tests.empty())
    makeVersions();
  for (Operation *op : llvm::reverse(made))
    if (isOpTriviallyDead(op))
      op->erase();
  return !tests.empty();
}

void VersionLaunchesPass::runOnOperation() {
  SmallVector<LaunchOp> launches;
  getOperation()->walk([&](LaunchOp launch) { launches.push_back(launch); });
  for (LaunchOp launch : launches) {
    auto func = launch->getParentOfType<func::FuncOp>();
    if (!func)
      continue;
    DivisibilityAnalysis divisibility(func, launch);
    numVersions += LaunchVersions(launch, divisibility).run();
  }
}

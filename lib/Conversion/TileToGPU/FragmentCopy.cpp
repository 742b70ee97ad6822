//===- FragmentCopy.cpp - fragments to and from memory ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread moves its elements in the vectors that the fragment's layout gives
// it, as far as VectorAccess allows. All its loads are under way before the
// first of them is converted. What VectorAccess leaves to run time is tested in
// front; the other branch moves single elements.
//
//===----------------------------------------------------------------------===//

#include "FragmentCopy.h"

#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

/// The widest access of a thread.
static constexpr int64_t kMaxBytes = 16;

namespace {

class FragmentCopy {
public:
  FragmentCopy(CopyOp op, ThreadExecutor &executor, OpBuilder &builder)
      : op(op), executor(executor), loc(op.getLoc()),
        isLoad(executor.isInRegisters(op.getDst())),
        fragment(isLoad ? op.getDst() : op.getSrc()),
        layout(*executor.getLayout(fragment)) {
    extents = getAsIndexOpFoldResult(builder.getContext(),
                                     ArrayRef(op.getStaticRegion()));
    memory = BufferRegion::get(builder, loc, isLoad ? op.getSrc() : op.getDst(),
                               isLoad ? op.getSrcIndices() : op.getDstIndices(),
                               extents.size());
  }

  void run(OpBuilder &builder, DivisibilityAnalysis &divisibility);

private:
  /// The first element of a vector, by its indices in memory, and whether it is
  /// to be moved at all (null when it surely is).
  struct Place {
    SmallVector<Value> indices;
    Value exists;
  };

  Type getMemoryType() const {
    return cast<MemRefType>(memory.buffer.getType()).getElementType();
  }
  int64_t getElementBytes() const {
    Type type = getMemoryType();
    return type.isIndex() ? 8
                          : llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
  }
  llvm::MaybeAlign getAlignment() const {
    return llvm::MaybeAlign(width * getElementBytes());
  }
  Place getPlace(OpBuilder &b, int64_t slot);
  Value loadVector(OpBuilder &b, const Place &place);
  void load(OpBuilder &b);
  void store(OpBuilder &b);

  CopyOp op;
  ThreadExecutor &executor;
  Location loc;
  bool isLoad;
  Value fragment;
  const ThreadValueLayout &layout;
  SmallVector<OpFoldResult> extents;
  BufferRegion memory;
  /// The elements that are moved at once.
  int64_t width = 1;
};

} // namespace

/// Where the vector lies that begins with value number `slot` of this thread.
FragmentCopy::Place FragmentCopy::getPlace(OpBuilder &b, int64_t slot) {
  Value number = arith::ConstantIndexOp::create(b, loc, slot);
  ThreadExecutor::Owned owned = executor.getOwned(b, loc, layout, number, slot);
  // What the region leaves out are dimensions of extent 1.
  SmallVector<Value> indices = memory.getIndices(
      b, loc, ArrayRef(owned.indices).take_back(extents.size()));
  Value inside = memory.isInside(b, loc, extents, indices);
  return {indices, allOf(b, loc, owned.exists, inside)};
}

/// What memory has at `place`, or the pad value outside of it.
Value FragmentCopy::loadVector(OpBuilder &b, const Place &place) {
  auto type = VectorType::get(width, getMemoryType());
  auto inside = [&](OpBuilder &at) -> Value {
    return vector::LoadOp::create(at, loc, type, memory.buffer, place.indices,
                                  /*nontemporal=*/false, getAlignment());
  };
  if (!place.exists)
    return inside(b);
  auto ifOp = scf::IfOp::create(
      b, loc, place.exists,
      [&](OpBuilder &at, Location) {
        scf::YieldOp::create(at, loc, inside(at));
      },
      [&](OpBuilder &at, Location) {
        Value pad = op.getPad();
        if (!pad)
          pad = getZero(at, loc, type.getElementType());
        scf::YieldOp::create(
            at, loc,
            vector::BroadcastOp::create(at, loc, type, pad).getResult());
      });
  return ifOp.getResult(0);
}

void FragmentCopy::load(OpBuilder &b) {
  Value array = executor.getPrivateArray(fragment);
  Type type = cast<MemRefType>(fragment.getType()).getElementType();
  SmallVector<Value> vectors;
  for (int64_t slot = 0; slot < layout.numValues(); slot += width)
    vectors.push_back(loadVector(b, getPlace(b, slot)));
  for (auto [number, vector] : llvm::enumerate(vectors)) {
    Value converted = convertVector(b, loc, vector, type);
    for (int64_t i = 0; i < width; ++i)
      memref::StoreOp::create(
          b, loc, vector::ExtractOp::create(b, loc, converted, i), array,
          arith::ConstantIndexOp::create(b, loc, number * width + i)
              .getResult());
  }
}

void FragmentCopy::store(OpBuilder &b) {
  Value array = executor.getPrivateArray(fragment);
  Type type = cast<MemRefType>(fragment.getType()).getElementType();
  Value isWriter = executor.isWriter(b, loc, layout);
  for (int64_t slot = 0; slot < layout.numValues(); slot += width) {
    SmallVector<Value> elements;
    for (int64_t i = 0; i < width; ++i)
      elements.push_back(memref::LoadOp::create(
          b, loc, array,
          arith::ConstantIndexOp::create(b, loc, slot + i).getResult()));
    Value vector = vector::FromElementsOp::create(
        b, loc, VectorType::get(width, type), elements);
    vector = convertVector(b, loc, vector, getMemoryType());
    Place place = getPlace(b, slot);
    auto build = [&](OpBuilder &at) {
      vector::StoreOp::create(at, loc, vector, memory.buffer, place.indices,
                              /*nontemporal=*/false, getAlignment());
    };
    Value condition = allOf(b, loc, place.exists, isWriter);
    if (!condition) {
      build(b);
      continue;
    }
    scf::IfOp::create(b, loc, condition, [&](OpBuilder &at, Location) {
      build(at);
      scf::YieldOp::create(at, loc);
    });
  }
}

void FragmentCopy::run(OpBuilder &builder, DivisibilityAnalysis &divisibility) {
  // Vectors are those of the layout, or halves of them.
  int64_t held = layout.vectorWidth(layout.rank() - 1);
  int64_t bytes = getElementBytes();
  int64_t maxBytes = std::min<int64_t>((held & -held) * bytes, kMaxBytes);
  VectorAccess access(builder, memory, extents, op, divisibility, maxBytes);
  StringRef reason =
      held == 1 ? "threads hold single elements" : access.getReason();
  if (access.getNumElements() == 1) {
    if (bytes < kMaxBytes)
      remark::missed(loc, remark::RemarkOpts::name("scalar-copy")
                              .category("convert-tile-to-gpu"))
          << remark::reason("copied element by element: {0}", reason);
    return lowerCopy(op, executor, builder);
  }
  width = access.getNumElements();
  auto build = [&](OpBuilder &b) { isLoad ? load(b) : store(b); };
  Value condition = access.buildCondition(builder, loc);
  if (!condition)
    return build(builder);
  auto ifOp =
      scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(ifOp.thenBlock());
  build(builder);
  builder.setInsertionPointToStart(ifOp.elseBlock());
  lowerCopy(op, executor, builder);
}

/// Whether `fragment` is copied as a whole, so that a point of its layout is
/// one of the region.
static bool isWhole(CopyOp op, Value fragment, ValueRange indices) {
  ArrayRef<int64_t> shape = cast<MemRefType>(fragment.getType()).getShape();
  SmallVector<int64_t> region = op.getStaticRegion();
  size_t numLeading = shape.size() - region.size();
  return !region.empty() && shape.drop_front(numLeading) == ArrayRef(region) &&
         llvm::all_of(shape.take_front(numLeading),
                      [](int64_t size) { return size == 1; }) &&
         llvm::all_of(indices, isZeroInteger);
}

bool mlir::tile::lowerFragmentCopy(CopyOp op, ThreadExecutor &executor,
                                   DivisibilityAnalysis &divisibility,
                                   OpBuilder &builder) {
  bool isLoad = executor.isInRegisters(op.getDst());
  Value fragment = isLoad ? op.getDst() : op.getSrc();
  Value memory = isLoad ? op.getSrc() : op.getDst();
  Scope scope = tile::getScope(memory);
  const ThreadValueLayout *layout = executor.getLayout(fragment);
  if (!layout || !executor.isUnrolled(*layout) ||
      (scope != Scope::Global && scope != Scope::Shared) ||
      !isWhole(op, fragment, isLoad ? op.getDstIndices() : op.getSrcIndices()))
    return false;
  FragmentCopy(op, executor, builder).run(builder, divisibility);
  return true;
}

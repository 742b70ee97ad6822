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
// Where neighbours store short vectors that lie side by side, as those of the
// accumulator of a matrix instruction, they exchange them first, so that each
// has a longer one.
//
//===----------------------------------------------------------------------===//

#include "FragmentCopy.h"
#include "Shuffle.h"

#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"
#include "tile/Layout/LaneExchange.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

/// The widest access of a thread.
static constexpr int64_t kMaxBytes = 16;

/// What a thread sends to another one at once.
static constexpr int64_t kWordBytes = 4;

/// The bytes of a row that neighbours store together without an exchange, if
/// they are enough.
static constexpr int64_t kEnoughBytes = 64;

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
  Place getPlace(OpBuilder &b, const ThreadValueLayout &held, int64_t slot);
  Value loadVector(OpBuilder &b, const Place &place);
  void load(OpBuilder &b);
  Value loadElement(OpBuilder &b, const Place &place, Value pad);
  void loadElements(OpBuilder &b);
  void copyElements(OpBuilder &b);
  Value getVector(OpBuilder &b, int64_t slot, int64_t count);
  void storeVector(OpBuilder &b, Value vector, const Place &place,
                   Value isWriter);
  void store(OpBuilder &b);
  bool shouldExchange(int64_t own) const;
  void storeExchanged(OpBuilder &b, const LaneExchange &exchange);
  bool runExchanged(OpBuilder &builder, DivisibilityAnalysis &divisibility);
  void runAlone(OpBuilder &builder, DivisibilityAnalysis &divisibility);

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
FragmentCopy::Place FragmentCopy::getPlace(OpBuilder &b,
                                           const ThreadValueLayout &held,
                                           int64_t slot) {
  Value number = arith::ConstantIndexOp::create(b, loc, slot);
  ThreadExecutor::Owned owned = executor.getOwned(b, loc, held, number, slot);
  // What the region leaves out are dimensions of extent 1.
  SmallVector<Value> indices = memory.getIndices(
      b, loc, ArrayRef(owned.indices).take_back(extents.size()));
  Value inside = memory.isInside(b, loc, extents, indices);
  return {indices, allOf(b, loc, owned.exists, inside)};
}

/// What `inside` makes where a place exists, and `outside` elsewhere. A place
/// without a test always exists.
static Value loadWhere(OpBuilder &b, Location loc, Value exists,
                       function_ref<Value(OpBuilder &)> inside,
                       function_ref<Value(OpBuilder &)> outside) {
  if (!exists)
    return inside(b);
  auto ifOp = scf::IfOp::create(
      b, loc, exists,
      [&](OpBuilder &at, Location) {
        scf::YieldOp::create(at, loc, inside(at));
      },
      [&](OpBuilder &at, Location) {
        scf::YieldOp::create(at, loc, outside(at));
      });
  return ifOp.getResult(0);
}

/// What memory has at `place`, or the pad value outside of it.
Value FragmentCopy::loadVector(OpBuilder &b, const Place &place) {
  auto type = VectorType::get(width, getMemoryType());
  auto inside = [&](OpBuilder &at) -> Value {
    return vector::LoadOp::create(at, loc, type, memory.buffer, place.indices,
                                  /*nontemporal=*/false, getAlignment());
  };
  return loadWhere(b, loc, place.exists, inside, [&](OpBuilder &at) -> Value {
    Value pad = op.getPad();
    if (!pad)
      pad = getZero(at, loc, type.getElementType());
    return vector::BroadcastOp::create(at, loc, type, pad);
  });
}

void FragmentCopy::load(OpBuilder &b) {
  Value array = executor.getPrivateArray(fragment);
  Type type = cast<MemRefType>(fragment.getType()).getElementType();
  SmallVector<Value> vectors;
  for (int64_t slot = 0; slot < layout.numValues(); slot += width)
    vectors.push_back(loadVector(b, getPlace(b, layout, slot)));
  for (auto [number, vector] : llvm::enumerate(vectors)) {
    Value converted = convertVector(b, loc, vector, type);
    for (int64_t i = 0; i < width; ++i)
      memref::StoreOp::create(
          b, loc, vector::ExtractOp::create(b, loc, converted, i), array,
          arith::ConstantIndexOp::create(b, loc, number * width + i)
              .getResult());
  }
}

/// A constant that LLVM does not see as one. It would convert elements in the
/// branch that loads them otherwise, so that each load waits for the one
/// before.
static Value hideConstant(OpBuilder &b, Location loc, Value value) {
  Type type = value.getType();
  int64_t bits = type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 0;
  if (bits != 16 && bits != 32)
    return value;
  Type word = b.getIntegerType(bits);
  Value hidden = value;
  if (type != word)
    hidden = arith::BitcastOp::create(b, loc, word, value);
  hidden = LLVM::InlineAsmOp::create(
               b, loc, TypeRange{word}, ValueRange{hidden},
               bits == 16 ? "mov.b16 $0, $1;" : "mov.b32 $0, $1;",
               bits == 16 ? "=h,h" : "=r,r", /*has_side_effects=*/false,
               /*is_align_stack=*/false, LLVM::TailCallKind::None,
               LLVM::AsmDialectAttr(), ArrayAttr())
               .getResult(0);
  return type == word
             ? hidden
             : arith::BitcastOp::create(b, loc, type, hidden).getResult();
}

/// What memory has at `place`, or `pad` outside of it.
Value FragmentCopy::loadElement(OpBuilder &b, const Place &place, Value pad) {
  auto inside = [&](OpBuilder &at) -> Value {
    return memref::LoadOp::create(at, loc, memory.buffer, place.indices);
  };
  return loadWhere(b, loc, place.exists, inside,
                   [&](OpBuilder &) { return pad; });
}

/// Loads single elements, all of them before the first is converted.
void FragmentCopy::loadElements(OpBuilder &b) {
  Value array = executor.getPrivateArray(fragment), pad = op.getPad();
  if (!pad)
    pad = getZero(b, loc, getMemoryType());
  pad = hideConstant(b, loc, pad);
  SmallVector<Value> values;
  for (int64_t slot = 0; slot < layout.numValues(); ++slot)
    values.push_back(loadElement(b, getPlace(b, layout, slot), pad));
  Type type = cast<MemRefType>(fragment.getType()).getElementType();
  for (auto [slot, value] : llvm::enumerate(values))
    memref::StoreOp::create(
        b, loc, convertElement(b, loc, value, type), array,
        arith::ConstantIndexOp::create(b, loc, slot).getResult());
}

void FragmentCopy::copyElements(OpBuilder &b) {
  if (isLoad)
    return loadElements(b);
  lowerCopy(op, executor, b);
}

/// The values from number `slot` on, in the type of the memory.
Value FragmentCopy::getVector(OpBuilder &b, int64_t slot, int64_t count) {
  Value array = executor.getPrivateArray(fragment);
  SmallVector<Value> elements;
  for (int64_t i = 0; i < count; ++i)
    elements.push_back(memref::LoadOp::create(
        b, loc, array,
        arith::ConstantIndexOp::create(b, loc, slot + i).getResult()));
  Type type = cast<MemRefType>(fragment.getType()).getElementType();
  Value vector = vector::FromElementsOp::create(
      b, loc, VectorType::get(count, type), elements);
  return convertVector(b, loc, vector, getMemoryType());
}

void FragmentCopy::storeVector(OpBuilder &b, Value vector, const Place &place,
                               Value isWriter) {
  auto build = [&](OpBuilder &at) {
    vector::StoreOp::create(at, loc, vector, memory.buffer, place.indices,
                            /*nontemporal=*/false, getAlignment());
  };
  Value condition = allOf(b, loc, place.exists, isWriter);
  if (!condition)
    return build(b);
  scf::IfOp::create(b, loc, condition, [&](OpBuilder &at, Location) {
    build(at);
    scf::YieldOp::create(at, loc);
  });
}

void FragmentCopy::store(OpBuilder &b) {
  Value isWriter = executor.isWriter(b, loc, layout);
  for (int64_t slot = 0; slot < layout.numValues(); slot += width) {
    Value vector = getVector(b, slot, width);
    storeVector(b, vector, getPlace(b, layout, slot), isWriter);
  }
}

//===----------------------------------------------------------------------===//
// Exchange
//===----------------------------------------------------------------------===//

/// Whether neighbours gain by an exchange of what they store: their vectors of
/// `own` elements are no long piece of a row.
bool FragmentCopy::shouldExchange(int64_t own) const {
  int64_t bytes = own * getElementBytes();
  Layout threads = layout.threads().coalesce();
  return !isLoad && tile::getScope(memory.buffer) == Scope::Global &&
         !getMemoryType().isIndex() && bytes % kWordBytes == 0 &&
         threads.rank() != 0 &&
         threads.leaves().front().extent * bytes < kEnoughBytes;
}

/// The vector as words.
static SmallVector<Value> toWords(OpBuilder &b, Location loc, Value vector,
                                  int64_t count) {
  auto type = VectorType::get(count, b.getI32Type());
  Value words = vector::BitCastOp::create(b, loc, type, vector);
  SmallVector<Value> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(vector::ExtractOp::create(b, loc, words, i));
  return values;
}

/// Exchanges words of vector i of thread j and of vector j of thread i, for all
/// i and j below `rows.size()`: in each step those whose numbers differ in a
/// bit, between threads that differ in it.
static void exchange(OpBuilder &b, Location loc, Value threadId,
                     MutableArrayRef<SmallVector<Value>> rows) {
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  for (size_t bit = 1; bit < rows.size(); bit *= 2) {
    Value mask = arith::ConstantIndexOp::create(b, loc, bit);
    Value digit = arith::AndIOp::create(b, loc, threadId, mask);
    Value isOdd =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, digit, zero);
    Value offset = arith::ConstantIntOp::create(b, loc, bit, /*width=*/32);
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i & bit)
        continue;
      for (auto [even, odd] : llvm::zip_equal(rows[i], rows[i | bit])) {
        Value given = arith::SelectOp::create(b, loc, isOdd, even, odd);
        Value taken = shuffle(b, loc, given, offset, gpu::ShuffleMode::XOR);
        even = arith::SelectOp::create(b, loc, isOdd, taken, even);
        odd = arith::SelectOp::create(b, loc, isOdd, odd, taken);
      }
    }
  }
}

void FragmentCopy::storeExchanged(OpBuilder &b, const LaneExchange &lanes) {
  Value isWriter = executor.isWriter(b, loc, lanes.layout);
  int64_t numWords = lanes.width * getElementBytes() / kWordBytes;
  int64_t total = lanes.count * numWords;
  for (auto [number, sources] : llvm::enumerate(lanes.sources)) {
    SmallVector<SmallVector<Value>> rows;
    for (int64_t slot : sources)
      rows.push_back(
          toWords(b, loc, getVector(b, slot, lanes.width), numWords));
    exchange(b, loc, executor.getThreadId(), rows);
    SmallVector<Value> words;
    for (ArrayRef<Value> row : rows)
      llvm::append_range(words, row);
    Value vector = vector::FromElementsOp::create(
        b, loc, VectorType::get(total, b.getI32Type()), words);
    vector = vector::BitCastOp::create(
        b, loc, VectorType::get(width, getMemoryType()), vector);
    Place place = getPlace(b, lanes.layout, number * width);
    storeVector(b, vector, place, isWriter);
  }
}

/// Stores what neighbours exchange, where that makes longer vectors. Returns
/// whether it did.
bool FragmentCopy::runExchanged(OpBuilder &builder,
                                DivisibilityAnalysis &divisibility) {
  int64_t own = layout.vectorWidth(layout.rank() - 1);
  if (!shouldExchange(own))
    return false;
  int64_t bytes = own * getElementBytes();
  for (int64_t count = kMaxBytes / bytes; count > 1; count /= 2) {
    std::optional<LaneExchange> lanes = LaneExchange::get(layout, own, count);
    if (!lanes)
      continue;
    VectorAccess access(builder, memory, extents, op, divisibility,
                        count * bytes);
    width = count * own;
    if (access.getNumElements() != width)
      continue;
    Value condition = access.buildCondition(builder, loc);
    if (!condition) {
      storeExchanged(builder, *lanes);
      return true;
    }
    auto ifOp =
        scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(ifOp.thenBlock());
    storeExchanged(builder, *lanes);
    builder.setInsertionPointToStart(ifOp.elseBlock());
    runAlone(builder, divisibility);
    return true;
  }
  return false;
}

void FragmentCopy::run(OpBuilder &builder, DivisibilityAnalysis &divisibility) {
  if (!runExchanged(builder, divisibility))
    runAlone(builder, divisibility);
}

/// Copies without the help of other threads.
void FragmentCopy::runAlone(OpBuilder &builder,
                            DivisibilityAnalysis &divisibility) {
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
    return copyElements(builder);
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
  copyElements(builder);
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

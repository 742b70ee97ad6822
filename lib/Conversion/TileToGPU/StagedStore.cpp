//===- StagedStore.cpp - fragments to tensors by the copy engine *- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of each part of the columns, the threads write what they hold to where the
// copy engine reads it, between two barriers. Before the first one the thread
// that begins the copies waits until those of the last part in the same place
// have read it; after the second one it begins those of this part. The stage
// has room for one part or several. A tensor that the copy engine cannot write
// is written by all threads instead, element by element but in the order of its
// rows, whenever the stage is full.
//
//===----------------------------------------------------------------------===//

#include "StagedStore.h"
#include "GPUTma.h"
#include "PanelPlace.h"
#include "Shuffle.h"
#include "ThreadPoints.h"

#include "tile/Conversion/Utils/BufferRegion.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"
#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Layout/Warp.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::tile;

/// The elements that a thread moves at once where the copy engine does not.
static constexpr int64_t kGroupSize = 4;
/// The address space of shared memory.
static constexpr unsigned kSharedSpace = 3;

namespace {

/// Lowers one store.
class StagedStore {
public:
  StagedStore(StagedStoreOp op, const StageLayout &held, int64_t columns,
              const StagedStores::Otherwise *otherwise,
              ThreadExecutor &executor, OpBuilder &b)
      : op(op), held(held), columns(columns), otherwise(otherwise),
        executor(executor), b(b), loc(op.getLoc()),
        layout(*executor.getLayout(op.getSrc())),
        stage(op.getStage().getType()), map(op.getMap().getType()),
        bytes(getElementBytes(stage)), threads(executor.getNumThreads()),
        leader(executor.getThreadId()) {}

  /// Lets each group store its rows; its barrier is number `barrier` + group.
  void split(int64_t barrier);
  void run(function_ref<void()> buildBarrier);

private:
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  template <typename Op>
  Value fold(Value lhs, Value rhs) {
    return b.createOrFold<Op>(loc, lhs, rhs);
  }
  template <typename Op>
  Value fold(Value lhs, int64_t rhs) {
    return b.createOrFold<Op>(loc, lhs, constant(rhs));
  }
  void forLeader(function_ref<void()> build) {
    buildForZero(b, loc, leader, build);
  }
  /// The parts that the stage has room for.
  int64_t getNumPlaces() const { return stage.getDimSize(1) / columns; }
  /// The column of the stage where part number `part` begins.
  int64_t getFirstColumn(int64_t part) const {
    return part % getNumPlaces() * columns;
  }
  Value getStageColumn(int64_t part, Value column) {
    return fold<arith::SubIOp>(column, part * columns - getFirstColumn(part));
  }
  Value getPointer(Value row, Value column);
  Value loadVector(Value slot, int64_t width);
  void writeMatrices(int64_t part);
  void writeVector(int64_t part, Value slot, int64_t constantSlot,
                   int64_t width);
  void write(int64_t part);
  int64_t getNumRows() const {
    return stage.getDimSize(0) * threads / executor.getNumThreads();
  }
  void store(int64_t part);
  Value loadElement(Value row, Value column);
  void copyElements(int64_t part);
  void leave(int64_t part, bool isLast);

  StagedStoreOp op;
  const StageLayout &held;
  /// Those of a part.
  int64_t columns;
  /// Null when the copy engine surely does the store.
  const StagedStores::Otherwise *otherwise;
  ThreadExecutor &executor;
  OpBuilder &b;
  Location loc;
  const ThreadValueLayout &layout;
  MemRefType stage;
  TensorMapType map;
  int64_t bytes;
  /// Those that meet at the barriers.
  int64_t threads;
  /// Is 0 in the thread that begins the copies.
  Value leader;
  /// The first row that those threads hold; null for 0.
  Value firstRow;
};

} // namespace

/// Where an element of the stage lies, in the panels that the boxes are. Their
/// columns are bytes here, since it is an address that is made.
Value StagedStore::getPointer(Value row, Value column) {
  int64_t width = map.getBox().back(), rowBytes = width * bytes;
  Panels panels{stage.getDimSize(1) / width, rowBytes, /*columnBytes=*/1,
                map.getSwizzle()};
  PanelPlace inRow =
      buildPanelPlace(b, loc, panels, row, fold<arith::MulIOp>(column, bytes));
  Value place = fold<arith::MulIOp>(row, rowBytes);
  if (inRow.panel)
    place = fold<arith::AddIOp>(
        place,
        fold<arith::MulIOp>(inRow.panel, stage.getDimSize(0) * rowBytes));
  place = fold<arith::AddIOp>(place, inRow.column);
  Value address = arith::AddIOp::create(
      b, loc, buildAddress(b, loc, op.getStage(), bytes), place);
  Value bits = arith::IndexCastOp::create(b, loc, b.getI32Type(), address);
  return LLVM::IntToPtrOp::create(
      b, loc, LLVM::LLVMPointerType::get(b.getContext(), kSharedSpace), bits);
}

/// The elements that this thread holds from value `slot` on, converted to those
/// of the stage.
Value StagedStore::loadVector(Value slot, int64_t width) {
  Value array = executor.getPrivateArray(op.getSrc());
  SmallVector<Value> elements;
  for (int64_t i = 0; i < width; ++i)
    elements.push_back(
        memref::LoadOp::create(b, loc, array, fold<arith::AddIOp>(slot, i)));
  auto type = VectorType::get(width, op.getSrc().getType().getElementType());
  Value vector = vector::FromElementsOp::create(b, loc, type, elements);
  return convertVector(b, loc, vector, stage.getElementType());
}

//===----------------------------------------------------------------------===//
// To the stage
//===----------------------------------------------------------------------===//

/// Writes four matrices of 8 x 8 elements at a time. Lane 8i + j says where row
/// j of number i begins, which lane 4j holds.
void StagedStore::writeMatrices(int64_t part) {
  constexpr int64_t numMatrices = 4, numRows = 8;
  Value lane = fold<arith::RemUIOp>(executor.getThreadId(), kWarpSize);
  Value holder = fold<arith::AddIOp>(
      fold<arith::SubIOp>(executor.getThreadId(), lane),
      fold<arith::MulIOp>(fold<arith::RemUIOp>(lane, numRows),
                          kWarpSize / numRows));
  Value matrix = fold<arith::DivUIOp>(lane, numRows);
  ThreadExecutor holders(holder, executor.getNumThreads(), /*unrollLimit=*/0);
  auto one = VectorType::get(1, b.getI32Type());
  for (int64_t slot = 0; slot < layout.numValues(); slot += 2 * numMatrices) {
    if (held.parts[slot] != part)
      continue;
    SmallVector<Value> sources;
    for (int64_t i = 0; i < numMatrices; ++i) {
      Value pair = loadVector(constant(slot + 2 * i), 2);
      pair = vector::BitCastOp::create(b, loc, one, pair);
      sources.push_back(vector::ExtractOp::create(b, loc, pair, 0));
    }
    Value first = fold<arith::AddIOp>(fold<arith::MulIOp>(matrix, 2), slot);
    SmallVector<Value> indices =
        holders.getOwned(b, loc, layout, first).indices;
    Value column = getStageColumn(part, indices[1]);
    NVVM::StMatrixOp::create(
        b, loc, getPointer(indices[0], column), sources, NVVM::MMALayout::row,
        NVVM::LdStMatrixShapeAttr::get(b.getContext(), numRows, numRows),
        NVVM::LdStMatrixEltType::B16);
  }
}

/// `vector`, of elements as they lie in memory, as LLVM knows them.
static Value toMemory(OpBuilder &b, Location loc, Value vector) {
  auto type = cast<VectorType>(vector.getType());
  Type element = type.getElementType();
  if (element.isIndex())
    return arith::IndexCastOp::create(b, loc, type.clone(b.getI64Type()),
                                      vector);
  int64_t bits = element.getIntOrFloatBitWidth();
  if (isa<FloatType>(element) && bits <= 8) {
    element = b.getIntegerType(bits);
    vector = arith::BitcastOp::create(b, loc, type.clone(element), vector);
  }
  if (bits % 8 == 0)
    return vector;
  Type whole = b.getIntegerType(llvm::alignTo(bits, 8));
  return arith::ExtUIOp::create(b, loc, type.clone(whole), vector);
}

/// Writes the elements from value `slot` on, if they lie in the part.
void StagedStore::writeVector(int64_t part, Value slot, int64_t constantSlot,
                              int64_t width) {
  ThreadExecutor::Owned owned =
      executor.getOwned(b, loc, layout, slot, constantSlot);
  Value condition =
      allOf(b, loc, owned.exists, executor.isWriter(b, loc, layout));
  if (constantSlot < 0 || !held.parts[constantSlot]) {
    Value isPart = arith::CmpIOp::create(
        b, loc, arith::CmpIPredicate::eq,
        fold<arith::DivUIOp>(owned.indices[1], columns), constant(part));
    condition = allOf(b, loc, condition, isPart);
  }
  OpBuilder::InsertionGuard guard(b);
  if (condition)
    b.setInsertionPointToStart(
        scf::IfOp::create(b, loc, condition, /*withElseRegion=*/false)
            .thenBlock());
  Value column = getStageColumn(part, owned.indices[1]);
  Value vector = toMemory(b, loc, loadVector(slot, width));
  LLVM::StoreOp::create(b, loc, vector, getPointer(owned.indices[0], column),
                        static_cast<unsigned>(width * bytes));
}

void StagedStore::write(int64_t part) {
  if (held.hasMatrices && bytes == 2)
    return writeMatrices(part);
  if (executor.isUnrolled(layout)) {
    int64_t width = layout.vectorWidth(1);
    width = std::min(width & -width, kSwizzleChunkBytes / bytes);
    for (int64_t slot = 0; slot < layout.numValues(); slot += width)
      if (held.parts[slot].value_or(part) == part)
        writeVector(part, constant(slot), slot, width);
    return;
  }
  auto forOp = scf::ForOp::create(b, loc, constant(0),
                                  constant(layout.numValues()), constant(1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(forOp.getBody());
  writeVector(part, forOp.getInductionVar(), /*constantSlot=*/-1, /*width=*/1);
}

//===----------------------------------------------------------------------===//
// To the tensor
//===----------------------------------------------------------------------===//

/// Begins the copies of the rows of the threads that meet.
void StagedStore::store(int64_t part) {
  int64_t rows = map.getBox().drop_back().back(), width = map.getBox().back();
  Value pointer = buildMapPointer(b, loc, op.getMap());
  for (int64_t row = 0; row < getNumRows(); row += rows)
    for (int64_t column = 0; column < columns; column += width) {
      Value from =
          firstRow ? fold<arith::AddIOp>(firstRow, row) : constant(row);
      SmallVector<Value> place(op.getCoordinates());
      Value &last = place.back(), &before = place[place.size() - 2];
      last = fold<arith::AddIOp>(last, part * columns + column);
      before = fold<arith::AddIOp>(before, from);
      SmallVector<Value> coordinates = buildBoxCoordinates(b, loc, place);
      NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp::create(
          b, loc, pointer,
          getPointer(from, constant(getFirstColumn(part) + column)),
          coordinates,
          /*l2CacheHint=*/Value(), NVVM::TMAStoreMode::TILE,
          /*predicate=*/Value());
    }
  NVVM::CpAsyncBulkCommitGroupOp::create(b, loc);
}

/// An element of the stage. LLVM knows no floats of 8 bits.
Value StagedStore::loadElement(Value row, Value column) {
  Type element = stage.getElementType();
  bool isNarrow = bytes == 1 && isa<FloatType>(element);
  Type type = isNarrow ? b.getI8Type() : element;
  Value loaded = LLVM::LoadOp::create(b, loc, type, getPointer(row, column));
  return b.createOrFold<arith::BitcastOp>(loc, element, loaded);
}

/// Copies the elements of the stage that lie in the tensor, consecutive ones by
/// consecutive threads. `part` is the last one that the stage has.
void StagedStore::copyElements(int64_t part) {
  BufferRegion tensor =
      BufferRegion::get(b, loc, otherwise->tensor, otherwise->indices, 2);
  SmallVector<OpFoldResult> all =
      getAsIndexOpFoldResult(b.getContext(), op.getSrc().getType().getShape());
  SmallVector<OpFoldResult> own = getAsIndexOpFoldResult(
      b.getContext(), {getNumRows(), getFirstColumn(part) + columns});
  int64_t first = part * columns - getFirstColumn(part);
  auto copy = [&](const ThreadPoint &point) {
    Value row = point.indices[0], column = point.indices[1];
    if (firstRow)
      row = fold<arith::AddIOp>(row, firstRow);
    Value inTile = fold<arith::AddIOp>(column, first);
    SmallVector<Value> indices = tensor.getIndices(b, loc, {row, inTile});
    Value inside =
        allOf(b, loc, point.exists, tensor.isInside(b, loc, all, indices));
    OpBuilder::InsertionGuard guard(b);
    if (inside)
      b.setInsertionPointToStart(
          scf::IfOp::create(b, loc, inside, /*withElseRegion=*/false)
              .thenBlock());
    memref::StoreOp::create(b, loc, loadElement(row, column), otherwise->tensor,
                            indices);
  };
  forEachGroup(b, loc, leader, threads, own, kGroupSize,
               [&](OpBuilder &at, ArrayRef<ThreadPoint> points) {
                 OpBuilder::InsertionGuard guard(b);
                 b.restoreInsertionPoint(at.saveInsertionPoint());
                 llvm::for_each(points, copy);
                 at.restoreInsertionPoint(b.saveInsertionPoint());
               });
}

/// Lets a part that lies in the stage leave for the tensor.
void StagedStore::leave(int64_t part, bool isLast) {
  if (!otherwise)
    return forLeader([&] { store(part); });
  bool isFull = isLast || getFirstColumn(part + 1) == 0;
  if (!otherwise->condition) {
    if (isFull)
      copyElements(part);
    return;
  }
  auto ifOp = scf::IfOp::create(b, loc, otherwise->condition,
                                /*withElseRegion=*/isFull);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(ifOp.thenBlock());
  forLeader([&] { store(part); });
  if (!isFull)
    return;
  b.setInsertionPointToStart(ifOp.elseBlock());
  copyElements(part);
}

void StagedStore::run(function_ref<void()> buildBarrier) {
  int64_t numParts = op.getSrc().getType().getDimSize(1) / columns;
  for (int64_t part = 0; part < numParts; ++part) {
    // Of the parts of this store, those in other places may be under way.
    int64_t pending = std::min(part, getNumPlaces() - 1);
    forLeader([&] {
      NVVM::CpAsyncBulkWaitGroupOp::create(b, loc, b.getI32IntegerAttr(pending),
                                           b.getUnitAttr());
    });
    buildBarrier();
    write(part);
    NVVM::FenceProxyOp::create(
        b, loc, NVVM::ProxyKind::async_shared,
        NVVM::SharedSpaceAttr::get(b.getContext(),
                                   NVVM::SharedSpace::shared_cta));
    buildBarrier();
    leave(part, part + 1 == numParts);
  }
}

void StagedStore::split(int64_t barrier) {
  threads = kStoreGroupSize;
  leader = fold<arith::RemUIOp>(executor.getThreadId(), kStoreGroupSize);
  Type i32 = b.getI32Type();
  Value group = takeFromFirstLane(
      b, loc, fold<arith::DivUIOp>(executor.getThreadId(), kStoreGroupSize));
  Value id = arith::IndexCastOp::create(b, loc, i32,
                                        fold<arith::AddIOp>(group, barrier));
  Value count = arith::ConstantIntOp::create(b, loc, i32, threads);
  firstRow = fold<arith::MulIOp>(group, stage.getDimSize(0) / held.numGroups);
  run([&] {
    NVVM::BarrierOp::create(b, loc, TypeRange(), id, count,
                            NVVM::BarrierReductionAttr(), Value());
  });
}

//===----------------------------------------------------------------------===//
// The stores of a launch
//===----------------------------------------------------------------------===//

/// Whether the groups of each store may do it alone: nothing else begins stores
/// or uses numbers of barriers that are not known here.
bool StagedStores::canSplit(gpu::LaunchOp launch) const {
  bool hasOthers =
      launch
          .walk([](Operation *op) {
            return isa<TmaStoreOp, TmaStoreCommitOp, NamedBarrierOp>(op)
                       ? WalkResult::interrupt()
                       : WalkResult::advance();
          })
          .wasInterrupted();
  return !hasOthers && llvm::all_of(stores, [](const auto &entry) {
    auto op = cast<StagedStoreOp>(entry.first);
    const StageLayout &layout = entry.second.layout;
    int64_t share = op.getStage().getType().getDimSize(0) / layout.numGroups;
    ArrayRef<int64_t> box = op.getMap().getType().getBox();
    return layout.numGroups > 1 && share % box.drop_back().back() == 0;
  });
}

void StagedStores::add(gpu::LaunchOp launch, BlockParts &blockParts) {
  parts = &blockParts;
  launch.walk([&](StagedStoreOp op) {
    Store &store = stores[op];
    const ThreadValueLayout &layout =
        *parts->getExecutor(op).getLayout(op.getSrc());
    // Those of a box, so that one is written while others are read, where it is
    // known which values of a thread lie in them.
    store.columns = op.getMap().getType().getBox().back();
    store.layout = StageLayout::get(layout, store.columns);
    if (store.layout.hasMatrices)
      return;
    store.columns = op.getStage().getType().getDimSize(1);
    store.layout = StageLayout::get(layout, store.columns);
  });
  if (!canSplit(launch))
    return;
  for (auto &[op, store] : stores)
    store.barrier = parts->addBarriers(op, store.layout.numGroups);
  // Without enough barriers nobody stores alone.
  if (llvm::any_of(stores, [](auto &entry) { return !entry.second.barrier; }))
    for (auto &[op, store] : stores)
      store.barrier.reset();
}

void StagedStores::lower(StagedStoreOp op, OpBuilder &builder) {
  const Store &store = stores.find(op)->second;
  auto copy = copies.find(op);
  StagedStore lowering(op, store.layout, store.columns,
                       copy == copies.end() ? nullptr : &copy->second,
                       parts->getExecutor(op), builder);
  if (store.barrier)
    return lowering.split(*store.barrier);
  lowering.run([&] { parts->buildBarrier(builder, op); });
}

//===- GPUTma.cpp - the copy engine and its barriers ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a block does once is done by its first thread. So the groups of stores,
// which belong to a thread, are all that thread's; those of staged stores may
// also be of the first threads of groups of warps. All threads wait for theirs.
//
//===----------------------------------------------------------------------===//

#include "GPUTma.h"

#include "tile/Conversion/Utils/VectorAccess.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Layout/Warp.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

/// Address spaces of LLVM's pointers.
static constexpr unsigned kSharedSpace = 3;
static constexpr unsigned kClusterSpace = 7;

/// What the offset of a box's buffer is a multiple of.
static int64_t getAlignment(TensorMapType map) {
  return map.getSwizzle() ? 8 * map.getSwizzle() : 128;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

static LogicalResult checkMap(Operation *op, Value map) {
  if (map.getDefiningOp<TensorMapOp>())
    return success();
  return op->emitOpError("expected a map that a 'tile.tensor_map' of the "
                         "function makes");
}

/// Checks that `buffer` lies in shared memory as `map` says.
static LogicalResult checkBuffer(Operation *op, TypedValue<TensorMapType> map,
                                 Value buffer) {
  if (failed(checkMap(op, map)))
    return failure();
  auto alloc = getRootBuffer(buffer).getDefiningOp<AllocOp>();
  if (!alloc)
    return success();
  int64_t swizzle = alloc.getSwizzle().value_or(0);
  int64_t expected = map.getType().getSwizzle();
  if (swizzle != expected) {
    InFlightDiagnostic diag = op->emitOpError("expected a buffer with a "
                                              "swizzle of ")
                              << expected << " bytes, as its map has, found "
                              << swizzle;
    diag.attachNote(alloc.getLoc()) << "the buffer is made here";
    return diag;
  }
  int64_t alignment = getAlignment(map.getType());
  int64_t offset = alloc.getOffset().value_or(0);
  if (offset % alignment == 0)
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected a buffer at a multiple "
                                            "of ")
                            << alignment << " bytes of shared memory, found "
                            << offset << "; run 'tile-plan-memory' before";
  diag.attachNote(alloc.getLoc()) << "the buffer is made here";
  return diag;
}

LogicalResult mlir::tile::checkTma(LaunchOp launch, const TargetInfo &target) {
  WalkResult result = launch.walk([&](Operation *op) {
    if (!target.hasTma &&
        isa<TmaLoadOp, TmaStoreOp, StagedStoreOp, MBarrierWaitOp>(op))
      return WalkResult(op->emitOpError("unsupported: ")
                        << target.chip
                        << " has no copy engine; run 'tile-expand-tma' before");
    if (auto load = dyn_cast<TmaLoadOp>(op))
      return WalkResult(checkBuffer(op, load.getMap(), load.getDst()));
    if (auto store = dyn_cast<TmaStoreOp>(op))
      return WalkResult(checkBuffer(op, store.getMap(), store.getSrc()));
    if (auto store = dyn_cast<StagedStoreOp>(op))
      return WalkResult(checkBuffer(op, store.getMap(), store.getStage()));
    if (auto prefetch = dyn_cast<TmaPrefetchOp>(op))
      return WalkResult(checkMap(op, prefetch.getMap()));
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

namespace {

class TmaLowering {
public:
  TmaLowering(Operation *op, Value threadId, const TargetInfo &target,
              OpBuilder &b)
      : threadId(threadId), target(target), b(b), loc(op->getLoc()) {}

  void lower(NamedBarrierOp op);
  void lower(FenceOp op);
  void lower(SetMaxRegistersOp op);
  void lower(MBarrierInitOp op);
  void lower(MBarrierArriveOp op);
  void lower(MBarrierWaitOp op);
  void lower(TmaLoadOp op);
  void lower(TmaStoreOp op);
  void lower(TmaStoreCommitOp op);
  void lower(TmaStoreWaitOp op);
  void lower(TmaPrefetchOp op);

private:
  Value constant(int64_t value) {
    return arith::ConstantIntOp::create(b, loc, b.getI32Type(), value);
  }
  Value toI32(Value index) {
    return arith::IndexCastOp::create(b, loc, b.getI32Type(), index);
  }
  void forFirstThread(function_ref<void()> build) {
    buildForZero(b, loc, threadId, build);
  }
  Value getPointer(Value buffer, ValueRange indices,
                   unsigned space = kSharedSpace);
  Value getBoxPointer(TensorMapType map, Value buffer, ValueRange indices,
                      unsigned space = kSharedSpace);

  Value threadId;
  const TargetInfo &target;
  OpBuilder &b;
  Location loc;
};

} // namespace

void mlir::tile::buildForZero(OpBuilder &b, Location loc, Value number,
                              function_ref<void()> build) {
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value isFirst =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, number, zero);
  auto ifOp = scf::IfOp::create(b, loc, isFirst, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(ifOp.thenBlock());
  build();
}

void mlir::tile::buildForWarp(OpBuilder &b, Location loc, Value threadId,
                              function_ref<void()> build) {
  NVVM::SyncWarpOp::create(
      b, loc, arith::ConstantIntOp::create(b, loc, b.getI32Type(), -1));
  Value lane = arith::RemUIOp::create(
      b, loc, threadId, arith::ConstantIndexOp::create(b, loc, kWarpSize));
  buildForZero(b, loc, lane, build);
}

Value mlir::tile::buildSharedPointer(OpBuilder &b, Location loc, Value buffer,
                                     ValueRange indices) {
  auto type = cast<MemRefType>(buffer.getType());
  Type element = type.getElementType();
  int64_t bytes = element.isIndex()
                      ? 8
                      : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  Value address = buildAddress(b, loc, buffer, bytes);
  int64_t offset;
  SmallVector<int64_t> strides;
  if (failed(type.getStridesAndOffset(strides, offset)))
    llvm_unreachable("expected a strided buffer");
  for (auto [dim, index] : llvm::enumerate(indices)) {
    Value step = arith::ConstantIndexOp::create(b, loc, strides[dim] * bytes);
    if (ShapedType::isDynamic(strides[dim]))
      step = arith::MulIOp::create(
          b, loc, arith::ConstantIndexOp::create(b, loc, bytes),
          memref::ExtractStridedMetadataOp::create(b, loc, buffer)
              .getStrides()[dim]);
    address = b.createOrFold<arith::AddIOp>(
        loc, address, b.createOrFold<arith::MulIOp>(loc, index, step));
  }
  Value bits = arith::IndexCastOp::create(b, loc, b.getI64Type(), address);
  return LLVM::IntToPtrOp::create(
      b, loc, LLVM::LLVMPointerType::get(b.getContext(), kSharedSpace), bits);
}

Value TmaLowering::getPointer(Value buffer, ValueRange indices,
                              unsigned space) {
  Value pointer = buildSharedPointer(b, loc, buffer, indices);
  if (space == kSharedSpace)
    return pointer;
  return LLVM::AddrSpaceCastOp::create(
      b, loc, LLVM::LLVMPointerType::get(b.getContext(), space), pointer);
}

/// The address of a box. The rows of a swizzled buffer are cut into panels, one
/// with all its rows behind the other.
Value TmaLowering::getBoxPointer(TensorMapType map, Value buffer,
                                 ValueRange indices, unsigned space) {
  auto type = cast<MemRefType>(buffer.getType());
  int64_t width = map.getBox().back();
  if (!map.getSwizzle() || indices.empty() || type.getShape().back() == width)
    return getPointer(buffer, indices, space);
  int64_t rowSize = type.getShape().back();
  int64_t numRows = type.getDimSize(type.getRank() - 2);
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, loc, value);
  };
  // As many elements behind the beginning of the last two dimensions as the
  // rows and panels before it have.
  Value panel =
      b.createOrFold<arith::DivUIOp>(loc, indices.back(), index(width));
  Value before = b.createOrFold<arith::AddIOp>(
      loc, b.createOrFold<arith::MulIOp>(loc, panel, index(numRows * width)),
      b.createOrFold<arith::MulIOp>(loc, indices.drop_back().back(),
                                    index(width)));
  SmallVector<Value> placed(indices.drop_back(2));
  placed.push_back(b.createOrFold<arith::DivUIOp>(loc, before, index(rowSize)));
  placed.push_back(b.createOrFold<arith::RemUIOp>(loc, before, index(rowSize)));
  return getPointer(buffer, placed, space);
}

Value mlir::tile::buildMapPointer(OpBuilder &b, Location loc, Value map) {
  return UnrealizedConversionCastOp::create(
             b, loc, LLVM::LLVMPointerType::get(b.getContext()), map)
      .getResult(0);
}

SmallVector<Value> mlir::tile::buildBoxCoordinates(OpBuilder &b, Location loc,
                                                   ValueRange coordinates) {
  SmallVector<Value> reversed;
  for (Value coordinate : llvm::reverse(coordinates))
    reversed.push_back(
        arith::IndexCastOp::create(b, loc, b.getI32Type(), coordinate));
  return reversed;
}

void TmaLowering::lower(NamedBarrierOp op) {
  NVVM::BarrierOp::create(b, loc, TypeRange(), toI32(op.getId()),
                          constant(op.getThreads()),
                          NVVM::BarrierReductionAttr(), Value());
}

void TmaLowering::lower(FenceOp op) {
  switch (op.getKind()) {
  case FenceKind::MBarrierInit:
    NVVM::FenceMbarrierInitOp::create(b, loc);
    return;
  case FenceKind::Async:
    NVVM::FenceProxyOp::create(
        b, loc,
        NVVM::ProxyKindAttr::get(b.getContext(), NVVM::ProxyKind::async),
        NVVM::SharedSpaceAttr());
    return;
  case FenceKind::AsyncShared:
    NVVM::FenceProxyOp::create(
        b, loc,
        NVVM::ProxyKindAttr::get(b.getContext(), NVVM::ProxyKind::async_shared),
        NVVM::SharedSpaceAttr::get(b.getContext(),
                                   NVVM::SharedSpace::shared_cta));
    return;
  }
  llvm_unreachable("unknown fence");
}

void TmaLowering::lower(SetMaxRegistersOp op) {
  if (!target.movesRegisters)
    return;
  NVVM::SetMaxRegisterOp::create(
      b, loc, b.getI32IntegerAttr(op.getCount()),
      NVVM::SetMaxRegisterActionAttr::get(
          b.getContext(), op.getAction() == RegisterAction::Increase
                              ? NVVM::SetMaxRegisterAction::increase
                              : NVVM::SetMaxRegisterAction::decrease));
}

void TmaLowering::lower(MBarrierInitOp op) {
  forFirstThread([&] {
    NVVM::MBarrierInitOp::create(b, loc,
                                 getPointer(op.getBarriers(), op.getIndices()),
                                 constant(op.getCount()), Value());
  });
}

void TmaLowering::lower(MBarrierArriveOp op) {
  auto arrive = [&] {
    Value pointer = getPointer(op.getBarriers(), op.getIndices());
    if (std::optional<int64_t> bytes = op.getExpect()) {
      NVVM::MBarrierArriveExpectTxOp::create(b, loc, /*res=*/Type(), pointer,
                                             constant(*bytes),
                                             NVVM::MemScopeKind::CTA,
                                             /*relaxed=*/false, Value());
      return;
    }
    NVVM::MBarrierArriveOp::create(b, loc, b.getI64Type(), pointer, Value());
  };
  switch (op.getPer()) {
  case ArrivalKind::Block:
    return forFirstThread(arrive);
  case ArrivalKind::Warp:
    // The arrival is that of all threads of the warp.
    return buildForWarp(b, loc, threadId, arrive);
  case ArrivalKind::Thread:
    return arrive();
  }
}

/// Asks again and again, without a limit for how long to be suspended, which is
/// faster than nvvm.mbarrier.try_wait.parity with one.
void TmaLowering::lower(MBarrierWaitOp op) {
  Value pointer = getPointer(op.getBarriers(), op.getIndices());
  Value address = LLVM::PtrToIntOp::create(b, loc, b.getI32Type(), pointer);
  StringRef text = "{ .reg .pred p; AGAIN${:uid}: "
                   "mbarrier.try_wait.parity.shared::cta.b64 p, [$0], $1; "
                   "@p bra DONE${:uid}; bra AGAIN${:uid}; DONE${:uid}: }";
  LLVM::InlineAsmOp::create(
      b, loc, TypeRange(), ValueRange{address, toI32(op.getParity())}, text,
      "r,r,~{memory}", /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::tailcallkind::TailCallKind::None,
      LLVM::AsmDialectAttr::get(b.getContext(), LLVM::AsmDialect::AD_ATT),
      ArrayAttr());
}

void TmaLowering::lower(TmaLoadOp op) {
  forFirstThread([&] {
    Value to = getBoxPointer(op.getMap().getType(), op.getDst(),
                             op.getDstIndices(), kClusterSpace);
    Value barrier = getPointer(op.getBarriers(), op.getIndices());
    Value map = buildMapPointer(b, loc, op.getMap());
    NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp::create(
        b, loc, to, map, buildBoxCoordinates(b, loc, op.getCoordinates()),
        barrier,
        /*im2colOffsets=*/ValueRange(), op.getMulticast(),
        /*l2CacheHint=*/Value(), NVVM::TMALoadMode::TILE,
        /*isCTAOnly=*/false, /*group=*/NVVM::CTAGroupKindAttr(),
        /*predicate=*/Value());
  });
}

void TmaLowering::lower(TmaStoreOp op) {
  forFirstThread([&] {
    Value from =
        getBoxPointer(op.getMap().getType(), op.getSrc(), op.getSrcIndices());
    Value map = buildMapPointer(b, loc, op.getMap());
    NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp::create(
        b, loc, map, from, buildBoxCoordinates(b, loc, op.getCoordinates()),
        /*l2CacheHint=*/Value(), NVVM::TMAStoreMode::TILE,
        /*predicate=*/Value());
  });
}

void TmaLowering::lower(TmaStoreCommitOp) {
  forFirstThread([&] { NVVM::CpAsyncBulkCommitGroupOp::create(b, loc); });
}

/// Several threads may have begun stores.
void TmaLowering::lower(TmaStoreWaitOp op) {
  NVVM::CpAsyncBulkWaitGroupOp::create(
      b, loc, b.getI32IntegerAttr(op.getPending()),
      op.getRead() ? b.getUnitAttr() : UnitAttr());
}

void TmaLowering::lower(TmaPrefetchOp op) {
  forFirstThread([&] {
    NVVM::PrefetchOp::create(
        b, loc, /*cacheLevel=*/NVVM::PrefetchCacheLevelAttr(),
        /*evictPriority=*/NVVM::CacheEvictionPriorityAttr(),
        buildMapPointer(b, loc, op.getMap()), /*predicate=*/Value(),
        /*tensormap=*/true,
        /*uniform=*/false, /*in_param_space=*/false);
  });
}

bool mlir::tile::lowerTma(Operation *op, Value threadId,
                          const TargetInfo &target, OpBuilder &builder) {
  TmaLowering lowering(op, threadId, target, builder);
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<NamedBarrierOp, FenceOp, SetMaxRegistersOp, MBarrierInitOp,
            MBarrierArriveOp, MBarrierWaitOp, TmaLoadOp, TmaStoreOp,
            TmaStoreCommitOp, TmaStoreWaitOp, TmaPrefetchOp>([&](auto known) {
        lowering.lower(known);
        return true;
      })
      .Default(false);
}

void mlir::tile::finishTmaStores(OpBuilder &builder, Location loc) {
  NVVM::CpAsyncBulkWaitGroupOp::create(
      builder, loc, builder.getI32IntegerAttr(0), builder.getUnitAttr());
}

//===- TileToCPU.cpp - tile ops to loops on the CPU -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The executable meaning of the dialect. One thread runs the blocks one after
// another and each op to its end before the next, so barriers vanish and every
// buffer is ordinary memory. Buffers belong to the function, not to the block:
// their content is undefined when a block begins, so blocks can share them.
//
//===----------------------------------------------------------------------===//

#include "CPUGemm.h"
#include "CPUThreads.h"

#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/AsyncCopy.h"
#include "tile/Conversion/Utils/BlockExecutor.h"
#include "tile/Conversion/Utils/HostOps.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/ThreadBuffers.h"
#include "tile/Dialect/Tile/Analysis/SharedMemoryPlan.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::tile {
#define GEN_PASS_DEF_CONVERTTILETOCPU
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

/// Buffers of at most this many bytes go to the stack.
static constexpr int64_t kMaxStackBytes = 256;

/// Refuses blocks whose parts run at the same time.
static LogicalResult checkParts(ModuleOp module) {
  WalkResult result = module.walk([](SpecializeOp op) {
    return WalkResult(op.emitOpError("unsupported on the CPU: parts of a block "
                                     "that run at the same time"));
  });
  return failure(result.wasInterrupted());
}

namespace {

/// One thread runs all iterations, in order.
class SequentialExecutor final : public BlockExecutor {
public:
  void forEach(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> extents,
               const ThreadValueLayout *, BodyFn body, bool) override {
    forEachInEveryThread(builder, loc, extents, body);
  }
  Value load(OpBuilder &builder, Location loc, Value buffer,
             ValueRange indices) override {
    return memref::LoadOp::create(builder, loc, buffer, indices);
  }
  void store(OpBuilder &builder, Location loc, Value value, Value buffer,
             ValueRange indices) override {
    memref::StoreOp::create(builder, loc, value, buffer, indices);
  }
  bool testsWholeRegion() override { return true; }
};

/// Lowers the tile ops of one function.
class FunctionLowering {
public:
  explicit FunctionLowering(func::FuncOp func)
      : func(func), rewriter(func.getContext()) {}

  void run();

private:
  Value allocate(MemRefType type);
  Value getPlanned(AllocOp op);
  void lowerBlockLevel(Operation *op);
  void lowerScalar(Operation *op);
  void require(Location loc, Value condition, StringRef message);
  void checkGrid(LaunchOp op, Value zero);
  void lowerLaunch(LaunchOp op);
  void lowerAlloc(AllocOp op);
  void lowerAllocVar(AllocVarOp op);

  func::FuncOp func;
  IRRewriter rewriter;
  SequentialExecutor executor;
  /// The shared memory of the launches whose buffers have places.
  DenseMap<Operation *, Value> arenas;
};

struct ConvertTileToCPUPass
    : public tile::impl::ConvertTileToCPUBase<ConvertTileToCPUPass> {
  void runOnOperation() override {
    if (failed(checkPlaces(getOperation())) ||
        failed(checkThreads(getOperation())) ||
        failed(checkParts(getOperation())))
      return signalPassFailure();
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isExternal())
        FunctionLowering(func).run();
    lowerViews(getOperation());
    replaceScopes(getOperation(), [](Scope) { return Attribute(); });
  }
};

} // namespace

/// Makes a buffer at the function's entry and frees it at its returns.
Value FunctionLowering::allocate(MemRefType type) {
  MemRefType plain = MemRefType::get(type.getShape(), type.getElementType());
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(&func.getBody().front());
  Location loc = func.getLoc();
  int64_t bits =
      type.getElementType().isIndex() ? 64 : type.getElementTypeBitWidth();
  IntegerAttr alignment = rewriter.getI64IntegerAttr(64);
  if (plain.getNumElements() * bits <= kMaxStackBytes * 8)
    return memref::AllocaOp::create(rewriter, loc, plain, alignment);
  Value buffer = memref::AllocOp::create(rewriter, loc, plain, alignment);
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(rewriter, loc, buffer);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value valid = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::ne,
                                      address, zero);
  int64_t bytes = plain.getNumElements() * llvm::divideCeil(bits, 8);
  require(loc, valid, ("failed to allocate " + Twine(bytes) + " bytes").str());
  for (auto returnOp : func.getOps<func::ReturnOp>()) {
    rewriter.setInsertionPoint(returnOp);
    memref::DeallocOp::create(rewriter, loc, buffer);
  }
  return buffer;
}

/// The buffer in the place that `tile-plan-memory` has given it, where it may
/// share bytes with others; null when it has none.
Value FunctionLowering::getPlanned(AllocOp op) {
  auto launch = op->getParentOfType<LaunchOp>();
  MemRefType type = op.getBuffer().getType();
  int64_t bytes = launch ? launch.getSharedBytes().value_or(0) : 0;
  if (!op.getOffset() ||
      static_cast<int64_t>(*op.getOffset()) + getNumBytes(type) > bytes)
    return Value();
  Value &arena = arenas[launch];
  if (!arena)
    arena = allocate(MemRefType::get(bytes, rewriter.getI8Type()));
  rewriter.setInsertionPoint(op);
  Value offset =
      arith::ConstantIndexOp::create(rewriter, op.getLoc(), *op.getOffset());
  return memref::ViewOp::create(
      rewriter, op.getLoc(),
      MemRefType::get(type.getShape(), type.getElementType()), arena, offset,
      ValueRange());
}

void FunctionLowering::lowerAlloc(AllocOp op) {
  if (Value planned = getPlanned(op)) {
    rewriter.replaceAllUsesWith(op.getBuffer(), planned);
    return rewriter.eraseOp(op);
  }
  rewriter.replaceAllUsesWith(op.getBuffer(),
                              allocate(op.getBuffer().getType()));
  rewriter.eraseOp(op);
}

void FunctionLowering::lowerAllocVar(AllocVarOp op) {
  Value variable = allocate(op.getVar().getType());
  rewriter.setInsertionPoint(op);
  Value init = getInitialValue(rewriter, op);
  memref::StoreOp::create(rewriter, op.getLoc(), init, variable);
  rewriter.replaceAllUsesWith(op.getVar(), variable);
  rewriter.eraseOp(op);
}

/// Makes `condition` stop the function when it does not hold.
void FunctionLowering::require(Location loc, Value condition,
                               StringRef message) {
  auto check = AssertOp::create(rewriter, loc, condition, message);
  Operation *next = check->getNextNode();
  lowerHostAssert(check, rewriter);
  rewriter.setInsertionPoint(next);
}

/// Stops the function for a grid that no target can launch.
void FunctionLowering::checkGrid(LaunchOp op, Value zero) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> cluster = op.getCluster().value_or(ArrayRef<int64_t>());
  for (auto [dim, extent] : llvm::enumerate(op.getGrid())) {
    Value valid = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::sge, extent, zero);
    require(loc, valid, "expected a grid extent of at least 0");
    if (dim >= cluster.size() || cluster[dim] == 1)
      continue;
    Value size = arith::ConstantIndexOp::create(rewriter, loc, cluster[dim]);
    Value rest = arith::RemSIOp::create(rewriter, loc, extent, size);
    Value isMultiple = arith::CmpIOp::create(
        rewriter, loc, arith::CmpIPredicate::eq, rest, zero);
    require(loc, isMultiple,
            "expected a grid that is a multiple of the cluster");
  }
}

void FunctionLowering::lowerLaunch(LaunchOp op) {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  checkGrid(op, zero);
  expandSwizzle(op, rewriter);
  // The first id changes fastest, so its loop is the innermost.
  SmallVector<Value> ids(op.getGrid().size());
  Block *body = &op.getBody().front();
  rewriter.eraseOp(body->getTerminator());
  for (size_t dim = ids.size(); dim-- > 0;) {
    auto loop = scf::ForOp::create(rewriter, loc, zero, op.getGrid()[dim], one);
    ids[dim] = loop.getInductionVar();
    rewriter.setInsertionPointToStart(loop.getBody());
  }
  if (ids.empty())
    rewriter.inlineBlockBefore(body, op, {});
  else
    rewriter.inlineBlockBefore(body, rewriter.getBlock(),
                               rewriter.getInsertionPoint(), ids);
  rewriter.eraseOp(op);
}

/// Lowers what the whole block executes; a tile.parallel's body is copied into
/// its loops as it is.
void FunctionLowering::lowerBlockLevel(Operation *op) {
  // A copy that is begun is done at once, so nothing is left to wait for.
  if (auto copy = dyn_cast<AsyncCopyOp>(op))
    op = replaceByCopy(copy, rewriter);
  rewriter.setInsertionPoint(op);
  if (lowerElementwise(op, executor, rewriter))
    return rewriter.eraseOp(op);
  if (auto gemm = dyn_cast<GemmOp>(op))
    lowerGemmOnCPU(gemm, rewriter,
                   [&](MemRefType type) { return allocate(type); });
  if (auto threads = dyn_cast<ThreadsOp>(op))
    return lowerThreadsOnCPU(threads, rewriter);
  if (isa<GemmOp, GemmWaitOp, BarrierOp, AsyncCommitOp, AsyncWaitOp>(op))
    rewriter.eraseOp(op);
}

void FunctionLowering::lowerScalar(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](LaunchOp launch) { lowerLaunch(launch); })
      .Case([&](PipelinedOp loop) { lowerPipelined(loop, rewriter); })
      .Case([&](AllocOp alloc) { lowerAlloc(alloc); })
      .Case([&](AllocVarOp var) { lowerAllocVar(var); })
      .Case([&](AtomicOp atomic) { lowerAtomic(atomic, rewriter); })
      .Case([&](AssumeOp assume) { lowerAssume(assume, rewriter); })
      .Case([&](PrintOp print) { lowerHostPrint(print, rewriter); })
      .Case([&](AssertOp check) { lowerHostAssert(check, rewriter); });
}

void FunctionLowering::run() {
  auto alloc = [&](MemRefType type) { return allocate(type); };
  func.walk([&](LaunchOp op) { expandThreadBuffers(op, rewriter, alloc); });
  SmallVector<Operation *> blockLevel, scalar;
  // A tile.parallel is copied with its body, so do not collect inside it.
  func.walk<WalkOrder::PreOrder>([&](Operation *op) {
    blockLevel.push_back(op);
    return isa<ParallelOp, ThreadsOp>(op) ? WalkResult::skip()
                                          : WalkResult::advance();
  });
  for (Operation *op : blockLevel)
    lowerBlockLevel(op);
  func.walk([&](Operation *op) { scalar.push_back(op); });
  for (Operation *op : scalar)
    lowerScalar(op);
}

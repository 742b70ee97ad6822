//===- ReductionPatterns.cpp - reductions of tile IR -----------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each pattern makes an operation simpler and keeps it valid; whether what is
// looked for is still there, the reducer finds out. Where there are steps to
// choose from, the pattern asks for each.
//
//===----------------------------------------------------------------------===//

#include "tile/Reducer/ReductionPatterns.h"
#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Reducer/ReductionPatternInterface.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::tile;

//===----------------------------------------------------------------------===//
// One step
//===----------------------------------------------------------------------===//

/// One stage, so that a loop is not pipelined.
static LogicalResult dropStages(PipelinedOp loop, PatternRewriter &rewriter) {
  if (loop.getStages() == 1)
    return failure();
  rewriter.modifyOpInPlace(loop, [&] { loop.setStages(1); });
  return success();
}

/// A launch without clusters and without an order of its blocks.
static LogicalResult dropLaunchHints(LaunchOp launch,
                                     PatternRewriter &rewriter) {
  if (!launch.getClusterAttr() && !launch.getSwizzleAttr())
    return failure();
  rewriter.modifyOpInPlace(launch, [&] {
    launch.removeClusterAttr();
    launch.removeSwizzleAttr();
  });
  return success();
}

/// A single block, where the sizes of the grid are not 1 already.
static LogicalResult shrinkGrid(LaunchOp launch, PatternRewriter &rewriter) {
  // The reducer leaves null where it removed an operand's definition.
  auto isOne = [](Value size) { return !size || matchPattern(size, m_One()); };
  if (launch.getClusterAttr() || llvm::all_of(launch.getGrid(), isOne))
    return failure();
  Value one = arith::ConstantIndexOp::create(rewriter, launch.getLoc(), 1);
  rewriter.modifyOpInPlace(launch, [&] {
    launch.getGridMutable().assign(
        SmallVector<Value>(launch.getGrid().size(), one));
  });
  return success();
}

/// A buffer without the name, the place and the layout that the user gave it.
static LogicalResult unpinBuffer(AllocOp alloc, PatternRewriter &rewriter) {
  if (!alloc.getNameAttr() && !alloc.getOffsetAttr() &&
      !alloc->hasAttr(kLayoutAttrName))
    return failure();
  rewriter.modifyOpInPlace(alloc, [&] {
    alloc.removeNameAttr();
    alloc.removeOffsetAttr();
    alloc->removeAttr(kLayoutAttrName);
  });
  return success();
}

/// A loop without a layout.
static LogicalResult unpinLoop(ParallelOp loop, PatternRewriter &rewriter) {
  if (!loop->hasAttr(kLayoutAttrName))
    return failure();
  rewriter.modifyOpInPlace(loop, [&] { loop->removeAttr(kLayoutAttrName); });
  return success();
}

/// A fill with zero in place of a copy to a whole buffer, so that what is
/// copied is no longer needed.
static LogicalResult fillInsteadOfCopy(CopyOp copy, PatternRewriter &rewriter) {
  if (!copy.getDst() || !copy.getDstIndices().empty() ||
      !copy.getExtents().empty() || copy.getStaticExtents())
    return failure();
  Type element = cast<MemRefType>(copy.getDst().getType()).getElementType();
  TypedAttr zero = rewriter.getZeroAttr(element);
  Value value =
      arith::ConstantOp::create(rewriter, copy.getLoc(), element, zero);
  rewriter.replaceOpWithNewOp<FillOp>(copy, copy.getDst(), value);
  return success();
}

//===----------------------------------------------------------------------===//
// Steps to choose from
//===----------------------------------------------------------------------===//

namespace {
/// A pattern that asks whether the module is still interesting.
template <typename OpT>
struct TestedPattern : OpRewritePattern<OpT> {
  TestedPattern(MLIRContext *context, Tester &tester)
      : OpRewritePattern<OpT>(context), tester(tester) {}

  bool isInteresting(Operation *op) const {
    auto module = op->getParentOfType<ModuleOp>();
    // The reducer also tries modules that do not verify, which is no news.
    ScopedDiagnosticHandler quiet(op->getContext(),
                                  [](Diagnostic &) { return success(); });
    return module && succeeded(verify(module)) &&
           tester.isInteresting(module).first == Tester::Interestingness::True;
  }

  Tester &tester;
};

/// The smallest number of threads that does.
struct ReduceThreads : TestedPattern<LaunchOp> {
  using TestedPattern::TestedPattern;

  LogicalResult matchAndRewrite(LaunchOp launch,
                                PatternRewriter &rewriter) const final {
    // A change that is taken back must not be announced, or the driver would
    // come back to the launch for ever.
    int64_t threads = launch.getThreads(), fewer = 1;
    for (; fewer < threads; fewer *= 2) {
      launch.setThreads(fewer);
      if (isInteresting(launch))
        break;
    }
    launch.setThreads(threads);
    if (fewer >= threads)
      return failure();
    rewriter.modifyOpInPlace(launch, [&] { launch.setThreads(fewer); });
    return success();
  }
};

/// Halves a size in the type of every buffer that a launch allocates, again and
/// again.
struct ShrinkBuffers : TestedPattern<LaunchOp> {
  using TestedPattern::TestedPattern;

  LogicalResult matchAndRewrite(LaunchOp launch,
                                PatternRewriter &rewriter) const final {
    llvm::SetVector<int64_t> sizes;
    launch.walk([&](AllocOp alloc) {
      for (int64_t size : alloc.getBuffer().getType().getShape())
        if (size > 1 && size % 2 == 0)
          sizes.insert(size);
    });
    bool changed = false;
    for (int64_t size : sizes)
      while (size % 2 == 0 && halve(launch, size)) {
        size /= 2;
        changed = true;
      }
    if (changed)
      rewriter.modifyOpInPlace(launch, [] {});
    return success(changed);
  }

private:
  /// Halves the size everywhere, or nowhere.
  bool halve(LaunchOp launch, int64_t size) const {
    SmallVector<std::pair<Value, Type>> before;
    launch.walk([&](AllocOp alloc) {
      MemRefType type = alloc.getBuffer().getType();
      before.push_back({alloc.getBuffer(), type});
      SmallVector<int64_t> shape(type.getShape());
      llvm::replace(shape, size, size / 2);
      alloc.getBuffer().setType(MemRefType::Builder(type).setShape(shape));
    });
    if (isInteresting(launch))
      return true;
    for (auto [buffer, type] : before)
      buffer.setType(type);
    return false;
  }
};

struct TileReductionInterface : DialectReductionPatternInterface {
  explicit TileReductionInterface(Dialect *dialect)
      : DialectReductionPatternInterface(dialect) {}

  void populateReductionPatterns(RewritePatternSet &patterns) const final {
    patterns.add(dropStages);
    patterns.add(dropLaunchHints);
    patterns.add(shrinkGrid);
    patterns.add(unpinBuffer);
    patterns.add(unpinLoop);
    patterns.add(fillInsteadOfCopy);
  }

  void populateReductionPatternsWithTester(RewritePatternSet &patterns,
                                           Tester &tester) const final {
    patterns.add<ReduceThreads, ShrinkBuffers>(patterns.getContext(), tester);
  }
};
} // namespace

void mlir::tile::registerReductionPatterns(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *, TileDialect *dialect) {
    dialect->addInterfaces<TileReductionInterface>();
  });
}

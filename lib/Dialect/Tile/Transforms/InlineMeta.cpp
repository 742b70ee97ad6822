//===- InlineMeta.cpp - flatten classes, objects and inline regions -------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks each function in program order and replaces what it meets. The body of
// a method is copied in front of its call, and the walk goes on with the copy;
// where it meets the copy's terminator, the call is done. So the work is linear
// in the code that results, and only regions nest calls of this pass.
//
//===----------------------------------------------------------------------===//

#include "ObjectTable.h"

#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/FoldUtils.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/DepthFirstIterator.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEINLINEMETA
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Flattens what is in one function or other op of a module.
class Flattener {
public:
  Flattener(Operation *root, SymbolTableCollection &tables, unsigned maxDepth)
      : root(root), rewriter(root->getContext()), folder(root->getContext()),
        tables(tables), objects(rewriter, tables, root), maxDepth(maxDepth) {}

  LogicalResult run();

  unsigned getNumCalls() const { return numCalls; }
  unsigned getNumObjects() const { return objects.size(); }

private:
  LogicalResult flattenRegions(Operation *op);
  LogicalResult flattenBlock(Block &block);

  // Each of these returns the op to go on with, null at the end of the block.
  FailureOr<Operation *> flattenOp(Operation *op);
  FailureOr<Operation *> flattenNew(NewOp op);
  FailureOr<Operation *> flattenInvoke(InvokeOp op);
  FailureOr<Operation *> flattenOther(Operation *op);
  FailureOr<Operation *> call(Operation *op, MethodOp method, Value object,
                              ValueRange args);
  Operation *splice(Operation *op, Block *body);
  Operation *spliceInline(InlineOp op);
  Operation *spliceTaken(scf::IfOp op, bool condition);
  Operation *finishBody(Operation *terminator);

  LogicalResult reportRecursion(Operation *op, MethodOp method);

  Operation *root;
  IRRewriter rewriter;
  OperationFolder folder;
  SymbolTableCollection &tables;
  ObjectTable objects;
  unsigned maxDepth;
  unsigned numCalls = 0;
  /// The methods whose bodies are being walked.
  SmallVector<MethodOp> stack;
};

struct InlineMetaPass : public tile::impl::TileInlineMetaBase<InlineMetaPass> {
  using Base::Base;
  void runOnOperation() override;

private:
  LogicalResult flattenModule(ModuleOp module);
};

} // namespace

/// Gives `op` and what is inside it a location that shows the call. An inline
/// region shows its own call, which leads to this one, once it is spliced.
static void setCallSite(Operation *op, Location call) {
  op->walk<WalkOrder::PreOrder>([&](Operation *nested) {
    nested->setLoc(CallSiteLoc::get(nested->getLoc(), call));
    return isa<InlineOp>(nested) ? WalkResult::skip() : WalkResult::advance();
  });
}

LogicalResult Flattener::run() {
  // What is unreachable has no order in which objects are made and used.
  (void)eraseUnreachableBlocks(rewriter, root->getRegions());
  if (failed(objects.verifyUses(root)) || failed(flattenRegions(root)))
    return failure();
  objects.erase();
  return success();
}

/// Visits the blocks depth first, which meets a block after those that
/// dominate it.
LogicalResult Flattener::flattenRegions(Operation *op) {
  for (Region &region : op->getRegions())
    if (!region.empty())
      for (Block *block : llvm::depth_first(&region.front()))
        if (failed(flattenBlock(*block)))
          return failure();
  return success();
}

LogicalResult Flattener::flattenBlock(Block &block) {
  Operation *op = block.empty() ? nullptr : &block.front();
  while (op) {
    FailureOr<Operation *> next = flattenOp(op);
    if (failed(next))
      return failure();
    op = *next;
  }
  return success();
}

FailureOr<Operation *> Flattener::flattenOp(Operation *op) {
  Operation *next = op->getNextNode();
  auto goOn = [&](LogicalResult result) -> FailureOr<Operation *> {
    if (failed(result))
      return failure();
    return next;
  };
  if (auto newOp = dyn_cast<NewOp>(op))
    return flattenNew(newOp);
  if (auto invoke = dyn_cast<InvokeOp>(op))
    return flattenInvoke(invoke);
  if (auto get = dyn_cast<GetOp>(op))
    return goOn(objects.replace(get));
  if (auto set = dyn_cast<SetOp>(op))
    return goOn(objects.replace(set));
  if (auto inlineOp = dyn_cast<InlineOp>(op))
    return spliceInline(inlineOp);
  if (next && op->hasTrait<OpTrait::IsTerminator>())
    return finishBody(op);
  return flattenOther(op);
}

/// Folds what was inlined; the user's own code stays as it is.
FailureOr<Operation *> Flattener::flattenOther(Operation *op) {
  Operation *next = op->getNextNode();
  if (!stack.empty()) {
    APInt condition;
    if (auto ifOp = dyn_cast<scf::IfOp>(op))
      if (matchPattern(ifOp.getCondition(), m_ConstantInt(&condition)))
        return spliceTaken(ifOp, condition.isOne());
    bool inPlace = false;
    if (succeeded(folder.tryToFold(op, &inPlace)) && !inPlace)
      return next;
    if (auto var = dyn_cast<AllocVarOp>(op); var && var.getName())
      var.setName(objects.getUniqueName(*var.getName()));
  }
  if (failed(objects.verifyUses(op)) || failed(flattenRegions(op)))
    return failure();
  return next;
}

FailureOr<Operation *> Flattener::flattenNew(NewOp op) {
  ClassOp cls = objects.add(op);
  auto init = dyn_cast_or_null<MethodOp>(
      cls.lookupMember(tables, rewriter.getStringAttr("init")));
  if (init)
    return call(op, init, op.getObject(), op.getArgs());
  return op->getNextNode();
}

FailureOr<Operation *> Flattener::flattenInvoke(InvokeOp op) {
  FailureOr<ClassOp> found = objects.getClass(op, op.getObject());
  if (failed(found))
    return failure();
  ClassOp cls = *found;
  SymbolRefAttr name = op.getMethodAttr();
  if (!isa<FlatSymbolRefAttr>(name))
    cls = ClassOp::lookup(tables, op,
                          FlatSymbolRefAttr::get(name.getRootReference()));
  auto method =
      cast<MethodOp>(cls.lookupMember(tables, name.getLeafReference()));
  return call(op, method, op.getObject(), op.getArgs());
}

/// Shows the methods from the last one back to the first call of it.
LogicalResult Flattener::reportRecursion(Operation *op, MethodOp method) {
  InFlightDiagnostic diag = op->emitOpError("expected calls nested at most ")
                            << maxDepth
                            << " deep; the recursion does not end at compile "
                               "time";
  for (MethodOp caller : llvm::reverse(stack)) {
    diag.attachNote(caller.getLoc())
        << "through method @" << caller.getSymName() << " of class @"
        << cast<ClassOp>(caller->getParentOp()).getSymName();
    if (caller == method)
      break;
  }
  return diag;
}

/// Copies the body of `method` in front of `op`, which stays until the walk
/// meets the end of the copy.
FailureOr<Operation *> Flattener::call(Operation *op, MethodOp method,
                                       Value object, ValueRange args) {
  if (stack.size() >= maxDepth)
    return reportRecursion(op, method);
  stack.push_back(method);
  ++numCalls;

  Block &body = method.getBody().front();
  IRMapping mapping;
  mapping.map(body.getArgument(0), object);
  mapping.map(body.getArguments().drop_front(), args);
  rewriter.setInsertionPoint(op);
  Operation *first = nullptr;
  for (Operation &nested : body) {
    Operation *copy = rewriter.clone(nested, mapping);
    setCallSite(copy, op->getLoc());
    first = first ? first : copy;
  }
  return first;
}

/// Moves the ops of `body` in front of `op`; returns the first.
Operation *Flattener::splice(Operation *op, Block *body) {
  Operation *first = &body->front();
  op->getBlock()->getOperations().splice(op->getIterator(),
                                         body->getOperations());
  return first;
}

Operation *Flattener::spliceInline(InlineOp op) {
  Block *body = &op.getBody().front();
  for (Operation &nested : *body)
    setCallSite(&nested, op.getLoc());
  for (auto [arg, operand] :
       llvm::zip_equal(body->getArguments(), op.getArgs()))
    rewriter.replaceAllUsesWith(arg, operand);
  return splice(op, body);
}

/// Keeps only the branch that is taken.
Operation *Flattener::spliceTaken(scf::IfOp op, bool condition) {
  Region &taken = condition ? op.getThenRegion() : op.getElseRegion();
  if (!taken.empty())
    return splice(op, &taken.front());
  Operation *next = op->getNextNode();
  rewriter.eraseOp(op);
  return next;
}

/// Ends a body at its terminator, which stands in front of the op that the body
/// was put there for.
Operation *Flattener::finishBody(Operation *terminator) {
  Operation *op = terminator->getNextNode();
  Operation *next = op->getNextNode();
  if (isa<NewOp, InvokeOp>(op))
    stack.pop_back();
  // The object of a tile.new stands for itself until the end.
  if (!isa<NewOp>(op))
    rewriter.replaceOp(op, terminator->getOperands());
  rewriter.eraseOp(terminator);
  return next;
}

/// Classes are those of the innermost module around their uses.
LogicalResult InlineMetaPass::flattenModule(ModuleOp module) {
  SymbolTableCollection tables;
  SmallVector<ClassOp> classes;
  for (Operation &op : *module.getBody()) {
    if (isa<ImportOp>(op))
      return op.emitOpError("expected 'tile-import' to run before "
                            "'tile-inline-meta'");
    if (auto cls = dyn_cast<ClassOp>(op)) {
      classes.push_back(cls);
      continue;
    }
    if (auto nested = dyn_cast<ModuleOp>(op)) {
      if (failed(flattenModule(nested)))
        return failure();
      continue;
    }
    Flattener flattener(&op, tables, maxDepth);
    if (failed(flattener.run()))
      return failure();
    numCalls += flattener.getNumCalls();
    numObjects += flattener.getNumObjects();
  }
  for (ClassOp cls : classes)
    cls.erase();
  return success();
}

void InlineMetaPass::runOnOperation() {
  if (failed(flattenModule(getOperation())))
    signalPassFailure();
}

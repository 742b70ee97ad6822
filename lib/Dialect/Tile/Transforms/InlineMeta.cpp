//===- InlineMeta.cpp - flatten classes, objects and inline regions -------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks each function in program order and replaces what it meets. The body of
// a method is copied in front of its call once, and what it brings is walked
// next, so the work is linear in the code that results. Objects are followed as
// SSA values: every use of one is a use of the result of its tile.new.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/FoldUtils.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEINLINEMETA
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// What is known of an object.
struct Object {
  ClassOp cls;
  NewOp origin;
  /// The variable of each scalar field, and what each reference field refers
  /// to once it is set.
  DenseMap<StringAttr, Value> fields;
};

/// A call that is being inlined.
struct Frame {
  MethodOp method;
  Location call;
};

/// Flattens what is in one function.
class Flattener {
public:
  Flattener(Operation *root, unsigned maxDepth)
      : rewriter(root->getContext()), folder(root->getContext()),
        maxDepth(maxDepth) {
    root->walk([&](AllocVarOp op) {
      if (op.getName())
        names.insert(*op.getName());
    });
  }

  LogicalResult flatten(Region &region);
  LogicalResult finish();

  unsigned getNumCalls() const { return numCalls; }
  unsigned getNumObjects() const { return objects.size(); }

private:
  LogicalResult flattenRange(Block::iterator begin, Block::iterator end);
  LogicalResult flattenOp(Operation *op);
  LogicalResult flattenNew(NewOp op);
  LogicalResult flattenInvoke(InvokeOp op);
  LogicalResult flattenGet(GetOp op);
  LogicalResult flattenSet(SetOp op);
  LogicalResult flattenInline(InlineOp op);
  LogicalResult flattenIf(scf::IfOp op);

  LogicalResult call(Operation *op, MethodOp method, Value object,
                     ValueRange args);
  LogicalResult reportRecursion(Operation *op, MethodOp method);
  FailureOr<Object *> getObject(Operation *op, Value object);
  std::string getUniqueName(StringRef name);
  LogicalResult replaceByBody(Operation *op, Block *body);

  IRRewriter rewriter;
  OperationFolder folder;
  unsigned maxDepth;
  unsigned numCalls = 0;
  llvm::MapVector<Value, Object> objects;
  SmallVector<Frame> stack;
  llvm::StringSet<> names;
};

struct InlineMetaPass : public tile::impl::TileInlineMetaBase<InlineMetaPass> {
  using Base::Base;
  void runOnOperation() override;
};

} // namespace

/// Gives `op` and what is inside it a location that shows the call.
static void setCallSite(Operation *op, Location call) {
  op->walk([&](Operation *nested) {
    nested->setLoc(CallSiteLoc::get(nested->getLoc(), call));
  });
}

std::string Flattener::getUniqueName(StringRef name) {
  std::string unique = name.str();
  for (unsigned i = 1; !names.insert(unique).second; ++i)
    unique = (name + "_" + Twine(i)).str();
  return unique;
}

/// The object behind a value; an error at `op` when it is not known.
FailureOr<Object *> Flattener::getObject(Operation *op, Value object) {
  auto *it = objects.find(object);
  if (it != objects.end())
    return &it->second;
  InFlightDiagnostic diag = op->emitOpError(
      "expected an object made by a 'tile.new' that is known at "
      "compile time");
  diag.attachNote(object.getLoc()) << "the object comes from here";
  return diag;
}

LogicalResult Flattener::flatten(Region &region) {
  for (Block &block : region)
    if (failed(flattenRange(block.begin(), block.end())))
      return failure();
  return success();
}

/// Walks ops that may be replaced while they are walked.
LogicalResult Flattener::flattenRange(Block::iterator begin,
                                      Block::iterator end) {
  while (begin != end) {
    Operation *op = &*begin++;
    if (failed(flattenOp(op)))
      return failure();
  }
  return success();
}

LogicalResult Flattener::flattenOp(Operation *op) {
  if (auto newOp = dyn_cast<NewOp>(op))
    return flattenNew(newOp);
  if (auto invoke = dyn_cast<InvokeOp>(op))
    return flattenInvoke(invoke);
  if (auto get = dyn_cast<GetOp>(op))
    return flattenGet(get);
  if (auto set = dyn_cast<SetOp>(op))
    return flattenSet(set);
  if (auto inlineOp = dyn_cast<InlineOp>(op))
    return flattenInline(inlineOp);
  // Only what was inlined is folded; the user's own code stays as it is.
  if (!stack.empty()) {
    if (auto ifOp = dyn_cast<scf::IfOp>(op))
      return flattenIf(ifOp);
    if (succeeded(folder.tryToFold(op)))
      return success();
  }
  for (Region &region : op->getRegions())
    if (failed(flatten(region)))
      return failure();
  return success();
}

LogicalResult Flattener::flattenNew(NewOp op) {
  ClassOp cls = ClassOp::lookup(op, op.getClassNameAttr());
  Object object;
  object.cls = cls;
  object.origin = op;
  StringRef prefix = op.getPrefix().value_or(cls.getSymName());
  rewriter.setInsertionPoint(op);
  SmallVector<FieldOp> fields;
  cls.getAllFields(fields);
  for (FieldOp field : fields) {
    if (field.isReference())
      continue;
    Value init;
    if (std::optional<TypedAttr> attr = field.getInit())
      init = arith::ConstantOp::create(rewriter, op.getLoc(), *attr);
    std::string name = getUniqueName((prefix + "_" + field.getSymName()).str());
    object.fields[field.getSymNameAttr()] =
        AllocVarOp::create(rewriter, op.getLoc(), field.getType(), init, name);
  }
  objects.insert({op.getObject(), std::move(object)});
  auto init = dyn_cast_or_null<MethodOp>(
      cls.lookupMember(rewriter.getStringAttr("init")));
  if (!init)
    return success();
  return call(op, init, op.getObject(), op.getArgs());
}

LogicalResult Flattener::flattenInvoke(InvokeOp op) {
  FailureOr<Object *> object = getObject(op, op.getObject());
  if (failed(object))
    return failure();
  auto method =
      cast<MethodOp>((*object)->cls.lookupMember(op.getMethodAttr().getAttr()));
  return call(op, method, op.getObject(), op.getArgs());
}

/// Shows the calls from the last one back to the first one of the same method.
LogicalResult Flattener::reportRecursion(Operation *op, MethodOp method) {
  InFlightDiagnostic diag = op->emitOpError("expected calls nested at most ")
                            << maxDepth
                            << " deep; the recursion does not end at compile "
                               "time";
  for (Frame &frame : llvm::reverse(stack)) {
    diag.attachNote(frame.method.getLoc())
        << "through method @" << frame.method.getSymName() << " of class @"
        << cast<ClassOp>(frame.method->getParentOp()).getSymName();
    if (frame.method == method)
      break;
  }
  return diag;
}

/// Copies the body of `method` in front of `op`, walks it, and replaces the
/// results of an invoke.
LogicalResult Flattener::call(Operation *op, MethodOp method, Value object,
                              ValueRange args) {
  if (stack.size() >= maxDepth)
    return reportRecursion(op, method);
  stack.push_back({method, op->getLoc()});
  auto pop = llvm::scope_exit([&] { stack.pop_back(); });
  ++numCalls;

  Block &body = method.getBody().front();
  IRMapping mapping;
  mapping.map(body.getArgument(0), object);
  mapping.map(body.getArguments().drop_front(), args);
  rewriter.setInsertionPoint(op);
  Operation *before = op->getPrevNode();
  for (Operation &nested : body.without_terminator())
    setCallSite(rewriter.clone(nested, mapping), op->getLoc());
  // Folding may replace what the method returns, so it stays an operand of an
  // op while the body is walked.
  SmallVector<Value> returned = llvm::map_to_vector(
      body.getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookupOrDefault(value); });
  auto holder = ReturnOp::create(rewriter, op->getLoc(), returned);
  Block::iterator begin =
      before ? std::next(before->getIterator()) : op->getBlock()->begin();
  LogicalResult result = flattenRange(begin, holder->getIterator());
  if (isa<InvokeOp>(op) && succeeded(result))
    rewriter.replaceOp(op, holder.getResults());
  rewriter.eraseOp(holder);
  return result;
}

LogicalResult Flattener::flattenGet(GetOp op) {
  FailureOr<Object *> object = getObject(op, op.getObject());
  if (failed(object))
    return failure();
  Value value = (*object)->fields.lookup(op.getFieldAttr().getAttr());
  if (!value) {
    InFlightDiagnostic diag = op.emitOpError("expected reference field ")
                              << op.getFieldAttr()
                              << " to be set before it is read";
    diag.attachNote((*object)->origin.getLoc()) << "the object is made here";
    return diag;
  }
  auto field =
      cast<FieldOp>((*object)->cls.lookupMember(op.getFieldAttr().getAttr()));
  rewriter.setInsertionPoint(op);
  if (!field.isReference())
    value = memref::LoadOp::create(rewriter, op.getLoc(), value);
  rewriter.replaceOp(op, value);
  return success();
}

LogicalResult Flattener::flattenSet(SetOp op) {
  FailureOr<Object *> object = getObject(op, op.getObject());
  if (failed(object))
    return failure();
  StringAttr name = op.getFieldAttr().getAttr();
  auto field = cast<FieldOp>((*object)->cls.lookupMember(name));
  if (!field.isReference()) {
    rewriter.setInsertionPoint(op);
    memref::StoreOp::create(rewriter, op.getLoc(), op.getValue(),
                            (*object)->fields.lookup(name));
    rewriter.eraseOp(op);
    return success();
  }
  Value &reference = (*object)->fields[name];
  bool isConditional = op->getBlock() != (*object)->origin->getBlock();
  if (reference || isConditional) {
    InFlightDiagnostic diag = op.emitOpError("expected reference field ")
                              << op.getFieldAttr()
                              << " to be set once, in the block where its "
                                 "object is made";
    diag.attachNote((*object)->origin.getLoc()) << "the object is made here";
    return diag;
  }
  reference = op.getValue();
  rewriter.eraseOp(op);
  return success();
}

/// Puts the ops of `body` in front of `op`, walks them, and replaces `op` by
/// what the terminator returns, which holds the results until then.
LogicalResult Flattener::replaceByBody(Operation *op, Block *body) {
  Operation *first = &body->front();
  Operation *terminator = body->getTerminator();
  op->getBlock()->getOperations().splice(op->getIterator(),
                                         body->getOperations());
  if (failed(flattenRange(first->getIterator(), terminator->getIterator())))
    return failure();
  rewriter.replaceOp(op, terminator->getOperands());
  rewriter.eraseOp(terminator);
  return success();
}

LogicalResult Flattener::flattenInline(InlineOp op) {
  Block *body = &op.getBody().front();
  for (Operation &nested : *body)
    setCallSite(&nested, op.getLoc());
  for (auto [arg, operand] :
       llvm::zip_equal(body->getArguments(), op.getArgs()))
    rewriter.replaceAllUsesWith(arg, operand);
  return replaceByBody(op, body);
}

/// Keeps only the branch taken when the condition is known.
LogicalResult Flattener::flattenIf(scf::IfOp op) {
  APInt condition;
  if (!matchPattern(op.getCondition(), m_ConstantInt(&condition))) {
    for (Region &region : op->getRegions())
      if (failed(flatten(region)))
        return failure();
    return success();
  }
  Region &taken = condition.isOne() ? op.getThenRegion() : op.getElseRegion();
  if (!taken.empty())
    return replaceByBody(op, &taken.front());
  rewriter.eraseOp(op);
  return success();
}

/// Erases the objects, the last one first; one that is still used has escaped.
LogicalResult Flattener::finish() {
  for (auto &[value, object] : llvm::reverse(objects)) {
    if (!value.use_empty()) {
      Operation *user = *value.user_begin();
      InFlightDiagnostic diag = user->emitError("an object escapes: expected "
                                                "only uses by tile ops that "
                                                "work on it, found '")
                                << user->getName() << "'";
      diag.attachNote(object.origin.getLoc()) << "the object is made here";
      return diag;
    }
    rewriter.eraseOp(object.origin);
  }
  return success();
}

void InlineMetaPass::runOnOperation() {
  SmallVector<ClassOp> classes(getOperation().getOps<ClassOp>());
  for (Operation &op : llvm::make_early_inc_range(*getOperation().getBody())) {
    if (isa<ClassOp>(op))
      continue;
    Flattener flattener(&op, maxDepth);
    for (Region &region : op.getRegions())
      if (failed(flattener.flatten(region)))
        return signalPassFailure();
    if (failed(flattener.finish()))
      return signalPassFailure();
    numCalls += flattener.getNumCalls();
    numObjects += flattener.getNumObjects();
  }
  for (ClassOp cls : classes)
    cls.erase();
}

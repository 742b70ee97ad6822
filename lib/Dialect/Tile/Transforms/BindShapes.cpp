//===- BindShapes.cpp - bind the symbols of annotations to arguments ------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function has sites: places where an annotation says what a scalar, a
// size or a stride of an argument is, in symbols. Sites that are a symbol alone
// bind it, scalars first; then those with one unknown are solved until nothing
// changes. All other sites are checked when the function runs.
//
// A tensor that the body never touches may be absent. It binds only what no
// other argument binds, and is checked only where it is present.
//
//===----------------------------------------------------------------------===//

#include "CheckedExpr.h"
#include "ShapeSites.h"

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEBINDSHAPES
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// The value of a symbol.
struct Binding {
  Value value;
  /// An i1 that is false when the arguments that give the value are absent.
  /// Null when it is always known.
  Value isKnown;
  /// Whether the value is the size of a tensor, which is not negative.
  bool isSize = false;
};

/// Binds the symbols of one function.
class Binder {
public:
  explicit Binder(func::FuncOp func)
      : func(func), loc(func.getLoc()), builder(func.getContext()) {
    builder.setInsertionPointToStart(&func.getBody().front());
  }

  LogicalResult run();
  unsigned getNumSymbols() const { return bindings.size(); }
  unsigned getNumChecks() const { return numChecks; }

private:
  void findUses();
  bool isOptional(BlockArgument arg) const { return present.contains(arg); }
  void checkTensors();
  void checkIsGiven(BlockArgument arg);
  void checkExtents(BlockArgument arg);
  Value buildPresent(BlockArgument arg);

  void bindNames(ShapeSite::Kind kind);
  void bindOptionalNames(ShapeSite::Kind kind);
  bool solve(ShapeSite &site, bool optional);
  std::optional<unsigned> findUnknown(const ShapeSite &site);
  void requireKnown(StringAttr symbol, Value isKnown, const Twine &where);
  LogicalResult checkAllBound();
  void checkSymbols();
  void checkSite(ShapeSite &site);
  LogicalResult replaceSymbols();

  Value getActual(ShapeSite &site);
  SmallVector<Value> getValues(const ShapeSite &site);
  Value buildIsKnown(const ShapeSite &site);
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpIOp::create(builder, loc, predicate, lhs, rhs);
  }
  void emitCheck(Value condition, const Twine &message, ValueRange values,
                 Value guard = {});

  func::FuncOp func;
  Location loc;
  OpBuilder builder;
  SmallVector<ShapeSite> sites;
  llvm::MapVector<StringAttr, Binding> bindings;
  /// Whether each tensor that may be absent is present.
  DenseMap<BlockArgument, Value> present;
  /// The symbols without which the function cannot run.
  DenseSet<StringAttr> needed;
  unsigned numChecks = 0;
};

struct BindShapesPass : public tile::impl::TileBindShapesBase<BindShapesPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal())
        continue;
      Binder binder(func);
      if (failed(binder.run()))
        return signalPassFailure();
      numSymbols += binder.getNumSymbols();
      numChecks += binder.getNumChecks();
    }
  }
};

} // namespace

/// Emits a check that holds too where `guard` does not.
void Binder::emitCheck(Value condition, const Twine &message, ValueRange values,
                       Value guard) {
  if (guard)
    condition = arith::OrIOp::create(builder, loc,
                                     buildNot(builder, loc, guard), condition);
  AssertOp::create(builder, loc, condition, builder.getStringAttr(message),
                   values);
  ++numChecks;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// Whether the caller passes this argument as a tensor in global memory.
static bool isTensor(Attribute annotation) {
  return isa_and_nonnull<TensorAnnotationAttr, StridedTensorAnnotationAttr,
                         BufferAnnotationAttr, PtrAnnotationAttr>(annotation);
}

/// An absent tensor has a null address and -1 for every size that its type does
/// not fix.
Value Binder::buildPresent(BlockArgument arg) {
  auto type = cast<MemRefType>(arg.getType());
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, arg);
  Value isPresent = compare(arith::CmpIPredicate::ne, address, constant(0));
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    Value size = memref::DimOp::create(builder, loc, arg, dim);
    Value isSize = compare(arith::CmpIPredicate::ne, size, constant(-1));
    isPresent = arith::OrIOp::create(builder, loc, isPresent, isSize);
  }
  return isPresent;
}

/// Only a tensor without elements may have a null address.
void Binder::checkIsGiven(BlockArgument arg) {
  auto type = cast<MemRefType>(arg.getType());
  if (llvm::is_contained(type.getShape(), 0))
    return;
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, arg);
  Value zero = constant(0);
  Value isGiven = compare(arith::CmpIPredicate::ne, address, zero);
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    Value size = memref::DimOp::create(builder, loc, arg, dim);
    Value isEmpty = compare(arith::CmpIPredicate::eq, size, zero);
    isGiven = arith::OrIOp::create(builder, loc, isGiven, isEmpty);
  }
  emitCheck(isGiven, describeArgument(arg) + ": expected a tensor, found none",
            {});
}

/// Sizes are not negative, and all bytes have an address.
void Binder::checkExtents(BlockArgument arg) {
  auto type = cast<MemRefType>(arg.getType());
  if (type.hasStaticShape())
    return;
  int64_t elementBytes = DataLayout().getTypeSize(type.getElementType());
  CheckedValue bytes{constant(elementBytes), Value()};
  SmallVector<Value> sizes;
  Value isValid;
  std::string shape;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    Value size = memref::DimOp::create(builder, loc, arg, dim);
    sizes.push_back(size);
    shape += dim ? " x {}" : "{}";
    bytes = buildCheckedMul(builder, loc, bytes, {size, Value()});
    if (type.isDynamicDim(dim))
      isValid = buildAnd(builder, loc, isValid,
                         compare(arith::CmpIPredicate::sge, size, constant(0)));
  }
  emitCheck(buildAnd(builder, loc, isValid, bytes.isValid),
            describeArgument(arg) +
                ": expected sizes of at least 0 and less than 2^63 bytes in "
                "all, found " +
                shape,
            sizes, present.lookup(arg));
}

/// Checks what the caller of an entry function passes as tensors. A function
/// that is to be inlined gets what has been checked already.
void Binder::checkTensors() {
  if (!func.isPublic())
    return;
  for (BlockArgument arg : func.getArguments()) {
    if (!isTensor(func.getArgAttr(arg.getArgNumber(), kAnnotationAttrName)))
      continue;
    if (arg.use_empty())
      present[arg] = buildPresent(arg);
    else
      checkIsGiven(arg);
    checkExtents(arg);
  }
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

Value Binder::getActual(ShapeSite &site) {
  if (site.actual)
    return site.actual;
  Location loc = site.arg.getLoc();
  if (std::optional<int64_t> number = site.getFixedByType())
    return site.actual = constant(*number);
  switch (site.kind) {
  case ShapeSite::Scalar:
    site.actual = buildIndex(builder, site.arg);
    break;
  case ShapeSite::Size:
    site.actual = memref::DimOp::create(builder, loc, site.arg, site.dim);
    break;
  case ShapeSite::Stride:
    site.actual =
        memref::ExtractStridedMetadataOp::create(builder, loc, site.arg)
            .getStrides()[site.dim];
  }
  return site.actual;
}

/// Finds the symbols that the body or an argument that is always present needs.
void Binder::findUses() {
  func.walk([&](SymbolOp op) { needed.insert(op.getNameAttr()); });
  for (ShapeSite &site : sites)
    if (!isOptional(site.arg))
      needed.insert_range(site.expected.getSymbols());
}

/// Binds the symbols that stand alone in sites of one kind, in arguments that
/// are always present. A scalar that is no integer has a name, but no size can
/// be it.
void Binder::bindNames(ShapeSite::Kind kind) {
  for (ShapeSite &site : sites) {
    StringAttr symbol = site.expected.getSymbol();
    bool isInteger =
        kind != ShapeSite::Scalar || site.arg.getType().isIntOrIndex();
    if (site.kind != kind || !symbol || !isInteger || isOptional(site.arg) ||
        bindings.count(symbol))
      continue;
    bindings.insert(
        {symbol, {getActual(site), Value(), kind == ShapeSite::Size}});
    site.isBinding = true;
  }
}

/// Binds the symbols that stand alone in sites of one kind to the first of
/// their arguments that is present.
void Binder::bindOptionalNames(ShapeSite::Kind kind) {
  llvm::MapVector<StringAttr, SmallVector<ShapeSite *>> candidates;
  for (ShapeSite &site : sites) {
    StringAttr symbol = site.expected.getSymbol();
    if (site.kind == kind && symbol && isOptional(site.arg) &&
        !bindings.count(symbol))
      candidates[symbol].push_back(&site);
  }
  for (auto &[symbol, list] : candidates) {
    Value value = constant(0), isKnown;
    std::string where;
    for (ShapeSite *site : llvm::reverse(list)) {
      Value isPresent = present.lookup(site->arg);
      value = arith::SelectOp::create(builder, loc, isPresent, getActual(*site),
                                      value);
      isKnown = isKnown ? arith::OrIOp::create(builder, loc, isPresent, isKnown)
                              .getResult()
                        : isPresent;
      where =
          describeArgument(site->arg) + (where.empty() ? "" : " or ") + where;
    }
    list.front()->isBinding = true;
    requireKnown(symbol, isKnown, where);
    bindings.insert({symbol, {value, isKnown, kind == ShapeSite::Size}});
  }
}

/// Checks that an argument is present that a needed symbol is known from.
void Binder::requireKnown(StringAttr symbol, Value isKnown,
                          const Twine &where) {
  if (isKnown && needed.contains(symbol))
    emitCheck(isKnown,
              where + ": expected a tensor, since symbol " + symbol.getValue() +
                  " is known from it, found none",
              {});
}

/// The only symbol of the site that is not bound yet, by its position.
std::optional<unsigned> Binder::findUnknown(const ShapeSite &site) {
  std::optional<unsigned> unknown;
  for (auto [i, symbol] : llvm::enumerate(site.expected.getSymbols())) {
    if (bindings.count(symbol))
      continue;
    if (unknown)
      return std::nullopt;
    unknown = i;
  }
  return unknown;
}

/// An expression that is linear in one symbol: `coefficient * symbol + rest`.
struct LinearForm {
  int64_t coefficient;
  AffineExpr rest;
};

static std::optional<LinearForm>
getLinearForm(AffineExpr expr, unsigned position, unsigned numSymbols) {
  MLIRContext *context = expr.getContext();
  AffineExpr symbol = getAffineSymbolExpr(position, context);
  auto simplify = [&](AffineExpr e) {
    return simplifyAffineExpr(e, /*numDims=*/0, numSymbols);
  };
  auto substitute = [&](int64_t value) {
    return simplify(
        expr.replace(symbol, getAffineConstantExpr(value, context)));
  };
  AffineExpr rest = substitute(0);
  auto coefficient =
      dyn_cast<AffineConstantExpr>(simplify(substitute(1) - rest));
  if (!coefficient || coefficient.getValue() == 0)
    return std::nullopt;
  if (simplify(expr - coefficient * symbol - rest) !=
      getAffineConstantExpr(0, context))
    return std::nullopt;
  return LinearForm{coefficient.getValue(), rest};
}

/// Binds the only unknown of a site, if there is just one and the expression is
/// linear in it.
bool Binder::solve(ShapeSite &site, bool optional) {
  // A scalar's name is bound already, or it is no integer.
  std::optional<unsigned> unknown = findUnknown(site);
  if (site.kind == ShapeSite::Scalar || isOptional(site.arg) != optional ||
      !unknown)
    return false;
  ArrayRef<StringAttr> symbols = site.expected.getSymbols();
  std::optional<LinearForm> form =
      getLinearForm(site.expected.getExpr(), *unknown, symbols.size());
  if (!form)
    return false;

  StringAttr symbol = symbols[*unknown];
  Value isKnown = buildIsKnown(site);
  // What the unknown contributes is the actual number less the rest.
  SmallVector<Value> values = getValues(site);
  values.push_back(getActual(site));
  AffineExpr actual = builder.getAffineSymbolExpr(symbols.size());
  CheckedValue scaled = buildChecked(builder, loc, actual - form->rest, values);
  Value factor = constant(form->coefficient);
  Value value = arith::DivSIOp::create(builder, loc, scaled.value, factor);
  Value remainder = arith::RemSIOp::create(builder, loc, scaled.value, factor);
  Value isExact = compare(arith::CmpIPredicate::eq, remainder, constant(0));
  emitCheck(buildAnd(builder, loc, isExact, scaled.isValid),
            describeSite(site) + ": expected a value that is " +
                site.getExpectedText() + " for some " + symbol.getValue() +
                ", found {}",
            getActual(site), isKnown);
  requireKnown(symbol, isKnown, describeArgument(site.arg));
  bindings.insert({symbol, {value, isKnown}});
  site.isBinding = true;
  return true;
}

/// Refuses a symbol that nothing bound, with a note at each place it stands.
LogicalResult Binder::checkAllBound() {
  for (ShapeSite &site : sites)
    for (StringAttr symbol : site.expected.getSymbols()) {
      if (bindings.count(symbol) || site.kind == ShapeSite::Scalar)
        continue;
      InFlightDiagnostic diag =
          func.emitOpError("cannot bind symbol ")
          << symbol
          << ": expected an argument, a size or a stride that is the symbol "
             "itself or linear in it with all else known";
      for (ShapeSite &use : sites)
        if (llvm::is_contained(use.expected.getSymbols(), symbol))
          diag.attachNote(use.arg.getLoc())
              << describeSite(use) << " is " << use.getExpectedText();
      return diag;
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Checks and replacement
//===----------------------------------------------------------------------===//

/// The values of the site's symbols, zero for one that is not bound.
SmallVector<Value> Binder::getValues(const ShapeSite &site) {
  return llvm::map_to_vector(site.expected.getSymbols(), [&](StringAttr name) {
    auto *it = bindings.find(name);
    return it == bindings.end() ? constant(0) : it->second.value;
  });
}

/// Whether the site's argument is present and its symbols are known; null when
/// always.
Value Binder::buildIsKnown(const ShapeSite &site) {
  Value isKnown = present.lookup(site.arg);
  for (StringAttr name : site.expected.getSymbols())
    isKnown = buildAnd(builder, loc, isKnown, bindings.lookup(name).isKnown);
  return isKnown;
}

/// A symbol that stands in a size is not negative. What is itself the size of a
/// tensor has been checked with the tensor.
void Binder::checkSymbols() {
  DenseSet<StringAttr> inSizes;
  for (ShapeSite &site : sites)
    if (site.kind == ShapeSite::Size)
      inSizes.insert_range(site.expected.getSymbols());
  for (auto &[symbol, binding] : bindings) {
    if (binding.isSize || !inSizes.contains(symbol))
      continue;
    Value isValid =
        compare(arith::CmpIPredicate::sge, binding.value, constant(0));
    emitCheck(isValid,
              "expected symbol " + symbol.getValue() +
                  " of at least 0, found {}",
              binding.value);
  }
}

void Binder::checkSite(ShapeSite &site) {
  bool isFloat =
      site.kind == ShapeSite::Scalar && !site.arg.getType().isIntOrIndex();
  // A fixed size is part of the argument's type.
  if (site.isBinding || isFloat || site.expected.getFixed())
    return;
  CheckedValue expected =
      buildChecked(builder, loc, site.expected.getExpr(), getValues(site));
  Value guard = buildIsKnown(site);
  std::string text = site.getExpectedText();
  if (expected.isValid)
    emitCheck(expected.isValid,
              describeSite(site) + ": cannot compute " + text +
                  ": expected a result of 64 bits and divisors of at least 1",
              {}, guard);
  Value actual = getActual(site);
  emitCheck(compare(arith::CmpIPredicate::eq, actual, expected.value),
            describeSite(site) + ": expected {}, which is " + text +
                ", found {}",
            {expected.value, actual}, guard);
}

LogicalResult Binder::replaceSymbols() {
  WalkResult result = func.walk([&](SymbolOp op) {
    auto *it = bindings.find(op.getNameAttr());
    if (it == bindings.end()) {
      op.emitOpError("unknown symbol ")
          << op.getNameAttr()
          << ": expected a name in the annotations of the function's "
             "arguments";
      return WalkResult::interrupt();
    }
    op.replaceAllUsesWith(it->second.value);
    op.erase();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult Binder::run() {
  FailureOr<SmallVector<ShapeSite>> collected = collectShapeSites(func);
  if (failed(collected))
    return failure();
  sites = std::move(*collected);
  checkTensors();
  findUses();
  auto solveAll = [&](bool withOptional) {
    while (llvm::any_of(sites, [&](ShapeSite &site) {
      return solve(site, /*optional=*/false) ||
             (withOptional && solve(site, /*optional=*/true));
    })) {
    }
  };
  bindNames(ShapeSite::Scalar);
  bindNames(ShapeSite::Size);
  bindNames(ShapeSite::Stride);
  solveAll(/*withOptional=*/false);
  bindOptionalNames(ShapeSite::Size);
  bindOptionalNames(ShapeSite::Stride);
  solveAll(/*withOptional=*/true);
  if (failed(checkAllBound()))
    return failure();
  checkSymbols();
  for (ShapeSite &site : sites)
    checkSite(site);
  if (failed(replaceSymbols()))
    return failure();
  for (BlockArgument arg : func.getArguments())
    for (StringRef name :
         {kAnnotationAttrName, kNameAttrName, kDefaultAttrName})
      func.removeArgAttr(arg.getArgNumber(), name);
  return success();
}

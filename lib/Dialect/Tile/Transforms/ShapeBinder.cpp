//===- ShapeBinder.cpp - values for the symbols of a function ---*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ShapeBinder.h"
#include "CheckedExpr.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::tile;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value ShapeBinder::getActual(ShapeSite &site) {
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

/// The values of the site's symbols, zero for one that is not bound.
SmallVector<Value> ShapeBinder::getValues(const ShapeSite &site) {
  return llvm::map_to_vector(site.expected.getSymbols(), [&](StringAttr name) {
    auto *it = bindings.find(name);
    return it == bindings.end() ? constant(0) : it->second.value;
  });
}

/// Whether the site's argument is present and its symbols are known; null when
/// always.
Value ShapeBinder::buildIsKnown(const ShapeSite &site) {
  Value isKnown = present.lookup(site.arg);
  for (StringAttr name : site.expected.getSymbols())
    isKnown = buildAnd(builder, loc, isKnown, bindings.lookup(name).isKnown);
  return isKnown;
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

/// Finds the symbols that the body or an argument that is always present needs.
void ShapeBinder::findUses() {
  func.walk([&](SymbolOp op) { needed.insert(op.getNameAttr()); });
  for (ShapeSite &site : sites)
    if (!isOptional(site.arg))
      needed.insert_range(site.expected.getSymbols());
}

/// Binds the symbols that stand alone in sites of one kind, in arguments that
/// are always present. A scalar that is no integer has a name, but no size can
/// be it.
void ShapeBinder::bindNames(ShapeSite::Kind kind) {
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
void ShapeBinder::bindOptionalNames(ShapeSite::Kind kind) {
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
void ShapeBinder::requireKnown(StringAttr symbol, Value isKnown,
                               const Twine &where) {
  if (isKnown && needed.contains(symbol))
    emitCheck(isKnown,
              where + ": expected a tensor, since symbol " + symbol.getValue() +
                  " is known from it, found none",
              {});
}

/// The only symbol of the site that is not bound yet, by its position.
std::optional<unsigned> ShapeBinder::findUnknown(const ShapeSite &site) {
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

namespace {
/// An expression that is linear in one symbol: `coefficient * symbol + rest`.
struct LinearForm {
  int64_t coefficient;
  AffineExpr rest;
};
} // namespace

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
bool ShapeBinder::solve(ShapeSite &site, bool optional) {
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
LogicalResult ShapeBinder::checkAllBound() {
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
// The function
//===----------------------------------------------------------------------===//

LogicalResult ShapeBinder::replaceSymbols() {
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

LogicalResult ShapeBinder::run() {
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

//===- BindShapes.cpp - bind the symbols of annotations to arguments -*- C++
//-*-===//
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
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEBINDSHAPES
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// A place where the annotation of an argument names symbols.
struct Site {
  enum Kind { Scalar, Size, Stride };
  Kind kind;
  BlockArgument arg;
  /// The dimension of a size or stride.
  int64_t dim;
  /// What the annotation says.
  DimAttr expected;
  /// The value itself, made when it is first needed.
  Value actual;
  /// Whether it gave a symbol its value, so that there is nothing to check.
  bool isBinding = false;
};

/// Binds the symbols of one function.
class Binder {
public:
  explicit Binder(func::FuncOp func) : func(func), builder(func.getContext()) {
    builder.setInsertionPointToStart(&func.getBody().front());
  }

  LogicalResult run();
  unsigned getNumSymbols() const { return bindings.size(); }
  unsigned getNumChecks() const { return numChecks; }

private:
  LogicalResult collectSites();
  void collectSizes(BlockArgument arg, ArrayRef<DimAttr> dims, Site::Kind kind);
  LogicalResult checkScalarTypes();
  LogicalResult checkFixedSizes();
  void bind(Site &site, StringAttr symbol, Value value);
  void bindNames(Site::Kind kind);
  bool solve(Site &site);
  LogicalResult checkAllBound();
  LogicalResult checkSites();
  LogicalResult replaceSymbols();

  Value getActual(Site &site);
  Value evaluate(AffineExpr expr, ArrayRef<StringAttr> symbols);
  std::string describe(const Site &site);
  void emitCheck(Value condition, const Twine &message, ValueRange values);

  func::FuncOp func;
  OpBuilder builder;
  SmallVector<Site> sites;
  llvm::MapVector<StringAttr, Value> bindings;
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

//===----------------------------------------------------------------------===//
// Sites
//===----------------------------------------------------------------------===//

void Binder::collectSizes(BlockArgument arg, ArrayRef<DimAttr> dims,
                          Site::Kind kind) {
  for (auto [dim, size] : llvm::enumerate(dims))
    if (!size.getIsStatic() && size.getExpr())
      sites.push_back({kind, arg, static_cast<int64_t>(dim), size, Value()});
}

LogicalResult Binder::collectSites() {
  for (BlockArgument arg : func.getArguments()) {
    Attribute annotation =
        func.getArgAttr(arg.getArgNumber(), kAnnotationAttrName);
    if (auto dyn = dyn_cast_or_null<DynAnnotationAttr>(annotation)) {
      sites.push_back(
          {Site::Scalar, arg, 0, DimAttr::get(dyn.getName()), Value()});
    } else if (auto tensor =
                   dyn_cast_or_null<TensorAnnotationAttr>(annotation)) {
      collectSizes(arg, tensor.getShape(), Site::Size);
    } else if (auto strided =
                   dyn_cast_or_null<StridedTensorAnnotationAttr>(annotation)) {
      collectSizes(arg, strided.getShape(), Site::Size);
      collectSizes(arg, strided.getStrides(), Site::Stride);
    } else if (auto buffer =
                   dyn_cast_or_null<BufferAnnotationAttr>(annotation)) {
      collectSizes(arg, buffer.getShape(), Site::Size);
      collectSizes(arg, buffer.getStrides(), Site::Stride);
    }
  }
  return success(succeeded(checkScalarTypes()) && succeeded(checkFixedSizes()));
}

/// A name stands for one number, so its scalars have one type, an integer's.
LogicalResult Binder::checkScalarTypes() {
  DenseMap<StringAttr, BlockArgument> first;
  for (Site &site : sites) {
    if (site.kind != Site::Scalar)
      continue;
    StringAttr name = site.expected.getSymbol();
    Type type = site.arg.getType();
    auto [it, isNew] = first.insert({name, site.arg});
    if (!isNew && it->second.getType() != type) {
      InFlightDiagnostic diag = emitError(site.arg.getLoc())
                                << "symbol " << name << " has two types: "
                                << "expected " << it->second.getType()
                                << ", found " << type;
      diag.attachNote(it->second.getLoc()) << "the first argument is here";
      return diag;
    }
  }
  return success();
}

/// An argument whose type fixes a size says what the symbol is; two must agree.
LogicalResult Binder::checkFixedSizes() {
  DenseMap<StringAttr, std::pair<Site *, int64_t>> first;
  for (Site &site : sites) {
    StringAttr symbol = site.expected.getSymbol();
    if (site.kind != Site::Size || !symbol)
      continue;
    auto type = cast<MemRefType>(site.arg.getType());
    int64_t size = type.getDimSize(site.dim);
    if (ShapedType::isDynamic(size))
      continue;
    auto [it, isNew] = first.insert({symbol, {&site, size}});
    auto [other, expected] = it->second;
    if (isNew || size == expected)
      continue;
    InFlightDiagnostic diag = emitError(site.arg.getLoc())
                              << "symbol " << symbol
                              << " has two sizes: expected " << expected
                              << ", found " << size << " in " << describe(site);
    diag.attachNote(other->arg.getLoc())
        << "it is " << expected << " in " << describe(*other);
    return diag;
  }
  return success();
}

/// The text of what an annotation expects.
static std::string toText(DimAttr dim) {
  std::string text;
  llvm::raw_string_ostream(text) << dim;
  StringRef inner = text;
  inner.consume_front("#tile.dim<");
  inner.consume_back(">");
  return inner.str();
}

/// What a message calls the site.
std::string Binder::describe(const Site &site) {
  std::string text = "argument #" + std::to_string(site.arg.getArgNumber());
  if (site.kind == Site::Scalar)
    return text;
  text += site.kind == Site::Size ? ": size " : ": stride ";
  return text + std::to_string(site.dim);
}

Value Binder::getActual(Site &site) {
  if (site.actual)
    return site.actual;
  Location loc = site.arg.getLoc();
  switch (site.kind) {
  case Site::Scalar:
    site.actual = site.arg;
    if (!site.arg.getType().isIndex())
      site.actual = arith::IndexCastOp::create(
          builder, loc, builder.getIndexType(), site.arg);
    break;
  case Site::Size:
    site.actual = memref::DimOp::create(builder, loc, site.arg, site.dim);
    break;
  case Site::Stride:
    site.actual =
        memref::ExtractStridedMetadataOp::create(builder, loc, site.arg)
            .getStrides()[site.dim];
  }
  return site.actual;
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

void Binder::bind(Site &site, StringAttr symbol, Value value) {
  bindings.insert({symbol, value});
  site.isBinding = true;
}

/// Binds the symbols that stand alone in sites of one kind. A scalar that is no
/// integer has a name, but no size can be it.
void Binder::bindNames(Site::Kind kind) {
  for (Site &site : sites) {
    StringAttr symbol = site.expected.getSymbol();
    bool isInteger = kind != Site::Scalar || site.arg.getType().isIntOrIndex();
    if (site.kind == kind && symbol && isInteger && !bindings.count(symbol))
      bind(site, symbol, getActual(site));
  }
}

Value Binder::evaluate(AffineExpr expr, ArrayRef<StringAttr> symbols) {
  SmallVector<Value> values;
  for (StringAttr symbol : symbols)
    values.push_back(bindings.lookup(symbol));
  return affine::expandAffineExpr(builder, func.getLoc(), expr,
                                  /*dimValues=*/{}, values);
}

/// Binds the only unknown of a site, if there is just one and the expression is
/// `coefficient * unknown + rest` with a constant coefficient.
bool Binder::solve(Site &site) {
  // A scalar's name is bound already, or it is no integer.
  if (site.kind == Site::Scalar)
    return false;
  ArrayRef<StringAttr> symbols = site.expected.getSymbols();
  AffineExpr expr = site.expected.getExpr();
  std::optional<unsigned> unknown;
  for (auto [i, symbol] : llvm::enumerate(symbols)) {
    if (bindings.count(symbol))
      continue;
    if (unknown)
      return false;
    unknown = i;
  }
  if (!unknown)
    return false;

  MLIRContext *context = builder.getContext();
  AffineExpr symbol = getAffineSymbolExpr(*unknown, context);
  auto substitute = [&](int64_t value) {
    AffineExpr replaced =
        expr.replace(symbol, getAffineConstantExpr(value, context));
    return simplifyAffineExpr(replaced, /*numDims=*/0, symbols.size());
  };
  AffineExpr rest = substitute(0);
  auto coefficient = dyn_cast<AffineConstantExpr>(
      simplifyAffineExpr(substitute(1) - rest, 0, symbols.size()));
  if (!coefficient || coefficient.getValue() == 0)
    return false;
  AffineExpr difference =
      simplifyAffineExpr(expr - coefficient * symbol - rest, 0, symbols.size());
  if (difference != getAffineConstantExpr(0, context))
    return false;

  Location loc = site.arg.getLoc();
  // The unknown's own value is not needed: the rest does not name it.
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  SmallVector<Value> values;
  for (StringAttr name : symbols)
    values.push_back(bindings.count(name) ? bindings.lookup(name) : zero);
  Value base = affine::expandAffineExpr(builder, loc, rest, {}, values);
  Value scaled = arith::SubIOp::create(builder, loc, getActual(site), base);
  Value factor =
      arith::ConstantIndexOp::create(builder, loc, coefficient.getValue());
  Value value = arith::DivSIOp::create(builder, loc, scaled, factor);
  Value remainder = arith::RemSIOp::create(builder, loc, scaled, factor);
  Value isExact = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                        remainder, zero);
  emitCheck(isExact,
            describe(site) + ": expected a value that is " +
                toText(site.expected) + " for some " +
                symbols[*unknown].getValue() + ", found {}",
            getActual(site));
  bind(site, symbols[*unknown], value);
  return true;
}

/// Refuses a symbol that nothing bound, with a note at each place it stands.
LogicalResult Binder::checkAllBound() {
  for (Site &site : sites)
    for (StringAttr symbol : site.expected.getSymbols()) {
      if (bindings.count(symbol) || site.kind == Site::Scalar)
        continue;
      InFlightDiagnostic diag =
          func.emitOpError("cannot bind symbol ")
          << symbol
          << ": expected an argument, a size or a stride that is the symbol "
             "itself or linear in it with all else known";
      for (Site &use : sites)
        if (llvm::is_contained(use.expected.getSymbols(), symbol))
          diag.attachNote(use.arg.getLoc())
              << describe(use) << " is " << toText(use.expected);
      return diag;
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Checks and replacement
//===----------------------------------------------------------------------===//

void Binder::emitCheck(Value condition, const Twine &message,
                       ValueRange values) {
  AssertOp::create(builder, func.getLoc(), condition,
                   builder.getStringAttr(message), values);
  ++numChecks;
}

LogicalResult Binder::checkSites() {
  Location loc = func.getLoc();
  for (auto &[symbol, value] : bindings) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)) &&
        constant.isNonNegative())
      continue;
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    Value isValid = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::sge, value, zero);
    emitCheck(isValid,
              "expected symbol " + symbol.getValue() +
                  " of at least 0, found {}",
              value);
  }
  for (Site &site : sites) {
    bool isFloat =
        site.kind == Site::Scalar && !site.arg.getType().isIntOrIndex();
    // A fixed size is part of the argument's type.
    if (site.isBinding || isFloat || site.expected.getFixed())
      continue;
    Value expected =
        evaluate(site.expected.getExpr(), site.expected.getSymbols());
    Value actual = getActual(site);
    Value isEqual = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::eq, actual, expected);
    emitCheck(isEqual,
              describe(site) + ": expected {}, which is " +
                  toText(site.expected) + ", found {}",
              {expected, actual});
  }
  return success();
}

LogicalResult Binder::replaceSymbols() {
  WalkResult result = func.walk([&](SymbolOp op) {
    Value value = bindings.lookup(op.getNameAttr());
    if (!value) {
      op.emitOpError("unknown symbol ")
          << op.getNameAttr()
          << ": expected a name in the annotations of the function's "
             "arguments";
      return WalkResult::interrupt();
    }
    op.replaceAllUsesWith(value);
    op.erase();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult Binder::run() {
  if (failed(collectSites()))
    return failure();
  bindNames(Site::Scalar);
  bindNames(Site::Size);
  bindNames(Site::Stride);
  while (llvm::any_of(sites, [&](Site &site) { return solve(site); })) {
  }
  if (failed(checkAllBound()) || failed(checkSites()) ||
      failed(replaceSymbols()))
    return failure();
  for (BlockArgument arg : func.getArguments())
    func.removeArgAttr(arg.getArgNumber(), kAnnotationAttrName);
  return success();
}

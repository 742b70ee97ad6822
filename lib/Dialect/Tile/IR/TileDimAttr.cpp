//===- TileDimAttr.cpp - sizes of annotated arguments -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::tile;

DimAttr DimAttr::get(MLIRContext *context, int64_t size) {
  return get(context, /*isStatic=*/false, getAffineConstantExpr(size, context),
             {});
}

DimAttr DimAttr::get(StringAttr symbol) {
  MLIRContext *context = symbol.getContext();
  return get(context, /*isStatic=*/false, getAffineSymbolExpr(0, context),
             symbol);
}

std::optional<int64_t> DimAttr::getFixed() const {
  auto constant = dyn_cast_or_null<AffineConstantExpr>(getExpr());
  return constant ? std::optional(constant.getValue()) : std::nullopt;
}

StringAttr DimAttr::getSymbol() const {
  return isa_and_nonnull<AffineSymbolExpr>(getExpr()) ? getSymbols().front()
                                                      : StringAttr();
}

/// The divisor of `expr` when that is a constant below 1.
static std::optional<int64_t> getBadDivisor(AffineExpr expr) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || expr.getKind() == AffineExprKind::Add ||
      expr.getKind() == AffineExprKind::Mul)
    return std::nullopt;
  auto divisor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!divisor || divisor.getValue() >= 1)
    return std::nullopt;
  return divisor.getValue();
}

/// Whether each symbol of the expression has a name.
static LogicalResult verifyNames(function_ref<InFlightDiagnostic()> emitError,
                                 AffineExpr expr, ArrayRef<StringAttr> names) {
  unsigned needed = 0;
  bool hasDims = false;
  if (expr)
    expr.walk([&](AffineExpr nested) {
      hasDims |= isa<AffineDimExpr>(nested);
      if (auto symbol = dyn_cast<AffineSymbolExpr>(nested))
        needed = std::max(needed, symbol.getPosition() + 1);
    });
  if (hasDims)
    return emitError() << "expected an expression of symbols, found dimensions";
  if (needed > names.size() || (!needed && !names.empty()))
    return emitError() << "expected " << needed << " names of symbols, found "
                       << names.size();
  for (StringAttr name : names)
    if (name.empty())
      return emitError() << "expected a name of each symbol, found none";
  return success();
}

LogicalResult DimAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              bool isStatic, AffineExpr expr,
                              ArrayRef<StringAttr> symbols) {
  if (auto constant = dyn_cast_or_null<AffineConstantExpr>(expr);
      constant && constant.getValue() < 0)
    return emitError() << "expected a size of at least 0, found "
                       << constant.getValue();
  std::optional<int64_t> badDivisor;
  if (expr)
    expr.walk([&](AffineExpr nested) {
      if (!badDivisor)
        badDivisor = getBadDivisor(nested);
    });
  if (badDivisor)
    return emitError() << "expected a divisor of at least 1, found "
                       << *badDivisor;
  if (isStatic && expr && !isa<AffineSymbolExpr>(expr))
    return emitError() << "expected a name after 'static', found an expression";
  return verifyNames(emitError, expr, symbols);
}

namespace {

/// Parses an expression of symbols. A sum of products; what stands in
/// parentheses is a factor. The first name may have been read before.
class DimParser {
public:
  explicit DimParser(AsmParser &parser) : parser(parser) {}

  FailureOr<AffineExpr> parseSum(StringRef first = {});
  ArrayRef<StringAttr> getSymbols() const { return symbols; }

private:
  FailureOr<AffineExpr> parseProduct(StringRef first = {});
  FailureOr<AffineExpr> parseFactor();
  AffineExpr getSymbol(StringRef name);

  AsmParser &parser;
  SmallVector<StringAttr> symbols;
};

} // namespace

AffineExpr DimParser::getSymbol(StringRef name) {
  StringAttr symbol = parser.getBuilder().getStringAttr(name);
  auto *it = llvm::find(symbols, symbol);
  unsigned index = it - symbols.begin();
  if (it == symbols.end())
    symbols.push_back(symbol);
  return parser.getBuilder().getAffineSymbolExpr(index);
}

FailureOr<AffineExpr> DimParser::parseFactor() {
  if (succeeded(parser.parseOptionalLParen())) {
    FailureOr<AffineExpr> expr = parseSum();
    if (failed(expr) || parser.parseRParen())
      return failure();
    return expr;
  }
  int64_t constant;
  OptionalParseResult hasConstant = parser.parseOptionalInteger(constant);
  if (hasConstant.has_value()) {
    if (failed(*hasConstant))
      return failure();
    return parser.getBuilder().getAffineConstantExpr(constant);
  }
  StringRef name;
  SMLoc loc = parser.getCurrentLocation();
  if (failed(parser.parseOptionalKeyword(&name))) {
    parser.emitError(loc, "expected a size: an integer, a name, '?', 'static' "
                          "or an expression of names");
    return failure();
  }
  return getSymbol(name);
}

FailureOr<AffineExpr> DimParser::parseProduct(StringRef first) {
  FailureOr<AffineExpr> lhs = first.empty() ? parseFactor() : getSymbol(first);
  while (succeeded(lhs)) {
    enum { Mul, FloorDiv, CeilDiv, Mod } op;
    if (succeeded(parser.parseOptionalStar()))
      op = Mul;
    else if (succeeded(parser.parseOptionalKeyword("floordiv")))
      op = FloorDiv;
    else if (succeeded(parser.parseOptionalKeyword("ceildiv")))
      op = CeilDiv;
    else if (succeeded(parser.parseOptionalKeyword("mod")))
      op = Mod;
    else
      return lhs;
    FailureOr<AffineExpr> rhs = parseFactor();
    if (failed(rhs))
      return failure();
    switch (op) {
    case Mul:
      lhs = *lhs * *rhs;
      break;
    case FloorDiv:
      lhs = lhs->floorDiv(*rhs);
      break;
    case CeilDiv:
      lhs = lhs->ceilDiv(*rhs);
      break;
    case Mod:
      lhs = *lhs % *rhs;
      break;
    }
  }
  return failure();
}

FailureOr<AffineExpr> DimParser::parseSum(StringRef first) {
  FailureOr<AffineExpr> lhs = parseProduct(first);
  while (succeeded(lhs)) {
    bool isMinus = false;
    if (failed(parser.parseOptionalPlus())) {
      isMinus = succeeded(parser.parseOptionalMinus());
      if (!isMinus)
        return lhs;
    }
    FailureOr<AffineExpr> rhs = parseProduct();
    if (failed(rhs))
      return failure();
    lhs = isMinus ? *lhs - *rhs : *lhs + *rhs;
  }
  return failure();
}

DimAttr DimAttr::parseInList(AsmParser &parser) {
  MLIRContext *context = parser.getContext();
  SMLoc loc = parser.getCurrentLocation();
  auto emitError = [&] { return parser.emitError(loc); };
  if (succeeded(parser.parseOptionalQuestion()))
    return get(context, /*isStatic=*/false, AffineExpr(), {});
  StringRef name;
  bool isStatic = succeeded(parser.parseOptionalKeyword("static"));
  if (isStatic && failed(parser.parseOptionalKeyword(&name)))
    return get(context, isStatic, AffineExpr(), {});
  DimParser dimParser(parser);
  FailureOr<AffineExpr> expr = dimParser.parseSum(name);
  if (failed(expr))
    return {};
  return getChecked(emitError, context, isStatic, *expr,
                    dimParser.getSymbols());
}

/// Prints an expression with names in place of symbols.
static void printExpr(AsmPrinter &printer, AffineExpr expr,
                      ArrayRef<StringAttr> symbols, bool isFactor = false) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    printer << constant.getValue();
    return;
  }
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
    printer << symbols[symbol.getPosition()].getValue();
    return;
  }
  auto binary = cast<AffineBinaryOpExpr>(expr);
  StringRef op;
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    op = " + ";
    break;
  case AffineExprKind::Mul:
    op = " * ";
    break;
  case AffineExprKind::FloorDiv:
    op = " floordiv ";
    break;
  case AffineExprKind::CeilDiv:
    op = " ceildiv ";
    break;
  default:
    op = " mod ";
  }
  bool isSum = expr.getKind() == AffineExprKind::Add;
  if (isFactor)
    printer << '(';
  printExpr(printer, binary.getLHS(), symbols, /*isFactor=*/!isSum);
  printer << op;
  printExpr(printer, binary.getRHS(), symbols, /*isFactor=*/!isSum);
  if (isFactor)
    printer << ')';
}

void DimAttr::printInList(AsmPrinter &printer) const {
  if (getIsStatic()) {
    printer << "static";
    if (getExpr())
      printer << ' ' << getSymbols().front().getValue();
    return;
  }
  if (!getExpr()) {
    printer << '?';
    return;
  }
  printExpr(printer, getExpr(), getSymbols());
}

Attribute DimAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  DimAttr dim = parseInList(parser);
  if (!dim || parser.parseGreater())
    return {};
  return dim;
}

void DimAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printInList(printer);
  printer << '>';
}

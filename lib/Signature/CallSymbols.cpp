//===- CallSymbols.cpp - sizes that have to agree ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CallChecker.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::detail;
using llvm::Error;

/// The value at a site; nothing where the tensor is absent.
std::optional<int64_t> CallChecker::getActual(const SymbolSite &site) const {
  const CallArgument &argument = bound[site.parameter];
  if (site.kind == SymbolSite::Scalar)
    return std::get<int64_t>(argument);
  auto *tensor = std::get_if<TensorView>(&argument);
  if (!tensor)
    return std::nullopt;
  return site.kind == SymbolSite::Size ? tensor->shape[site.dim]
                                       : tensor->getStride(site.dim);
}

/// What a site is called after the name of its argument.
std::string CallChecker::describe(const SymbolSite &site) const {
  switch (site.kind) {
  case SymbolSite::Scalar:
    return "";
  case SymbolSite::Size:
    return " size " + std::to_string(site.dim);
  case SymbolSite::Stride:
    return " stride " + std::to_string(site.dim);
  }
  llvm_unreachable("unknown kind of site");
}

/// The site that gave a symbol its value.
std::string CallChecker::describeFirst(unsigned symbol) const {
  for (const SymbolSite &site : plan.symbolSites)
    if (site.index == symbol && getActual(site))
      return ("argument '" + plan.names[site.parameter] + "'" + describe(site))
          .str();
  llvm_unreachable("expected a symbol with a value");
}

Error CallChecker::bindSymbols() {
  bound.symbols.assign(plan.symbols.size(), {0, false});
  for (const SymbolSite &site : plan.symbolSites) {
    std::optional<int64_t> actual = getActual(site);
    if (!actual)
      continue;
    auto &symbol = bound.symbols[site.index];
    if (symbol.isKnown && symbol.value != *actual)
      return fail(plan.parameters[site.parameter],
                  describe(site) + ": expected " + Twine(symbol.value) +
                      ", which is " + plan.symbols[site.index] + " (" +
                      describeFirst(site.index) + "), found " + Twine(*actual));
    symbol = {*actual, true};
  }
  return Error::success();
}

/// Applies an operator; nothing for a division by 0 or a result too large.
static std::optional<int64_t> apply(SizeExpr::Op op, int64_t lhs, int64_t rhs) {
  int64_t result;
  switch (op) {
  case SizeExpr::Add:
    return llvm::AddOverflow(lhs, rhs, result) ? std::nullopt
                                               : std::optional(result);
  case SizeExpr::Mul:
    return llvm::MulOverflow(lhs, rhs, result) ? std::nullopt
                                               : std::optional(result);
  default:
    break;
  }
  if (rhs <= 0)
    return std::nullopt;
  if (op == SizeExpr::FloorDiv)
    return llvm::divideFloorSigned(lhs, rhs);
  if (op == SizeExpr::CeilDiv)
    return llvm::divideCeilSigned(lhs, rhs);
  return llvm::mod(lhs, rhs);
}

namespace {
/// What an expression comes to.
struct Evaluation {
  enum { Known, Unknown, Impossible } state;
  int64_t value = 0;
};
} // namespace

template <typename Symbols>
static Evaluation evaluate(const SizeExpr &expr, const Symbols &symbols) {
  SmallVector<int64_t, 8> stack;
  for (const SizeExpr::Instruction &instruction : expr.code) {
    if (instruction.op == SizeExpr::Constant) {
      stack.push_back(instruction.operand);
    } else if (instruction.op == SizeExpr::Symbol) {
      if (!symbols[instruction.operand].isKnown)
        return {Evaluation::Unknown};
      stack.push_back(symbols[instruction.operand].value);
    } else {
      int64_t rhs = stack.pop_back_val();
      std::optional<int64_t> value =
          apply(instruction.op, stack.pop_back_val(), rhs);
      if (!value)
        return {Evaluation::Impossible};
      stack.push_back(*value);
    }
  }
  return {Evaluation::Known, stack.back()};
}

/// A symbol that only expressions name is solved for by the host code.
Error CallChecker::checkExpressions() {
  for (const SymbolSite &site : plan.exprSites) {
    std::optional<int64_t> actual = getActual(site);
    if (!actual)
      continue;
    const SizeExpr &expr = plan.exprs[site.index];
    Evaluation expected = evaluate(expr, bound.symbols);
    if (expected.state == Evaluation::Unknown ||
        (expected.state == Evaluation::Known && expected.value == *actual))
      continue;
    const Parameter &parameter = plan.parameters[site.parameter];
    if (expected.state == Evaluation::Impossible)
      return fail(parameter, describe(site) + ": cannot compute " + expr.text +
                                 ": expected divisors of at least 1 and "
                                 "results of 64 bits");
    return fail(parameter, describe(site) + ": expected " +
                               Twine(expected.value) + ", which is " +
                               expr.text + ", found " + Twine(*actual));
  }
  return Error::success();
}

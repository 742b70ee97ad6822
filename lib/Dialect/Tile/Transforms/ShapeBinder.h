//===- ShapeBinder.h - values for the symbols of a function -----*- C++ -*-===//
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

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_SHAPEBINDER_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_SHAPEBINDER_H

#include "ShapeSites.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::tile {

/// The value of a symbol.
struct SymbolBinding {
  Value value;
  /// An i1 that is false when the arguments that give the value are absent.
  /// Null when it is always known.
  Value isKnown;
  /// Whether the value is the size of a tensor, which is not negative.
  bool isSize = false;
};

/// Binds the symbols of one function.
class ShapeBinder {
public:
  explicit ShapeBinder(func::FuncOp func)
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
  llvm::MapVector<StringAttr, SymbolBinding> bindings;
  /// Whether each tensor that may be absent is present.
  DenseMap<BlockArgument, Value> present;
  /// The symbols without which the function cannot run.
  DenseSet<StringAttr> needed;
  unsigned numChecks = 0;
};

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_SHAPEBINDER_H

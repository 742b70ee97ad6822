//===- LayoutSolver.h - layouts of the fragments of a launch ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_DIALECT_TILE_TRANSFORMS_LAYOUTSOLVER_H
#define TILE_LIB_DIALECT_TILE_TRANSFORMS_LAYOUTSOLVER_H

#include "tile/Dialect/Tile/Analysis/FragmentSites.h"
#include "tile/Dialect/Tile/Analysis/TensorCores.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"

namespace mlir::tile {

/// Why there are no layouts for all fragments.
struct LayoutObstacle {
  Value fragment;
  /// Where the fragment is used.
  Operation *op;
  /// Which operand of a product it is.
  std::optional<unsigned> operand;
  /// Why registers cannot hold the fragment at all; empty where they only would
  /// have to hold it in two layouts.
  std::string reason;
};

/// Finds the layouts of one launch.
class LayoutSolver {
public:
  LayoutSolver(LaunchOp launch, const TargetInfo &target,
               const FragmentSites &fragments)
      : launch(launch), target(target), fragments(fragments),
        siteLayouts(fragments.sites.size()) {}

  /// What keeps some fragment from a layout; nothing when all have one.
  std::optional<LayoutObstacle> run();
  /// Writes the layouts on the fragments and loops.
  void write();

private:
  bool seedPins();
  bool seedAccumulators();
  bool seedOperands();
  bool seedOperands(GemmOp op);
  bool chooseFreely();
  bool chooseForSites();

  void forEachNext(GemmOp op,
                   function_ref<void(GemmOp next, Value fragment)> visit) const;
  GemmPolicy getPolicy(GemmOp op) const;
  bool suitsNext(GemmOp op, const WarpgroupProduct &wide) const;
  std::optional<ThreadValueLayout> getAccumulatorLayout(GemmOp op) const;
  bool isFragment(Value buffer) const {
    return fragments.fragments.contains(buffer);
  }
  void assign(Value fragment, const ThreadValueLayout &layout);
  bool assignSite(size_t site, const ThreadValueLayout &layout);
  bool spread();
  bool spreadFrom(Value fragment);
  bool spreadFromSite(size_t site);
  bool suitsProducts(Value accumulator, const ThreadValueLayout &layout) const;
  bool fits(const FragmentSite &site, const ThreadValueLayout &layout);
  bool conflict(Value fragment, Operation *op,
                std::optional<unsigned> operand = std::nullopt);
  bool refuse(Value fragment, Operation *op, const Twine &reason);

  LaunchOp launch;
  const TargetInfo &target;
  const FragmentSites &fragments;
  llvm::MapVector<Value, ThreadValueLayout> layouts;
  std::vector<std::optional<ThreadValueLayout>> siteLayouts;
  /// Fragments whose layouts have not been spread yet.
  SmallVector<Value> pending;
  std::optional<LayoutObstacle> obstacle;
};

} // namespace mlir::tile

#endif // TILE_LIB_DIALECT_TILE_TRANSFORMS_LAYOUTSOLVER_H

//===- LoopIteration.cpp - what a loop computes, elsewhere ------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/LoopIteration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace mlir::tile;

LoopIteration LoopIteration::first(scf::ForOp loop) {
  LoopIteration iteration(loop);
  iteration.map.map(loop.getInductionVar(), loop.getLowerBound());
  iteration.map.map(loop.getRegionIterArgs(), loop.getInits());
  return iteration;
}

LoopIteration LoopIteration::next(scf::ForOp loop, OpBuilder &builder) {
  LoopIteration iteration(loop);
  Location loc = loop.getLoc();
  // What the body yields is computed again, since it may stand further down.
  LoopIteration same(loop);
  for (auto [arg, yielded] :
       llvm::zip_equal(loop.getRegionIterArgs(), loop.getYieldedValues()))
    iteration.map.map(arg, same.get(builder, yielded));
  Value next = arith::AddIOp::create(builder, loc, loop.getInductionVar(),
                                     loop.getStep());
  iteration.map.map(loop.getInductionVar(), next);
  return iteration;
}

Value LoopIteration::get(OpBuilder &builder, Value value) {
  if (map.contains(value))
    return map.lookup(value);
  Operation *op = value.getDefiningOp();
  if (!op || !loop->isProperAncestor(op))
    return value;
  assert(isPure(op) && "a value that only its own iteration can compute");
  for (Value operand : op->getOperands())
    map.map(operand, get(builder, operand));
  builder.clone(*op, map);
  return map.lookup(value);
}

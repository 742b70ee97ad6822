//===- MaskedStores.cpp - stores that LLVM gets wrong -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MaskedStores.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

/// The only lane that a constant mask has.
static std::optional<unsigned> getSingleLane(Value *value) {
  auto *mask = dyn_cast<Constant>(value);
  auto *type = dyn_cast<FixedVectorType>(value->getType());
  if (!mask || !type)
    return std::nullopt;
  std::optional<unsigned> single;
  for (unsigned lane = 0; lane < type->getNumElements(); ++lane) {
    Constant *element = mask->getAggregateElement(lane);
    if (element && element->isNullValue())
      continue;
    if (single || !element || !element->isOneValue())
      return std::nullopt;
    single = lane;
  }
  return single;
}

static void expand(IntrinsicInst &call, unsigned lane) {
  IRBuilder<> builder(&call);
  Value *vector = call.getArgOperand(0), *base = call.getArgOperand(1);
  Value *element = builder.CreateExtractElement(vector, lane);
  Value *address = builder.CreateConstGEP1_64(element->getType(), base, lane);
  uint64_t offset = lane * element->getType()->getScalarSizeInBits() / 8;
  Align align = commonAlignment(call.getParamAlign(1).valueOrOne(), offset);
  builder.CreateAlignedStore(element, address, align);
  call.eraseFromParent();
}

void mlir::tile::expandMaskedStoresOfOneLane(Module &module) {
  for (Function &function : module)
    for (Instruction &inst : llvm::make_early_inc_range(instructions(function)))
      if (auto *call = dyn_cast<IntrinsicInst>(&inst);
          call && call->getIntrinsicID() == Intrinsic::masked_store)
        if (auto lane = getSingleLane(call->getArgOperand(2)))
          expand(*call, *lane);
}

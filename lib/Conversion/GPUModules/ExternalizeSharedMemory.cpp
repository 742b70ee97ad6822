//===- ExternalizeSharedMemory.cpp - the block's arena of shared memory ---===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream lowers gpu.dynamic_shared_memory to an internal array of no bytes,
// which the NVPTX backend turns into a variable of its own in the kernel. The
// memory that a launch asks for is the one behind an external array.
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEEXTERNALIZESHAREDMEMORY
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;

/// The alignment that bulk copies with the widest swizzle ask for.
static constexpr int64_t kArenaAlignment = 1024;

namespace {
struct ExternalizeSharedMemoryPass
    : public tile::impl::TileExternalizeSharedMemoryBase<
          ExternalizeSharedMemoryPass> {
  void runOnOperation() override {
    for (auto global : getOperation().getOps<LLVM::GlobalOp>()) {
      auto type = dyn_cast<LLVM::LLVMArrayType>(global.getType());
      if (global.getAddrSpace() != 3 || !type || type.getNumElements() != 0)
        continue;
      global.setLinkage(LLVM::Linkage::External);
      global.setAlignment(kArenaAlignment);
    }
  }
};
} // namespace

//===- ModuleCache.h - Loaded images and their kernels ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_RUNTIME_MODULECACHE_H
#define TILE_LIB_RUNTIME_MODULECACHE_H

#include "Driver.h"

#include <string>

namespace tile::runtime {

/// A kernel of a loaded image, and what was set on it so far.
struct Kernel {
  std::string name;
  Function function = nullptr;
  /// Dynamic shared memory that the kernel was opted in to.
  int64_t sharedBytes = 0;
  bool largeClusters = false;
};

/// What a kernel is launched in.
struct LaunchContext {
  Context context = nullptr;
  Device device = 0;
  int maxSharedBytes = 0;
};

/// Fills in the thread's current context. Returns 1 on failure.
int getLaunchContext(const Driver *driver, LaunchContext &result);

/// The kernel of the image, loaded now or before, ready for `sharedBytes` of
/// dynamic shared memory and clusters of `clusterBlocks`. Null on failure.
Function getKernel(const Driver *driver, const LaunchContext &context,
                   const void *image, size_t bytes, const char *name,
                   int64_t sharedBytes, int64_t clusterBlocks);

} // namespace tile::runtime

#endif // TILE_LIB_RUNTIME_MODULECACHE_H

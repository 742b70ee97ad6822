//===- Launch.cpp - Launching kernels ---------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks the sizes first, so that a bad grid is named instead of being the
// driver's "invalid argument". Failure unwinds to the innermost invoke, from a
// frame that holds no objects.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "Error.h"
#include "LaunchRecord.h"
#include "ModuleCache.h"
#include "tile/Runtime/Runtime.h"

using namespace tile::runtime;

namespace {
struct Size {
  int64_t x, y, z;

  int64_t count() const { return x * y * z; }
};

struct LaunchRequest {
  const void *image;
  int64_t imageBytes;
  const char *kernel;
  Size grid, block, cluster;
  int64_t sharedBytes;
  void **params;
  /// Whether the kernel waits itself for those ahead of it.
  bool waits;
};
} // namespace

/// Checks that each dimension lies between 1 and its limit.
static int checkSize(const char *kernel, const char *what, const Size &size,
                     const Size &limit) {
  struct {
    char axis;
    int64_t value, limit;
  } axes[] = {
      {'x', size.x, limit.x}, {'y', size.y, limit.y}, {'z', size.z, limit.z}};
  for (auto &axis : axes)
    if (axis.value < 1 || axis.value > axis.limit)
      return fail("cannot launch kernel '%s': expected a %s size in %c of 1 to "
                  "%lld, got %lld",
                  kernel, what, axis.axis, static_cast<long long>(axis.limit),
                  static_cast<long long>(axis.value));
  return 0;
}

static bool isEmpty(const Size &grid) {
  return grid.x >= 0 && grid.y >= 0 && grid.z >= 0 &&
         (grid.x == 0 || grid.y == 0 || grid.z == 0);
}

static int checkRequest(const LaunchRequest &request) {
  const char *kernel = request.kernel;
  const Size &grid = request.grid, &block = request.block,
             &cluster = request.cluster;
  if (checkSize(kernel, "grid", grid, {0x7fffffff, 65535, 65535}) ||
      checkSize(kernel, "block", block, {1024, 1024, 64}) ||
      checkSize(kernel, "cluster", cluster, {16, 16, 16}))
    return 1;
  if (block.count() > 1024)
    return fail("cannot launch kernel '%s': expected at most 1024 threads a "
                "block, got %lld",
                kernel, static_cast<long long>(block.count()));
  if (cluster.count() > 16)
    return fail("cannot launch kernel '%s': expected at most 16 blocks a "
                "cluster, got %lld",
                kernel, static_cast<long long>(cluster.count()));
  if (grid.x % cluster.x || grid.y % cluster.y || grid.z % cluster.z)
    return fail("cannot launch kernel '%s': expected a grid that is a multiple "
                "of the cluster %lld x %lld x %lld, got %lld x %lld x %lld",
                kernel, static_cast<long long>(cluster.x),
                static_cast<long long>(cluster.y),
                static_cast<long long>(cluster.z),
                static_cast<long long>(grid.x), static_cast<long long>(grid.y),
                static_cast<long long>(grid.z));
  if (request.sharedBytes < 0 || request.imageBytes <= 0)
    return fail("cannot launch kernel '%s': expected sizes above 0, got an "
                "image of %lld bytes and %lld bytes of shared memory",
                kernel, static_cast<long long>(request.imageBytes),
                static_cast<long long>(request.sharedBytes));
  return 0;
}

static Status launchWithAttributes(const Driver *driver, Function function,
                                   const LaunchRequest &request) {
  LaunchAttribute attributes[2] = {};
  unsigned numAttributes = 0;
  if (request.cluster.count() > 1) {
    LaunchAttribute &attribute = attributes[numAttributes++];
    attribute.kind = kClusterDimension;
    attribute.values[0] = static_cast<unsigned>(request.cluster.x);
    attribute.values[1] = static_cast<unsigned>(request.cluster.y);
    attribute.values[2] = static_cast<unsigned>(request.cluster.z);
  }
  if (request.waits) {
    LaunchAttribute &attribute = attributes[numAttributes++];
    attribute.kind = kProgrammaticStreamSerialization;
    attribute.values[0] = 1;
  }
  LaunchConfig config = {};
  config.gridX = static_cast<unsigned>(request.grid.x);
  config.gridY = static_cast<unsigned>(request.grid.y);
  config.gridZ = static_cast<unsigned>(request.grid.z);
  config.blockX = static_cast<unsigned>(request.block.x);
  config.blockY = static_cast<unsigned>(request.block.y);
  config.blockZ = static_cast<unsigned>(request.block.z);
  config.sharedBytes = static_cast<unsigned>(request.sharedBytes);
  config.stream = static_cast<Stream>(tileRuntimeGetStream());
  config.attributes = attributes;
  config.numAttributes = numAttributes;
  return driver->launchKernelEx(&config, function, request.params, nullptr);
}

static Status launchPlain(const Driver *driver, Function function,
                          const LaunchRequest &request) {
  return driver->launchKernel(function, static_cast<unsigned>(request.grid.x),
                              static_cast<unsigned>(request.grid.y),
                              static_cast<unsigned>(request.grid.z),
                              static_cast<unsigned>(request.block.x),
                              static_cast<unsigned>(request.block.y),
                              static_cast<unsigned>(request.block.z),
                              static_cast<unsigned>(request.sharedBytes),
                              static_cast<Stream>(tileRuntimeGetStream()),
                              request.params, nullptr);
}

static int launch(const LaunchRequest &request) {
  if (isEmpty(request.grid))
    return 0;
  if (checkRequest(request))
    return 1;
  const Driver *driver = getDriverWithContext();
  LaunchContext context;
  if (!driver || getLaunchContext(driver, context))
    return 1;
  if (request.sharedBytes > context.maxSharedBytes)
    return fail("cannot launch kernel '%s': expected at most %d bytes of "
                "shared memory on this device, got %lld",
                request.kernel, context.maxSharedBytes,
                static_cast<long long>(request.sharedBytes));
  int64_t clusterBlocks = request.cluster.count();
  if (clusterBlocks > 1 && !driver->launchKernelEx)
    return fail("cannot launch kernel '%s': the CUDA driver is too old for "
                "clusters",
                request.kernel);
  Function function = getKernel(
      driver, context, request.image, static_cast<size_t>(request.imageBytes),
      request.kernel, request.sharedBytes, clusterBlocks);
  if (!function)
    return 1;
  if (isRecordingLaunches() &&
      recordLaunch(driver, function, request.kernel,
                   {{request.grid.x, request.grid.y, request.grid.z},
                    {request.block.x, request.block.y, request.block.z},
                    clusterBlocks,
                    request.sharedBytes}))
    return 1;
  // An old driver starts kernels one after the other.
  bool hasAttributes =
      clusterBlocks > 1 || (request.waits && driver->launchKernelEx);
  Status status = hasAttributes
                      ? launchWithAttributes(driver, function, request)
                      : launchPlain(driver, function, request);
  return check(driver, status,
               "launch kernel '%s' on a grid of %lld x %lld x %lld blocks",
               request.kernel, static_cast<long long>(request.grid.x),
               static_cast<long long>(request.grid.y),
               static_cast<long long>(request.grid.z));
}

void tileRuntimeLaunch(const void *image, int64_t imageBytes,
                       const char *kernel, int64_t gridX, int64_t gridY,
                       int64_t gridZ, int64_t blockX, int64_t blockY,
                       int64_t blockZ, int64_t clusterX, int64_t clusterY,
                       int64_t clusterZ, int64_t sharedBytes, void **params,
                       int64_t numParams, int64_t waits) {
  (void)numParams; // The driver knows how many the kernel takes.
  // A cluster size of 0 means the same as 1.
  Size cluster = {clusterX ? clusterX : 1, clusterY ? clusterY : 1,
                  clusterZ ? clusterZ : 1};
  LaunchRequest request = {image,
                           imageBytes,
                           kernel,
                           {gridX, gridY, gridZ},
                           {blockX, blockY, blockZ},
                           cluster,
                           sharedBytes,
                           params,
                           waits != 0};
  if (launch(request))
    unwind();
}

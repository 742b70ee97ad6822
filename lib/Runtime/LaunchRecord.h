//===- LaunchRecord.h - What was launched, and what it needs ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_RUNTIME_LAUNCHRECORD_H
#define TILE_LIB_RUNTIME_LAUNCHRECORD_H

#include "Driver.h"

namespace tile::runtime {

/// The sizes of a launch.
struct LaunchSizes {
  int64_t grid[3];
  int64_t block[3];
  int64_t clusterBlocks;
  int64_t sharedBytes;
};

/// Whether this thread's launches are recorded.
bool isRecordingLaunches();

/// Asks the driver what the kernel needs, and keeps that with the sizes.
/// Returns 1 on failure.
int recordLaunch(const Driver *driver, Function function, const char *kernel,
                 const LaunchSizes &sizes);

} // namespace tile::runtime

#endif // TILE_LIB_RUNTIME_LAUNCHRECORD_H

//===- LaunchRecord.cpp - What was launched, and what it needs --*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A profiler runs a kernel once while launches are recorded. Generated host
// code is all that knows the sizes, so they are taken where it launches.
//
//===----------------------------------------------------------------------===//

#include "LaunchRecord.h"
#include "tile/Runtime/Runtime.h"

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace tile::runtime;

namespace {
struct Record {
  bool isOn = false;
  std::vector<TileLaunchInfo> launches;
};
} // namespace

static constexpr size_t maxLaunches = 64;

static Record &getRecord() {
  static thread_local Record record;
  return record;
}

bool tile::runtime::isRecordingLaunches() {
  const Record &record = getRecord();
  return record.isOn && record.launches.size() < maxLaunches;
}

int tile::runtime::recordLaunch(const Driver *driver, Function function,
                                const char *kernel, const LaunchSizes &sizes) {
  TileLaunchInfo info = {};
  std::snprintf(info.kernel, sizeof info.kernel, "%s", kernel);
  std::copy_n(sizes.grid, 3, info.grid);
  std::copy_n(sizes.block, 3, info.block);
  info.clusterBlocks = sizes.clusterBlocks;
  info.dynamicSharedBytes = sizes.sharedBytes;
  struct {
    FunctionAttribute attribute;
    int *value;
  } queries[] = {{kStaticSharedBytes, &info.staticSharedBytes},
                 {kRegisters, &info.registers},
                 {kLocalBytes, &info.localBytes}};
  for (auto &query : queries)
    if (check(driver,
              driver->funcGetAttribute(query.value, query.attribute, function),
              "query kernel '%s'", kernel))
      return 1;
  int64_t threads = sizes.block[0] * sizes.block[1] * sizes.block[2];
  if (check(driver,
            driver->maxActiveBlocks(&info.blocksPerMultiprocessor, function,
                                    static_cast<int>(threads),
                                    static_cast<size_t>(sizes.sharedBytes)),
            "query the occupancy of kernel '%s'", kernel))
    return 1;
  getRecord().launches.push_back(info);
  return 0;
}

void tileRuntimeRecordLaunches(int on) {
  Record &record = getRecord();
  record.isOn = on != 0;
  if (record.isOn)
    record.launches.clear();
}

int tileRuntimeGetLaunches(TileLaunchInfo *infos, int capacity) {
  const std::vector<TileLaunchInfo> &launches = getRecord().launches;
  int count = static_cast<int>(launches.size());
  std::copy_n(launches.begin(), std::clamp(capacity, 0, count), infos);
  return count;
}

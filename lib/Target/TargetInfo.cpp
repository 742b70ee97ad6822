//===- TargetInfo.cpp - what each GPU has -----------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Target/TargetInfo.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::tile;

static constexpr int64_t KiB = 1024;

static const TargetInfo targets[] = {
    // chip, shared bytes of a block, blocks in a cluster, products of 8-bit
    // floats, of warpgroups, TMA, setmaxnreg, features
    {"sm_80", 163 * KiB, 1, false, false, false, false, ""},
    {"sm_86", 99 * KiB, 1, false, false, false, false, ""},
    {"sm_87", 163 * KiB, 1, false, false, false, false, ""},
    {"sm_89", 99 * KiB, 1, true, false, false, false, "+ptx84"},
    {"sm_90", 227 * KiB, 16, true, false, true, false, "+ptx84"},
    {"sm_90a", 227 * KiB, 16, true, true, true, true, "+ptx84"},
    {"sm_100", 227 * KiB, 16, true, false, true, false, ""},
    {"sm_100a", 227 * KiB, 16, true, false, true, true, ""},
    {"sm_120", 99 * KiB, 8, true, false, true, false, ""},
    {"sm_120a", 99 * KiB, 8, true, false, true, true, ""},
};

std::optional<TargetInfo> mlir::tile::getTargetInfo(llvm::StringRef chip) {
  const TargetInfo *found = llvm::find_if(
      targets, [&](const TargetInfo &target) { return target.chip == chip; });
  if (found == std::end(targets))
    return std::nullopt;
  return *found;
}

llvm::ArrayRef<TargetInfo> mlir::tile::getTargets() { return targets; }

std::string mlir::tile::describeUnknownChip(llvm::StringRef chip) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "unknown chip '" << chip << "': expected ";
  llvm::interleaveComma(getTargets(), os,
                        [&](const TargetInfo &known) { os << known.chip; });
  return text;
}

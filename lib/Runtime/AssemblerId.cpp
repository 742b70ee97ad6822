//===- AssemblerId.cpp - Which assemblers there are -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Assembler.h"
#include "tile/Runtime/Runtime.h"

#include <string>
#include <sys/stat.h>

using namespace tile::runtime;

static std::string describeFile(const std::string &path) {
  struct stat status;
  if (path.empty() || stat(path.c_str(), &status))
    return path;
  return path + ":" + std::to_string(status.st_size) + ":" +
         std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

const char *tileAssemblerId(void) {
  static thread_local std::string id;
  id = getVariable("TILE_ASSEMBLER") + " " + describeFile(getNvJitLinkPath()) +
       " " + describeFile(getPtxasPath());
  return id.c_str();
}

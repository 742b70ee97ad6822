//===- Assemble.cpp - From PTX to machine code ------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses among the assemblers that are present. nvJitLink comes first because
// it works in this process; ptxas is a second opinion when it fails, since the
// two may be of different versions. Of kernels with products on tensor cores
// ptxas makes faster code: nvJitLink, which expects that more is linked to them,
// leaves the registers of warpgroups as they are at the launch, and lets
// products run one after another if there is a call, even that of a division.
//
//===----------------------------------------------------------------------===//

#include "Assembler.h"
#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>

using namespace tile::runtime;

std::string tile::runtime::getVariable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

std::vector<std::string> tile::runtime::getToolkitFolders(const char *leaf) {
  std::vector<std::string> folders;
  for (const char *variable : {"CUDA_HOME", "CUDA_PATH"})
    if (std::string root = getVariable(variable); !root.empty())
      folders.push_back(root + "/" + leaf);
  folders.push_back(std::string("/usr/local/cuda/") + leaf);
  return folders;
}

std::string tile::runtime::getPtxTarget(const std::string &ptx) {
  size_t directive = ptx.find(".target");
  if (directive == std::string::npos)
    return "";
  size_t begin = ptx.find_first_not_of(" \t", directive + 7);
  if (begin == std::string::npos)
    return "";
  size_t end = ptx.find_first_of(" \t\r\n,", begin);
  return ptx.substr(begin, end == std::string::npos ? end : end - begin);
}

bool tile::runtime::leavePtxToDriver() {
  return getVariable("TILE_ASSEMBLER") == "driver" || !tileAssemblerName();
}

const char *tileAssemblerName(void) {
  std::string choice = getVariable("TILE_ASSEMBLER");
  if (choice != "ptxas" && choice != "driver" && haveNvJitLink())
    return "nvjitlink";
  if (choice != "nvjitlink" && choice != "driver" && havePtxas())
    return "ptxas";
  return nullptr;
}

/// Whether the code is slower when it can be linked.
static bool suffersFromLinking(const AssembleJob &job) {
  constexpr const char *names[] = {"mma.sync.", "wgmma.", "setmaxnreg."};
  return std::any_of(std::begin(names), std::end(names), [&](const char *name) {
    return job.ptx.find(name) != std::string::npos;
  });
}

/// Runs the assemblers in turn until one succeeds.
static bool assemble(const AssembleJob &job, std::string &cubin,
                     std::string &problem) {
  std::string choice = getVariable("TILE_ASSEMBLER");
  using Run = bool (*)(const AssembleJob &, std::string &, std::string &);
  std::vector<Run> runs;
  if (choice != "ptxas" && haveNvJitLink())
    runs.push_back(runNvJitLink);
  if (choice != "nvjitlink" && havePtxas())
    runs.push_back(runPtxas);
  if (suffersFromLinking(job))
    std::reverse(runs.begin(), runs.end());
  for (Run run : runs) {
    std::string text;
    if (run(job, cubin, text))
      return true;
    problem += (problem.empty() ? "" : "\n") + text;
  }
  if (runs.empty())
    problem = "found neither nvJitLink nor ptxas (set TILE_NVJITLINK, "
              "TILE_PTXAS or CUDA_HOME)";
  return false;
}

int tileAssemble(const char *ptx, size_t bytes, const char *chip, int optLevel,
                 void **cubin, size_t *cubinBytes) {
  if (!cubin || !cubinBytes)
    return fail("expected a place for the result, got null");
  *cubin = nullptr;
  *cubinBytes = 0;
  if (!ptx)
    return fail("expected PTX text, got null");
  std::string choice = getVariable("TILE_ASSEMBLER");
  if (choice == "driver")
    return fail("cannot assemble PTX with TILE_ASSEMBLER=driver, which leaves "
                "it to the driver at launch");
  if (!choice.empty() && choice != "nvjitlink" && choice != "ptxas")
    return fail("expected TILE_ASSEMBLER to be nvjitlink, ptxas or driver, "
                "got '%s'",
                choice.c_str());

  AssembleJob job;
  // PTX from a global may carry its terminating zero in the size.
  job.ptx.assign(ptx, strnlen(ptx, bytes));
  job.chip = chip && *chip ? chip : getPtxTarget(job.ptx);
  job.optLevel = optLevel;
  if (job.chip.empty())
    return fail("failed to assemble PTX: expected a .target directive");

  std::string image, problem;
  if (!assemble(job, image, problem))
    return fail("failed to assemble PTX for %s: %s", job.chip.c_str(),
                problem.c_str());
  *cubin = std::malloc(image.size());
  if (!*cubin)
    return fail("failed to allocate %zu bytes for a cubin", image.size());
  std::memcpy(*cubin, image.data(), image.size());
  *cubinBytes = image.size();
  return 0;
}

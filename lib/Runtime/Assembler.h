//===- Assembler.h - The ways from PTX to a cubin ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_RUNTIME_ASSEMBLER_H
#define TILE_LIB_RUNTIME_ASSEMBLER_H

#include <string>
#include <vector>

namespace tile::runtime {

/// What to assemble.
struct AssembleJob {
  std::string ptx;
  std::string chip;
  int optLevel;
};

/// Whether the assembler is present on this machine.
bool haveNvJitLink();
bool havePtxas();

/// Their files, or empty strings.
std::string getNvJitLinkPath();
std::string getPtxasPath();

/// Assemble, or put the tool's own text into `problem` and return false.
bool runNvJitLink(const AssembleJob &job, std::string &cubin,
                  std::string &problem);
bool runPtxas(const AssembleJob &job, std::string &cubin, std::string &problem);

/// Folders of installed CUDA toolkits, with `leaf` ("bin") appended.
std::vector<std::string> getToolkitFolders(const char *leaf);

/// The value of the variable, or an empty string.
std::string getVariable(const char *name);

/// The chip that the .target directive of the PTX names, or an empty string.
std::string getPtxTarget(const std::string &ptx);

/// Whether the launch path should hand PTX to the driver unassembled.
bool leavePtxToDriver();

/// Drops the white space at the end.
inline void trimEnd(std::string &text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
}

} // namespace tile::runtime

#endif // TILE_LIB_RUNTIME_ASSEMBLER_H

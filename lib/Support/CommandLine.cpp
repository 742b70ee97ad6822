//===- CommandLine.cpp - options and errors of tools ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Support/CommandLine.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::tile;
using llvm::StringRef;

llvm::Error mlir::tile::parseCommandLine(llvm::ArrayRef<const char *> arguments,
                                         StringRef overview) {
  std::string problem;
  llvm::raw_string_ostream os(problem);
  if (llvm::cl::ParseCommandLineOptions(static_cast<int>(arguments.size()),
                                        arguments.data(), overview, &os))
    return llvm::Error::success();
  StringRef line = StringRef(problem).ltrim().split('\n').first;
  if (line.contains(": "))
    line = line.split(": ").second;
  std::string text = line.split("  Try:").first.rtrim(".! ").str();
  text.front() = llvm::toLower(text.front());
  return makeError(text);
}

void mlir::tile::reportError(StringRef tool, llvm::Error error) {
  handleAllErrors(std::move(error), [&](const llvm::ErrorInfoBase &info) {
    std::string text = info.message();
    llvm::SmallVector<StringRef> lines;
    StringRef(text).split(lines, '\n', /*MaxSplit=*/-1,
                          /*KeepEmpty=*/false);
    llvm::outs().flush();
    llvm::errs() << tool << ": error: ";
    llvm::interleave(
        lines, llvm::errs(),
        [](StringRef line) { llvm::errs() << line.trim(); }, "; ");
    llvm::errs() << "\n";
  });
}

//===- CrashReproducer.cpp - keeps what a crash needs ----------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Support/CrashReproducer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <fcntl.h>
#include <unistd.h>

using namespace mlir::tile;
using llvm::StringRef;

/// Prints an argument as a shell reads it.
static void printArgument(llvm::raw_ostream &os, StringRef argument) {
  auto isPlain = [](char c) {
    return llvm::isAlnum(c) || StringRef("-_=./,:@%+").contains(c);
  };
  if (!argument.empty() && llvm::all_of(argument, isPlain)) {
    os << argument;
    return;
  }
  os << '\'';
  for (char c : argument)
    if (c == '\'')
      os << "'\\''";
    else
      os << c;
  os << '\'';
}

void CrashReproducer::watch(StringRef name, StringRef input) {
  bool isFirst = message.empty();
  message.clear();
  content = input;
  StringRef tool = llvm::sys::path::filename(arguments.front());
  bool isBytecode = content.starts_with("ML\xefR");
  path = (tool + "-crash-" + llvm::Twine(llvm::sys::Process::getProcessId()) +
          (isBytecode ? ".mlirbc" : ".mlir"))
             .str();

  llvm::raw_string_ostream os(message);
  os << tool << ": error: internal failure; its input is in '" << path
     << "', and this repeats it:\n";
  bool hasInput = false;
  for (StringRef argument : arguments) {
    bool isInput = argument == name && !hasInput;
    hasInput |= isInput;
    printArgument(os, isInput ? StringRef(path) : argument);
    os << ' ';
  }
  os << (hasInput ? "" : path) << '\n';
  if (isFirst)
    llvm::sys::AddSignalHandler(handle, this);
}

/// Writes everything, or gives up.
static void writeAll(int file, StringRef text) {
  while (!text.empty()) {
    ssize_t written = write(file, text.data(), text.size());
    if (written <= 0)
      return;
    text = text.drop_front(written);
  }
}

void CrashReproducer::handle(void *self) {
  auto *reproducer = static_cast<CrashReproducer *>(self);
  int file = open(reproducer->path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0)
    return;
  writeAll(file, reproducer->content);
  close(file);
  writeAll(STDERR_FILENO, reproducer->message);
}

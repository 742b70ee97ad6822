//===- OutputFile.cpp - files that are written as a whole -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Support/OutputFile.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <filesystem>

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;
namespace fs = llvm::sys::fs;

/// Writes to an open file, which is closed unless it is a standard stream.
static std::error_code writeAndClose(int descriptor, StringRef contents) {
  bool isStandard = descriptor <= 2;
  llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/!isStandard);
  os << contents;
  if (isStandard)
    os.flush();
  else
    os.close();
  std::error_code code = os.error();
  // A stream that is destroyed with an error ends the process.
  os.clear_error();
  return code;
}

/// The file that a symbolic link stands for, which need not exist.
static std::string followLinks(StringRef path) {
  constexpr int kMaxLinks = 40;
  std::filesystem::path result(path.str());
  for (int i = 0; i < kMaxLinks; ++i) {
    std::error_code code;
    std::filesystem::path next = std::filesystem::read_symlink(result, code);
    if (code)
      break;
    result = result.parent_path() / next;
  }
  return result.string();
}

static std::error_code writeInPlace(StringRef path, StringRef contents) {
  int descriptor;
  if (std::error_code code =
          fs::openFileForWrite(path, descriptor, fs::CD_OpenExisting))
    return code;
  return writeAndClose(descriptor, contents);
}

static std::error_code writeAndRename(StringRef path, StringRef contents,
                                      bool isExecutable) {
  unsigned mode = fs::all_read | fs::all_write;
  if (isExecutable)
    mode |= fs::all_exe;
  llvm::SmallString<64> temporary;
  int descriptor;
  if (std::error_code code = fs::createUniqueFile(path + ".%%%%%%", descriptor,
                                                  temporary, fs::OF_None, mode))
    return code;
  llvm::FileRemover remover(temporary);
  llvm::sys::RemoveFileOnSignal(temporary);
  std::error_code code = writeAndClose(descriptor, contents);
  if (!code)
    code = fs::rename(temporary, path);
  if (!code)
    remover.releaseFile();
  llvm::sys::DontRemoveFileOnSignal(temporary);
  return code;
}

static std::error_code write(StringRef path, StringRef contents,
                             bool isExecutable) {
  if (path == "-")
    return writeAndClose(/*descriptor=*/1, contents);
  fs::file_status status;
  if (!fs::status(path, status) && !fs::is_regular_file(status))
    return writeInPlace(path, contents);
  return writeAndRename(followLinks(path), contents, isExecutable);
}

Error mlir::tile::writeOutputFile(StringRef path, StringRef contents,
                                  bool isExecutable) {
  if (std::error_code code = write(path, contents, isExecutable))
    return makeError("cannot write '" + path + "': " + code.message());
  return Error::success();
}

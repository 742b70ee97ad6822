//===- SharedLibrary.cpp - Shared libraries of kernels ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The object file and the runtime need nothing but the C library, so a linker
// alone makes a shared library of them: no startup files, no search paths. The
// C library to link with is the one of this process.
//
//===----------------------------------------------------------------------===//

#include "tile/Execution/AheadOfTime.h"
#include "tile/Support/Error.h"
#include "tile/Support/OutputFile.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <link.h>

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

namespace {
/// A linker, or a compiler that runs one.
struct Linker {
  std::string path;
  bool isCompiler;

  explicit Linker(std::string path);
};
} // namespace

Linker::Linker(std::string file) : path(std::move(file)) {
  StringRef name = llvm::sys::path::filename(path);
  isCompiler = !name.starts_with("ld") && !name.contains("-ld") &&
               !name.starts_with("mold");
}

static Expected<Linker> findLinker() {
  if (auto chosen = llvm::sys::Process::GetEnv("TILE_LINKER")) {
    if (auto path = llvm::sys::findProgramByName(*chosen))
      return Linker(*path);
    return makeError("cannot find the linker '" + *chosen +
                     "', which TILE_LINKER names");
  }
  for (StringRef name : {"ld.lld-22", "ld.lld", "ld", "cc"})
    if (auto path = llvm::sys::findProgramByName(name))
      return Linker(*path);
  return makeError("missing a linker: expected ld.lld, ld or cc in PATH, or "
                   "TILE_LINKER to name one");
}

/// The files of the C library, its mathematical functions and the dynamic
/// linker in this process. They are asked for by name, since another library
/// may have functions of the same names.
static SmallVector<std::string> findCLibrary() {
  SmallVector<std::string> files;
  for (const char *name : {LIBC_SO, LIBM_SO, LD_SO}) {
    void *library = dlopen(name, RTLD_LAZY);
    if (!library)
      continue;
    link_map *map = nullptr;
    if (dlinfo(library, RTLD_DI_LINKMAP, &map) == 0 &&
        llvm::sys::path::is_absolute(map->l_name))
      files.push_back(map->l_name);
    dlclose(library);
  }
  return files;
}

static SmallVector<std::string> getArguments(const Linker &linker,
                                             StringRef object,
                                             StringRef runtime,
                                             StringRef output, StringRef path) {
  SmallVector<std::string> options = {"-soname=" +
                                          llvm::sys::path::filename(path).str(),
                                      "--exclude-libs=ALL",
                                      "-Bsymbolic",
                                      "--gc-sections",
                                      "--eh-frame-hdr",
                                      "--as-needed",
                                      "--strip-all",
                                      "-znoexecstack",
                                      "-zdefs"};
  SmallVector<std::string> arguments = {linker.path, "-shared"};
  if (linker.isCompiler) {
    arguments.push_back("-nostdlib");
    for (std::string &option : options)
      option.insert(0, "-Wl,");
  }
  llvm::append_range(arguments, options);
  llvm::append_range(arguments,
                     SmallVector<std::string>{"-o", output.str(), object.str(),
                                              runtime.str()});
  llvm::append_range(arguments, findCLibrary());
  return arguments;
}

static Expected<std::string> makeTemporaryFile(StringRef suffix) {
  SmallString<64> path;
  if (std::error_code code =
          llvm::sys::fs::createTemporaryFile("tile-link", suffix, path))
    return makeError("cannot make a temporary file: " + code.message());
  return path.str().str();
}

/// The first lines of a text, which can be as long as the link is wrong.
static std::string getFirstLines(StringRef text) {
  constexpr size_t kMaxLines = 8;
  SmallVector<StringRef> lines;
  text.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  if (lines.size() <= kMaxLines)
    return text.str();
  size_t rest = lines.size() - kMaxLines;
  lines.resize(kMaxLines);
  return llvm::join(lines, "\n") + "\nand " + std::to_string(rest) +
         (rest == 1 ? " more line" : " more lines");
}

/// Runs the linker. The error is what it wrote.
static Error runLinker(ArrayRef<std::string> arguments) {
  Expected<std::string> log = makeTemporaryFile("txt");
  if (!log)
    return log.takeError();
  llvm::FileRemover remover(*log);
  SmallVector<StringRef> texts(arguments.begin(), arguments.end());
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(*log),
                                          StringRef(*log)};
  std::string problem;
  int code = llvm::sys::ExecuteAndWait(texts[0], texts, std::nullopt, redirects,
                                       0, 0, &problem);
  if (code == 0)
    return Error::success();
  if (problem.empty())
    problem = "exit code " + std::to_string(code);
  if (auto written = llvm::MemoryBuffer::getFile(*log))
    if (StringRef text = (*written)->getBuffer().trim(); !text.empty())
      problem = getFirstLines(text);
  return makeError(texts[0] + " failed: " + problem);
}

Error mlir::tile::linkSharedLibrary(StringRef object, StringRef runtime,
                                    StringRef path) {
  Expected<Linker> linker = findLinker();
  if (!linker)
    return linker.takeError();
  if (!llvm::sys::fs::exists(runtime))
    return makeError("missing the runtime: expected it in '" + runtime + "'");
  Expected<std::string> output = makeTemporaryFile("so");
  if (!output)
    return output.takeError();
  llvm::FileRemover outputRemover(*output);
  Expected<std::string> input = makeTemporaryFile("o");
  if (!input)
    return input.takeError();
  llvm::FileRemover inputRemover(*input);
  if (Error error = writeOutputFile(*input, object))
    return error;
  if (Error error =
          runLinker(getArguments(*linker, *input, runtime, *output, path)))
    return error;
  auto library = llvm::MemoryBuffer::getFile(*output);
  if (!library)
    return makeError("cannot read what " + linker->path +
                     " wrote: " + library.getError().message());
  return writeOutputFile(path, (*library)->getBuffer(), /*isExecutable=*/true);
}

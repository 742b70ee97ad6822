//===- BytecodeTest.cpp - damaged and newer bytecode -----------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tile-bytecode-test corrupt FILE COUNT SEED  reads COUNT damaged copies of a
//                                             file, each in a process
//                    truncate FILE            reads the beginnings of a file
//                    version FILE NUMBER      reads the file as if a version of
//                                             the dialect had written it
//                    rename FILE OLD NEW      reads the file with another name
//                                             of the same length in it
//                    without FILE OP NAME     reads the file as if OP had not
//                                             had the property when it was
//                                             written, and prints it
//                    covered FILE...          names the ops of the dialect that
//                                             are in none of the files
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileBytecode.h"
#include "tile/Dialect/Tile/IR/TileDialect.h"
#include "tile/InitAllDialects.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <execinfo.h>
#include <random>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::tile;

static void makeContext(MLIRContext &context) {
  DialectRegistry registry;
  registerAllDialects(registry);
  context.appendDialectRegistry(registry);
}

/// Whether the bytes are a module, which is then printed to nowhere.
static bool readBytes(MLIRContext &context, StringRef bytes) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(bytes, &context);
  if (!module)
    return false;
  module->print(llvm::nulls());
  return true;
}

//===----------------------------------------------------------------------===//
// corrupt
//===----------------------------------------------------------------------===//

/// Changes up to four bytes. The first four say that it is bytecode, and stay.
static std::string damage(StringRef original, std::mt19937 &random) {
  std::string copy = original.str();
  for (unsigned i = 0, count = 1 + random() % 4; i < count; ++i) {
    char &byte = copy[4 + random() % (copy.size() - 4)];
    byte = random() % 2 ? static_cast<char>(random())
                        : static_cast<char>(byte ^ (1 << random() % 8));
  }
  return copy;
}

namespace {
/// How the reading of a copy ended.
enum Outcome { Error, Silent, Module, UpstreamCrash, TileCrash, NumOutcomes };
} // namespace

/// Whether two addresses are in one program or library.
static bool isSameImage(void *left, void *right) {
  Dl_info first, second;
  return dladdr(left, &first) && dladdr(right, &second) &&
         first.dli_fbase == second.dli_fbase;
}

/// Whether the C library itself called abort(), which it does when it finds its
/// heap damaged, some time after that was done. MLIR 22's reader writes beyond
/// its tables when a count in the file is wrong.
static bool isHeapCheck(ArrayRef<void *> frames) {
  for (size_t i = 0; i + 1 < frames.size(); ++i) {
    Dl_info info;
    if (dladdr(frames[i], &info) && info.dli_sname &&
        StringRef(info.dli_sname) == "abort")
      return isSameImage(frames[i], frames[i + 1]);
  }
  return false;
}

/// Ends the process of a crash. The frames from main() down to the parser are
/// of this program; when there are others of it further in, code of tile was
/// running, which is linked into it. The first is this handler's own.
static void handleCrash(int) {
  void *frames[256];
  int count = backtrace(frames, 256), at = count;
  auto isOurs = [&](int frame) {
    return isSameImage(frames[frame], reinterpret_cast<void *>(&handleCrash));
  };
  if (isHeapCheck(ArrayRef<void *>(frames, static_cast<size_t>(count))))
    _exit(UpstreamCrash);
  // From the outside: _start(), the C library, then main() to the parser.
  for (bool ours : {true, false, true})
    while (at > 0 && isOurs(at - 1) == ours)
      --at;
  for (int frame = 1; frame < at; ++frame)
    if (isOurs(frame)) {
      backtrace_symbols_fd(frames, count, STDOUT_FILENO);
      _exit(TileCrash);
    }
  _exit(UpstreamCrash);
}

static void guardProcess() {
  rlimit seconds = {20, 21}, bytes = {rlim_t(6) << 30, rlim_t(6) << 30};
  setrlimit(RLIMIT_CPU, &seconds);
  setrlimit(RLIMIT_AS, &bytes);
  static char stack[1 << 16];
  stack_t alternative = {};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof stack;
  sigaltstack(&alternative, nullptr);
  struct sigaction action = {};
  action.sa_handler = handleCrash;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU})
    sigaction(number, &action, nullptr);
}

static Outcome readApart(StringRef bytes) {
  std::fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    guardProcess();
    MLIRContext context(MLIRContext::Threading::DISABLED);
    makeContext(context);
    bool reported = false;
    context.getDiagEngine().registerHandler(
        [&](Diagnostic &) { reported = true; });
    bool isModule = readBytes(context, bytes);
    _exit(isModule ? Module : reported ? Error : Silent);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) < NumOutcomes
             ? static_cast<Outcome>(WEXITSTATUS(status))
             : TileCrash;
}

static int corrupt(StringRef original, unsigned count, unsigned seed) {
  std::mt19937 random(seed);
  unsigned outcomes[NumOutcomes] = {};
  // What the handler needs is loaded before it may be in no state to.
  void *frame;
  backtrace(&frame, 1);
  for (unsigned i = 0; i < count; ++i) {
    Outcome outcome = readApart(damage(original, random));
    ++outcomes[outcome];
    if (outcome == TileCrash)
      std::printf("copy %u of seed %u crashed\n", i, seed);
  }
  std::printf("%u copies: %u errors, %u modules, %u crashes of tile\n"
              "in MLIR's reader: %u errors without a message, %u crashes\n",
              count, outcomes[Error], outcomes[Module], outcomes[TileCrash],
              outcomes[Silent], outcomes[UpstreamCrash]);
  return outcomes[TileCrash] != 0;
}

static int truncate(StringRef original) {
  unsigned errors = 0, wrong = 0;
  for (size_t size = 5; size < original.size(); size += 23) {
    bool isError = readApart(original.take_front(size)) == Error;
    ++(isError ? errors : wrong);
    if (!isError)
      std::printf("the first %zu bytes: expected an error\n", size);
  }
  std::printf("%u copies cut off: %u errors\n", errors + wrong, errors);
  return wrong != 0;
}

//===----------------------------------------------------------------------===//
// version
//===----------------------------------------------------------------------===//

static int readVersion(StringRef original, uint64_t number) {
  MLIRContext context;
  makeContext(context);
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(original, &context);
  if (!module)
    return 2;
  BytecodeWriterConfig config;
  config.setDialectVersion<TileDialect>(
      std::make_unique<TileDialectVersion>(number));
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (failed(writeBytecodeToFile(*module, os, config)))
    return 2;
  return !readBytes(context, bytes);
}

//===----------------------------------------------------------------------===//
// rename, without
//===----------------------------------------------------------------------===//

static int rename(StringRef original, StringRef from, StringRef to) {
  std::string bytes = original.str();
  size_t place = bytes.find(from.str() + '\0');
  if (place == std::string::npos || from.size() != to.size())
    return 2;
  bytes.replace(place, to.size(), to.str());
  MLIRContext context;
  makeContext(context);
  return !readBytes(context, bytes);
}

/// An op without an optional property is written as a library writes it in
/// which the op has no such property.
static int readWithout(StringRef original, StringRef opName, StringRef name) {
  MLIRContext context;
  makeContext(context);
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(original, &context);
  if (!module)
    return 2;
  module->walk([&](Operation *op) {
    if (op->getName().getStringRef() == opName)
      op->removeAttr(name);
  });
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (failed(writeBytecodeToFile(*module, os)) ||
      StringRef(bytes).contains(name))
    return 2;
  module = parseSourceString<ModuleOp>(bytes, &context);
  if (!module)
    return 1;
  module->print(llvm::outs());
  return 0;
}

//===----------------------------------------------------------------------===//
// covered
//===----------------------------------------------------------------------===//

static int findUncovered(ArrayRef<char *> files) {
  MLIRContext context;
  makeContext(context);
  context.loadDialect<TileDialect>();
  std::set<StringRef> missing;
  for (RegisteredOperationName name : context.getRegisteredOperations())
    if (name.getDialectNamespace() == "tile")
      missing.insert(name.getStringRef());
  size_t count = missing.size();
  for (const char *file : files) {
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(file, &context);
    if (!module)
      return 2;
    module->walk(
        [&](Operation *op) { missing.erase(op->getName().getStringRef()); });
  }
  for (StringRef name : missing)
    llvm::outs() << "in no file: " << name << '\n';
  llvm::outs() << count - missing.size() << " of " << count << " operations\n";
  return !missing.empty();
}

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  if (StringRef(argv[1]) == "covered")
    return findUncovered(ArrayRef(argv + 2, argc - 2));
  auto file = llvm::MemoryBuffer::getFile(argv[2]);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", argv[2]);
    return 2;
  }
  StringRef bytes = (*file)->getBuffer();
  if (StringRef(argv[1]) == "truncate")
    return truncate(bytes);
  if (StringRef(argv[1]) == "version" && argc == 4)
    return readVersion(bytes, std::atoi(argv[3]));
  if (StringRef(argv[1]) == "rename" && argc == 5)
    return rename(bytes, argv[3], argv[4]);
  if (StringRef(argv[1]) == "without" && argc == 5)
    return readWithout(bytes, argv[3], argv[4]);
  if (StringRef(argv[1]) != "corrupt" || argc != 5 || bytes.size() < 5)
    return 2;
  return corrupt(bytes, std::atoi(argv[3]), std::atoi(argv[4]));
}

//===- tile-compile.cpp - Kernels for programs in C -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a function of tile IR ahead of time: to PTX or a cubin, to an object
// file or a shared library that a C program links, and to the header for it.
// Every mistake ends in one line that begins with "tile-compile: error:", with
// the exit code 1 and no output written; what MLIR's parser, verifier and
// passes report is printed as they print it.
//
//===----------------------------------------------------------------------===//

#include "InputFile.h"
#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Execution/AheadOfTime.h"
#include "tile/Execution/Arguments.h"
#include "tile/InitAllDialects.h"
#include "tile/Support/CommandLine.h"
#include "tile/Support/CrashReproducer.h"
#include "tile/Support/Error.h"
#include "tile/Support/OutputFile.h"
#include "tile/Target/TargetInfo.h"

#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

#include <csignal>

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;
namespace cl = llvm::cl;

static cl::OptionCategory category("tile-compile options");

static cl::opt<std::string> inputFile(cl::Positional, cl::desc("FILE"),
                                      cl::cat(category));
static cl::opt<std::string>
    outputFile("o", cl::desc("File to write; - is the standard output"),
               cl::value_desc("OUT"), cl::cat(category));
static cl::opt<std::string>
    emitKind("emit", cl::desc("What to write"),
             cl::value_desc("ptx|cubin|object|shared|c-header"),
             cl::cat(category));
static cl::opt<std::string>
    entryName("entry",
              cl::desc("Function to compile; needed when there are several"),
              cl::value_desc("NAME"), cl::cat(category));
static cl::list<std::string>
    givenValues("set",
                cl::desc("Value of a compile-time argument, size or element "
                         "type; for each one anew"),
                cl::value_desc("NAME=VALUE"), cl::cat(category));
static cl::opt<std::string>
    symbolName("symbol", cl::desc("Name of the C function (that of the entry)"),
               cl::value_desc("NAME"), cl::cat(category));
static cl::opt<std::string>
    targetName("target",
               cl::desc("What the kernels run on (cuda for PTX and cubins and "
                        "when --chip is given, or else cpu)"),
               cl::value_desc("cpu|cuda"), cl::cat(category));
static cl::opt<std::string> chip("chip", cl::desc("GPU to compile for (sm_80)"),
                                 cl::value_desc("sm_XX"), cl::cat(category));
static cl::opt<std::string>
    cpu("cpu",
        cl::desc("Processor that host code is for: native, or a name of "
                 "LLVM's (any of this architecture)"),
        cl::value_desc("NAME"), cl::cat(category));
static cl::opt<std::string> optLevel("opt-level", cl::init("3"),
                                     cl::desc("Of LLVM, 0 to 3 (3)"),
                                     cl::value_desc("N"), cl::cat(category));
static cl::opt<bool>
    assemble("assemble",
             cl::desc("Put machine code of the GPU into objects, not PTX"),
             cl::cat(category));
static cl::opt<std::string>
    runtimeFile("runtime",
                cl::desc("libtile-runtime.a to put into a shared library "
                         "(that beside this program)"),
                cl::value_desc("FILE"), cl::cat(category));

namespace {
enum class Kind { PTX, Cubin, Object, Shared, Header };
} // namespace

//===----------------------------------------------------------------------===//
// The command line
//===----------------------------------------------------------------------===//

static Expected<Kind> parseKind() {
  auto kind = llvm::StringSwitch<std::optional<Kind>>(emitKind)
                  .Case("ptx", Kind::PTX)
                  .Case("cubin", Kind::Cubin)
                  .Case("object", Kind::Object)
                  .Case("shared", Kind::Shared)
                  .Case("c-header", Kind::Header)
                  .Default(std::nullopt);
  if (!kind)
    return makeError("expected --emit of ptx, cubin, object, shared or "
                     "c-header, got '" +
                     emitKind + "'");
  if (outputFile.empty())
    return makeError("missing -o OUT, the file to write");
  if (*kind == Kind::Shared && outputFile == "-")
    return makeError("expected -o to name a file for a shared library, got -");
  return *kind;
}

/// Fails for an option that is given, but not with a kind that it changes.
static Error checkUse(const cl::Option &option, ArrayRef<StringRef> kinds) {
  if (!option.getNumOccurrences() || llvm::is_contained(kinds, emitKind))
    return Error::success();
  return makeError("expected --" + option.ArgStr + " with --emit of " +
                   llvm::join(kinds, " or ") + ", got " + emitKind);
}

static Error checkUse() {
  if (Error error = checkUse(runtimeFile, {"shared"}))
    return error;
  if (Error error = checkUse(cpu, {"object", "shared"}))
    return error;
  if (Error error = checkUse(assemble, {"object", "shared"}))
    return error;
  if (Error error = checkUse(symbolName, {"object", "shared", "c-header"}))
    return error;
  return checkUse(optLevel, {"ptx", "cubin", "object", "shared"});
}

static Expected<ExportOptions> parseOptions(Kind kind) {
  if (Error error = checkUse())
    return error;
  if (!targetName.empty() && targetName != "cpu" && targetName != "cuda")
    return makeError("expected --target of cpu or cuda, got '" + targetName +
                     "'");
  bool isDeviceCode = kind == Kind::PTX || kind == Kind::Cubin;
  if (targetName == "cpu" && (isDeviceCode || !chip.empty()))
    return makeError("expected --target=cuda with " +
                     (isDeviceCode ? "--emit=" + emitKind : "--chip") +
                     ", got cpu");
  for (StringRef given : givenValues)
    if (auto [name, value] = given.split('='); name.empty() || value.empty())
      return makeError("expected --set of NAME=VALUE, got '" + given + "'");
  ExportOptions options;
  options.configure = [](PassManager &pm) {
    return applyPassManagerCLOptions(pm);
  };
  if (isDeviceCode || targetName == "cuda" || !chip.empty())
    options.target = ExecutionTarget::CUDA;
  else if (assemble)
    return makeError("expected --target=cuda with --assemble, got cpu");
  if (!chip.empty() && !getTargetInfo(chip))
    return makeError(describeUnknownChip(chip));
  if (!chip.empty())
    options.chip = chip;
  options.cpu = cpu;
  options.assemble = assemble;
  options.symbol = symbolName;
  if (StringRef(optLevel).getAsInteger(10, options.optLevel) ||
      options.optLevel < 0 || options.optLevel > 3)
    return makeError("expected --opt-level of 0 to 3, got '" + optLevel + "'");
  return options;
}

/// The runtime, in the tree that this program was built or installed in.
static std::string getRuntime(const char *program) {
  if (!runtimeFile.empty())
    return runtimeFile;
  SmallString<128> path(llvm::sys::fs::getMainExecutable(
      program, reinterpret_cast<void *>(&getRuntime)));
  llvm::sys::path::remove_filename(path);
  llvm::sys::path::append(path, "..", "lib", "libtile-runtime.a");
  return path.str().str();
}

//===----------------------------------------------------------------------===//
// What it does
//===----------------------------------------------------------------------===//

/// Whether a compile-time argument has a value that nobody has to give.
static bool hasDefaults(func::FuncOp entry) {
  return llvm::any_of(entry.getArguments(), [&](BlockArgument argument) {
    unsigned index = argument.getArgNumber();
    auto annotation =
        entry.getArgAttrOfType<AnnotationInterface>(index, kAnnotationAttrName);
    return annotation && !annotation.isKernelArgument() &&
           entry.getArgAttr(index, kDefaultAttrName);
  });
}

static Expected<std::string> emit(func::FuncOp entry, Kind kind,
                                  const ExportOptions &options) {
  auto module = entry->getParentOfType<ModuleOp>();
  StringRef name = entry.getName();
  switch (kind) {
  case Kind::PTX:
    return emitPTX(module, name, options);
  case Kind::Cubin:
    return emitCubin(module, name, options);
  case Kind::Object:
  case Kind::Shared:
    return emitObject(module, name, options);
  case Kind::Header:
    return emitCHeader(module, name, options);
  }
  llvm_unreachable("unknown kind");
}

static Error compile(const std::shared_ptr<llvm::SourceMgr> &source, Kind kind,
                     const ExportOptions &options, const char *program) {
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  // The location says which op it is; the whole module would hide the message.
  context.printOpOnDiagnostic(false);
  SourceMgrDiagnosticHandler handler(*source, &context);
  OwningOpRef<ModuleOp> module = parseWithNames(source, &context);
  if (!module)
    return llvm::make_error<DiagnosedError>();
  Expected<func::FuncOp> entry = findEntry(*module, entryName);
  if (!entry)
    return entry.takeError();
  if (!givenValues.empty() || hasDefaults(*entry)) {
    Expected<OwningOpRef<ModuleOp>> fixed = fixCompileTimeArguments(
        *module, entry->getName(), givenValues, options);
    if (!fixed)
      return fixed.takeError();
    module = std::move(*fixed);
    entry = findEntry(*module, entry->getName());
    if (!entry)
      return entry.takeError();
  }
  Expected<std::string> text = emit(*entry, kind, options);
  if (!text)
    return text.takeError();
  if (kind == Kind::Shared)
    return linkSharedLibrary(*text, getRuntime(program), outputFile);
  return writeOutputFile(outputFile, *text);
}

static Error runTool(int argc, char **argv) {
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  registerPassManagerCLOptions();
  cl::HideUnrelatedOptions(category);
  if (Error error = parseCommandLine(ArrayRef<const char *>(argv, argc),
                                     "Compile kernels for C\n"))
    return error;
  if (inputFile.empty())
    return makeError("missing the file to compile");
  Expected<Kind> kind = parseKind();
  if (!kind)
    return kind.takeError();
  Expected<ExportOptions> options = parseOptions(*kind);
  if (!options)
    return options.takeError();
  std::string problem;
  std::unique_ptr<llvm::MemoryBuffer> file = openInputFile(inputFile, &problem);
  if (!file)
    return makeError(problem);
  static CrashReproducer reproducer(
      ArrayRef<const char *>(argv, static_cast<size_t>(argc)));
  static const std::string input = file->getBuffer().str();
  reproducer.watch(inputFile, input);
  auto source = std::make_shared<llvm::SourceMgr>();
  source->AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  return compile(source, *kind, *options, argv[0]);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // A file that grows too large is then an error of its writer.
  std::signal(SIGXFSZ, SIG_IGN);
  if (Error error = runTool(argc, argv)) {
    // What has been diagnosed has been printed.
    reportError("tile-compile",
                handleErrors(std::move(error), [](const DiagnosedError &) {}));
    return 1;
  }
  return 0;
}

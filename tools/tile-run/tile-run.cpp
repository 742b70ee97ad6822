//===- tile-run.cpp - Run a function of an MLIR file ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a function of tile IR for the CPU or the GPU and calls it with
// arrays and scalars from the command line. Every mistake ends in one line that
// begins with "tile-run: error:", with the exit code 1 and no output written;
// what MLIR's parser, verifier and passes report is printed as they print it.
//
//===----------------------------------------------------------------------===//

#include "ArgumentTexts.h"
#include "Runner.h"
#include "tile/Execution/Executable.h"
#include "tile/InitAllDialects.h"
#include "tile/Runtime/Runtime.h"
#include "tile/Support/CommandLine.h"
#include "tile/Support/CrashReproducer.h"
#include "tile/Support/Error.h"

#include "mlir/IR/AsmState.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/StringSaver.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;
namespace cl = llvm::cl;

static cl::OptionCategory category("tile-run options");

static cl::opt<std::string> inputFile(cl::Positional, cl::desc("FILE"),
                                      cl::cat(category));
static cl::list<std::string>
    argumentTexts(cl::Positional,
                  cl::desc("[[NAME=](x.npy | empty:SHAPE | zeros:SHAPE | "
                           "random:SHAPE[:SEED] | none | scalar | type)]..."),
                  cl::cat(category));
static cl::opt<std::string>
    entryName("entry",
              cl::desc("Function to run; needed when there are several"),
              cl::value_desc("NAME"), cl::cat(category));
static cl::opt<std::string> deviceName(
    "device", cl::init("auto"),
    cl::desc("Where to run: cpu, cuda, or auto (cuda when there is a GPU)"),
    cl::value_desc("auto|cpu|cuda"), cl::cat(category));
static cl::list<std::string>
    outputs("out", cl::desc("Write argument K (from 0) to a .npy file"),
            cl::value_desc("K=FILE"), cl::cat(category));
static cl::opt<bool> timed("time", cl::desc("Print the median time of a run"),
                           cl::cat(category));
static cl::opt<std::string> repeatText("repeat", cl::init("20"),
                                       cl::desc("Runs to time (20)"),
                                       cl::value_desc("N"), cl::cat(category));
static cl::opt<std::string>
    emitKind("emit", cl::desc("Print a stage of the compilation instead"),
             cl::value_desc("ptx|cubin|llvm"), cl::cat(category));
static cl::opt<std::string>
    chip("chip", cl::desc("GPU to compile for (that of the device, or sm_80)"),
         cl::value_desc("sm_XX"), cl::cat(category));

namespace {
/// One --out option.
struct Output {
  /// The number of the value.
  unsigned value;
  std::string path;
};
} // namespace

//===----------------------------------------------------------------------===//
// The command line
//===----------------------------------------------------------------------===//

/// Marks an argument that begins with '-' but is a number.
static constexpr char numberMark = '\1';

static bool isNegativeNumber(StringRef text) {
  return text.size() > 1 && text[0] == '-' &&
         (llvm::isDigit(text[1]) || text[1] == '.' || text == "-inf" ||
          text == "-nan");
}

/// Parses the options; "-3" is a scalar, not an option.
static Error parseArguments(int argc, char **argv) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  SmallVector<const char *> texts;
  for (StringRef text : ArrayRef(argv, argc))
    texts.push_back(isNegativeNumber(text)
                        ? saver.save(Twine(numberMark) + text).data()
                        : text.data());
  cl::HideUnrelatedOptions(category);
  if (Error error =
          tile::parseCommandLine(texts, "Run a function of an MLIR file\n"))
    return error;
  for (std::string &text : argumentTexts)
    if (text.front() == numberMark)
      text.erase(0, 1);
  return Error::success();
}

static Expected<unsigned> parseRepeats() {
  unsigned repeats;
  if (StringRef(repeatText).getAsInteger(10, repeats) || repeats == 0 ||
      repeats > 1000000)
    return makeError("expected --repeat of 1 to 1000000, got '" +
                     StringRef(repeatText).ltrim(numberMark) + "'");
  return repeats;
}

/// The number of the value that --out is of.
static Expected<unsigned> getOutputValue(unsigned index,
                                         const EntryCall &call) {
  size_t count = call.valueOfArgument.size();
  if (index >= count)
    return makeError("expected --out of an argument below " + Twine(count) +
                     ", got " + Twine(index));
  auto fail = [&](StringRef what) {
    return makeError("expected --out of a buffer, got argument " +
                     Twine(index) + ", which is " + what);
  };
  std::optional<unsigned> value = call.valueOfArgument[index];
  if (!value)
    return fail("known at compile time");
  if (std::holds_alternative<AbsentTensor>(call.values[*value]))
    return fail("none");
  if (!std::holds_alternative<NpyArray>(call.values[*value]))
    return fail("a scalar");
  return *value;
}

/// Parses and checks the --out options.
static Expected<SmallVector<Output>> parseOutputs(const EntryCall &call) {
  SmallVector<Output> result;
  for (StringRef text : outputs) {
    auto [indexText, path] = text.split('=');
    unsigned index;
    if (indexText.getAsInteger(10, index) || path.empty())
      return makeError("expected --out=K=FILE, got '" + text + "'");
    Expected<unsigned> value = getOutputValue(index, call);
    if (!value)
      return value.takeError();
    for (const Output &other : result) {
      if (other.value == *value)
        return makeError("expected one --out of argument " + indexText +
                         ", got two");
      if (other.path == path)
        return makeError("expected one --out to '" + path + "', got two");
    }
    if (Error error = checkNpyPath(path))
      return error;
    result.push_back({*value, path.str()});
  }
  return result;
}

/// Chooses where to run and for which GPU to compile.
static Expected<ExecutionOptions> chooseTarget() {
  if (deviceName != "auto" && deviceName != "cpu" && deviceName != "cuda")
    return makeError("expected --device of auto, cpu or cuda, got '" +
                     deviceName + "'");
  if (!emitKind.empty() && emitKind != "ptx" && emitKind != "cubin" &&
      emitKind != "llvm")
    return makeError("expected --emit of ptx, cubin or llvm, got '" + emitKind +
                     "'");
  ExecutionOptions options;
  options.configure = [](PassManager &pm) {
    return applyPassManagerCLOptions(pm);
  };
  bool emitsDeviceCode = emitKind == "ptx" || emitKind == "cubin";
  bool mayUseDevice = deviceName != "cpu";
  int devices = mayUseDevice ? tileDeviceCount() : 0;
  if (deviceName == "cuda" && devices == 0 && emitKind.empty())
    return makeError(Twine("no GPU to run on: ") + tileRuntimeLastError());
  if (devices > 0 || deviceName == "cuda" || emitsDeviceCode)
    options.target = ExecutionTarget::CUDA;
  if (!chip.empty()) {
    options.chip = chip;
  } else if (devices > 0) {
    TileDeviceInfo info;
    if (tileDeviceGetInfo(0, &info))
      return makeError(tileRuntimeLastError());
    options.chip = getChipName(info.major, info.minor);
  }
  return options;
}

//===----------------------------------------------------------------------===//
// What it does
//===----------------------------------------------------------------------===//

/// Prints a stage of the entry, compiled for the arguments if there are any.
static Error emit(func::FuncOp entry, const ExecutionOptions &options) {
  if (!argumentTexts.empty())
    if (auto call = prepareCall(entry, argumentTexts); !call)
      return call.takeError();
  auto module = entry->getParentOfType<ModuleOp>();
  StringRef name = entry.getName();
  auto text = emitKind == "ptx"     ? emitPTX(module, name, options)
              : emitKind == "cubin" ? emitCubin(module, name, options)
                                    : emitLLVM(module, name, options);
  if (!text)
    return text.takeError();
  llvm::outs() << *text;
  return Error::success();
}

/// Writes the results under temporary names, so that either all of them appear
/// or none.
static Expected<std::vector<NpyWriter>> stageOutputs(ArrayRef<Output> outputs,
                                                     const Runner &runner) {
  std::vector<NpyWriter> writers;
  for (const Output &output : outputs) {
    Expected<NpyArray> result = runner.getResult(output.value);
    if (!result)
      return result.takeError();
    Expected<NpyWriter> writer = NpyWriter::write(output.path, *result);
    if (!writer)
      return writer.takeError();
    writers.push_back(std::move(*writer));
  }
  return writers;
}

static Error run(func::FuncOp entry, const ExecutionOptions &options) {
  Expected<unsigned> repeats = parseRepeats();
  if (!repeats)
    return repeats.takeError();
  auto call = prepareCall(entry, argumentTexts);
  if (!call)
    return call.takeError();
  auto outputs = parseOutputs(*call);
  if (!outputs)
    return outputs.takeError();

  auto module = entry->getParentOfType<ModuleOp>();
  auto executable = Executable::compile(module, entry.getName(), options);
  if (!executable)
    return executable.takeError();
  auto failed = [&](Error error) {
    return makeError("function '" + entry.getName() +
                     "' failed: " + toString(std::move(error)));
  };
  Runner runner(*executable, options.target, call->values);
  if (Error error = runner.run())
    return failed(std::move(error));
  auto writers = stageOutputs(*outputs, runner);
  if (!writers)
    return writers.takeError();
  if (timed) {
    Expected<double> median = runner.time(*repeats);
    if (!median)
      return failed(median.takeError());
    llvm::outs() << llvm::format("median %.3f ms over %u runs\n", *median,
                                 *repeats);
  }
  for (NpyWriter &writer : *writers)
    if (Error error = writer.commit())
      return error;
  return Error::success();
}

static Error runTool(int argc, char **argv) {
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  registerPassManagerCLOptions();
  if (Error error = parseArguments(argc, argv))
    return error;
  if (inputFile.empty())
    return makeError("missing the file to run");
  std::string problem;
  std::unique_ptr<llvm::MemoryBuffer> file = openInputFile(inputFile, &problem);
  if (!file)
    return makeError(problem);
  static CrashReproducer reproducer(
      ArrayRef<const char *>(argv, static_cast<size_t>(argc)));
  static const std::string input = file->getBuffer().str();
  reproducer.watch(inputFile, input);
  Expected<ExecutionOptions> options = chooseTarget();
  if (!options)
    return options.takeError();

  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  // The location says which op it is; the whole module would hide the message.
  context.printOpOnDiagnostic(false);
  auto sourceMgr = std::make_shared<llvm::SourceMgr>();
  sourceMgr->AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  SourceMgrDiagnosticHandler handler(*sourceMgr, &context);
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(&context));
  if (!module)
    return llvm::make_error<DiagnosedError>();
  Expected<func::FuncOp> entry = findEntry(*module, entryName);
  if (!entry)
    return entry.takeError();
  if (!emitKind.empty())
    return emit(*entry, *options);
  return run(*entry, *options);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  if (Error error = runTool(argc, argv)) {
    // What has been diagnosed has been printed.
    reportError("tile-run",
                handleErrors(std::move(error), [](const DiagnosedError &) {}));
    return 1;
  }
  return 0;
}

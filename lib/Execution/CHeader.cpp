//===- CHeader.cpp - The C header of a kernel -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CInterface.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Expected;

static constexpr char kTensorType[] = R"(
#ifndef TILE_TENSOR_{0}D
#define TILE_TENSOR_{0}D
typedef struct tile_tensor_{0}d {{
  void *data;         /* where the element with all indices 0 is */
  int64_t sizes[{0}];
  int64_t strides[{0}]; /* in elements; all 0: contiguous, in C order */
} tile_tensor_{0}d;
#endif
)";

static constexpr char kReturns[] =
    R"( *
 * Returns 0 for success and 1 for failure, of which {0}() then tells.
)";

static constexpr char kOnCPU[] = R"( *
 * Runs on the CPU, and returns when it has ended. All addresses are of the
 * host's memory.
)";

static constexpr char kOnGPU[] = R"( *
 * Runs on the current CUDA device, or on device 0 when this thread has none, and
 * returns when the kernels are launched. Addresses are of the device's memory;
 * stream is a cudaStream_t or CUstream, NULL the default stream.
)";

static constexpr char kAbsent[] =
    R"( * A tensor that the kernel does not need may be NULL.
)";

static constexpr char kErrorFunction[] = R"(
/* The text of this thread's last failure, or NULL. Valid until its next call. */
const char *{0}(void);
)";

/// The parameter as C declares it.
static std::string declare(const CParameter &parameter) {
  if (parameter.isAddress())
    return "void *" + parameter.cName;
  if (MemRefType tensor = parameter.getTensor())
    return llvm::formatv("const tile_tensor_{0}d *{1}", tensor.getRank(),
                         parameter.cName);
  return (getCType(parameter.type) + " " + parameter.cName).str();
}

/// Writes the type of each rank that a parameter has.
static void printTensorTypes(const CInterface &interface,
                             llvm::raw_ostream &os) {
  llvm::SmallSet<int64_t, 4> ranks;
  for (const CParameter &parameter : interface.parameters)
    if (parameter.getTensor() && !parameter.isAddress() &&
        ranks.insert(parameter.getTensor().getRank()).second)
      os << llvm::formatv(kTensorType, parameter.getTensor().getRank());
}

static void printComment(const CInterface &interface, llvm::raw_ostream &os) {
  size_t width = 0;
  for (const CParameter &parameter : interface.parameters)
    width = std::max(width, parameter.cName.size());
  os << "\n/* " << interface.symbol << "\n";
  if (!interface.parameters.empty())
    os << " *\n";
  for (const CParameter &parameter : interface.parameters)
    os << " *   " << llvm::left_justify(parameter.cName, width) << "  "
       << parameter.description << "\n";
  os << (interface.isForGPU ? kOnGPU : kOnCPU);
  if (llvm::any_of(interface.parameters, [](const CParameter &parameter) {
        return parameter.isOptional;
      }))
    os << kAbsent;
  os << llvm::formatv(kReturns, interface.getErrorSymbol()) << " */\n";
}

static void printDeclaration(const CInterface &interface,
                             llvm::raw_ostream &os) {
  SmallVector<std::string> parameters;
  for (const CParameter &parameter : interface.parameters)
    parameters.push_back(declare(parameter));
  if (interface.isForGPU)
    parameters.push_back("void *stream");
  if (parameters.empty())
    parameters.push_back("void");
  std::string indent = ",\n" + std::string(interface.symbol.size() + 5, ' ');
  os << "int " << interface.symbol << "(" << llvm::join(parameters, indent)
     << ");\n";
}

Expected<std::string> mlir::tile::emitCHeader(ModuleOp module, StringRef entry,
                                              const ExportOptions &options) {
  Expected<CInterface> interface = getCInterface(module, entry, options);
  if (!interface)
    return interface.takeError();
  std::string guard = "TILE_KERNEL_" + interface->symbol;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "/* " << interface->symbol << " for programs in C and C++. */\n\n"
     << "#ifndef " << guard << "_H\n#define " << guard << "_H\n\n"
     << "#include <stdbool.h>\n#include <stdint.h>\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n";
  printTensorTypes(*interface, os);
  printComment(*interface, os);
  printDeclaration(*interface, os);
  os << llvm::formatv(kErrorFunction, interface->getErrorSymbol());
  os << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  return text;
}

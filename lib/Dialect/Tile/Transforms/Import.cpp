//===- Import.cpp - bring imported libraries into the module ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Libraries are parsed into modules of their own, in the order in which imports
// name them and each before the symbols of what imports it, and their symbols
// are moved to where the module's own import stands.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Library/Library.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEIMPORT
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// Brings what one module imports into it.
class Importer {
public:
  Importer(ModuleOp module, ArrayRef<std::string> paths)
      : module(module), symbols(module), paths(paths) {}

  /// Puts the symbols of a library, and of those it imports, in front of
  /// `place`, unless it has been imported already.
  LogicalResult import(ImportOp op, ImportOp place);

  /// Says that the module is itself this file, which a library may import.
  void markLoaded(StringRef file) { loaded.insert(getKey(file)); }

  unsigned numLibraries = 0;
  unsigned numSymbols = 0;

private:
  using Buffer = std::unique_ptr<llvm::MemoryBuffer>;

  static std::string getKey(StringRef file);
  FailureOr<Buffer> find(ImportOp op);

  /// Moves a symbol of the library that `op` imports to `place`, unless the
  /// module has the same.
  LogicalResult addSymbol(Operation *symbol, ImportOp op, ImportOp place);

  ModuleOp module;
  SymbolTable symbols;
  ArrayRef<std::string> paths;
  /// Names of built-in libraries and full paths of files.
  llvm::StringSet<> loaded;
};

struct ImportPass : public tile::impl::TileImportBase<ImportPass> {
  using Base::Base;
  void runOnOperation() override;

private:
  LogicalResult importInto(ModuleOp module);
};

} // namespace

/// The file that an operation was read from; empty when that is not known.
static StringRef getFile(Operation *op) {
  auto loc = op->getLoc()->findInstanceOf<FileLineColLoc>();
  return loc ? loc.getFilename().getValue() : StringRef();
}

/// A name for a file that is the same for each way to it.
std::string Importer::getKey(StringRef file) {
  SmallString<128> path;
  if (llvm::sys::fs::real_path(file, path))
    return file.str();
  return path.str().str();
}

/// Where the library that `op` names may lie.
static SmallVector<std::string> getCandidates(ImportOp op,
                                              ArrayRef<std::string> paths) {
  StringRef name = op.getName();
  if (llvm::sys::path::is_absolute(name))
    return {name.str()};
  SmallVector<std::string> candidates;
  auto add = [&](StringRef folder) {
    SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    candidates.push_back(path.str().str());
  };
  add(llvm::sys::path::parent_path(getFile(op)));
  llvm::for_each(paths, add);
  return candidates;
}

/// Opens the library that `op` names; the identifier of the buffer is its name
/// or path. An error lists where it was looked for.
FailureOr<Importer::Buffer> Importer::find(ImportOp op) {
  if (std::optional<StringRef> text = getBuiltinLibrary(op.getName()))
    return llvm::MemoryBuffer::getMemBuffer(*text, op.getName());
  SmallVector<std::pair<std::string, std::string>> reasons;
  for (std::string &path : getCandidates(op, paths)) {
    auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
    if (buffer)
      return std::move(*buffer);
    reasons.push_back({path, buffer.getError().message()});
  }
  InFlightDiagnostic diag =
      op.emitOpError("expected the name of a built-in library or of a file, "
                     "found \"")
      << op.getName() << '"';
  Diagnostic &note = diag.attachNote() << "the built-in libraries are ";
  llvm::interleaveComma(
      getBuiltinLibraries(), note,
      [&](const BuiltinLibrary &library) { note << library.name; });
  for (auto &[path, reason] : reasons)
    diag.attachNote() << "looked for file " << path << ": " << reason;
  return diag;
}

/// Parses a library; errors in it say that `op` imports it.
static OwningOpRef<ModuleOp> parse(ImportOp op,
                                   std::unique_ptr<llvm::MemoryBuffer> buffer) {
  MLIRContext *context = op.getContext();
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      diagnostic.attachNote(op.getLoc()) << "imported here";
    return failure(); // leaves the printing to the handlers outside
  });
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  OwningOpRef<ModuleOp> library =
      parseSourceFile<ModuleOp>(sources, ParserConfig(context));
  if (!library)
    return nullptr;
  for (Operation &nested : *library->getBody())
    if (!isa<ImportOp, SymbolOpInterface>(nested)) {
      nested.emitError("expected only symbols and imports in a library, "
                       "found '")
          << nested.getName() << "'";
      return nullptr;
    }
  return library;
}

LogicalResult Importer::import(ImportOp op, ImportOp place) {
  FailureOr<Buffer> buffer = find(op);
  if (failed(buffer))
    return failure();
  if (!loaded.insert(getKey((*buffer)->getBufferIdentifier())).second)
    return success();
  ++numLibraries;
  OwningOpRef<ModuleOp> library = parse(op, std::move(*buffer));
  if (!library)
    return failure();
  for (auto nested : library->getOps<ImportOp>())
    if (failed(import(nested, place)))
      return failure();
  for (Operation &symbol : llvm::make_early_inc_range(*library->getBody()))
    if (!isa<ImportOp>(symbol) && failed(addSymbol(&symbol, op, place)))
      return failure();
  return success();
}

/// Whether both are functions of one type.
static bool haveSameType(Operation *lhs, Operation *rhs) {
  auto lhsFunction = dyn_cast<FunctionOpInterface>(lhs);
  auto rhsFunction = dyn_cast<FunctionOpInterface>(rhs);
  return lhsFunction && rhsFunction &&
         lhsFunction.getFunctionType() == rhsFunction.getFunctionType();
}

/// Whether `symbol` only declares the function that `other` is.
static bool isDeclarationOf(Operation *symbol, Operation *other) {
  return cast<SymbolOpInterface>(symbol).isDeclaration() &&
         haveSameType(symbol, other);
}

/// Whether both define the same, whoever may use it.
static bool isSameDefinition(Operation *existing, Operation *symbol) {
  SymbolTable::setSymbolVisibility(symbol,
                                   SymbolTable::getSymbolVisibility(existing));
  return OperationEquivalence::isEquivalentTo(
      existing, symbol, OperationEquivalence::IgnoreLocations);
}

static LogicalResult reportConflict(ImportOp op, StringAttr name,
                                    Operation *existing, Operation *symbol) {
  InFlightDiagnostic diag = op.emitOpError("cannot import @")
                            << name.getValue()
                            << ", of which there is another definition";
  diag.attachNote(symbol->getLoc()) << "the library defines it here";
  diag.attachNote(existing->getLoc()) << "the other definition is here";
  return diag;
}

LogicalResult Importer::addSymbol(Operation *symbol, ImportOp op,
                                  ImportOp place) {
  StringAttr name = SymbolTable::getSymbolName(symbol);
  if (Operation *existing = symbols.lookup(name)) {
    if (isSameDefinition(existing, symbol) || isDeclarationOf(symbol, existing))
      return success();
    if (!isDeclarationOf(existing, symbol))
      return reportConflict(op, name, existing, symbol);
    symbols.erase(existing);
  }
  if (isa<FunctionOpInterface>(symbol))
    SymbolTable::setSymbolVisibility(symbol, SymbolTable::Visibility::Private);
  symbol->remove();
  symbols.insert(symbol, place->getIterator());
  ++numSymbols;
  return success();
}

LogicalResult ImportPass::importInto(ModuleOp module) {
  SmallVector<ImportOp> imports(module.getOps<ImportOp>());
  if (imports.empty())
    return success();
  SmallVector<std::string> folders(paths.begin(), paths.end());
  Importer importer(module, folders);
  for (ImportOp op : imports)
    importer.markLoaded(getFile(op));
  for (ImportOp op : imports) {
    if (failed(importer.import(op, op)))
      return failure();
    op.erase();
  }
  numLibraries += importer.numLibraries;
  numSymbols += importer.numSymbols;
  // The verifier after the pass may be off, and later passes rely on it.
  return verify(module);
}

void ImportPass::runOnOperation() {
  // A module that comes with a library is visited after it has come.
  WalkResult result = getOperation().walk<WalkOrder::PreOrder>(
      [&](ModuleOp module) { return WalkResult(importInto(module)); });
  if (result.wasInterrupted())
    signalPassFailure();
}

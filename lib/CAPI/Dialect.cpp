//===- Dialect.cpp - the dialect, and IR as text ---------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Dialect.h"
#include "Status.h"
#include "tile/Dialect/Tile/IR/TileDialect.h"
#include "tile/InitAllDialects.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Tile, tile, mlir::tile::TileDialect)

TileStatus tileRegisterAllDialects(MlirDialectRegistry registry) {
  if (!registry.ptr)
    return failNull("a dialect registry");
  registerAllDialects(*unwrap(registry));
  return succeed();
}

TileStatus tileModuleParse(MlirContext context, MlirStringRef text,
                           MlirStringRef name, MlirModule *module) {
  if (!context.ptr)
    return failNull("a context");
  if (!module)
    return failNull("a place for the module");
  TILE_RETURN_IF_FAILED(checkText(text, "a text"));
  TILE_RETURN_IF_FAILED(checkText(name, "a name"));
  ErrorCollector errors(unwrap(context));
  // The parser reads one byte beyond the end.
  std::string source = unwrap(text).str();
  OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(
      source, ParserConfig(unwrap(context)), unwrap(name));
  if (!parsed)
    return errors.fail(TILE_INVALID_IR);
  *module = wrap(parsed.release());
  return succeed();
}

TileStatus tileOperationVerify(MlirOperation operation) {
  if (!operation.ptr)
    return failNull("an operation");
  ErrorCollector errors(unwrap(operation)->getContext());
  if (failed(verify(unwrap(operation))))
    return errors.fail(TILE_INVALID_IR);
  return succeed();
}

TileStatus tileOperationWriteBytecode(MlirOperation operation,
                                      TileBytes *bytecode) {
  if (!operation.ptr)
    return failNull("an operation");
  if (!bytecode)
    return failNull("a place for the bytecode");
  ErrorCollector errors(unwrap(operation)->getContext());
  std::string content;
  llvm::raw_string_ostream os(content);
  if (failed(writeBytecodeToFile(unwrap(operation), os)))
    return errors.fail(TILE_INVALID_IR);
  return giveBytes(content, bytecode);
}

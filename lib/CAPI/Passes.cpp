//===- Passes.cpp - passes and pipelines -----------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Passes.h"
#include "Status.h"
#include "tile/Conversion/Passes.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/InitAllPasses.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Pass.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

#include <mutex>

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

#include "tile/Conversion/Passes.capi.cpp.inc"
#include "tile/Dialect/Tile/Transforms/Passes.capi.cpp.inc"

void tileRegisterAllPasses(void) {
  static std::once_flag once;
  std::call_once(once, [] {
    registerAllPasses();
    registerUpstreamPasses();
  });
}

TileStatus tileRunPipeline(MlirModule module, MlirStringRef pipeline) {
  if (!module.ptr)
    return failNull("a module");
  TILE_RETURN_IF_FAILED(checkText(pipeline, "a pipeline"));
  tileRegisterAllPasses();
  std::string message;
  llvm::raw_string_ostream os(message);
  StringRef text = unwrap(pipeline).trim();
  PassManager pm(unwrap(module).getContext(), ModuleOp::getOperationName());
  // A pipeline may name the operation it runs on, as tile-opt wants it.
  StringRef inner = text;
  if (inner.consume_front("builtin.module(") && inner.consume_back(")"))
    text = inner;
  if (failed(parsePassPipeline(text, pm, os)))
    return fail(TILE_INVALID_IR, StringRef(message).trim());
  ErrorCollector errors(unwrap(module).getContext());
  if (failed(verify(unwrap(module))))
    return errors.fail(TILE_INVALID_IR);
  if (failed(pm.run(unwrap(module))))
    return errors.fail(TILE_COMPILE_FAILED);
  return succeed();
}

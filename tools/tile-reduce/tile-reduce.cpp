//===- tile-reduce.cpp - makes a failing program small ---------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's reducer with reductions that know the dialect.
//
//===----------------------------------------------------------------------===//

#include "tile/InitAllDialects.h"
#include "tile/InitAllPasses.h"
#include "tile/Reducer/ReductionPatterns.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::tile::registerAllDialects(registry);
  mlir::tile::registerReductionPatterns(registry);
  mlir::tile::registerAllPasses();
  mlir::tile::registerUpstreamPasses();
  mlir::MLIRContext context(registry);
  // The reducer asks the dialects that are loaded, before it reads the file.
  context.loadAllAvailableDialects();
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}

//===- InitAllPasses.cpp - register the passes and pipelines ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/InitAllPasses.h"

#include "tile/Conversion/Passes.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Pipelines/Pipelines.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void mlir::tile::registerAllPasses() {
  registerTileTransformsPasses();
  registerTileConversionPasses();
  registerPipelines();
}

void mlir::tile::registerUpstreamPasses() {
  registerCanonicalizerPass();
  registerCSEPass();
  registerInlinerPass();
  registerLoopInvariantCodeMotionPass();
  registerMem2RegPass();
  registerSROAPass();
  registerStripDebugInfoPass();
  registerSymbolDCEPass();
}

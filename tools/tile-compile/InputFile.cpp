//===- InputFile.cpp - Tile IR with the names of its text -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR forgets what values are called. The parser can say where in the text
// they were defined, though, and the text is at hand.
//
//===----------------------------------------------------------------------===//

#include "InputFile.h"
#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/AsmParser/AsmParserState.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::tile;

/// The name at a place in the text, without its sigil.
static StringRef getText(SMRange range) {
  if (!range.isValid())
    return "";
  const char *begin = range.Start.getPointer();
  return StringRef(begin, range.End.getPointer() - begin).ltrim('%');
}

static void nameArguments(func::FuncOp function, const AsmParserState &state) {
  if (function.isExternal())
    return;
  auto *block = state.getBlockDef(&function.getBody().front());
  if (!block)
    return;
  for (auto [index, definition] : llvm::enumerate(block->arguments)) {
    StringRef name = getText(definition.loc);
    if (index < function.getNumArguments() && !name.empty() &&
        !function.getArgAttr(index, kNameAttrName))
      function.setArgAttr(index, kNameAttrName,
                          StringAttr::get(function.getContext(), name));
  }
}

OwningOpRef<ModuleOp>
mlir::tile::parseWithNames(const std::shared_ptr<llvm::SourceMgr> &source,
                           MLIRContext *context) {
  ParserConfig config(context);
  auto *buffer = source->getMemoryBuffer(source->getMainFileID());
  if (isBytecode(buffer->getMemBufferRef()))
    return parseSourceFile<ModuleOp>(source, config);
  Block block;
  AsmParserState state;
  if (failed(parseAsmSourceFile(*source, &block, config, &state)))
    return nullptr;
  block.walk([&](func::FuncOp function) { nameArguments(function, state); });
  auto location =
      FileLineColLoc::get(context, buffer->getBufferIdentifier(), 0, 0);
  return mlir::detail::constructContainerOpForParserIfNecessary<ModuleOp>(
      &block, context, location);
}

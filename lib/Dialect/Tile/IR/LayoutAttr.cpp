//===- LayoutAttr.cpp - layouts as attributes -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace mlir::tile;

static llvm::hash_code hashLayout(const Layout &layout) {
  llvm::hash_code code(layout.rank());
  for (unsigned i = 0; i < layout.rank(); ++i)
    for (Layout::Leaf leaf : layout.mode(i))
      code = llvm::hash_combine(code, i, leaf.extent, leaf.stride);
  return code;
}

llvm::hash_code mlir::tile::hash_value(const ThreadValueLayout &layout) {
  return llvm::hash_combine(hashLayout(layout.threads()),
                            hashLayout(layout.values()),
                            llvm::hash_combine_range(layout.shape()),
                            llvm::hash_combine_range(layout.padded()));
}

namespace {
/// The numbers of one mode: one, or several in parentheses.
using Mode = SmallVector<int64_t>;
} // namespace

static ParseResult parseMode(AsmParser &parser, Mode &mode) {
  auto parseNumber = [&] { return parser.parseInteger(mode.emplace_back()); };
  if (failed(parser.parseOptionalLParen()))
    return parseNumber();
  if (succeeded(parser.parseOptionalRParen()))
    return success();
  return failure(parser.parseCommaSeparatedList(parseNumber) ||
                 parser.parseRParen());
}

static ParseResult parseModes(AsmParser &parser, SmallVectorImpl<Mode> &modes) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] {
    return parseMode(parser, modes.emplace_back());
  });
}

/// Parses a layout, such as `((2,4),8):((1,16),2)`.
static FailureOr<Layout> parseLayout(AsmParser &parser) {
  SmallVector<Mode> extents, strides;
  SMLoc loc = parser.getCurrentLocation();
  if (parseModes(parser, extents) || parser.parseColon() ||
      parseModes(parser, strides))
    return failure();
  Layout layout;
  bool fits = extents.size() == strides.size();
  for (size_t i = 0; fits && i < extents.size(); ++i) {
    fits = extents[i].size() == strides[i].size();
    SmallVector<Layout::Leaf> leaves;
    for (size_t j = 0; fits && j < extents[i].size(); ++j) {
      if (extents[i][j] < 1 || strides[i][j] < 0)
        return parser.emitError(loc, "expected extents of at least 1 and "
                                     "strides of at least 0, found ")
               << extents[i][j] << ':' << strides[i][j];
      leaves.push_back({extents[i][j], strides[i][j]});
    }
    if (fits)
      layout.addMode(leaves);
  }
  if (!fits)
    return parser.emitError(loc, "expected one stride for each extent");
  return layout;
}

Attribute LayoutAttr::parse(AsmParser &parser, Type) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword("threads"))
    return {};
  FailureOr<Layout> threads = parseLayout(parser);
  if (failed(threads) || parser.parseComma() || parser.parseKeyword("values"))
    return {};
  FailureOr<Layout> values = parseLayout(parser);
  SmallVector<int64_t> shape, padded;
  if (failed(values) || parser.parseComma() || parser.parseKeyword("shape") ||
      parser.parseDimensionList(shape, /*allowDynamic=*/false,
                                /*withTrailingX=*/false))
    return {};
  padded = shape;
  if (succeeded(parser.parseOptionalComma())) {
    padded.clear();
    if (parser.parseKeyword("padded") ||
        parser.parseDimensionList(padded, /*allowDynamic=*/false,
                                  /*withTrailingX=*/false))
      return {};
  }
  if (parser.parseGreater())
    return {};
  llvm::Expected<ThreadValueLayout> layout =
      ThreadValueLayout::get(*threads, *values, shape, padded);
  if (!layout) {
    parser.emitError(loc) << llvm::toString(layout.takeError());
    return {};
  }
  return get(parser.getContext(), *layout);
}

void LayoutAttr::print(AsmPrinter &printer) const {
  printer << '<' << getValue().str() << '>';
}

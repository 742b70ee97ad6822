//===- LayoutText.cpp - printed form of layouts -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/Layout.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using Leaf = Layout::Leaf;

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

/// Prints one number of each leaf, with parentheses around modes of several.
static void printTuple(raw_ostream &os, const Layout &layout,
                       int64_t Leaf::*number) {
  os << '(';
  for (unsigned mode = 0; mode < layout.rank(); ++mode) {
    ArrayRef<Leaf> leaves = layout.mode(mode);
    os << (mode == 0 ? "" : ",") << (leaves.size() == 1 ? "" : "(");
    interleave(leaves, os, [&](Leaf leaf) { os << leaf.*number; }, ",");
    os << (leaves.size() == 1 ? "" : ")");
  }
  os << ')';
}

void Layout::print(raw_ostream &os) const {
  printTuple(os, *this, &Leaf::extent);
  os << ':';
  printTuple(os, *this, &Leaf::stride);
}

std::string Layout::str() const {
  std::string text;
  raw_string_ostream os(text);
  print(os);
  return text;
}

raw_ostream &mlir::tile::operator<<(raw_ostream &os, const Layout &layout) {
  layout.print(os);
  return os;
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

namespace {
using Mode = SmallVector<int64_t>;
using Tuple = SmallVector<Mode>;

class Parser {
public:
  explicit Parser(StringRef text) : rest(text.ltrim()) {}

  Expected<Layout> parse();

private:
  /// Reads a character, if it comes next.
  bool take(char character);
  Error expect(StringRef what) const {
    return makeError("expected " + what + " in layout, found " +
                     (rest.empty() ? "the end" : "'" + rest + "'"));
  }
  Error parseNumber(Mode &mode);
  Error parseMode(Mode &mode);
  Error parseTuple(Tuple &tuple);

  StringRef rest;
};
} // namespace

bool Parser::take(char character) {
  if (!rest.consume_front(StringRef(&character, 1)))
    return false;
  rest = rest.ltrim();
  return true;
}

Error Parser::parseNumber(Mode &mode) {
  StringRef before = rest;
  int64_t number;
  if (before.starts_with("-") || rest.consumeInteger(10, number)) {
    rest = before;
    return expect("a number");
  }
  rest = rest.ltrim();
  mode.push_back(number);
  return Error::success();
}

Error Parser::parseMode(Mode &mode) {
  if (!take('('))
    return parseNumber(mode);
  do {
    if (Error error = parseNumber(mode))
      return error;
  } while (take(','));
  return take(')') ? Error::success() : expect("',' or ')'");
}

Error Parser::parseTuple(Tuple &tuple) {
  if (!take('('))
    return parseNumber(tuple.emplace_back());
  if (take(')'))
    return Error::success();
  do {
    if (Error error = parseMode(tuple.emplace_back()))
      return error;
  } while (take(','));
  return take(')') ? Error::success() : expect("',' or ')'");
}

/// Checks the numbers of a mode against what is there already, whose size and
/// largest value they increase.
static Error checkLeaf(Leaf leaf, int64_t &size, int64_t &largest) {
  if (leaf.extent < 1)
    return makeError("expected extents of at least 1 in layout, found " +
                     Twine(leaf.extent));
  std::optional<int64_t> newSize = checkedMul(size, leaf.extent);
  std::optional<int64_t> newLargest =
      checkedMulAdd(leaf.extent - 1, leaf.stride, largest);
  if (!newSize || !newLargest || *newLargest == INT64_MAX)
    return makeError("expected a layout within 64 bits, found the leaf " +
                     Twine(leaf.extent) + ":" + Twine(leaf.stride));
  size = *newSize;
  largest = *newLargest;
  return Error::success();
}

static Expected<Layout> build(const Tuple &extents, const Tuple &strides) {
  auto getLength = [](const Mode &mode) { return mode.size(); };
  if (to_vector(map_range(extents, getLength)) !=
      to_vector(map_range(strides, getLength)))
    return makeError("expected one stride for each extent in layout, found "
                     "another nesting");
  Layout result;
  int64_t size = 1, largest = 0;
  for (auto [mode, modeStrides] : zip_equal(extents, strides)) {
    SmallVector<Leaf> leaves;
    for (auto [extent, stride] : zip_equal(mode, modeStrides)) {
      leaves.push_back({extent, stride});
      if (Error error = checkLeaf(leaves.back(), size, largest))
        return std::move(error);
    }
    result.addMode(leaves);
  }
  return result;
}

Expected<Layout> Parser::parse() {
  Tuple extents, strides;
  if (Error error = parseTuple(extents))
    return std::move(error);
  if (!take(':'))
    return expect("':'");
  if (Error error = parseTuple(strides))
    return std::move(error);
  if (!rest.empty())
    return expect("the end");
  return build(extents, strides);
}

Expected<Layout> Layout::parse(StringRef text) { return Parser(text).parse(); }

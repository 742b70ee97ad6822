//===- NpyHeader.cpp - The header of a .npy file ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The header is the text of a Python dictionary with the keys 'descr',
// 'fortran_order' and 'shape', in any order. The parser takes just the literals
// that can stand there: strings, True and False, and tuples of integers.
//
//===----------------------------------------------------------------------===//

#include "NpyHeader.h"

#include "tile/Support/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;

/// The text in quotes, with what does not print escaped.
static std::string quote(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  os << "'";
  printEscapedString(text, os);
  os << "'";
  return result;
}

namespace {
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  Expected<NpyHeader> parse();

private:
  Error parseEntry(NpyHeader &header);
  Error parseType(NpyHeader &header);
  Error parseOrder(NpyHeader &header);
  Error parseShape(NpyHeader &header);
  Expected<StringRef> parseString();
  Error expect(char c);
  bool consume(char c);
  bool peek(char c);
  /// "expected X, got Y" with the text that is there instead.
  Error unexpected(const Twine &expected);

  StringRef rest;
  bool sawType = false, sawOrder = false, sawShape = false;
};
} // namespace

bool HeaderParser::peek(char c) {
  rest = rest.ltrim();
  return rest.starts_with(StringRef(&c, 1));
}

bool HeaderParser::consume(char c) {
  if (!peek(c))
    return false;
  rest = rest.drop_front();
  return true;
}

Error HeaderParser::unexpected(const Twine &expected) {
  return makeError("expected " + expected + " in the header, got " +
                   (rest.empty() ? "its end" : quote(rest.take_front(16))));
}

Error HeaderParser::expect(char c) {
  if (consume(c))
    return Error::success();
  return unexpected("'" + Twine(c) + "'");
}

Expected<StringRef> HeaderParser::parseString() {
  char mark = peek('"') ? '"' : '\'';
  if (!consume(mark))
    return unexpected("a string");
  size_t end = rest.find(mark);
  if (end == StringRef::npos)
    return unexpected("a closing quote");
  StringRef text = rest.take_front(end);
  rest = rest.drop_front(end + 1);
  return text;
}

/// The element types that can be read.
static bool isSupported(NpyType type) {
  switch (type.kind) {
  case 'f':
    return type.bytes == 2 || type.bytes == 4 || type.bytes == 8;
  case 'i':
  case 'u':
    return type.bytes == 1 || type.bytes == 2 || type.bytes == 4 ||
           type.bytes == 8;
  case 'b':
    return type.bytes == 1;
  case 'V':
    return type.bytes == 1 || type.bytes == 2;
  default:
    return false;
  }
}

Error HeaderParser::parseType(NpyHeader &header) {
  if (peek('['))
    return makeError("unsupported structured dtype");
  Expected<StringRef> descr = parseString();
  if (!descr)
    return descr.takeError();
  StringRef text = *descr;
  char order = '=';
  if (!text.empty() && StringRef("<>|=").contains(text.front())) {
    order = text.front();
    text = text.drop_front();
  }
  if (text.starts_with("O"))
    return makeError("unsupported dtype " + quote(*descr) +
                     " (Python objects)");
  NpyType &type = header.type;
  if (!text.empty()) {
    type.kind = text.front();
    text = text.drop_front();
  }
  if (!all_of(text, isDigit) || text.getAsInteger(10, type.bytes) ||
      !isSupported(type))
    return makeError("unsupported dtype " + quote(*descr));
  bool little = order == '<' || (order != '>' && sys::IsLittleEndianHost);
  header.swapBytes = type.bytes > 1 && little != sys::IsLittleEndianHost;
  return Error::success();
}

Error HeaderParser::parseOrder(NpyHeader &header) {
  rest = rest.ltrim();
  if (rest.consume_front("True"))
    header.fortranOrder = true;
  else if (!rest.consume_front("False"))
    return unexpected("True or False for 'fortran_order'");
  return Error::success();
}

Error HeaderParser::parseShape(NpyHeader &header) {
  if (Error error = expect('('))
    return error;
  header.shape.clear();
  while (!consume(')')) {
    bool negative = consume('-');
    rest = rest.ltrim();
    StringRef digits = rest.take_while(isDigit);
    if (digits.empty())
      return unexpected("an integer for 'shape'");
    int64_t size;
    if (digits.getAsInteger(10, size))
      return makeError("unsupported size " + digits + " in the shape");
    if (negative)
      return makeError("expected sizes of at least 0 in the shape, got -" +
                       digits);
    rest = rest.drop_front(digits.size());
    rest.consume_front("L"); // Python 2 wrote long integers so
    header.shape.push_back(size);
    if (!consume(',') && !peek(')'))
      return unexpected("',' or ')'");
  }
  return Error::success();
}

Error HeaderParser::parseEntry(NpyHeader &header) {
  Expected<StringRef> key = parseString();
  if (!key)
    return key.takeError();
  if (Error error = expect(':'))
    return error;
  bool *saw = StringSwitch<bool *>(*key)
                  .Case("descr", &sawType)
                  .Case("fortran_order", &sawOrder)
                  .Case("shape", &sawShape)
                  .Default(nullptr);
  if (!saw)
    return makeError("unsupported key " + quote(*key) + " in the header");
  if (*saw)
    return makeError("expected the key '" + *key + "' once in the header");
  *saw = true;
  if (saw == &sawType)
    return parseType(header);
  return saw == &sawOrder ? parseOrder(header) : parseShape(header);
}

Expected<NpyHeader> HeaderParser::parse() {
  NpyHeader header;
  if (Error error = expect('{'))
    return error;
  while (!consume('}')) {
    if (Error error = parseEntry(header))
      return error;
    if (!consume(',') && !peek('}'))
      return unexpected("',' or '}'");
  }
  if (!rest.trim().empty())
    return unexpected("nothing after '}'");
  if (!sawType || !sawOrder || !sawShape)
    return makeError(Twine("missing the key '") +
                     (!sawType    ? "descr"
                      : !sawOrder ? "fortran_order"
                                  : "shape") +
                     "' in the header");
  return header;
}

Expected<NpyHeader> mlir::tile::parseNpyHeader(StringRef text) {
  return HeaderParser(text).parse();
}

std::string mlir::tile::formatNpyHeader(NpyType type, ArrayRef<int64_t> shape) {
  std::string text;
  raw_string_ostream os(text);
  char order = type.bytes == 1 ? '|' : sys::IsLittleEndianHost ? '<' : '>';
  os << "{'descr': '" << order << type.code() << "', 'fortran_order': False, "
     << "'shape': (";
  interleave(shape, os, ", ");
  os << (shape.size() == 1 ? ",), }" : "), }");

  // Version 1.0 has 2 bytes for the length of the text, 2.0 has 4. The data
  // starts at a multiple of 64 bytes.
  auto pad = [&](size_t prefix) {
    size_t total = alignTo(prefix + text.size() + 1, 64);
    return total - prefix;
  };
  bool large = pad(10) > 65535;
  size_t prefix = large ? 12 : 10;
  size_t length = pad(prefix);
  std::string result("\x93NUMPY");
  result += large ? '\2' : '\1';
  result += '\0';
  for (size_t i = 0; i < prefix - 8; ++i)
    result += static_cast<char>(length >> (8 * i));
  result += text;
  result.append(length - text.size() - 1, ' ');
  return result + '\n';
}

//===- CNames.cpp - Names that C and C++ can give ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CNames.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;

/// The keywords of C, up to C23, and of C++, up to C++26, and types that
/// headers define, unless their beginning or end says so.
static constexpr llvm::StringLiteral kKeywords =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch "
    "char char16_t char32_t char8_t class co_await co_return co_yield compl "
    "concept const const_cast consteval constexpr constinit continue "
    "contract_assert decltype default delete do double dynamic_cast else enum "
    "explicit export extern false float for friend goto if inline int long "
    "max_align_t mutable namespace new noexcept not not_eq nullptr operator "
    "or or_eq private protected ptrdiff_t public register reinterpret_cast "
    "requires restrict return short signed size_t sizeof static static_assert "
    "static_cast struct switch template this thread_local throw true try "
    "typedef typeid typename typeof typeof_unqual union unsigned using "
    "virtual void volatile wchar_t while xor xor_eq";

/// Macros that compilers define in their default mode, or that a header of the
/// C library defines with a value.
static constexpr llvm::StringLiteral kMacros =
    "BUFSIZ EOF I NULL PPC complex errno i386 imaginary linux mips noreturn "
    "offsetof signgam sparc sun unix";

/// What a program has, or its C library, that is no function to LLVM.
static constexpr llvm::StringLiteral kLibraryNames =
    "assert daylight environ main setjmp stderr stdin stdout timezone tzname "
    "va_arg va_copy va_end va_start";

static bool isAmong(StringRef words, StringRef name) {
  return llvm::is_contained(llvm::split(words, ' '), name);
}

static bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// Whether it is a limit or a constant of stdint.h or limits.h, or like one.
static bool isLikeLimit(StringRef name) {
  if (name != name.upper())
    return false;
  return llvm::any_of(
      ArrayRef<StringRef>{"_MAX", "_MIN", "_WIDTH", "_C", "_BIT"},
      [&](StringRef end) { return name.ends_with(end); });
}

/// Whether it is a type of stdint.h, or like one.
static bool isLikeInteger(StringRef name) {
  name.consume_front("u");
  return name.starts_with("int") && name.ends_with("_t");
}

/// Whether an identifier is for the language, its library or the header.
static bool isReserved(StringRef name) {
  return name.starts_with("_") || isLikeInteger(name) || isLikeLimit(name) ||
         name.starts_with("TILE_TENSOR_") || name.starts_with("TILE_KERNEL_") ||
         name.starts_with("tile_tensor_") || isAmong(kKeywords, name) ||
         isAmong(kMacros, name);
}

/// Whether the C library has a function of that name, which compiled code may
/// call in the belief that it is the library's.
static bool isLibraryFunction(StringRef name) {
  llvm::TargetLibraryInfoImpl library{
      llvm::Triple(llvm::sys::getProcessTriple())};
  llvm::LibFunc function;
  return library.getLibFunc(name, function);
}

Error mlir::tile::checkFunctionName(StringRef name) {
  if (!isIdentifier(name) || isReserved(name))
    return makeError("expected a name that C can give to a function, found '" +
                     name + "'");
  if (isLibraryFunction(name) || isAmong(kLibraryNames, name))
    return makeError("expected a name that the C library does not have, "
                     "found '" +
                     name + "'");
  return Error::success();
}

std::string mlir::tile::makeParameterName(StringRef name,
                                          llvm::StringSet<> &taken) {
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) ? c : '_';
  // One that begins with an underscore is for compilers.
  result = StringRef(result).ltrim('_').str();
  if (!isIdentifier(result))
    result.insert(0, "arg");
  if (isReserved(result) || StringRef(name).starts_with("_"))
    result += '_';
  while (!taken.insert(result).second)
    result += '_';
  return result;
}

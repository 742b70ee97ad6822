//===- Fixture.h - what the tests of signatures share -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TEST_SIGNATURE_FIXTURE_H
#define TILE_TEST_SIGNATURE_FIXTURE_H

#include "tile/Signature/FunctionSignature.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <deque>

namespace mlir::tile::test {

/// Says that something is not as expected; the program then ends with 1.
void report(StringRef file, int line, StringRef expected, StringRef found);

#define EXPECT_TEXT(EXPECTED, FOUND)                                           \
  ::mlir::tile::test::expectText(__FILE__, __LINE__, EXPECTED, FOUND)
#define EXPECT(CONDITION)                                                      \
  ((CONDITION)                                                                 \
       ? void()                                                                \
       : ::mlir::tile::test::report(__FILE__, __LINE__, #CONDITION, "false"))

void expectText(StringRef file, int line, StringRef expected, StringRef found);

/// The context, the functions of a test and the shapes of its tensors.
class Fixture {
public:
  Fixture();

  /// `func.func @f(arguments)`, or a private one.
  func::FuncOp parse(const Twine &arguments, StringRef visibility = "");
  /// The signature of such a function.
  FunctionSignature sign(const Twine &arguments);
  /// The error of a signature that cannot be.
  std::string refuse(const Twine &arguments);
  Attribute attribute(StringRef text);

  /// A contiguous tensor, or one with strides.
  CallArgument tensor(DType dtype, ArrayRef<int64_t> shape);
  CallArgument tensor(DType dtype, ArrayRef<int64_t> shape,
                      ArrayRef<int64_t> strides);

  MLIRContext context;

private:
  std::deque<OwningOpRef<ModuleOp>> modules;
  std::deque<SmallVector<int64_t>> dims;
};

inline constexpr DType kF16{DType::Float, 16};
inline constexpr DType kBF16{DType::BFloat, 16};
inline constexpr DType kF32{DType::Float, 32};
inline constexpr DType kI32{DType::Int, 32};
inline constexpr DType kU32{DType::UInt, 32};

inline CallArgument integer(int64_t value) { return value; }
inline CallArgument none() { return Absent(); }

/// The error of a call, or "" where there is none.
std::string call(const FunctionSignature &signature,
                 ArrayRef<CallArgument> positional,
                 ArrayRef<KeywordArgument> keywords = {},
                 const CallOptions &options = {});

/// The key of a call that is right, as hexadecimal digits.
std::string key(const FunctionSignature &signature,
                ArrayRef<CallArgument> positional,
                ArrayRef<KeywordArgument> keywords = {});

void testBinding();
void testChecks();
void testKeys();
void testSpecialization();
/// Prints keys and hashes of calls of all kinds.
void printKeys();

} // namespace mlir::tile::test

#endif // TILE_TEST_SIGNATURE_FIXTURE_H

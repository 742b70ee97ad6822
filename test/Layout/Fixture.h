//===- Fixture.h - what the tests of layouts share --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TEST_LAYOUT_FIXTURE_H
#define TILE_TEST_LAYOUT_FIXTURE_H

#include "tile/Layout/ThreadValueLayout.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/Twine.h"

#include <random>

namespace mlir::tile::test {

/// Says that something is not as expected; the program then ends with 1.
void report(llvm::StringRef file, int line, const llvm::Twine &expected,
            const llvm::Twine &found);

/// A condition, and what it is about.
#define EXPECT(CONDITION, ABOUT)                                               \
  ((CONDITION)                                                                 \
       ? void()                                                                \
       : ::mlir::tile::test::report(__FILE__, __LINE__, #CONDITION, ABOUT))
#define EXPECT_TEXT(EXPECTED, FOUND)                                           \
  ::mlir::tile::test::expectText(__FILE__, __LINE__, EXPECTED, FOUND)

void expectText(llvm::StringRef file, int line, llvm::StringRef expected,
                llvm::StringRef found);

/// The text of a result or of its error.
template <typename T>
std::string text(llvm::Expected<T> result) {
  return result ? result->str() : toString(result.takeError());
}

/// Whether there is a result, whose error is dropped otherwise.
template <typename T>
bool exists(llvm::Expected<T> &result) {
  if (result)
    return true;
  consumeError(result.takeError());
  return false;
}

/// A layout that is written in the source of a test.
inline Layout layout(llvm::StringRef text) {
  return llvm::cantFail(Layout::parse(text));
}

/// The same numbers in every run.
class Random {
public:
  int64_t below(int64_t end) { return engine() % end; }
  int64_t among(llvm::ArrayRef<int64_t> values) {
    return values[below(values.size())];
  }

private:
  std::mt19937 engine{20240229};
};

/// A layout of at most `maxSize` indices; mostly of strides that build on one
/// another, sometimes of any.
Layout randomLayout(Random &random, int64_t maxSize);

/// A fragment of at most 4096 places, some of them padding, whose threads and
/// values are digits of the coordinates in any order.
ThreadValueLayout randomFragment(Random &random);

/// The coordinates in the padded shape, whether padding or not.
llvm::SmallVector<int64_t> paddedCoordinates(const ThreadValueLayout &layout,
                                             int64_t thread, int64_t value);

/// Calls a function for every value of every thread.
void forEachValue(const ThreadValueLayout &layout,
                  llvm::function_ref<void(int64_t, int64_t)> function);

/// The values at all indices.
llvm::SmallVector<int64_t> values(const Layout &layout);

void testAlgebra();
void testAtoms();
void testConversion();
void testConversionPlan();
void testDrawing();
void testFragments();
void testFragmentShapes();
void testLaneExchange();
void testShared();
void testText();
/// Print one picture.
void printFragment();
void printReplicas();
void printShared();

} // namespace mlir::tile::test

#endif // TILE_TEST_LAYOUT_FIXTURE_H

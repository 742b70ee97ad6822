//===- TextTest.cpp - printed form of layouts -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;

static std::string parse(StringRef text) {
  return test::text(Layout::parse(text));
}

static void testForms() {
  EXPECT_TEXT("(4,8):(8,1)", Layout::rowMajor({4, 8}).str());
  EXPECT_TEXT("(4,8):(1,4)", Layout::columnMajor({4, 8}).str());
  EXPECT_TEXT("():()", Layout().str());
  EXPECT_TEXT("(8):(1)", parse("8:1"));
  EXPECT_TEXT("(8):(1)", parse(" ( 8 ) : ( 1 ) "));
  EXPECT_TEXT("((2,4),8):((1,16),2)", parse("((2,4), 8):((1,16), 2)"));
  EXPECT_TEXT("(8):(1)", parse("((8)):((1))"));
  EXPECT_TEXT("():()", parse("():()"));
}

static void testErrors() {
  EXPECT_TEXT("expected a number in layout, found the end", parse(""));
  EXPECT_TEXT("expected a number in layout, found 'x):(1)'", parse("(x):(1)"));
  EXPECT_TEXT("expected a number in layout, found '-1)'", parse("(2):(-1)"));
  EXPECT_TEXT("expected a number in layout, found '9223372036854775808:1'",
              parse("9223372036854775808:1"));
  EXPECT_TEXT("expected a number in layout, found '(2)),3):(1,1)'",
              parse("(((2)),3):(1,1)"));
  EXPECT_TEXT("expected ',' or ')' in layout, found ':(1)'", parse("(2:(1)"));
  EXPECT_TEXT("expected ',' or ')' in layout, found ':((1))'",
              parse("((2:((1))"));
  EXPECT_TEXT("expected ':' in layout, found the end", parse("(2,3)"));
  EXPECT_TEXT("expected the end in layout, found '1'", parse("(2):(1) 1"));
  EXPECT_TEXT("expected one stride for each extent in layout, found another "
              "nesting",
              parse("(2,3):((1,2))"));
  EXPECT_TEXT("expected extents of at least 1 in layout, found 0",
              parse("(2,0):(1,2)"));
  EXPECT_TEXT("expected a layout within 64 bits, found the leaf "
              "4294967296:0",
              parse("(4294967296,4294967296):(0,0)"));
  EXPECT_TEXT("expected a layout within 64 bits, found the leaf "
              "2:9223372036854775807",
              parse("2:9223372036854775807"));
}

static void testRandom() {
  Random random;
  for (int number = 0; number < 2000; ++number) {
    Layout original = randomLayout(random, 1000);
    Expected<Layout> again = Layout::parse(original.str());
    EXPECT(exists(again) && *again == original, original.str());
  }
  outs() << "2000 layouts read as they are written\n";
}

void test::testText() {
  testForms();
  testErrors();
  testRandom();
}

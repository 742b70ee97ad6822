//===- Test.h - checks that the C tests share --------------------*- C -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_TEST_CAPI_TEST_H
#define TILE_TEST_CAPI_TEST_H

#include "tile-c/Dialect.h"
#include "tile-c/Support.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/// The number of checks that failed.
extern int failures;

/// Records a failed check.
void reportFailure(const char *file, int line, const char *what,
                   const char *found);

/// A text as MLIR's functions take it.
MlirStringRef text(const char *chars);

/// Whether a text is these characters.
bool isText(MlirStringRef found, const char *expected);

/// A context that knows and has loaded all that tile uses.
MlirContext makeContext(void);

/// Parses what must be right.
MlirModule parse(MlirContext context, const char *source);
MlirAttribute parseAttribute(MlirContext context, const char *source);
MlirType parseType(MlirContext context, const char *source);

/// The function of a module.
MlirOperation findFunction(MlirModule module);

#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition))                                                          \
      reportFailure(__FILE__, __LINE__, #condition, "");                       \
  } while (0)

/// Checks that a call succeeds and leaves no message.
#define CHECK_OK(call)                                                         \
  do {                                                                         \
    if ((call) != TILE_SUCCESS || tileGetErrorMessage()[0])                    \
      reportFailure(__FILE__, __LINE__, #call, tileGetErrorMessage());         \
  } while (0)

/// Checks that a call fails with this code and a message that has `part` in it.
#define CHECK_FAILS(code, part, call)                                          \
  do {                                                                         \
    if ((call) != (code) || !strstr(tileGetErrorMessage(), part))              \
      reportFailure(__FILE__, __LINE__, #call, tileGetErrorMessage());         \
  } while (0)

/// The parts of the test.
void testGemm(void);
void testAttributes(void);
void testTypes(void);
void testPasses(void);
void testSignature(void);
void testErrors(void);
void testRuntime(void);

#endif // TILE_TEST_CAPI_TEST_H

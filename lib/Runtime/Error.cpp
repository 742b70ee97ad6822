//===- Error.cpp - The last error of each thread ----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <cstdarg>
#include <cstdio>
#include <string>

namespace {
struct LastError {
  bool present = false;
  std::string text;
};
} // namespace

static LastError &lastError() {
  static thread_local LastError error;
  return error;
}

int tile::runtime::fail(const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = std::vsnprintf(nullptr, 0, format, args);
  va_end(args);
  // The arguments may point into the old text, so the new one is made first.
  std::string text(length > 0 ? length : 0, '\0');
  if (length > 0)
    std::vsnprintf(text.data(), text.size() + 1, format, again);
  va_end(again);
  lastError() = {true, std::move(text)};
  return 1;
}

const char *tileRuntimeLastError(void) {
  return lastError().present ? lastError().text.c_str() : nullptr;
}

void tileRuntimeClearError(void) { lastError() = {}; }

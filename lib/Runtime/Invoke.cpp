//===- Invoke.cpp - Protected runs of compiled functions --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled functions have no way to return an error: a failing check calls
// tileRuntimeFail, which jumps back to the frame that tileRuntimeInvoke left.
//
//===----------------------------------------------------------------------===//

#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <cstdarg>
#include <cstdio>

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

namespace {
struct Frame {
  Frame *outer;
  uint64_t owner;
  std::jmp_buf target;
};
} // namespace

static thread_local Frame *innermost = nullptr;

uint64_t tile::runtime::getImageOwner() {
  return innermost ? innermost->owner : 0;
}

int tileRuntimeInvoke(void (*fn)(void **), void **args) {
  return tileRuntimeInvokeOwned(/*owner=*/0, fn, args);
}

int tileRuntimeInvokeOwned(uint64_t owner, void (*fn)(void **), void **args) {
  if (!fn)
    return tile::runtime::fail("expected a function to run, got null");
  Frame frame;
  frame.outer = innermost;
  frame.owner = owner;
  if (setjmp(frame.target)) {
    innermost = frame.outer;
    return 1;
  }
  innermost = &frame;
  fn(args);
  innermost = frame.outer;
  return 0;
}

void tile::runtime::unwind() {
  if (innermost)
    std::longjmp(innermost->target, 1);
  std::fprintf(stderr, "tile: error: %s\n", tileRuntimeLastError());
  std::abort();
}

void tileRuntimeFail(const char *format, ...) {
  // On the stack, since unwinding runs no destructors.
  char message[1024];
  va_list values;
  va_start(values, format);
  std::vsnprintf(message, sizeof message, format ? format : "unknown failure",
                 values);
  va_end(values);
  tile::runtime::fail("%s", message);
  tile::runtime::unwind();
}

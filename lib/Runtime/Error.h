//===- Error.h - Recording failures -----------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_RUNTIME_ERROR_H
#define TILE_LIB_RUNTIME_ERROR_H

#include <cstdint>

namespace tile::runtime {

/// Records the text as this thread's last error and returns 1.
[[gnu::format(printf, 1, 2)]] int fail(const char *format, ...);

/// Unwinds to the innermost invoke with the error that is already recorded. The
/// frames in between are left without running destructors, so the caller must
/// hold nothing that needs one.
[[noreturn]] void unwind();

/// The owner of the images of the innermost invoke, or 0 where they may change.
uint64_t getImageOwner();

} // namespace tile::runtime

#endif // TILE_LIB_RUNTIME_ERROR_H

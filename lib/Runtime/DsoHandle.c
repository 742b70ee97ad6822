//===- DsoHandle.c - What a compiler's startup files define ---------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By it the C library knows whose destructors to run when a shared library goes
// away. libtile-runtime.a has its own, so that a linker without startup files
// will do.
//
//===----------------------------------------------------------------------===//

__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle;

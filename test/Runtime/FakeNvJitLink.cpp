//===- FakeNvJitLink.cpp - a linker that refuses everything -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <cstddef>
#include <cstdint>

extern "C" {
int nvJitLinkCreate(void **handle, uint32_t, const char **) {
  *handle = nullptr;
  return 0;
}
int nvJitLinkDestroy(void **) { return 0; }
int nvJitLinkAddData(void *, int, const void *, size_t, const char *) {
  return 0;
}
int nvJitLinkComplete(void *) { return 1; }
int nvJitLinkGetLinkedCubinSize(void *, size_t *) { return 1; }
int nvJitLinkGetLinkedCubin(void *, void *) { return 1; }
int nvJitLinkGetErrorLogSize(void *, size_t *) { return 1; }
int nvJitLinkGetErrorLog(void *, char *) { return 1; }
}

//===- runtime.c - the runtime, also without a GPU ------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Runtime.h"
#include "Test.h"

void testRuntime(void) {
  void *pointer = NULL;
  TileDeviceInfo info;
  int count = tileDeviceCount();
  CHECK(count > 0 || tileRuntimeLastError());
  CHECK(tileDeviceGetInfo(-1, &info) == 1 && tileRuntimeLastError());
  CHECK(tileDeviceGetInfo(0, NULL) == 1);
  CHECK(strstr(tileRuntimeLastError(), "expected a place for the result"));
  CHECK(tileDeviceAlloc(NULL, 4) == 1);
  CHECK(tileEventCreate(NULL) == 1);
  CHECK(tileEventElapsed(NULL, NULL, NULL) == 1);
  CHECK(tileDeviceFree(NULL) == 0 && tileEventDestroy(NULL) == 0);
  CHECK(tileRuntimeInvoke(NULL, NULL) == 1);
  size_t bytes = 0;
  CHECK(tileAssemble(NULL, 4, "sm_80", 3, &pointer, &bytes) == 1);
  CHECK(tileAssemble("x", 1, "sm_80", 3, NULL, NULL) == 1);
  CHECK(!pointer && !bytes);
  tileRuntimeClearError();
  CHECK(!tileRuntimeLastError());
  if (!count)
    return;
  char in[4] = {1, 2, 3, 4}, out[4] = {0};
  CHECK(!tileDeviceAlloc(&pointer, 4) && pointer);
  CHECK(!tileDeviceCopyIn(pointer, in, 4));
  CHECK(!tileDeviceCopyOut(out, pointer, 4));
  CHECK(!memcmp(in, out, 4));
  CHECK(tileDeviceCopyIn(pointer, NULL, 4) == 1);
  CHECK(!tileDeviceFree(pointer));
}

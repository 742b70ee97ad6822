//===- gpu.c - A program in C that calls a kernel on a GPU ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Softmax of rows that no tile divides, compared with one computed in double
// precision. Memory and copies are those of tile's runtime.
//
//===----------------------------------------------------------------------===//

#include "softmax.h"
#include "tile/Runtime/Runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void expect(int failed, const char *text) {
  if (!failed)
    return;
  printf("failed: %s\n", text);
  exit(1);
}

static void check(int64_t rows, int64_t columns) {
  int64_t count = rows * columns;
  size_t bytes = (size_t)count * sizeof(float);
  float *x = malloc(bytes), *y = malloc(bytes);
  for (int64_t i = 0; i < count; ++i)
    x[i] = (float)(i * 7919 % 1009) / 128 - 4;
  void *dx, *dy;
  expect(tileDeviceAlloc(&dx, bytes) || tileDeviceAlloc(&dy, bytes) ||
             tileDeviceCopyIn(dx, x, bytes) || tileDeviceFill(dy, 0x7f, bytes),
         tileRuntimeLastError());
  tile_tensor_2d tx = {dx, {rows, columns}, {0}},
                 ty = {dy, {rows, columns}, {0}};
  expect(softmax(&tx, &ty, NULL), softmax_error());
  expect(tileDeviceCopyOut(y, dy, bytes), tileRuntimeLastError());
  double worst = 0;
  for (int64_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (int64_t j = 0; j < columns; ++j)
      sum += exp(x[i * columns + j]);
    for (int64_t j = 0; j < columns; ++j)
      worst =
          fmax(worst, fabs(exp(x[i * columns + j]) / sum - y[i * columns + j]));
  }
  printf("softmax %d x %d: %s\n", (int)rows, (int)columns,
         worst <= 1e-6 ? "right" : "wrong");
  tx.sizes[0] = -1;
  printf("%s\n", softmax(&tx, &ty, NULL) ? softmax_error() : "not refused");
  expect(tileDeviceFree(dx) || tileDeviceFree(dy), tileRuntimeLastError());
  free(x), free(y);
}

int main(void) {
  check(1, 1);
  check(13, 1000);
  check(1001, 777);
  return 0;
}

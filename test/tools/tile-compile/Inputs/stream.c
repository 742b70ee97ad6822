//===- stream.c - A program in C that launches on a stream ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For a driver that says what it is asked for and runs nothing.
//
//===----------------------------------------------------------------------===//

#include "softmax.h"
#include "tile/Runtime/Runtime.h"

#include <stdio.h>

int main(void) {
  float x[3 * 5], y[3 * 5];
  tile_tensor_2d tx = {x, {3, 5}, {0}}, ty = {y, {3, 5}, {0}},
                 rows = {x, {17, 0}, {0}};
  tileRuntimeSetStream((void *)3);
  printf("returned %d\n", softmax(&tx, &ty, (void *)7));
  printf("returned %d\n", softmax(&tx, &ty, NULL));
  printf("returned %d\n", softmax(&rows, &rows, (void *)8));
  printf("returned %d\n", softmax(&tx, NULL, (void *)9));
  printf("%s\n", softmax_error());
  printf("stream %d\n", (int)(intptr_t)tileRuntimeGetStream());
  return 0;
}

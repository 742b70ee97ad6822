//===- set.c - A program in C that calls a kernel of given values ---------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plain.h"

#include <stdio.h>

int main(void) {
  int32_t a[3] = {1, 2, 3};
  tile_tensor_1d tensor = {a, {3}, {0}};
  if (plain_77(&tensor)) {
    printf("%s\n", plain_77_error());
    return 1;
  }
  printf("%d %d %d\n", a[0], a[1], a[2]);
  return 0;
}

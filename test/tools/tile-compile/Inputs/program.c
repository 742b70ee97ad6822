//===- program.c - A program in C that calls compiled kernels -------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Knows of tile what the headers say. Compares with results computed in double
// precision, on sizes that no tile divides, and hands in bad arguments.
//
//===----------------------------------------------------------------------===//

#include "gemm.h"
#include "mixed.h"
#include "softmax.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned state = 12345;

// Multiples of 1/8 in [-1, 1), which a 16-bit float holds.
static float draw(void) {
  state = state * 1664525u + 1013904223u;
  return (float)((int)(state >> 28) - 8) / 8;
}

// The bits of such a number as a 16-bit float.
static uint16_t to_half(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (value == 0)
    return 0;
  uint32_t exponent = (bits >> 23 & 255) - 127 + 15;
  return (uint16_t)(bits >> 16 & 0x8000) | (uint16_t)(exponent << 10) |
         (uint16_t)(bits >> 13 & 0x3ff);
}

static float *draw_floats(int64_t count) {
  float *data = malloc((size_t)count * sizeof *data);
  for (int64_t i = 0; i < count; ++i)
    data[i] = draw();
  return data;
}

static uint16_t *to_halves(const float *data, int64_t count) {
  uint16_t *halves = malloc((size_t)count * sizeof *halves);
  for (int64_t i = 0; i < count; ++i)
    halves[i] = to_half(data[i]);
  return halves;
}

static void expect(int failed, const char *text) {
  if (!failed)
    return;
  printf("failed: %s\n", text);
  exit(1);
}

static void check_gemm(int64_t m, int64_t n, int64_t k) {
  float *x = draw_floats(m * k), *y = draw_floats(k * n);
  uint16_t *a = to_halves(x, m * k), *b = to_halves(y, k * n);
  float *c = malloc((size_t)(m * n) * sizeof *c);
  memset(c, 0x7f, (size_t)(m * n) * sizeof *c);
  tile_tensor_2d ta = {a, {m, k}, {0}}, tb = {b, {k, n}, {0}},
                 tc = {c, {m, n}, {0}};
  expect(gemm(&ta, &tb, &tc), gemm_error());
  double worst = 0;
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (int64_t l = 0; l < k; ++l)
        sum += (double)x[i * k + l] * y[l * n + j];
      worst = fmax(worst, fabs(sum - c[i * n + j]));
    }
  printf("gemm %d x %d x %d: %s\n", (int)m, (int)n, (int)k,
         worst <= 1e-4 ? "right" : "wrong");
  free(x), free(y), free(a), free(b), free(c);
}

static void check_softmax(int64_t rows, int64_t columns) {
  float *x = draw_floats(rows * columns);
  float *y = malloc((size_t)(rows * columns) * sizeof *y);
  memset(y, 0x7f, (size_t)(rows * columns) * sizeof *y);
  tile_tensor_2d tx = {x, {rows, columns}, {columns, 1}},
                 ty = {y, {rows, columns}, {0}};
  expect(softmax(&tx, &ty), softmax_error());
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
  free(x), free(y);
}

// Rows that are 6 elements apart; all numbers add up to 599.75.
static void check_mixed(void) {
  float x[3 * 6], p = 512, out[3 * 4];
  for (int i = 0; i < 18; ++i)
    x[i] = (float)i;
  tile_tensor_2d tx = {x, {3, 4}, {6, 1}}, to = {out, {3, 4}, {0}};
  expect(mixed(&tx, true, 2, -4, 8, -16, 32, 0.5f, 0.25f, -64, 128, &p, &to),
         mixed_error());
  int wrong = 0;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 4; ++j)
      wrong += out[i * 4 + j] != (float)(6 * i + j) + 599.75f;
  printf("mixed: %d wrong\n", wrong);
}

static void refuse(int failed, const char *text) {
  printf("%s\n", failed ? text : "not refused");
}

static void check_errors(void) {
  float x[64] = {0}, y[64] = {0};
  tile_tensor_2d square = {x, {8, 8}, {0}}, four = {x, {4, 4}, {0}},
                 more = {y, {5, 4}, {0}}, apart = {x, {4, 8}, {16, 1}},
                 nowhere = {NULL, {4, 8}, {0}}, negative = {x, {-1, 8}, {0}},
                 into = {y, {4, 8}, {0}}, one = {x, {1, 8}, {99, 1}},
                 row = {y, {1, 8}, {0}}, empty = {NULL, {0, 8}, {0}};
  refuse(softmax(&apart, &into), softmax_error());
  refuse(softmax(&nowhere, &into), softmax_error());
  refuse(softmax(&negative, &into), softmax_error());
  refuse(softmax(NULL, &into), softmax_error());
  refuse(mixed(&square, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x, &into), mixed_error());
  refuse(mixed(&four, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, &four),
         mixed_error());
  refuse(mixed(&four, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x, &more), mixed_error());
  refuse(mixed(NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x, &four), mixed_error());
  // The stride of a dimension of size 1 makes no difference, nor does the
  // address of nothing.
  expect(softmax(&one, &row), softmax_error());
  expect(softmax(&empty, &empty), softmax_error());
  printf("no error: %g\n", (double)y[7]);
}

// Calls that succeed and calls that fail, each with this thread's own text.
static void *call_often(void *result) {
  float x[5 * 7], y[5 * 7];
  for (int i = 0; i < 35; ++i)
    x[i] = (float)i;
  tile_tensor_2d tx = {x, {5, 7}, {0}}, ty = {y, {5, 7}, {0}},
                 apart = {y, {5, 7}, {9, 1}};
  for (int i = 0; i < 500; ++i) {
    *(int *)result += softmax(&tx, &ty) || !softmax(&tx, &apart) ||
                      !strstr(softmax_error(), "'y': stride 0");
    float sum = 0;
    for (int j = 0; j < 7; ++j)
      sum += y[7 * (i % 5) + j];
    *(int *)result += fabsf(sum - 1) > 1e-5f;
  }
  return NULL;
}

static void check_threads(void) {
  pthread_t threads[4];
  int results[4] = {0}, wrong = 0;
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, call_often, &results[i]);
  for (int i = 0; i < 4; ++i) {
    pthread_join(threads[i], NULL);
    wrong += results[i];
  }
  printf("threads: %d wrong\n", wrong);
}

int main(void) {
  check_gemm(1, 1, 1);
  check_gemm(67, 45, 129);
  check_gemm(130, 300, 65);
  check_softmax(1, 1);
  check_softmax(13, 1000);
  check_mixed();
  check_errors();
  check_threads();
  return 0;
}

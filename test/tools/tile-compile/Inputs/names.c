/* Headers of kernels, after those whose macros are words. */

#include "words.h"

#include <assert.h>
#include <complex.h>
#include <errno.h>
#include <iso646.h>
#include <limits.h>
#include <math.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#ifndef __cplusplus
#include <stdnoreturn.h>
#include <threads.h>
#endif

#include "w.h"

#include "Scale_.h"
#include "scale.h"

int call(const tile_tensor_1d *tensor);

int call(const tile_tensor_1d *tensor) {
  return scale(tensor) + Scale(tensor) + (words_error() != NULL) +
         (w_error() != NULL);
}

//===- TensorMap.cpp - Tensor maps for the copy engine ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver answers every wrong number with "invalid argument", so the numbers
// are checked here first. It counts dimensions from the innermost one; callers
// count from the outermost one.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

using namespace tile::runtime;

static constexpr int64_t kMaxRank = 5;
static constexpr int64_t kMapBytes = 128;
static constexpr int64_t kMaxSize = 0x7fffffff; // Coordinates have 32 bits.
static constexpr int64_t kMaxBox = 256;
static constexpr int64_t kAlignment = 16;
static constexpr int64_t kStrideLimit = int64_t(1) << 40;

namespace {
struct TensorMapRequest {
  const char *place; // where the program asks for it, or null
  const void *base;
  int64_t type, rank;
  const int64_t *sizes, *strides, *box;
  int64_t swizzle, promotion;
  bool isOptional = false; // whether the tensor may be none that fits

  int64_t elementBytes() const;
  /// The innermost dimension.
  int64_t last() const { return rank - 1; }
};
} // namespace

/// 0 for a type that the driver does not know.
int64_t TensorMapRequest::elementBytes() const {
  // u8, u16, u32, i32, u64, i64, f16, f32, f64, bf16
  static const int64_t bytes[] = {1, 2, 4, 4, 8, 8, 2, 4, 8, 2};
  return type >= 0 && type < 10 ? bytes[type] : 0;
}

/// Records "cannot make the tensor map at <place>: expected <what>, got
/// <value>".
static int reject(const TensorMapRequest &request, const char *what,
                  int64_t value) {
  return fail("cannot make the tensor map%s%s: expected %s, got %lld",
              request.place ? " at " : "", request.place ? request.place : "",
              what, static_cast<long long>(value));
}

/// The same for what is wrong with one dimension.
static int reject(const TensorMapRequest &request, const char *what,
                  int64_t dim, int64_t value) {
  char text[128];
  std::snprintf(text, sizeof text, "%s in dimension %lld", what,
                static_cast<long long>(dim));
  return reject(request, text, value);
}

static int checkModes(const TensorMapRequest &r) {
  if (r.rank < 1 || r.rank > kMaxRank)
    return reject(r, "1 to 5 dimensions", r.rank);
  if (!r.elementBytes())
    return reject(r, "an element type from 0 to 9", r.type);
  if (r.swizzle != 0 && r.swizzle != 32 && r.swizzle != 64 && r.swizzle != 128)
    return reject(r, "a swizzle of 0, 32, 64 or 128 bytes", r.swizzle);
  if (r.promotion != 0 && r.promotion != 64 && r.promotion != 128 &&
      r.promotion != 256)
    return reject(r, "fetches of 0, 64, 128 or 256 bytes", r.promotion);
  return 0;
}

static int checkBox(const TensorMapRequest &r) {
  for (int64_t dim = 0; dim < r.rank; ++dim)
    if (r.box[dim] < 1 || r.box[dim] > kMaxBox)
      return reject(r, "a box size of 1 to 256", dim, r.box[dim]);
  int64_t rowBytes = r.box[r.last()] * r.elementBytes();
  if (rowBytes % kAlignment)
    return reject(r, "a box with rows of a multiple of 16 bytes", rowBytes);
  if (r.swizzle && rowBytes > r.swizzle)
    return reject(r, "a box with rows of at most as many bytes as the swizzle",
                  rowBytes);
  return 0;
}

static int checkTensor(const TensorMapRequest &r) {
  if (toDevice(r.base) % kAlignment)
    return reject(r, "an address that is a multiple of 16 bytes",
                  static_cast<int64_t>(toDevice(r.base)));
  for (int64_t dim = 0; dim < r.rank; ++dim) {
    if (r.sizes[dim] < 0 || r.sizes[dim] > kMaxSize)
      return reject(r, "a size of 0 to 2147483647", dim, r.sizes[dim]);
    int64_t stride = r.strides[dim];
    // Nothing is a step away from the only element.
    if (r.sizes[dim] < 2)
      continue;
    if (dim == r.last()) {
      if (stride != r.elementBytes())
        return reject(r, "a stride of one element, in bytes,", dim, stride);
    } else if (stride < 0 || stride >= kStrideLimit || stride % kAlignment) {
      return reject(r, "a stride that is a multiple of 16 bytes below 2^40",
                    dim, stride);
    }
  }
  return 0;
}

static int encode(const Driver *driver, void *map, const TensorMapRequest &r) {
  uint64_t sizes[kMaxRank], strides[kMaxRank];
  uint32_t box[kMaxRank], steps[kMaxRank];
  for (int64_t i = 0; i < r.rank; ++i) {
    int64_t dim = r.last() - i;
    sizes[i] = static_cast<uint64_t>(r.sizes[dim]);
    box[i] = static_cast<uint32_t>(r.box[dim]);
    steps[i] = 1;
    // The innermost stride is left out.
    if (i)
      strides[i - 1] =
          static_cast<uint64_t>(r.sizes[dim] < 2 ? kAlignment : r.strides[dim]);
  }
  int swizzle = r.swizzle ? (r.swizzle == 32 ? 1 : r.swizzle == 64 ? 2 : 3) : 0;
  int promotion = r.promotion ? (r.promotion == 64    ? 1
                                 : r.promotion == 128 ? 2
                                                      : 3)
                              : 0;
  // The driver wants 64-byte alignment, of which the stack knows nothing.
  alignas(64) unsigned char aligned[kMapBytes];
  Status status = driver->tensorMapEncodeTiled(
      aligned, static_cast<int>(r.type), static_cast<unsigned>(r.rank),
      toDevice(r.base), sizes, strides, box, steps, /*interleave=*/0, swizzle,
      promotion, /*outOfBounds=*/0);
  std::memcpy(map, aligned, kMapBytes);
  return check(driver, status,
               "make the tensor map%s%s of address 0x%llx, rank %lld, rows of "
               "%lld elements, boxes with rows of %lld",
               r.place ? " at " : "", r.place ? r.place : "",
               static_cast<unsigned long long>(toDevice(r.base)),
               static_cast<long long>(r.rank),
               static_cast<long long>(r.sizes[r.last()]),
               static_cast<long long>(r.box[r.last()]));
}

static int makeTensorMap(void *map, const TensorMapRequest &request) {
  if (checkModes(request) || checkBox(request))
    return 1;
  std::memset(map, 0, kMapBytes);
  if (checkTensor(request)) {
    if (!request.isOptional)
      return 1;
    tileRuntimeClearError();
    return 0;
  }
  // The driver has no maps of nothing, and no kernel should use one.
  if (std::find(request.sizes, request.sizes + request.rank, 0) !=
      request.sizes + request.rank)
    return 0;
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  if (!driver->tensorMapEncodeTiled)
    return fail("cannot make the tensor map: the CUDA driver is too old");
  return encode(driver, map, request);
}

void tileRuntimeMakeTensorMap(void *map, const char *place, const void *base,
                              int64_t type, int64_t rank, const int64_t *sizes,
                              const int64_t *strides, const int64_t *box,
                              int64_t swizzle, int64_t promotion) {
  if (makeTensorMap(map, {place, base, type, rank, sizes, strides, box, swizzle,
                          promotion}))
    unwind();
}

void tileRuntimeMakeOptionalTensorMap(void *map, const char *place,
                                      const void *base, int64_t type,
                                      int64_t rank, const int64_t *sizes,
                                      const int64_t *strides,
                                      const int64_t *box, int64_t swizzle,
                                      int64_t promotion) {
  if (makeTensorMap(map, {place, base, type, rank, sizes, strides, box, swizzle,
                          promotion, /*isOptional=*/true}))
    unwind();
}

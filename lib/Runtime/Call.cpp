//===- Call.cpp - Calls of functions compiled ahead of time -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes the tensors that a C program passes to the descriptors that compiled
// code receives. Sizes and strides that the compiled code relies on are checked
// here, since nothing else stands between a C program and the kernel; what
// symbols say of them is checked in the code itself.
//
//===----------------------------------------------------------------------===//

#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <atomic>
#include <vector>

using namespace tile::runtime;

namespace {
/// A tensor as a C program passes it.
struct Tensor {
  void *data;
  const int64_t *sizes;
  std::vector<int64_t> strides;

  /// Reads the words behind a pointer from C. Strides of 0 become those of a
  /// contiguous tensor.
  Tensor(void *argument, int64_t rank);
  bool isEmpty() const;
};
} // namespace

/// The strides of a contiguous tensor in C order. Unsigned, since the sizes may
/// be anything until they are checked.
static std::vector<int64_t> getContiguous(const int64_t *sizes, int64_t rank) {
  std::vector<int64_t> strides(rank);
  uint64_t stride = 1;
  for (int64_t dim = rank; dim-- > 0;) {
    strides[dim] = static_cast<int64_t>(stride);
    stride *= static_cast<uint64_t>(sizes[dim]);
  }
  return strides;
}

Tensor::Tensor(void *argument, int64_t rank) {
  data = *static_cast<void **>(argument);
  sizes = static_cast<const int64_t *>(argument) + 1;
  strides.assign(sizes + rank, sizes + 2 * rank);
  for (int64_t stride : strides)
    if (stride != 0)
      return;
  strides = getContiguous(sizes, rank);
}

bool Tensor::isEmpty() const {
  for (size_t dim = 0; dim < strides.size(); ++dim)
    if (sizes[dim] == 0)
      return true;
  return false;
}

/// Checks one number, unless the code was compiled for any.
static int checkNumber(int64_t index, const TileArgument &argument,
                       const char *what, int64_t dim, int64_t expected,
                       int64_t found) {
  if (expected == found)
    return 0;
  return fail("argument #%lld '%s': %s %lld: expected %lld, found %lld",
              static_cast<long long>(index), argument.name, what,
              static_cast<long long>(dim), static_cast<long long>(expected),
              static_cast<long long>(found));
}

/// The stride of a dimension of size 1, and all of an empty tensor, make no
/// difference.
static int checkStrides(int64_t index, const TileArgument &argument,
                        const Tensor &tensor) {
  std::vector<int64_t> contiguous;
  const int64_t *expected = argument.strides;
  if (!expected) {
    contiguous = getContiguous(tensor.sizes, argument.rank);
    expected = contiguous.data();
  }
  for (int64_t dim = 0; dim < argument.rank; ++dim) {
    if (expected[dim] == INT64_MIN || tensor.sizes[dim] == 1)
      continue;
    if (checkNumber(index, argument, "stride", dim, expected[dim],
                    tensor.strides[dim]))
      return 1;
  }
  return 0;
}

static int checkTensor(int64_t index, const TileArgument &argument,
                       const Tensor &tensor) {
  for (int64_t dim = 0; dim < argument.rank; ++dim) {
    int64_t expected = argument.sizes[dim], found = tensor.sizes[dim];
    if (found < 0)
      return fail("argument #%lld '%s': size %lld: expected at least 0, found "
                  "%lld",
                  static_cast<long long>(index), argument.name,
                  static_cast<long long>(dim), static_cast<long long>(found));
    if (expected != -1 &&
        checkNumber(index, argument, "size", dim, expected, found))
      return 1;
  }
  if (tensor.isEmpty())
    return 0;
  if (!tensor.data)
    return fail("argument #%lld '%s': expected an address, found NULL",
                static_cast<long long>(index), argument.name);
  return checkStrides(index, argument, tensor);
}

/// Two pointers, the offset, the sizes and the strides. A tensor that is absent
/// has a null address and sizes of -1.
static int makeDescriptor(int64_t index, const TileArgument &argument,
                          void *passed, std::vector<int64_t> &words) {
  words.assign(3, 0);
  if (!passed && !argument.isOptional)
    return fail("argument #%lld '%s': expected a tensor, found NULL",
                static_cast<long long>(index), argument.name);
  if (!passed) {
    words.resize(3 + 2 * argument.rank, -1);
    return 0;
  }
  Tensor tensor(passed, argument.rank);
  if (checkTensor(index, argument, tensor))
    return 1;
  words[0] = words[1] = reinterpret_cast<intptr_t>(tensor.data);
  words.insert(words.end(), tensor.sizes, tensor.sizes + argument.rank);
  words.insert(words.end(), tensor.strides.begin(), tensor.strides.end());
  return 0;
}

/// The number of the function, which its first call gives to it. JIT compilers
/// count from 1 on; none counts as far as this.
static uint64_t getOwner(uint64_t *slot) {
  static std::atomic<uint64_t> last(uint64_t(1) << 63);
  uint64_t owner = __atomic_load_n(slot, __ATOMIC_RELAXED);
  if (owner)
    return owner;
  uint64_t fresh = ++last;
  bool isFirst = __atomic_compare_exchange_n(
      slot, &owner, fresh, /*weak=*/false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return isFirst ? fresh : owner;
}

int tileRuntimeCall(const TileFunction *function, void *const *arguments,
                    void *stream) {
  int64_t count = function->numArguments;
  std::vector<std::vector<int64_t>> descriptors(count);
  std::vector<void *> packed(count);
  std::vector<void *> addresses(count);
  for (int64_t index = 0; index < count; ++index) {
    packed[index] = arguments[index];
    const TileArgument &argument = function->arguments[index];
    if (argument.rank < 0)
      continue;
    if (makeDescriptor(index, argument, arguments[index], descriptors[index]))
      return 1;
    addresses[index] = descriptors[index].data();
    packed[index] = &addresses[index];
  }
  void *before = tileRuntimeGetStream();
  tileRuntimeSetStream(stream);
  int failed = tileRuntimeInvokeOwned(getOwner(function->owner), function->run,
                                      packed.data());
  tileRuntimeSetStream(before);
  return failed;
}

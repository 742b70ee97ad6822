//===- Runner.cpp - One run of an executable --------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"
#include "tile/Runtime/Runtime.h"

#include <chrono>

using namespace mlir;
using namespace mlir::tile;
using llvm::Error;
using llvm::Expected;

/// The runtime's last error, for a call that returned nonzero.
static Error toError(int failed) {
  if (!failed)
    return Error::success();
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 tileRuntimeLastError());
}

Runner::Runner(const Executable &executable, ExecutionTarget target,
               ArrayRef<ArgumentValue> values)
    : executable(executable), target(target), values(values),
      packed(values.size()), hostCopies(values.size()),
      deviceCopies(values.size()) {}

Runner::~Runner() {
  for (void *pointer : deviceCopies)
    tileDeviceFree(pointer);
  tileEventDestroy(start);
  tileEventDestroy(end);
}

/// Makes working copies of the arrays and packs their addresses.
Error Runner::prepare() {
  for (size_t index = 0; index < values.size(); ++index) {
    if (auto *bits = std::get_if<uint64_t>(&values[index])) {
      packed.setScalar(index, *bits);
      continue;
    }
    if (auto *absent = std::get_if<AbsentTensor>(&values[index])) {
      packed.setAbsent(index, absent->rank);
      continue;
    }
    const NpyArray &array = std::get<NpyArray>(values[index]);
    void *data = nullptr;
    if (target == ExecutionTarget::CPU) {
      Expected<NpyArray> copy = array.clone();
      if (!copy)
        return copy.takeError();
      data = copy->begin();
      hostCopies[index] = std::move(*copy);
    } else {
      void *&device = deviceCopies[index];
      if (!device)
        if (Error error =
                toError(tileDeviceAlloc(&device, array.sizeInBytes())))
          return error;
      if (Error error = toError(
              tileDeviceCopyIn(device, array.begin(), array.sizeInBytes())))
        return error;
      data = device;
    }
    packed.setBuffer(index, data, array.shape);
  }
  return Error::success();
}

Error Runner::run() {
  if (Error error = prepare())
    return error;
  if (Error error = executable.invoke(packed.get()))
    return error;
  if (target == ExecutionTarget::CUDA)
    return toError(tileDeviceSynchronize());
  return Error::success();
}

Expected<NpyArray> Runner::getResult(size_t index) const {
  if (target == ExecutionTarget::CPU)
    return hostCopies[index].clone();
  const NpyArray &original = std::get<NpyArray>(values[index]);
  Expected<NpyArray> result = NpyArray::create(original.type, original.shape);
  if (!result)
    return result;
  if (Error error = toError(tileDeviceCopyOut(
          result->begin(), deviceCopies[index], result->sizeInBytes())))
    return error;
  return result;
}

/// Times one run: by events on a GPU, so that launching ahead does not count.
Expected<double> Runner::timeOnce() {
  if (target == ExecutionTarget::CPU) {
    auto before = std::chrono::steady_clock::now();
    if (Error error = executable.invoke(packed.get()))
      return error;
    std::chrono::duration<double, std::milli> elapsed =
        std::chrono::steady_clock::now() - before;
    return elapsed.count();
  }
  if (Error error = toError(tileEventRecord(start)))
    return error;
  if (Error error = executable.invoke(packed.get()))
    return error;
  float milliseconds = 0;
  if (Error error = toError(tileEventRecord(end) ||
                            tileEventElapsed(&milliseconds, start, end)))
    return error;
  return milliseconds;
}

Expected<double> Runner::time(unsigned repeats) {
  if (target == ExecutionTarget::CUDA && !start)
    if (Error error = toError(tileEventCreate(&start) || tileEventCreate(&end)))
      return error;
  if (Error error = prepare())
    return error;
  SmallVector<double> times;
  for (unsigned i = 0; i <= repeats; ++i) {
    Expected<double> elapsed = timeOnce();
    if (!elapsed)
      return elapsed;
    if (i > 0) // the first one warms up
      times.push_back(*elapsed);
  }
  llvm::sort(times);
  size_t middle = times.size() / 2;
  if (times.size() % 2)
    return times[middle];
  return (times[middle - 1] + times[middle]) / 2;
}

//===- Device.cpp - Devices, device memory, events --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <atomic>
#include <iterator>
#include <map>
#include <mutex>

using namespace tile::runtime;

static thread_local Stream currentStream = nullptr;

void tileRuntimeSetStream(void *stream) {
  currentStream = static_cast<Stream>(stream);
}

void *tileRuntimeGetStream(void) { return currentStream; }

int tileDeviceCount(void) {
  const Driver *driver = getDriver();
  int count = 0;
  if (!driver ||
      check(driver, driver->deviceGetCount(&count), "count the CUDA devices"))
    return 0;
  if (count == 0)
    fail("the CUDA driver reports no device");
  return count;
}

/// The handle of device number `index`.
static int getDevice(const Driver *driver, int index, Device *device) {
  int count = 0;
  if (check(driver, driver->deviceGetCount(&count), "count the CUDA devices"))
    return 1;
  if (index < 0 || index >= count)
    return fail("expected a device number below %d, got %d", count, index);
  return check(driver, driver->deviceGet(device, index), "get device %d",
               index);
}

namespace {
struct AttributeQuery {
  DeviceAttribute attribute;
  int *value;
};
} // namespace

static int queryAttributes(const Driver *driver, int index, Device device,
                           std::initializer_list<AttributeQuery> queries) {
  for (const AttributeQuery &query : queries)
    if (check(driver,
              driver->deviceGetAttribute(query.value, query.attribute, device),
              "query device %d", index))
      return 1;
  return 0;
}

int tileDeviceGetInfo(int index, TileDeviceInfo *info) {
  if (!info)
    return fail("expected a place for the result, got null");
  *info = TileDeviceInfo();
  const Driver *driver = getDriver();
  Device device = 0;
  if (!driver || getDevice(driver, index, &device))
    return 1;
  if (queryAttributes(driver, index, device,
                      {{kComputeMajor, &info->major},
                       {kComputeMinor, &info->minor},
                       {kMultiprocessorCount, &info->multiprocessors},
                       {kMaxSharedBytesOptIn, &info->maxSharedBytes}}))
    return 1;
  size_t memory = 0;
  if (check(driver,
            driver->deviceGetName(info->name, sizeof info->name, device),
            "query the name of device %d", index) ||
      check(driver, driver->deviceTotalMem(&memory, device),
            "query the memory of device %d", index) ||
      check(driver, driver->driverGetVersion(&info->driverVersion),
            "query the driver's version"))
    return 1;
  info->memoryBytes = static_cast<int64_t>(memory);
  return 0;
}

int tileDeviceGetLimits(int index, TileDeviceLimits *limits) {
  if (!limits)
    return fail("expected a place for the result, got null");
  *limits = TileDeviceLimits();
  const Driver *driver = getDriver();
  Device device = 0;
  if (!driver || getDevice(driver, index, &device))
    return 1;
  return queryAttributes(
      driver, index, device,
      {{kClockKHz, &limits->clockKHz},
       {kMemoryClockKHz, &limits->memoryClockKHz},
       {kMemoryBusBits, &limits->memoryBusBits},
       {kL2Bytes, &limits->l2Bytes},
       {kMaxThreadsPerMultiprocessor, &limits->maxThreadsPerMultiprocessor}});
}

/// The primary contexts that tileDeviceInit has retained, by device number.
static std::atomic<Context> retainedContexts[64];

/// Whether a context is known as the primary one of a device.
static bool isPrimary(Context context, int index) {
  constexpr int count = std::size(retainedContexts);
  return context && index >= 0 && index < count &&
         context == retainedContexts[index];
}

static bool isCurrent(const Driver *driver, int index) {
  Context current = nullptr;
  return driver->ctxGetCurrent(&current) == 0 && isPrimary(current, index);
}

int tileDeviceInit(int index) {
  const Driver *driver = getDriver();
  Device device = 0;
  if (driver && isCurrent(driver, index))
    return 0;
  if (!driver || getDevice(driver, index, &device))
    return 1;
  // One reference to each primary context is held until the process ends.
  static std::mutex mutex;
  static auto *contexts = new std::map<Device, Context>();
  Context context = nullptr;
  {
    std::lock_guard<std::mutex> lock(mutex);
    Context &retained = (*contexts)[device];
    if (!retained && check(driver, driver->primaryCtxRetain(&retained, device),
                           "create the context of device %d", index))
      return 1;
    context = retained;
    if (index < static_cast<int>(std::size(retainedContexts)))
      retainedContexts[index] = context;
  }
  return check(driver, driver->ctxSetCurrent(context), "make device %d current",
               index);
}

int tileDeviceEnter(int index, void **previous) {
  if (!previous)
    return fail("expected a place for the result, got null");
  *previous = nullptr;
  const Driver *driver = getDriver();
  Context context = nullptr;
  if (!driver ||
      check(driver, driver->ctxGetCurrent(&context), "query the context"))
    return 1;
  *previous = context;
  return isPrimary(context, index) ? 0 : tileDeviceInit(index);
}

int tileDeviceLeave(void *previous) {
  const Driver *driver = getDriver();
  return !driver ||
         check(driver, driver->ctxSetCurrent(static_cast<Context>(previous)),
               "return to the context before");
}

int tileDeviceAlloc(void **pointer, size_t bytes) {
  if (!pointer)
    return fail("expected a place for the result, got null");
  *pointer = nullptr;
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  if (bytes == 0)
    return 0;
  DevicePointer address = 0;
  if (check(driver, driver->memAlloc(&address, bytes),
            "allocate %zu bytes on the device", bytes))
    return 1;
  *pointer = reinterpret_cast<void *>(static_cast<uintptr_t>(address));
  return 0;
}

int tileDeviceFree(void *pointer) {
  if (!pointer)
    return 0;
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  return check(driver, driver->memFree(toDevice(pointer)),
               "free device memory");
}

int tileDeviceCopyIn(void *device, const void *host, size_t bytes) {
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  if (bytes == 0)
    return 0;
  if (check(driver,
            driver->memcpyHtoD(toDevice(device), host, bytes, currentStream),
            "copy %zu bytes to the device", bytes))
    return 1;
  return tileDeviceSynchronize();
}

int tileDeviceCopyOut(void *host, const void *device, size_t bytes) {
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  if (bytes == 0)
    return 0;
  if (check(driver,
            driver->memcpyDtoH(host, toDevice(device), bytes, currentStream),
            "copy %zu bytes from the device", bytes))
    return 1;
  return tileDeviceSynchronize();
}

int tileDeviceCopy(void *to, const void *from, size_t bytes) {
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  if (bytes == 0)
    return 0;
  return check(
      driver,
      driver->memcpyDtoD(toDevice(to), toDevice(from), bytes, currentStream),
      "copy %zu bytes on the device", bytes);
}

int tileDeviceFill(void *device, int byte, size_t bytes) {
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  if (bytes == 0)
    return 0;
  return check(driver,
               driver->memsetD8(toDevice(device),
                                static_cast<unsigned char>(byte), bytes,
                                currentStream),
               "fill %zu bytes on the device", bytes);
}

int tileDeviceSynchronize(void) {
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  return check(driver, driver->streamSynchronize(currentStream),
               "finish the work on the device");
}

int tileEventCreate(void **event) {
  if (!event)
    return fail("expected a place for the result, got null");
  *event = nullptr;
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  Event created = nullptr;
  if (check(driver, driver->eventCreate(&created, 0), "create an event"))
    return 1;
  *event = created;
  return 0;
}

int tileEventRecord(void *event) {
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  return check(driver,
               driver->eventRecord(static_cast<Event>(event), currentStream),
               "record an event");
}

int tileEventElapsed(float *milliseconds, void *start, void *end) {
  if (!milliseconds)
    return fail("expected a place for the result, got null");
  *milliseconds = 0;
  const Driver *driver = getDriverWithContext();
  if (!driver)
    return 1;
  if (check(driver, driver->eventSynchronize(static_cast<Event>(end)),
            "finish the work on the device"))
    return 1;
  return check(driver,
               driver->eventElapsedTime(milliseconds, static_cast<Event>(start),
                                        static_cast<Event>(end)),
               "time the work on the device");
}

int tileEventDestroy(void *event) {
  if (!event)
    return 0;
  const Driver *driver = getDriver();
  if (!driver)
    return 1;
  return check(driver, driver->eventDestroy(static_cast<Event>(event)),
               "destroy an event");
}

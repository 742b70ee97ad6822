//===- Driver.h - The CUDA driver, opened at run time -----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declares the part of the driver's binary interface that this library calls.
// Building needs no CUDA; running finds libcuda.so.1 or does without.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_RUNTIME_DRIVER_H
#define TILE_LIB_RUNTIME_DRIVER_H

#include <cstddef>
#include <cstdint>

namespace tile::runtime {

using Status = int; // CUresult
using Device = int; // CUdevice
using DevicePointer = uint64_t;
using Context = struct ContextImpl *;
using Module = struct ModuleImpl *;
using Function = struct FunctionImpl *;
using Stream = struct StreamImpl *;
using Event = struct EventImpl *;

enum DeviceAttribute : int {
  kMaxThreadsPerBlock = 1,
  kClockKHz = 13,
  kMultiprocessorCount = 16,
  kMemoryClockKHz = 36,
  kMemoryBusBits = 37,
  kL2Bytes = 38,
  kMaxThreadsPerMultiprocessor = 39,
  kComputeMajor = 75,
  kComputeMinor = 76,
  kMaxSharedBytesOptIn = 97,
};

enum FunctionAttribute : int {
  kStaticSharedBytes = 1,
  kLocalBytes = 3,
  kRegisters = 4,
  kMaxDynamicSharedBytes = 8,
  kNonPortableClusterAllowed = 14,
};

enum JitOption : int {
  kErrorLogBuffer = 5,
  kErrorLogBufferBytes = 6,
};

enum LaunchAttributeKind : int {
  kClusterDimension = 4,
  kProgrammaticStreamSerialization = 6,
};

/// CUlaunchAttribute: a tag, padding to 8 bytes, and a union of 64 bytes, of
/// which only numbers of 4 bytes at its start are used here.
struct LaunchAttribute {
  LaunchAttributeKind kind;
  unsigned padding;
  unsigned values[16];
};
static_assert(sizeof(LaunchAttribute) == 72, "layout of CUlaunchAttribute");

/// CUlaunchConfig.
struct LaunchConfig {
  unsigned gridX, gridY, gridZ;
  unsigned blockX, blockY, blockZ;
  unsigned sharedBytes;
  Stream stream;
  LaunchAttribute *attributes;
  unsigned numAttributes;
};

/// The functions used, each with its exported name. Those marked OPTIONAL may
/// be missing from an old driver.
#define TILE_DRIVER_FUNCTIONS(REQUIRED, OPTIONAL)                              \
  REQUIRED(init, "cuInit", (unsigned))                                         \
  REQUIRED(driverGetVersion, "cuDriverGetVersion", (int *))                    \
  REQUIRED(getErrorName, "cuGetErrorName", (Status, const char **))            \
  REQUIRED(getErrorString, "cuGetErrorString", (Status, const char **))        \
  REQUIRED(deviceGetCount, "cuDeviceGetCount", (int *))                        \
  REQUIRED(deviceGet, "cuDeviceGet", (Device *, int))                          \
  REQUIRED(deviceGetName, "cuDeviceGetName", (char *, int, Device))            \
  REQUIRED(deviceGetAttribute, "cuDeviceGetAttribute",                         \
           (int *, DeviceAttribute, Device))                                   \
  REQUIRED(deviceTotalMem, "cuDeviceTotalMem_v2", (size_t *, Device))          \
  REQUIRED(primaryCtxRetain, "cuDevicePrimaryCtxRetain", (Context *, Device))  \
  REQUIRED(ctxGetCurrent, "cuCtxGetCurrent", (Context *))                      \
  REQUIRED(ctxSetCurrent, "cuCtxSetCurrent", (Context))                        \
  REQUIRED(ctxGetDevice, "cuCtxGetDevice", (Device *))                         \
  REQUIRED(streamSynchronize, "cuStreamSynchronize", (Stream))                 \
  REQUIRED(memAlloc, "cuMemAlloc_v2", (DevicePointer *, size_t))               \
  REQUIRED(memFree, "cuMemFree_v2", (DevicePointer))                           \
  REQUIRED(memcpyHtoD, "cuMemcpyHtoDAsync_v2",                                 \
           (DevicePointer, const void *, size_t, Stream))                      \
  REQUIRED(memcpyDtoH, "cuMemcpyDtoHAsync_v2",                                 \
           (void *, DevicePointer, size_t, Stream))                            \
  REQUIRED(memcpyDtoD, "cuMemcpyDtoDAsync_v2",                                 \
           (DevicePointer, DevicePointer, size_t, Stream))                     \
  REQUIRED(memsetD8, "cuMemsetD8Async",                                        \
           (DevicePointer, unsigned char, size_t, Stream))                     \
  REQUIRED(eventCreate, "cuEventCreate", (Event *, unsigned))                  \
  REQUIRED(eventRecord, "cuEventRecord", (Event, Stream))                      \
  REQUIRED(eventSynchronize, "cuEventSynchronize", (Event))                    \
  REQUIRED(eventElapsedTime, "cuEventElapsedTime", (float *, Event, Event))    \
  REQUIRED(eventDestroy, "cuEventDestroy_v2", (Event))                         \
  REQUIRED(moduleLoadDataEx, "cuModuleLoadDataEx",                             \
           (Module *, const void *, unsigned, JitOption *, void **))           \
  REQUIRED(moduleGetFunction, "cuModuleGetFunction",                           \
           (Function *, Module, const char *))                                 \
  REQUIRED(funcSetAttribute, "cuFuncSetAttribute",                             \
           (Function, FunctionAttribute, int))                                 \
  REQUIRED(funcGetAttribute, "cuFuncGetAttribute",                             \
           (int *, FunctionAttribute, Function))                               \
  REQUIRED(maxActiveBlocks, "cuOccupancyMaxActiveBlocksPerMultiprocessor",     \
           (int *, Function, int, size_t))                                     \
  REQUIRED(launchKernel, "cuLaunchKernel",                                     \
           (Function, unsigned, unsigned, unsigned, unsigned, unsigned,        \
            unsigned, unsigned, Stream, void **, void **))                     \
  OPTIONAL(launchKernelEx, "cuLaunchKernelEx",                                 \
           (const LaunchConfig *, Function, void **, void **))                 \
  OPTIONAL(tensorMapEncodeTiled, "cuTensorMapEncodeTiled",                     \
           (void *, int, unsigned, DevicePointer, const uint64_t *,            \
            const uint64_t *, const uint32_t *, const uint32_t *, int, int,    \
            int, int))

struct Driver {
#define TILE_DRIVER_MEMBER(member, name, parameters)                           \
  Status(*member) parameters = nullptr;
  TILE_DRIVER_FUNCTIONS(TILE_DRIVER_MEMBER, TILE_DRIVER_MEMBER)
#undef TILE_DRIVER_MEMBER
};

/// The driver, initialised, or null with the reason as the last error.
const Driver *getDriver();

/// getDriver(), after making device 0 current if the thread has no context.
const Driver *getDriverWithContext();

/// Records "failed to <what>: <name> (<text>)" when `status` is an error.
/// Returns 0 for success, 1 for an error.
[[gnu::format(printf, 3, 4)]] int check(const Driver *driver, Status status,
                                        const char *what, ...);

inline DevicePointer toDevice(const void *pointer) {
  return reinterpret_cast<uintptr_t>(pointer);
}

} // namespace tile::runtime

#endif // TILE_LIB_RUNTIME_DRIVER_H

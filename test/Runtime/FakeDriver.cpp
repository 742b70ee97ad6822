//===- FakeDriver.cpp - A CUDA driver without a GPU -------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exports the driver functions that the runtime binds and prints the calls that
// tests look at. Device memory is host memory; an image is PTX text or anything
// else, and its kernels have any name but "absent". Launching "broken" fails.
// The variables FAKE_NO_DEVICE, FAKE_NO_MEMORY and FAKE_OLD_PTX have it fail.
//
//===----------------------------------------------------------------------===//

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {
struct LaunchConfig {
  unsigned grid[3], block[3];
  unsigned sharedBytes;
  void *stream;
  const unsigned *attributes;
  unsigned numAttributes;
};
} // namespace

static char contexts[8];
static void *context = nullptr;
static int modules = 0;

#define FAKE extern "C" int

FAKE cuInit(unsigned) { return std::getenv("FAKE_NO_DEVICE") ? 100 : 0; }
FAKE cuDriverGetVersion(int *version) {
  *version = 13000;
  return 0;
}
FAKE cuGetErrorName(int status, const char **text) {
  *text = status == 2     ? "CUDA_ERROR_OUT_OF_MEMORY"
          : status == 100 ? "CUDA_ERROR_NO_DEVICE"
          : status == 222 ? "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"
          : status == 218 ? "CUDA_ERROR_INVALID_PTX"
          : status == 500 ? "CUDA_ERROR_NOT_FOUND"
                          : "CUDA_ERROR_UNKNOWN";
  return 0;
}
FAKE cuGetErrorString(int status, const char **text) {
  *text = status == 2     ? "out of memory"
          : status == 100 ? "no CUDA-capable device is detected"
          : status == 222 ? "the PTX was compiled with an unsupported toolchain"
          : status == 218 ? "a PTX JIT compilation failed"
          : status == 500 ? "named symbol not found"
                          : "unknown error";
  return 0;
}
FAKE cuDeviceGetCount(int *count) {
  const char *text = std::getenv("FAKE_DEVICES");
  *count = text ? std::atoi(text) : 1;
  return 0;
}
FAKE cuDeviceGet(int *device, int index) {
  *device = index;
  return 0;
}
FAKE cuDeviceGetName(char *name, int length, int) {
  std::snprintf(name, length, "Fake");
  return 0;
}
FAKE cuDeviceGetAttribute(int *value, int attribute, int) {
  *value = attribute == 75   ? 9
           : attribute == 76 ? 0
           : attribute == 97 ? 232448
                             : 132;
  return 0;
}
FAKE cuDeviceTotalMem_v2(size_t *bytes, int) {
  *bytes = size_t(80) << 30;
  return 0;
}
FAKE cuDevicePrimaryCtxRetain(void **result, int device) {
  std::printf("retain\n");
  *result = &contexts[device];
  return 0;
}
FAKE cuCtxGetCurrent(void **result) {
  *result = context;
  return 0;
}
FAKE cuCtxSetCurrent(void *value) {
  context = value;
  return 0;
}
FAKE cuCtxGetDevice(int *device) {
  if (!context)
    return 201;
  *device = static_cast<int>(static_cast<char *>(context) - contexts);
  return 0;
}
FAKE cuStreamSynchronize(void *) { return 0; }
FAKE cuMemAlloc_v2(uint64_t *pointer, size_t bytes) {
  if (std::getenv("FAKE_NO_MEMORY"))
    return 2;
  if (bytes > size_t(80) << 30)
    return 999;
  *pointer = reinterpret_cast<uintptr_t>(std::malloc(bytes));
  return 0;
}
FAKE cuMemFree_v2(uint64_t pointer) {
  std::free(reinterpret_cast<void *>(pointer));
  return 0;
}
FAKE cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *) {
  std::memcpy(reinterpret_cast<void *>(to), from, bytes);
  return 0;
}
FAKE cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *) {
  std::memcpy(to, reinterpret_cast<void *>(from), bytes);
  return 0;
}
FAKE cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *) {
  std::memcpy(reinterpret_cast<void *>(to), reinterpret_cast<void *>(from),
              bytes);
  return 0;
}
FAKE cuMemsetD8Async(uint64_t to, unsigned char byte, size_t bytes, void *) {
  std::memset(reinterpret_cast<void *>(to), byte, bytes);
  return 0;
}
FAKE cuEventCreate(void **event, unsigned) {
  *event = std::malloc(1);
  return 0;
}
FAKE cuEventRecord(void *, void *) { return 0; }
FAKE cuEventSynchronize(void *) { return 0; }
FAKE cuEventElapsedTime(float *milliseconds, void *, void *) {
  *milliseconds = 1.5f;
  return 0;
}
FAKE cuEventDestroy_v2(void *event) {
  std::free(event);
  return 0;
}
FAKE cuModuleLoadDataEx(void **result, const void *image, unsigned count,
                        int *options, void **values) {
  const char *text = static_cast<const char *>(image);
  bool isELF = std::memcmp(text, "\177ELF", 4) == 0;
  std::printf("load %s\n", isELF ? "cubin" : "ptx");
  if (std::getenv("FAKE_OLD_PTX"))
    return 222;
  if (!isELF && std::strstr(text, "syntax error")) {
    for (unsigned i = 0; i < count; ++i)
      if (options[i] == 5)
        std::strcpy(static_cast<char *>(values[i]), "line 1: no such thing\n");
    return 218;
  }
  *result = reinterpret_cast<void *>(static_cast<intptr_t>(++modules));
  return 0;
}
FAKE cuModuleGetFunction(void **function, void *module, const char *name) {
  if (std::strcmp(name, "absent") == 0)
    return 500;
  *function =
      new std::string(std::string(name) + " of module " +
                      std::to_string(reinterpret_cast<intptr_t>(module)));
  return 0;
}
FAKE cuFuncSetAttribute(void *function, int attribute, int value) {
  std::printf("set attribute %d to %d on %s\n", attribute, value,
              static_cast<std::string *>(function)->c_str());
  return 0;
}
FAKE cuFuncGetAttribute(int *value, int attribute, void *function) {
  bool isBroken =
      static_cast<std::string *>(function)->rfind("unknown", 0) == 0;
  *value = 10 * attribute;
  return isBroken ? 999 : 0;
}
FAKE cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, void *function,
                                                 int threads, size_t shared) {
  bool isBroken =
      static_cast<std::string *>(function)->rfind("crowded", 0) == 0;
  *blocks = shared ? 2 : 2048 / threads;
  return isBroken ? 999 : 0;
}

static int launch(const LaunchConfig &config, void *function) {
  const std::string &name = *static_cast<std::string *>(function);
  std::printf("launch %s: grid %u %u %u block %u %u %u shared %u stream %zu",
              name.c_str(), config.grid[0], config.grid[1], config.grid[2],
              config.block[0], config.block[1], config.block[2],
              config.sharedBytes, reinterpret_cast<uintptr_t>(config.stream));
  // An attribute is a tag, 4 bytes of padding, and 64 bytes for the value.
  for (unsigned i = 0; i < config.numAttributes; ++i) {
    const unsigned *attribute = config.attributes + i * 18;
    std::printf(" attribute %u: %u %u %u", attribute[0], attribute[2],
                attribute[3], attribute[4]);
  }
  std::printf("\n");
  return name.rfind("broken", 0) == 0 ? 999 : 0;
}
FAKE cuLaunchKernel(void *function, unsigned gridX, unsigned gridY,
                    unsigned gridZ, unsigned blockX, unsigned blockY,
                    unsigned blockZ, unsigned sharedBytes, void *stream,
                    void **, void **) {
  return launch({{gridX, gridY, gridZ},
                 {blockX, blockY, blockZ},
                 sharedBytes,
                 stream,
                 nullptr,
                 0},
                function);
}

#ifndef FAKE_IS_OLD
FAKE cuLaunchKernelEx(const LaunchConfig *config, void *function, void **,
                      void **) {
  return launch(*config, function);
}

template <typename T>
static void printList(const char *name, const T *values, unsigned count) {
  std::printf(" %s", name);
  for (unsigned i = 0; i < count; ++i)
    std::printf("%c%llu", i ? ',' : ' ',
                static_cast<unsigned long long>(values[i]));
}

FAKE cuTensorMapEncodeTiled(void *map, int type, unsigned rank, uint64_t base,
                            const uint64_t *sizes, const uint64_t *strides,
                            const uint32_t *box, const uint32_t *steps,
                            int interleave, int swizzle, int promotion,
                            int fill) {
  if (reinterpret_cast<uintptr_t>(map) % 64)
    return 1;
  std::printf("tensor map of 0x%llx type %d",
              static_cast<unsigned long long>(base), type);
  printList("sizes", sizes, rank);
  printList("strides", strides, rank - 1);
  printList("box", box, rank);
  printList("steps", steps, rank);
  std::printf(" modes %d %d %d %d\n", interleave, swizzle, promotion, fill);
  std::memset(map, 0xab, 128);
  // The address that stands for one that the driver refuses.
  return base == 0xbad0 ? 999 : 0;
}
#endif // FAKE_IS_OLD

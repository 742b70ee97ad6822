//===- ModuleCache.cpp - Loaded images and their kernels --------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An image is known by its context, address, size and a hash of its contents:
// a JIT may free one image and place another at the same address. Where
// somebody vouches for that, a thread finds the kernels of its last launches
// without looking. Modules stay loaded, because a kernel of theirs may still be
// running.
//
//===----------------------------------------------------------------------===//

#include "ModuleCache.h"
#include "Assembler.h"
#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <tuple>

using namespace tile::runtime;

namespace {
struct LoadedImage {
  Module module = nullptr;
  std::map<std::string, Kernel, std::less<>> kernels;
};

using ImageKey = std::tuple<Context, const void *, size_t, uint64_t>;

/// A kernel that a thread launched, with all that it was prepared for.
struct RecentKernel {
  uint64_t owner = 0;
  const void *image = nullptr;
  const char *name = nullptr;
  Context context = nullptr;
  int64_t sharedBytes = 0, clusterBlocks = 0;
  Function function = nullptr;

  bool matches(const RecentKernel &other) const {
    return owner == other.owner && image == other.image && name == other.name &&
           context == other.context && sharedBytes == other.sharedBytes &&
           clusterBlocks == other.clusterBlocks;
  }
};

struct Cache {
  std::mutex mutex;
  std::map<ImageKey, LoadedImage> images;
  std::map<Context, LaunchContext> contexts;
};
} // namespace

/// Never destroyed: other threads may launch while the process ends.
static Cache &getCache() {
  static auto *cache = new Cache();
  return *cache;
}

/// Four independent multiply chains, so that hashing an image at every launch
/// costs about as much as reading it.
static uint64_t hashBytes(const void *data, size_t bytes) {
  constexpr uint64_t factor = 0x9e3779b97f4a7c15;
  uint64_t lanes[4] = {1, 2, 3, 4};
  const char *next = static_cast<const char *>(data);
  size_t left = bytes;
  for (; left >= 32; left -= 32, next += 32) {
    uint64_t words[4];
    std::memcpy(words, next, 32);
    for (int i = 0; i < 4; ++i) {
      lanes[i] = (lanes[i] ^ words[i]) * factor;
      lanes[i] ^= lanes[i] >> 29;
    }
  }
  uint64_t hash = bytes;
  for (uint64_t lane : lanes)
    hash = (hash ^ lane) * factor, hash ^= hash >> 31;
  for (; left > 0; --left, ++next)
    hash = (hash ^ static_cast<unsigned char>(*next)) * factor;
  return hash ^ (hash >> 32);
}

static bool isMachineCode(const void *image, size_t bytes) {
  static const unsigned char fatbin[4] = {0x50, 0xed, 0x55, 0xba};
  return bytes >= 4 && (std::memcmp(image, "\177ELF", 4) == 0 ||
                        std::memcmp(image, fatbin, 4) == 0);
}

/// Loads an image that the driver understands, with its log in the error.
static int loadByDriver(const Driver *driver, const void *image,
                        const char *kernel, Module *module) {
  static constexpr size_t logBytes = 8192;
  std::string log(logBytes, '\0');
  JitOption options[] = {kErrorLogBuffer, kErrorLogBufferBytes};
  void *values[] = {log.data(), reinterpret_cast<void *>(logBytes)};
  Status status = driver->moduleLoadDataEx(module, image, 2, options, values);
  log.resize(strnlen(log.c_str(), logBytes));
  trimEnd(log);
  if (!log.empty())
    log = " [" + log + "]";
  return check(driver, status, "load the image of kernel '%s'%s", kernel,
               log.c_str());
}

/// The chip to assemble for: what the PTX asks for when that is tied to one
/// architecture ("sm_90a"), else the device itself.
static int chooseChip(const Driver *driver, Device device,
                      const std::string &ptx, std::string &chip) {
  chip = getPtxTarget(ptx);
  if (!chip.empty() && (chip.back() == 'a' || chip.back() == 'f'))
    return 0;
  int major = 0, minor = 0;
  if (check(driver, driver->deviceGetAttribute(&major, kComputeMajor, device),
            "query device %d", device) ||
      check(driver, driver->deviceGetAttribute(&minor, kComputeMinor, device),
            "query device %d", device))
    return 1;
  chip = "sm_" + std::to_string(10 * major + minor);
  return 0;
}

static int loadPtx(const Driver *driver, Device device, const void *image,
                   size_t bytes, const char *kernel, Module *module) {
  const char *text = static_cast<const char *>(image);
  std::string ptx(text, strnlen(text, bytes));
  if (leavePtxToDriver())
    return loadByDriver(driver, ptx.c_str(), kernel, module);
  std::string chip;
  if (chooseChip(driver, device, ptx, chip))
    return 1;
  void *cubin = nullptr;
  size_t cubinBytes = 0;
  if (tileAssemble(ptx.c_str(), ptx.size(), chip.c_str(), 3, &cubin,
                   &cubinBytes) == 0) {
    int failed = loadByDriver(driver, cubin, kernel, module);
    std::free(cubin);
    return failed;
  }
  // An assembler older than the driver may refuse what the driver takes. When
  // the driver refuses it too, the assembler's text says more.
  std::string problem = tileRuntimeLastError();
  if (loadByDriver(driver, ptx.c_str(), kernel, module))
    return fail("cannot load kernel '%s': %s", kernel, problem.c_str());
  tileRuntimeClearError();
  return 0;
}

int tile::runtime::getLaunchContext(const Driver *driver,
                                    LaunchContext &result) {
  if (check(driver, driver->ctxGetCurrent(&result.context),
            "query the context"))
    return 1;
  static thread_local LaunchContext last;
  if (last.context && last.context == result.context) {
    result = last;
    return 0;
  }
  Cache &cache = getCache();
  std::lock_guard<std::mutex> lock(cache.mutex);
  auto known = cache.contexts.find(result.context);
  if (known != cache.contexts.end()) {
    result = last = known->second;
    return 0;
  }
  if (check(driver, driver->ctxGetDevice(&result.device),
            "query the current device") ||
      check(driver,
            driver->deviceGetAttribute(&result.maxSharedBytes,
                                       kMaxSharedBytesOptIn, result.device),
            "query device %d", result.device))
    return 1;
  cache.contexts[result.context] = last = result;
  return 0;
}

/// Sets what the launch needs beyond a kernel's defaults, once.
static int prepare(const Driver *driver, Kernel &kernel, int64_t sharedBytes,
                   int64_t clusterBlocks) {
  if (sharedBytes > kernel.sharedBytes) {
    if (check(driver,
              driver->funcSetAttribute(kernel.function, kMaxDynamicSharedBytes,
                                       static_cast<int>(sharedBytes)),
              "give %lld bytes of shared memory to kernel '%s'",
              static_cast<long long>(sharedBytes), kernel.name.c_str()))
      return 1;
    kernel.sharedBytes = sharedBytes;
  }
  if (clusterBlocks > 8 && !kernel.largeClusters) {
    if (check(driver,
              driver->funcSetAttribute(kernel.function,
                                       kNonPortableClusterAllowed, 1),
              "allow clusters of %lld blocks for kernel '%s'",
              static_cast<long long>(clusterBlocks), kernel.name.c_str()))
      return 1;
    kernel.largeClusters = true;
  }
  return 0;
}

static Function findKernel(const Driver *driver, const LaunchContext &context,
                           const void *image, size_t bytes, const char *name,
                           int64_t sharedBytes, int64_t clusterBlocks) {
  ImageKey key(context.context, image, bytes, hashBytes(image, bytes));
  Cache &cache = getCache();
  std::lock_guard<std::mutex> lock(cache.mutex);
  LoadedImage &loaded = cache.images[key];
  if (!loaded.module) {
    int failed = isMachineCode(image, bytes)
                     ? loadByDriver(driver, image, name, &loaded.module)
                     : loadPtx(driver, context.device, image, bytes, name,
                               &loaded.module);
    if (failed) {
      cache.images.erase(key);
      return nullptr;
    }
  }
  auto found = loaded.kernels.find(name);
  if (found == loaded.kernels.end()) {
    Kernel kernel;
    kernel.name = name;
    if (check(driver,
              driver->moduleGetFunction(&kernel.function, loaded.module, name),
              "find kernel '%s' in its image", name))
      return nullptr;
    found = loaded.kernels.emplace(name, std::move(kernel)).first;
  }
  if (prepare(driver, found->second, sharedBytes, clusterBlocks))
    return nullptr;
  return found->second.function;
}

/// Where this thread keeps a kernel that it may launch again soon.
static RecentKernel &getRecent(const RecentKernel &wanted) {
  constexpr size_t count = 16;
  static thread_local RecentKernel recent[count];
  auto hash = wanted.owner + reinterpret_cast<uintptr_t>(wanted.name);
  return recent[hash % count];
}

Function tile::runtime::getKernel(const Driver *driver,
                                  const LaunchContext &context,
                                  const void *image, size_t bytes,
                                  const char *name, int64_t sharedBytes,
                                  int64_t clusterBlocks) {
  RecentKernel wanted;
  wanted.owner = getImageOwner();
  wanted.image = image, wanted.name = name;
  wanted.context = context.context;
  wanted.sharedBytes = sharedBytes, wanted.clusterBlocks = clusterBlocks;
  RecentKernel &recent = getRecent(wanted);
  if (wanted.owner && recent.matches(wanted))
    return recent.function;
  wanted.function = findKernel(driver, context, image, bytes, name, sharedBytes,
                               clusterBlocks);
  if (wanted.owner && wanted.function)
    recent = wanted;
  return wanted.function;
}

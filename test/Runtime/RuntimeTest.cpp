//===- RuntimeTest.cpp - Calls the runtime as generated code ----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tile-runtime-test errors     failures and nested invocations, no driver used
//                   launch     launches against the fake driver
//                   record     the same, recorded
//                   owned      launches whose images belong to somebody
//                   maps       tensor maps by the fake driver
//                   old        both by a fake driver that is too old
//                   assemble F assembles the PTX in the file F
//                   device     a kernel on device 0 of the real driver
//                   fake-device  the same with the fake driver
//
// Prints what happens; the lit tests check the output.
//
//===----------------------------------------------------------------------===//

#include "tile/Runtime/Runtime.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

static void printError(const char *what) {
  const char *text = tileRuntimeLastError();
  std::printf("%s: %s\n", what, text ? text : "no error");
}

//===----------------------------------------------------------------------===//
// errors
//===----------------------------------------------------------------------===//

static void failInner(void **) { tileRuntimeFail("inner"); }
static void failWithoutText(void **) { tileRuntimeFail(nullptr); }

static void nest(void **args) {
  std::printf("inner returned %d\n", tileRuntimeInvoke(failInner, nullptr));
  printError("after inner");
  if (args)
    tileRuntimeFail("outer");
}

static void testNull() {
  tileRuntimeInvoke(failWithoutText, nullptr);
  printError("no text");
  tileRuntimeInvoke(nullptr, nullptr);
  printError("no function");
  void *cubin = nullptr;
  size_t bytes = 0;
  tileAssemble(nullptr, 0, "sm_90a", 3, &cubin, &bytes);
  printError("no PTX");
  tileAssemble("", 0, "sm_90a", 3, nullptr, &bytes);
  printError("no place");
}

static int testErrors() {
  printError("at first");
  void *arg = nullptr;
  std::printf("outer returned %d\n", tileRuntimeInvoke(nest, &arg));
  printError("after outer");
  std::printf("outer returned %d\n", tileRuntimeInvoke(nest, nullptr));
  tileRuntimeClearError();
  printError("cleared");
  testNull();
  std::fflush(stdout);
  tileRuntimeFail("nobody listens");
  return 0;
}

//===----------------------------------------------------------------------===//
// launch
//===----------------------------------------------------------------------===//

namespace {
/// What a launch of generated code passes, with usable defaults.
struct Launch {
  std::string image = ".target sm_90a";
  const char *kernel = "k";
  int64_t grid[3] = {1, 1, 1}, block[3] = {32, 1, 1}, cluster[3] = {0, 0, 0};
  int64_t sharedBytes = 0;
  std::vector<void *> params = {};
  int64_t waits = 0;
  uint64_t owner = 0;

  static void call(void **self) {
    auto *l = reinterpret_cast<Launch *>(self);
    tileRuntimeLaunch(l->image.c_str(), l->image.size(), l->kernel, l->grid[0],
                      l->grid[1], l->grid[2], l->block[0], l->block[1],
                      l->block[2], l->cluster[0], l->cluster[1], l->cluster[2],
                      l->sharedBytes, l->params.data(), l->params.size(),
                      l->waits);
  }
  bool run() {
    bool failed =
        tileRuntimeInvokeOwned(owner, call, reinterpret_cast<void **>(this));
    if (failed)
      printError("error");
    return !failed;
  }
};
} // namespace

static void testSizes() {
  Launch l;
  l.grid[1] = 0;
  std::printf("empty grid: %d\n", l.run());
  l.grid[1] = -1;
  l.run();
  l.grid[1] = 65536;
  l.run();
  l.grid[1] = 1;
  l.block[0] = 1025;
  l.run();
  l.block[0] = 512;
  l.block[1] = 4;
  l.run();
  l.block[1] = 1;
  l.cluster[0] = 2;
  l.run();
  l.cluster[0] = 32;
  l.run();
  l.cluster[0] = 8;
  l.cluster[1] = 4;
  l.run();
  l.cluster[0] = l.cluster[1] = 1;
  l.sharedBytes = -1;
  l.run();
  l.sharedBytes = 300000;
  l.run();
}

static int testLaunch() {
  setenv("TILE_CUDA_DRIVER", FAKE_DRIVER, 1);
  setenv("TILE_ASSEMBLER", "driver", 1);
  testSizes();
  Launch l;
  l.run();
  l.run();
  l.kernel = "other";
  l.sharedBytes = 100000;
  tileRuntimeSetStream(reinterpret_cast<void *>(7));
  l.run();
  l.run();
  l.grid[0] = 4;
  l.cluster[0] = 2;
  l.run();
  l.grid[0] = l.cluster[0] = 16;
  l.run();
  l.waits = 1;
  l.run();
  l.cluster[0] = 1;
  l.run();
  l.waits = 0;
  l.cluster[0] = 16;
  l.image[8] = 'S'; // another image at the same address
  l.run();
  l.kernel = "absent";
  l.run();
  l.kernel = "broken";
  l.run();
  Launch bad;
  bad.image = "syntax error";
  bad.run();
  return 0;
}

//===----------------------------------------------------------------------===//
// owned
//===----------------------------------------------------------------------===//

/// An image is looked at again only for another owner, or for none.
static int testOwned() {
  setenv("TILE_CUDA_DRIVER", FAKE_DRIVER, 1);
  setenv("TILE_ASSEMBLER", "driver", 1);
  Launch l;
  auto change = [&](const char *what, uint64_t owner, char letter) {
    std::printf("%s\n", what);
    l.owner = owner;
    l.image[8] = letter;
    l.run();
  };
  change("first", 1, 's');
  change("the same owner", 1, 's');
  change("another owner", 2, 'S');
  change("the first again", 1, 's');
  change("no owner", 0, 't');
  l.sharedBytes = 50000;
  change("more shared memory", 2, 'S');
  l.kernel = "absent";
  change("no such kernel", 2, 'S');
  change("nor a second time", 2, 'S');
  return 0;
}

//===----------------------------------------------------------------------===//
// record
//===----------------------------------------------------------------------===//

static void printLaunches() {
  TileLaunchInfo infos[64] = {};
  int count = tileRuntimeGetLaunches(nullptr, 0);
  tileRuntimeGetLaunches(infos, 64);
  std::printf("%d launches\n", count);
  for (int i = 0; i < count && i < 2; ++i)
    std::printf("%s: grid %lld, block %lld, cluster %lld, shared %lld + %d, "
                "registers %d, local %d, %d blocks at once\n",
                infos[i].kernel, static_cast<long long>(infos[i].grid[0]),
                static_cast<long long>(infos[i].block[0]),
                static_cast<long long>(infos[i].clusterBlocks),
                static_cast<long long>(infos[i].dynamicSharedBytes),
                infos[i].staticSharedBytes, infos[i].registers,
                infos[i].localBytes, infos[i].blocksPerMultiprocessor);
}

static int testRecord() {
  setenv("TILE_CUDA_DRIVER", FAKE_DRIVER, 1);
  setenv("TILE_ASSEMBLER", "driver", 1);
  TileDeviceLimits limits;
  if (tileDeviceGetLimits(0, &limits) || tileDeviceGetLimits(3, &limits))
    printError("error");
  std::printf("L2 %d bytes\n", limits.l2Bytes);
  if (tileDeviceGetLimits(0, nullptr))
    printError("error");
  Launch l;
  l.run();
  printLaunches();
  tileRuntimeRecordLaunches(1);
  l.run();
  l.kernel = "other";
  l.grid[0] = 4;
  l.cluster[0] = 2;
  l.sharedBytes = 1024;
  l.run();
  printLaunches();
  l.kernel = "unknown";
  l.run();
  l.kernel = "crowded";
  l.run();
  l.kernel = "other";
  for (int i = 0; i < 100; ++i)
    l.run();
  tileRuntimeRecordLaunches(0);
  printLaunches();
  tileRuntimeRecordLaunches(1);
  printLaunches();
  return 0;
}

//===----------------------------------------------------------------------===//
// maps
//===----------------------------------------------------------------------===//

namespace {
/// What generated code passes for a tensor map, with usable defaults.
struct Map {
  const char *place = "k.mlir:3:10";
  uint64_t base = 0x1000;
  int64_t type = 6, rank = 2;
  int64_t sizes[6] = {100, 200}, strides[6] = {400, 2}, box[6] = {64, 64};
  int64_t swizzle = 128, promotion = 256;
  bool isOptional = false;
  unsigned char bytes[128] = {1};

  static void call(void **self) {
    auto *m = reinterpret_cast<Map *>(self);
    auto *make = m->isOptional ? tileRuntimeMakeOptionalTensorMap
                               : tileRuntimeMakeTensorMap;
    make(m->bytes, m->place, reinterpret_cast<void *>(m->base), m->type,
         m->rank, m->sizes, m->strides, m->box, m->swizzle, m->promotion);
  }
  void run() {
    if (tileRuntimeInvoke(call, reinterpret_cast<void **>(this)))
      printError("error");
    else
      std::printf("begins with 0x%02x\n", bytes[0]);
  }
};
} // namespace

template <typename Change>
static void testMap(Change change) {
  Map map;
  change(map);
  map.run();
}

static int testMaps() {
  setenv("TILE_CUDA_DRIVER", FAKE_DRIVER, 1);
  testMap([](Map &) {});
  testMap([](Map &m) {
    m.type = 0, m.rank = 3, m.sizes[2] = 48, m.strides[0] = 19200;
    m.strides[1] = 96, m.strides[2] = 1, m.box[0] = 1, m.box[2] = 48;
    m.swizzle = 64, m.promotion = 128;
  });
  // Strides of dimensions of one element do not matter.
  testMap([](Map &m) {
    m.sizes[0] = 1, m.strides[0] = 7, m.swizzle = 32, m.box[1] = 16;
    m.promotion = 64;
  });
  testMap([](Map &m) {
    m.rank = 1, m.sizes[0] = 99, m.strides[0] = 2, m.swizzle = m.promotion = 0;
  });
  testMap([](Map &m) { m.sizes[0] = 0; });
  testMap([](Map &m) { m.rank = 6; });
  testMap([](Map &m) { m.type = 10; });
  testMap([](Map &m) { m.swizzle = 16; });
  testMap([](Map &m) { m.promotion = 512; });
  testMap([](Map &m) { m.box[0] = 257; });
  testMap([](Map &m) { m.box[1] = 4; });
  testMap([](Map &m) { m.box[1] = 128; });
  testMap([](Map &m) { m.base = 0x1008; });
  testMap([](Map &m) { m.sizes[0] = int64_t(1) << 31; });
  testMap([](Map &m) { m.strides[1] = 4; });
  testMap([](Map &m) { m.strides[0] = 402; });
  testMap([](Map &m) { m.place = nullptr, m.strides[0] = int64_t(1) << 40; });
  testMap([](Map &m) { m.base = 0xbad0; });
  // A tensor that has no map is a failure only for those that must have one.
  testMap([](Map &m) { m.isOptional = true; });
  testMap([](Map &m) { m.isOptional = true, m.base = 0x1008; });
  testMap([](Map &m) { m.isOptional = true, m.sizes[0] = int64_t(1) << 31; });
  testMap([](Map &m) { m.isOptional = true, m.strides[0] = 402; });
  testMap([](Map &m) { m.isOptional = true, m.box[1] = 4; });
  testMap([](Map &m) { m.isOptional = true, m.base = 0xbad0; });
  return 0;
}

static int testOld() {
  setenv("TILE_CUDA_DRIVER", OLD_FAKE_DRIVER, 1);
  testMap([](Map &) {});
  Launch l;
  l.grid[0] = l.cluster[0] = 2;
  l.run();
  return 0;
}

//===----------------------------------------------------------------------===//
// current
//===----------------------------------------------------------------------===//

/// The driver's own word on which context is current.
static void *getCurrent() {
  void *library = dlopen(FAKE_DRIVER, RTLD_NOW);
  auto *get =
      reinterpret_cast<int (*)(void **)>(dlsym(library, "cuCtxGetCurrent"));
  void *context = nullptr;
  get(&context);
  return context;
}

static int testCurrent() {
  setenv("TILE_CUDA_DRIVER", FAKE_DRIVER, 1);
  setenv("FAKE_DEVICES", "2", 1);
  void *first = nullptr, *second = nullptr;
  // Nothing is current at first, and again afterwards.
  bool ok = !getCurrent() && !tileDeviceEnter(1, &first) && !first;
  void *one = getCurrent();
  ok = ok && one && !tileDeviceLeave(first) && !getCurrent();
  ok = ok && !tileDeviceInit(0);
  void *zero = getCurrent();
  ok = ok && zero && zero != one && !tileDeviceEnter(1, &first);
  ok = ok && getCurrent() == one && !tileDeviceEnter(0, &second);
  ok = ok && getCurrent() == zero && !tileDeviceLeave(second);
  ok = ok && getCurrent() == one && !tileDeviceLeave(first);
  std::printf("%s\n", ok && getCurrent() == zero ? "restored" : "wrong");
  if (tileDeviceEnter(2, &first))
    printError("error");
  if (tileDeviceEnter(0, nullptr))
    printError("error");
  std::printf("%s\n", getCurrent() == zero ? "unchanged" : "wrong");
  return 0;
}

//===----------------------------------------------------------------------===//
// assemble
//===----------------------------------------------------------------------===//

static std::string readFile(const char *path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

static int testAssemble(const char *path, const char *chip) {
  std::string ptx = readFile(path);
  void *cubin = nullptr;
  size_t bytes = 0;
  if (tileAssemble(ptx.data(), ptx.size(), chip, 3, &cubin, &bytes)) {
    printError("error");
    return 1;
  }
  bool isELF = bytes > 4 && std::memcmp(cubin, "\177ELF", 4) == 0;
  std::printf("%s by %s\n", isELF ? "ELF" : "no ELF", tileAssemblerName());
  std::free(cubin);
  return 0;
}

//===----------------------------------------------------------------------===//
// device
//===----------------------------------------------------------------------===//

/// Adds 1 to element %ctaid.x of an i32 array; `trap` stops with a fault.
static const char *const kernelText = R"(
.version 8.0
.target sm_80
.address_size 64
.visible .entry increment(.param .u64 p) {
  .reg .u64 %rd<4>;
  .reg .u32 %r<4>;
  ld.param.u64 %rd0, [p];
  mov.u32 %r0, %ctaid.x;
  mul.wide.u32 %rd1, %r0, 4;
  add.u64 %rd2, %rd0, %rd1;
  ld.global.u32 %r1, [%rd2];
  add.u32 %r2, %r1, 1;
  st.global.u32 [%rd2], %r2;
  ret;
}
.visible .entry stop(.param .u64 p) {
  trap;
}
)";

static int testDevice() {
  TileDeviceInfo info;
  if (tileDeviceCount() == 0 || tileDeviceGetInfo(0, &info)) {
    printError("error");
    return 1;
  }
  std::printf("%s, sm_%d%d, %d multiprocessors, %d bytes shared, CUDA %d\n",
              info.name, info.major, info.minor, info.multiprocessors,
              info.maxSharedBytes, info.driverVersion);
  constexpr int count = 64;
  int32_t host[count];
  for (int i = 0; i < count; ++i)
    host[i] = i;
  void *device = nullptr, *start = nullptr, *end = nullptr;
  if (tileDeviceAlloc(&device, sizeof host) ||
      tileDeviceCopyIn(device, host, sizeof host) || tileEventCreate(&start) ||
      tileEventCreate(&end)) {
    printError("error");
    return 1;
  }
  Launch l;
  l.image = kernelText;
  l.kernel = "increment";
  l.grid[0] = count;
  l.block[0] = 1;
  l.params = {&device};
  tileEventRecord(start);
  bool ok = l.run();
  l.cluster[0] = 2;
  l.sharedBytes = 200000;
  bool clustered = info.major < 9 || l.run();
  tileEventRecord(end);
  float milliseconds = 0;
  if (!ok || !clustered || tileEventElapsed(&milliseconds, start, end) ||
      tileDeviceCopyOut(host, device, sizeof host)) {
    printError("error");
    return 1;
  }
  int wrong = 0;
  for (int i = 0; i < count; ++i)
    wrong += host[i] != i + (info.major < 9 ? 1 : 2);
  std::printf("%d wrong, time %s\n", wrong, milliseconds > 0 ? "ok" : "zero");

  l.kernel = "absent";
  l.run();
  Launch bad;
  bad.image = ".version 8.0\n.target sm_80\n.address_size 64\nnonsense\n";
  bad.run();
  l.kernel = "stop";
  l.run();
  if (tileDeviceSynchronize())
    printError("error");
  return 0;
}

int main(int argc, char **argv) {
  std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "errors")
    return testErrors();
  if (mode == "launch")
    return testLaunch();
  if (mode == "owned")
    return testOwned();
  if (mode == "record")
    return testRecord();
  if (mode == "maps")
    return testMaps();
  if (mode == "current")
    return testCurrent();
  if (mode == "old")
    return testOld();
  if (mode == "assemble" && argc > 2)
    return testAssemble(argv[2], argc > 3 ? argv[3] : nullptr);
  if (mode == "fake-device")
    setenv("TILE_CUDA_DRIVER", FAKE_DRIVER, 1);
  if (mode == "device" || mode == "fake-device")
    return testDevice();
  std::fprintf(stderr, "expected a mode\n");
  return 2;
}

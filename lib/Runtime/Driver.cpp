//===- Driver.cpp - Opening the CUDA driver ---------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver is opened once per process. Failure is remembered with its reason,
// so that each caller gets the same text.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "Error.h"
#include "tile/Runtime/Runtime.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string>

using namespace tile::runtime;

namespace {
/// The opened driver, or why there is none.
struct OpenedDriver {
  Driver driver;
  std::string problem;

  OpenedDriver();
  void open();
  void *lookup(void *library, const char *name);
};
} // namespace

static std::string describe(const Driver &driver, Status status) {
  const char *name = nullptr, *text = nullptr;
  driver.getErrorName(status, &name);
  driver.getErrorString(status, &text);
  std::string result = name ? name : "CUDA error " + std::to_string(status);
  if (text)
    result += std::string(" (") + text + ")";
  return result;
}

OpenedDriver::OpenedDriver() {
  open();
  if (!problem.empty())
    return;
  if (Status status = driver.init(0))
    problem =
        "failed to initialize the CUDA driver: " + describe(driver, status);
}

/// Returns the address, and notes a missing one as the problem.
void *OpenedDriver::lookup(void *library, const char *name) {
  void *address = dlsym(library, name);
  if (!address && problem.empty())
    problem = std::string("missing function '") + name +
              "' in the CUDA driver, which is too old";
  return address;
}

void OpenedDriver::open() {
  const char *path = std::getenv("TILE_CUDA_DRIVER");
  if (!path || !*path)
    path = "libcuda.so.1";
  // Never closed: the driver runs threads of its own.
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *text = dlerror();
    problem =
        std::string("cannot open the CUDA driver: ") + (text ? text : path);
    return;
  }
#define TILE_DRIVER_REQUIRED(member, name, parameters)                         \
  driver.member =                                                              \
      reinterpret_cast<decltype(driver.member)>(lookup(library, name));
#define TILE_DRIVER_OPTIONAL(member, name, parameters)                         \
  driver.member =                                                              \
      reinterpret_cast<decltype(driver.member)>(dlsym(library, name));
  TILE_DRIVER_FUNCTIONS(TILE_DRIVER_REQUIRED, TILE_DRIVER_OPTIONAL)
#undef TILE_DRIVER_REQUIRED
#undef TILE_DRIVER_OPTIONAL
}

const Driver *tile::runtime::getDriver() {
  static const OpenedDriver *opened = new OpenedDriver();
  if (opened->problem.empty())
    return &opened->driver;
  fail("%s", opened->problem.c_str());
  return nullptr;
}

const Driver *tile::runtime::getDriverWithContext() {
  const Driver *driver = getDriver();
  if (!driver)
    return nullptr;
  Context current = nullptr;
  if (check(driver, driver->ctxGetCurrent(&current), "query the context"))
    return nullptr;
  if (!current && tileDeviceInit(0))
    return nullptr;
  return driver;
}

int tile::runtime::check(const Driver *driver, Status status, const char *what,
                         ...) {
  if (status == 0)
    return 0;
  char text[512];
  va_list args;
  va_start(args, what);
  std::vsnprintf(text, sizeof text, what, args);
  va_end(args);
  return fail("failed to %s: %s", text, describe(*driver, status).c_str());
}

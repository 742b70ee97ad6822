//===- NvJitLink.cpp - PTX to cubin inside this process ---------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Assembler.h"

#include <cstdint>
#include <cstdio>
#include <dlfcn.h>

using namespace tile::runtime;

namespace {
using Handle = struct HandleImpl *;

/// The part of nvJitLink's binary interface that is used here.
struct NvJitLink {
  int (*create)(Handle *, uint32_t, const char **) = nullptr;
  int (*destroy)(Handle *) = nullptr;
  int (*addData)(Handle, int, const void *, size_t, const char *) = nullptr;
  int (*complete)(Handle) = nullptr;
  int (*getCubinSize)(Handle, size_t *) = nullptr;
  int (*getCubin)(Handle, void *) = nullptr;
  int (*getLogSize)(Handle, size_t *) = nullptr;
  int (*getLog)(Handle, char *) = nullptr;

  bool open();
  bool bind(void *library);
};

constexpr int kInputPtx = 2;
} // namespace

/// Opens the first library that can be opened.
static void *openLibrary() {
  std::string path = getVariable("TILE_NVJITLINK");
  if (!path.empty())
    return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  std::vector<std::string> folders = getToolkitFolders("lib64");
  folders.insert(folders.begin(), "");
  for (const std::string &folder : folders)
    for (const char *name :
         {"libnvJitLink.so.13", "libnvJitLink.so.12", "libnvJitLink.so"}) {
      std::string file = folder.empty() ? name : folder + "/" + name;
      if (void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL))
        return library;
    }
  return nullptr;
}

template <typename T>
static bool bindFunction(void *library, const char *name, T &function) {
  function = reinterpret_cast<T>(dlsym(library, name));
  return function != nullptr;
}

bool NvJitLink::bind(void *library) {
  return bindFunction(library, "nvJitLinkCreate", create) &&
         bindFunction(library, "nvJitLinkDestroy", destroy) &&
         bindFunction(library, "nvJitLinkAddData", addData) &&
         bindFunction(library, "nvJitLinkComplete", complete) &&
         bindFunction(library, "nvJitLinkGetLinkedCubinSize", getCubinSize) &&
         bindFunction(library, "nvJitLinkGetLinkedCubin", getCubin) &&
         bindFunction(library, "nvJitLinkGetErrorLogSize", getLogSize) &&
         bindFunction(library, "nvJitLinkGetErrorLog", getLog);
}

bool NvJitLink::open() {
  void *library = openLibrary();
  return library && bind(library);
}

static const NvJitLink *getNvJitLink() {
  static NvJitLink functions;
  static bool opened = functions.open();
  return opened ? &functions : nullptr;
}

bool tile::runtime::haveNvJitLink() { return getNvJitLink() != nullptr; }

std::string tile::runtime::getNvJitLinkPath() {
  const NvJitLink *api = getNvJitLink();
  Dl_info info;
  if (!api || !dladdr(reinterpret_cast<void *>(api->create), &info))
    return "";
  return info.dli_fname;
}

/// Adds the PTX, links it, and fetches the result. Returns the status.
static int link(const NvJitLink &api, Handle handle, const std::string &ptx,
                std::string &cubin) {
  if (int status = api.addData(handle, kInputPtx, ptx.c_str(), ptx.size() + 1,
                               "tile.ptx"))
    return status;
  if (int status = api.complete(handle))
    return status;
  size_t size = 0;
  if (int status = api.getCubinSize(handle, &size))
    return status;
  cubin.resize(size);
  return api.getCubin(handle, cubin.data());
}

bool tile::runtime::runNvJitLink(const AssembleJob &job, std::string &cubin,
                                 std::string &problem) {
  const NvJitLink &api = *getNvJitLink();
  std::string arch = "-arch=" + job.chip;
  std::string level = "-O" + std::to_string(job.optLevel);
  const char *options[] = {arch.c_str(), level.c_str()};
  Handle handle = nullptr;
  int status = api.create(&handle, 2, options);
  if (status == 0)
    status = link(api, handle, job.ptx, cubin);
  if (status != 0) {
    size_t size = 0;
    std::string log;
    if (handle && api.getLogSize(handle, &size) == 0 && size > 1) {
      log.resize(size);
      if (api.getLog(handle, log.data()) != 0)
        log.clear();
      log = log.c_str(); // the size counts the terminating zero
    }
    trimEnd(log);
    problem = log.empty()
                  ? "nvJitLink failed with status " + std::to_string(status)
                  : "nvJitLink: " + log;
  }
  if (handle)
    api.destroy(&handle);
  return status == 0;
}

//===- BuildId.cpp - Which build of the compiler this is ------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The linker writes a hash of what it made into each library, as a note of the
// kind that GNU's tools read. The build is known by those of the extension and
// of the shared LLVM and MLIR that it may use.
//
//===----------------------------------------------------------------------===//

#include "IR.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <link.h>

namespace nb = nanobind;
using namespace mlir::tile::python;
using llvm::ArrayRef;
using llvm::StringRef;

/// The build id among the notes of a segment, in hexadecimal.
static std::string readNotes(const char *next, size_t bytes) {
  constexpr uint32_t kBuildId = 3; // NT_GNU_BUILD_ID
  const char *end = next + bytes;
  while (next + sizeof(ElfW(Nhdr)) <= end) {
    const auto *note = reinterpret_cast<const ElfW(Nhdr) *>(next);
    const char *name = next + sizeof *note;
    const char *text = name + llvm::alignTo(note->n_namesz, 4);
    if (note->n_type == kBuildId &&
        StringRef(name, note->n_namesz) == StringRef("GNU\0", 4))
      return llvm::toHex(
          ArrayRef(reinterpret_cast<const uint8_t *>(text), note->n_descsz),
          /*LowerCase=*/true);
    next = text + llvm::alignTo(note->n_descsz, 4);
  }
  return "";
}

static std::string getBuildId(const dl_phdr_info &object) {
  for (const ElfW(Phdr) &segment :
       ArrayRef(object.dlpi_phdr, object.dlpi_phnum))
    if (segment.p_type == PT_NOTE) {
      auto *notes =
          reinterpret_cast<const char *>(object.dlpi_addr + segment.p_vaddr);
      if (std::string id = readNotes(notes, segment.p_memsz); !id.empty())
        return id;
    }
  return "";
}

/// Whether this code is in the object.
static bool isThis(const dl_phdr_info &object) {
  auto address = reinterpret_cast<ElfW(Addr)>(&getBuildId);
  return llvm::any_of(ArrayRef(object.dlpi_phdr, object.dlpi_phnum),
                      [&](const ElfW(Phdr) & segment) {
                        ElfW(Addr) start = object.dlpi_addr + segment.p_vaddr;
                        return segment.p_type == PT_LOAD && address >= start &&
                               address < start + segment.p_memsz;
                      });
}

static int visit(dl_phdr_info *object, size_t, void *data) {
  auto &found = *static_cast<std::vector<nb::object> *>(data);
  StringRef name = llvm::sys::path::filename(object->dlpi_name);
  if (isThis(*object) || name.starts_with("libMLIR") ||
      name.starts_with("libLLVM"))
    found.push_back(nb::make_tuple(object->dlpi_name, getBuildId(*object)));
  return 0;
}

static nb::list getLibraries() {
  std::vector<nb::object> found;
  dl_iterate_phdr(visit, &found);
  nb::list result;
  for (nb::object &library : found)
    result.append(library);
  return result;
}

void mlir::tile::python::bindBuildId(nb::module_ &module) {
  module.def("libraries", &getLibraries,
             "(path, build id) of the extension and of the libraries of LLVM "
             "that it uses. The id is empty where the linker wrote none.");
}

//===- Execution.cpp - Compiles and calls kernels from Python -------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Execution.h"
#include "IR.h"
#include "Options.h"

#include "tile/Execution/Arguments.h"
#include "tile/Execution/Executable.h"
#include "tile/Runtime/Runtime.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;
using namespace nb::literals;

ExecutionOptions mlir::tile::python::getOptions(const std::string &target,
                                                const std::string &chip,
                                                int optLevel, bool assemble) {
  ExecutionOptions options;
  if (target != "cpu" && target != "cuda")
    throw nb::value_error(
        ("expected the target 'cpu' or 'cuda', got '" + target + "'").c_str());
  options.target =
      target == "cpu" ? ExecutionTarget::CPU : ExecutionTarget::CUDA;
  if (!chip.empty())
    options.chip = chip;
  options.optLevel = optLevel;
  options.assemble = assemble;
  return options;
}

nb::bytes PyExecutable::getObject() const {
  StringRef object = executable.getObject();
  return nb::bytes(object.data(), object.size());
}

llvm::Error PyExecutable::invoke(void **packedArguments) const {
  nb::gil_scoped_release release;
  return executable.invoke(packedArguments);
}

static void setArgument(PackedArguments &packed, size_t index, nb::handle arg) {
  if (nb::isinstance<nb::int_>(arg)) {
    // Python's integers are wider than ours: take the low 64 bits.
    packed.setScalar(index, PyLong_AsUnsignedLongLongMask(arg.ptr()));
    return;
  }
  auto parts = nb::cast<nb::tuple>(arg);
  auto *data = reinterpret_cast<void *>(nb::cast<uintptr_t>(parts[0]));
  auto shape = nb::cast<std::vector<int64_t>>(parts[1]);
  if (parts.size() > 2 && !parts[2].is_none()) {
    auto strides = nb::cast<std::vector<int64_t>>(parts[2]);
    packed.setStridedBuffer(index, data, shape, strides);
    return;
  }
  packed.setBuffer(index, data, shape);
}

void PyExecutable::call(const nb::sequence &arguments) {
  size_t count = nb::len(arguments);
  PackedArguments packed(count);
  for (size_t i = 0; i < count; ++i)
    setArgument(packed, i, arguments[i]);
  if (llvm::Error error = invoke(packed.get())) {
    std::string text = toString(std::move(error));
    throw std::runtime_error(text);
  }
}

static PyExecutable compile(IRModule &module, const std::string &entry,
                            const std::string &target, const std::string &chip,
                            int optLevel, bool assemble) {
  DiagnosticCollector diagnostics(module.module->getContext());
  ExecutionOptions options = getOptions(target, chip, optLevel, assemble);
  // Other threads may trace and compile meanwhile, each in its own context.
  auto executable = [&] {
    nb::gil_scoped_release release;
    return Executable::compile(*module.module, entry, options);
  }();
  if (!executable)
    diagnostics.raise(executable.takeError());
  return PyExecutable(std::move(*executable), diagnostics.take());
}

/// Throws std::runtime_error for an object that is none.
static PyExecutable load(nb::bytes object,
                         std::vector<DiagnosticRecord> diagnostics) {
  std::string text(object.c_str(), object.size());
  auto executable = [&] {
    nb::gil_scoped_release release;
    return Executable::load(std::move(text));
  }();
  if (!executable)
    throw std::runtime_error(toString(executable.takeError()));
  return PyExecutable(std::move(*executable), std::move(diagnostics));
}

static std::string getHostProcessor() {
  auto text = describeHostProcessor();
  if (!text)
    throw std::runtime_error(toString(text.takeError()));
  return *text;
}

using EmitFn = llvm::Expected<std::string> (*)(ModuleOp, StringRef,
                                               const ExecutionOptions &);

template <EmitFn emit>
static nb::bytes emitText(IRModule &module, const std::string &entry,
                          const std::string &target, const std::string &chip,
                          int optLevel) {
  DiagnosticCollector diagnostics(module.module->getContext());
  ExecutionOptions options = getOptions(target, chip, optLevel);
  auto text = [&] {
    nb::gil_scoped_release release;
    return emit(*module.module, entry, options);
  }();
  if (!text)
    diagnostics.raise(text.takeError());
  return nb::bytes(text->data(), text->size());
}

void mlir::tile::python::check(int failed) {
  if (!failed)
    return;
  std::string text = tileRuntimeLastError();
  nb::object errors = nb::module_::import_("tile.errors");
  nb::object raised = errors.attr("runtime_error")(text);
  PyErr_SetObject(raised.type().ptr(), raised.ptr());
  throw nb::python_error();
}

static nb::dict getDeviceInfo(int device) {
  TileDeviceInfo info;
  check(tileDeviceGetInfo(device, &info));
  nb::dict result;
  result["name"] = info.name;
  result["major"] = info.major;
  result["minor"] = info.minor;
  result["multiprocessors"] = info.multiprocessors;
  result["max_shared_bytes"] = info.maxSharedBytes;
  result["driver_version"] = info.driverVersion;
  result["memory_bytes"] = info.memoryBytes;
  result["chip"] = getChipName(info.major, info.minor);
  return result;
}

static void bindDevices(nb::module_ &module) {
  module.def("device_count", &tileDeviceCount);
  module.def("device_info", &getDeviceInfo, "device"_a = 0);
  module.def(
      "device_enter",
      [](int device) {
        void *previous = nullptr;
        check(tileDeviceEnter(device, &previous));
        return reinterpret_cast<uintptr_t>(previous);
      },
      "device"_a,
      "Makes a device current, and returns what device_leave takes to make "
      "current again what was before.");
  module.def("device_leave", [](uintptr_t previous) {
    check(tileDeviceLeave(reinterpret_cast<void *>(previous)));
  });
  module.def("device_alloc", [](size_t bytes) {
    void *pointer = nullptr;
    check(tileDeviceAlloc(&pointer, bytes));
    return reinterpret_cast<uintptr_t>(pointer);
  });
  module.def("device_free", [](uintptr_t pointer) {
    check(tileDeviceFree(reinterpret_cast<void *>(pointer)));
  });
  module.def("device_copy_in",
             [](uintptr_t device, uintptr_t host, size_t bytes) {
               check(tileDeviceCopyIn(reinterpret_cast<void *>(device),
                                      reinterpret_cast<void *>(host), bytes));
             });
  module.def(
      "device_copy_out", [](uintptr_t host, uintptr_t device, size_t bytes) {
        check(tileDeviceCopyOut(reinterpret_cast<void *>(host),
                                reinterpret_cast<void *>(device), bytes));
      });
  module.def("device_synchronize", [] { check(tileDeviceSynchronize()); });
  module.def("set_stream", [](uintptr_t stream) {
    tileRuntimeSetStream(reinterpret_cast<void *>(stream));
  });
  module.def("assembler_id", &tileAssemblerId,
             "What other assemblers of PTX, or other versions, do not share.");
  module.def("assembler_name", []() -> std::optional<std::string> {
    const char *name = tileAssemblerName();
    return name ? std::optional<std::string>(name) : std::nullopt;
  });
}

void mlir::tile::python::bindExecution(nb::module_ &module) {
  nb::class_<PyExecutable>(module, "Executable", "A compiled entry function.")
      .def("call", &PyExecutable::call, "arguments"_a,
           "Calls with an int (the bits of a scalar) or (address, shape, "
           "strides or None) for each kernel argument. Raises RuntimeError "
           "when a check of the host fails. On a GPU it returns when the "
           "kernels are launched.")
      .def_ro("diagnostics", &PyExecutable::diagnostics,
              "The remarks and warnings of the compilation.")
      .def_prop_ro("object", &PyExecutable::getObject,
                   "The host code with its kernels, as an object file.");
  module.def("compile", &compile, "module"_a, "entry"_a, "target"_a,
             "chip"_a = "", "opt_level"_a = 3, "assemble"_a = false,
             "Compiles. With assemble, kernels become machine code now and not "
             "at their first launch. Raises tile.DiagnosticError.");
  module.def("load_executable", &load, "object"_a, "diagnostics"_a,
             "From Executable.object. Raises RuntimeError for what is none.");
  module.def("host_processor", &getHostProcessor,
             "The processor for which host code is made, with its features.");
  module.def("emit_ptx", &emitText<emitPTX>, "module"_a, "entry"_a,
             "target"_a = "cuda", "chip"_a = "", "opt_level"_a = 3);
  module.def("emit_cubin", &emitText<emitCubin>, "module"_a, "entry"_a,
             "target"_a = "cuda", "chip"_a = "", "opt_level"_a = 3);
  module.def("emit_llvm", &emitText<emitLLVM>, "module"_a, "entry"_a,
             "target"_a = "cpu", "chip"_a = "", "opt_level"_a = 3);
  bindDevices(module);
}

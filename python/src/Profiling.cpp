//===- Profiling.cpp - Times, launches and costs in Python ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Execution.h"
#include "IR.h"

#include "tile/Execution/Costs.h"
#include "tile/Execution/Executable.h"
#include "tile/Runtime/Runtime.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;
using namespace nb::literals;

//===----------------------------------------------------------------------===//
// Passes
//===----------------------------------------------------------------------===//

namespace {
using Clock = std::chrono::steady_clock;
using PassTimes = std::vector<std::pair<std::string, double>>;

/// Adds up the time of each pass, those of nested operations too.
class PassTimer : public PassInstrumentation {
public:
  explicit PassTimer(PassTimes &times) : times(times) {}

  void runBeforePass(Pass *pass, Operation *op) override {
    if (!pass->getArgument().empty())
      starts[{pass, op}] = Clock::now();
  }
  void runAfterPass(Pass *pass, Operation *op) override {
    auto start = starts.find({pass, op});
    if (start == starts.end())
      return;
    std::chrono::duration<double, std::milli> spent =
        Clock::now() - start->second;
    starts.erase(start);
    auto [place, isNew] = places.try_emplace(pass, times.size());
    if (isNew)
      times.emplace_back(pass->getArgument().str(), 0);
    times[place->second].second += spent.count();
  }

private:
  PassTimes &times;
  llvm::DenseMap<std::pair<Pass *, Operation *>, Clock::time_point> starts;
  llvm::DenseMap<Pass *, size_t> places;
};
} // namespace

/// Runs a pipeline on a copy of the module, and says how long each pass took.
static PassTimes timePasses(IRModule &module, const std::string &pipeline) {
  DiagnosticCollector diagnostics(module.module->getContext());
  PassTimes times;
  OwningOpRef<ModuleOp> clone = module.module->clone();
  runPipeline(*clone, pipeline, diagnostics,
              std::make_unique<PassTimer>(times));
  return times;
}

static nb::bytes assemble(const std::string &ptx, const std::string &chip,
                          int optLevel) {
  void *cubin = nullptr;
  size_t bytes = 0;
  int failed = 0;
  {
    nb::gil_scoped_release release;
    failed = tileAssemble(ptx.c_str(), ptx.size(),
                          chip.empty() ? nullptr : chip.c_str(), optLevel,
                          &cubin, &bytes);
  }
  check(failed);
  nb::bytes result(static_cast<const char *>(cubin), bytes);
  std::free(cubin);
  return result;
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

static ArgumentSizes getSizes(nb::handle argument) {
  ArgumentSizes sizes;
  if (nb::isinstance<nb::int_>(argument)) {
    sizes.scalar =
        static_cast<int64_t>(PyLong_AsUnsignedLongLongMask(argument.ptr()));
    return sizes;
  }
  auto shape = nb::cast<std::vector<int64_t>>(argument);
  sizes.shape.assign(shape.begin(), shape.end());
  return sizes;
}

static nb::dict countCostsOf(IRModule &module, const std::string &entry,
                             const nb::sequence &arguments) {
  SmallVector<ArgumentSizes> sizes;
  for (nb::handle argument : arguments)
    sizes.push_back(getSizes(argument));
  DiagnosticCollector diagnostics(module.module->getContext());
  auto costs = countCosts(*module.module, entry, sizes);
  if (!costs)
    diagnostics.raise(costs.takeError());
  nb::dict result;
  result["flops"] = costs->flops;
  result["global_bytes"] = costs->globalBytes;
  result["kind"] = costs->kind == CountKind::Exact    ? "exact"
                   : costs->kind == CountKind::AtMost ? "at most"
                                                      : "unknown";
  std::string type;
  llvm::raw_string_ostream os(type);
  if (costs->productType)
    os << costs->productType;
  result["product_type"] = type;
  result["read"] = std::vector<bool>(costs->read.begin(), costs->read.end());
  result["written"] =
      std::vector<bool>(costs->written.begin(), costs->written.end());
  return result;
}

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

static nb::dict getLimits(int device) {
  TileDeviceLimits limits;
  check(tileDeviceGetLimits(device, &limits));
  nb::dict result;
  result["clock_khz"] = limits.clockKHz;
  result["memory_clock_khz"] = limits.memoryClockKHz;
  result["memory_bus_bits"] = limits.memoryBusBits;
  result["l2_bytes"] = limits.l2Bytes;
  result["threads_per_multiprocessor"] = limits.maxThreadsPerMultiprocessor;
  return result;
}

static nb::list getLaunches() {
  std::vector<TileLaunchInfo> infos(tileRuntimeGetLaunches(nullptr, 0));
  tileRuntimeGetLaunches(infos.data(), static_cast<int>(infos.size()));
  nb::list result;
  for (const TileLaunchInfo &info : infos) {
    nb::dict launch;
    launch["kernel"] = info.kernel;
    launch["grid"] = nb::make_tuple(info.grid[0], info.grid[1], info.grid[2]);
    launch["block"] =
        nb::make_tuple(info.block[0], info.block[1], info.block[2]);
    launch["cluster_blocks"] = info.clusterBlocks;
    launch["dynamic_shared_bytes"] = info.dynamicSharedBytes;
    launch["static_shared_bytes"] = info.staticSharedBytes;
    launch["registers"] = info.registers;
    launch["local_bytes"] = info.localBytes;
    launch["blocks_per_multiprocessor"] = info.blocksPerMultiprocessor;
    result.append(launch);
  }
  return result;
}

namespace {
/// An event of the driver on this thread's stream.
class Event {
public:
  Event() { check(tileEventCreate(&event)); }
  Event(const Event &) = delete;
  Event &operator=(const Event &) = delete;
  ~Event() { tileEventDestroy(event); }

  void record() { check(tileEventRecord(event)); }
  /// Milliseconds from `start` to this one, waiting for both.
  float getElapsed(const Event &start) const {
    float milliseconds = 0;
    nb::gil_scoped_release release;
    int failed = tileEventElapsed(&milliseconds, start.event, event);
    nb::gil_scoped_acquire acquire;
    check(failed);
    return milliseconds;
  }

private:
  void *event = nullptr;
};
} // namespace

void mlir::tile::python::bindProfiling(nb::module_ &module) {
  module.def("time_passes", &timePasses, "module"_a, "pipeline"_a,
             "Runs a pipeline on a copy; each pass in order with its "
             "milliseconds. Raises DiagnosticError.");
  module.def("assemble", &assemble, "ptx"_a, "chip"_a = "", "opt_level"_a = 3,
             "Machine code of PTX. Raises RuntimeError without an assembler.");
  module.def("count_costs", &countCostsOf, "module"_a, "entry"_a, "arguments"_a,
             "What a call does, for the shape of each tensor and the bits of "
             "each scalar.");
  module.def("device_limits", &getLimits, "device"_a = 0);
  module.def("device_fill", [](uintptr_t pointer, int byte, size_t bytes) {
    check(tileDeviceFill(reinterpret_cast<void *>(pointer), byte, bytes));
  });
  module.def("record_launches", [](bool on) { tileRuntimeRecordLaunches(on); });
  module.def("recorded_launches", &getLaunches);
  nb::class_<Event>(module, "Event",
                    "An event on this thread's stream of the GPU.")
      .def(nb::init<>())
      .def("record", &Event::record)
      .def("elapsed_ms", &Event::getElapsed, "start"_a,
           "Milliseconds since another event; waits for both.");
}

//===- LauncherBinding.cpp - The class of launchers in Python -------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IR.h"
#include "Launcher.h"

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;
using namespace nb::literals;

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

static LaunchSlot getParameterSlot(const FunctionSignature &signature,
                                   unsigned index) {
  Attribute annotation = signature.getAnnotation(index);
  auto tensor = [&](LaunchSlot::Kind kind, size_t rank) {
    return LaunchSlot{kind, index, rank, Type()};
  };
  return llvm::TypeSwitch<Attribute, LaunchSlot>(annotation)
      .Case<PtrAnnotationAttr>(
          [&](auto) { return tensor(LaunchSlot::Kind::Pointer, 0); })
      .Case<TensorAnnotationAttr>([&](auto buffer) {
        return tensor(LaunchSlot::Kind::Tensor, buffer.getShape().size());
      })
      .Case<StridedTensorAnnotationAttr, BufferAnnotationAttr>(
          [&](auto buffer) {
            return tensor(LaunchSlot::Kind::Strided, buffer.getShape().size());
          })
      .Case<DynAnnotationAttr>([&](auto scalar) {
        return LaunchSlot{LaunchSlot::Kind::Scalar, index, 0, scalar.getType()};
      })
      .Case<TypeAttr>([&](auto type) {
        return LaunchSlot{LaunchSlot::Kind::Scalar, index, 0, type.getValue()};
      })
      .Default([](Attribute) -> LaunchSlot {
        throw nb::value_error("expected a parameter that is passed at launch");
      });
}

static SizeStep getStep(const nb::tuple &step) {
  auto name = nb::cast<std::string>(step[0]);
  auto kind = llvm::StringSwitch<SizeStep::Kind>(name)
                  .Case("number", SizeStep::Kind::Number)
                  .Case("size", SizeStep::Kind::Size)
                  .Case("stride", SizeStep::Kind::Stride)
                  .Case("scalar", SizeStep::Kind::Scalar)
                  .Default(SizeStep::Kind::Operation);
  if (kind != SizeStep::Kind::Operation)
    return {kind, nb::cast<int64_t>(step[1]),
            step.size() > 2 ? nb::cast<int64_t>(step[2]) : 0};
  // "//" is written "/", and "ceildiv" becomes its first character.
  return {kind, name[0], 0};
}

static MadeTensor getMade(const nb::tuple &made) {
  MadeTensor result;
  for (nb::handle steps : made[0]) {
    auto &size = result.shape.emplace_back();
    for (nb::handle step : steps)
      size.push_back(getStep(nb::cast<nb::tuple>(step)));
  }
  result.make = made[1];
  result.isReturned = nb::cast<bool>(made[2]);
  return result;
}

static void countWords(LaunchPlan &plan) {
  for (const LaunchSlot &slot : plan.slots)
    if (slot.kind != LaunchSlot::Kind::Scalar)
      plan.numWords += 3 + 2 * slot.rank;
}

/// `slots` holds the parameter of each argument, or -1 - n for the made tensor
/// n.
static void remember(Launcher &launcher, nb::object signature, nb::bytes key,
                     nb::object executable, std::pair<int, int> device,
                     nb::object firstType, const std::vector<int> &slots,
                     const nb::list &made, const std::vector<bool> &written,
                     const std::vector<std::pair<int, bool>> &optional) {
  auto plan = std::make_shared<LaunchPlan>();
  plan->signature = nb::cast<PySignature *>(signature);
  plan->executable = nb::cast<const PyExecutable *>(executable);
  plan->signatureObject = std::move(signature);
  plan->executableObject = std::move(executable);
  plan->key.assign(key.c_str(), key.size());
  plan->device = Device{device.first, device.second};
  plan->firstType = std::move(firstType);
  for (nb::handle tensor : made)
    plan->made.push_back(getMade(nb::cast<nb::tuple>(tensor)));
  for (int slot : slots) {
    if (slot < 0)
      plan->slots.push_back({LaunchSlot::Kind::Made, unsigned(-1 - slot),
                             plan->made[-1 - slot].shape.size(), Type()});
    else
      plan->slots.push_back(getParameterSlot(plan->signature->get(), slot));
  }
  plan->written.assign(written.begin(), written.end());
  plan->optional.assign(optional.begin(), optional.end());
  countWords(*plan);
  launcher.add(std::move(plan));
}

static void setGuards(Launcher &launcher, const nb::list &guards) {
  std::vector<Guard> result;
  for (nb::handle item : guards) {
    auto guard = nb::cast<nb::tuple>(item);
    nb::object expected;
    if (guard.size() > 2)
      expected = guard[2];
    result.push_back({guard[0], guard[1], std::move(expected)});
  }
  launcher.setGuards(std::move(result));
}

//===----------------------------------------------------------------------===//
// The class
//===----------------------------------------------------------------------===//

/// A call in Python: the native way if there is one, else the method `_call`.
static PyObject *callLauncher(PyObject *self, PyObject *args,
                              PyObject *kwargs) {
  try {
    if (nb::inst_ready(self)) {
      nb::object result = nb::inst_ptr<Launcher>(self)->call(args, kwargs);
      if (result.is_valid())
        return result.release().ptr();
    }
    nb::object slow = nb::getattr(self, "_call");
    return PyObject_Call(slow.ptr(), args, kwargs);
  } catch (nb::python_error &error) {
    error.restore();
  } catch (const std::exception &error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

static int traverseLauncher(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(self));
  if (!nb::inst_ready(self))
    return 0;
  return nb::inst_ptr<Launcher>(self)->traverse(visit, arg);
}

static int clearLauncher(PyObject *self) {
  if (nb::inst_ready(self))
    nb::inst_ptr<Launcher>(self)->clear();
  return 0;
}

void mlir::tile::python::bindLauncher(nb::module_ &module) {
  static PyType_Slot slots[] = {
      {Py_tp_call, reinterpret_cast<void *>(&callLauncher)},
      {Py_tp_traverse, reinterpret_cast<void *>(&traverseLauncher)},
      {Py_tp_clear, reinterpret_cast<void *>(&clearLauncher)},
      {0, nullptr}};
  nb::class_<Launcher>(
      module, "Launcher", nb::type_slots(slots),
      "The base of what is called as a kernel. A call that is like one that "
      "was remembered runs without Python code; others call the method _call.")
      .def(nb::init<>())
      .def("remember", &remember, "signature"_a, "key"_a, "executable"_a,
           "device"_a, "first_type"_a, "slots"_a, "made"_a, "written"_a,
           "optional"_a,
           "Runs calls with this key, on this device, natively from now on. "
           "Each of slots is a parameter, or -1 - n for the made tensor n; "
           "each of made is (steps of the sizes, function of a tuple of sizes, "
           "whether it is returned).")
      .def(
          "set_guards", &setGuards, "guards"_a,
          "Forgets the calls. Those to come hold while for each (dictionary or "
          "class, name, value), (function, '__defaults__' or "
          "'__kwdefaults__', value) or (cell or function, None, contents or "
          "code) that is so; without the last, while there is nothing.")
      .def("__len__", &Launcher::size, "How many calls are remembered.");
}

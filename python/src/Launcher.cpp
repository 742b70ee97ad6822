//===- Launcher.cpp - Calls that were made before -------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Launcher.h"
#include "CallReader.h"

#include "tile/Execution/Arguments.h"
#include "tile/Runtime/Runtime.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/MathExtras.h"

#include <nanobind/stl/string.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;

/// The kernels that a launcher knows at once. More of them are a sign that
/// each call has its own.
static constexpr size_t kMaxPlans = 64;

//===----------------------------------------------------------------------===//
// Guards
//===----------------------------------------------------------------------===//

bool Guard::holds() const {
  PyObject *found;
  if (PyFunction_Check(container.ptr()) && !name.is_none()) {
    found = PyUnicode_CompareWithASCIIString(name.ptr(), "__defaults__") == 0
                ? PyFunction_GET_DEFAULTS(container.ptr())
                : PyFunction_GET_KW_DEFAULTS(container.ptr());
  } else if (!name.is_none()) {
    PyObject *names = container.ptr();
    if (PyType_Check(names))
      names = reinterpret_cast<PyTypeObject *>(names)->tp_dict;
    found = PyDict_GetItemWithError(names, name.ptr());
    if (!found)
      PyErr_Clear();
  } else if (PyCell_Check(container.ptr())) {
    found = PyCell_GET(container.ptr());
  } else {
    found = PyFunction_GET_CODE(container.ptr());
  }
  return found == expected.ptr();
}

//===----------------------------------------------------------------------===//
// Made tensors
//===----------------------------------------------------------------------===//

static std::optional<int64_t> apply(char operation, int64_t lhs, int64_t rhs) {
  int64_t result = 0;
  switch (operation) {
  case '+':
    return llvm::AddOverflow(lhs, rhs, result) ? std::nullopt
                                               : std::optional(result);
  case '-':
    return llvm::SubOverflow(lhs, rhs, result) ? std::nullopt
                                               : std::optional(result);
  case '*':
    return llvm::MulOverflow(lhs, rhs, result) ? std::nullopt
                                               : std::optional(result);
  }
  // Python code reports a division by zero, and has larger numbers.
  if (rhs <= 0 || lhs < 0)
    return std::nullopt;
  if (operation == '%')
    return lhs % rhs;
  return operation == '/' ? lhs / rhs : llvm::divideCeil(lhs, rhs);
}

static std::optional<int64_t> getNumber(const SizeStep &step,
                                        const BoundArguments &bound) {
  if (step.kind == SizeStep::Kind::Number)
    return step.value;
  const CallArgument &argument = bound[step.value];
  if (step.kind == SizeStep::Kind::Scalar) {
    auto *number = std::get_if<int64_t>(&argument);
    return number ? std::optional(*number) : std::nullopt;
  }
  auto *tensor = std::get_if<TensorView>(&argument);
  if (!tensor || step.dim >= tensor->rank)
    return std::nullopt;
  return step.kind == SizeStep::Kind::Size ? tensor->shape[step.dim]
                                           : tensor->getStride(step.dim);
}

static std::optional<int64_t> evaluate(ArrayRef<SizeStep> steps,
                                       const BoundArguments &bound) {
  SmallVector<int64_t, 8> stack;
  for (const SizeStep &step : steps) {
    std::optional<int64_t> value;
    if (step.kind == SizeStep::Kind::Operation) {
      int64_t rhs = stack.pop_back_val(), lhs = stack.pop_back_val();
      value = apply(static_cast<char>(step.value), lhs, rhs);
    } else {
      value = getNumber(step, bound);
    }
    if (!value)
      return std::nullopt;
    stack.push_back(*value);
  }
  return stack.back() < 0 ? std::nullopt : std::optional(stack.back());
}

/// Makes a tensor; a null object for a size that Python code has to judge.
static nb::object make(const MadeTensor &tensor, const BoundArguments &bound) {
  nb::object shape = nb::steal(PyTuple_New(tensor.shape.size()));
  for (auto [dim, steps] : llvm::enumerate(tensor.shape)) {
    std::optional<int64_t> size = evaluate(steps, bound);
    if (!size)
      return nb::object();
    PyTuple_SET_ITEM(shape.ptr(), dim, PyLong_FromLongLong(*size));
  }
  nb::object made =
      nb::steal(PyObject_CallOneArg(tensor.make.ptr(), shape.ptr()));
  if (!made.is_valid())
    nb::raise_python_error();
  return made;
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

namespace {
/// The arguments of compiled code, in the form of PackedArguments, without
/// memory of their own for each.
class Packer {
public:
  explicit Packer(const LaunchPlan &plan) {
    words.resize_for_overwrite(plan.numWords);
    scalars.resize_for_overwrite(plan.slots.size());
    pointers.reserve(plan.slots.size());
  }

  void addScalar(uint64_t bits) {
    uint64_t &scalar = scalars[pointers.size()];
    scalar = bits;
    pointers.push_back(&scalar);
  }

  /// Starts a tensor; its sizes and strides are to be filled in.
  int64_t *addTensor(void *data, size_t rank) {
    int64_t *descriptor = words.data() + numWords;
    numWords += 3 + 2 * rank;
    descriptor[0] = descriptor[1] = reinterpret_cast<intptr_t>(data);
    descriptor[2] = 0;
    addScalar(reinterpret_cast<uintptr_t>(descriptor));
    return descriptor + 3;
  }

  void add(const LaunchSlot &slot, const CallArgument &argument);
  void addView(const LaunchSlot &slot, const TensorView &view);

  void **get() { return pointers.data(); }

private:
  SmallVector<int64_t, 96> words;
  SmallVector<uint64_t, 16> scalars;
  SmallVector<void *, 16> pointers;
  size_t numWords = 0;
};
} // namespace

static void setContiguous(int64_t *sizes, size_t rank) {
  // Unsigned, since the sizes may be anything until they are checked.
  uint64_t stride = 1;
  for (size_t dim = rank; dim-- > 0;) {
    sizes[rank + dim] = static_cast<int64_t>(stride);
    stride *= static_cast<uint64_t>(sizes[dim]);
  }
}

void Packer::addView(const LaunchSlot &slot, const TensorView &view) {
  int64_t *sizes = addTensor(view.data, slot.rank);
  std::copy_n(view.shape, slot.rank, sizes);
  if (slot.kind != LaunchSlot::Kind::Strided)
    return setContiguous(sizes, slot.rank);
  for (size_t dim = 0; dim < slot.rank; ++dim)
    sizes[slot.rank + dim] = view.getStride(dim);
}

void Packer::add(const LaunchSlot &slot, const CallArgument &argument) {
  if (slot.kind == LaunchSlot::Kind::Scalar)
    return addScalar(getScalarBits(slot.scalarType, argument));
  auto *view = std::get_if<TensorView>(&argument);
  if (slot.kind == LaunchSlot::Kind::Pointer) {
    auto *address = std::get_if<int64_t>(&argument);
    addTensor(view      ? view->data
              : address ? reinterpret_cast<void *>(*address)
                        : nullptr,
              0);
    return;
  }
  if (view)
    return addView(slot, *view);
  int64_t *sizes = addTensor(nullptr, slot.rank);
  std::fill_n(sizes, slot.rank, -1);
  setContiguous(sizes, slot.rank);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Whether the tensors of a call are where those of the plan were and may be
/// written. Finds the first of them.
static bool fits(const LaunchPlan &plan, const CallReader &call,
                 const CallReader::Source *&first) {
  for (auto [parameter, isAbsent] : plan.optional)
    if (std::holds_alternative<Absent>(call.bound[parameter]) != isAbsent)
      return false;
  for (const LaunchSlot &slot : plan.slots) {
    if (slot.kind == LaunchSlot::Kind::Made ||
        slot.kind == LaunchSlot::Kind::Scalar)
      continue;
    auto *view = std::get_if<TensorView>(&call.bound[slot.index]);
    if (!view)
      continue;
    const CallReader::Source &source = call.getSources()[slot.index];
    if (!(view->device == plan.device) ||
        (plan.written[slot.index] && !source.isWritable))
      return false;
    if (!first)
      first = &source;
  }
  if (!first || !first->object)
    return false;
  auto *type = reinterpret_cast<PyObject *>(Py_TYPE(first->object));
  return plan.made.empty() || type == plan.firstType.ptr();
}

namespace {
/// Makes a device and its stream current for a launch. Which device is current
/// otherwise is the caller's affair.
class DeviceScope {
public:
  DeviceScope() = default;
  DeviceScope(const DeviceScope &) = delete;
  DeviceScope &operator=(const DeviceScope &) = delete;
  ~DeviceScope() {
    if (isEntered && tileDeviceLeave(previous))
      tileRuntimeClearError();
  }

  bool enter(const LaunchPlan &plan, const CallReader::Source &first);

private:
  void *previous = nullptr;
  bool isEntered = false;
};
} // namespace

/// Returns false if Python code has to prepare the device.
bool DeviceScope::enter(const LaunchPlan &plan,
                        const CallReader::Source &first) {
  if (plan.device.type != Device::CUDA)
    return true;
  void *stream = nullptr;
  if (!first.table ||
      first.table->getStream(plan.device.type, plan.device.index, &stream)) {
    PyErr_Clear();
    return false;
  }
  if (tileDeviceEnter(plan.device.index, &previous))
    return false;
  isEntered = true;
  tileRuntimeSetStream(stream);
  return true;
}

[[noreturn]] static void raiseCallError(const LaunchPlan &plan,
                                        llvm::Error error) {
  nb::object errors = nb::module_::import_("tile.errors");
  std::string name = plan.signature->get().getFunctionName().str();
  nb::object raised =
      errors.attr("call_error")(name, toString(std::move(error)));
  PyErr_SetObject(raised.type().ptr(), raised.ptr());
  throw nb::python_error();
}

/// Runs the kernel for arguments that fit; a null object if Python code has to.
static nb::object run(const LaunchPlan &plan, CallReader &call,
                      const CallReader::Source &first) {
  SmallVector<nb::object, 2> made;
  SmallVector<TensorView, 2> views;
  for (const MadeTensor &tensor : plan.made) {
    nb::object object = make(tensor, call.bound);
    CallReader::Source source;
    auto view = object.is_valid() ? call.readTensor(object.ptr(), source)
                                  : std::nullopt;
    if (!view)
      return nb::object();
    views.push_back(*view);
    made.push_back(std::move(object));
  }
  DeviceScope device;
  if (!device.enter(plan, first))
    return nb::object();
  Packer packer(plan);
  for (const LaunchSlot &slot : plan.slots) {
    if (slot.kind == LaunchSlot::Kind::Made)
      packer.addView(slot, views[slot.index]);
    else
      packer.add(slot, call.bound[slot.index]);
  }
  if (llvm::Error error = plan.executable->invoke(packer.get()))
    raiseCallError(plan, std::move(error));

  nb::object single = nb::none();
  size_t numReturned = 0;
  for (auto [tensor, object] : llvm::zip_equal(plan.made, made))
    if (tensor.isReturned && ++numReturned == 1)
      single = object;
  if (numReturned < 2)
    return single;
  nb::list results;
  for (auto [tensor, object] : llvm::zip_equal(plan.made, made))
    if (tensor.isReturned)
      results.append(object);
  return results;
}

nb::object Launcher::call(PyObject *args, PyObject *kwargs) {
  if (plans.empty() ||
      !llvm::all_of(guards, [](const Guard &guard) { return guard.holds(); }))
    return nb::object();
  CallReader call;
  const PySignature *read = nullptr;
  bool isRead = false;
  SmallVector<char, 128> key;
  for (size_t index = 0; index < plans.size(); ++index) {
    // Other threads may change the plans while Python code runs.
    std::shared_ptr<LaunchPlan> plan = plans[index];
    if (plan->signature != read) {
      read = plan->signature;
      isRead = call.read(*plan->signature, args, kwargs);
      if (isRead)
        plan->signature->get().getKey(call.bound, key);
    }
    const CallReader::Source *first = nullptr;
    if (!isRead || StringRef(key.data(), key.size()) != plan->key ||
        !fits(*plan, call, first))
      continue;
    if (index > 0 && index < plans.size() && plans[index] == plan)
      std::rotate(plans.begin(), plans.begin() + index,
                  plans.begin() + index + 1);
    return run(*plan, call, *first);
  }
  return nb::object();
}

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

void Launcher::add(std::shared_ptr<LaunchPlan> plan) {
  if (plans.size() >= kMaxPlans)
    plans.pop_back();
  plans.insert(plans.begin(), std::move(plan));
}

void Launcher::setGuards(std::vector<Guard> newGuards) {
  // What is freed may run Python code, so it goes when all is in order.
  std::vector<std::shared_ptr<LaunchPlan>> oldPlans;
  plans.swap(oldPlans);
  guards.swap(newGuards);
}

void Launcher::clear() {
  std::vector<Guard> none;
  setGuards(none);
}

int Launcher::traverse(visitproc visit, void *arg) const {
  auto visitOne = [&](const nb::object &object) {
    return object.ptr() ? visit(object.ptr(), arg) : 0;
  };
  for (const Guard &guard : guards)
    for (const nb::object *object :
         {&guard.container, &guard.name, &guard.expected})
      if (int result = visitOne(*object))
        return result;
  for (const auto &plan : plans) {
    for (const nb::object *object :
         {&plan->signatureObject, &plan->executableObject, &plan->firstType})
      if (int result = visitOne(*object))
        return result;
    for (const MadeTensor &tensor : plan->made)
      if (int result = visitOne(tensor.make))
        return result;
  }
  return 0;
}

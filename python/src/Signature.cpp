//===- Signature.cpp - Signatures and calls in Python ---------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Signatures are read and calls are bound under the lock of the interpreter, so
// that all threads share one context.
//
//===----------------------------------------------------------------------===//

#include "Signature.h"
#include "Diagnostics.h"
#include "IR.h"

#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Dialect/Tile/IR/TileDialect.h"

#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/TypeSwitch.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::python;
using namespace nb::literals;

MLIRContext &mlir::tile::python::getSignatureContext() {
  // Lives as long as the process, like the signatures of kernels.
  static MLIRContext *context = [] {
    auto *result = new MLIRContext(MLIRContext::Threading::DISABLED);
    result->loadDialect<TileDialect>();
    return result;
  }();
  return *context;
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

[[noreturn]] void mlir::tile::python::raise(nb::handle type,
                                            const std::string &message) {
  PyErr_SetString(type.ptr(), message.c_str());
  throw nb::python_error();
}

/// Throws an error of a call as the exception that Python has for it.
[[noreturn]] static void raiseCallError(llvm::Error error) {
  CallError::Kind kind = CallError::Kind::Type;
  std::string message;
  llvm::handleAllErrors(
      std::move(error),
      [&](const CallError &call) {
        kind = call.getKind();
        message = call.getMessage();
      },
      [&](const llvm::ErrorInfoBase &other) { message = other.message(); });
  switch (kind) {
  case CallError::Kind::Placement:
    raise(PyExc_TypeError, message);
  case CallError::Kind::Type:
    raise(PyExc_TypeError, (StringRef(message).contains(": expected a tensor")
                                ? "Unsupported buffer argument type: "
                                : "Unsupported argument type: ") +
                               message);
  case CallError::Kind::ElementType:
    raise(PyExc_TypeError, "Tensor dtype mismatch: " + message);
  case CallError::Kind::Value:
    raise(PyExc_ValueError, message);
  case CallError::Kind::Shape:
    raise(nb::module_::import_("tile.errors").attr("ShapeMismatchError"),
          "static value mismatch: " + message);
  }
  llvm_unreachable("unknown kind of error");
}

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

static Attribute parseAnnotation(const std::string &text) {
  DiagnosticCollector diagnostics(&getSignatureContext());
  Attribute attribute = mlir::parseAttribute(text, &getSignatureContext());
  if (!attribute)
    diagnostics.raise("cannot parse the annotation '" + text + "'");
  return attribute;
}

static ArgumentUse getUse(Attribute attribute) {
  auto annotation = dyn_cast_or_null<AnnotationInterface>(attribute);
  if (!annotation)
    return attribute ? ArgumentUse::Launch : ArgumentUse::CompileTime;
  if (!annotation.isKernelArgument())
    return ArgumentUse::CompileTime;
  return annotation.promote() ? ArgumentUse::Launch : ArgumentUse::OpenTensor;
}

static std::optional<DType> getElement(Attribute annotation) {
  if (!annotation)
    return std::nullopt;
  Type type = llvm::TypeSwitch<Attribute, Type>(annotation)
                  .Case<TensorAnnotationAttr, StridedTensorAnnotationAttr,
                        BufferAnnotationAttr>(
                      [](auto buffer) { return buffer.getFixedElementType(); })
                  .Default([](Attribute) { return Type(); });
  return type ? tile::getDType(type) : std::nullopt;
}

/// Whether tensors of other libraries hold the elements under another name:
/// NumPy has no bfloat16, and not everyone tells the formats of 8 bits apart.
static bool isHeldAs(DType expected, DType found) {
  if (expected.bits != found.bits || expected.lanes != found.lanes)
    return false;
  auto isSmallFloat = [](DType dtype) {
    return dtype.code == DType::Float8E4M3 || dtype.code == DType::Float8E4M3FN;
  };
  switch (expected.code) {
  case DType::BFloat:
    return found.code == DType::UInt;
  case DType::Bool:
    return found.code == DType::UInt || found.code == DType::Int;
  case DType::Float8E5M2:
    return found.code == DType::UInt;
  default:
    return isSmallFloat(expected) &&
           (found.code == DType::UInt || isSmallFloat(found));
  }
}

/// Reads (name, annotation, type, convert[, default]).
void PySignature::addParameter(const nb::tuple &declaration,
                               std::vector<ParameterSpec> &specs) {
  ParameterSpec spec;
  spec.name = nb::cast<std::string>(declaration[0]);
  if (!declaration[1].is_none())
    spec.annotation = parseAnnotation(nb::cast<std::string>(declaration[1]));
  PyParameter parameter{declaration[0],          declaration[2],
                        declaration[3],          nb::object(),
                        getUse(spec.annotation), getElement(spec.annotation)};
  indices[spec.name] = parameters.size();
  parameters.push_back(std::move(parameter));
  if (nb::len(declaration) > 4) {
    nb::object value = declaration[4];
    parameters.back().defaultValue = value;
    spec.defaultValue = convert(parameters.size() - 1, value, defaults);
  }
  specs.push_back(std::move(spec));
}

PySignature::PySignature(const std::string &function,
                         const nb::list &declarations,
                         std::optional<size_t> numPositional)
    : function(function),
      numPositional(numPositional.value_or(nb::len(declarations))) {
  std::vector<ParameterSpec> specs;
  for (nb::handle declaration : declarations)
    addParameter(nb::cast<nb::tuple>(declaration), specs);
  auto created = FunctionSignature::create(function, specs);
  if (!created)
    raise(PyExc_TypeError, toString(created.takeError()));
  signature.emplace(std::move(*created));
}

CallArgument PySignature::convert(unsigned index, nb::object &value,
                                  ArgumentStorage &storage) {
  PyParameter &parameter = parameters[index];
  if (!parameter.convert.is_none() && !value.type().is(parameter.type) &&
      !value.is(parameter.defaultValue))
    value = parameter.convert(parameter.name, value);
  CallArgument argument = [&] {
    try {
      return converter.convert(value, parameter.use, storage);
    } catch (const nb::builtin_exception &error) {
      // What reads a value does not know whose it is.
      std::string name = nb::cast<std::string>(parameter.name);
      std::string text = function + "() argument '" + name + "': ";
      throw nb::builtin_exception(error.type(), (text + error.what()).c_str());
    }
  }();
  if (auto *tensor = std::get_if<TensorView>(&argument))
    adopt(index, *tensor);
  return argument;
}

void PySignature::adopt(unsigned index, TensorView &tensor) const {
  const std::optional<DType> &element = parameters[index].element;
  if (element && isHeldAs(*element, tensor.dtype))
    tensor.dtype = *element;
}

std::optional<unsigned> PySignature::findParameter(nb::handle name) const {
  for (auto [index, parameter] : llvm::enumerate(parameters))
    if (parameter.name.is(name))
      return index;
  Py_ssize_t size;
  const char *text = PyUnicode_AsUTF8AndSize(name.ptr(), &size);
  if (!text)
    throw nb::python_error();
  auto it = indices.find(StringRef(text, size));
  return it == indices.end() ? std::nullopt : std::optional(it->second);
}

/// Arguments that may only be passed by name are the last ones.
void PySignature::checkCount(size_t count) const {
  if (count <= numPositional || numPositional == parameters.size())
    return;
  raise(PyExc_TypeError, function + "() takes " +
                             std::to_string(numPositional) +
                             " positional arguments but " +
                             std::to_string(count) + " were given");
}

std::unique_ptr<PyBound>
PySignature::bind(const nb::tuple &args, const nb::dict &kwargs,
                  bool allowAbsent, std::optional<std::pair<int, int>> device) {
  checkCount(nb::len(args));
  auto call = std::make_unique<PyBound>();
  call->signature = this;
  call->values.resize(parameters.size());
  for (size_t index = 0, end = nb::len(args); index < end; ++index) {
    nb::object value = args[index];
    // One too many is for the signature to refuse.
    bool isKnown = index < parameters.size();
    call->positional.push_back(isKnown ? convert(index, value, call->storage)
                                       : Absent());
    if (isKnown)
      call->values[index] = std::move(value);
  }
  for (auto [key, arg] : kwargs) {
    StringRef name = nb::cast<const char *>(key);
    nb::object value = nb::borrow(arg);
    auto it = indices.find(name);
    if (it == indices.end()) {
      call->keywords.push_back({name, Absent()});
      continue;
    }
    call->keywords.push_back({name, convert(it->second, value, call->storage)});
    call->values[it->second] = std::move(value);
  }
  CallOptions options;
  options.allowAbsent = allowAbsent;
  if (device)
    options.device = Device{device->first, device->second};
  if (llvm::Error error = signature->bind(call->positional, call->keywords,
                                          options, call->bound))
    raiseCallError(std::move(error));
  for (auto [value, parameter] : llvm::zip_equal(call->values, parameters))
    if (!value)
      value = parameter.defaultValue;
  return call;
}

nb::list PySignature::getNames(ArrayRef<unsigned> indices) const {
  nb::list names;
  for (unsigned index : indices)
    names.append(parameters[index].name);
  return names;
}

void mlir::tile::python::bindSignature(nb::module_ &module) {
  nb::class_<PyBound>(module, "BoundCall",
                      "The arguments of one call, at their parameters, "
                      "defaults applied, checked.")
      .def_prop_ro("values", &PyBound::getValues,
                   "The values, in the order of the parameters. NumPy's "
                   "numbers are Python's.")
      .def_prop_ro("arguments", &PyBound::getArguments,
                   "The values by the names of the parameters.")
      .def_prop_ro("key", &PyBound::getKey,
                   "Bytes that two calls share when one kernel serves both.")
      .def_prop_ro("kernel_arguments", &PyBound::getKernelArguments,
                   "What is passed at launch, as Executable.call takes it.")
      .def_prop_ro("annotations", &PyBound::getAnnotations,
                   "The annotations with nothing open; None for a parameter "
                   "that has none.")
      .def("tensor", &PyBound::getTensor, "parameter"_a,
           "(address, dtype, shape, strides, (device type, device index)) of "
           "a tensor, in elements; None for another argument.");
  nb::class_<PySignature>(module, "Signature",
                          "What the parameters of a function take.")
      .def(nb::init<const std::string &, const nb::list &,
                    std::optional<size_t>>(),
           "function"_a, "parameters"_a, "num_positional"_a = nb::none(),
           "Each parameter is (name, annotation or None, type, convert[, "
           "default]): convert(name, value), if not None, is called for "
           "values that are not of the type. Raises TypeError.")
      .def("bind", &PySignature::bind, "args"_a, "kwargs"_a,
           "allow_absent"_a = false, "device"_a = nb::none(),
           nb::keep_alive<0, 1>(),
           "Binds a call. Raises TypeError, ValueError or ShapeMismatchError.")
      .def_prop_ro("is_all_static",
                   [](PySignature &s) { return s.get().isAllStatic(); })
      .def_prop_ro("kernel_parameters",
                   [](PySignature &s) {
                     return s.getNames(s.get().getKernelParameters());
                   })
      .def_prop_ro("static_parameters",
                   [](PySignature &s) {
                     return s.getNames(s.get().getStaticParameters());
                   })
      .def_prop_ro("unknown_parameters", [](PySignature &s) {
        return s.getNames(s.get().getUnknownParameters());
      });
  module.def("describe_tensor", &describeTensor, "value"_a.none(),
             "The same as BoundCall.tensor, for any object; None for what is "
             "no tensor.");
}

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

#include "Arguments.h"
#include "Diagnostics.h"
#include "IR.h"

#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Dialect/Tile/IR/TileDialect.h"
#include "tile/Execution/Arguments.h"
#include "tile/Signature/FunctionSignature.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Support/DebugStringHelper.h"
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

static MLIRContext &getContext() {
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

[[noreturn]] static void raise(nb::handle type, const std::string &message) {
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
    raise(PyExc_TypeError, "Unsupported argument type: " + message);
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
// Signatures and bound calls
//===----------------------------------------------------------------------===//

namespace {

/// What Python adds to a parameter.
struct PyParameter {
  nb::object name;
  /// Values of this type need no conversion.
  nb::object type;
  /// Called with the name and the value, unless it is none.
  nb::object convert;
  nb::object defaultValue;
  bool isCompileTime;
};

class PyBound;

class PySignature {
public:
  PySignature(const std::string &function, const nb::list &parameters,
              std::optional<size_t> numPositional);

  std::unique_ptr<PyBound> bind(const nb::tuple &args, const nb::dict &kwargs,
                                bool allowAbsent,
                                std::optional<std::pair<int, int>> device);

  const FunctionSignature &get() const { return *signature; }
  nb::list getNames(ArrayRef<unsigned> indices) const;

  std::vector<PyParameter> parameters;

private:
  void addParameter(const nb::tuple &declaration,
                    std::vector<ParameterSpec> &specs);
  CallArgument convert(unsigned parameter, nb::object &value,
                       ArgumentStorage &storage);
  void checkCount(size_t count) const;

  std::string function;
  size_t numPositional;
  std::optional<FunctionSignature> signature;
  llvm::StringMap<unsigned> indices;
  ArgumentConverter converter;
  ArgumentStorage defaults;
};

/// The arguments of one call.
class PyBound {
public:
  nb::list getValues() const;
  nb::dict getArguments() const;
  nb::bytes getKey() const;
  nb::list getKernelArguments() const;
  nb::list getAnnotations() const;
  nb::object getTensor(unsigned index) const;

private:
  friend class PySignature;
  nb::object getKernelArgument(unsigned index) const;

  const PySignature *signature;
  ArgumentStorage storage;
  std::vector<nb::object> values;
  SmallVector<CallArgument, 8> positional;
  SmallVector<KeywordArgument, 8> keywords;
  BoundArguments bound;
};

} // namespace

static Attribute parseAnnotation(const std::string &text) {
  DiagnosticCollector diagnostics(&getContext());
  Attribute attribute = mlir::parseAttribute(text, &getContext());
  if (!attribute)
    diagnostics.raise("cannot parse the annotation '" + text + "'");
  return attribute;
}

/// Reads (name, annotation, type, convert[, default]).
void PySignature::addParameter(const nb::tuple &declaration,
                               std::vector<ParameterSpec> &specs) {
  ParameterSpec spec;
  spec.name = nb::cast<std::string>(declaration[0]);
  if (!declaration[1].is_none())
    spec.annotation = parseAnnotation(nb::cast<std::string>(declaration[1]));
  auto annotation = dyn_cast_or_null<AnnotationInterface>(spec.annotation);
  PyParameter parameter{
      declaration[0], declaration[2], declaration[3], nb::object(),
      !spec.annotation || (annotation && !annotation.isKernelArgument())};
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
  return converter.convert(value, parameter.isCompileTime, storage);
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

//===----------------------------------------------------------------------===//
// Bound calls
//===----------------------------------------------------------------------===//

nb::list PyBound::getValues() const {
  nb::list result;
  for (const nb::object &value : values)
    result.append(value);
  return result;
}

nb::dict PyBound::getArguments() const {
  nb::dict result;
  for (auto [value, parameter] : llvm::zip_equal(values, signature->parameters))
    result[parameter.name] = value;
  return result;
}

nb::bytes PyBound::getKey() const {
  llvm::SmallVector<char, 256> key;
  signature->get().getKey(bound, key);
  return nb::bytes(key.data(), key.size());
}

static nb::tuple toTuple(ArrayRef<int64_t> values) {
  nb::list list;
  for (int64_t value : values)
    list.append(value);
  return nb::tuple(list);
}

/// The strides of a tensor, in elements.
static nb::tuple getStrides(const TensorView &tensor) {
  SmallVector<int64_t, 4> strides;
  for (int64_t dim = 0; dim < tensor.rank; ++dim)
    strides.push_back(tensor.getStride(dim));
  return toTuple(strides);
}

static nb::tuple describeTensor(const TensorView &tensor) {
  return nb::make_tuple(
      reinterpret_cast<uintptr_t>(tensor.data), toText(tensor.dtype),
      toTuple(tensor.getShape()), getStrides(tensor),
      nb::make_tuple(tensor.device.type, tensor.device.index));
}

nb::object PyBound::getTensor(unsigned index) const {
  if (index >= bound.size())
    throw nb::index_error();
  if (auto *tensor = std::get_if<TensorView>(&bound[index]))
    return describeTensor(*tensor);
  return nb::none();
}

static Type getScalarType(Attribute annotation) {
  if (auto dyn = dyn_cast<DynAnnotationAttr>(annotation))
    return dyn.getType();
  return cast<TypeAttr>(annotation).getValue();
}

/// The rank of an annotated tensor; 0 for an address.
static size_t getRank(Attribute annotation) {
  return llvm::TypeSwitch<Attribute, size_t>(annotation)
      .Case<TensorAnnotationAttr, StridedTensorAnnotationAttr,
            BufferAnnotationAttr>(
          [](auto buffer) { return buffer.getShape().size(); })
      .Default([](Attribute) { return 0; });
}

nb::object PyBound::getKernelArgument(unsigned index) const {
  Attribute annotation = signature->get().getAnnotation(index);
  const CallArgument &argument = bound[index];
  bool isPointer = isa<PtrAnnotationAttr>(annotation);
  if (auto *tensor = std::get_if<TensorView>(&argument)) {
    auto data = reinterpret_cast<uintptr_t>(tensor->data);
    if (isPointer)
      return nb::make_tuple(data, nb::make_tuple(), nb::none());
    nb::object strides = nb::none();
    if (tensor->strides && !isa<TensorAnnotationAttr>(annotation))
      strides = getStrides(*tensor);
    return nb::make_tuple(data, toTuple(tensor->getShape()), strides);
  }
  if (std::holds_alternative<Absent>(argument)) {
    SmallVector<int64_t> sizes(getRank(annotation), -1);
    return nb::make_tuple(0, toTuple(sizes), nb::none());
  }
  if (isPointer)
    return nb::make_tuple(static_cast<uint64_t>(std::get<int64_t>(argument)),
                          nb::make_tuple(), nb::none());
  return nb::int_(getScalarBits(getScalarType(annotation), argument));
}

nb::list PyBound::getKernelArguments() const {
  nb::list arguments;
  for (unsigned index : signature->get().getKernelParameters())
    arguments.append(getKernelArgument(index));
  return arguments;
}

nb::list PyBound::getAnnotations() const {
  auto annotations =
      signature->get().getConcreteAnnotations(bound, &getContext());
  if (!annotations)
    raise(PyExc_ValueError, toString(annotations.takeError()));
  nb::list texts;
  for (Attribute annotation : *annotations)
    texts.append(annotation
                     ? nb::object(nb::str(debugString(annotation).c_str()))
                     : nb::none());
  return texts;
}

static nb::object describe(nb::object value) {
  ArgumentConverter converter;
  ArgumentStorage storage;
  CallArgument argument =
      converter.convert(value, /*isCompileTime=*/false, storage);
  if (auto *tensor = std::get_if<TensorView>(&argument))
    return describeTensor(*tensor);
  return nb::none();
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
  module.def("describe_tensor", &describe, "value"_a,
             "The same as BoundCall.tensor, for any object; None for what is "
             "no tensor.");
}

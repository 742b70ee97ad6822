//===- Builder.cpp - Makes operations from Python -------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"
#include "IR.h"

#include "mlir/Interfaces/InferTypeOpInterface.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile::python;
using namespace nb::literals;

namespace {
/// Makes operations at a place that Python moves.
struct OperationBuilder {
  explicit OperationBuilder(IRContext &context) : builder(context.get()) {}
  OpBuilder builder;
};
} // namespace

namespace {
/// The properties of an operation that is not made yet.
class Properties {
public:
  explicit Properties(OperationName name)
      : name(name), bytes(name.getOpPropertyByteSize()),
        properties(bytes.empty() ? nullptr : bytes.data()) {
    if (properties)
      name.initOpProperties(properties, /*init=*/nullptr);
  }
  ~Properties() {
    if (properties)
      name.destroyOpProperties(properties);
  }

  LogicalResult set(DictionaryAttr attributes, Location loc) {
    if (!properties)
      return success();
    return name.setOpPropertiesFromAttribute(name, properties, attributes,
                                             [&] { return emitError(loc); });
  }
  OpaqueProperties get() { return properties; }

private:
  OperationName name;
  std::vector<char> bytes;
  OpaqueProperties properties;
};
} // namespace

/// Adds to `state` the types that the operation itself infers.
static void inferTypes(OperationState &state,
                       DiagnosticCollector &diagnostics) {
  std::string name = state.name.getStringRef().str();
  auto *interface = state.name.getInterface<InferTypeOpInterface>();
  if (!interface)
    diagnostics.raise("expected the result types of '" + name + "'");
  MLIRContext *context = state.getContext();
  DictionaryAttr attributes = state.attributes.getDictionary(context);
  Properties properties(state.name);
  if (failed(properties.set(attributes, state.location)) ||
      failed(interface->inferReturnTypes(
          context, state.location, state.operands, attributes, properties.get(),
          state.regions, state.types)))
    diagnostics.raise("cannot infer the result types of '" + name + "'");
}

static Operation *createOperation(OperationBuilder &self,
                                  const std::string &name,
                                  const std::vector<Value> &operands,
                                  const std::optional<std::vector<Type>> &types,
                                  const nb::dict &attributes, unsigned regions,
                                  Location loc) {
  OperationState state(loc, name);
  MLIRContext *context = self.builder.getContext();
  DiagnosticCollector diagnostics(context);
  if (!state.name.isRegistered())
    diagnostics.raise("unknown operation '" + name + "'");
  state.addOperands(operands);
  for (auto [key, value] : attributes)
    state.addAttribute(nb::cast<std::string>(key), nb::cast<Attribute>(value));
  for (unsigned i = 0; i < regions; ++i)
    state.addRegion();
  if (types)
    state.addTypes(*types);
  else
    inferTypes(state, diagnostics);
  return self.builder.create(state);
}

void mlir::tile::python::bindBuilder(nb::module_ &module) {
  nb::class_<OperationBuilder>(module, "Builder", "Makes operations.")
      .def(nb::init<IRContext &>(), nb::keep_alive<1, 2>())
      .def("create", &createOperation, "name"_a, "operands"_a, "types"_a.none(),
           "attributes"_a, "regions"_a, "location"_a, nb::rv_policy::reference,
           "Makes an operation. With no result types, the operation infers "
           "them.")
      .def("at_end",
           [](OperationBuilder &self, Block &block) {
             self.builder.setInsertionPointToEnd(&block);
           })
      .def("at_start",
           [](OperationBuilder &self, Block &block) {
             self.builder.setInsertionPointToStart(&block);
           })
      .def("before", [](OperationBuilder &self,
                        Operation &op) { self.builder.setInsertionPoint(&op); })
      .def_prop_ro(
          "block",
          [](OperationBuilder &self) { return self.builder.getBlock(); },
          nb::rv_policy::reference);
}

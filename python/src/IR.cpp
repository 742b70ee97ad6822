//===- IR.cpp - Modules and their operations in Python --------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Types and attributes are made from their text, which the frontend caches;
// operations through Builder. Operations, blocks and values are only valid
// while their module lives, which the frontend sees to.
//
//===----------------------------------------------------------------------===//

#include "IR.h"
#include "Diagnostics.h"

#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/InitAllDialects.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile::python;
using namespace nb::literals;

static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  tile::registerAllDialects(registry);
  return registry;
}

IRContext::IRContext()
    : context(makeRegistry(), MLIRContext::Threading::DISABLED) {
  context.loadAllAvailableDialects();
  // The operation behind a message tells a user of Python little.
  context.printOpOnDiagnostic(false);
}

template <typename T>
static std::string toText(T object) {
  std::string text;
  llvm::raw_string_ostream os(text);
  object.print(os);
  return text;
}

//===----------------------------------------------------------------------===//
// Contexts, types and attributes
//===----------------------------------------------------------------------===//

static Type typeFromText(IRContext &context, const std::string &text) {
  DiagnosticCollector diagnostics(context.get());
  Type type = mlir::parseType(text, context.get());
  if (!type)
    diagnostics.raise("cannot parse the type '" + text + "'");
  return type;
}

static Attribute attributeFromText(IRContext &context,
                                   const std::string &text) {
  DiagnosticCollector diagnostics(context.get());
  Attribute attribute = mlir::parseAttribute(text, context.get());
  if (!attribute)
    diagnostics.raise("cannot parse the attribute '" + text + "'");
  return attribute;
}

static Attribute getInteger(Type type, int64_t value) {
  return IntegerAttr::get(type, value);
}

static Attribute getFloat(Type type, double value) {
  return FloatAttr::get(type, value);
}

static Location getFileLocation(IRContext &context, const std::string &file,
                                unsigned line, unsigned column) {
  return FileLineColLoc::get(context.get(), file, line, column);
}

static void bindContext(nb::module_ &module) {
  nb::class_<Type>(module, "Type", "An MLIR type.")
      .def("__str__", &toText<Type>)
      .def("__repr__", &toText<Type>)
      .def("__eq__", [](Type a, Type b) { return a == b; })
      .def("__hash__",
           [](Type type) { return static_cast<size_t>(hash_value(type)); });
  nb::class_<Attribute>(module, "Attribute", "An MLIR attribute.")
      .def("__str__", [](Attribute a) { return toText(a); })
      .def("__repr__", [](Attribute a) { return toText(a); })
      .def("__eq__", [](Attribute a, Attribute b) { return a == b; })
      .def("__hash__",
           [](Attribute a) { return static_cast<size_t>(hash_value(a)); });
  nb::class_<Location>(module, "Location", "A place that IR comes from.")
      .def("__str__", [](Location loc) { return toText(loc); })
      .def_static(
          "call_site",
          [](Location callee, Location caller) -> Location {
            return CallSiteLoc::get(callee, caller);
          },
          "callee"_a, "caller"_a)
      .def_prop_ro("frames", &getFrames);
  nb::class_<IRContext>(
      module, "Context",
      "An MLIR context with the dialects of tile. Not for several threads at "
      "once.")
      .def(nb::init<>())
      .def("type", &typeFromText, "text"_a)
      .def("attribute", &attributeFromText, "text"_a)
      .def("string",
           [](IRContext &context, const std::string &text) -> Attribute {
             return StringAttr::get(context.get(), text);
           })
      .def("type_attribute",
           [](IRContext &, Type type) -> Attribute {
             return TypeAttr::get(type);
           })
      .def("integer", [](IRContext &, Type type,
                         int64_t value) { return getInteger(type, value); })
      .def("float", [](IRContext &, Type type,
                       double value) { return getFloat(type, value); })
      .def("location", &getFileLocation, "file"_a, "line"_a, "column"_a)
      .def("unknown_location", [](IRContext &context) -> Location {
        return UnknownLoc::get(context.get());
      });
}

//===----------------------------------------------------------------------===//
// Values, operations, blocks
//===----------------------------------------------------------------------===//

static std::optional<int64_t> getConstant(Value value) {
  APInt number;
  if (!matchPattern(value, m_ConstantInt(&number)) || !number.isSignedIntN(64))
    return std::nullopt;
  // A bool is 0 or 1.
  return number.getBitWidth() == 1 ? number.getZExtValue()
                                   : number.getSExtValue();
}

static void setType(Value value, Type type) {
  if (!isa<BlockArgument>(value) || !value.use_empty())
    throw nb::value_error("expected an argument that nothing uses yet");
  value.setType(type);
}

static std::string getOpName(Value value) {
  Operation *op = value.getDefiningOp();
  return op ? op->getName().getStringRef().str() : "";
}

static std::vector<Value> getOperands(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return {};
  return std::vector<Value>(op->operand_begin(), op->operand_end());
}

static bool isSameOperation(Value a, Value b) {
  Operation *x = a.getDefiningOp(), *y = b.getDefiningOp();
  return x && y && x->getName() == y->getName() && isMemoryEffectFree(x) &&
         x->getAttrDictionary() == y->getAttrDictionary() &&
         x->getNumOperands() == y->getNumOperands() &&
         x->getNumRegions() == 0 && a.getType() == b.getType() &&
         cast<OpResult>(a).getResultNumber() ==
             cast<OpResult>(b).getResultNumber();
}

/// Makes the operation again with other results, and moves its regions there.
static Operation *rebuild(Operation &op, const std::vector<Type> &types) {
  OperationState state(op.getLoc(), op.getName());
  state.addOperands(op.getOperands());
  state.addAttributes(op.getAttrs());
  state.addTypes(types);
  for (Region &region : op.getRegions())
    state.addRegion()->takeBody(region);
  OpBuilder builder(&op);
  Operation *result = builder.create(state);
  op.erase();
  return result;
}

static void bindOperations(nb::module_ &module) {
  nb::class_<Value>(module, "Value", "A result or a block argument.")
      .def_prop_ro("type", [](Value value) { return value.getType(); })
      .def("set_type", &setType, "type"_a,
           "Changes the type of an argument that nothing uses yet.")
      .def_prop_ro("location", [](Value value) { return value.getLoc(); })
      .def("__str__",
           [](Value value) {
             std::string text;
             llvm::raw_string_ostream os(text);
             value.print(os, OpPrintingFlags().skipRegions());
             return text;
           })
      .def("__eq__", [](Value a, Value b) { return a == b; })
      .def("__hash__",
           [](Value value) { return static_cast<size_t>(hash_value(value)); })
      .def("constant", &getConstant,
           "The integer that the value is known to be, or None.")
      .def("op_name", &getOpName,
           "The name of the operation that makes the value; empty for an "
           "argument.")
      .def("operands", &getOperands,
           "The operands of the operation that makes the value.")
      .def("same_operation", &isSameOperation, "other"_a,
           "Whether both values are made by operations without effects that "
           "differ at most in their operands.")
      .def_prop_ro("is_unused", [](Value value) { return value.use_empty(); });
  nb::class_<Block>(module, "Block", "A list of operations.")
      .def_prop_ro("arguments",
                   [](Block &block) {
                     return std::vector<Value>(block.args_begin(),
                                               block.args_end());
                   })
      .def("add_argument",
           [](Block &block, Type type, Location loc) -> Value {
             return block.addArgument(type, loc);
           })
      .def("is_empty", [](Block &block) { return block.empty(); })
      .def("__bool__", [](Block &) { return true; });
  nb::class_<Operation>(module, "Operation", "An operation.")
      .def_prop_ro(
          "name",
          [](Operation &op) { return op.getName().getStringRef().str(); })
      .def_prop_ro("location", [](Operation &op) { return op.getLoc(); })
      .def_prop_ro("results",
                   [](Operation &op) {
                     return std::vector<Value>(op.result_begin(),
                                               op.result_end());
                   })
      .def_prop_ro("result",
                   [](Operation &op) -> Value { return op.getResult(0); })
      .def("attribute",
           [](Operation &op,
              const std::string &name) -> std::optional<Attribute> {
             Attribute attribute = op.getAttr(name);
             return attribute ? std::optional(attribute) : std::nullopt;
           })
      .def("set_attribute",
           [](Operation &op, const std::string &name, Attribute attribute) {
             op.setAttr(name, attribute);
           })
      .def(
          "block",
          [](Operation &op, unsigned region) -> Block * {
            Region &body = op.getRegion(region);
            if (body.empty())
              body.emplaceBlock();
            return &body.front();
          },
          "region"_a = 0, nb::rv_policy::reference,
          "The first block of a region, made when there is none.")
      .def("rebuild", &rebuild, "types"_a, nb::rv_policy::reference,
           "Makes the operation again with results of other types; this one "
           "is gone.")
      .def("erase", [](Operation &op) { op.erase(); })
      .def("verify",
           [](Operation &op) {
             DiagnosticCollector diagnostics(op.getContext());
             if (failed(mlir::verify(&op)))
               diagnostics.raise("verification failed");
           })
      .def("__str__", [](Operation &op) {
        std::string text;
        llvm::raw_string_ostream os(text);
        op.print(os);
        return text;
      });
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

static IRModule parseModule(nb::object context, const std::string &text,
                            const std::string &name) {
  auto *ctx = nb::cast<IRContext &>(context).get();
  DiagnosticCollector diagnostics(ctx);
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(text, ParserConfig(ctx), name);
  if (!module)
    diagnostics.raise("cannot parse the module");
  return {context, std::move(module)};
}

static std::string printModule(IRModule &module, bool locations) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.enableDebugInfo(locations);
  module.module->print(os, flags);
  return text;
}

void mlir::tile::python::runPipeline(
    ModuleOp module, const std::string &pipeline,
    DiagnosticCollector &diagnostics,
    std::unique_ptr<PassInstrumentation> instrumentation) {
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  if (instrumentation)
    pm.addInstrumentation(std::move(instrumentation));
  std::string errors;
  llvm::raw_string_ostream os(errors);
  if (failed(parsePassPipeline(pipeline, pm, os)))
    diagnostics.raise("cannot parse the pipeline '" + pipeline +
                      "': " + errors);
  auto result = [&] {
    nb::gil_scoped_release release;
    return pm.run(module);
  }();
  if (failed(result))
    diagnostics.raise("the pipeline '" + pipeline + "' failed");
}

/// Runs a pipeline in place; returns the diagnostics that are no errors.
static std::vector<DiagnosticRecord> run(IRModule &module,
                                         const std::string &pipeline) {
  DiagnosticCollector diagnostics(module.module->getContext());
  runPipeline(*module.module, pipeline, diagnostics);
  return diagnostics.take();
}

/// Which arguments of a function it may write, by position.
static std::vector<bool> getWritten(IRModule &module, const std::string &name) {
  auto function = module.module->lookupSymbol<FunctionOpInterface>(name);
  if (!function)
    throw nb::value_error(("expected a function '" + name + "'").c_str());
  SmallVector<bool> written = tile::getWrittenArguments(function);
  return std::vector<bool>(written.begin(), written.end());
}

static void bindModules(nb::module_ &module) {
  nb::class_<IRModule>(module, "Module", "A module of IR.")
      .def_static(
          "create",
          [](nb::object context, Location loc) {
            return IRModule{context, ModuleOp::create(loc)};
          },
          "context"_a, "location"_a)
      .def_static("parse", &parseModule, "context"_a, "text"_a,
                  "name"_a = "text",
                  "Parses and verifies a module. Raises DiagnosticError.")
      .def_prop_ro("context", [](IRModule &m) { return m.context; })
      .def_prop_ro(
          "body", [](IRModule &m) { return m.module->getBody(); },
          nb::rv_policy::reference_internal)
      .def("clone",
           [](IRModule &m) { return IRModule{m.context, m.module->clone()}; })
      .def("verify",
           [](IRModule &m) {
             DiagnosticCollector diagnostics(m.module->getContext());
             if (failed(mlir::verify(*m.module)))
               diagnostics.raise("verification failed");
           })
      .def("written", &getWritten, "function"_a,
           "Which arguments of a function it may write, by position.")
      .def("text", &printModule, "locations"_a = false)
      .def("__str__", [](IRModule &m) { return printModule(m, false); })
      .def("run", &run, "pipeline"_a,
           "Runs a pipeline of passes on the module, in place. Returns the "
           "remarks and warnings; raises DiagnosticError.");
}

void mlir::tile::python::bindIR(nb::module_ &module) {
  bindContext(module);
  bindOperations(module);
  bindModules(module);
}

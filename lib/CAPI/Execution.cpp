//===- Execution.cpp - compile and call ------------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Execution.h"
#include "Call.h"
#include "tile/Execution/Arguments.h"
#include "tile/Execution/Executable.h"
#include "tile/InitAllDialects.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

namespace {
/// A compiled function, with what its callers may pass.
struct CompiledFunction {
  Executable executable;
  FunctionSignature signature;
  /// The types of the arguments that are passed at launch.
  SmallVector<Type> types;
  ExecutionTarget target;
};
} // namespace

static CompiledFunction *unwrap(TileExecutable executable) {
  return static_cast<CompiledFunction *>(executable.ptr);
}

TileCompileOptions tileCompileOptionsDefault(void) {
  ExecutionOptions defaults;
  return {TILE_TARGET_CPU, mlirStringRefCreateFromCString("sm_80"),
          defaults.optLevel};
}

//===----------------------------------------------------------------------===//
// What all compilations check
//===----------------------------------------------------------------------===//

static TileStatus convert(const TileCompileOptions *options,
                          ExecutionOptions &result) {
  if (!options)
    return failNull("options");
  if (options->target != TILE_TARGET_CPU && options->target != TILE_TARGET_CUDA)
    return fail(TILE_INVALID_ARGUMENT,
                "expected a target of 0 or 1, found " +
                    Twine(static_cast<int>(options->target)));
  if (options->optLevel < 0 || options->optLevel > 3)
    return fail(TILE_INVALID_ARGUMENT,
                "expected an optimisation level of 0 to 3, found " +
                    Twine(options->optLevel));
  if (!options->chip.data || !options->chip.length)
    return fail(TILE_INVALID_ARGUMENT, "expected a chip, found none");
  result.target = options->target == TILE_TARGET_CPU ? ExecutionTarget::CPU
                                                     : ExecutionTarget::CUDA;
  result.chip = unwrap(options->chip).str();
  result.optLevel = options->optLevel;
  return succeed();
}

/// Finds the function in a module that verifies.
static TileStatus findFunction(MlirModule module, MlirStringRef name,
                               const ErrorCollector &errors,
                               func::FuncOp &function) {
  TILE_RETURN_IF_FAILED(checkText(name, "the name of a function"));
  if (!name.length)
    return fail(TILE_INVALID_ARGUMENT,
                "expected the name of a function, found none");
  if (failed(verify(unwrap(module))))
    return errors.fail(TILE_INVALID_IR);
  auto entry = findEntry(unwrap(module), unwrap(name));
  if (!entry)
    return fail(TILE_INVALID_IR, toString(entry.takeError()));
  function = *entry;
  return succeed();
}

/// What the pipelines need must be known, whatever the module was built with.
static void registerDialects(MLIRContext *context) {
  DialectRegistry registry;
  registerAllDialects(registry);
  context->appendDialectRegistry(registry);
}

using EmitFn = llvm::Expected<std::string> (*)(ModuleOp, StringRef,
                                               const ExecutionOptions &);

static TileStatus emit(EmitFn emitText, MlirModule module, MlirStringRef name,
                       const TileCompileOptions *options, TileBytes *result) {
  if (!module.ptr)
    return failNull("a module");
  if (!result)
    return failNull("a place for the result");
  ExecutionOptions converted;
  TILE_RETURN_IF_FAILED(convert(options, converted));
  registerDialects(unwrap(module).getContext());
  ErrorCollector errors(unwrap(module).getContext());
  func::FuncOp function;
  TILE_RETURN_IF_FAILED(findFunction(module, name, errors, function));
  auto text = emitText(unwrap(module), function.getName(), converted);
  if (!text)
    return errors.fail(TILE_COMPILE_FAILED, text.takeError());
  return giveBytes(*text, result);
}

TileStatus tileEmitPTX(MlirModule module, MlirStringRef function,
                       const TileCompileOptions *options, TileBytes *ptx) {
  return emit(emitPTX, module, function, options, ptx);
}

TileStatus tileEmitCubin(MlirModule module, MlirStringRef function,
                         const TileCompileOptions *options, TileBytes *cubin) {
  return emit(emitCubin, module, function, options, cubin);
}

TileStatus tileEmitLLVM(MlirModule module, MlirStringRef function,
                        const TileCompileOptions *options, TileBytes *text) {
  return emit(emitLLVM, module, function, options, text);
}

//===----------------------------------------------------------------------===//
// Executables
//===----------------------------------------------------------------------===//

TileStatus tileExecutableCompile(MlirModule module, MlirStringRef name,
                                 const TileCompileOptions *options,
                                 TileExecutable *executable) {
  if (!module.ptr)
    return failNull("a module");
  if (!executable)
    return failNull("a place for the executable");
  ExecutionOptions converted;
  TILE_RETURN_IF_FAILED(convert(options, converted));
  registerDialects(unwrap(module).getContext());
  ErrorCollector errors(unwrap(module).getContext());
  func::FuncOp function;
  TILE_RETURN_IF_FAILED(findFunction(module, name, errors, function));
  auto signature = FunctionSignature::create(function);
  if (!signature)
    return fail(TILE_INVALID_IR, toString(signature.takeError()));
  auto compiled =
      Executable::compile(unwrap(module), function.getName(), converted);
  if (!compiled)
    return errors.fail(TILE_COMPILE_FAILED, compiled.takeError());
  SmallVector<Type> types;
  for (unsigned parameter : signature->getKernelParameters())
    types.push_back(function.getArgumentTypes()[parameter]);
  executable->ptr =
      new CompiledFunction{std::move(*compiled), std::move(*signature),
                           std::move(types), converted.target};
  return succeed();
}

void tileExecutableDestroy(TileExecutable executable) {
  delete unwrap(executable);
}

/// Packs a value that has been checked against its parameter.
static void pack(Type type, const CallArgument &value, size_t index,
                 PackedArguments &packed) {
  auto buffer = dyn_cast<BaseMemRefType>(type);
  if (!buffer)
    return packed.setScalar(index, getScalarBits(type, value));
  auto *tensor = std::get_if<TensorView>(&value);
  if (!tensor)
    return packed.setAbsent(index, cast<MemRefType>(buffer).getRank());
  if (!tensor->strides)
    return packed.setBuffer(index, tensor->data, tensor->getShape());
  packed.setStridedBuffer(
      index, tensor->data, tensor->getShape(),
      ArrayRef(tensor->strides, static_cast<size_t>(tensor->rank)));
}

TileStatus tileExecutableCall(TileExecutable executable, const TileCall *call) {
  if (!executable.ptr)
    return failNull("an executable");
  CompiledFunction &function = *unwrap(executable);
  Device device;
  if (function.target == ExecutionTarget::CUDA)
    device.type = Device::CUDA;
  BoundCall bound;
  TILE_RETURN_IF_FAILED(bound.bind(function.signature, call, device));
  SmallVector<const CallArgument *> values;
  function.signature.getKernelArguments(bound.get(), values);
  PackedArguments packed(values.size());
  for (auto [index, value] : llvm::enumerate(values))
    pack(function.types[index], *value, index, packed);
  if (llvm::Error error = function.executable.invoke(packed.get()))
    return fail(TILE_CALL_FAILED, toString(std::move(error)));
  return succeed();
}

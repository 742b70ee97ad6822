//===- CFunctions.cpp - Functions that C can call ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Around the entry, which takes memref descriptors, two functions are built:
// one that unpacks an array of pointers, for the runtime to call, and the one
// that C calls, which packs its parameters and hands them to the runtime along
// with a description of what the code was compiled for. The runtime does the
// rest.
//
//===----------------------------------------------------------------------===//

#include "CInterface.h"
#include "HostCode.h"
#include "tile/Support/Error.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace mlir;
using namespace mlir::tile;
using llvm::Constant;
using llvm::Error;
using llvm::Function;
using llvm::GlobalValue;

namespace {
/// Builds the functions of one interface.
class CFunctionBuilder {
public:
  CFunctionBuilder(llvm::Module &module, const CInterface &interface)
      : module(module), interface(interface), builder(module.getContext()),
        pointer(builder.getPtrTy()) {}

  void run(Function *target);

private:
  Function *createFunction(llvm::Type *result, ArrayRef<llvm::Type *> types,
                           const Twine &name, GlobalValue::LinkageTypes);
  void buildCall(Function *target, Constant *description);
  void buildErrorFunction();

  Constant *getNumbers(ArrayRef<int64_t> values);
  Constant *getText(StringRef text);
  Constant *addGlobal(Constant *value);
  Constant *describe(const CParameter &parameter);
  Constant *describe(Function *packed);
  llvm::Value *pack(const CParameter &parameter, llvm::Value *value,
                    llvm::Type *type);

  llvm::Module &module;
  const CInterface &interface;
  llvm::IRBuilder<> builder;
  llvm::Type *pointer;
};
} // namespace

Function *CFunctionBuilder::createFunction(llvm::Type *result,
                                           ArrayRef<llvm::Type *> types,
                                           const Twine &name,
                                           GlobalValue::LinkageTypes linkage) {
  auto *type = llvm::FunctionType::get(result, types, /*isVarArg=*/false);
  Function *function = Function::Create(type, linkage, name, module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  return function;
}

//===----------------------------------------------------------------------===//
// What the runtime is told
//===----------------------------------------------------------------------===//

Constant *CFunctionBuilder::addGlobal(Constant *value) {
  return new llvm::GlobalVariable(module, value->getType(),
                                  /*isConstant=*/true,
                                  GlobalValue::PrivateLinkage, value);
}

Constant *CFunctionBuilder::getNumbers(ArrayRef<int64_t> values) {
  SmallVector<uint64_t> words(values.begin(), values.end());
  return addGlobal(llvm::ConstantDataArray::get(module.getContext(), words));
}

Constant *CFunctionBuilder::getText(StringRef text) {
  return addGlobal(
      llvm::ConstantDataArray::getString(module.getContext(), text));
}

/// A TileArgument.
Constant *CFunctionBuilder::describe(const CParameter &parameter) {
  Constant *null = Constant::getNullValue(pointer);
  MemRefType type = parameter.getTensor();
  Constant *sizes = null, *strides = null;
  if (type) {
    SmallVector<int64_t> numbers =
        llvm::map_to_vector(type.getShape(), [](int64_t size) {
          return ShapedType::isDynamic(size) ? -1 : size;
        });
    sizes = getNumbers(numbers);
    numbers.clear();
    int64_t offset;
    // Open strides are INT64_MIN, as the runtime has it, too.
    static_assert(ShapedType::kDynamic == INT64_MIN);
    if (!type.getLayout().isIdentity() &&
        succeeded(type.getStridesAndOffset(numbers, offset)))
      strides = getNumbers(numbers);
  }
  return llvm::ConstantStruct::getAnon(
      {getText(parameter.name), builder.getInt64(parameter.isOptional),
       builder.getInt64(type ? type.getRank() : -1), sizes, strides});
}

/// A TileFunction.
Constant *CFunctionBuilder::describe(Function *packed) {
  llvm::Type *word = builder.getInt64Ty();
  auto *type = llvm::StructType::get(pointer, word, word, pointer, pointer);
  SmallVector<Constant *> arguments;
  for (const CParameter &parameter : interface.parameters)
    arguments.push_back(describe(parameter));
  auto *array = llvm::ArrayType::get(type, arguments.size());
  auto *owner = new llvm::GlobalVariable(
      module, word, /*isConstant=*/false, GlobalValue::InternalLinkage,
      builder.getInt64(0), "tile_owner." + interface.symbol);
  return addGlobal(llvm::ConstantStruct::getAnon(
      {packed, builder.getInt64(arguments.size()),
       addGlobal(llvm::ConstantArray::get(array, arguments)), owner}));
}

//===----------------------------------------------------------------------===//
// What C calls
//===----------------------------------------------------------------------===//

/// The pointer that stands for a parameter: a tensor's own, or that to a copy.
llvm::Value *CFunctionBuilder::pack(const CParameter &parameter,
                                    llvm::Value *value, llvm::Type *type) {
  if (parameter.getTensor() && !parameter.isAddress())
    return value;
  // 16-bit floats come as floats, and bools as bytes.
  if (type->is16bitFPTy())
    value = builder.CreateFPTrunc(value, type);
  llvm::Value *copy = builder.CreateAlloca(value->getType());
  builder.CreateStore(value, copy);
  return copy;
}

/// The type of a parameter in C, whose value the entry has as `type`.
static llvm::Type *getPassedType(llvm::Type *type) {
  if (type->is16bitFPTy())
    return llvm::Type::getFloatTy(type->getContext());
  if (type->isIntegerTy(1))
    return llvm::Type::getInt8Ty(type->getContext());
  return type;
}

void CFunctionBuilder::buildCall(Function *target, Constant *description) {
  SmallVector<llvm::Type *> types;
  for (const llvm::Argument &argument : target->args())
    types.push_back(getPassedType(argument.getType()));
  if (interface.isForGPU)
    types.push_back(pointer);
  Function *function =
      createFunction(builder.getInt32Ty(), types, interface.symbol,
                     GlobalValue::ExternalLinkage);
  auto *array = llvm::ArrayType::get(pointer, interface.parameters.size());
  llvm::Value *packed = builder.CreateAlloca(array);
  for (auto [index, parameter] : llvm::enumerate(interface.parameters)) {
    llvm::Value *value = pack(parameter, function->getArg(index),
                              target->getArg(index)->getType());
    builder.CreateStore(value,
                        builder.CreateConstGEP1_64(pointer, packed, index));
  }
  llvm::Value *stream = Constant::getNullValue(pointer);
  if (interface.isForGPU)
    stream = function->getArg(function->arg_size() - 1);
  llvm::FunctionCallee call = module.getOrInsertFunction(
      "tileRuntimeCall", builder.getInt32Ty(), pointer, pointer, pointer);
  builder.CreateRet(builder.CreateCall(call, {description, packed, stream}));
}

void CFunctionBuilder::buildErrorFunction() {
  createFunction(pointer, {}, interface.getErrorSymbol(),
                 GlobalValue::ExternalLinkage);
  builder.CreateRet(builder.CreateCall(
      module.getOrInsertFunction("tileRuntimeLastError", pointer)));
}

void CFunctionBuilder::run(Function *target) {
  Function *packed =
      addPackedEntry(module, target, "tile_packed." + interface.symbol);
  buildCall(target, describe(packed));
  buildErrorFunction();
}

/// Makes way for a function of that name, which only the entry may have.
static Error freeName(llvm::Module &module, StringRef name) {
  GlobalValue *taken = module.getNamedValue(name);
  if (!taken)
    return Error::success();
  if (taken->isDeclaration())
    return makeError("the code calls the function '" + name +
                     "' of C, so it needs another name itself");
  taken->setName("tile_entry." + name);
  return Error::success();
}

Error mlir::tile::addCFunctions(llvm::Module &module,
                                const CInterface &interface, StringRef target) {
  Function *entry = module.getFunction(target);
  std::string names[] = {interface.symbol, interface.getErrorSymbol()};
  for (StringRef name : names)
    if (Error error = freeName(module, name))
      return error;
  CFunctionBuilder(module, interface).run(entry);
  llvm::internalizeModule(module, [&](const GlobalValue &value) {
    return llvm::is_contained(names, value.getName());
  });
  return Error::success();
}

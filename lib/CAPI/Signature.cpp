//===- Signature.cpp - what callers may pass -------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile-c/Signature.h"
#include "Call.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace mlir::tile;
using namespace mlir::tile::capi;

static FunctionSignature *unwrap(TileSignature signature) {
  return static_cast<FunctionSignature *>(signature.ptr);
}

/// Calls `read` on a parameter that exists.
template <typename Fn>
static TileStatus inspectParameter(TileSignature signature, intptr_t index,
                                   const void *result, Fn &&read) {
  if (!signature.ptr)
    return failNull("a signature");
  if (!result)
    return failNull("a place for the result");
  TILE_RETURN_IF_FAILED(
      checkIndex(index, unwrap(signature)->getNumParameters()));
  read(*unwrap(signature));
  return succeed();
}

/// The function that an operation is, after verifying it.
static TileStatus getFunction(MlirOperation operation,
                              const ErrorCollector &errors,
                              func::FuncOp &function) {
  function = dyn_cast<func::FuncOp>(unwrap(operation));
  if (!function)
    return fail(TILE_INVALID_ARGUMENT,
                "expected a 'func.func', found '" +
                    unwrap(operation)->getName().getStringRef() + "'");
  if (failed(verify(function)))
    return errors.fail(TILE_INVALID_IR);
  return succeed();
}

TileStatus tileSignatureCreate(MlirOperation function,
                               TileSignature *signature) {
  if (!function.ptr)
    return failNull("a function");
  if (!signature)
    return failNull("a place for the signature");
  ErrorCollector errors(unwrap(function)->getContext());
  func::FuncOp func;
  TILE_RETURN_IF_FAILED(getFunction(function, errors, func));
  auto created = FunctionSignature::create(func);
  if (!created)
    return fail(TILE_INVALID_IR, toString(created.takeError()));
  signature->ptr = new FunctionSignature(std::move(*created));
  return succeed();
}

void tileSignatureDestroy(TileSignature signature) { delete unwrap(signature); }

TileStatus tileSignatureGetNumParameters(TileSignature signature,
                                         intptr_t *count) {
  if (!signature.ptr)
    return failNull("a signature");
  if (!count)
    return failNull("a place for the result");
  *count = unwrap(signature)->getNumParameters();
  return succeed();
}

TileStatus tileSignatureGetParameterName(TileSignature signature,
                                         intptr_t index, MlirStringRef *name) {
  return inspectParameter(signature, index, name,
                          [&](FunctionSignature &signature) {
                            *name = wrap(signature.getParameterNames()[index]);
                          });
}

TileStatus tileSignatureGetAnnotation(TileSignature signature, intptr_t index,
                                      MlirAttribute *annotation) {
  return inspectParameter(signature, index, annotation,
                          [&](FunctionSignature &signature) {
                            *annotation = wrap(signature.getAnnotation(index));
                          });
}

TileStatus tileSignatureIsKernelParameter(TileSignature signature,
                                          intptr_t index,
                                          bool *isKernelParameter) {
  return inspectParameter(
      signature, index, isKernelParameter, [&](FunctionSignature &signature) {
        *isKernelParameter =
            llvm::is_contained(signature.getKernelParameters(), index);
      });
}

TileStatus tileSignatureIsStaticParameter(TileSignature signature,
                                          intptr_t index,
                                          bool *isStaticParameter) {
  return inspectParameter(
      signature, index, isStaticParameter, [&](FunctionSignature &signature) {
        *isStaticParameter =
            llvm::is_contained(signature.getStaticParameters(), index);
      });
}

TileStatus tileSignatureIsAllStatic(TileSignature signature,
                                    bool *isAllStatic) {
  if (!signature.ptr)
    return failNull("a signature");
  if (!isAllStatic)
    return failNull("a place for the result");
  *isAllStatic = unwrap(signature)->isAllStatic();
  return succeed();
}

TileStatus tileSignatureGetKey(TileSignature signature, const TileCall *call,
                               TileBytes *key, uint64_t *hash) {
  if (!signature.ptr)
    return failNull("a signature");
  if (!key || !hash)
    return failNull("a place for the result");
  BoundCall bound;
  TILE_RETURN_IF_FAILED(bound.bind(*unwrap(signature), call));
  SmallVector<char> content;
  *hash = unwrap(signature)->getKey(bound.get(), content);
  return giveBytes(StringRef(content.data(), content.size()), key);
}

TileStatus tileSignatureSpecialize(TileSignature signature,
                                   const TileCall *call,
                                   MlirOperation function) {
  if (!signature.ptr)
    return failNull("a signature");
  if (!function.ptr)
    return failNull("a function");
  ErrorCollector errors(unwrap(function)->getContext());
  func::FuncOp func;
  TILE_RETURN_IF_FAILED(getFunction(function, errors, func));
  size_t expected = unwrap(signature)->getNumParameters();
  if (func.getNumArguments() != expected)
    return fail(TILE_INVALID_ARGUMENT,
                "expected a function of " + Twine(expected) +
                    " arguments, found " + Twine(func.getNumArguments()));
  BoundCall bound;
  TILE_RETURN_IF_FAILED(bound.bind(*unwrap(signature), call));
  if (llvm::Error error = unwrap(signature)->specialize(func, bound.get()))
    return errors.fail(TILE_INVALID_IR, std::move(error));
  return succeed();
}

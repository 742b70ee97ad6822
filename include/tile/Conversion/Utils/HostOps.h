//===- HostOps.h - tile ops in code that runs on the host -------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What stands outside a kernel, and everything on the CPU path, runs on the
// host: prints call printf, failed assertions call the runtime. Ops that need
// no block mean the same on every target and are lowered here too.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_CONVERSION_UTILS_HOSTOPS_H
#define TILE_CONVERSION_UTILS_HOSTOPS_H

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::tile {

/// The format string of a print: its text and one specifier for each value.
/// Converts `values` to what the specifiers want.
std::string buildPrintFormat(PrintOp op, OpBuilder &builder,
                             SmallVectorImpl<Value> &values);

/// The format string of printf for the message of an assertion with the place
/// it stands at. Converts `values` to what its specifiers want.
std::string buildAssertFormat(AssertOp op, OpBuilder &builder,
                              SmallVectorImpl<Value> &values);

/// The address of a constant string that ends with a zero byte.
Value getString(RewriterBase &rewriter, Operation *op, StringRef prefix,
                StringRef text);

/// The declaration of a C function, added when the module has none.
LLVM::LLVMFuncOp getFunction(RewriterBase &rewriter, Operation *op,
                             StringRef name, LLVM::LLVMFunctionType type);

/// Replace the op by host code.
void lowerHostPrint(PrintOp op, RewriterBase &rewriter);
void lowerHostAssert(AssertOp op, RewriterBase &rewriter);

/// Replace the op by code for the thread that executes it.
void lowerAtomic(AtomicOp op, RewriterBase &rewriter);
void lowerAssume(AssumeOp op, RewriterBase &rewriter);
void lowerPipelined(PipelinedOp op, RewriterBase &rewriter);

/// Replaces the views under `root` by casts that the conversion of memrefs to
/// descriptors removes.
void lowerViews(Operation *root);

/// Refuses tile ops that are not in a function at the top of `module`, which is
/// all that the conversions look at.
LogicalResult checkPlaces(ModuleOp module);

/// Replaces #tile.scope memory spaces in all types under `root`.
void replaceScopes(Operation *root,
                   function_ref<Attribute(Scope)> convertScope);

} // namespace mlir::tile

#endif // TILE_CONVERSION_UTILS_HOSTOPS_H

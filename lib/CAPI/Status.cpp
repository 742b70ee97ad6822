//===- Status.cpp - how the C functions fail -------------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Status.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <cstring>

using namespace mlir;
using namespace mlir::tile;

static std::string &getMessage() {
  static thread_local std::string message;
  return message;
}

const char *tileGetErrorMessage(void) { return getMessage().c_str(); }

void tileBytesDestroy(TileBytes *bytes) {
  if (!bytes)
    return;
  std::free(bytes->data);
  *bytes = TileBytes();
}

TileStatus capi::succeed() {
  getMessage().clear();
  return TILE_SUCCESS;
}

TileStatus capi::fail(TileStatus status, const Twine &message) {
  getMessage() = message.str();
  return status;
}

TileStatus capi::failNull(StringRef what) {
  return fail(TILE_INVALID_ARGUMENT, "expected " + what + ", found null");
}

TileStatus capi::checkIndex(intptr_t index, intptr_t count) {
  if (index >= 0 && index < count)
    return succeed();
  return fail(TILE_INVALID_ARGUMENT, "expected an index below " + Twine(count) +
                                         ", found " + Twine(index));
}

TileStatus capi::checkText(MlirStringRef text, StringRef what) {
  if (text.data || !text.length)
    return succeed();
  return failNull(what);
}

TileStatus capi::giveBytes(StringRef content, TileBytes *bytes) {
  auto *data = static_cast<char *>(std::malloc(content.size() + 1));
  if (!data)
    return fail(TILE_COMPILE_FAILED,
                "failed to allocate " + Twine(content.size()) + " bytes");
  std::memcpy(data, content.data(), content.size());
  data[content.size()] = '\0';
  *bytes = {data, content.size()};
  return succeed();
}

static void printLocation(raw_ostream &os, Location loc) {
  if (auto file = loc->findInstanceOf<FileLineColLoc>())
    os << file.getFilename().getValue() << ':' << file.getLine() << ':'
       << file.getColumn() << ": ";
}

capi::ErrorCollector::ErrorCollector(MLIRContext *context)
    : emitError(
          [context] { return mlir::emitError(UnknownLoc::get(context)); }),
      handler(context,
              [this, thread = llvm::get_threadid()](
                  Diagnostic &diagnostic) -> LogicalResult {
                // What other threads report, and remarks, are for other
                // handlers.
                if (diagnostic.getSeverity() != DiagnosticSeverity::Error ||
                    llvm::get_threadid() != thread)
                  return failure();
                llvm::raw_string_ostream os(text);
                if (!text.empty())
                  os << '\n';
                printLocation(os, diagnostic.getLocation());
                os << "error: " << diagnostic;
                for (Diagnostic &note : diagnostic.getNotes()) {
                  os << '\n';
                  printLocation(os, note.getLocation());
                  os << "note: " << note;
                }
                return success();
              }) {}

TileStatus capi::ErrorCollector::fail(TileStatus status) const {
  // Some passes fail in silence.
  return capi::fail(status, text.empty() ? "failed without a diagnostic"
                                         : text.c_str());
}

TileStatus capi::ErrorCollector::fail(TileStatus status,
                                      llvm::Error error) const {
  std::string message = toString(std::move(error));
  return capi::fail(status, text.empty() ? message : text);
}

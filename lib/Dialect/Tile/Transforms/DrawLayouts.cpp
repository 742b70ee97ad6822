//===- DrawLayouts.cpp - pictures of the layouts of buffers -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/SharedSwizzle.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Layout/Draw.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEDRAWLAYOUTS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {
struct DrawLayoutsPass
    : public tile::impl::TileDrawLayoutsBase<DrawLayoutsPass> {
  using TileDrawLayoutsBase::TileDrawLayoutsBase;

  LogicalResult initializeOptions(
      StringRef options,
      function_ref<LogicalResult(const Twine &)> errorHandler) override;
  void runOnOperation() override;
  LogicalResult write(AllocOp op, StringRef name, StringRef picture);
};
} // namespace

/// A folder may stand alone.
LogicalResult DrawLayoutsPass::initializeOptions(
    StringRef options,
    function_ref<LogicalResult(const Twine &)> errorHandler) {
  if (options.empty() || options.contains('='))
    return Pass::initializeOptions(options, errorHandler);
  dir = options.str();
  return success();
}

static std::string drawShared(AllocOp op, StringRef title) {
  MemRefType type = op.getBuffer().getType();
  int64_t swizzle = op.getSwizzle().value_or(0);
  auto getByte = [&](ArrayRef<int64_t> place) {
    return getSharedByte(type, swizzle, place);
  };
  int64_t size = type.getNumElements() * getElementBytes(type);
  std::string layout = swizzle ? "swizzle(" + std::to_string(swizzle) + ")"
                               : "rows one after another";
  return drawShared(SharedPlaces{type.getShape(), size, getByte, layout},
                    title);
}

/// The picture of the buffer; empty when there is nothing to draw.
static std::string draw(AllocOp op, StringRef title) {
  if (auto layout = op->getAttrOfType<LayoutAttr>(kLayoutAttrName))
    return drawFragment(layout.getValue(), title);
  if (tile::getScope(op.getBuffer()) == Scope::Shared)
    return drawShared(op, title);
  return "";
}

/// The name of a file, and safe as one.
static std::string getFileName(AllocOp op, size_t number) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  std::string name = function ? function.getName().str() : "module";
  name += '-';
  name += op.getName() ? op.getName()->str() : std::to_string(number);
  for (char &c : name)
    if (!llvm::isAlnum(c) && c != '_' && c != '-')
      c = '_';
  return name;
}

LogicalResult DrawLayoutsPass::write(AllocOp op, StringRef name,
                                     StringRef picture) {
  SmallString<128> path(dir);
  llvm::sys::path::append(path, name + ".svg");
  std::error_code error;
  llvm::raw_fd_ostream file(path, error);
  if (!error) {
    file << picture;
    file.close();
    error = file.error();
    file.clear_error();
  }
  if (error)
    return op.emitError("cannot write the picture '")
           << path << "': " << error.message();
  ++numPictures;
  return success();
}

void DrawLayoutsPass::runOnOperation() {
  if (dir.empty()) {
    getOperation().emitError("expected a folder for pictures of layouts");
    return signalPassFailure();
  }
  if (std::error_code error = llvm::sys::fs::create_directories(dir)) {
    getOperation().emitError("cannot make the folder '")
        << dir << "': " << error.message();
    return signalPassFailure();
  }
  llvm::StringSet<> names;
  llvm::DenseMap<Operation *, size_t> numbers;
  WalkResult result = getOperation().walk([&](AllocOp op) -> WalkResult {
    auto function = op->getParentOfType<FunctionOpInterface>();
    std::string base = getFileName(op, numbers[function]++), name = base;
    // Other characters may have been replaced by the same ones.
    for (size_t copy = 2; !names.insert(name).second; ++copy)
      name = base + "-" + std::to_string(copy);
    std::string type;
    llvm::raw_string_ostream(type) << op.getBuffer().getType();
    std::string picture = draw(op, name + " : " + type);
    return picture.empty() ? success() : write(op, name, picture);
  });
  if (result.wasInterrupted())
    signalPassFailure();
}

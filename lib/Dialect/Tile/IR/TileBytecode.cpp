//===- TileBytecode.cpp - the dialect in bytecode --------------*- C++ -*--===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attributes and types are written as their text, as MLIR does by default: it
// is what the parser checks in full, so a damaged file cannot make one that the
// dialect would refuse. Properties have their names (OpProperties.h).
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileBytecode.h"
#include "OpProperties.h"
#include "TileBytecode.h"
#include "tile/Dialect/Tile/IR/TileDialect.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
struct TileBytecodeInterface : BytecodeDialectInterface {
  explicit TileBytecodeInterface(Dialect *dialect)
      : BytecodeDialectInterface(dialect) {}

  void writeVersion(DialectBytecodeWriter &writer) const final {
    // The writer may have been asked for another version.
    auto asked = writer.getDialectVersion<TileDialect>();
    writer.writeVarInt(
        succeeded(asked)
            ? static_cast<const TileDialectVersion *>(*asked)->number
            : TileDialectVersion::kCurrent);
  }

  std::unique_ptr<DialectVersion>
  readVersion(DialectBytecodeReader &reader) const final {
    uint64_t number = 0;
    if (failed(reader.readVarInt(number)))
      return nullptr;
    if (number < 1 || number > TileDialectVersion::kCurrent) {
      reader.emitError() << "expected version 1 to "
                         << TileDialectVersion::kCurrent
                         << " of the tile dialect, found " << number;
      return nullptr;
    }
    return std::make_unique<TileDialectVersion>(number);
  }

  /// Brings what an older version wrote up to date, one version after another.
  /// The first version has nothing before it.
  LogicalResult upgradeFromVersion(Operation *,
                                   const DialectVersion &version) const final {
    [[maybe_unused]] auto &found =
        static_cast<const TileDialectVersion &>(version);
    assert(found.number <= TileDialectVersion::kCurrent &&
           "expected what readVersion has let through");
    return success();
  }
};
} // namespace

void mlir::tile::detail::addBytecodeInterface(TileDialect *dialect) {
  dialect->addInterfaces<TileBytecodeInterface>();
}

LogicalResult
mlir::tile::detail::checkPropertyNames(DialectBytecodeReader &reader,
                                       OperationName op, DictionaryAttr found,
                                       Attribute known) {
  auto names = llvm::cast_or_null<DictionaryAttr>(known);
  for (NamedAttribute property : found)
    if (!names || !names.contains(property.getName()))
      return reader.emitError()
             << "expected a property that '" << op << "' has, found '"
             << property.getName().getValue() << "'";
  return success();
}

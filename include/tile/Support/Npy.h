//===- Npy.h - NumPy array files --------------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads .npy files of format versions 1.0, 2.0 and 3.0 and writes them. Arrays
// are held in C order and the machine's byte order, whatever the file says.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_SUPPORT_NPY_H
#define TILE_SUPPORT_NPY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mlir::tile {

/// An element type as NumPy names it: 'f', 'i', 'u', 'b' (bool) or 'V' (opaque
/// bits, which is how the bfloat16 and float8 types of ml_dtypes are saved),
/// and a size in bytes.
struct NpyType {
  char kind = 'f';
  unsigned bytes = 4;

  bool operator==(const NpyType &other) const {
    return kind == other.kind && bytes == other.bytes;
  }
  /// The name in files: "f4".
  std::string code() const;
  /// The name in messages: "float32", or "void2" for opaque bits.
  std::string name() const;
};

/// An array in memory. The data starts at a 64-byte boundary.
struct NpyArray {
  NpyType type;
  llvm::SmallVector<int64_t> shape;
  std::unique_ptr<llvm::WritableMemoryBuffer> data;

  /// An array with uninitialised data. Fails when the size does not fit.
  static llvm::Expected<NpyArray> create(NpyType type,
                                         llvm::ArrayRef<int64_t> shape);
  /// A copy with data of its own.
  llvm::Expected<NpyArray> clone() const;

  char *begin() { return data->getBufferStart(); }
  const char *begin() const { return data->getBufferStart(); }
  size_t sizeInBytes() const { return data->getBufferSize(); }
};

/// Reads a file. Any defect is one error that begins with the file's name.
llvm::Expected<NpyArray> readNpy(llvm::StringRef path);

/// A file being written: the contents go to a temporary name in the same
/// folder, which `commit` renames. Without a commit nothing is left.
class NpyWriter {
public:
  static llvm::Expected<NpyWriter> write(llvm::StringRef path,
                                         const NpyArray &array);
  NpyWriter(NpyWriter &&other);
  NpyWriter &operator=(NpyWriter &&) = delete;
  ~NpyWriter();

  llvm::Error commit();

private:
  NpyWriter(std::string path, std::string temporary)
      : path(std::move(path)), temporary(std::move(temporary)) {}

  std::string path;
  std::string temporary;
};

/// Whether a file of this name could be created now, without creating it.
llvm::Error checkNpyPath(llvm::StringRef path);

/// Writes a file in one step.
llvm::Error writeNpy(llvm::StringRef path, const NpyArray &array);

/// The bytes that an array of this type and shape takes, or nothing when that
/// overflows or a size is negative.
std::optional<uint64_t> getNpyBytes(NpyType type,
                                    llvm::ArrayRef<int64_t> shape);

/// "4x8", or "scalar" for rank 0, as messages give shapes.
std::string formatShape(llvm::ArrayRef<int64_t> shape);

} // namespace mlir::tile

#endif // TILE_SUPPORT_NPY_H

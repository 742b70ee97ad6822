//===- Npy.cpp - NumPy array files ------------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Support/Npy.h"
#include "NpyHeader.h"
#include "tile/Support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;

std::string NpyType::code() const { return kind + std::to_string(bytes); }

std::string NpyType::name() const {
  switch (kind) {
  case 'f':
    return "float" + std::to_string(8 * bytes);
  case 'i':
    return "int" + std::to_string(8 * bytes);
  case 'u':
    return "uint" + std::to_string(8 * bytes);
  case 'b':
    return "bool";
  default:
    return "void" + std::to_string(bytes);
  }
}

std::string mlir::tile::formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  raw_string_ostream os(text);
  interleave(shape, os, "x");
  return text;
}

std::optional<uint64_t> mlir::tile::getNpyBytes(NpyType type,
                                                ArrayRef<int64_t> shape) {
  if (any_of(shape, [](int64_t size) { return size < 0; }))
    return std::nullopt;
  if (is_contained(shape, 0))
    return 0;
  std::optional<int64_t> bytes = type.bytes;
  for (int64_t size : shape)
    if (!(bytes = checkedMul(*bytes, size)))
      return std::nullopt;
  return *bytes;
}

Expected<NpyArray> NpyArray::create(NpyType type, ArrayRef<int64_t> shape) {
  std::optional<uint64_t> bytes = getNpyBytes(type, shape);
  if (!bytes)
    return makeError("unsupported shape " + formatShape(shape) +
                     " (its size overflows)");
  NpyArray array;
  array.type = type;
  array.shape.assign(shape.begin(), shape.end());
  array.data =
      WritableMemoryBuffer::getNewUninitMemBuffer(*bytes, "", Align(64));
  if (!array.data)
    return makeError("failed to allocate " + Twine(*bytes) + " bytes");
  return array;
}

Expected<NpyArray> NpyArray::clone() const {
  Expected<NpyArray> copy = create(type, shape);
  if (copy && sizeInBytes())
    std::memcpy(copy->begin(), begin(), sizeInBytes());
  return copy;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Splits a file's contents into the header's text and the data.
static Error splitFile(StringRef contents, StringRef &header, StringRef &data) {
  if (!contents.starts_with(StringRef("\x93NUMPY", 6)))
    return makeError("expected a .npy file, got another format");
  if (contents.size() < 8)
    return makeError("truncated header");
  unsigned major = static_cast<unsigned char>(contents[6]);
  unsigned minor = static_cast<unsigned char>(contents[7]);
  if (major < 1 || major > 3 || minor != 0)
    return makeError("unsupported .npy version " + Twine(major) + "." +
                     Twine(minor));
  size_t prefix = major == 1 ? 10 : 12;
  if (contents.size() < prefix)
    return makeError("truncated header");
  uint64_t length = 0;
  for (size_t i = prefix; i > 8; --i)
    length = (length << 8) | static_cast<unsigned char>(contents[i - 1]);
  contents = contents.drop_front(prefix);
  if (contents.size() < length)
    return makeError("truncated header (expected " + Twine(length) +
                     " bytes, got " + Twine(contents.size()) + ")");
  header = contents.take_front(length);
  data = contents.drop_front(length);
  return Error::success();
}

/// Copies elements from Fortran order (first index fastest) to C order.
static void transpose(const char *from, char *to, ArrayRef<int64_t> shape,
                      unsigned bytes, size_t count) {
  SmallVector<size_t> strides;
  size_t stride = bytes;
  for (int64_t size : shape) {
    strides.push_back(stride);
    stride *= size;
  }
  SmallVector<int64_t> index(shape.size(), 0);
  size_t offset = 0;
  for (size_t i = 0; i < count; ++i, to += bytes) {
    std::memcpy(to, from + offset, bytes);
    for (size_t dim = shape.size(); dim-- > 0;) {
      offset += strides[dim];
      if (++index[dim] < shape[dim])
        break;
      offset -= strides[dim] * shape[dim];
      index[dim] = 0;
    }
  }
}

static void swapBytes(char *data, unsigned bytes, size_t count) {
  for (size_t i = 0; i < count; ++i, data += bytes)
    std::reverse(data, data + bytes);
}

static Expected<NpyArray> parseFile(StringRef contents) {
  StringRef text, data;
  if (Error error = splitFile(contents, text, data))
    return error;
  Expected<NpyHeader> header = parseNpyHeader(text);
  if (!header)
    return header.takeError();
  std::optional<uint64_t> bytes = getNpyBytes(header->type, header->shape);
  if (!bytes)
    return makeError("unsupported shape " + formatShape(header->shape) +
                     " (its size overflows)");
  if (data.size() != *bytes)
    return makeError("expected " + Twine(*bytes) + " bytes of data for " +
                     formatShape(header->shape) + " of " + header->type.name() +
                     ", got " + Twine(data.size()));
  Expected<NpyArray> array = NpyArray::create(header->type, header->shape);
  if (!array || *bytes == 0)
    return array;
  unsigned elementBytes = header->type.bytes;
  size_t count = *bytes / elementBytes;
  if (header->fortranOrder && header->shape.size() > 1)
    transpose(data.data(), array->begin(), header->shape, elementBytes, count);
  else
    std::memcpy(array->begin(), data.data(), *bytes);
  if (header->swapBytes)
    swapBytes(array->begin(), elementBytes, count);
  return array;
}

Expected<NpyArray> mlir::tile::readNpy(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> file =
      MemoryBuffer::getFile(path, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!file)
    return makeError("cannot read '" + path +
                     "': " + file.getError().message());
  Expected<NpyArray> array = parseFile((*file)->getBuffer());
  if (!array)
    return makeError("cannot read '" + path +
                     "': " + toString(array.takeError()));
  return array;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static Error makeWriteError(StringRef path, std::error_code code) {
  return makeError("cannot write '" + path + "': " + code.message());
}

Error mlir::tile::checkNpyPath(StringRef path) {
  sys::fs::file_status status;
  if (!sys::fs::status(path, status) && !sys::fs::is_regular_file(status))
    return makeError("cannot write '" + path + "': expected a regular file");
  StringRef folder = sys::path::parent_path(path);
  if (folder.empty())
    folder = ".";
  if (std::error_code code = sys::fs::status(folder, status))
    return makeWriteError(path, code);
  if (!sys::fs::is_directory(status))
    return makeWriteError(path,
                          std::make_error_code(std::errc::not_a_directory));
  if (std::error_code code =
          sys::fs::access(folder, sys::fs::AccessMode::Write))
    return makeWriteError(path, code);
  return Error::success();
}

Expected<NpyWriter> NpyWriter::write(StringRef path, const NpyArray &array) {
  if (Error error = checkNpyPath(path))
    return error;
  // A symbolic link stays one: what it points to is replaced.
  SmallString<128> target;
  if (sys::fs::real_path(path, target))
    target = path;
  int descriptor = -1;
  SmallString<128> temporary;
  if (std::error_code code = sys::fs::createUniqueFile(target + ".%%%%%%%%.tmp",
                                                       descriptor, temporary))
    return makeWriteError(path, code);
  NpyWriter writer(target.str().str(), temporary.str().str());
  raw_fd_ostream os(descriptor, /*shouldClose=*/true);
  os << formatNpyHeader(array.type, array.shape);
  os.write(array.begin(), array.sizeInBytes());
  os.close();
  if (std::error_code code = os.error()) {
    os.clear_error();
    return makeWriteError(path, code);
  }
  return writer;
}

NpyWriter::NpyWriter(NpyWriter &&other)
    : path(std::move(other.path)), temporary(std::move(other.temporary)) {
  other.temporary.clear();
}

NpyWriter::~NpyWriter() {
  if (!temporary.empty())
    sys::fs::remove(temporary);
}

Error NpyWriter::commit() {
  if (std::error_code code = sys::fs::rename(temporary, path))
    return makeWriteError(path, code);
  temporary.clear();
  return Error::success();
}

Error mlir::tile::writeNpy(StringRef path, const NpyArray &array) {
  Expected<NpyWriter> writer = NpyWriter::write(path, array);
  if (!writer)
    return writer.takeError();
  return writer->commit();
}

//===- TileAnnotationAttrs.cpp - what the arguments of a kernel may be ----===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The six annotations of buffers share their parameters; templates below give
// each the same syntax and the same answers, where only the scope and the
// strides differ.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::tile;

#include "tile/Dialect/Tile/IR/TileAnnotationInterfaces.cpp.inc"

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

static ParseResult parseDims(AsmParser &parser,
                             SmallVectorImpl<DimAttr> &dims) {
  return parser.parseCommaSeparatedList(
      AsmParser::Delimiter::Square, [&]() -> ParseResult {
        dims.push_back(DimAttr::parseInList(parser));
        return success(static_cast<bool>(dims.back()));
      });
}

static void printDims(AsmPrinter &printer, ArrayRef<DimAttr> dims) {
  printer << '[';
  llvm::interleaveComma(dims, printer,
                        [&](DimAttr dim) { dim.printInList(printer); });
  printer << ']';
}

/// An element type, or `static T` as the name of an open one.
static Attribute parseElementType(AsmParser &parser) {
  if (succeeded(parser.parseOptionalKeyword("static"))) {
    StringRef name;
    if (failed(parser.parseOptionalKeyword(&name)))
      name = "";
    return parser.getBuilder().getStringAttr(name);
  }
  Type type;
  if (parser.parseType(type))
    return {};
  return TypeAttr::get(type);
}

static void printElementType(AsmPrinter &printer, Attribute elementType) {
  if (auto type = dyn_cast<TypeAttr>(elementType)) {
    printer << type.getValue();
    return;
  }
  printer << "static";
  StringRef name = cast<StringAttr>(elementType).getValue();
  if (!name.empty())
    printer << ' ' << name;
}

/// `<[sizes], strides [strides], element type>` with `*` for any rank.
template <typename Attr>
static Attribute parseBuffer(AsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<DimAttr> shape, strides;
  if (parser.parseLess())
    return {};
  bool hasRank = failed(parser.parseOptionalStar());
  if ((hasRank && parseDims(parser, shape)) || parser.parseComma())
    return {};
  if (succeeded(parser.parseOptionalKeyword("strides")))
    if (parseDims(parser, strides) || parser.parseComma())
      return {};
  Attribute elementType = parseElementType(parser);
  if (!elementType || parser.parseGreater())
    return {};
  auto emitError = [&] { return parser.emitError(loc); };
  return Attr::getChecked(function_ref<InFlightDiagnostic()>(emitError),
                          parser.getContext(), hasRank, ArrayRef(shape),
                          ArrayRef(strides), elementType);
}

template <typename Attr>
static void printBuffer(AsmPrinter &printer, Attr attr) {
  printer << '<';
  if (attr.getHasRank())
    printDims(printer, attr.getShape());
  else
    printer << '*';
  if (!attr.getStrides().empty()) {
    printer << ", strides ";
    printDims(printer, attr.getStrides());
  }
  printer << ", ";
  printElementType(printer, attr.getElementType());
  printer << '>';
}

/// Whether strides of its own can, must or cannot be given.
enum class Strides { Forbidden, Optional, Required };

/// Elements are numbers, of which a caller knows the size.
static bool isElementType(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return !vector.isScalable() && isElementType(vector.getElementType());
  if (auto complex = dyn_cast<ComplexType>(type))
    type = complex.getElementType();
  return type.isIntOrIndexOrFloat();
}

static LogicalResult verifyBuffer(function_ref<InFlightDiagnostic()> emitError,
                                  Strides rule, bool hasRank,
                                  ArrayRef<DimAttr> shape,
                                  ArrayRef<DimAttr> strides,
                                  Attribute elementType) {
  if (auto type = dyn_cast<TypeAttr>(elementType);
      type && !isElementType(type.getValue()))
    return emitError() << "expected numbers, or vectors of them, as elements, "
                          "found "
                       << type;
  if (rule == Strides::Forbidden && !strides.empty())
    return emitError() << "expected no strides of a contiguous buffer, found "
                       << strides.size();
  if (!hasRank && !strides.empty())
    return emitError() << "expected no strides of a buffer of any rank, found "
                       << strides.size();
  if (rule == Strides::Optional && strides.empty())
    return success();
  if (rule != Strides::Forbidden && hasRank && strides.size() != shape.size())
    return emitError() << "expected " << shape.size()
                       << " strides, one for each size, found "
                       << strides.size();
  return success();
}

template <typename Attr>
static Type getFixedType(Attr attr) {
  auto type = dyn_cast<TypeAttr>(attr.getElementType());
  return type ? type.getValue() : Type();
}

/// The sizes as those of a memref type: fixed ones, and dynamic for what is
/// known at run time; nothing while a size is open at compile time.
static std::optional<SmallVector<int64_t>> getSizes(ArrayRef<DimAttr> dims) {
  SmallVector<int64_t> sizes;
  for (DimAttr dim : dims) {
    if (dim.getIsStatic())
      return std::nullopt;
    sizes.push_back(dim.getFixed().value_or(ShapedType::kDynamic));
  }
  return sizes;
}

template <typename Attr>
static Type getBufferArgumentType(Attr attr, Scope scope, bool hasStrides) {
  Type elementType = getFixedType(attr);
  std::optional<SmallVector<int64_t>> sizes = getSizes(attr.getShape());
  std::optional<SmallVector<int64_t>> strides = getSizes(attr.getStrides());
  if (!attr.getHasRank() || !elementType || !sizes || !strides)
    return {};
  MemRefLayoutAttrInterface layout;
  if (hasStrides) {
    // Without strides of its own, a buffer may have any.
    if (strides->empty())
      strides->assign(sizes->size(), ShapedType::kDynamic);
    layout = StridedLayoutAttr::get(attr.getContext(), /*offset=*/0, *strides);
  }
  Attribute space;
  if (scope != Scope::Global)
    space = ScopeAttr::get(attr.getContext(), scope);
  return MemRefType::get(*sizes, elementType, layout, space);
}

/// What is open at compile time, and the whole shape where the rank is.
template <typename Attr>
static void getBufferKeyParts(Attr attr, bool hasStrides,
                              SmallVectorImpl<KeyPart> &parts) {
  if (!getFixedType(attr))
    parts.push_back({KeyPart::Kind::ElementType});
  if (!attr.getHasRank()) {
    parts.push_back({KeyPart::Kind::Rank});
    return;
  }
  for (auto [dim, size] : llvm::enumerate(attr.getShape()))
    if (size.getIsStatic())
      parts.push_back({KeyPart::Kind::Size, static_cast<int64_t>(dim)});
  for (auto [dim, stride] : llvm::enumerate(attr.getStrides()))
    if (stride.getIsStatic())
      parts.push_back({KeyPart::Kind::Stride, static_cast<int64_t>(dim)});
}

template <typename Attr>
static void getBufferSymbols(Attr attr, SmallVectorImpl<StringAttr> &symbols) {
  for (ArrayRef<DimAttr> dims : {attr.getShape(), attr.getStrides()})
    for (DimAttr dim : dims)
      for (StringAttr symbol : dim.getSymbols())
        if (!llvm::is_contained(symbols, symbol))
          symbols.push_back(symbol);
}

#define TILE_BUFFER_ANNOTATION(ATTR, SCOPE, RULE, HAS_STRIDES)                 \
  Attribute ATTR::parse(AsmParser &parser, Type) {                             \
    return parseBuffer<ATTR>(parser);                                          \
  }                                                                            \
  void ATTR::print(AsmPrinter &printer) const { printBuffer(printer, *this); } \
  LogicalResult ATTR::verify(function_ref<InFlightDiagnostic()> emitError,     \
                             bool hasRank, ArrayRef<DimAttr> shape,            \
                             ArrayRef<DimAttr> strides,                        \
                             Attribute elementType) {                          \
    return verifyBuffer(emitError, RULE, hasRank, shape, strides,              \
                        elementType);                                          \
  }                                                                            \
  Type ATTR::getFixedElementType() const { return getFixedType(*this); }       \
  bool ATTR::isKernelArgument() const { return true; }                         \
  Type ATTR::getArgumentType() const {                                         \
    return getBufferArgumentType(*this, SCOPE, HAS_STRIDES);                   \
  }                                                                            \
  Attribute ATTR::promote() const {                                            \
    return getArgumentType() ? Attribute(*this) : Attribute();                 \
  }                                                                            \
  void ATTR::getKeyParts(SmallVectorImpl<KeyPart> &parts) const {              \
    getBufferKeyParts(*this, HAS_STRIDES, parts);                              \
  }                                                                            \
  void ATTR::getSymbols(SmallVectorImpl<StringAttr> &symbols) const {          \
    getBufferSymbols(*this, symbols);                                          \
  }

TILE_BUFFER_ANNOTATION(TensorAnnotationAttr, Scope::Global, Strides::Forbidden,
                       false)
TILE_BUFFER_ANNOTATION(StridedTensorAnnotationAttr, Scope::Global,
                       Strides::Required, true)
TILE_BUFFER_ANNOTATION(BufferAnnotationAttr, Scope::Global, Strides::Optional,
                       true)
TILE_BUFFER_ANNOTATION(FragmentAnnotationAttr, Scope::Fragment,
                       Strides::Forbidden, false)
TILE_BUFFER_ANNOTATION(SharedAnnotationAttr, Scope::Shared, Strides::Forbidden,
                       false)
TILE_BUFFER_ANNOTATION(LocalAnnotationAttr, Scope::Local, Strides::Forbidden,
                       false)

#undef TILE_BUFFER_ANNOTATION

std::optional<BufferParts> mlir::tile::getBufferParts(Attribute annotation) {
  auto get = [](auto buffer, Scope scope, bool isStrided) {
    return BufferParts{buffer.getHasRank(),
                       buffer.getShape(),
                       buffer.getStrides(),
                       buffer.getElementType(),
                       scope,
                       isStrided};
  };
  using Parts = std::optional<BufferParts>;
  if (!annotation)
    return std::nullopt;
  return llvm::TypeSwitch<Attribute, Parts>(annotation)
      .Case([&](TensorAnnotationAttr buffer) {
        return get(buffer, Scope::Global, false);
      })
      .Case<StridedTensorAnnotationAttr, BufferAnnotationAttr>(
          [&](auto buffer) { return get(buffer, Scope::Global, true); })
      .Case([&](FragmentAnnotationAttr buffer) {
        return get(buffer, Scope::Fragment, false);
      })
      .Case([&](SharedAnnotationAttr buffer) {
        return get(buffer, Scope::Shared, false);
      })
      .Case([&](LocalAnnotationAttr buffer) {
        return get(buffer, Scope::Local, false);
      })
      .Default([](Attribute) { return std::nullopt; });
}

//===----------------------------------------------------------------------===//
// Scalars and types
//===----------------------------------------------------------------------===//

static LogicalResult verifyScalar(function_ref<InFlightDiagnostic()> emitError,
                                  Type type) {
  if (type.isIntOrIndexOrFloat())
    return success();
  return emitError() << "expected a scalar type, found " << type;
}

LogicalResult
DynAnnotationAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                          StringAttr name, Type type) {
  if (name.empty())
    return emitError() << "expected a name of the run-time value, found none";
  return verifyScalar(emitError, type);
}

bool DynAnnotationAttr::isKernelArgument() const { return true; }
Type DynAnnotationAttr::getArgumentType() const { return getType(); }
Attribute DynAnnotationAttr::promote() const { return *this; }
void DynAnnotationAttr::getKeyParts(SmallVectorImpl<KeyPart> &) const {}
void DynAnnotationAttr::getSymbols(SmallVectorImpl<StringAttr> &symbols) const {
  symbols.push_back(getName());
}

LogicalResult
ValueAnnotationAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                            Type type, TypedAttr value) {
  if (failed(verifyScalar(emitError, type)))
    return failure();
  if (value && value.getType() != type)
    return emitError() << "expected a value of " << type << ", found " << value;
  return success();
}

bool ValueAnnotationAttr::isKernelArgument() const { return false; }
Type ValueAnnotationAttr::getArgumentType() const { return getType(); }
Attribute ValueAnnotationAttr::promote() const {
  return getValue() ? Attribute(*this) : Attribute();
}
void ValueAnnotationAttr::getKeyParts(SmallVectorImpl<KeyPart> &parts) const {
  if (!getValue())
    parts.push_back({KeyPart::Kind::Value});
}
void ValueAnnotationAttr::getSymbols(SmallVectorImpl<StringAttr> &) const {}

Attribute DTypeAnnotationAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  Type type;
  if (failed(parser.parseOptionalKeyword("static")) && parser.parseType(type))
    return {};
  if (parser.parseGreater())
    return {};
  return get(parser.getContext(), type);
}

void DTypeAnnotationAttr::print(AsmPrinter &printer) const {
  printer << '<';
  if (getType())
    printer << getType();
  else
    printer << "static";
  printer << '>';
}

bool DTypeAnnotationAttr::isKernelArgument() const { return false; }
Type DTypeAnnotationAttr::getArgumentType() const {
  return NoneType::get(getContext());
}
Attribute DTypeAnnotationAttr::promote() const {
  return getType() ? Attribute(*this) : Attribute();
}
void DTypeAnnotationAttr::getKeyParts(SmallVectorImpl<KeyPart> &parts) const {
  if (!getType())
    parts.push_back({KeyPart::Kind::DType});
}
void DTypeAnnotationAttr::getSymbols(SmallVectorImpl<StringAttr> &) const {}

LogicalResult
PtrAnnotationAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                          Type elementType) {
  return verifyScalar(emitError, elementType);
}

bool PtrAnnotationAttr::isKernelArgument() const { return true; }
Type PtrAnnotationAttr::getArgumentType() const {
  return MemRefType::get({}, getElementType());
}
Attribute PtrAnnotationAttr::promote() const { return *this; }
void PtrAnnotationAttr::getKeyParts(SmallVectorImpl<KeyPart> &) const {}
void PtrAnnotationAttr::getSymbols(SmallVectorImpl<StringAttr> &) const {}

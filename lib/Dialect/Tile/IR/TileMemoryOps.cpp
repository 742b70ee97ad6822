//===- TileMemoryOps.cpp - operations that make and move buffers ----------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AssemblyDirectives.h"
#include "CastFolding.h"
#include "OpProperties.h"
#include "VerifyBuffers.h"

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

/// Parses and prints a list of extents such as `[64, %n]`.
static ParseResult
parseExtents(OpAsmParser &parser,
             SmallVectorImpl<OpAsmParser::UnresolvedOperand> &values,
             DenseI64ArrayAttr &constants) {
  return parseDynamicIndexList(parser, values, constants);
}

static void printExtents(OpAsmPrinter &printer, Operation *op,
                         OperandRange values, DenseI64ArrayAttr constants) {
  if (constants)
    printDynamicIndexList(printer, op, values, constants.asArrayRef());
}

/// Parses and prints the bare keyword of an enumeration. Its attribute alone
/// prints a blank in front, for `#tile<reduce_kind sum>`.
template <typename Attr>
static ParseResult parseKeyword(OpAsmParser &parser, Attr &attr) {
  using Enum = decltype(attr.getValue());
  FailureOr<Enum> value = FieldParser<Enum>::parse(parser);
  if (failed(value))
    return failure();
  attr = Attr::get(parser.getContext(), *value);
  return success();
}

template <typename Attr>
static void printKeyword(OpAsmPrinter &printer, Operation *, Attr attr) {
  printer << attr.getValue();
}

#define GET_OP_CLASSES
#include "tile/Dialect/Tile/IR/TileOps.cpp.inc"

//===----------------------------------------------------------------------===//
// AllocOp
//===----------------------------------------------------------------------===//

/// The largest number of elements that a buffer can have: its size in bytes,
/// and sums of a few such sizes, fit in 64 bits.
static constexpr int64_t kMaxElements = int64_t(1) << 40;

static bool hasTooManyElements(ArrayRef<int64_t> shape) {
  if (llvm::is_contained(shape, 0))
    return false;
  int64_t count = 1;
  for (int64_t size : shape) {
    if (size > kMaxElements / count)
      return true;
    count *= size;
  }
  return false;
}

/// A swizzle moves chunks within rows, which it must divide.
static LogicalResult verifySwizzle(AllocOp op, int64_t swizzle) {
  MemRefType type = op.getBuffer().getType();
  if (tile::getScope(type) != Scope::Shared)
    return op.emitOpError("expected a swizzle only on a shared buffer, found ")
           << type;
  if (swizzle != 32 && swizzle != 64 && swizzle != 128)
    return op.emitOpError("expected a swizzle of 32, 64 or 128 bytes, found ")
           << swizzle;
  Type element = type.getElementType();
  int64_t bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  if (type.getRank() < 2 || bits % 8 != 0 ||
      type.getShape().back() * bits % (8 * swizzle) != 0)
    return op.emitOpError("expected rows of a multiple of ")
           << swizzle << " bytes for a swizzle, found " << type;
  return success();
}

LogicalResult AllocOp::verify() {
  MemRefType type = getBuffer().getType();
  Scope scope = *tile::getScope(type);
  if (scope == Scope::Global)
    return emitOpError("expected a buffer in shared, fragment or local scope, "
                       "found ")
           << type;
  if (!type.hasStaticShape())
    return emitOpError("expected a buffer of static shape, found ") << type;
  if (hasTooManyElements(type.getShape()))
    return emitOpError("expected a buffer of at most ")
           << kMaxElements << " elements, found " << type;
  if (!type.getLayout().isIdentity())
    return emitOpError("expected a buffer of identity layout, found ") << type;
  if (getOffset() && scope != Scope::Shared)
    return emitOpError("expected an offset only on a shared buffer, found ")
           << type;
  if (std::optional<int64_t> swizzle = getSwizzle();
      swizzle && failed(verifySwizzle(*this, *swizzle)))
    return failure();
  if (Operation *parent = getThreadLevelParent(*this);
      parent && scope != Scope::Local) {
    InFlightDiagnostic diag = emitOpError("cannot make a ")
                              << stringifyScope(scope) << " buffer inside '"
                              << parent->getName()
                              << "', where only local buffers can be made";
    diag.attachNote(parent->getLoc())
        << "inside this '" << parent->getName() << "'";
    return diag;
  }
  return success();
}

void AllocOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  if (getName())
    setName(getBuffer(), *getName());
}

SmallVector<MemorySlot> AllocOp::getPromotableSlots() {
  MemRefType type = getBuffer().getType();
  if (tile::getScope(type) != Scope::Local || type.getNumElements() != 1)
    return {};
  return {MemorySlot{getBuffer(), type.getElementType()}};
}

Value AllocOp::getDefaultValue(const MemorySlot &slot, OpBuilder &builder) {
  return ub::PoisonOp::create(builder, getLoc(), slot.elemType);
}

void AllocOp::handleBlockArgument(const MemorySlot &, BlockArgument,
                                  OpBuilder &) {}

std::optional<PromotableAllocationOpInterface>
AllocOp::handlePromotionComplete(const MemorySlot &, Value defaultValue,
                                 OpBuilder &) {
  if (defaultValue && defaultValue.use_empty())
    defaultValue.getDefiningOp()->erase();
  erase();
  return std::nullopt;
}

SmallVector<DestructurableMemorySlot> AllocOp::getDestructurableSlots() {
  MemRefType type = getBuffer().getType();
  auto destructurable = dyn_cast<DestructurableTypeInterface>(Type(type));
  if (!destructurable || tile::getScope(type) != Scope::Local ||
      type.getNumElements() == 1)
    return {};
  std::optional<DenseMap<Attribute, Type>> elements =
      destructurable.getSubelementIndexMap();
  if (!elements)
    return {};
  return {DestructurableMemorySlot{{getBuffer(), type}, *elements}};
}

DenseMap<Attribute, MemorySlot> AllocOp::destructure(
    const DestructurableMemorySlot &slot,
    const SmallPtrSetImpl<Attribute> &usedIndices, OpBuilder &builder,
    SmallVectorImpl<DestructurableAllocationOpInterface> &newAllocators) {
  builder.setInsertionPointAfter(*this);
  DenseMap<Attribute, MemorySlot> slots;
  for (Attribute index : usedIndices) {
    Type element = slot.subelementTypes.at(index);
    auto alloc = AllocOp::create(builder, getLoc(),
                                 getBufferType({}, element, Scope::Local));
    newAllocators.push_back(alloc);
    slots.try_emplace<MemorySlot>(index, {alloc.getBuffer(), element});
  }
  return slots;
}

std::optional<DestructurableAllocationOpInterface>
AllocOp::handleDestructuringComplete(const DestructurableMemorySlot &,
                                     OpBuilder &) {
  erase();
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// AllocVarOp
//===----------------------------------------------------------------------===//

void AllocVarOp::build(OpBuilder &builder, OperationState &state,
                       Type elementType, Value init, StringRef name) {
  if (init)
    state.addOperands(init);
  if (!name.empty())
    state.getOrAddProperties<Properties>().name = builder.getStringAttr(name);
  state.addTypes(getBufferType({}, elementType, Scope::Local));
}

ParseResult AllocVarOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::UnresolvedOperand init;
  OptionalParseResult hasInit = parser.parseOptionalOperand(init);
  if (hasInit.has_value() && failed(*hasInit))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("name"))) {
    StringAttr name;
    if (parser.parseLParen() || parser.parseAttribute(name) ||
        parser.parseRParen())
      return failure();
    result.getOrAddProperties<Properties>().name = name;
  }
  Type type;
  SMLoc loc;
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColon() ||
      parser.getCurrentLocation(&loc) || parser.parseType(type))
    return failure();
  if (hasInit.has_value() && parser.resolveOperand(init, type, result.operands))
    return failure();
  if (!BaseMemRefType::isValidElementType(type))
    return parser.emitError(loc, "expected an element type, found ") << type;
  result.addTypes(getBufferType({}, type, Scope::Local));
  return success();
}

void AllocVarOp::print(OpAsmPrinter &printer) {
  if (getInit())
    printer << ' ' << getInit();
  if (getNameAttr())
    printer << " name(" << getNameAttr() << ')';
  printer.printOptionalAttrDict((*this)->getAttrs(), {"name"});
  printer << " : " << getElementType();
}

LogicalResult AllocVarOp::verify() {
  MemRefType type = getVar().getType();
  if (type.getRank() != 0 || tile::getScope(type) != Scope::Local)
    return emitOpError("expected a rank-0 buffer in local scope, found ")
           << type;
  if (getInit() && getInit().getType() != type.getElementType())
    return emitOpError("expected an initial value of ")
           << type.getElementType() << ", found " << getInit().getType();
  return success();
}

void AllocVarOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  if (getName())
    setName(getVar(), *getName());
}

SmallVector<MemorySlot> AllocVarOp::getPromotableSlots() {
  return {MemorySlot{getVar(), getElementType()}};
}

Value AllocVarOp::getDefaultValue(const MemorySlot &slot, OpBuilder &builder) {
  if (getInit())
    return getInit();
  return arith::ConstantOp::create(builder, getLoc(),
                                   builder.getZeroAttr(slot.elemType));
}

void AllocVarOp::handleBlockArgument(const MemorySlot &, BlockArgument,
                                     OpBuilder &) {}

std::optional<PromotableAllocationOpInterface>
AllocVarOp::handlePromotionComplete(const MemorySlot &, Value defaultValue,
                                    OpBuilder &) {
  if (defaultValue && defaultValue != getInit() && defaultValue.use_empty())
    defaultValue.getDefiningOp()->erase();
  erase();
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// FillOp
//===----------------------------------------------------------------------===//

LogicalResult FillOp::canonicalize(FillOp op, PatternRewriter &rewriter) {
  if (succeeded(foldCasts(op, rewriter)))
    return success();
  if (!llvm::is_contained(op.getBuffer().getType().getShape(), 0))
    return failure();
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// AtomicOp
//===----------------------------------------------------------------------===//

LogicalResult AtomicOp::verify() {
  MemRefType type = getBuffer().getType();
  Scope scope = *tile::getScope(type);
  if (scope != Scope::Global && scope != Scope::Shared)
    return emitOpError("expected a buffer in global or shared scope, found ")
           << type;
  Type element = type.getElementType();
  if (!element.isF64() && !element.isF32() && !element.isF16() &&
      !element.isBF16() && !element.isInteger(64) && !element.isInteger(32))
    return emitOpError("expected elements of f64, f32, f16, bf16, i64 or i32, "
                       "found ")
           << element;
  bool isBitwise = llvm::is_contained(
      {AtomicKind::And, AtomicKind::Or, AtomicKind::Xor}, getKind());
  if (isBitwise && isa<FloatType>(element))
    return emitOpError("expected elements of i64 or i32 for ")
           << stringifyAtomicKind(getKind()) << ", found " << element;
  return verifyIndices(*this, "buffer", type, getIndices());
}

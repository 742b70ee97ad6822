//===- LinalgMatch.cpp - what a linalg op computes --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinalgMatch.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

/// The words of a reason, with what is streamed into it.
template <typename... Ts>
static Reason because(const char *format, Ts &&...values) {
  return llvm::formatv(format, std::forward<Ts>(values)...).str();
}

template <typename T>
static std::string print(T value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

//===----------------------------------------------------------------------===//
// What every kernel needs
//===----------------------------------------------------------------------===//

static Reason checkOperand(linalg::LinalgOp op, OpOperand &operand) {
  Type type = operand.get().getType();
  if (auto buffer = dyn_cast<MemRefType>(type)) {
    if (!isBuffer(buffer) || tile::getScope(buffer) != Scope::Global)
      return because("operand #{0} has the unsupported type '{1}'",
                     operand.getOperandNumber(), print(type));
    return std::nullopt;
  }
  if (op.isDpsInit(&operand) || !isScalar(type))
    return because("operand #{0} has the unsupported type '{1}'",
                   operand.getOperandNumber(), print(type));
  return std::nullopt;
}

/// Whether each result is a loop of its own or the constant 0, so that a tile
/// of the loops is a tile of the operand.
static bool isTileMap(AffineMap map) {
  SmallPtrSet<void *, 8> seen;
  return llvm::all_of(map.getResults(), [&](AffineExpr expr) {
    auto constant = dyn_cast<AffineConstantExpr>(expr);
    return constant
               ? constant.getValue() == 0
               : isa<AffineDimExpr>(expr) && seen.insert(expr.getImpl()).second;
  });
}

/// Blocks write what they have computed without asking the others, so that each
/// element belongs to one iteration of the parallel loops.
static Reason checkOutputMap(linalg::LinalgOp op, OpOperand &output) {
  AffineMap map = op.getMatchingIndexingMap(&output);
  SmallVector<unsigned> loops;
  op.getParallelDims(loops);
  bool isOneToOne = isTileMap(map) && llvm::all_of(loops, [&](unsigned loop) {
                      return map.isFunctionOfDim(loop);
                    });
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    isOneToOne &= !map.isFunctionOfDim(loop) || llvm::is_contained(loops, loop);
  if (isOneToOne)
    return std::nullopt;
  return because("the map '{0}' of an output does not name each element in one "
                 "parallel iteration",
                 print(map));
}

static Reason checkBody(linalg::LinalgOp op) {
  for (Operation &nested : op.getBlock()->without_terminator()) {
    if (isa<linalg::IndexOp>(nested))
      continue;
    bool isKnown =
        isa<arith::ArithDialect, math::MathDialect>(nested.getDialect());
    if (!isKnown || nested.getNumRegions() || !isMemoryEffectFree(&nested))
      return because("its body has the unsupported operation '{0}'",
                     nested.getName().getStringRef());
    for (Type type : nested.getResultTypes())
      if (!isScalar(type))
        return because("its body has a value of the unsupported type '{0}'",
                       print(type));
  }
  return std::nullopt;
}

Reason mlir::tile::checkConvertible(linalg::LinalgOp op) {
  if (!op.hasPureBufferSemantics())
    return because("it works on tensors, which have to be bufferized first");
  if (op->getParentOfType<LaunchOp>() || op->getParentOfType<gpu::LaunchOp>() ||
      op->getParentOfType<gpu::GPUModuleOp>())
    return because("it stands in a kernel");
  for (OpOperand &operand : op->getOpOperands())
    if (Reason reason = checkOperand(op, operand))
      return reason;
  for (OpOperand &output : op.getDpsInitsMutable())
    if (Reason reason = checkOutputMap(op, output))
      return reason;
  return checkBody(op);
}

Reason mlir::tile::checkTiles(linalg::LinalgOp op) {
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!isTileMap(map))
      return because("the map '{0}' of an input is not a projected permutation",
                     print(map));
  }
  for (Operation &nested : op.getBlock()->without_terminator())
    if (!isSpeculatable(&nested))
      return because("'{0}' cannot be computed on padding",
                     nested.getName().getStringRef());
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The block argument that `value` is, or is a wider form of.
static BlockArgument skipExtension(Value value) {
  if (Operation *def = value.getDefiningOp())
    if (isa<arith::ExtFOp, arith::ExtSIOp>(def))
      value = def->getOperand(0);
  return dyn_cast<BlockArgument>(value);
}

/// Whether the body adds the product of the two inputs to the output.
static bool isMultiplyAdd(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1)
    return false;
  SmallVector<Operation *> combiners;
  Value input = matchReduction(op.getRegionOutputArgs(), 0, combiners);
  if (!input || combiners.size() != 1 ||
      !isa<arith::AddFOp, arith::AddIOp>(combiners.front()))
    return false;
  Operation *product = input.getDefiningOp();
  if (!product || !isa<arith::MulFOp, arith::MulIOp>(product))
    return false;
  BlockArgument lhs = skipExtension(product->getOperand(0));
  BlockArgument rhs = skipExtension(product->getOperand(1));
  Block::BlockArgListType inputs = op.getRegionInputArgs();
  return (lhs == inputs[0] && rhs == inputs[1]) ||
         (lhs == inputs[1] && rhs == inputs[0]);
}

/// What tile.gemm sums products of these types in, for a result of type `c`.
static Type getAccumulator(Type a, Type b, Type c) {
  Builder builder(c.getContext());
  auto isFloat8 = [](Type type) {
    return isa<Float8E4M3FNType, Float8E5M2Type>(type);
  };
  if (a != b && !(isFloat8(a) && isFloat8(b)))
    return Type();
  if (a.isF64() && c.isF64())
    return c;
  if (a.isF32() && c.isF32())
    return c;
  if (a.isInteger(8) && c.isInteger(32))
    return c;
  bool isNarrow = a.isF16() || a.isBF16() || isFloat8(a);
  if (isNarrow && (c.isF32() || c.isF16() || c.isBF16()))
    return builder.getF32Type();
  return Type();
}

/// Whether the last two dimensions of the operand are `row` and `column`, in
/// this order or, if `isTransposed` says so afterwards, the other. Those before
/// must be `batch`.
static bool matchMatrix(linalg::LinalgOp op, OpOperand *operand, unsigned row,
                        unsigned column, ArrayRef<unsigned> batch,
                        bool &isTransposed) {
  AffineMap map = op.getMatchingIndexingMap(operand);
  unsigned rank = map.getNumResults();
  if (rank != batch.size() + 2 || !isa<MemRefType>(operand->get().getType()))
    return false;
  for (AffineExpr expr : map.getResults().drop_back(2)) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || !llvm::is_contained(batch, dim.getPosition()))
      return false;
  }
  isTransposed =
      map.getResult(rank - 1) == getAffineDimExpr(row, op.getContext());
  return map.getResult(isTransposed ? rank - 2 : rank - 1) ==
         getAffineDimExpr(column, op.getContext());
}

bool mlir::tile::matchProduct(linalg::LinalgOp op, Product &product,
                              Reason &reason) {
  FailureOr<linalg::ContractionDimensions> dims =
      linalg::inferContractionDims(op);
  if (failed(dims) || dims->m.size() != 1 || dims->n.size() != 1 ||
      dims->k.size() != 1 || !isMultiplyAdd(op))
    return false;
  product.m = dims->m.front();
  product.n = dims->n.front();
  product.k = dims->k.front();
  product.a = op.getDpsInputOperand(0);
  product.b = op.getDpsInputOperand(1);
  product.c = op.getDpsInitOperand(0);
  bool isSwapped, hasTiles = matchMatrix(op, product.c, product.m, product.n,
                                         dims->batch, isSwapped);
  if (hasTiles && isSwapped) {
    // The transpose of the result is the product of the transposes.
    std::swap(product.m, product.n);
    std::swap(product.a, product.b);
  }
  hasTiles = hasTiles &&
             matchMatrix(op, product.a, product.m, product.k, dims->batch,
                         product.transposeA) &&
             matchMatrix(op, product.b, product.k, product.n, dims->batch,
                         product.transposeB);
  if (!hasTiles) {
    reason = because("the matrices are not the last two dimensions of each "
                     "operand");
    return false;
  }
  auto getType = [](OpOperand *operand) {
    return getElementTypeOrSelf(operand->get().getType());
  };
  product.accumulator = getAccumulator(getType(product.a), getType(product.b),
                                       getType(product.c));
  if (!product.accumulator)
    reason = because("'tile.gemm' has no product of {0} and {1} in {2}",
                     print(getType(product.a)), print(getType(product.b)),
                     print(getType(product.c)));
  return product.accumulator != nullptr;
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

static std::optional<ReduceKind> getReduceKind(Operation *combiner) {
  return llvm::TypeSwitch<Operation *, std::optional<ReduceKind>>(combiner)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return ReduceKind::Sum; })
      .Case<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>(
          [](auto) { return ReduceKind::Max; })
      .Case<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>(
          [](auto) { return ReduceKind::Min; })
      .Case([](arith::AndIOp) { return ReduceKind::And; })
      .Case([](arith::OrIOp) { return ReduceKind::Or; })
      .Case([](arith::XOrIOp) { return ReduceKind::Xor; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Whether tile.reduce takes the kind for this type, and padding has a value
/// that does not change the result: -inf or inf, or NaN where that is ignored.
static bool isSupported(const Reduction &reduction, Type type) {
  switch (reduction.kind) {
  case ReduceKind::And:
  case ReduceKind::Or:
  case ReduceKind::Xor:
    return true;
  case ReduceKind::Max:
  case ReduceKind::Min:
    return !type.isInteger(1) &&
           (reduction.ignoresNaN || !isa<Float8E4M3FNType>(type));
  default:
    return !type.isInteger(1);
  }
}

Reason mlir::tile::matchReduction(linalg::LinalgOp op, Reduction &reduction) {
  if (op.getNumDpsInits() != 1)
    return because("a reduction with {0} results", op.getNumDpsInits());
  SmallVector<Operation *> combiners;
  reduction.input =
      mlir::matchReduction(op.getRegionOutputArgs(), 0, combiners);
  if (!reduction.input || combiners.size() != 1)
    return because("its body does not combine a value with the result");
  reduction.combiner = combiners.front();
  std::optional<ReduceKind> kind = getReduceKind(reduction.combiner);
  Type type = reduction.input.getType();
  if (kind)
    reduction.kind = *kind;
  reduction.ignoresNaN =
      isa<arith::MaxNumFOp, arith::MinNumFOp>(reduction.combiner);
  if (!kind || !isSupported(reduction, type))
    return because("'tile.reduce' has no '{0}' of {1}",
                   reduction.combiner->getName().getStringRef(), print(type));
  return std::nullopt;
}

OpOperand *mlir::tile::getReducedOperand(linalg::LinalgOp op,
                                         const Reduction &reduction,
                                         unsigned &dim) {
  SmallVector<unsigned> loops;
  op.getReductionDims(loops);
  auto arg = dyn_cast<BlockArgument>(reduction.input);
  if (!arg || arg.getOwner() != op.getBlock() || loops.size() != 1)
    return nullptr;
  OpOperand *operand = op.getMatchingOpOperand(arg);
  if (!isa<MemRefType>(operand->get().getType()))
    return nullptr;
  AffineMap map = op.getMatchingIndexingMap(operand);
  std::optional<unsigned> position =
      map.getResultPosition(getAffineDimExpr(loops.front(), op.getContext()));
  if (!position)
    return nullptr;
  dim = *position;
  AffineMap result = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  return map.dropResult(dim) == result ? operand : nullptr;
}

//===- MmaGemm.cpp - matrix products by tensor cores ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each warp computes its block of the accumulator by mma.sync, atom by atom, in
// steps along the dimension that is summed. The accumulator is in registers for
// the whole product, converted from and to the type of the fragment, so that a
// narrow result is rounded once.
//
// The operands of a step are loaded before the instructions of the step before.
// At the end of a pipelined loop's body, the last step begins with the barrier
// that shows the next iteration's operands, and with loads of the first of
// them.
//
//===----------------------------------------------------------------------===//

#include "MmaGemm.h"
#include "AheadProducts.h"
#include "MmaOperands.h"

#include "tile/Conversion/Utils/LoopIteration.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Dialect/Tile/Analysis/TensorCores.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
class TensorCoreGemm {
public:
  TensorCoreGemm(GemmOp op, const TensorCoreProduct &product,
                 ThreadExecutor &executor, OpBuilder &builder);

  void run();
  void runAhead();

private:
  /// What the two operands are read by.
  struct Readers {
    MmaOperandReader a, b;
  };
  Readers getReaders(Value a, Value b);
  void loadAccumulators();
  void storeAccumulators();
  SmallVector<Value> load(Readers &from, int64_t step);
  void setFirstStep(Readers &to, ArrayRef<Value> registers);
  scf::ForOp carry(scf::ForOp loop, ArrayRef<Value> registers);
  void multiplyStep(Readers &from, int64_t step);
  void multiply(Readers &from, int64_t row, int64_t column, int64_t step);
  Value emitMma(ValueRange a, ValueRange b, ValueRange c);
  Value emitFloat8Mma(Type result, ValueRange a, ValueRange b, ValueRange c);

  GemmOp op;
  const TensorCoreProduct &product;
  ThreadExecutor &executor;
  OpBuilder &builder;
  Location loc;
  Type stored, type;
  /// The atoms of a warp.
  int64_t rows, columns, steps;
  SmallVector<Value> sums;
};
} // namespace

/// How many atoms a warp has along a dimension of the padded tile.
static int64_t countAtoms(const ThreadValueLayout &tile, unsigned dim,
                          int64_t warps, int64_t extent) {
  return tile.padded()[dim] / (warps * extent);
}

TensorCoreGemm::TensorCoreGemm(GemmOp op, const TensorCoreProduct &product,
                               ThreadExecutor &executor, OpBuilder &builder)
    : op(op), product(product), executor(executor), builder(builder),
      loc(op.getLoc()), stored(op.getC().getType().getElementType()),
      type(getReduceType(stored)),
      rows(countAtoms(product.c, 0, product.warpsM, product.atom.m)),
      columns(countAtoms(product.c, 1, product.warpsN, product.atom.n)),
      steps(countAtoms(product.a, 1, 1, product.atom.k)) {}

TensorCoreGemm::Readers TensorCoreGemm::getReaders(Value a, Value b) {
  bool tf32 = op.getPrecision() == Precision::TF32;
  return {MmaOperandReader(executor, loc, a, product.a, op.getTransposeA(),
                           /*sumDim=*/1, tf32),
          MmaOperandReader(executor, loc, b, product.b, op.getTransposeB(),
                           /*sumDim=*/0, tf32)};
}

void TensorCoreGemm::loadAccumulators() {
  Value array = executor.getPrivateArray(op.getC());
  Value zero = getZero(builder, loc, type);
  for (int64_t i = 0, e = product.c.numValues(); i < e; ++i) {
    if (op.getClear()) {
      sums.push_back(zero);
      continue;
    }
    Value slot = arith::ConstantIndexOp::create(builder, loc, i);
    Value held = memref::LoadOp::create(builder, loc, array, slot);
    held = convertElement(builder, loc, held, type);
    if (op.getClearIf())
      held = arith::SelectOp::create(builder, loc, op.getClearIf(), zero, held);
    sums.push_back(held);
  }
}

void TensorCoreGemm::storeAccumulators() {
  Value array = executor.getPrivateArray(op.getC());
  for (auto [i, sum] : llvm::enumerate(sums)) {
    Value slot = arith::ConstantIndexOp::create(builder, loc, i);
    memref::StoreOp::create(
        builder, loc, convertElement(builder, loc, sum, stored), array, slot);
  }
}

static NVVM::MMATypes getMmaType(Type type) {
  if (type.isF16())
    return NVVM::MMATypes::f16;
  if (type.isBF16())
    return NVVM::MMATypes::bf16;
  if (type.isF32())
    return NVVM::MMATypes::tf32;
  if (type.isF64())
    return NVVM::MMATypes::f64;
  assert(type.isInteger(8) && "a type without a matrix instruction");
  return NVVM::MMATypes::s8;
}

static StringRef getFloat8Name(Value operand) {
  Type type = cast<MemRefType>(operand.getType()).getElementType();
  return isa<Float8E4M3FNType>(type) ? "e4m3" : "e5m2";
}

/// The instruction on 8-bit floats, which nvvm.mma.sync refuses.
Value TensorCoreGemm::emitFloat8Mma(Type result, ValueRange a, ValueRange b,
                                    ValueRange c) {
  std::string name =
      llvm::formatv("llvm.nvvm.mma.m16n8k32.row.col.f32.{0}.{1}.f32",
                    getFloat8Name(op.getA()), getFloat8Name(op.getB()));
  SmallVector<Value> operands(a);
  llvm::append_range(operands, b);
  llvm::append_range(operands, c);
  return LLVM::CallIntrinsicOp::create(builder, loc, result,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

/// The results of one instruction, in a struct.
Value TensorCoreGemm::emitMma(ValueRange a, ValueRange b, ValueRange c) {
  Type result = LLVM::LLVMStructType::getLiteral(
      builder.getContext(), SmallVector<Type>(c.size(), type));
  Type element = op.getA().getType().getElementType();
  if (isa<Float8E4M3FNType, Float8E5M2Type>(element))
    return emitFloat8Mma(result, a, b, c);
  NVVM::MMATypes mmaType = getMmaType(element);
  std::optional<NVVM::MMAIntOverflow> overflow;
  if (element.isInteger())
    overflow = NVVM::MMAIntOverflow::wrapped;
  const MmaAtom &atom = product.atom;
  return NVVM::MmaOp::create(
      builder, loc, result, a, b, c, ArrayRef<int64_t>{atom.m, atom.n, atom.k},
      /*b1Op=*/std::nullopt, overflow, std::array{mmaType, mmaType},
      std::array{NVVM::MMALayout::row, NVVM::MMALayout::col});
}

/// The registers of an atom of an operand.
static SmallVector<Value> getRegisters(OpBuilder &builder,
                                       MmaOperandReader &reader,
                                       const ThreadValueLayout &atom,
                                       int64_t number) {
  int64_t count = atom.numValues() / reader.getNumPacked();
  SmallVector<Value> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(reader.get(builder, number * count + i));
  return values;
}

/// Loads the operands of one step.
SmallVector<Value> TensorCoreGemm::load(Readers &from, int64_t step) {
  SmallVector<Value> registers;
  for (int64_t row = 0; row < rows; ++row)
    llvm::append_range(registers, getRegisters(builder, from.a, product.atom.a,
                                               row * steps + step));
  for (int64_t column = 0; column < columns; ++column)
    llvm::append_range(registers, getRegisters(builder, from.b, *product.atom.b,
                                               step * columns + column));
  return registers;
}

/// Gives the first step operands that `load` loaded elsewhere.
void TensorCoreGemm::setFirstStep(Readers &to, ArrayRef<Value> registers) {
  auto set = [&](MmaOperandReader &reader, const ThreadValueLayout &atom,
                 int64_t number) {
    int64_t count = atom.numValues() / reader.getNumPacked();
    for (int64_t i = 0; i < count; ++i)
      reader.set(number * count + i, registers[i]);
    registers = registers.drop_front(count);
  };
  for (int64_t row = 0; row < rows; ++row)
    set(to.a, product.atom.a, row * steps);
  for (int64_t column = 0; column < columns; ++column)
    set(to.b, *product.atom.b, column);
}

/// Adds the product of one atom of A and one of B.
void TensorCoreGemm::multiply(Readers &from, int64_t row, int64_t column,
                              int64_t step) {
  const MmaAtom &atom = product.atom;
  SmallVector<Value> left =
      getRegisters(builder, from.a, atom.a, row * steps + step);
  SmallVector<Value> right =
      getRegisters(builder, from.b, *atom.b, step * columns + column);
  int64_t count = atom.c.numValues();
  MutableArrayRef<Value> held =
      MutableArrayRef(sums).slice((row * columns + column) * count, count);
  Value result = emitMma(left, right, SmallVector<Value>(held));
  for (int64_t i = 0; i < count; ++i)
    held[i] = LLVM::ExtractValueOp::create(builder, loc, result, i);
}

/// Goes through the atoms to and fro, so that each instruction has an operand
/// in common with the one before, which takes it from where it is still held.
void TensorCoreGemm::multiplyStep(Readers &from, int64_t step) {
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < columns; ++i) {
      int64_t column = row % 2 ? columns - 1 - i : i;
      multiply(from, row, column, step);
    }
}

void TensorCoreGemm::run() {
  Readers readers = getReaders(op.getA(), op.getB());
  loadAccumulators();
  load(readers, 0);
  for (int64_t step = 0; step < steps; ++step) {
    if (step + 1 < steps)
      load(readers, step + 1);
    multiplyStep(readers, step);
  }
  storeAccumulators();
}

/// A loop in the place of `loop` that carries `registers`, for now unchanged.
scf::ForOp TensorCoreGemm::carry(scf::ForOp loop, ArrayRef<Value> registers) {
  IRRewriter rewriter(builder.getContext());
  rewriter.setInsertionPoint(loop);
  auto yieldArguments = [](OpBuilder &, Location,
                           ArrayRef<BlockArgument> arguments) {
    return SmallVector<Value>(arguments.begin(), arguments.end());
  };
  return cast<scf::ForOp>(
      *cast<LoopLikeOpInterface>(loop.getOperation())
           .replaceWithAdditionalYields(rewriter, registers,
                                        /*replaceInitOperandUsesInLoop=*/false,
                                        yieldArguments));
}

/// Whether something that comes after the loop may touch shared memory.
static bool isSharedUsedAfter(scf::ForOp loop) {
  if (!isa<gpu::LaunchOp>(loop->getParentOp()))
    return true;
  for (Operation *op = loop->getNextNode(); op; op = op->getNextNode()) {
    WalkResult result = op->walk([](Operation *nested) {
      bool isShared = llvm::any_of(nested->getOperands(), [](Value value) {
        auto type = dyn_cast<MemRefType>(value.getType());
        return type && tile::getScope(type) == Scope::Shared;
      });
      return isShared ? WalkResult::interrupt() : WalkResult::advance();
    });
    if (result.wasInterrupted())
      return true;
  }
  return false;
}

void TensorCoreGemm::runAhead() {
  auto loop = cast<scf::ForOp>(op->getParentOp());
  builder.setInsertionPoint(loop);
  LoopIteration first = LoopIteration::first(loop);
  Readers firstReaders =
      getReaders(first.get(builder, op.getA()), first.get(builder, op.getB()));
  SmallVector<Value> registers = load(firstReaders, 0);
  size_t numCarried = registers.size();
  loop = carry(loop, registers);
  registers.assign(loop.getRegionIterArgs().take_back(numCarried).begin(),
                   loop.getRegionIterArgs().end());
  Readers readers = getReaders(op.getA(), op.getB());
  setFirstStep(readers, registers);

  SmallVector<Operation *> copies;
  for (Operation &other :
       llvm::make_range(loop.getBody()->begin(), op->getIterator()))
    if (!isMemoryEffectFree(&other))
      copies.push_back(&other);
  builder.setInsertionPoint(op);
  loadAccumulators();
  for (int64_t step = 0; step + 1 < steps; ++step) {
    load(readers, step + 1);
    multiplyStep(readers, step);
    // The copies take time to begin, in which the tensor cores are busy.
    if (step == 0)
      for (Operation *copy : copies)
        copy->moveBefore(op);
  }
  Operation *end = loop.getBody()->getTerminator();
  builder.setInsertionPoint(end);
  LoopIteration next = LoopIteration::next(loop, builder);
  Readers nextReaders =
      getReaders(next.get(builder, op.getA()), next.get(builder, op.getB()));
  registers = load(nextReaders, 0);
  multiplyStep(readers, steps - 1);
  storeAccumulators();
  end->setOperands(end->getNumOperands() - numCarried, numCarried, registers);
  // The last iteration loads operands of none, behind the loop's last barrier.
  builder.setInsertionPointAfter(loop);
  if (isSharedUsedAfter(loop))
    gpu::BarrierOp::create(builder, loc);
}

bool mlir::tile::lowerGemmOnTensorCores(GemmOp op, const TargetInfo &target,
                                        bool loadsAhead,
                                        ThreadExecutor &executor,
                                        OpBuilder &builder) {
  std::string reason;
  std::optional<TensorCoreProduct> product =
      matchTensorCores(op, executor.getNumThreads(), target, reason);
  if (!product) {
    remark::missed(op.getLoc(), remark::RemarkOpts::name("no-tensor-cores")
                                    .category("convert-tile-to-gpu"))
        << remark::reason("product without tensor cores: {0}", reason);
    return false;
  }
  TensorCoreGemm gemm(op, *product, executor, builder);
  if (loadsAhead)
    gemm.runAhead();
  else
    gemm.run();
  return true;
}

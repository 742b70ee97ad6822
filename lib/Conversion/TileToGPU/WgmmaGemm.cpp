//===- WgmmaGemm.cpp - matrix products by warpgroups ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each group of four warps computes its block of the accumulator by wgmma,
// which reads B, and A if it is no fragment, from shared memory by descriptors.
// The instructions run on behind the program, so the accumulators go through
// the wait for them: nothing can read them before.
//
//===----------------------------------------------------------------------===//

#include "WgmmaGemm.h"
#include "MmaOperands.h"
#include "Shuffle.h"
#include "WgmmaInstruction.h"
#include "WgmmaRemarks.h"

#include "tile/Conversion/Utils/LoopAnnotation.h"
#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Conversion/Utils/VectorAccess.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;
using namespace mlir::tile;

/// The most values that one instruction reads or gives.
static constexpr int64_t kMaxValues = 128;

namespace {
class WarpgroupGemm {
public:
  WarpgroupGemm(GemmOp op, const WarpgroupProduct &product,
                ThreadExecutor &executor, OpBuilder &builder)
      : op(op), product(product), executor(executor), builder(builder),
        loc(op.getLoc()),
        type(getReduceType(op.getC().getType().getElementType())) {}

  void run();

private:
  void loadAccumulators();
  void storeAccumulators();
  void loadRegisters();
  Value getGroup();
  Value getDescriptor(Value buffer, const WarpgroupOperand &operand,
                      Value number, int64_t extent);
  Value advance(Value descriptor, int64_t bytes);
  void multiply(Value a, Value b, int64_t row, int64_t column, int64_t step);
  void wait();

  GemmOp op;
  const WarpgroupProduct &product;
  ThreadExecutor &executor;
  OpBuilder &builder;
  Location loc;
  Type type;
  /// A struct for each atom of the accumulator, row by row.
  SmallVector<Value> sums;
  /// The registers of A, if it is a fragment, atom by atom.
  SmallVector<Value> registers;
};
} // namespace

/// The elements of the accumulator that a thread has in one atom.
static int64_t getAtomValues(const WarpgroupProduct &product) {
  return product.atom.c.numValues();
}

/// A struct of `count` values of type `type`, not yet defined.
static Value makeStruct(OpBuilder &builder, Location loc, Type type,
                        int64_t count) {
  return LLVM::PoisonOp::create(
      builder, loc,
      LLVM::LLVMStructType::getLiteral(builder.getContext(),
                                       SmallVector<Type>(count, type)));
}

/// Fills `sum`, a struct, with what `array` holds from `first` on.
static Value loadStruct(OpBuilder &builder, Location loc, Value array,
                        int64_t first, Value sum) {
  ArrayRef<Type> types = cast<LLVM::LLVMStructType>(sum.getType()).getBody();
  for (auto [i, type] : llvm::enumerate(types)) {
    Value slot = arith::ConstantIndexOp::create(builder, loc, first + i);
    Value held = memref::LoadOp::create(builder, loc, array, slot);
    held = convertElement(builder, loc, held, type);
    sum = LLVM::InsertValueOp::create(builder, loc, sum, held, i);
  }
  return sum;
}

/// Puts what `sum`, a struct, holds into `array` from `first` on.
static void storeStruct(OpBuilder &builder, Location loc, Value sum,
                        Value array, int64_t first) {
  Type stored = cast<MemRefType>(array.getType()).getElementType();
  size_t count = cast<LLVM::LLVMStructType>(sum.getType()).getBody().size();
  for (size_t i = 0; i < count; ++i) {
    Value held = LLVM::ExtractValueOp::create(builder, loc, sum, i);
    Value slot = arith::ConstantIndexOp::create(builder, loc, first + i);
    held = convertElement(builder, loc, held, stored);
    memref::StoreOp::create(builder, loc, held, array, slot);
  }
}

void WarpgroupGemm::loadAccumulators() {
  Value array = executor.getPrivateArray(op.getC());
  int64_t count = getAtomValues(product);
  for (int64_t atom = 0; atom < product.rows * product.columns; ++atom) {
    Value sum = makeStruct(builder, loc, type, count);
    if (!op.getClear())
      sum = loadStruct(builder, loc, array, atom * count, sum);
    sums.push_back(sum);
  }
}

void WarpgroupGemm::storeAccumulators() {
  Value array = executor.getPrivateArray(op.getC());
  for (auto [atom, sum] : llvm::enumerate(sums))
    storeStruct(builder, loc, sum, array, atom * getAtomValues(product));
}

static bool writes(Operation *op, Value buffer) {
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  SmallVector<MemoryEffects::EffectInstance> found;
  if (!effects)
    return true;
  effects.getEffectsOnValue(buffer, found);
  return llvm::any_of(found, [](const MemoryEffects::EffectInstance &effect) {
    return isa<MemoryEffects::Write>(effect.getEffect());
  });
}

/// The outermost loop around `op` in which nobody writes to the fragment, or to
/// its private array; `op` itself when there is none.
static Operation *getOutermost(Operation *op, Value fragment, Value array) {
  Operation *place = op;
  while (auto loop = dyn_cast<LoopLikeOpInterface>(place->getParentOp())) {
    bool isWritten =
        llvm::any_of(std::array{fragment, array}, [&](Value buffer) {
          return llvm::any_of(buffer.getUsers(), [&](Operation *user) {
            return loop->isAncestor(user) && writes(user, buffer);
          });
        });
    if (isWritten)
      break;
    place = loop;
  }
  return place;
}

/// Loads the registers of A. What computes them stays in front of the products,
/// or the assembler would let each wait for the one before; and where A stays
/// as it is in a loop, in front of that, so that no register of a product that
/// is under way is written.
void WarpgroupGemm::loadRegisters() {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(
      getOutermost(op, op.getA(), executor.getPrivateArray(op.getA())));
  MmaOperandReader reader(executor, loc, op.getA(), product.aFragment,
                          op.getTransposeA(), /*sumDim=*/1,
                          op.getPrecision() == Precision::TF32);
  int64_t count = product.aFragment.numValues() / reader.getNumPacked();
  auto word = VectorType::get({1}, builder.getI32Type());
  SmallVector<Value> loaded;
  for (int64_t i = 0; i < count; ++i) {
    Value value = reader.get(builder, i);
    if (isa<VectorType>(value.getType())) {
      value = vector::BitCastOp::create(builder, loc, word, value);
      value = vector::ExtractOp::create(builder, loc, value, 0);
    }
    loaded.push_back(value);
  }
  for (ArrayRef<Value> rest(loaded); !rest.empty();) {
    ArrayRef<Value> part = rest.take_front(kMaxValues);
    llvm::append_range(registers, passThrough(builder, loc, "", part));
    rest = rest.drop_front(part.size());
  }
}

/// The number of this thread's group, which the compiler can see to be the same
/// in a warp.
Value WarpgroupGemm::getGroup() {
  if (product.groupsM * product.groupsN == 1)
    return arith::ConstantIndexOp::create(builder, loc, 0);
  Value size = arith::ConstantIndexOp::create(builder, loc, kWarpgroupSize);
  return takeFromFirstLane(
      builder, loc,
      arith::DivUIOp::create(builder, loc, executor.getThreadId(), size));
}

/// The descriptor of the part of `operand` that begins `number` times `extent`
/// rows or columns behind the beginning of `buffer`.
Value WarpgroupGemm::getDescriptor(Value buffer,
                                   const WarpgroupOperand &operand,
                                   Value number, int64_t extent) {
  Value distance = builder.createOrFold<arith::MulIOp>(
      loc, number,
      arith::ConstantIndexOp::create(builder, loc,
                                     operand.getOffset(extent, 0)));
  Value address = builder.createOrFold<arith::AddIOp>(
      loc, buildAddress(builder, loc, buffer, operand.elementBytes), distance);
  auto constant = [&](uint64_t value) -> Value {
    return arith::ConstantIntOp::create(builder, loc, builder.getI64Type(),
                                        static_cast<int64_t>(value));
  };
  Value bits =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), address);
  bits = arith::AndIOp::create(builder, loc, bits, constant(0x3ffff));
  bits = arith::ShRUIOp::create(builder, loc, bits, constant(4));
  return arith::OrIOp::create(builder, loc, bits,
                              constant(operand.getDescriptor()));
}

/// The descriptor of what lies `bytes` behind.
Value WarpgroupGemm::advance(Value descriptor, int64_t bytes) {
  if (bytes == 0)
    return descriptor;
  Value distance = arith::ConstantIntOp::create(
      builder, loc, builder.getI64Type(), bytes / 16);
  return arith::AddIOp::create(builder, loc, descriptor, distance);
}

/// Adds the product of one atom of A and one of B.
void WarpgroupGemm::multiply(Value a, Value b, int64_t row, int64_t column,
                             int64_t step) {
  const MmaAtom &atom = product.atom;
  WgmmaInstruction instruction(atom.n, atom.k,
                               op.getA().getType().getElementType(),
                               op.getB().getType().getElementType());
  if (product.a) {
    instruction.a =
        advance(a, product.a->getOffset(row * atom.m, step * atom.k));
    instruction.isAKMajor = product.a->isKMajor;
  } else {
    size_t count = registers.size() / (product.rows * product.steps);
    llvm::append_range(
        instruction.registers,
        ArrayRef(registers).slice((row * product.steps + step) * count, count));
  }
  instruction.b =
      advance(b, product.b.getOffset(column * atom.n, step * atom.k));
  instruction.isBKMajor = product.b.isKMajor;
  if (step == 0) {
    instruction.clears = op.getClear();
    instruction.clearIf = op.getClearIf();
  }
  Value &sum = sums[row * product.columns + column];
  sum = instruction.build(builder, loc, sum);
}

/// Executes `text` and gives the values of `sum`, a struct, anew.
static Value passStruct(OpBuilder &builder, Location loc, StringRef text,
                        Value sum) {
  SmallVector<Value> values;
  for (size_t i = 0;
       i < cast<LLVM::LLVMStructType>(sum.getType()).getBody().size(); ++i)
    values.push_back(LLVM::ExtractValueOp::create(builder, loc, sum, i));
  values = passThrough(builder, loc, text, values);
  for (auto [i, value] : llvm::enumerate(values))
    sum = LLVM::InsertValueOp::create(builder, loc, sum, value, i);
  return sum;
}

/// Waits for all products; their results are those of the wait.
void WarpgroupGemm::wait() {
  // All are done after the first one.
  StringRef text = "wgmma.wait_group.sync.aligned 0;";
  for (Value &sum : sums) {
    sum = passStruct(builder, loc, text, sum);
    text = "";
  }
}

void mlir::tile::lowerGemmWait(GemmWaitOp op, const TargetInfo &target,
                               ThreadExecutor &executor, OpBuilder &builder) {
  if (!target.hasWarpgroupMma)
    return;
  Location loc = op.getLoc();
  NVVM::WgmmaWaitGroupSyncOp::create(builder, loc, op.getPending());
  for (Value accumulator : op.getAccumulators()) {
    Value array = executor.getPrivateArray(accumulator);
    auto type = cast<MemRefType>(array.getType());
    for (int64_t first = 0; first < type.getNumElements();
         first += kMaxValues) {
      int64_t count = std::min(kMaxValues, type.getNumElements() - first);
      Value sum =
          makeStruct(builder, loc, getReduceType(type.getElementType()), count);
      sum = loadStruct(builder, loc, array, first, sum);
      sum = passStruct(builder, loc, "", sum);
      storeStruct(builder, loc, sum, array, first);
    }
  }
}

void WarpgroupGemm::run() {
  loadAccumulators();
  Value group = getGroup(), a;
  Value groupsN = arith::ConstantIndexOp::create(builder, loc, product.groupsN);
  if (product.a)
    a = getDescriptor(op.getA(), *product.a,
                      builder.createOrFold<arith::DivUIOp>(loc, group, groupsN),
                      product.rows * product.atom.m);
  else
    loadRegisters();
  Value b =
      getDescriptor(op.getB(), product.b,
                    builder.createOrFold<arith::RemUIOp>(loc, group, groupsN),
                    product.columns * product.atom.n);
  NVVM::WgmmaFenceAlignedOp::create(builder, loc);
  for (int64_t step = 0; step < product.steps; ++step)
    for (int64_t row = 0; row < product.rows; ++row)
      for (int64_t column = 0; column < product.columns; ++column)
        multiply(a, b, row, column, step);
  NVVM::WgmmaGroupSyncAlignedOp::create(builder, loc);
  // Sums that are stored in another type must be read now.
  if (!op.getDeferred() || type != op.getC().getType().getElementType())
    wait();
  storeAccumulators();
}

bool mlir::tile::lowerGemmOnWarpgroups(GemmOp op, const TargetInfo &target,
                                       ThreadExecutor &executor,
                                       OpBuilder &builder) {
  if (!target.hasWarpgroupMma)
    return false;
  std::string reason;
  std::optional<WarpgroupProduct> product =
      matchWarpgroupProduct(op, executor.getNumThreads(), target, reason);
  for (auto [operand, name] : {std::pair(op.getA(), "a"), {op.getB(), "b"}}) {
    auto alloc = getRootBuffer(operand).getDefiningOp<AllocOp>();
    if (product && tile::getScope(operand) == Scope::Shared &&
        !alloc.getSwizzle()) {
      reason = std::string("'") + name + "' has no swizzle";
      product.reset();
    }
  }
  if (!product) {
    remark::missed(
        op.getLoc(),
        remark::RemarkOpts::name("no-wgmma").category("convert-tile-to-gpu"))
        << remark::reason("product without wgmma: {0}", reason);
    return false;
  }
  remarkSerialProducts(op, *product, executor.getNumThreads());
  WarpgroupGemm(op, *product, executor, builder).run();
  // Without its first iteration, in which the sums are known, LLVM would write
  // them between the fence and the products, and the assembler would let each
  // product wait for the one before.
  auto loop = op->getParentOfType<scf::ForOp>();
  if (loop && loop->getParentOfType<gpu::LaunchOp>())
    keepRolled(loop);
  return true;
}

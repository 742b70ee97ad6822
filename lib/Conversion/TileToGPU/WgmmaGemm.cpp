//===- WgmmaGemm.cpp - matrix products by warpgroups ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each group of four warps computes its block of the accumulator by wgmma,
// which reads both operands from shared memory by descriptors. The instructions
// run on behind the program, so the accumulators go through the wait for them:
// nothing can read them before.
//
//===----------------------------------------------------------------------===//

#include "WgmmaGemm.h"

#include "tile/Conversion/Utils/Scalar.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::tile;

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
  Value getGroup();
  Value getDescriptor(Value buffer, const WarpgroupOperand &operand,
                      Value first);
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

/// Fills `sum`, a struct, with what `array` holds from `first` on; with zeros
/// where `clearIf` is given and true.
static Value loadStruct(OpBuilder &builder, Location loc, Value array,
                        int64_t first, Value sum, Value clearIf = Value()) {
  ArrayRef<Type> types = cast<LLVM::LLVMStructType>(sum.getType()).getBody();
  for (auto [i, type] : llvm::enumerate(types)) {
    Value slot = arith::ConstantIndexOp::create(builder, loc, first + i);
    Value held = memref::LoadOp::create(builder, loc, array, slot);
    held = convertElement(builder, loc, held, type);
    if (clearIf)
      held = arith::SelectOp::create(builder, loc, clearIf,
                                     getZero(builder, loc, type), held);
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
      sum = loadStruct(builder, loc, array, atom * count, sum, op.getClearIf());
    sums.push_back(sum);
  }
}

void WarpgroupGemm::storeAccumulators() {
  Value array = executor.getPrivateArray(op.getC());
  for (auto [atom, sum] : llvm::enumerate(sums))
    storeStruct(builder, loc, sum, array, atom * getAtomValues(product));
}

/// The number of this thread's group, which the compiler can see to be the same
/// in a warp.
Value WarpgroupGemm::getGroup() {
  if (product.groupsM * product.groupsN == 1)
    return arith::ConstantIndexOp::create(builder, loc, 0);
  Value size = arith::ConstantIndexOp::create(builder, loc, kWarpgroupSize);
  Value group =
      arith::DivUIOp::create(builder, loc, executor.getThreadId(), size);
  Type i32 = builder.getI32Type();
  group = arith::IndexCastOp::create(builder, loc, i32, group);
  Value zero = arith::ConstantIntOp::create(builder, loc, i32, 0);
  Value width = arith::ConstantIntOp::create(builder, loc, i32, 32);
  group = gpu::ShuffleOp::create(builder, loc, group, zero, width,
                                 gpu::ShuffleMode::IDX)
              .getShuffleResult();
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                    group);
}

/// The descriptor of the part of `operand` that begins `first` bytes behind the
/// beginning of its buffer.
Value WarpgroupGemm::getDescriptor(Value buffer,
                                   const WarpgroupOperand &operand,
                                   Value first) {
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(
      builder, loc, getRootBuffer(buffer));
  address = arith::AddIOp::create(builder, loc, address, first);
  if (auto view = buffer.getDefiningOp<memref::SubViewOp>()) {
    // The stages that come before this one.
    int64_t bytes = view.getType().getNumElements() * operand.elementBytes;
    for (int64_t dim = view.getSourceType().getRank() - 3; dim >= 0; --dim) {
      Value index = getValueOrCreateConstantIndexOp(
          builder, loc, view.getMixedOffsets()[dim]);
      Value distance = builder.createOrFold<arith::MulIOp>(
          loc, index, arith::ConstantIndexOp::create(builder, loc, bytes));
      address = arith::AddIOp::create(builder, loc, address, distance);
      bytes *= view.getSourceType().getDimSize(dim);
    }
  }
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

static NVVM::WGMMATypes getWgmmaType(Type type) {
  if (type.isF16())
    return NVVM::WGMMATypes::f16;
  if (type.isBF16())
    return NVVM::WGMMATypes::bf16;
  if (type.isF32())
    return NVVM::WGMMATypes::tf32;
  if (isa<Float8E4M3FNType>(type))
    return NVVM::WGMMATypes::e4m3;
  if (isa<Float8E5M2Type>(type))
    return NVVM::WGMMATypes::e5m2;
  assert(type.isInteger(8) && "a type without a matrix instruction");
  return NVVM::WGMMATypes::s8;
}

/// Adds the product of one atom of A and one of B.
void WarpgroupGemm::multiply(Value a, Value b, int64_t row, int64_t column,
                             int64_t step) {
  MLIRContext *context = builder.getContext();
  const MmaAtom &atom = product.atom;
  a = advance(a, product.a.getOffset(row * atom.m, step * atom.k));
  b = advance(b, product.b.getOffset(column * atom.n, step * atom.k));
  Value &sum = sums[row * product.columns + column];
  auto getLayout = [&](bool isRow) {
    return NVVM::MMALayoutAttr::get(context, isRow ? NVVM::MMALayout::row
                                                   : NVVM::MMALayout::col);
  };
  auto one = NVVM::WGMMAScaleInAttr::get(context, NVVM::WGMMAScaleIn::one);
  auto getType = [&](NVVM::WGMMATypes value) {
    return NVVM::WGMMATypesAttr::get(context, value);
  };
  bool isInteger = type.isInteger();
  bool clears = op.getClear() && step == 0;
  sum = NVVM::WgmmaMmaAsyncOp::create(
      builder, loc, sum.getType(), sum, a, b,
      NVVM::MMAShapeAttr::get(context, atom.m, atom.n, atom.k),
      getType(getWgmmaType(op.getA().getType().getElementType())),
      getType(getWgmmaType(op.getB().getType().getElementType())),
      getType(isInteger ? NVVM::WGMMATypes::s32 : NVVM::WGMMATypes::f32),
      NVVM::WGMMAScaleOutAttr::get(context, clears ? NVVM::WGMMAScaleOut::zero
                                                   : NVVM::WGMMAScaleOut::one),
      one, one, getLayout(product.a.isKMajor), getLayout(!product.b.isKMajor),
      NVVM::MMAIntOverflowAttr());
}

/// Waits until at most `pending` groups of products are under way. The numbers
/// that `sum`, a struct, holds from then on are those of the result.
static Value buildWait(OpBuilder &builder, Location loc, StringRef text,
                       Value sum) {
  auto type = cast<LLVM::LLVMStructType>(sum.getType());
  std::string results, operands;
  SmallVector<Value> values;
  for (auto [i, element] : llvm::enumerate(type.getBody())) {
    results +=
        std::string(i ? "," : "") + "=" + (element.isInteger() ? 'r' : 'f');
    operands += "," + std::to_string(i);
    values.push_back(LLVM::ExtractValueOp::create(builder, loc, sum, i));
  }
  return LLVM::InlineAsmOp::create(
             builder, loc, type, values, text, results + operands,
             /*has_side_effects=*/true, /*is_align_stack=*/false,
             LLVM::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr())
      .getRes();
}

/// Waits for all products; their results are those of the wait.
void WarpgroupGemm::wait() {
  // All are done after the first one.
  StringRef text = "wgmma.wait_group.sync.aligned 0;";
  for (Value &sum : sums) {
    sum = buildWait(builder, loc, text, sum);
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
    // As many at a time as one instruction has at most.
    constexpr int64_t kMaxValues = 128;
    for (int64_t first = 0; first < type.getNumElements();
         first += kMaxValues) {
      int64_t count = std::min(kMaxValues, type.getNumElements() - first);
      Value sum =
          makeStruct(builder, loc, getReduceType(type.getElementType()), count);
      sum = loadStruct(builder, loc, array, first, sum);
      sum = buildWait(builder, loc, "", sum);
      storeStruct(builder, loc, sum, array, first);
    }
  }
}

void WarpgroupGemm::run() {
  loadAccumulators();
  Value group = getGroup();
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto getFirst = [&](Value number, const WarpgroupOperand &operand,
                      int64_t extent) -> Value {
    return builder.createOrFold<arith::MulIOp>(
        loc, number, constant(operand.getOffset(extent, 0)));
  };
  Value groupM = builder.createOrFold<arith::DivUIOp>(
      loc, group, constant(product.groupsN));
  Value groupN = builder.createOrFold<arith::RemUIOp>(
      loc, group, constant(product.groupsN));
  Value a =
      getDescriptor(op.getA(), product.a,
                    getFirst(groupM, product.a, product.rows * product.atom.m));
  Value b = getDescriptor(
      op.getB(), product.b,
      getFirst(groupN, product.b, product.columns * product.atom.n));
  NVVM::WgmmaFenceAlignedOp::create(builder, loc);
  for (int64_t step = 0; step < product.steps; ++step)
    for (int64_t row = 0; row < product.rows; ++row)
      for (int64_t column = 0; column < product.columns; ++column)
        multiply(a, b, row, column, step);
  NVVM::WgmmaGroupSyncAlignedOp::create(builder, loc);
  if (!op.getDeferred())
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
      planWarpgroupProduct(op, executor.getNumThreads(), target, reason);
  const ThreadValueLayout *layout = executor.getLayout(op.getC());
  if (product && (!layout || !layout->isEquivalent(product->c))) {
    reason = "the accumulator has another layout";
    product.reset();
  }
  for (auto [operand, name] : {std::pair(op.getA(), "a"), {op.getB(), "b"}}) {
    auto alloc = getRootBuffer(operand).getDefiningOp<AllocOp>();
    if (product && !alloc.getSwizzle()) {
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
  WarpgroupGemm(op, *product, executor, builder).run();
  return true;
}

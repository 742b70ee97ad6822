//===- GPUToNVVM.cpp - device code to NVVM without a device library -------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Upstream's pass of this kind turns math into calls of libdevice, which comes
// with the CUDA toolkit. This one uses the same patterns for everything else,
// and leaves math to LLVM intrinsics that NVPTX selects by itself.
//
//===----------------------------------------------------------------------===//

#include "PredicatedStores.h"
#include "SharedAddresses.h"

#include "tile/Conversion/Passes.h"
#include "tile/Conversion/Utils/LoopAnnotation.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/GPUToNVVM/GPUToNVVMPass.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/NVGPUToNVVM/NVGPUToNVVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::tile {
#define GEN_PASS_DEF_CONVERTTILEGPUTONVVM
#include "tile/Conversion/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

namespace {

/// An atomic update orders nothing but its own element, for the threads of one
/// GPU. Upstream's pattern orders all memory for the whole system.
struct RelaxAtomicRMW : ConvertOpToLLVMPattern<memref::AtomicRMWOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(memref::AtomicRMWOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override;
};

/// ldmatrix of 8-bit floats, for which upstream's pattern mixes up the types of
/// the elements before and after their conversion.
struct LowerFloat8LdMatrix : ConvertOpToLLVMPattern<nvgpu::LdMatrixOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(nvgpu::LdMatrixOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override;
};

/// Powers of two that tile-expand-math asks of the hardware. Rests that are no
/// normal numbers count as zero, which changes nothing.
struct LowerApproximateExp2 : ConvertOpToLLVMPattern<math::Exp2Op> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(math::Exp2Op op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override;
};

struct ConvertTileGPUToNVVMPass
    : public tile::impl::ConvertTileGPUToNVVMBase<ConvertTileGPUToNVVMPass> {
  void runOnOperation() override;
};

} // namespace

static std::optional<LLVM::AtomicBinOp> getBinOp(arith::AtomicRMWKind kind) {
  switch (kind) {
  case arith::AtomicRMWKind::addf:
    return LLVM::AtomicBinOp::fadd;
  case arith::AtomicRMWKind::addi:
    return LLVM::AtomicBinOp::add;
  case arith::AtomicRMWKind::maximumf:
    return LLVM::AtomicBinOp::fmaximum;
  case arith::AtomicRMWKind::minimumf:
    return LLVM::AtomicBinOp::fminimum;
  case arith::AtomicRMWKind::maxs:
    return LLVM::AtomicBinOp::max;
  case arith::AtomicRMWKind::mins:
    return LLVM::AtomicBinOp::min;
  case arith::AtomicRMWKind::andi:
    return LLVM::AtomicBinOp::_and;
  case arith::AtomicRMWKind::ori:
    return LLVM::AtomicBinOp::_or;
  case arith::AtomicRMWKind::xori:
    return LLVM::AtomicBinOp::_xor;
  case arith::AtomicRMWKind::assign:
    return LLVM::AtomicBinOp::xchg;
  default:
    return std::nullopt;
  }
}

LogicalResult
RelaxAtomicRMW::matchAndRewrite(memref::AtomicRMWOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const {
  std::optional<LLVM::AtomicBinOp> binOp = getBinOp(op.getKind());
  if (!binOp)
    return failure();
  Value address =
      getStridedElementPtr(rewriter, op.getLoc(), op.getMemRefType(),
                           adaptor.getMemref(), adaptor.getIndices());
  rewriter.replaceOpWithNewOp<LLVM::AtomicRMWOp>(
      op, *binOp, address, adaptor.getValue(), LLVM::AtomicOrdering::monotonic,
      "device");
  return success();
}

LogicalResult LowerFloat8LdMatrix::matchAndRewrite(
    nvgpu::LdMatrixOp op, OpAdaptor adaptor,
    ConversionPatternRewriter &rewriter) const {
  VectorType type = op.getRes().getType();
  if (!isa<Float8E4M3FNType, Float8E5M2Type>(type.getElementType()))
    return failure();
  Location loc = op.getLoc();
  int64_t count = op.getNumTiles();
  Type word = rewriter.getI32Type();
  Type words = count == 1 ? word
                          : LLVM::LLVMStructType::getLiteral(
                                getContext(), SmallVector<Type>(count, word));
  Value address = getStridedElementPtr(
      rewriter, loc, cast<MemRefType>(op.getSrcMemref().getType()),
      adaptor.getSrcMemref(), adaptor.getIndices());
  Value loaded = NVVM::LdMatrixOp::create(
      rewriter, loc, words, address, count, NVVM::MMALayout::row,
      NVVM::LdStMatrixShapeAttr::get(getContext(), 8, 8),
      NVVM::LdStMatrixEltType::B16);
  auto resultType =
      cast<LLVM::LLVMArrayType>(getTypeConverter()->convertType(type));
  Value result = LLVM::PoisonOp::create(rewriter, loc, resultType);
  for (int64_t i = 0; i < count; ++i) {
    Value part = count == 1
                     ? loaded
                     : LLVM::ExtractValueOp::create(rewriter, loc, loaded, i)
                           .getResult();
    part = LLVM::BitcastOp::create(rewriter, loc, resultType.getElementType(),
                                   part);
    result = LLVM::InsertValueOp::create(rewriter, loc, result, part, i);
  }
  rewriter.replaceOp(op, result);
  return success();
}

LogicalResult LowerApproximateExp2::matchAndRewrite(
    math::Exp2Op op, OpAdaptor adaptor,
    ConversionPatternRewriter &rewriter) const {
  if (!op.getType().isF32() ||
      !arith::bitEnumContainsAny(op.getFastmath(), arith::FastMathFlags::afn))
    return failure();
  rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
      op, op.getType(), rewriter.getStringAttr("llvm.nvvm.ex2.approx.ftz.f32"),
      adaptor.getOperand());
  return success();
}

/// Kernels whose warps move registers must know how many they have: what one
/// block on a multiprocessor gets.
static void capRegisters(Operation *module) {
  module->walk([](LLVM::LLVMFuncOp kernel) {
    bool movesRegisters = kernel
                              .walk([](NVVM::SetMaxRegisterOp) {
                                return WalkResult::interrupt();
                              })
                              .wasInterrupted();
    if (movesRegisters)
      kernel->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(),
                      Builder(kernel.getContext()).getI32IntegerAttr(1));
  });
}

/// What is said of a loop arrives at its branches as an attribute that only
/// those of the LLVM dialect's own name pass on to LLVM.
static void nameLoopAnnotations(gpu::GPUModuleOp module) {
  module.walk([](LLVM::BrOp branch) {
    auto annotation = branch->getAttrOfType<LLVM::LoopAnnotationAttr>(
        kLoopAnnotationAttrName);
    if (!annotation)
      return;
    branch->removeAttr(kLoopAnnotationAttrName);
    branch.setLoopAnnotationAttr(annotation);
  });
}

/// Gives allocations of several elements the type of an array. LLVM splits
/// those into registers at once; of counted elements it visits all uses
/// whenever it simplifies one of them.
static void typeAllocations(gpu::GPUModuleOp module) {
  module.walk([](LLVM::AllocaOp alloca) {
    APInt count;
    if (!matchPattern(alloca.getArraySize(), m_ConstantInt(&count)) ||
        count.isOne())
      return;
    OpBuilder builder(alloca);
    Value one = LLVM::ConstantOp::create(builder, alloca.getLoc(),
                                         alloca.getArraySize().getType(), 1);
    alloca.getArraySizeMutable().assign(one);
    alloca.setElemType(
        LLVM::LLVMArrayType::get(alloca.getElemType(), count.getZExtValue()));
  });
}

void ConvertTileGPUToNVVMPass::runOnOperation() {
  MLIRContext *context = &getContext();
  LowerToLLVMOptions options(context);
  // Addresses and sizes have 64 bits on the device as on the host.
  options.overrideIndexBitwidth(64);
  LLVMTypeConverter converter(context, options);
  configureGpuToNVVMTypeConverter(converter);

  // A token has no value; nothing uses it.
  converter.addConversion([](nvgpu::DeviceAsyncTokenType type) -> Type {
    return IntegerType::get(type.getContext(), 32);
  });

  RewritePatternSet patterns(context);
  arith::populateCeilFloorDivExpandOpsPatterns(patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns);
  populateVectorToLLVMConversionPatterns(converter, patterns);
  populateNVGPUToNVVMConversionPatterns(converter, patterns);
  ub::populateUBToLLVMConversionPatterns(converter, patterns);
  // Last, since these include the calls of the device library.
  populateGpuToNVVMConversionPatterns(converter, patterns, /*benefit=*/0);
  populateNVGPUToNVVMConversionPatterns(converter, patterns);
  patterns.add<RelaxAtomicRMW, LowerApproximateExp2, LowerFloat8LdMatrix>(
      converter, /*benefit=*/2);
  populatePredicatedStorePatterns(converter, patterns, /*benefit=*/2);

  LLVMConversionTarget target(*context);
  configureGpuToNVVMConversionLegality(target);
  target.addIllegalDialect<nvgpu::NVGPUDialect>();
  // Those of the intrinsics that NVPTX selects.
  target.addLegalOp<LLVM::CopySignOp, LLVM::FAbsOp, LLVM::FCeilOp,
                    LLVM::FFloorOp, LLVM::FRemOp, LLVM::RoundEvenOp,
                    LLVM::RoundOp, LLVM::SqrtOp>();
  if (failed(
          applyPartialConversion(getOperation(), target, std::move(patterns))))
    return signalPassFailure();
  splitSharedAddresses(getOperation());
  typeAllocations(getOperation());
  capRegisters(getOperation());
  nameLoopAnnotations(getOperation());
}

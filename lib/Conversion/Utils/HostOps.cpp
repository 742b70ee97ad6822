//===- HostOps.cpp - tile ops in code that runs on the host -----*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Conversion/Utils/HostOps.h"
#include "tile/Conversion/Utils/Scalar.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace mlir::tile;

/// `text` as a format of printf that prints it.
static std::string escapePercent(StringRef text) {
  std::string escaped;
  for (char c : text)
    escaped += c == '%' ? "%%" : std::string(1, c);
  return escaped;
}

std::string mlir::tile::buildPrintFormat(PrintOp op, OpBuilder &builder,
                                         SmallVectorImpl<Value> &values) {
  std::string format = escapePercent(op.getText());
  auto append = [&](Value value) {
    format += getPrintfFormat(builder, op.getLoc(), value);
    values.push_back(value);
  };
  if (op.getElement()) {
    format += '[';
    llvm::interleave(op.getValues().drop_back(), append,
                     [&] { format += ", "; });
    format += "] = ";
    append(op.getValues().back());
    return format + '\n';
  }
  for (Value value : op.getValues()) {
    format += ' ';
    append(value);
  }
  return format + '\n';
}

std::string mlir::tile::buildAssertFormat(AssertOp op, OpBuilder &builder,
                                          SmallVectorImpl<Value> &values) {
  std::string format;
  StringRef rest = op.getMessage();
  for (Value value : op.getValues()) {
    auto [text, next] = rest.split("{}");
    rest = next;
    format += escapePercent(text);
    format += getPrintfFormat(builder, op.getLoc(), value);
    values.push_back(value);
  }
  format += escapePercent(rest);
  if (auto loc = op.getLoc()->findInstanceOf<FileLineColLoc>()) {
    llvm::raw_string_ostream os(format);
    os << " (" << escapePercent(loc.getFilename().getValue()) << ':'
       << loc.getLine() << ':' << loc.getColumn() << ')';
  }
  return format;
}

Value mlir::tile::getString(RewriterBase &rewriter, Operation *op,
                            StringRef prefix, StringRef text) {
  auto module = op->getParentOfType<ModuleOp>();
  SymbolTable symbols(module);
  OpBuilder::InsertionGuard guard(rewriter);
  StringAttr value = rewriter.getStringAttr(Twine(text) + Twine('\0'));
  auto type = LLVM::LLVMArrayType::get(rewriter.getI8Type(), value.size());
  rewriter.setInsertionPointToStart(module.getBody());
  auto global = LLVM::GlobalOp::create(rewriter, op->getLoc(), type,
                                       /*isConstant=*/true,
                                       LLVM::Linkage::Internal, prefix, value);
  symbols.insert(global);
  rewriter.setInsertionPoint(op);
  return LLVM::AddressOfOp::create(rewriter, op->getLoc(), global);
}

LLVM::LLVMFuncOp mlir::tile::getFunction(RewriterBase &rewriter, Operation *op,
                                         StringRef name,
                                         LLVM::LLVMFunctionType type) {
  auto module = op->getParentOfType<ModuleOp>();
  if (auto existing = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return existing;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(module.getBody());
  return LLVM::LLVMFuncOp::create(rewriter, op->getLoc(), name, type);
}

void mlir::tile::lowerHostPrint(PrintOp op, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  SmallVector<Value> args(1);
  std::string format = buildPrintFormat(op, rewriter, args);
  args.front() = getString(rewriter, op, "tile_print", format);
  auto pointer = LLVM::LLVMPointerType::get(rewriter.getContext());
  auto type = LLVM::LLVMFunctionType::get(rewriter.getI32Type(), pointer,
                                          /*isVarArg=*/true);
  LLVM::CallOp::create(rewriter, op.getLoc(),
                       getFunction(rewriter, op, "printf", type), args);
  rewriter.eraseOp(op);
}

void mlir::tile::lowerHostAssert(AssertOp op, RewriterBase &rewriter) {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  auto pointer = LLVM::LLVMPointerType::get(rewriter.getContext());
  auto type = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(rewriter.getContext()), pointer,
      /*isVarArg=*/true);
  LLVM::LLVMFuncOp fail = getFunction(rewriter, op, "tileRuntimeFail", type);
  SmallVector<Value> args(1);
  std::string format = buildAssertFormat(op, rewriter, args);
  args.front() = getString(rewriter, op, "tile_assert", format);
  Value one =
      arith::ConstantIntOp::create(rewriter, loc, rewriter.getI1Type(), 1);
  Value failed = arith::XOrIOp::create(rewriter, loc, op.getCondition(), one);
  scf::IfOp::create(rewriter, loc, failed, [&](OpBuilder &b, Location) {
    LLVM::CallOp::create(b, loc, fail, args);
    scf::YieldOp::create(b, loc);
  });
  rewriter.eraseOp(op);
}

void mlir::tile::lowerAtomic(AtomicOp op, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  arith::AtomicRMWKind kind =
      getAtomicKind(op.getKind(), op.getValue().getType());
  rewriter.replaceOpWithNewOp<memref::AtomicRMWOp>(
      op, op.getValue().getType(), kind, op.getValue(), op.getBuffer(),
      op.getIndices());
}

void mlir::tile::lowerAssume(AssumeOp op, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  rewriter.replaceOpWithNewOp<LLVM::AssumeOp>(op, op.getCondition());
}

void mlir::tile::lowerPipelined(PipelinedOp op, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(op);
  auto loop = scf::ForOp::create(rewriter, op.getLoc(), op.getLower(),
                                 op.getUpper(), op.getStep());
  Block *body = &op.getBody().front();
  rewriter.eraseOp(body->getTerminator());
  rewriter.inlineBlockBefore(body, loop.getBody()->getTerminator(),
                             loop.getInductionVar());
  rewriter.eraseOp(op);
}

/// A descriptor knows no element type, so a cast between memrefs of one rank
/// means the same memory. In one dimension no shape is in the way.
static void lowerView(ViewOp op, RewriterBase &rewriter) {
  Location loc = op.getLoc();
  rewriter.setInsertionPoint(op);
  auto reshape = [&](Value buffer, ArrayRef<int64_t> shape) -> Value {
    auto old = cast<MemRefType>(buffer.getType());
    MemRefType type = MemRefType::Builder(old).setShape(shape);
    return memref::ReinterpretCastOp::create(rewriter, loc, type, buffer,
                                             /*offset=*/0, shape,
                                             computeStrides(shape));
  };
  MemRefType source = op.getSource().getType(), view = op.getView().getType();
  Value flat = reshape(op.getSource(), source.getNumElements());
  MemRefType type = MemRefType::Builder(view).setShape({view.getNumElements()});
  Value other = UnrealizedConversionCastOp::create(rewriter, loc, type, flat)
                    .getResult(0);
  rewriter.replaceOp(op, reshape(other, view.getShape()));
}

void mlir::tile::lowerViews(Operation *root) {
  IRRewriter rewriter(root->getContext());
  root->walk([&](ViewOp op) { lowerView(op, rewriter); });
}

LogicalResult mlir::tile::checkPlaces(ModuleOp module) {
  WalkResult result = module.walk([&](Operation *op) {
    if (!isa_and_nonnull<TileDialect>(op->getDialect()))
      return WalkResult::advance();
    auto func = op->getParentOfType<func::FuncOp>();
    if (func && func->getParentOp() == module)
      return WalkResult::advance();
    op->emitOpError("expected to stand in a function of the module that is "
                    "converted, found in '")
        << op->getParentOp()->getName() << "'";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

void mlir::tile::replaceScopes(Operation *root,
                               function_ref<Attribute(Scope)> convertScope) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](MemRefType type) -> std::optional<Type> {
    auto scope = dyn_cast_or_null<ScopeAttr>(type.getMemorySpace());
    if (!scope)
      return std::nullopt;
    return MemRefType::Builder(type).setMemorySpace(
        convertScope(scope.getValue()));
  });
  replacer.recursivelyReplaceElementsIn(root, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
}

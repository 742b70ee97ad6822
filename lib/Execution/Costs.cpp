//===- Costs.cpp - How much work a call of a kernel is ----------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A walk that multiplies what a body does by how often it runs. Bounds are
// computed by the folders of the operations that make them. When one needs the
// number of an iteration or of a block, that loop is walked iteration by
// iteration, within a budget.
//
//===----------------------------------------------------------------------===//

#include "tile/Execution/Costs.h"
#include "tile/Dialect/Tile/Analysis/MemoryAccess.h"
#include "tile/Dialect/Tile/IR/TileAttrs.h"
#include "tile/Dialect/Tile/IR/TileOps.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"
#include "tile/Support/Error.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::tile;

namespace {
/// Adds up what a function does, given numbers for some of its values.
class Counter {
public:
  /// Gives a value a number while its region is counted.
  void set(Value value, int64_t number) { known[value] = number; }
  void setShape(Value tensor, ArrayRef<int64_t> shape) {
    shapes[tensor] = llvm::to_vector(shape);
  }

  void count(Block &block, double times);

  double flops = 0, bytes = 0;
  CountKind kind = CountKind::Exact;
  Type productType;

private:
  std::optional<int64_t> evaluate(Value value, unsigned depth = 0);
  std::optional<int64_t> evaluateDim(memref::DimOp op, unsigned depth);
  std::optional<int64_t> evaluate(OpFoldResult value);
  void count(Operation &op, double times);
  void countLaunch(LaunchOp op, double times);
  void countLoop(Block &body, Value index, Value lower, Value upper, Value step,
                 double times);
  void countParallel(ParallelOp op, double times);
  void countIf(scf::IfOp op, double times);
  void countGemm(GemmOp op, double times);
  void countCopy(CopyOp op, double times);
  void countAccess(Value buffer, double times);
  void countRounds(Block &body, ArrayRef<int64_t> extents, double times,
                   function_ref<void(ArrayRef<int64_t>)> enter);

  void weaken(CountKind other) { kind = std::max(kind, other); }

  llvm::DenseMap<Value, int64_t> known;
  llvm::DenseMap<Value, SmallVector<int64_t>> shapes;
  /// How many bodies may still be walked one by one.
  int64_t budget = 1 << 16;
};
} // namespace

/// Expressions of sizes are small; what is deeper is taken as not known.
static constexpr unsigned maxDepth = 64;

std::optional<int64_t> Counter::evaluateDim(memref::DimOp op, unsigned depth) {
  auto index = evaluate(op.getIndex(), depth + 1);
  auto shape = shapes.find(getRootBuffer(op.getSource()));
  if (!index || shape == shapes.end() || op.getSource() != shape->first ||
      *index < 0 || *index >= static_cast<int64_t>(shape->second.size()))
    return std::nullopt;
  return shape->second[*index];
}

std::optional<int64_t> Counter::evaluate(Value value, unsigned depth) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  Operation *op = value.getDefiningOp();
  if (!op || depth > maxDepth || op->getNumResults() != 1)
    return std::nullopt;
  if (auto dim = dyn_cast<memref::DimOp>(op))
    return evaluateDim(dim, depth);
  if (!isa<arith::ArithDialect>(op->getDialect()) ||
      !value.getType().isSignlessIntOrIndex())
    return std::nullopt;
  SmallVector<Attribute> operands;
  for (Value operand : op->getOperands()) {
    auto number = operand.getType().isSignlessIntOrIndex()
                      ? evaluate(operand, depth + 1)
                      : std::nullopt;
    if (!number)
      return std::nullopt;
    operands.push_back(IntegerAttr::get(operand.getType(), *number));
  }
  SmallVector<OpFoldResult> results;
  if (failed(op->fold(operands, results)) || results.size() != 1)
    return std::nullopt;
  auto result = dyn_cast<Attribute>(results.front());
  if (!result)
    return evaluate(cast<Value>(results.front()), depth + 1);
  if (auto number = dyn_cast<IntegerAttr>(result))
    return number.getInt();
  return std::nullopt;
}

std::optional<int64_t> Counter::evaluate(OpFoldResult value) {
  if (auto attribute = dyn_cast<Attribute>(value))
    return cast<IntegerAttr>(attribute).getInt();
  return evaluate(cast<Value>(value), 0);
}

/// Counts a body for a number of rounds in several dimensions: once, times
/// their number, or else one by one with `enter` saying which it is.
void Counter::countRounds(Block &body, ArrayRef<int64_t> extents, double times,
                          function_ref<void(ArrayRef<int64_t>)> enter) {
  double rounds = 1;
  for (int64_t extent : extents)
    rounds *= std::max<int64_t>(extent, 0);
  if (rounds == 0)
    return;
  double oldFlops = flops, oldBytes = bytes;
  CountKind oldKind = std::exchange(kind, CountKind::Exact);
  count(body, times * rounds);
  CountKind common = kind;
  kind = oldKind;
  if (common == CountKind::Exact || rounds > static_cast<double>(budget))
    return weaken(common);

  flops = oldFlops, bytes = oldBytes;
  budget -= static_cast<int64_t>(rounds);
  SmallVector<int64_t> ids(extents.size(), 0);
  for (double round = 0; round < rounds; ++round) {
    enter(ids);
    count(body, times);
    for (auto [id, extent] : llvm::zip_equal(ids, extents)) {
      if (++id < extent)
        break;
      id = 0;
    }
  }
}

void Counter::countLaunch(LaunchOp op, double times) {
  SmallVector<int64_t> grid;
  for (Value extent : op.getGrid()) {
    std::optional<int64_t> number = evaluate(extent);
    weaken(number ? CountKind::Exact : CountKind::Unknown);
    grid.push_back(number.value_or(1));
  }
  countRounds(op.getBody().front(), grid, times, [&](ArrayRef<int64_t> ids) {
    for (auto [argument, id] : llvm::zip_equal(op.getBlockIds(), ids))
      set(argument, id);
  });
  for (Value argument : op.getBlockIds())
    known.erase(argument);
}

void Counter::countLoop(Block &body, Value index, Value lower, Value upper,
                        Value step, double times) {
  auto from = evaluate(lower), to = evaluate(upper), by = evaluate(step);
  if (!from || !to || !by || *by <= 0) {
    weaken(CountKind::Unknown);
    return count(body, times);
  }
  int64_t rounds = *to > *from ? (*to - *from + *by - 1) / *by : 0;
  countRounds(body, {rounds}, times,
              [&](ArrayRef<int64_t> ids) { set(index, *from + ids[0] * *by); });
  known.erase(index);
}

/// The points of such a loop are many and alike: conditions on them are taken
/// to hold.
void Counter::countParallel(ParallelOp op, double times) {
  for (OpFoldResult extent : op.getMixedExtents()) {
    std::optional<int64_t> number = evaluate(extent);
    weaken(number ? CountKind::Exact : CountKind::Unknown);
    times *= static_cast<double>(std::max<int64_t>(number.value_or(1), 0));
  }
  if (times > 0)
    count(op.getBody().front(), times);
}

void Counter::countIf(scf::IfOp op, double times) {
  std::optional<int64_t> condition = evaluate(op.getCondition());
  if (condition) {
    Region &taken = *condition ? op.getThenRegion() : op.getElseRegion();
    if (!taken.empty())
      count(taken.front(), times);
    return;
  }
  // Which of them is not known: the larger one.
  weaken(CountKind::AtMost);
  double oldFlops = flops, oldBytes = bytes, mostFlops = flops,
         mostBytes = bytes;
  for (Region *region : {&op.getThenRegion(), &op.getElseRegion()}) {
    flops = oldFlops, bytes = oldBytes;
    if (!region->empty())
      count(region->front(), times);
    mostFlops = std::max(mostFlops, flops);
    mostBytes = std::max(mostBytes, bytes);
  }
  flops = mostFlops, bytes = mostBytes;
}

void Counter::countGemm(GemmOp op, double times) {
  auto a = cast<MemRefType>(op.getA().getType());
  auto c = cast<MemRefType>(op.getC().getType());
  int64_t k =
      a.getDimSize(op.getTransposeA() ? a.getRank() - 2 : a.getRank() - 1);
  if (!c.hasStaticShape() || ShapedType::isDynamic(k))
    return weaken(CountKind::Unknown);
  productType = op.getPrecision() == Precision::TF32
                    ? Type(FloatTF32Type::get(op.getContext()))
                    : a.getElementType();
  flops += times * 2 * static_cast<double>(c.getNumElements()) *
           static_cast<double>(k);
}

static bool isGlobal(Value buffer) {
  auto type = dyn_cast<MemRefType>(buffer.getType());
  return type && getScope(buffer) == Scope::Global;
}

static double getBytes(Value buffer) {
  Type type = cast<MemRefType>(buffer.getType()).getElementType();
  return type.isIntOrFloat() ? (type.getIntOrFloatBitWidth() + 7) / 8 : 8;
}

void Counter::countAccess(Value buffer, double times) {
  if (isGlobal(buffer))
    bytes += times * getBytes(buffer);
}

void Counter::countCopy(CopyOp op, double times) {
  double elements = 1;
  SmallVector<int64_t> region = op.getStaticRegion();
  SmallVector<OpFoldResult> given = op.getMixedExtents();
  for (auto [dim, size] : llvm::enumerate(region)) {
    std::optional<int64_t> number =
        ShapedType::isDynamic(size) && dim < given.size()
            ? evaluate(given[dim])
            : std::optional<int64_t>(size);
    if (!number || ShapedType::isDynamic(*number))
      return weaken(CountKind::Unknown);
    elements *= static_cast<double>(std::max<int64_t>(*number, 0));
  }
  countAccess(op.getSrc(), times * elements);
  countAccess(op.getDst(), times * elements);
}

/// The floating-point operations that one scalar operation is.
static double getScalarFlops(Operation &op) {
  if (op.getNumResults() != 1 || !isa<FloatType>(op.getResult(0).getType()))
    return 0;
  if (isa<math::FmaOp>(op))
    return 2;
  if (isa<math::MathDialect>(op.getDialect()))
    return 1;
  return isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp,
             arith::NegFOp, arith::RemFOp, arith::MaximumFOp, arith::MinimumFOp,
             arith::MaxNumFOp, arith::MinNumFOp>(op)
             ? 1
             : 0;
}

/// The elements that a reduction or a scan goes through, if they are floats.
static double getReducedFlops(Value source) {
  auto type = cast<MemRefType>(source.getType());
  bool counts = type.hasStaticShape() && isa<FloatType>(type.getElementType());
  return counts ? static_cast<double>(type.getNumElements()) : 0;
}

void Counter::count(Operation &op, double times) {
  if (auto launch = dyn_cast<LaunchOp>(op))
    return countLaunch(launch, times);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return countLoop(*loop.getBody(), loop.getInductionVar(),
                     loop.getLowerBound(), loop.getUpperBound(), loop.getStep(),
                     times);
  if (auto loop = dyn_cast<PipelinedOp>(op)) {
    Block &body = loop->getRegion(0).front();
    return countLoop(body, body.getArgument(0), loop.getLower(),
                     loop.getUpper(), loop.getStep(), times);
  }
  if (auto loop = dyn_cast<ParallelOp>(op))
    return countParallel(loop, times);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return countIf(branch, times);
  if (auto gemm = dyn_cast<GemmOp>(op))
    return countGemm(gemm, times);
  if (auto copy = dyn_cast<CopyOp>(op))
    return countCopy(copy, times);
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return countAccess(load.getMemRef(), times);
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return countAccess(store.getMemRef(), times);
  if (auto atomic = dyn_cast<AtomicOp>(op))
    return countAccess(atomic.getBuffer(), 2 * times); // there and back
  if (isa<ReduceOp, ScanOp>(op))
    flops += times * getReducedFlops(op.getOperand(0));
  flops += times * getScalarFlops(op);
  // How often a while loop runs, or which threads go somewhere, is not known.
  if (op.getNumRegions() && !isa<ThreadsOp>(op))
    weaken(CountKind::Unknown);
  if (auto threads = dyn_cast<ThreadsOp>(op))
    times *= static_cast<double>(std::max<int64_t>(getNumThreads(threads), 1));
  for (Region &region : op.getRegions())
    for (Block &block : region)
      count(block, times);
}

void Counter::count(Block &block, double times) {
  for (Operation &op : block)
    count(op, times);
}

/// Which arguments may be read and written.
static void findAccesses(func::FuncOp function, KernelCosts &costs) {
  costs.read.assign(function.getNumArguments(), false);
  costs.written.assign(function.getNumArguments(), false);
  SmallVector<MemoryAccess> accesses;
  collectAccesses(function, accesses);
  for (const MemoryAccess &access : accesses) {
    auto argument = dyn_cast_or_null<BlockArgument>(access.root);
    if (argument && argument.getOwner()->getParentOp() == function)
      (access.isWrite ? costs.written : costs.read)[argument.getArgNumber()] =
          true;
  }
}

/// Sizes as arguments, no calls, no classes.
static LogicalResult prepare(ModuleOp module) {
  PassManager pm(module.getContext(), ModuleOp::getOperationName());
  pm.addPass(createTileImport());
  pm.addPass(createTileDropCompileTimeArguments());
  pm.addPass(createTileInlineMeta());
  pm.addPass(createTileBindShapes());
  pm.addPass(createInlinerPass());
  pm.addPass(createCanonicalizerPass());
  return pm.run(module);
}

llvm::Expected<KernelCosts>
mlir::tile::countCosts(ModuleOp module, StringRef entry,
                       ArrayRef<ArgumentSizes> arguments) {
  OwningOpRef<ModuleOp> clone = module.clone();
  if (failed(prepare(*clone)))
    return makeError("cannot count the work of '" + entry + "'");
  auto function = clone->lookupSymbol<func::FuncOp>(entry);
  if (!function || function.isExternal())
    return makeError("undefined function '" + entry + "'");
  if (function.getNumArguments() != arguments.size())
    return makeError("expected " + llvm::Twine(function.getNumArguments()) +
                     " arguments of '" + entry + "', found " +
                     llvm::Twine(arguments.size()));
  Counter counter;
  for (auto [value, given] :
       llvm::zip_equal(function.getArguments(), arguments)) {
    if (isa<MemRefType>(value.getType()))
      counter.setShape(value, given.shape);
    else if (value.getType().isSignlessIntOrIndex())
      counter.set(value, given.scalar);
  }
  for (Block &block : function.getBody())
    counter.count(block, 1);
  KernelCosts costs;
  costs.flops = counter.flops;
  costs.globalBytes = counter.bytes;
  costs.kind = counter.kind;
  costs.productType = counter.productType;
  findAccesses(function, costs);
  return costs;
}

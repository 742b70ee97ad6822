//===- InferLayouts.cpp - who holds which element ---------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layouts spread from strong to weak: those that are written on fragments, then
// those of the accumulators of tensor cores, then free choices for the largest
// fragment that is left. Each goes from a fragment to the loops that touch it
// and from these to their other fragments. A fragment whose layout cannot
// follow goes to shared memory.
//
//===----------------------------------------------------------------------===//

#include "tile/Dialect/Tile/Analysis/FragmentSites.h"
#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"
#include "tile/Dialect/Tile/Analysis/TensorCores.h"
#include "tile/Dialect/Tile/Analysis/WarpgroupProducts.h"
#include "tile/Dialect/Tile/Analysis/ThreadReduction.h"
#include "tile/Dialect/Tile/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::tile {
#define GEN_PASS_DEF_TILEINFERLAYOUTS
#include "tile/Dialect/Tile/Transforms/Passes.h.inc"
} // namespace mlir::tile

using namespace mlir;
using namespace mlir::tile;

/// The widest access of a thread, in bits.
static constexpr int64_t kMaxAccessBits = 128;

/// The most values of a thread that a reduction reads from registers.
static constexpr int64_t kMaxReducedValues = 128;

namespace {
/// Finds the layouts of one launch.
class LayoutSolver {
public:
  LayoutSolver(LaunchOp launch, const TargetInfo &target,
               FragmentSites &fragments)
      : launch(launch), target(target), fragments(fragments),
        numThreads(launch.getThreads()), siteLayouts(fragments.sites.size()) {}

  /// False when a fragment had to be rejected: what was found is void then.
  bool run();
  void write();

private:
  bool seedPins();
  bool seedTensorCores();
  bool chooseFreely();
  bool chooseForSites();

  bool assign(Value fragment, const ThreadValueLayout &layout);
  bool assignSite(size_t site, const ThreadValueLayout &layout);
  bool spread();
  bool spreadFrom(Value fragment);
  bool spreadFromSite(size_t site);
  bool fits(const FragmentSite &site, const ThreadValueLayout &layout);
  bool conflict(Value fragment, Operation *op);

  LaunchOp launch;
  const TargetInfo &target;
  FragmentSites &fragments;
  int64_t numThreads;
  llvm::MapVector<Value, ThreadValueLayout> layouts;
  std::vector<std::optional<ThreadValueLayout>> siteLayouts;
  /// Fragments whose layouts have not been spread yet.
  SmallVector<Value> pending;
};

struct InferLayoutsPass
    : public tile::impl::TileInferLayoutsBase<InferLayoutsPass> {
  using Base::Base;
  void runOnOperation() override;
  LogicalResult runOnLaunch(LaunchOp launch, const TargetInfo &target);
};
} // namespace

static bool isFragment(Value value) {
  return tile::getScope(value) == Scope::Fragment;
}

static ArrayRef<int64_t> getShape(Value fragment) {
  return cast<MemRefType>(fragment.getType()).getShape();
}

//===----------------------------------------------------------------------===//
// Spreading
//===----------------------------------------------------------------------===//

bool LayoutSolver::conflict(Value fragment, Operation *op) {
  fragments.reject(fragment, op,
                   "its layout elsewhere does not fit this operation");
  return false;
}

bool LayoutSolver::assign(Value fragment, const ThreadValueLayout &layout) {
  layouts.insert({fragment, layout});
  pending.push_back(fragment);
  return true;
}

/// The layout of a loop of `extents` in which each iteration finds the element
/// at its own point, when `dims` are all of the loop's dimensions in order.
static std::optional<ThreadValueLayout>
getLoopLayout(const ThreadValueLayout &fragment, ArrayRef<int64_t> extents,
              ArrayRef<int64_t> dims) {
  SmallVector<int64_t> used, all;
  for (int64_t dim : dims)
    if (dim != kUnitDim)
      used.push_back(dim);
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (extent != 1)
      all.push_back(dim);
  SmallVector<int64_t> sorted(used);
  llvm::sort(sorted);
  if (sorted != all)
    return std::nullopt;
  // The fragment as a loop over its own dimensions, seen in the loop's order.
  SmallVector<int64_t> order;
  for (auto [dim, extent] : llvm::enumerate(extents)) {
    const int64_t *at = llvm::find(dims, static_cast<int64_t>(dim));
    order.push_back(extent == 1 ? kUnitDim : at - dims.begin());
  }
  bool isSame = order.size() == dims.size() && llvm::is_sorted(order) &&
                !llvm::is_contained(order, kUnitDim);
  return isSame ? fragment : getAccessLayout(fragment, order);
}

bool LayoutSolver::fits(const FragmentSite &site,
                        const ThreadValueLayout &layout) {
  if (layout.isReplicated() && !site.allowsReplicas)
    return false;
  return llvm::all_of(site.accesses, [&](const FragmentAccess &access) {
    auto found = layouts.find(access.fragment);
    return found == layouts.end() ||
           getValueMap(layout, found->second, access.dims);
  });
}

bool LayoutSolver::assignSite(size_t number, const ThreadValueLayout &layout) {
  const FragmentSite &site = fragments.sites[number];
  auto reduce = dyn_cast<ReduceOp>(site.op);
  if (reduce && (layout.numValues() > kMaxReducedValues ||
                 !ThreadReduction::get(layout, reduce.getDim()))) {
    fragments.reject(reduce.getSrc(), reduce,
                     "it is the source of a reduction "
                     "that registers cannot hold");
    return false;
  }
  siteLayouts[number] = layout;
  return spreadFromSite(number);
}

bool LayoutSolver::spreadFromSite(size_t number) {
  const FragmentSite &site = fragments.sites[number];
  const ThreadValueLayout &layout = *siteLayouts[number];
  for (const FragmentAccess &access : site.accesses) {
    auto found = layouts.find(access.fragment);
    if (found != layouts.end()) {
      if (!getValueMap(layout, found->second, access.dims))
        return conflict(access.fragment, site.op);
      continue;
    }
    std::optional<ThreadValueLayout> derived =
        getAccessLayout(layout, access.dims);
    if (!derived)
      return conflict(access.fragment, site.op);
    assign(access.fragment, *derived);
  }
  return true;
}

bool LayoutSolver::spreadFrom(Value fragment) {
  for (auto [number, site] : llvm::enumerate(fragments.sites)) {
    for (const FragmentAccess &access : site.accesses) {
      if (access.fragment != fragment)
        continue;
      const ThreadValueLayout &layout = layouts.find(fragment)->second;
      if (siteLayouts[number]) {
        if (!getValueMap(*siteLayouts[number], layout, access.dims))
          return conflict(fragment, site.op);
        continue;
      }
      std::optional<ThreadValueLayout> loop =
          getLoopLayout(layout, site.extents, access.dims);
      if (!loop)
        continue;
      if (loop->isReplicated() && !site.allowsReplicas)
        return conflict(fragment, site.op);
      if (!assignSite(number, *loop))
        return false;
    }
  }
  return true;
}

bool LayoutSolver::spread() {
  while (!pending.empty())
    if (!spreadFrom(pending.pop_back_val()))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Where layouts come from
//===----------------------------------------------------------------------===//

bool LayoutSolver::seedPins() {
  for (Value fragment : fragments.fragments)
    if (auto pin = fragment.getDefiningOp()->getAttrOfType<LayoutAttr>(
            kLayoutAttrName))
      assign(fragment, pin.getValue());
  return spread();
}

bool LayoutSolver::seedTensorCores() {
  SmallVector<GemmOp> products;
  launch.walk([&](GemmOp op) { products.push_back(op); });
  for (GemmOp op : products) {
    if (!fragments.fragments.contains(op.getC()) || layouts.contains(op.getC()))
      continue;
    std::string reason;
    if (auto wide = planWarpgroupProduct(op, numThreads, target, reason))
      assign(op.getC(), wide->c);
    else if (auto product = planTensorCores(op, numThreads, target, reason))
      assign(op.getC(), product->c);
    if (!spread())
      return false;
  }
  return true;
}

/// The width of an element in memory, in bits.
static int64_t getElementBits(MemRefType type) {
  Type element = type.getElementType();
  return element.isIntOrFloat()
             ? std::max<int64_t>(element.getIntOrFloatBitWidth(), 8)
             : 64;
}

/// The vectors in which rows of a buffer can begin everywhere, as far as its
/// strides are known; at most `width`.
static int64_t limitToRows(MemRefType type, int64_t width) {
  int64_t offset;
  SmallVector<int64_t> strides;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return width;
  for (int64_t dim = 0; dim + 1 < type.getRank(); ++dim) {
    int64_t stride = strides[dim];
    if (type.getDimSize(dim) != 1 && !ShapedType::isDynamic(stride) &&
        stride != 0)
      width = std::min(width, stride & -stride);
  }
  return width;
}

/// The elements in the widest vectors in which `fragment` may go to and from
/// memory.
static int64_t getWidestVector(Value fragment) {
  auto type = cast<MemRefType>(fragment.getType());
  int64_t bits = getElementBits(type), rows = kMaxAccessBits;
  for (Operation *user : fragment.getUsers())
    if (auto copy = dyn_cast<CopyOp>(user)) {
      auto other = copy.getSrc() == fragment ? copy.getDst() : copy.getSrc();
      bits = std::min(bits, getElementBits(other.getType()));
      if (!isFragment(other))
        rows = limitToRows(other.getType(), rows);
    }
  return std::min(kMaxAccessBits / bits, rows);
}

/// Vectors of `width` elements along the last dimension, narrower where there
/// would be none for some threads.
static ThreadValueLayout getFreeLayout(ArrayRef<int64_t> shape,
                                       int64_t numThreads, int64_t width) {
  // A dimension of extent 1 is not padded, so that it makes no difference.
  SmallVector<int64_t> extents;
  llvm::copy_if(shape, std::back_inserter(extents),
                [](int64_t size) { return size != 1; });
  if (extents.empty()) {
    Layout all({numThreads}, {0});
    SmallVector<int64_t> ones(shape.size(), 1);
    return cantFail(ThreadValueLayout::get(all, Layout({1}, {0}), ones));
  }
  int64_t elements = ShapedType::getNumElements(extents);
  while (width > 1 &&
         (extents.back() % width != 0 || elements < width * numThreads))
    width /= 2;
  auto layout = ThreadValueLayout::vectorized(extents, numThreads,
                                              extents.size() - 1, width);
  for (auto [dim, size] : llvm::enumerate(shape))
    if (size == 1 && layout.rank() < shape.size())
      layout = layout.expandDims(dim);
  return layout;
}

bool LayoutSolver::chooseFreely() {
  // The largest first, and of those of one size the first.
  SmallVector<std::pair<int64_t, size_t>> order;
  for (auto [number, fragment] : llvm::enumerate(fragments.fragments))
    order.push_back({-ShapedType::getNumElements(getShape(fragment)), number});
  llvm::sort(order);
  for (auto [size, number] : order) {
    Value fragment = fragments.fragments[number];
    if (layouts.contains(fragment) || getShape(fragment).empty())
      continue;
    assign(fragment, getFreeLayout(getShape(fragment), numThreads,
                                   getWidestVector(fragment)));
    if (!spread())
      return false;
  }
  return true;
}

/// Each thread runs all iterations along the dimensions that `access` leaves
/// out, for the elements that it holds.
static std::optional<ThreadValueLayout>
growLayout(const ThreadValueLayout &fragment, const FragmentSite &site,
           const FragmentAccess &access) {
  SmallVector<int64_t> used;
  for (int64_t dim : access.dims)
    if (dim != kUnitDim)
      used.push_back(dim);
  if (!llvm::is_sorted(used) || used.size() != access.dims.size())
    return std::nullopt;
  int64_t outer = 1, inner = 1;
  for (auto [dim, extent] : llvm::enumerate(site.extents)) {
    if (llvm::is_contained(used, static_cast<int64_t>(dim)))
      continue;
    bool isOuter = used.empty() || static_cast<int64_t>(dim) < used.front();
    bool isInner = used.empty() || static_cast<int64_t>(dim) > used.back();
    if (!isOuter && !isInner)
      return std::nullopt;
    (isOuter ? outer : inner) *= extent;
  }
  auto scale = [&](const Layout &layout) {
    Layout scaled;
    for (Layout::Leaf leaf : layout.leaves())
      scaled.addMode(Layout::Leaf{leaf.extent, leaf.stride * inner});
    return scaled;
  };
  int64_t held = ShapedType::getNumElements(fragment.padded());
  Layout values = scale(fragment.values());
  values.addMode(Layout::Leaf{inner, 1});
  values.addMode(Layout::Leaf{outer, held * inner});
  SmallVector<int64_t> padded(site.extents);
  for (auto [dim, size] : llvm::zip_equal(used, fragment.padded()))
    padded[dim] = size;
  llvm::Expected<ThreadValueLayout> layout = ThreadValueLayout::get(
      scale(fragment.threads()), values, site.extents, padded);
  if (layout)
    return *layout;
  llvm::consumeError(layout.takeError());
  return std::nullopt;
}

/// Loops that see only parts of what they run over: as another loop does, or so
/// that each thread runs through what it holds.
bool LayoutSolver::chooseForSites() {
  for (auto [number, site] : llvm::enumerate(fragments.sites)) {
    if (siteLayouts[number] || site.accesses.empty())
      continue;
    std::optional<ThreadValueLayout> chosen;
    for (const std::optional<ThreadValueLayout> &other : siteLayouts)
      if (!chosen && other && other->shape() == ArrayRef(site.extents) &&
          fits(site, *other))
        chosen = other;
    for (const FragmentAccess &access : site.accesses) {
      auto found = layouts.find(access.fragment);
      if (chosen || found == layouts.end())
        continue;
      chosen = growLayout(found->second, site, access);
      if (chosen && !fits(site, *chosen))
        chosen.reset();
    }
    if (!chosen)
      return conflict(site.accesses.front().fragment, site.op);
    if (!assignSite(number, *chosen) || !spread())
      return false;
  }
  return true;
}

bool LayoutSolver::run() {
  return seedPins() && seedTensorCores() && chooseFreely() && chooseForSites();
}

/// Makes the memory in which the threads of a reduction meet.
static void addScratch(ReduceOp op, const ThreadValueLayout &layout) {
  int64_t size = ThreadReduction::get(layout, op.getDim())->getScratchSize();
  if (size == 0)
    return;
  OpBuilder builder(op);
  Type type = op.getSrc().getType().getElementType();
  if (isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32)
    type = builder.getF32Type();
  auto scratch = AllocOp::create(builder, op.getLoc(),
                                 getBufferType({size}, type, Scope::Shared));
  op.getScratchMutable().assign(scratch.getBuffer());
}

void LayoutSolver::write() {
  MLIRContext *context = launch.getContext();
  for (auto &[fragment, layout] : layouts)
    fragment.getDefiningOp()->setAttr(kLayoutAttrName,
                                      LayoutAttr::get(context, layout));
  for (auto [site, layout] : llvm::zip_equal(fragments.sites, siteLayouts))
    if (layout && isa<ParallelOp>(site.op))
      site.op->setAttr(kLayoutAttrName, LayoutAttr::get(context, *layout));
    else if (auto reduce = dyn_cast<ReduceOp>(site.op); layout && reduce)
      addScratch(reduce, *layout);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Gives `buffer` and the views of it the shared scope.
static LogicalResult moveToShared(Value buffer) {
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
    if (isa<FillOp, CopyOp, TransposeOp, GemmOp, ReduceOp, ScanOp,
            memref::LoadOp, memref::StoreOp, memref::DimOp>(user))
      continue;
    auto view = dyn_cast<ViewLikeOpInterface>(user);
    if (!view || view.getViewSource() != buffer ||
        !isa<MemRefType>(view.getViewDest().getType()))
      return user->emitOpError("unsupported use of a fragment buffer; expected "
                               "tile ops, element accesses or views");
    if (failed(moveToShared(view.getViewDest())))
      return failure();
  }
  buffer.setType(withScope(cast<MemRefType>(buffer.getType()), Scope::Shared));
  return success();
}

/// Whether the layout that is written on a fragment is one for it.
static LogicalResult verifyPin(AllocOp op, int64_t numThreads) {
  auto pin = op->getAttrOfType<LayoutAttr>(kLayoutAttrName);
  if (!pin)
    return success();
  const ThreadValueLayout &layout = pin.getValue();
  ArrayRef<int64_t> shape = op.getBuffer().getType().getShape();
  if (layout.shape() != shape)
    return op.emitOpError("expected a layout of shape ")
           << shape << ", found " << layout.shape();
  if (layout.numThreads() != numThreads)
    return op.emitOpError("expected a layout for the ")
           << numThreads << " threads of the launch, found one for "
           << layout.numThreads();
  if (!layout.covers())
    return op.emitOpError("expected a layout that holds every element");
  return success();
}

/// A layout that is written by hand and cannot be kept is a mistake.
static LogicalResult verifyKept(Value fragment,
                                const FragmentObstacle &obstacle) {
  if (!fragment.getDefiningOp()->hasAttr(kLayoutAttrName))
    return success();
  InFlightDiagnostic diag =
      fragment.getDefiningOp()->emitOpError("cannot keep the layout: ")
      << obstacle.reason;
  diag.attachNote(obstacle.op->getLoc()) << "used here";
  return diag;
}

LogicalResult InferLayoutsPass::runOnLaunch(LaunchOp launch,
                                            const TargetInfo &target) {
  FragmentSites fragments(launch);
  for (Value fragment : fragments.fragments)
    if (failed(verifyPin(cast<AllocOp>(fragment.getDefiningOp()),
                         launch.getThreads())))
      return failure();
  // Each round that fails leaves a fragment to shared memory.
  while (true) {
    LayoutSolver solver(launch, target, fragments);
    size_t before = fragments.fragments.size();
    if (!solver.run()) {
      if (fragments.fragments.size() == before)
        fragments.reject(fragments.fragments.back(), launch,
                         "no layout was found for it");
      continue;
    }
    for (auto &[fragment, obstacle] : fragments.rejected)
      if (failed(verifyKept(fragment, obstacle)))
        return failure();
    solver.write();
    break;
  }
  numRegisters += fragments.fragments.size();
  numShared += fragments.rejected.size();
  for (auto &[fragment, obstacle] : fragments.rejected) {
    remark::missed(fragment.getLoc(),
                   remark::RemarkOpts::name("fragment-in-shared")
                       .category("tile-infer-layouts"))
        << remark::reason("fragment kept in shared memory: {0}",
                          obstacle.reason);
    if (failed(moveToShared(fragment)))
      return failure();
  }
  return success();
}

void InferLayoutsPass::runOnOperation() {
  std::optional<TargetInfo> target = getTargetInfo(chip);
  if (!target) {
    getOperation()->emitError(describeUnknownChip(chip));
    return signalPassFailure();
  }
  WalkResult result = getOperation()->walk([&](LaunchOp launch) {
    return WalkResult(runOnLaunch(launch, *target));
  });
  if (result.wasInterrupted())
    signalPassFailure();
}

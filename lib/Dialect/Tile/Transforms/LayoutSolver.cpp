//===- LayoutSolver.cpp - layouts of the fragments of a launch --*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layouts spread from strong to weak: those that are written on fragments, then
// those of the accumulators and operands of tensor cores, then free choices for
// the largest fragment that is left. Each goes from a fragment to the loops
// that touch it and from these to their other fragments.
//
//===----------------------------------------------------------------------===//

#include "LayoutSolver.h"
#include "LayoutChoices.h"

#include "tile/Dialect/Tile/Analysis/LoopLayouts.h"
#include "tile/Dialect/Tile/Analysis/ThreadReduction.h"

using namespace mlir;
using namespace mlir::tile;

/// The most values of a thread that a reduction reads from registers.
static constexpr int64_t kMaxReducedValues = 128;

static ArrayRef<int64_t> getShape(Value fragment) {
  return cast<MemRefType>(fragment.getType()).getShape();
}

//===----------------------------------------------------------------------===//
// Spreading
//===----------------------------------------------------------------------===//

bool LayoutSolver::conflict(Value fragment, Operation *op,
                            std::optional<unsigned> operand) {
  obstacle = LayoutObstacle{fragment, op, operand, ""};
  return false;
}

bool LayoutSolver::refuse(Value fragment, Operation *op, const Twine &reason) {
  obstacle = LayoutObstacle{fragment, op, std::nullopt, reason.str()};
  return false;
}

void LayoutSolver::assign(Value fragment, const ThreadValueLayout &layout) {
  layouts.insert({fragment, layout});
  pending.push_back(fragment);
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
                 !ThreadReduction::get(layout, reduce.getDim())))
    return refuse(reduce.getSrc(), reduce,
                  "it is the source of a reduction that registers cannot hold");
  siteLayouts[number] = layout;
  return spreadFromSite(number);
}

/// Whether tensor cores that can form the products in `accumulator` can do so
/// with this layout.
bool LayoutSolver::suitsProducts(Value accumulator,
                                 const ThreadValueLayout &layout) const {
  return llvm::all_of(accumulator.getUsers(), [&](Operation *user) {
    auto op = dyn_cast<GemmOp>(user);
    if (!op || op.getC() != accumulator)
      return true;
    std::string reason;
    return planWarpgroupProduct(op, tile::getNumThreads(op), target, layout,
                                reason) ||
           planTensorCores(op, tile::getNumThreads(op), target, layout,
                           reason) ||
           !planTensorCores(op, tile::getNumThreads(op), target, op.getPolicy(),
                            reason);
  });
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
    if (!derived || !suitsProducts(access.fragment, *derived))
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

/// Visits the products that have what `op` accumulates as an operand, or what a
/// loop computes from it element by element.
void LayoutSolver::forEachNext(
    GemmOp op, function_ref<void(GemmOp next, Value fragment)> visit) const {
  auto visitUsers = [&](Value fragment) {
    for (Operation *user : fragment.getUsers())
      if (auto next = dyn_cast<GemmOp>(user);
          next && next != op && next.getC() != fragment)
        visit(next, fragment);
  };
  visitUsers(op.getC());
  for (const FragmentSite &site : fragments.sites) {
    auto isAccumulator = [&](const FragmentAccess &access) {
      return access.fragment == op.getC();
    };
    const FragmentAccess *own = llvm::find_if(site.accesses, isAccumulator);
    if (own == site.accesses.end())
      continue;
    for (const FragmentAccess &access : site.accesses)
      if (access.dims == own->dims)
        visitUsers(access.fragment);
  }
}

/// How the warps share the accumulator of a product: as it wishes, else such
/// that each warp has all that it needs of an operand in registers, else such
/// that it has what it needs of this accumulator for the next product.
GemmPolicy LayoutSolver::getPolicy(GemmOp op) const {
  if (op.getPolicy() != GemmPolicy::Square)
    return op.getPolicy();
  if (isFragment(op.getA()))
    return GemmPolicy::FullRow;
  if (isFragment(op.getB()))
    return GemmPolicy::FullCol;
  GemmPolicy policy = GemmPolicy::Square;
  // The accumulator has the rows of A, and of B when that is transposed.
  forEachNext(op, [&](GemmOp next, Value fragment) {
    bool isTransposed =
        next.getA() == fragment ? next.getTransposeA() : !next.getTransposeB();
    policy = isTransposed ? GemmPolicy::FullCol : GemmPolicy::FullRow;
  });
  return policy;
}

/// Whether four warps can multiply together and then hold what they need of the
/// accumulator for the next products.
bool LayoutSolver::suitsNext(GemmOp op, const WarpgroupProduct &wide) const {
  bool suits = wide.groupsN == 1;
  forEachNext(op, [&](GemmOp next, Value fragment) {
    std::string reason;
    suits &= next.getA() == fragment && !next.getTransposeA() &&
             planWarpgroupProduct(next, tile::getNumThreads(next), target,
                                  GemmPolicy::FullRow, reason);
  });
  return suits;
}

/// The layout of the accumulator of a product on tensor cores.
std::optional<ThreadValueLayout>
LayoutSolver::getAccumulatorLayout(GemmOp op) const {
  std::string reason;
  GemmPolicy policy = getPolicy(op);
  auto wide =
      planWarpgroupProduct(op, tile::getNumThreads(op), target, policy, reason);
  auto product =
      planTensorCores(op, tile::getNumThreads(op), target, policy, reason);
  if (wide && (!product || policy == op.getPolicy() || isFragment(op.getA()) ||
               product->c.isEquivalent(wide->c) || suitsNext(op, *wide)))
    return wide->c;
  if (product)
    return product->c;
  return std::nullopt;
}

bool LayoutSolver::seedAccumulators() {
  SmallVector<GemmOp> products;
  launch.walk([&](GemmOp op) { products.push_back(op); });
  for (GemmOp op : products) {
    if (!isFragment(op.getC()) || layouts.contains(op.getC()))
      continue;
    std::optional<ThreadValueLayout> layout = getAccumulatorLayout(op);
    if (!layout)
      continue;
    assign(op.getC(), *layout);
    if (!spread())
      return false;
  }
  return true;
}

bool LayoutSolver::seedOperands(GemmOp op) {
  std::string reason = "'c' is not a fragment";
  std::optional<WarpgroupProduct> wide;
  std::optional<TensorCoreProduct> product;
  if (auto found = layouts.find(op.getC()); found != layouts.end()) {
    wide = planWarpgroupProduct(op, tile::getNumThreads(op), target,
                                found->second, reason);
    if (!wide)
      product = planTensorCores(op, tile::getNumThreads(op), target,
                                found->second, reason);
  } else if (isFragment(op.getC()))
    planTensorCores(op, tile::getNumThreads(op), target, op.getPolicy(),
                    reason);
  auto seed = [&](unsigned number, const ThreadValueLayout *layout,
                  bool isTransposed) {
    Value operand = op->getOperand(number);
    if (!isFragment(operand))
      return true;
    if (!layout)
      return refuse(operand, op,
                    "it is an operand of a product without tensor cores: " +
                        reason);
    ThreadValueLayout needed = getStoredLayout(*layout, isTransposed);
    auto found = layouts.find(operand);
    if (found == layouts.end())
      assign(operand, needed);
    else if (!found->second.isEquivalent(needed))
      return conflict(operand, op, number);
    return spread();
  };
  const ThreadValueLayout *a = wide      ? &wide->aFragment
                               : product ? &product->a
                                         : nullptr;
  return seed(0, a, op.getTransposeA()) &&
         seed(1, product ? &product->b : nullptr, op.getTransposeB());
}

bool LayoutSolver::seedOperands() {
  SmallVector<GemmOp> products;
  launch.walk([&](GemmOp op) { products.push_back(op); });
  return llvm::all_of(products, [&](GemmOp op) { return seedOperands(op); });
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
    assign(fragment, getFreeLayout(fragment, getNumHolders(fragment)));
    if (!spread())
      return false;
  }
  return true;
}

/// Loops that see only parts of what they run over: as another loop does, or so
/// that each thread runs through what it holds.
bool LayoutSolver::chooseForSites() {
  for (auto [number, site] : llvm::enumerate(fragments.sites)) {
    if (siteLayouts[number] || site.accesses.empty())
      continue;
    int64_t numThreads = tile::getNumThreads(site.op);
    std::optional<ThreadValueLayout> chosen;
    for (const std::optional<ThreadValueLayout> &other : siteLayouts)
      if (!chosen && other && other->numThreads() == numThreads &&
          other->shape() == ArrayRef(site.extents) && fits(site, *other))
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

std::optional<LayoutObstacle> LayoutSolver::run() {
  if (seedPins() && seedAccumulators() && seedOperands() && chooseFreely() &&
      chooseForSites())
    return std::nullopt;
  return obstacle;
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

//===- CallChecker.h - check the arguments of a call ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_SIGNATURE_CALLCHECKER_H
#define TILE_LIB_SIGNATURE_CALLCHECKER_H

#include "SignaturePlan.h"

namespace mlir::tile::detail {

/// Checks arguments that are in their places: each one by itself, then symbols
/// and type variables, which have one value in all places. Fills in what they
/// are. The texts of errors are made only where one is found.
class CallChecker {
public:
  CallChecker(const SignaturePlan &plan, const CallOptions &options,
              BoundArguments &bound)
      : plan(plan), options(options), bound(bound) {}

  llvm::Error run();

private:
  llvm::Error checkArgument(unsigned index);
  llvm::Error checkAbsent(const Parameter &parameter);
  llvm::Error checkBuffer(const Parameter &parameter, const TensorView &tensor);
  llvm::Error checkShape(const Parameter &parameter, const TensorView &tensor);
  llvm::Error checkContiguous(const Parameter &parameter,
                              const TensorView &tensor);
  llvm::Error checkStrides(const Parameter &parameter,
                           const TensorView &tensor);
  llvm::Error checkDType(const Parameter &parameter, DType found);
  llvm::Error checkScalar(const Parameter &parameter,
                          const CallArgument &argument);
  llvm::Error checkFloat(const Parameter &parameter, double value);
  llvm::Error checkFixed(const Parameter &parameter,
                         const CallArgument &argument);
  llvm::Error checkFrozen(const Parameter &parameter,
                          const CallArgument &argument);

  llvm::Error bindTypeVariables();
  llvm::Error bindSymbols();
  llvm::Error checkExpressions();
  std::optional<int64_t> getActual(const SymbolSite &site) const;
  std::string describe(const SymbolSite &site) const;
  std::string describeFirst(unsigned symbol) const;

  llvm::Error fail(const Parameter &parameter, const Twine &message,
                   CallError::Kind kind = CallError::Kind::Shape) const;
  llvm::Error failRank(const Parameter &parameter,
                       const TensorView &tensor) const;
  llvm::Error failKind(const Parameter &parameter, StringRef expected,
                       const CallArgument &found) const;

  const SignaturePlan &plan;
  const CallOptions &options;
  BoundArguments &bound;
};

} // namespace mlir::tile::detail

#endif // TILE_LIB_SIGNATURE_CALLCHECKER_H

//===- SignaturePlan.h - a prepared signature -------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What each argument has to be and what it adds to a key, worked out once from
// the annotations. Symbols and type variables are numbers here.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_LIB_SIGNATURE_SIGNATUREPLAN_H
#define TILE_LIB_SIGNATURE_SIGNATUREPLAN_H

#include "tile/Signature/FunctionSignature.h"

#include "tile/Dialect/Tile/IR/TileAttrs.h"

#include "llvm/ADT/StringMap.h"

namespace mlir::tile::detail {

/// An expression of symbols as code for a stack.
struct SizeExpr {
  enum Op : uint8_t { Constant, Symbol, Add, Mul, FloorDiv, CeilDiv, Mod };
  struct Instruction {
    Op op;
    int64_t operand = 0;
  };
  SmallVector<Instruction, 8> code;
  /// As the annotation has it.
  std::string text;
};

/// A place whose value is a symbol or an expression.
struct SymbolSite {
  enum Kind : uint8_t { Scalar, Size, Stride };
  Kind kind;
  unsigned parameter;
  unsigned dim;
  /// Of the symbol or the expression.
  unsigned index;
};

/// The values that a scalar takes.
struct ScalarRule {
  enum Kind : uint8_t { Bool, Integer, Float };
  Kind kind;
  Type type;
  /// Of an integer.
  int64_t min, max;
};

/// What an argument has to be.
struct Parameter {
  enum class Kind : uint8_t { Buffer, Pointer, Scalar, ElementType, Any };
  /// A size or stride that may be anything.
  static constexpr int64_t kOpen = -1;

  StringRef name;
  Kind kind = Kind::Any;
  Attribute annotation;
  /// What an argument left out is; null when it is needed.
  const CallArgument *defaultValue = nullptr;
  /// What the argument has to be, where the annotation says so.
  const CallArgument *fixedValue = nullptr;
  bool isKernelArgument = false;
  /// Whether the kernel is compiled for what this argument is.
  bool isOpen = false;

  std::optional<ScalarRule> scalar;

  // Of a buffer.
  bool hasRank = true;
  bool isContiguous = false;
  SmallVector<int64_t, 4> sizes, strides;
  /// The types of elements that fit, the one for messages first; empty for all.
  SmallVector<DType, 2> dtypes;
  /// The number of its type variable.
  std::optional<unsigned> typeVariable;
};

/// One contribution to a key.
struct KeyStep {
  unsigned parameter;
  KeyPart part;
};

struct SignaturePlan {
  std::string function;
  std::vector<Parameter> parameters;
  SmallVector<StringRef> names;
  llvm::StringMap<unsigned> indexOfName;
  SmallVector<unsigned> kernelParameters, staticParameters, unknownParameters;

  SmallVector<StringRef> symbols, typeVariables;
  /// Scalars first, then sizes, then strides.
  SmallVector<SymbolSite> symbolSites, exprSites;
  std::vector<SizeExpr> exprs;
  SmallVector<KeyStep> keySteps;

  /// Keeps a value with the text in it.
  const CallArgument *keep(const CallArgument &value);
  StringRef keepName(StringRef name);
  /// What a message calls an argument: `f() argument 'a'`.
  std::string describe(const Parameter &parameter) const;

private:
  std::vector<std::unique_ptr<CallArgument>> values;
  std::vector<std::unique_ptr<std::string>> texts;
};

/// The value of an attribute that is a default or a fixed value; nothing for
/// other attributes.
std::optional<CallArgument> toCallArgument(Attribute attribute);

/// Adds a parameter; its name is that of no other yet.
llvm::Error addParameter(SignaturePlan &plan, const ParameterSpec &spec,
                         Type argumentType);

/// Puts the sites in the order in which symbols are bound.
void finish(SignaturePlan &plan);

} // namespace mlir::tile::detail

#endif // TILE_LIB_SIGNATURE_SIGNATUREPLAN_H

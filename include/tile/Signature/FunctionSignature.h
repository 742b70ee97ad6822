//===- FunctionSignature.h - what callers may pass --------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Knows all annotated arguments of a function: takes the arguments of a call to
// their parameters and checks them, makes the key under which the kernel
// compiled for them is found again, and says what the annotations become for
// them.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_SIGNATURE_FUNCTIONSIGNATURE_H
#define TILE_SIGNATURE_FUNCTIONSIGNATURE_H

#include "tile/Signature/CallArgument.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <optional>

namespace mlir::tile {

class FunctionSignature;
namespace detail {
struct SignaturePlan;
class CallChecker;
} // namespace detail

/// Why arguments do not fit; `getMessage` says it in words.
class CallError : public llvm::ErrorInfo<CallError> {
public:
  enum class Kind {
    /// Too many, too few, unknown or repeated arguments.
    Placement,
    /// A value of the wrong kind.
    Type,
    /// A tensor of another element type.
    ElementType,
    /// A rank, size or stride.
    Shape,
    /// A number out of range or other than the fixed one, a device.
    Value
  };

  CallError(Kind kind, const Twine &message)
      : kind(kind), message(message.str()) {}

  Kind getKind() const { return kind; }
  const std::string &getMessage() const { return message; }
  void log(llvm::raw_ostream &os) const override { os << message; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }

  static char ID;

private:
  Kind kind;
  std::string message;
};

/// A parameter as a frontend declares it.
struct ParameterSpec {
  std::string name;
  /// An annotation, the type of an argument passed at launch (as a TypeAttr),
  /// or null for a compile-time value of any kind.
  Attribute annotation;
  /// What an argument that is left out is.
  std::optional<CallArgument> defaultValue;
};

struct CallOptions {
  /// Take `none` for any tensor that the kernel is not compiled for: the host
  /// code then judges whether it is needed. Parameters with the default `none`
  /// always take it.
  bool allowAbsent = false;
  /// Where the tensors have to be.
  std::optional<Device> device;
};

/// The arguments of a call at their parameters, defaults applied, checked. They
/// point to values of the caller and of the signature. Used again and again, it
/// allocates no memory.
class BoundArguments {
public:
  const CallArgument &operator[](size_t parameter) const {
    return *values[parameter];
  }
  size_t size() const { return values.size(); }

private:
  friend class FunctionSignature;
  friend class detail::CallChecker;

  struct Symbol {
    int64_t value;
    bool isKnown;
  };
  struct TypeVariable {
    DType dtype;
    bool isKnown;
  };
  SmallVector<const CallArgument *, 16> values;
  SmallVector<Symbol, 8> symbols;
  SmallVector<TypeVariable, 4> typeVariables;
};

/// Everything about the parameters of one function, prepared so that a call
/// costs little. Uses the MLIR context only to be created and to specialise.
class FunctionSignature {
public:
  /// Reads `tile.annotation`, `tile.name` and `tile.default` of the arguments.
  /// Those without a name are `arg0`, `arg1`, ...; those without an annotation
  /// are passed at launch.
  static llvm::Expected<FunctionSignature> create(func::FuncOp func);
  static llvm::Expected<FunctionSignature>
  create(StringRef function, ArrayRef<ParameterSpec> parameters);
  FunctionSignature(FunctionSignature &&);
  FunctionSignature &operator=(FunctionSignature &&);
  ~FunctionSignature();

  StringRef getFunctionName() const;
  size_t getNumParameters() const;
  /// The names, in the order of the function's arguments.
  ArrayRef<StringRef> getParameterNames() const;
  /// The parameters that are passed at launch, in order.
  ArrayRef<unsigned> getKernelParameters() const;
  SmallVector<StringRef> getKernelParameterNames() const;
  /// The annotation of a parameter; a TypeAttr or null as in ParameterSpec.
  Attribute getAnnotation(unsigned parameter) const;

  /// Whether the function can be compiled without knowing a call.
  bool isAllStatic() const { return getUnknownParameters().empty(); }
  /// The parameters whose annotations leave nothing open, in order.
  ArrayRef<unsigned> getStaticParameters() const;
  /// The other parameters: each call may need another kernel.
  ArrayRef<unsigned> getUnknownParameters() const;

  /// Takes the arguments of a call to their parameters, applies defaults and
  /// checks them. Fails with a CallError.
  llvm::Error bind(ArrayRef<CallArgument> positional,
                   ArrayRef<KeywordArgument> keywords,
                   const CallOptions &options, BoundArguments &bound) const;

  /// Replaces `key` by what of the arguments makes a difference to the compiled
  /// kernel, and returns a hash of it. Both are the same in every process and
  /// on every machine. The function, the device and the version of the compiler
  /// are for the caller to add.
  uint64_t getKey(const BoundArguments &bound,
                  SmallVectorImpl<char> &key) const;

  /// Replaces `values` by the arguments that are passed at launch, in order.
  void getKernelArguments(const BoundArguments &bound,
                          SmallVectorImpl<const CallArgument *> &values) const;

  /// What the annotations become for these arguments: nothing in them is open
  /// at compile time. Types and null stay.
  llvm::Expected<SmallVector<Attribute>>
  getConcreteAnnotations(const BoundArguments &bound,
                         MLIRContext *context) const;

  /// Gives `func`, from which the signature was made or a clone of it, these
  /// annotations and the types of arguments that follow from them.
  llvm::Error specialize(func::FuncOp func, const BoundArguments &bound) const;

private:
  explicit FunctionSignature(std::unique_ptr<detail::SignaturePlan> plan);

  llvm::Error place(ArrayRef<CallArgument> positional,
                    ArrayRef<KeywordArgument> keywords,
                    BoundArguments &bound) const;
  llvm::Error reportMissing(const BoundArguments &bound) const;

  std::unique_ptr<detail::SignaturePlan> plan;
};

} // namespace mlir::tile

#endif // TILE_SIGNATURE_FUNCTIONSIGNATURE_H

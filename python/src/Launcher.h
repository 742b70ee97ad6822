//===- Launcher.h - Calls that were made before -----------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first call of a kernel runs Python code, which finds or makes the kernel.
// It then tells a Launcher what to do for calls like it: those go from the
// Python objects to the compiled code without Python code in between, and make
// no objects but the results. For whatever is not as it was, the Python code
// runs again.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_PYTHON_LAUNCHER_H
#define TILE_PYTHON_LAUNCHER_H

#include "DLPackExchange.h"
#include "Execution.h"
#include "Signature.h"

namespace mlir::tile::python {

/// Something that has to be as it was: what a name in a dictionary or a class
/// is, what a cell holds, or what the code or the defaults of a function are.
struct Guard {
  nanobind::object container;
  /// A name for a dictionary, a class or the defaults of a function; else none.
  nanobind::object name;
  /// Null where there is to be nothing.
  nanobind::object expected;

  bool holds() const;
};

/// A step of the computation of a size, on a stack.
struct SizeStep {
  enum class Kind { Number, Size, Stride, Scalar, Operation };
  Kind kind;
  int64_t value; // the number, the parameter, or the character of an operator
  int64_t dim;
};

/// A result or scratch memory that the call allocates.
struct MadeTensor {
  SmallVector<SmallVector<SizeStep, 4>> shape;
  /// Makes a tensor from a tuple of sizes.
  nanobind::object make;
  bool isReturned;
};

/// What an argument of the compiled code is.
struct LaunchSlot {
  enum class Kind { Tensor, Strided, Pointer, Scalar, Made };
  Kind kind;
  /// The parameter, or the number of the made tensor.
  unsigned index;
  size_t rank = 0;
  Type scalarType;
};

/// A kernel, ready for calls like the one that it was found for.
struct LaunchPlan {
  nanobind::object signatureObject, executableObject;
  PySignature *signature;
  const PyExecutable *executable;
  std::string key;
  Device device;
  /// The type of the first tensor, which made tensors have as well.
  nanobind::object firstType;
  SmallVector<LaunchSlot> slots;
  SmallVector<MadeTensor, 1> made;
  /// Whether the kernel writes the tensor that a parameter is.
  SmallVector<bool> written;
  /// Parameters that may be none, and whether they are.
  SmallVector<std::pair<unsigned, bool>, 2> optional;
  /// What the words of the descriptors of all tensors take.
  size_t numWords = 0;
};

/// The base of what is called in Python.
class Launcher {
public:
  /// The result of a call, or a null object if Python code has to run.
  nanobind::object call(PyObject *args, PyObject *kwargs);

  void add(std::shared_ptr<LaunchPlan> plan);
  /// Forgets all plans, which other guards held for.
  void setGuards(std::vector<Guard> newGuards);
  size_t size() const { return plans.size(); }

  int traverse(visitproc visit, void *arg) const;
  void clear();

private:
  /// The one that was used last comes first.
  std::vector<std::shared_ptr<LaunchPlan>> plans;
  std::vector<Guard> guards;
};

} // namespace mlir::tile::python

#endif // TILE_PYTHON_LAUNCHER_H

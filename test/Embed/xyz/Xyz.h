// Xyz.h - the dialect of this compiler and its pass.

#ifndef XYZ_H
#define XYZ_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "XyzDialect.h.inc"

#define GET_OP_CLASSES
#include "XyzOps.h.inc"

namespace xyz {
/// Registers convert-xyz-to-linalg.
void registerXyzToLinalg();
} // namespace xyz

#endif // XYZ_H

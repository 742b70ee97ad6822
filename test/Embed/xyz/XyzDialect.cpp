// XyzDialect.cpp - the dialect of this compiler.

#include "Xyz.h"

#include "mlir/IR/Builders.h"

#include "XyzDialect.cpp.inc"

#define GET_OP_CLASSES
#include "XyzOps.cpp.inc"

void xyz::XyzDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "XyzOps.cpp.inc"
      >();
}

// A program of another project: parses a module that holds a tile op.

#include "tile/InitAllDialects.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

int main() {
  mlir::DialectRegistry registry;
  mlir::tile::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      "func.func @f() { tile.barrier return }", &context);
  return module ? 0 : 1;
}

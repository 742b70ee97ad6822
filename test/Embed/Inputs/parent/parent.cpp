// A program of another project: parses a module that holds a tile op.

#include "tile/Dialect/Tile/IR/TileOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

int main() {
  mlir::MLIRContext context;
  context.loadDialect<mlir::func::FuncDialect, mlir::tile::TileDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      "func.func @f() { tile.barrier return }", &context);
  if (!module)
    return 1;
  module->print(llvm::outs());
  return 0;
}

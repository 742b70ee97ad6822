// A program of another project: takes a module to PTX.

#include "tile/InitAllDialects.h"
#include "tile/InitAllPasses.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

static const char kSource[] = R"(
  func.func @f(%x: memref<f32>) {
    tile.launch blocks() in () threads(32) {
      %one = arith.constant 1.0 : f32
      memref.store %one, %x[] : memref<f32>
    }
    return
  })";

int main() {
  mlir::DialectRegistry registry;
  mlir::tile::registerAllDialects(registry);
  mlir::tile::registerAllPasses();
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(kSource, &context);
  mlir::PassManager pm(&context);
  if (!module || failed(parsePassPipeline("tile-to-ptx{chip=sm_90a}", pm)) ||
      failed(pm.run(*module)))
    return 1;
  module->print(llvm::outs());
  return 0;
}

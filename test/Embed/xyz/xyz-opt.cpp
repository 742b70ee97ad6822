// xyz-opt.cpp - the driver: the dialect and passes of this compiler beside
// those of tile.

#include "Xyz.h"

#include "tile/InitAllDialects.h"
#include "tile/InitAllPasses.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<xyz::XyzDialect>();
  mlir::tile::registerAllDialects(registry);
  mlir::tile::registerAllPasses();
  xyz::registerXyzToLinalg();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "xyz optimizer driver\n", registry));
}

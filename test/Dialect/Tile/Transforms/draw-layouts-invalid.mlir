// RUN: tile-opt %s --tile-draw-layouts --verify-diagnostics
// RUN: not tile-opt %s --tile-draw-layouts=%s/pictures 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: rm -rf %t && mkdir -p %t/f-0.svg
// RUN: not tile-opt %s --tile-draw-layouts=dir=%t 2>&1 | FileCheck %s --check-prefix=FILE

// FOLDER: error: cannot make the folder '{{.*}}draw-layouts-invalid.mlir/pictures': {{.+}}
// FILE: :[[#@LINE+5]]:8: error: cannot write the picture '{{.*}}f-0.svg': {{.+}}

// expected-error @+1 {{expected a folder for pictures of layouts}}
module {
func.func @f() {
  %s = tile.alloc : memref<4xf32, #tile.scope<shared>>
  return
}
}

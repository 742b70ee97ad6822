// Mistakes in the options.

// RUN: rm -rf %t && mkdir -p %t && cd %t && mkdir folder

// RUN: not tile-run 2>&1 | FileCheck %s --match-full-lines --check-prefix=FILE
// FILE: tile-run: error: missing the file to run

// RUN: not tile-run absent.mlir 2>&1 | FileCheck %s --match-full-lines --check-prefix=ABSENT
// ABSENT: tile-run: error: cannot open input file 'absent.mlir': No such file or directory

// RUN: not tile-run %s --entry=f zeros 1 --bogus 2>&1 | FileCheck %s --match-full-lines --check-prefix=BOGUS
// BOGUS: tile-run: error: unknown command line argument '--bogus'

// RUN: not tile-run %s --entry=f zeros 1 --device=tpu 2>&1 | FileCheck %s --match-full-lines --check-prefix=DEVICE
// DEVICE: tile-run: error: expected --device of auto, cpu or cuda, got 'tpu'

// RUN: env TILE_CUDA_DRIVER=%t/absent.so not tile-run %s --entry=f zeros 1 --device=cuda 2>&1 | FileCheck %s --match-full-lines --check-prefix=GPU
// GPU: tile-run: error: no GPU to run on: cannot open the CUDA driver: {{.*}}absent.so{{.*}}

// RUN: not tile-run %s --entry=f zeros 1 --emit=sass 2>&1 | FileCheck %s --match-full-lines --check-prefix=EMIT
// EMIT: tile-run: error: expected --emit of ptx, cubin or llvm, got 'sass'

// RUN: not tile-run %s --entry=f zeros 1 --time --repeat=0 2>&1 | FileCheck %s --match-full-lines --check-prefix=REPEAT
// REPEAT: tile-run: error: expected --repeat of 1 to 1000000, got '0'

// RUN: not tile-run %s --entry=f zeros 1 --time --repeat -3 2>&1 | FileCheck %s --match-full-lines --check-prefix=NEGATIVE
// NEGATIVE: tile-run: error: expected --repeat of 1 to 1000000, got '-3'

// RUN: not tile-run %s --entry=f zeros 1 --out out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=FORM
// FORM: tile-run: error: expected --out=K=FILE, got 'out.npy'

// RUN: not tile-run %s --entry=f zeros 1 --out 2=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=RANGE
// RANGE: tile-run: error: expected --out of an argument below 2, got 2

// RUN: not tile-run %s --entry=f zeros 1 --out 1=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=SCALAR
// SCALAR: tile-run: error: expected --out of a buffer, got argument 1, which is a scalar

// RUN: not tile-run %s --entry=f zeros 1 --out 0=a.npy --out 0=b.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=TWICE
// TWICE: tile-run: error: expected one --out of argument 0, got two

// RUN: not tile-run %s --entry=two zeros zeros --out 0=a.npy --out 1=a.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=SAME
// SAME: tile-run: error: expected one --out to 'a.npy', got two

// RUN: not tile-run %s --entry=f zeros 1 --out 0=absent/out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=FOLDER
// FOLDER: tile-run: error: cannot write 'absent/out.npy': No such file or directory

// RUN: not tile-run %s --entry=f zeros 1 --out 0=folder 2>&1 | FileCheck %s --match-full-lines --check-prefix=ISFOLDER
// ISFOLDER: tile-run: error: cannot write 'folder': expected a regular file

// RUN: ls | FileCheck %s --check-prefix=LEFT --implicit-check-not=npy
// LEFT: folder

func.func @f(%a: memref<4xf32>, %n: i32) {
  return
}

func.func private @two(%a: memref<4xf32>, %b: memref<4xf32>) {
  return
}

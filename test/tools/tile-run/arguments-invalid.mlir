// Each wrong argument gives one line that names it, and no output.

// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: %python -c "import numpy as np; np.save('long.npy', np.zeros((3, 8), np.int64)); np.save('rank.npy', np.zeros(8, np.float32)); np.save('size.npy', np.zeros((3, 9), np.float32)); open('cut.npy', 'wb').write(open('long.npy', 'rb').read()[:-1])"

// RUN: not tile-run %s --entry=f zeros:3x8 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=COUNT
// COUNT: tile-run: error: expected 3 arguments for 'f' (memref<?x8xf32>, f16, i8), got 1

// RUN: not tile-run %s --entry=f long.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=DTYPE
// DTYPE: tile-run: error: argument 0: 'long.npy': expected dtype float32 for memref<?x8xf32>, got int64

// RUN: not tile-run %s --entry=f rank.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=RANK
// RANK: tile-run: error: argument 0: 'rank.npy': expected rank 2 for memref<?x8xf32>, got rank 1 (8)

// RUN: not tile-run %s --entry=f size.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=SIZE
// SIZE: tile-run: error: argument 0: 'size.npy': expected size 8 in dimension 1 of memref<?x8xf32>, got 9 (3x9)

// RUN: not tile-run %s --entry=f zeros:3x9 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=MADE
// MADE: tile-run: error: argument 0: expected size 8 in dimension 1 of memref<?x8xf32>, got 9 (3x9)

// RUN: not tile-run %s --entry=f cut.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=CUT
// CUT: tile-run: error: argument 0: cannot read 'cut.npy': expected 192 bytes of data for 3x8 of int64, got 191

// RUN: not tile-run %s --entry=f absent.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=ABSENT
// ABSENT: tile-run: error: argument 0: cannot read 'absent.npy': No such file or directory

// RUN: not tile-run %s --entry=f 7 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=KIND
// KIND: tile-run: error: argument 0: expected a .npy file, empty, zeros or random for memref<?x8xf32>, got '7'

// RUN: not tile-run %s --entry=f random 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=SHAPE
// SHAPE: tile-run: error: argument 0: expected a shape for memref<?x8xf32>, as in zeros:4x8

// RUN: not tile-run %s --entry=f zeros:3xx8 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=TEXT
// TEXT: tile-run: error: argument 0: expected a shape such as 4x8, got '3xx8'

// RUN: not tile-run %s --entry=f random:3x8:s 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=SEED
// SEED: tile-run: error: argument 0: expected an integer as seed, got 's'

// RUN: not tile-run %s --entry=f zeros:3x8:1 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=EXTRA
// EXTRA: tile-run: error: argument 0: expected zeros:SHAPE, got 'zeros:3x8:1'

// RUN: not tile-run %s --entry=f zeros:9223372036854775807x8 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=LARGE
// LARGE: tile-run: error: argument 0: unsupported shape 9223372036854775807x8 (its size overflows)

// RUN: not tile-run %s --entry=f zeros:3x8 65520 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=HALF
// HALF: tile-run: error: argument 1: '65520' is out of range for f16

// RUN: not tile-run %s --entry=f zeros:3x8 x 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=NUMBER
// NUMBER: tile-run: error: argument 1: expected a number for f16, got 'x'

// RUN: not tile-run %s --entry=f zeros:3x8 1 128 2>&1 | FileCheck %s --match-full-lines --check-prefix=BYTE
// BYTE: tile-run: error: argument 2: '128' is out of range for i8

// RUN: not tile-run %s --entry=f zeros:3x8 1 -129 2>&1 | FileCheck %s --match-full-lines --check-prefix=BELOW
// BELOW: tile-run: error: argument 2: '-129' is out of range for i8

// RUN: not tile-run %s --entry=f zeros:3x8 1 1.5 2>&1 | FileCheck %s --match-full-lines --check-prefix=INTEGER
// INTEGER: tile-run: error: argument 2: expected an integer for i8, got '1.5'

// RUN: not tile-run %s --entry=bool 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=BOOL
// BOOL: tile-run: error: argument 0: expected true or false for i1, got '2'

// RUN: not tile-run %s --entry=strided zeros:3x8 2>&1 | FileCheck %s --match-full-lines --check-prefix=STRIDE
// STRIDE: tile-run: error: argument 0: expected stride 16 in dimension 0 of memref<?x?xf32, strided<[16, 1]>>, got 8

// Nothing was written.
// RUN: not ls out.npy

func.func @f(%a: memref<?x8xf32>, %b: f16, %c: i8) {
  return
}

func.func @bool(%a: i1) {
  return
}

func.func @strided(%a: memref<?x?xf32, strided<[16, 1]>>) {
  return
}

// Each wrong argument gives one line that names it, and no output.

// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: %python -c "import numpy as np; np.save('long.npy', np.zeros((3, 8), np.int64)); np.save('rank.npy', np.zeros(8, np.float32)); np.save('size.npy', np.zeros((3, 9), np.float32)); open('cut.npy', 'wb').write(open('long.npy', 'rb').read()[:-1])"

// RUN: not tile-run %s --entry=f zeros:3x8 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=COUNT
// COUNT: tile-run: error: f() missing 2 required arguments: 'arg1' and 'arg2'

// RUN: not tile-run %s --entry=f long.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=DTYPE
// DTYPE: tile-run: error: f() argument 'arg0': 'long.npy': expected dtype float32, got int64

// RUN: not tile-run %s --entry=f rank.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=RANK
// RANK: tile-run: error: f() argument 'arg0': expected rank 2, found 1 (8)

// RUN: not tile-run %s --entry=f size.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=SIZE
// SIZE: tile-run: error: f() argument 'arg0' size 1: expected 8, found 9

// RUN: not tile-run %s --entry=f zeros:3x9 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=MADE
// MADE: tile-run: error: f() argument 'arg0' size 1: expected 8, found 9

// RUN: not tile-run %s --entry=f cut.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=CUT
// CUT: tile-run: error: f() argument 'arg0': cannot read 'cut.npy': expected 192 bytes of data for 3x8 of int64, got 191

// RUN: not tile-run %s --entry=f absent.npy 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=ABSENT
// ABSENT: tile-run: error: f() argument 'arg0': cannot read 'absent.npy': No such file or directory

// RUN: not tile-run %s --entry=f 7 1 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=KIND
// KIND: tile-run: error: f() argument 'arg0': expected a .npy file, empty, zeros or random for memref<?x8xf32>, got '7'

// RUN: not tile-run %s --entry=f random 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=SHAPE
// SHAPE: tile-run: error: f() argument 'arg0': expected a shape for memref<?x8xf32>, as in zeros:4x8

// RUN: not tile-run %s --entry=f zeros:3xx8 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=TEXT
// TEXT: tile-run: error: f() argument 'arg0': expected a shape such as 4x8, got '3xx8'

// RUN: not tile-run %s --entry=f random:3x8:s 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=SEED
// SEED: tile-run: error: f() argument 'arg0': expected an integer as seed, got 's'

// RUN: not tile-run %s --entry=f zeros:3x8:1 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=EXTRA
// EXTRA: tile-run: error: f() argument 'arg0': expected zeros:SHAPE, got 'zeros:3x8:1'

// RUN: not tile-run %s --entry=f zeros:9223372036854775807x8 1 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=LARGE
// LARGE: tile-run: error: f() argument 'arg0': unsupported shape 9223372036854775807x8 (its size overflows)

// RUN: not tile-run %s --entry=f zeros:3x8 65520 2 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=HALF
// HALF: tile-run: error: f() argument 'arg1': expected a number in the range of f16, found 65520

// RUN: not tile-run %s --entry=f zeros:3x8 x 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=NUMBER
// NUMBER: tile-run: error: f() argument 'arg1': expected a number for f16, got 'x'

// RUN: not tile-run %s --entry=f zeros:3x8 1 128 2>&1 | FileCheck %s --match-full-lines --check-prefix=BYTE
// BYTE: tile-run: error: f() argument 'arg2': expected -128 to 127 for i8, found 128

// RUN: not tile-run %s --entry=f zeros:3x8 1 -129 2>&1 | FileCheck %s --match-full-lines --check-prefix=BELOW
// BELOW: tile-run: error: f() argument 'arg2': expected -128 to 127 for i8, found -129

// RUN: not tile-run %s --entry=f zeros:3x8 1 1.5 2>&1 | FileCheck %s --match-full-lines --check-prefix=INTEGER
// INTEGER: tile-run: error: f() argument 'arg2': expected an integer for i8, got '1.5'

// RUN: not tile-run %s --entry=bool 2 2>&1 | FileCheck %s --match-full-lines --check-prefix=BOOL
// BOOL: tile-run: error: bool() argument 'arg0': expected true or false for i1, got '2'

// RUN: not tile-run %s --entry=strided zeros:3x8 2>&1 | FileCheck %s --match-full-lines --check-prefix=STRIDE
// STRIDE: tile-run: error: strided() argument 'arg0' stride 0: expected 16, found 8

// RUN: not tile-run %s --entry=f zeros:3x8 1e400 1 2>&1 | FileCheck %s --match-full-lines --check-prefix=DOUBLE
// DOUBLE: tile-run: error: f() argument 'arg1': '1e400' is out of range for f16

// RUN: not tile-run %s --entry=f zeros:3x8 1 9223372036854775808 2>&1 | FileCheck %s --match-full-lines --check-prefix=LONG
// LONG: tile-run: error: f() argument 'arg2': '9223372036854775808' is out of range for i8

// RUN: not tile-run %s --entry=f zeros:3x8 1 1 1 2>&1 | FileCheck %s --match-full-lines --check-prefix=MANY
// MANY: tile-run: error: f() takes 3 positional arguments but 4 were given

// RUN: not tile-run %s --entry=f zeros:3x8 1 arg1=1 2>&1 | FileCheck %s --match-full-lines --check-prefix=AGAIN
// AGAIN: tile-run: error: f() got multiple values for argument 'arg1'

// RUN: not tile-run %s --entry=f zeros:3x8 1 x=1 2>&1 | FileCheck %s --match-full-lines --check-prefix=WHICH
// WHICH: tile-run: error: f() got an unexpected keyword argument 'x'

// RUN: not tile-run %s --entry=compiled zeros:3x8 none 2>&1 | FileCheck %s --match-full-lines --check-prefix=VALUE
// VALUE: tile-run: error: compiled() argument 'n': expected an integer for index, got 'none'

// RUN: not tile-run %s --entry=compiled zeros:3x8 4 foo 2>&1 | FileCheck %s --match-full-lines --check-prefix=TYPE
// TYPE: tile-run: error: compiled() argument 't': expected an element type such as f16, got 'foo'

// RUN: not tile-run %s --entry=compiled none 4 f16 2>&1 | FileCheck %s --match-full-lines --check-prefix=OPEN
// OPEN: tile-run: error: compiled() argument 'a': expected a tensor, since the kernel is compiled for its size, strides or dtype, found none

// RUN: not tile-run %s --entry=compiled zeros:3x8 4 f16 --out 1=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=OUTVALUE
// OUTVALUE: tile-run: error: expected --out of a buffer, got argument 1, which is known at compile time

// RUN: not tile-run %s --entry=f none 1 1 --out 0=out.npy 2>&1 | FileCheck %s --match-full-lines --check-prefix=OUTNONE
// OUTNONE: tile-run: error: expected --out of a buffer, got argument 0, which is none

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

func.func @compiled(
    %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, static N], f32>,
                         tile.name = "a"},
    %n: index {tile.annotation = #tile.value<index>, tile.name = "n"},
    %t: none {tile.annotation = #tile.dtype<static>, tile.name = "t"}) {
  return
}

// Reading and writing .npy files, through a function that does nothing.

// RUN: rm -rf %t && %python %S/Inputs/make-npy.py %t && cd %t

// RUN: tile-run %s --device=cpu good.npy --out 0=out-good.npy
// RUN: tile-run %s --device=cpu fortran.npy --out 0=out-fortran.npy
// RUN: tile-run %s --device=cpu big.npy --out 0=out-big.npy
// RUN: tile-run %s --device=cpu bigfortran.npy --out 0=out-bigfortran.npy
// RUN: tile-run %s --device=cpu v1.npy --out 0=out-v1.npy
// RUN: tile-run %s --device=cpu v2.npy --out 0=out-v2.npy
// RUN: tile-run %s --device=cpu v3.npy --out 0=out-v3.npy
// RUN: tile-run %s --device=cpu native.npy --out 0=out-native.npy
// RUN: tile-run %s --device=cpu plain.npy --out 0=out-plain.npy
// RUN: tile-run %s --device=cpu order.npy --out 0=out-order.npy
// RUN: tile-run %s --device=cpu long.npy --out 0=out-long.npy
// RUN: cmp good.npy out-good.npy
// RUN: %python -c "import glob, numpy as np; a = np.load('good.npy'); n = [np.testing.assert_array_equal(np.load(f), a, strict=True) for f in glob.glob('out-*.npy')]; assert len(n) == 11"
// RUN: tile-run %s --device=cpu empty.npy --out 0=none.npy
// RUN: %python -c "import numpy as np; assert np.load('none.npy').shape == (0, 3)"

// A symbolic link keeps pointing at the file that is replaced.
// RUN: ln -s target.npy link.npy && cp v1.npy target.npy
// RUN: tile-run %s --device=cpu good.npy --out 0=link.npy
// RUN: test -h link.npy && cmp good.npy target.npy

// Malformed files.
// RUN: sh %S/Inputs/each.sh %s magic version minor header tuple unclosed quote twice key missing tail complex longdouble struct object descr boolean negative word shape comma size overflow short extra nothing start nolength emptyhuge 2>&1 | FileCheck %s --match-full-lines
// RUN: not ls bad.npy

// CHECK:      tile-run: error: f() argument 'arg0': cannot read 'magic.npy': expected a .npy file, got another format
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'version.npy': unsupported .npy version 4.0
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'minor.npy': unsupported .npy version 1.1
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'header.npy': truncated header (expected 200 bytes, got 59)
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'tuple.npy': expected '{' in the header, got '(1, 2)'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'unclosed.npy': expected ',' or '}' in the header, got its end
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'quote.npy': expected a closing quote in the header, got 'descr: 1}'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'twice.npy': expected the key 'descr' once in the header
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'key.npy': unsupported key 'colour' in the header
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'missing.npy': missing the key 'shape' in the header
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'tail.npy': expected nothing after '}' in the header, got 'x'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'complex.npy': unsupported dtype '<c8'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'longdouble.npy': unsupported dtype '<f16'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'struct.npy': unsupported structured dtype
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'object.npy': unsupported dtype '|O' (Python objects)
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'descr.npy': expected a string in the header, got '4, 'fortran_orde'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'boolean.npy': expected True or False for 'fortran_order' in the header, got '1, 'shape': (2, '
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'negative.npy': expected sizes of at least 0 in the shape, got -2
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'word.npy': expected an integer for 'shape' in the header, got 'two, 3), }'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'shape.npy': expected '(' in the header, got '2, }'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'comma.npy': expected ',' or ')' in the header, got '3), }'
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'size.npy': unsupported size 99999999999999999999 in the shape
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'overflow.npy': unsupported shape 4294967296x4294967296 (its size overflows)
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'short.npy': expected 24 bytes of data for 2x3 of float32, got 23
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'extra.npy': expected 24 bytes of data for 2x3 of float32, got 25
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'nothing.npy': expected a .npy file, got another format
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'start.npy': truncated header
// CHECK-NEXT: tile-run: error: f() argument 'arg0': cannot read 'nolength.npy': truncated header
// CHECK-NEXT: tile-run: error: f() argument 'arg0': expected rank 2, found 3 (9000000000000000000x9000000000x0)

func.func @f(%a: memref<?x?xf32>) {
  return
}

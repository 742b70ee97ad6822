// What tile.print prints, and how tile.assert stops a function.

// RUN: tile-run %s --device=cpu --entry=print zeros inf | FileCheck %s --check-prefix=PRINT --match-full-lines
// PRINT:      wide: 0.10000000000000001 0.100000001
// PRINT-NEXT: narrow 0.0999755859 0.100097656 0.1015625 0.09375
// PRINT-NEXT: special inf -inf nan -0
// PRINT-NEXT: integers -7 -128 1 0 -5000000000
// PRINT-NEXT: others -9000000000000000000 -32768
// PRINT-NEXT: 100% of "nothing"
// PRINT-NEXT: block 0
// PRINT-NEXT: buffer[0, 0] = 0
// PRINT-NEXT: buffer[0, 1] = 0
// PRINT-NEXT: buffer[1, 0] = 0
// PRINT-NEXT: buffer[1, 1] = 2.5
// PRINT-NEXT: point 0 2.5
// PRINT-NEXT: point 1 2.5
// PRINT-NEXT: block 1
// PRINT-NEXT: buffer[0, 0] = 0
// PRINT-NEXT: buffer[0, 1] = 0
// PRINT-NEXT: buffer[1, 0] = 0
// PRINT-NEXT: buffer[1, 1] = 2.5
// PRINT-NEXT: point 0 2.5
// PRINT-NEXT: point 1 2.5
// PRINT-NOT: {{.}}

func.func @print(%x: memref<2x2xf32>, %inf: f32) {
  %wide = arith.constant 0.1 : f64
  %single = arith.constant 0.1 : f32
  tile.print "wide:", %wide, %single : f64, f32
  %half = arith.constant 0.1 : f16
  %brain = arith.constant 0.1 : bf16
  %e4m3 = arith.constant 0.1 : f8E4M3FN
  %e5m2 = arith.constant 0.1 : f8E5M2
  tile.print "narrow", %half, %brain, %e4m3, %e5m2
    : f16, bf16, f8E4M3FN, f8E5M2
  %minus = arith.negf %inf : f32
  %nan = arith.addf %inf, %minus : f32
  %abs = math.absf %nan : f32
  %zero = arith.constant -0.0 : f32
  tile.print "special", %inf, %minus, %abs, %zero : f32, f32, f32, f32
  %i = arith.constant -7 : i32
  %byte = arith.constant -128 : i8
  %true = arith.constant true
  %false = arith.constant false
  %large = arith.constant -5000000000 : index
  tile.print "integers", %i, %byte, %true, %false, %large
    : i32, i8, i1, i1, index
  %wide_integer = arith.constant -9000000000000000000 : i64
  %short = arith.constant -32768 : i16
  tile.print "others", %wide_integer, %short : i64, i16
  tile.print "100% of \22nothing\22"
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  tile.launch blocks(%b) in (%c2) threads(33) {
    %f = tile.alloc : memref<2x2xf32, #tile.scope<fragment>>
    tile.copy %x, %f
      : memref<2x2xf32> to memref<2x2xf32, #tile.scope<fragment>>
    %v = arith.constant 2.5 : f32
    memref.store %v, %f[%c1, %c1] : memref<2x2xf32, #tile.scope<fragment>>
    tile.print "block", %b : index
    tile.print "buffer", %f : memref<2x2xf32, #tile.scope<fragment>>
    tile.parallel (%p) in (2) {
      tile.print "point", %p, %v : index, f32
    }
  }
  return
}

// RUN: rm -rf %t && mkdir -p %t
// RUN: not tile-run %s --device=cpu --entry=check zeros -1 0 --out 0=%t/x.npy 2>&1 | FileCheck %s --check-prefix=HOST
// RUN: not tile-run %s --device=cpu --entry=check zeros 9 0 --out 0=%t/x.npy 2>&1 | FileCheck %s --check-prefix=BLOCK
// RUN: not tile-run %s --device=cpu --entry=check zeros 2 4 --out 0=%t/x.npy 2>&1 | FileCheck %s --check-prefix=POINT
// RUN: not ls %t/x.npy
// RUN: tile-run %s --device=cpu --entry=check zeros 2 -3 --out 0=%t/x.npy
// RUN: ls %t/x.npy

func.func @check(%x: memref<4xi32>, %n: index, %bad: i32) {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %positive = arith.cmpi sge, %n, %c0 : index
  // HOST: {{^}}tile-run: error: function 'check' failed: expected n >= 0 ({{.*}}debug.mlir:[[#@LINE+1]]:3){{$}}
  tile.assert %positive, "expected n >= 0"
  tile.launch blocks(%b) in (%n) threads(32) {
    %few = arith.cmpi slt, %b, %c3 : index
    // BLOCK: {{^}}tile-run: error: function 'check' failed: too many blocks ({{.*}}debug.mlir:[[#@LINE+1]]:5){{$}}
    tile.assert %few, "too many blocks"
    tile.parallel (%i) in (4) {
      %one = arith.constant 1 : i32
      %old = tile.atomic add %one, %x[%i] : memref<4xi32>
      %other = arith.cmpi ne, %bad, %old : i32
      // The condition holds whenever this is reached.
      tile.assume %other
      %four = arith.constant 4 : i32
      %good = arith.cmpi ne, %bad, %four : i32
      // POINT: {{^}}tile-run: error: function 'check' failed: 100% wrong ({{.*}}debug.mlir:[[#@LINE+1]]:7){{$}}
      tile.assert %good, "100% wrong"
    }
  }
  return
}

// RUN: not tile-run %s --device=cpu --entry=grid -1 2>&1 | FileCheck %s --check-prefix=GRID
func.func @grid(%n: index) {
  %c1 = arith.constant 1 : index
  // GRID: {{^}}tile-run: error: function 'grid' failed: expected a grid extent of at least 0 ({{.*}}debug.mlir:[[#@LINE+1]]:3){{$}}
  tile.launch blocks(%x, %y) in (%c1, %n) threads(32) {
    tile.print "never"
  }
  return
}

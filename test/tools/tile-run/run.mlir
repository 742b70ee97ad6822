// Runs functions on the CPU and compares what they write with NumPy.

// RUN: rm -rf %t && mkdir -p %t
// RUN: %python -c "import numpy as np; np.save(r'%t/a.npy', np.arange(24, dtype=np.float32).reshape(3, 8))"

// RUN: tile-run %s --device=cpu --entry=add_scalar %t/a.npy empty:3x8 -1.5 --out 1=%t/b.npy --out=0=%t/a2.npy
// RUN: %python -c "import numpy as np; a = np.load(r'%t/a.npy'); b = np.load(r'%t/b.npy'); assert np.array_equal(b, a - 1.5); assert np.array_equal(a, np.load(r'%t/a2.npy'))"

// Shapes come from the arrays; an array may be empty.
// RUN: tile-run %s --device=cpu --entry=add_scalar zeros:0x8 empty:0x8 1 --out 1=%t/none.npy
// RUN: %python -c "import numpy as np; a = np.load(r'%t/none.npy'); assert a.shape == (0, 8) and a.dtype == np.float32"

// Timing runs the function many times, but the results are those of one run.
// RUN: tile-run %s --device=cpu --entry=increment zeros --out 0=%t/one.npy --time --repeat=7 | FileCheck %s --check-prefix=TIME
// RUN: %python -c "import numpy as np; assert np.load(r'%t/one.npy').tolist() == [1, 1, 1, 1]"
// TIME: {{^}}median {{[0-9]+\.[0-9][0-9][0-9]}} ms over 7 runs{{$}}

// `empty` is poisoned, `random` is the same every time and differs between
// arguments, unless the seeds are the same.
// RUN: tile-run %s --device=cpu --entry=nothing empty:2x3 random:100x100 random:100x100 --out 0=%t/0.npy --out 1=%t/1.npy --out 2=%t/2.npy
// RUN: tile-run %s --device=cpu --entry=nothing empty:2x3 random:100x100 random:100x100:1 --out 0=%t/3.npy --out 1=%t/4.npy --out 2=%t/5.npy
// RUN: %python -c "import numpy as np; a = [np.load(r'%t/%%d.npy' %% i) for i in range(6)]; assert np.isnan(a[0]).all(); assert np.array_equal(a[1], a[4]); assert np.array_equal(a[4], a[5]); assert not np.array_equal(a[1], a[2]); assert abs(a[1].mean()) < 0.05 and abs(a[1].std() - 1) < 0.05"

// An output replaces a file that is there.
// RUN: tile-run %s --device=cpu --entry=increment zeros --out 0=%t/b.npy
// RUN: %python -c "import numpy as np; assert np.load(r'%t/b.npy').shape == (4,)"
// RUN: ls %t | FileCheck %s --check-prefix=FILES --implicit-check-not=tmp
// FILES: b.npy

func.func @add_scalar(%a: memref<?x8xf32>, %b: memref<?x8xf32>, %s: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %n = memref.dim %a, %c0 : memref<?x8xf32>
  scf.for %i = %c0 to %n step %c1 {
    scf.for %j = %c0 to %c8 step %c1 {
      %x = memref.load %a[%i, %j] : memref<?x8xf32>
      %y = arith.addf %x, %s : f32
      memref.store %y, %b[%i, %j] : memref<?x8xf32>
    }
  }
  return
}

func.func @increment(%a: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %one = arith.constant 1 : i32
  scf.for %i = %c0 to %c4 step %c1 {
    %x = memref.load %a[%i] : memref<4xi32>
    %y = arith.addi %x, %one : i32
    memref.store %y, %a[%i] : memref<4xi32>
  }
  return
}

func.func @nothing(%a: memref<?x?xf32>, %b: memref<?x?xf32>,
                   %c: memref<?x?xf32>) {
  return
}

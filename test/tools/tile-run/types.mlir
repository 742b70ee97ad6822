// Every element and scalar type that tile-run takes.

// RUN: rm -rf %t && mkdir -p %t

// Scalars arrive with their bits unchanged.
// RUN: tile-run %s --device=cpu --entry=floats 1.5 -2.0 65504 1e300 zeros zeros zeros zeros --out 4=%t/f32.npy --out 5=%t/bf16.npy --out 6=%t/f16.npy --out 7=%t/f64.npy
// RUN: %python -c "import numpy as np; L = lambda n: np.load(r'%t/' + n + '.npy'); assert L('f32') == 1.5 and L('f16') == 65504 and L('f64') == 1e300; assert L('bf16').dtype.str == '|V2' and L('bf16').view(np.uint16) == 0xc000; assert L('f32').shape == ()"
// RUN: tile-run %s --device=cpu --entry=integers true -128 -32768 -2147483648 9223372036854775807 -1 zeros zeros zeros zeros zeros zeros --out 6=%t/i1.npy --out 7=%t/i8.npy --out 8=%t/i16.npy --out 9=%t/i32.npy --out 10=%t/i64.npy --out 11=%t/index.npy
// RUN: %python -c "import numpy as np; L = lambda n: np.load(r'%t/' + n + '.npy'); print(L('i1'), L('i8'), L('i16'), L('i32'), L('i64'), L('index')); print(L('i1').dtype, L('i8').dtype, L('i16').dtype, L('i32').dtype, L('i64').dtype, L('index').dtype)" | FileCheck %s --check-prefix=INT
// INT: True -128 -32768 -2147483648 9223372036854775807 -1
// INT: bool int8 int16 int32 int64 int64

// Special values.
// RUN: tile-run %s --device=cpu --entry=floats inf -inf nan -0.0 zeros zeros zeros zeros --out 4=%t/f32.npy --out 5=%t/bf16.npy --out 6=%t/f16.npy --out 7=%t/f64.npy
// RUN: %python -c "import numpy as np; L = lambda n: np.load(r'%t/' + n + '.npy'); assert np.isposinf(L('f32')) and np.isnan(L('f16')) and np.signbit(L('f64')); assert L('bf16').view(np.uint16) == 0xff80"

// Random contents of each kind: normal floats, integers in [-4, 4], bools.
// RUN: tile-run %s --device=cpu --entry=arrays random:1000 random:1000 random:1000 random:1000 random:1000 random:1000 random:1000 random:1000 --out 0=%t/f16.npy --out 1=%t/bf16.npy --out 2=%t/e4m3.npy --out 3=%t/e5m2.npy --out 4=%t/i8.npy --out 5=%t/i1.npy --out 6=%t/i64.npy --out 7=%t/i16.npy
// RUN: %python %S/Inputs/check-random.py %t

func.func @floats(%a: f32, %b: bf16, %c: f16, %d: f64, %ra: memref<f32>,
                  %rb: memref<bf16>, %rc: memref<f16>, %rd: memref<f64>) {
  memref.store %a, %ra[] : memref<f32>
  memref.store %b, %rb[] : memref<bf16>
  memref.store %c, %rc[] : memref<f16>
  memref.store %d, %rd[] : memref<f64>
  return
}

func.func @integers(%a: i1, %b: i8, %c: i16, %d: i32, %e: i64, %f: index,
                    %ra: memref<i1>, %rb: memref<i8>, %rc: memref<i16>,
                    %rd: memref<i32>, %re: memref<i64>, %rf: memref<index>) {
  memref.store %a, %ra[] : memref<i1>
  memref.store %b, %rb[] : memref<i8>
  memref.store %c, %rc[] : memref<i16>
  memref.store %d, %rd[] : memref<i32>
  memref.store %e, %re[] : memref<i64>
  memref.store %f, %rf[] : memref<index>
  return
}

func.func @arrays(%a: memref<?xf16>, %b: memref<?xbf16>, %c: memref<?xf8E4M3FN>,
                  %d: memref<?xf8E5M2>, %e: memref<?xi8>, %f: memref<?xi1>,
                  %g: memref<?xi64>, %h: memref<?xi16>) {
  return
}

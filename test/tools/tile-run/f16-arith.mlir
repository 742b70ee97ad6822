// Arithmetic of 16-bit floats, whose conversions the runtime provides.

// RUN: %python -c "import numpy as np; np.save(r'%t.npy', np.array([1.0, 0.1, 65504.0, 6e-8, -2.5, 1e30, np.inf, np.nan]))"
// RUN: tile-run %s --device=cpu %t.npy empty empty --out 1=%t.half.npy --out 2=%t.bf16.npy
// RUN: %python -c "import numpy as np; a = np.load(r'%t.npy'); h = np.load(r'%t.half.npy'); np.testing.assert_array_equal(h, np.float16(np.float32(np.float16(a)) * 2)); b = (np.load(r'%t.bf16.npy').view(np.uint16).astype(np.uint32) << 16).view(np.float32); np.testing.assert_allclose(b, a * 2, rtol=2**-8)"

func.func @f(%a: memref<8xf64>, %half: memref<8xf16>, %bf16: memref<8xbf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c8 step %c1 {
    %x = memref.load %a[%i] : memref<8xf64>
    %h = arith.truncf %x : f64 to f16
    %h2 = arith.addf %h, %h : f16
    memref.store %h2, %half[%i] : memref<8xf16>
    %b = arith.truncf %x : f64 to bf16
    %b2 = arith.addf %b, %b : bf16
    memref.store %b2, %bf16[%i] : memref<8xbf16>
  }
  return
}

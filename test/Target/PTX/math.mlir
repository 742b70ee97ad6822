// Functions need no device library, in f32 and in narrower types.

// RUN: tile-translate %s --tile-to-ptx | FileCheck %s --implicit-check-not=.extern --implicit-check-not=__nv

// CHECK: .visible .entry functions_kernel
// CHECK: ex2.approx.ftz.f32
// CHECK: sqrt.rn.f32
func.func @functions(%a: memref<64xf32>, %b: memref<64xbf16>) {
  tile.launch blocks() in () threads(64) {
    tile.parallel (%i) in (64) {
      %x = memref.load %a[%i] : memref<64xf32>
      %0 = math.exp %x : f32
      %1 = math.sin %0 : f32
      %2 = math.tanh %1 : f32
      %3 = math.erf %2 : f32
      %4 = math.log %3 : f32
      %5 = math.powf %4, %x : f32
      %6 = math.sqrt %5 : f32
      memref.store %6, %a[%i] : memref<64xf32>
      %y = memref.load %b[%i] : memref<64xbf16>
      %7 = math.exp %y : bf16
      memref.store %7, %b[%i] : memref<64xbf16>
    }
  }
  return
}

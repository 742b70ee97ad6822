// RUN: tile-opt %s --tile-isolate-effects --split-input-file --verify-diagnostics

func.func @vector_result(%a: memref<16xf32>, %i: index) {
  tile.launch blocks() in () threads(32) {
    // expected-error@+1 {{'llvm.inline_asm' op unsupported: its results cannot be shared with the whole block; expected one scalar result or none in use}}
    %0 = llvm.inline_asm has_side_effects "x", "=r" : () -> vector<2xf16>
    %1 = vector.extract %0[0] : f16 from vector<2xf16>
    tile.print "x", %1 : f16
  }
  return
}

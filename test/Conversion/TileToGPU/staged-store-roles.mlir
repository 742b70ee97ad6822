// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90a --canonicalize | FileCheck %s

// Parts of a block have barriers 1 and 2, the groups of the first one 3 and 4.
// CHECK-LABEL: func @roles
// CHECK: gpu.shuffle
// CHECK: %[[GROUP:.*]], %{{.*}} = gpu.shuffle
// CHECK: %[[INDEX:.*]] = arith.index_cast %[[GROUP]] : i32 to index
// CHECK: arith.addi %[[INDEX]], %c3 : index
#pairs = #tile.layout<threads (4,8,8):(2,64,1024), values (2,2,8):(1,512,8), shape 128x64>
func.func @roles(%c: memref<?x?xf16>, %i: index, %j: index) {
  %map = tile.tensor_map %c : memref<?x?xf16> to !tile.tensor_map<64x64xf16, swizzle 128>
  tile.launch blocks() in () threads(384) shared_bytes(16384) {
    %stage = tile.alloc offset(0) swizzle(128) : memref<128x64xf16, #tile.scope<shared>>
    tile.specialize threads(256) {
      %acc = tile.alloc {tile.layout = #pairs} : memref<128x64xf32, #tile.scope<fragment>>
      tile.staged_store %acc, %stage, %map[%i, %j] : memref<128x64xf32, #tile.scope<fragment>>, memref<128x64xf16, #tile.scope<shared>>, !tile.tensor_map<64x64xf16, swizzle 128>
    }, threads(128) {
    }
  }
  return
}

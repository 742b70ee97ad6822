// RUN: tile-opt %s --convert-tile-to-gpu=chip=sm_90a --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --convert-tile-to-gpu=chip=sm_80 --split-input-file 2>&1 | FileCheck %s --check-prefix=OLD

func.func @part(%n: index) {
  tile.launch blocks(%x) in (%n) threads(64) cluster(2) {
    // expected-note@+1 {{inside this 'tile.specialize'}}
    tile.specialize threads(32) {
      // expected-error@+1 {{'tile.cluster_barrier' op expected to be reached by all threads of the block}}
      tile.cluster_barrier
    }, threads(32) {
    }
  }
  return
}

// -----

// OLD: error: 'tile.cluster_rank' op unsupported: sm_80 has no clusters; run 'tile-expand-tma' before
func.func @rank(%n: index, %out: memref<?xindex>) {
  tile.launch blocks(%x) in (%n) threads(64) cluster(2) {
    %rank = tile.cluster_rank
    memref.store %rank, %out[%x] : memref<?xindex>
  }
  return
}

func.func @meet(%n: index) {
  tile.launch blocks(%x, %y) in (%n, %n) threads(128) cluster(2, 2) roles(cooperative) {
    %rank = tile.cluster_rank
    tile.cluster_barrier
  }
  tile.launch blocks(%x) in (%n) threads(128) roles(ping_pong) stores(staged) {
  }
  tile.launch blocks(%x) in (%n) threads(128) roles(uniform) stores(direct) {
  }
  return
}

func.func @arrive(%bars: memref<4xi64, #tile.scope<shared>>, %i: index, %rank: index) {
  tile.mbarrier_arrive_remote %bars[%i] at %rank : memref<4xi64, #tile.scope<shared>>
  return
}

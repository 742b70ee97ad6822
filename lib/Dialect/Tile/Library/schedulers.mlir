//===- schedulers.mlir - who computes which tile, and when ----------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The library that `tile.import "tile/schedulers"` names.
//
// A scheduler shares the tiles of a matrix out among workers. A worker is a
// block of the grid, or a cluster of blocks. Each has a scheduler object of its
// own and walks it:
//
//   tile.invoke %sched::@start(%worker) : !tile.object<@S>, (index) -> ()
//   scf.while : () -> () {
//     %valid = tile.invoke %sched::@valid() : !tile.object<@S>, () -> i1
//     scf.condition(%valid)
//   } do {
//     %m = tile.get %sched::@m_idx : !tile.object<@S>, index
//     %n = tile.get %sched::@n_idx : !tile.object<@S>, index
//     ... compute the tile in row %m and column %n of the tiles ...
//     tile.invoke %sched::@next() : !tile.object<@S>, () -> ()
//     scf.yield
//   }
//
// Over all workers of 0 to num_workers - 1, every tile is met exactly once. No
// number of tiles (0 too), workers or tiles in a group makes a scheduler divide
// by zero; numbers of workers, groups, parts and blocks in a cluster below 1
// count as 1. Code that takes a `!tile.object<@TileScheduler>` works with every
// class here:
//
//   TileScheduler               round robin, row by row
//     PersistentTileScheduler   round robin in groups, for clusters of blocks
//       PartialTileScheduler    the same, and says which part of K to compute
//         SplitKTileScheduler   K in parts of one size
//         StreamKTileScheduler  an even share of all of K of all tiles
//
// With a PartialTileScheduler, a worker computes for its tile the products of
// the tiles k_begin to k_end - 1 along K. Where is_first and is_last are not
// both true, others compute the rest, and the results must be added.
//
// Everything is `index`, not negative, but the order, which is an `i1`.
//
//===----------------------------------------------------------------------===//

!base = !tile.object<@TileScheduler>
!persistent = !tile.object<@PersistentTileScheduler>
!partial = !tile.object<@PartialTileScheduler>
!split_k = !tile.object<@SplitKTileScheduler>
!stream_k = !tile.object<@StreamKTileScheduler>

// Worker w meets the tiles w, w + num_workers, w + 2 * num_workers and so on,
// counted row by row. What the other classes share: they replace `coord`,
// `num_tiles`, `num_items` or `locate`.
tile.class @TileScheduler {
  tile.field @num_m_tiles : index
  tile.field @num_n_tiles : index
  tile.field @num_workers : index
  // The tile that the worker is at, in tiles.
  tile.field @m_idx : index
  tile.field @n_idx : index
  // The number of the work item that the worker is at, and how many it has
  // done before.
  tile.field @linear : index
  tile.field @current_iter : index

  tile.method @init(%self: !base, %num_m_tiles: index, %num_n_tiles: index,
                    %num_workers: index) {
    tile.invoke %self::@set_grid(%num_m_tiles, %num_n_tiles, %num_workers)
      : !base, (index, index, index) -> ()
    tile.return
  }

  tile.method @set_grid(%self: !base, %num_m_tiles: index, %num_n_tiles: index,
                        %num_workers: index) {
    %c1 = arith.constant 1 : index
    %workers = arith.maxsi %num_workers, %c1 : index
    tile.set %self::@num_m_tiles, %num_m_tiles : !base, index
    tile.set %self::@num_n_tiles, %num_n_tiles : !base, index
    tile.set %self::@num_workers, %workers : !base, index
    tile.return
  }

  // The number of tiles in the order that `coord` counts them.
  tile.method pure @num_tiles(%self: !base) -> index {
    %rows = tile.get %self::@num_m_tiles : !base, index
    %columns = tile.get %self::@num_n_tiles : !base, index
    %tiles = arith.muli %rows, %columns : index
    tile.return %tiles : index
  }

  // The number of work items of all workers.
  tile.method pure @num_items(%self: !base) -> index {
    %tiles = tile.invoke %self::@num_tiles() : !base, () -> index
    tile.return %tiles : index
  }

  // The row and the column of a tile from its number. A number beyond the last
  // tile gives a place that means nothing.
  tile.method pure @coord(%self: !base, %tile: index) -> (index, index) {
    %c1 = arith.constant 1 : index
    %columns = tile.get %self::@num_n_tiles : !base, index
    %width = arith.maxsi %columns, %c1 : index
    %m = arith.divui %tile, %width : index
    %n = arith.remui %tile, %width : index
    tile.return %m, %n : index, index
  }

  // Says where the work item `linear` is.
  tile.method @locate(%self: !base) {
    %tile = tile.get %self::@linear : !base, index
    tile.invoke %self::@move_to(%tile) : !base, (index) -> ()
    tile.return
  }

  tile.method @move_to(%self: !base, %tile: index) {
    %m, %n = tile.invoke %self::@coord(%tile)
      : !base, (index) -> (index, index)
    tile.set %self::@m_idx, %m : !base, index
    tile.set %self::@n_idx, %n : !base, index
    tile.return
  }

  // Goes to the first work item of a worker.
  tile.method @start(%self: !base, %worker: index) {
    %c0 = arith.constant 0 : index
    tile.set %self::@current_iter, %c0 : !base, index
    tile.set %self::@linear, %worker : !base, index
    tile.invoke %self::@locate() : !base, () -> ()
    tile.return
  }

  // Whether the worker is at a work item; false when it has done all.
  tile.method pure @valid(%self: !base) -> i1 {
    %linear = tile.get %self::@linear : !base, index
    %items = tile.invoke %self::@num_items() : !base, () -> index
    %valid = arith.cmpi slt, %linear, %items : index
    tile.return %valid : i1
  }

  // Goes to the worker's next work item.
  tile.method @next(%self: !base) {
    tile.invoke %self::@count() : !base, () -> ()
    %linear = tile.get %self::@linear : !base, index
    %workers = tile.get %self::@num_workers : !base, index
    %later = arith.addi %linear, %workers : index
    tile.set %self::@linear, %later : !base, index
    tile.invoke %self::@locate() : !base, () -> ()
    tile.return
  }

  tile.method @count(%self: !base) {
    %c1 = arith.constant 1 : index
    %iter = tile.get %self::@current_iter : !base, index
    %more = arith.addi %iter, %c1 : index
    tile.set %self::@current_iter, %more : !base, index
    tile.return
  }
}

// Worker w meets the tiles w, w + num_workers and so on of an order in which
// tiles that follow each other share rows and columns, so that workers that run
// at one time read the same parts of the operands.
//
// The grid is cut into bands that are `group` tiles wide (the last one may be
// narrower). In a band, tiles are counted across its width first. Bands are
// columns where `column_major` is true, and rows where it is false; with groups
// of 1 these are the usual orders of the tiles of a matrix.
//
// For clusters of `cluster` blocks, a worker is a cluster, and what the order
// counts, m_idx too, are stacks of `cluster` tiles; each block of the cluster
// computes one tile of it, the one that `member` says.
tile.class @PersistentTileScheduler extends @TileScheduler {
  tile.field @group : index
  tile.field @column_major : i1
  tile.field @cluster : index
  // The number of stacks in a column.
  tile.field @num_m_stacks : index

  tile.method @init(%self: !persistent, %num_m_tiles: index,
                    %num_n_tiles: index, %num_workers: index, %group: index,
                    %column_major: i1, %cluster: index) {
    tile.invoke %self::@set_grid(%num_m_tiles, %num_n_tiles, %num_workers)
      : !persistent, (index, index, index) -> ()
    tile.invoke %self::@set_order(%group, %column_major, %cluster)
      : !persistent, (index, i1, index) -> ()
    tile.return
  }

  tile.method @set_order(%self: !persistent, %group: index, %column_major: i1,
                         %cluster: index) {
    %c1 = arith.constant 1 : index
    %some = arith.maxsi %group, %c1 : index
    %blocks = arith.maxsi %cluster, %c1 : index
    %rows = tile.get %self::@num_m_tiles : !persistent, index
    %stacks = arith.ceildivui %rows, %blocks : index
    tile.set %self::@group, %some : !persistent, index
    tile.set %self::@column_major, %column_major : !persistent, i1
    tile.set %self::@cluster, %blocks : !persistent, index
    tile.set %self::@num_m_stacks, %stacks : !persistent, index
    tile.return
  }

  tile.method pure @num_tiles(%self: !persistent) -> index {
    %stacks = tile.get %self::@num_m_stacks : !persistent, index
    %columns = tile.get %self::@num_n_tiles : !persistent, index
    %tiles = arith.muli %stacks, %columns : index
    tile.return %tiles : index
  }

  tile.method pure @coord(%self: !persistent, %tile: index) -> (index, index) {
    %c1 = arith.constant 1 : index
    %stacks = tile.get %self::@num_m_stacks : !persistent, index
    %columns = tile.get %self::@num_n_tiles : !persistent, index
    %group = tile.get %self::@group : !persistent, index
    %column_major = tile.get %self::@column_major : !persistent, i1
    // The length of a band, and over how many tiles the bands lie side by side.
    %length = arith.select %column_major, %stacks, %columns : index
    %across = arith.select %column_major, %columns, %stacks : index
    %area = arith.muli %length, %group : index
    %divisor = arith.maxsi %area, %c1 : index
    %band = arith.divui %tile, %divisor : index
    %inside = arith.remui %tile, %divisor : index
    %base = arith.muli %band, %group : index
    %left = arith.subi %across, %base : index
    %some = arith.minsi %group, %left : index
    // Beyond the last tile, nothing is left.
    %width = arith.maxsi %some, %c1 : index
    %along = arith.divui %inside, %width : index
    %offset = arith.remui %inside, %width : index
    %side = arith.addi %base, %offset : index
    %m = arith.select %column_major, %along, %side : index
    %n = arith.select %column_major, %side, %along : index
    tile.return %m, %n : index, index
  }

  // The row of tiles of the block with this rank in its cluster, and whether
  // there is such a row: the last stack may have fewer tiles than the cluster
  // has blocks.
  tile.method pure @member(%self: !persistent, %rank: index) -> (index, i1) {
    %m_idx = tile.get %self::@m_idx : !persistent, index
    %cluster = tile.get %self::@cluster : !persistent, index
    %rows = tile.get %self::@num_m_tiles : !persistent, index
    %first = arith.muli %m_idx, %cluster : index
    %row = arith.addi %first, %rank : index
    %exists = arith.cmpi slt, %row, %rows : index
    tile.return %row, %exists : index, i1
  }
}

// Whole tiles, with the range of K that a work item is about: all of it here,
// less in the classes that extend this one.
tile.class @PartialTileScheduler extends @PersistentTileScheduler {
  tile.field @num_k_tiles : index
  // The range, in tiles; k_end is the first tile that is not in it.
  tile.field @k_begin : index
  tile.field @k_end : index

  tile.method @init(%self: !partial, %num_m_tiles: index, %num_n_tiles: index,
                    %num_k_tiles: index, %num_workers: index, %group: index,
                    %column_major: i1, %cluster: index) {
    tile.set %self::@num_k_tiles, %num_k_tiles : !partial, index
    tile.invoke %self::@set_grid(%num_m_tiles, %num_n_tiles, %num_workers)
      : !partial, (index, index, index) -> ()
    tile.invoke %self::@set_order(%group, %column_major, %cluster)
      : !partial, (index, i1, index) -> ()
    tile.return
  }

  tile.method @locate(%self: !partial) {
    %c0 = arith.constant 0 : index
    %tile = tile.get %self::@linear : !partial, index
    %all = tile.get %self::@num_k_tiles : !partial, index
    tile.invoke %self::@move_to(%tile) : !partial, (index) -> ()
    tile.set %self::@k_begin, %c0 : !partial, index
    tile.set %self::@k_end, %all : !partial, index
    tile.return
  }

  // Whether the range begins where K does. True for one item of each tile.
  tile.method pure @is_first(%self: !partial) -> i1 {
    %c0 = arith.constant 0 : index
    %begin = tile.get %self::@k_begin : !partial, index
    %first = arith.cmpi eq, %begin, %c0 : index
    tile.return %first : i1
  }

  // Whether the range ends where K does. True for one item of each tile.
  tile.method pure @is_last(%self: !partial) -> i1 {
    %end = tile.get %self::@k_end : !partial, index
    %all = tile.get %self::@num_k_tiles : !partial, index
    %last = arith.cmpi eq, %end, %all : index
    tile.return %last : i1
  }
}

// K in num_parts parts whose sizes differ by one tile at most. First come all
// tiles with the first part, then all with the second, and so on: neighbours
// read the same part of K.
//
// There are never more parts than tiles along K, so no part is empty. Only when
// K itself has no tiles, each tile has one part, and that one is empty.
tile.class @SplitKTileScheduler extends @PartialTileScheduler {
  tile.field @num_parts : index
  // The part that the worker is at.
  tile.field @part : index

  tile.method @init(%self: !split_k, %num_m_tiles: index, %num_n_tiles: index,
                    %num_k_tiles: index, %num_parts: index,
                    %num_workers: index, %group: index, %column_major: i1,
                    %cluster: index) {
    %c1 = arith.constant 1 : index
    %some = arith.minsi %num_parts, %num_k_tiles : index
    %parts = arith.maxsi %some, %c1 : index
    tile.set %self::@num_parts, %parts : !split_k, index
    tile.set %self::@num_k_tiles, %num_k_tiles : !split_k, index
    tile.invoke %self::@set_grid(%num_m_tiles, %num_n_tiles, %num_workers)
      : !split_k, (index, index, index) -> ()
    tile.invoke %self::@set_order(%group, %column_major, %cluster)
      : !split_k, (index, i1, index) -> ()
    tile.return
  }

  tile.method pure @num_items(%self: !split_k) -> index {
    %tiles = tile.invoke %self::@num_tiles() : !split_k, () -> index
    %parts = tile.get %self::@num_parts : !split_k, index
    %items = arith.muli %tiles, %parts : index
    tile.return %items : index
  }

  // Where a part begins, in tiles along K.
  tile.method pure @part_begin(%self: !split_k, %part: index) -> index {
    %all = tile.get %self::@num_k_tiles : !split_k, index
    %parts = tile.get %self::@num_parts : !split_k, index
    %product = arith.muli %part, %all : index
    %begin = arith.divui %product, %parts : index
    tile.return %begin : index
  }

  tile.method @locate(%self: !split_k) {
    %c1 = arith.constant 1 : index
    %linear = tile.get %self::@linear : !split_k, index
    %tiles = tile.invoke %self::@num_tiles() : !split_k, () -> index
    %divisor = arith.maxsi %tiles, %c1 : index
    %part = arith.divui %linear, %divisor : index
    %tile = arith.remui %linear, %divisor : index
    %after = arith.addi %part, %c1 : index
    %begin = tile.invoke %self::@part_begin(%part)
      : !split_k, (index) -> index
    %end = tile.invoke %self::@part_begin(%after)
      : !split_k, (index) -> index
    tile.invoke %self::@move_to(%tile) : !split_k, (index) -> ()
    tile.set %self::@part, %part : !split_k, index
    tile.set %self::@k_begin, %begin : !split_k, index
    tile.set %self::@k_end, %end : !split_k, index
    tile.return
  }
}

// The products along K of all tiles, one tile after the other, are cut into
// num_workers pieces whose lengths differ by one at most. A work item is what a
// worker's piece has of one tile, so a worker begins and ends inside tiles and
// computes those between alone. `linear` is the number of the tile. When K has
// no tiles there is no work.
tile.class @StreamKTileScheduler extends @PartialTileScheduler {
  // Where the worker is in all the products, and where its piece ends.
  tile.field @position : index
  tile.field @end : index

  // Where the piece of a worker begins.
  tile.method pure @piece_begin(%self: !stream_k, %worker: index) -> index {
    %tiles = tile.invoke %self::@num_tiles() : !stream_k, () -> index
    %all = tile.get %self::@num_k_tiles : !stream_k, index
    %workers = tile.get %self::@num_workers : !stream_k, index
    %total = arith.muli %tiles, %all : index
    // A worker beyond the last has an empty piece.
    %some = arith.minsi %worker, %workers : index
    %product = arith.muli %some, %total : index
    %begin = arith.divui %product, %workers : index
    tile.return %begin : index
  }

  tile.method @start(%self: !stream_k, %worker: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %after = arith.addi %worker, %c1 : index
    %begin = tile.invoke %self::@piece_begin(%worker)
      : !stream_k, (index) -> index
    %end = tile.invoke %self::@piece_begin(%after)
      : !stream_k, (index) -> index
    tile.set %self::@current_iter, %c0 : !stream_k, index
    tile.set %self::@position, %begin : !stream_k, index
    tile.set %self::@end, %end : !stream_k, index
    tile.invoke %self::@locate() : !stream_k, () -> ()
    tile.return
  }

  tile.method pure @valid(%self: !stream_k) -> i1 {
    %position = tile.get %self::@position : !stream_k, index
    %end = tile.get %self::@end : !stream_k, index
    %valid = arith.cmpi slt, %position, %end : index
    tile.return %valid : i1
  }

  tile.method @next(%self: !stream_k) {
    tile.invoke %self::@count() : !stream_k, () -> ()
    %position = tile.get %self::@position : !stream_k, index
    %k_begin = tile.get %self::@k_begin : !stream_k, index
    %k_end = tile.get %self::@k_end : !stream_k, index
    %length = arith.subi %k_end, %k_begin : index
    %later = arith.addi %position, %length : index
    tile.set %self::@position, %later : !stream_k, index
    tile.invoke %self::@locate() : !stream_k, () -> ()
    tile.return
  }

  tile.method @locate(%self: !stream_k) {
    %c1 = arith.constant 1 : index
    %all = tile.get %self::@num_k_tiles : !stream_k, index
    %position = tile.get %self::@position : !stream_k, index
    %end = tile.get %self::@end : !stream_k, index
    %divisor = arith.maxsi %all, %c1 : index
    %tile = arith.divui %position, %divisor : index
    %k_begin = arith.remui %position, %divisor : index
    %left = arith.subi %end, %position : index
    %reach = arith.addi %k_begin, %left : index
    %k_end = arith.minsi %reach, %all : index
    tile.invoke %self::@move_to(%tile) : !stream_k, (index) -> ()
    tile.set %self::@linear, %tile : !stream_k, index
    tile.set %self::@k_begin, %k_begin : !stream_k, index
    tile.set %self::@k_end, %k_end : !stream_k, index
    tile.return
  }
}

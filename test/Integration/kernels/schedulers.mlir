// Every scheduler of tile/schedulers walks the grids in %cases, one row each:
// tiles along M, N and K, workers, group, order, cluster, parts of K, and the
// steps that a worker may take. For each step %log gets what the scheduler says,
// at [case, worker * steps + step], and %visits counts, at [case, ...], how
// often each tile (with each tile of K) is met. %errors counts steps beyond the
// last and places outside the grid.

// REQUIRES: numpy
// RUN: %python %S/../check.py --filter=^scheduler

tile.import "tile/schedulers"

!scheduler = !tile.object<@TileScheduler>
!persistent = !tile.object<@PersistentTileScheduler>
!partial = !tile.object<@PartialTileScheduler>
!walker = !tile.object<@Walker>
!in_cluster = !tile.object<@WalkerInCluster>
!along_k = !tile.object<@WalkerAlongK>
!table = memref<?x9xindex>
!entries = memref<?x?x7xindex>
!counts = memref<?x?xi32>
!count = memref<?xi32>

tile.class @Walker {
  tile.field @cases : memref<?x9xindex>
  tile.field @log : memref<?x?x7xindex>
  tile.field @visits : memref<?x?xi32>
  tile.field @errors : memref<?xi32>
  tile.field @case : index
  tile.field @entry : index

  tile.method @init(%self: !walker, %cases: !table, %log: !entries,
                    %visits: !counts, %errors: !count, %case: index) {
    tile.set %self::@cases, %cases : !walker, !table
    tile.set %self::@log, %log : !walker, !entries
    tile.set %self::@visits, %visits : !walker, !counts
    tile.set %self::@errors, %errors : !walker, !count
    tile.set %self::@case, %case : !walker, index
    tile.return
  }

  tile.method pure @limit(%self: !walker, %column: index) -> index {
    %cases = tile.get %self::@cases : !walker, !table
    %case = tile.get %self::@case : !walker, index
    %limit = memref.load %cases[%case, %column] : !table
    tile.return %limit : index
  }

  tile.method @fail(%self: !walker) {
    %one = arith.constant 1 : i32
    %errors = tile.get %self::@errors : !walker, !count
    %case = tile.get %self::@case : !walker, index
    %old = tile.atomic add %one, %errors[%case] : !count
    tile.return
  }

  tile.method @note(%self: !walker, %what: index, %value: index) {
    %log = tile.get %self::@log : !walker, !entries
    %case = tile.get %self::@case : !walker, index
    %entry = tile.get %self::@entry : !walker, index
    memref.store %value, %log[%case, %entry, %what] : !entries
    tile.return
  }

  // Counts the product of one tile of K for a tile of the result.
  tile.method @mark(%self: !walker, %row: index, %column: index, %k: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %one = arith.constant 1 : i32
    %m = tile.invoke %self::@limit(%c0) : !walker, (index) -> index
    %n = tile.invoke %self::@limit(%c1) : !walker, (index) -> index
    %depth = tile.invoke %self::@limit(%c2) : !walker, (index) -> index
    %in_rows = arith.cmpi ult, %row, %m : index
    %in_columns = arith.cmpi ult, %column, %n : index
    %in_depth = arith.cmpi ult, %k, %depth : index
    %in_grid = arith.andi %in_rows, %in_columns : i1
    %inside = arith.andi %in_grid, %in_depth : i1
    scf.if %inside {
      %visits = tile.get %self::@visits : !walker, !counts
      %case = tile.get %self::@case : !walker, index
      %above = arith.muli %row, %n : index
      %tile = arith.addi %above, %column : index
      %before = arith.muli %tile, %depth : index
      %place = arith.addi %before, %k : index
      %old = tile.atomic add %one, %visits[%case, %place] : !counts
    } else {
      tile.invoke %self::@fail() : !walker, () -> ()
    }
    tile.return
  }

  tile.method @visit(%self: !walker, %sched: !scheduler) {
    %c0 = arith.constant 0 : index
    %row = tile.get %sched::@m_idx : !scheduler, index
    %column = tile.get %sched::@n_idx : !scheduler, index
    tile.invoke %self::@mark(%row, %column, %c0)
      : !walker, (index, index, index) -> ()
    tile.return
  }

  tile.method @step(%self: !walker, %sched: !scheduler, %worker: index,
                    %steps: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %iter = tile.get %sched::@current_iter : !scheduler, index
    %linear = tile.get %sched::@linear : !scheduler, index
    %row = tile.get %sched::@m_idx : !scheduler, index
    %column = tile.get %sched::@n_idx : !scheduler, index
    %first = arith.muli %worker, %steps : index
    %entry = arith.addi %first, %iter : index
    tile.set %self::@entry, %entry : !walker, index
    tile.invoke %self::@note(%c0, %linear) : !walker, (index, index) -> ()
    tile.invoke %self::@note(%c1, %row) : !walker, (index, index) -> ()
    tile.invoke %self::@note(%c2, %column) : !walker, (index, index) -> ()
    tile.invoke %self::@visit(%sched) : !walker, (!scheduler) -> ()
    tile.return
  }

  // Ends one step too late when the scheduler does not end by itself.
  tile.method @walk(%self: !walker, %sched: !scheduler, %worker: index) {
    %c8 = arith.constant 8 : index
    %steps = tile.invoke %self::@limit(%c8) : !walker, (index) -> index
    tile.invoke %sched::@start(%worker) : !scheduler, (index) -> ()
    scf.while : () -> () {
      %valid = tile.invoke %sched::@valid() : !scheduler, () -> i1
      %iter = tile.get %sched::@current_iter : !scheduler, index
      %few = arith.cmpi ule, %iter, %steps : index
      %go = arith.andi %valid, %few : i1
      scf.condition(%go)
    } do {
      %iter = tile.get %sched::@current_iter : !scheduler, index
      %known = arith.cmpi ult, %iter, %steps : index
      scf.if %known {
        tile.invoke %self::@step(%sched, %worker, %steps)
          : !walker, (!scheduler, index, index) -> ()
      } else {
        tile.invoke %self::@fail() : !walker, () -> ()
      }
      tile.invoke %sched::@next() : !scheduler, () -> ()
      scf.yield
    }
    tile.return
  }
}

// All the blocks of a cluster, each with its own row.
tile.class @WalkerInCluster extends @Walker {
  tile.field @stacks : !tile.object<@PersistentTileScheduler>

  tile.method @init(%self: !in_cluster, %cases: !table, %log: !entries,
                    %visits: !counts, %errors: !count, %case: index,
                    %sched: !persistent) {
    tile.set %self::@cases, %cases : !in_cluster, !table
    tile.set %self::@log, %log : !in_cluster, !entries
    tile.set %self::@visits, %visits : !in_cluster, !counts
    tile.set %self::@errors, %errors : !in_cluster, !count
    tile.set %self::@case, %case : !in_cluster, index
    tile.set %self::@stacks, %sched : !in_cluster, !persistent
    tile.return
  }

  tile.method @visit(%self: !in_cluster, %sched: !scheduler) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    tile.invoke %self::@visit_range(%c0, %c1)
      : !in_cluster, (index, index) -> ()
    tile.return
  }

  tile.method @visit_range(%self: !in_cluster, %begin: index, %end: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %sched = tile.get %self::@stacks : !in_cluster, !persistent
    %column = tile.get %sched::@n_idx : !persistent, index
    %cluster = tile.get %sched::@cluster : !persistent, index
    scf.for %rank = %c0 to %cluster step %c1 {
      %row, %exists = tile.invoke %sched::@member(%rank)
        : !persistent, (index) -> (index, i1)
      scf.if %exists {
        scf.for %k = %begin to %end step %c1 {
          tile.invoke %self::@mark(%row, %column, %k)
            : !in_cluster, (index, index, index) -> ()
        }
      }
    }
    tile.return
  }
}

// Every tile along K of the range.
tile.class @WalkerAlongK extends @WalkerInCluster {
  tile.field @parts : !tile.object<@PartialTileScheduler>

  tile.method @init(%self: !along_k, %cases: !table, %log: !entries,
                    %visits: !counts, %errors: !count, %case: index,
                    %sched: !partial) {
    tile.set %self::@cases, %cases : !along_k, !table
    tile.set %self::@log, %log : !along_k, !entries
    tile.set %self::@visits, %visits : !along_k, !counts
    tile.set %self::@errors, %errors : !along_k, !count
    tile.set %self::@case, %case : !along_k, index
    tile.set %self::@stacks, %sched : !along_k, !partial
    tile.set %self::@parts, %sched : !along_k, !partial
    tile.return
  }

  tile.method @visit(%self: !along_k, %any: !scheduler) {
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c5 = arith.constant 5 : index
    %c6 = arith.constant 6 : index
    %sched = tile.get %self::@parts : !along_k, !partial
    %begin = tile.get %sched::@k_begin : !partial, index
    %end = tile.get %sched::@k_end : !partial, index
    %is_first = tile.invoke %sched::@is_first() : !partial, () -> i1
    %is_last = tile.invoke %sched::@is_last() : !partial, () -> i1
    %first = arith.index_castui %is_first : i1 to index
    %last = arith.index_castui %is_last : i1 to index
    tile.invoke %self::@note(%c3, %begin) : !along_k, (index, index) -> ()
    tile.invoke %self::@note(%c4, %end) : !along_k, (index, index) -> ()
    tile.invoke %self::@note(%c5, %first) : !along_k, (index, index) -> ()
    tile.invoke %self::@note(%c6, %last) : !along_k, (index, index) -> ()
    tile.invoke %self::@visit_range(%begin, %end)
      : !along_k, (index, index) -> ()
    tile.return
  }
}

// What a row of %cases says.
func.func private @read(%cases: !table, %case: index)
    -> (index, index, index, index, index, i1, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %c6 = arith.constant 6 : index
  %c7 = arith.constant 7 : index
  %m = memref.load %cases[%case, %c0] : !table
  %n = memref.load %cases[%case, %c1] : !table
  %k = memref.load %cases[%case, %c2] : !table
  %workers = memref.load %cases[%case, %c3] : !table
  %group = memref.load %cases[%case, %c4] : !table
  %order = memref.load %cases[%case, %c5] : !table
  %cluster = memref.load %cases[%case, %c6] : !table
  %parts = memref.load %cases[%case, %c7] : !table
  %by_columns = arith.cmpi ne, %order, %c0 : index
  return %m, %n, %k, %workers, %group, %by_columns, %cluster, %parts
    : index, index, index, index, index, i1, index, index
}

func.func @round_robin(%cases: !table, %log: !entries, %visits: !counts,
                       %errors: !count, %most: index) {
  %c0 = arith.constant 0 : index
  %count = memref.dim %cases, %c0 : !table
  tile.launch blocks(%worker, %case) in (%most, %count) threads(32) {
    %m, %n, %k, %workers, %group, %by_columns, %cluster, %parts
      = func.call @read(%cases, %case) : (!table, index)
        -> (index, index, index, index, index, i1, index, index)
    %sched = tile.new @TileScheduler(%m, %n, %workers : index, index, index)
    %used = tile.get %sched::@num_workers : !scheduler, index
    %works = arith.cmpi ult, %worker, %used : index
    scf.if %works {
      %walker = tile.new @Walker(%cases, %log, %visits, %errors, %case
        : !table, !entries, !counts, !count, index)
      tile.invoke %walker::@walk(%sched, %worker)
        : !walker, (!scheduler, index) -> ()
    }
  }
  return
}

func.func @persistent(%cases: !table, %log: !entries, %visits: !counts,
                      %errors: !count, %most: index) {
  %c0 = arith.constant 0 : index
  %count = memref.dim %cases, %c0 : !table
  tile.launch blocks(%worker, %case) in (%most, %count) threads(32) {
    %m, %n, %k, %workers, %group, %by_columns, %cluster, %parts
      = func.call @read(%cases, %case) : (!table, index)
        -> (index, index, index, index, index, i1, index, index)
    %sched = tile.new @PersistentTileScheduler(
      %m, %n, %workers, %group, %by_columns, %cluster
      : index, index, index, index, i1, index)
    %used = tile.get %sched::@num_workers : !persistent, index
    %works = arith.cmpi ult, %worker, %used : index
    scf.if %works {
      %walker = tile.new @WalkerInCluster(
        %cases, %log, %visits, %errors, %case, %sched
        : !table, !entries, !counts, !count, index, !persistent)
      tile.invoke %walker::@walk(%sched, %worker)
        : !in_cluster, (!persistent, index) -> ()
    }
  }
  return
}

func.func @whole(%cases: !table, %log: !entries, %visits: !counts,
                 %errors: !count, %most: index) {
  %c0 = arith.constant 0 : index
  %count = memref.dim %cases, %c0 : !table
  tile.launch blocks(%worker, %case) in (%most, %count) threads(32) {
    %m, %n, %k, %workers, %group, %by_columns, %cluster, %parts
      = func.call @read(%cases, %case) : (!table, index)
        -> (index, index, index, index, index, i1, index, index)
    %sched = tile.new @PartialTileScheduler(
      %m, %n, %k, %workers, %group, %by_columns, %cluster
      : index, index, index, index, index, i1, index)
    %used = tile.get %sched::@num_workers : !partial, index
    %works = arith.cmpi ult, %worker, %used : index
    scf.if %works {
      %walker = tile.new @WalkerAlongK(
        %cases, %log, %visits, %errors, %case, %sched
        : !table, !entries, !counts, !count, index, !partial)
      tile.invoke %walker::@walk(%sched, %worker)
        : !along_k, (!partial, index) -> ()
    }
  }
  return
}

func.func @split_k(%cases: !table, %log: !entries, %visits: !counts,
                   %errors: !count, %most: index) {
  %c0 = arith.constant 0 : index
  %count = memref.dim %cases, %c0 : !table
  tile.launch blocks(%worker, %case) in (%most, %count) threads(32) {
    %m, %n, %k, %workers, %group, %by_columns, %cluster, %parts
      = func.call @read(%cases, %case) : (!table, index)
        -> (index, index, index, index, index, i1, index, index)
    %sched = tile.new @SplitKTileScheduler(
      %m, %n, %k, %parts, %workers, %group, %by_columns, %cluster
      : index, index, index, index, index, index, i1, index)
    %used = tile.get %sched::@num_workers
      : !tile.object<@SplitKTileScheduler>, index
    %works = arith.cmpi ult, %worker, %used : index
    scf.if %works {
      %walker = tile.new @WalkerAlongK(
        %cases, %log, %visits, %errors, %case, %sched
        : !table, !entries, !counts, !count, index,
          !tile.object<@SplitKTileScheduler>)
      tile.invoke %walker::@walk(%sched, %worker)
        : !along_k, (!tile.object<@SplitKTileScheduler>, index) -> ()
    }
  }
  return
}

// Workers beyond the last of a case have nothing to do.
func.func @stream_k(%cases: !table, %log: !entries, %visits: !counts,
                    %errors: !count, %most: index) {
  %c0 = arith.constant 0 : index
  %count = memref.dim %cases, %c0 : !table
  tile.launch blocks(%worker, %case) in (%most, %count) threads(32) {
    %m, %n, %k, %workers, %group, %by_columns, %cluster, %parts
      = func.call @read(%cases, %case) : (!table, index)
        -> (index, index, index, index, index, i1, index, index)
    %sched = tile.new @StreamKTileScheduler(
      %m, %n, %k, %workers, %group, %by_columns, %cluster
      : index, index, index, index, index, i1, index)
    %walker = tile.new @WalkerAlongK(
      %cases, %log, %visits, %errors, %case, %sched
      : !table, !entries, !counts, !count, index,
        !tile.object<@StreamKTileScheduler>)
    tile.invoke %walker::@walk(%sched, %worker)
      : !along_k, (!tile.object<@StreamKTileScheduler>, index) -> ()
  }
  return
}

// The places of the tiles with the numbers from 0 on, also beyond the last.
func.func @places(%cases: !table, %places: memref<?x?x2xindex>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %count = memref.dim %cases, %c0 : !table
  %most = memref.dim %places, %c1 : memref<?x?x2xindex>
  tile.launch blocks(%tile, %case) in (%most, %count) threads(32) {
    %m, %n, %k, %workers, %group, %by_columns, %cluster, %parts
      = func.call @read(%cases, %case) : (!table, index)
        -> (index, index, index, index, index, i1, index, index)
    %sched = tile.new @PersistentTileScheduler(
      %m, %n, %workers, %group, %by_columns, %cluster
      : index, index, index, index, i1, index)
    %row, %column = tile.invoke %sched::@coord(%tile)
      : !persistent, (index) -> (index, index)
    memref.store %row, %places[%case, %tile, %c0] : memref<?x?x2xindex>
    memref.store %column, %places[%case, %tile, %c1] : memref<?x?x2xindex>
  }
  return
}

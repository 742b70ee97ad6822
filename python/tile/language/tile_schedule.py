"""Schedulers: who computes which tile of a matrix, and in which order.

A worker is a block of the grid, or a cluster of blocks. Each walks its tiles:

    sched = T.PersistentTileScheduler("sched", m_tiles, n_tiles, num_workers=132)
    sched.init(bx)
    while sched.valid():
        ... compute the tile (sched.m_idx, sched.n_idx) ...
        sched.next_tile()

Over all workers from 0 to ``num_workers - 1`` every tile is met exactly once.
"""

from __future__ import annotations

from typing import Any

from tile import _core
from tile.language.alloc import alloc_var
from tile.language.expr import as_number
from tile.language.meta import meta_class, name_state
from tile.language.numeric import ceildiv, max, min

__all__ = ["BaseTileScheduler", "PersistentTileScheduler"]

#: The multiprocessors that are assumed where no device is there to be asked.
_DEFAULT_WORKERS = 132

_ORDER = (
    "num_m_tiles",
    "num_n_tiles",
    "num_workers",
    "swizzle_size",
    "column_major",
    "cluster_size",
    "stateful",
)


def _default_workers() -> int:
    if _core.device_count() > 0:
        return int(_core.device_info(0)["multiprocessors"])
    return _DEFAULT_WORKERS


def _check_positive(value: Any, what: str) -> None:
    number = as_number(value)
    if number is not None and number < 1:
        raise ValueError(f"expected {what} of at least 1, got {number}")


@meta_class
class BaseTileScheduler:
    """Round robin: worker w computes the tiles w, w + num_workers and so on.

    Tiles are counted row by row.

    Args:
        prefix: What the names of the variables in the IR begin with; may be left
            out.
        num_m_tiles: Rows of tiles, an int or a value of the kernel.
        num_n_tiles: Columns of tiles.
        num_workers: Workers that share the tiles; by default one for each
            multiprocessor, or for as many of them as a cluster has blocks.
        swizzle_size: Tiles in a group, for schedulers that group them.
        column_major: Whether groups run along the rows' direction first.
        cluster_size: Blocks of a cluster, which share a tile of that many rows.
        stateful: Whether to allocate the variables below. Without them only
            `coord` can be used.

    Attributes:
        m_idx, n_idx: Row and column of the tile that the worker is at.
        linear_idx: The number of that tile.
        current_iter: How many tiles the worker has left behind.

    Raises:
        TypeError: Missing, surplus or doubled arguments.
        ValueError: A number of workers, tiles in a group or blocks below 1.
    """

    def __init__(self, *args: Any, prefix: str = "", name: str = "", **options: Any):
        if args and isinstance(args[0], str):
            if prefix:
                raise TypeError("got two values for prefix")
            prefix, args = args[0], args[1:]
        name_state(self, prefix or name)
        self._set_options(args, options)
        if self.stateful:
            self.m_idx = alloc_var("int32", 0)
            self.n_idx = alloc_var("int32", 0)
            self.linear_idx = alloc_var("int32", 0)
            self.current_iter = alloc_var("int32", 0)

    def _set_options(self, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        values: dict[str, Any] = {
            "num_workers": None,
            "swizzle_size": 1,
            "column_major": True,
            "cluster_size": 1,
            "stateful": True,
        }
        kind = type(self).__name__
        if len(args) > len(_ORDER):
            raise TypeError(f"{kind} expects at most {len(_ORDER)} sizes and options")
        positional = dict(zip(_ORDER, args))
        for given in (positional, options):
            for key, value in given.items():
                if key not in _ORDER:
                    raise TypeError(f"{kind} got an unexpected argument '{key}'")
                if key in positional and given is options:
                    raise TypeError(f"{kind} got two values for '{key}'")
                values[key] = value
        for key in _ORDER[:2]:
            if key not in values:
                raise TypeError(f"{kind} is missing the argument '{key}'")
        for key in ("swizzle_size", "cluster_size"):
            _check_positive(values[key], key)
        if values["num_workers"] is None:
            workers = _default_workers() // values["cluster_size"]
            values["num_workers"] = workers if workers > 0 else 1
        _check_positive(values["num_workers"], "num_workers")
        self.num_m_tiles = values["num_m_tiles"]
        self.num_n_tiles = values["num_n_tiles"]
        self.num_workers = values["num_workers"]
        self.swizzle_size = values["swizzle_size"]
        self.column_major = values["column_major"]
        self.cluster_size = values["cluster_size"]
        self.stateful = values["stateful"]

    def num_rows(self) -> Any:
        """Rows of tiles of a cluster."""
        if self.cluster_size == 1:
            return self.num_m_tiles
        return ceildiv(self.num_m_tiles, self.cluster_size)

    def num_tiles(self) -> Any:
        """Tiles in all."""
        return self.num_rows() * self.num_n_tiles

    def coord(self, tile_id: Any) -> tuple[Any, Any]:
        """Row and column of a tile, from its number.

        A number beyond the last tile gives a place that means nothing.
        """
        columns = max(self.num_n_tiles, 1)
        return tile_id // columns, tile_id % columns

    def update_current_idx(self, tile_id: Any) -> None:
        """Goes to a tile."""
        m, n = self.coord(tile_id)
        self.m_idx[0] = m
        self.n_idx[0] = n

    def init(self, worker: Any) -> None:
        """Goes to the first tile of a worker."""
        self.current_iter[0] = 0
        self.linear_idx[0] = worker
        self.update_current_idx(self.linear_idx[0])

    def next_tile(self) -> None:
        """Goes to the next tile of the worker."""
        self.current_iter[0] += 1
        self.linear_idx[0] += self.num_workers
        self.update_current_idx(self.linear_idx[0])

    def valid(self) -> Any:
        """Whether the worker is at a tile, or past its last one."""
        return self.linear_idx[0] < self.num_tiles()


@meta_class
class PersistentTileScheduler(BaseTileScheduler):
    """Round robin in groups, so that tiles computed at a time share operands.

    A group is ``swizzle_size`` rows (columns if ``column_major``) wide and as
    long as the matrix; the last one may be narrower.
    """

    def coord(self, tile_id: Any) -> tuple[Any, Any]:
        """Row and column of a tile, from its number.

        A number beyond the last tile gives a place that means nothing.
        """
        if self.column_major:
            primary, secondary = self.num_rows(), self.num_n_tiles
        else:
            primary, secondary = self.num_n_tiles, self.num_rows()
        tiles_of_group = max(primary * self.swizzle_size, 1)
        group = tile_id // tiles_of_group
        first = group * self.swizzle_size
        width = max(min(self.swizzle_size, secondary - first), 1)
        rest = tile_id - group * tiles_of_group
        fast = rest // width
        slow = first + rest % width
        if self.column_major:
            return fast, slow
        return slow, fast

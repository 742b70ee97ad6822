"""Launching: `T.Kernel`, and where a block is in its grid."""

from __future__ import annotations

from typing import Any, Sequence

from tile import _core, ir
from tile.frontend.builder import Frame, current, in_kernel
from tile.language import dtypes
from tile.language.expr import Expr, ExprLike, as_index, as_number

__all__ = [
    "ClusterKernel",
    "Kernel",
    "KernelLaunch",
    "get_block_binding",
    "get_block_bindings",
    "get_block_extent",
    "get_block_extents",
    "get_thread_extent",
    "get_thread_extents",
]


class KernelLaunch:
    """What `T.Kernel` returns: a region of the IR, opened by ``with``."""

    def __init__(
        self, grid: Sequence[ExprLike], threads: Sequence[int], cluster: Sequence[int]
    ) -> None:
        self.grid = list(grid)
        self.threads = list(threads)
        self.cluster = list(cluster)
        self.block_ids: list[Expr] = []
        self.operation: _core.Operation | None = None
        self._frame: Frame | None = None
        current("T.Kernel").data.setdefault("unopened", []).append(self)

    def __enter__(self) -> Any:
        builder = current("T.Kernel")
        if builder.find("kernel") is not None:
            raise RuntimeError("T.Kernel cannot stand inside another T.Kernel")
        unopened = builder.data["unopened"]
        if self not in unopened:
            raise RuntimeError("the same T.Kernel cannot be opened twice")
        unopened.remove(self)
        count = 1
        for n in self.threads:
            count *= n
        attributes = {"threads": ir.integer(count)}
        if any(n != 1 for n in self.cluster):
            attributes["cluster"] = ir.int_array(self.cluster)
        operands = [as_index(g).use() for g in self.grid]
        launch = builder.create("tile.launch", operands, (), attributes, regions=1)
        self.operation = launch
        block = launch.block()
        location = builder.location()
        arguments = [block.add_argument(ir.type_("index"), location) for _ in self.grid]
        self._frame = builder.push("kernel", block, self)
        self.block_ids = [Expr(a, dtypes.index, is_nonnegative=True) for a in arguments]
        return self.block_ids[0] if len(self.block_ids) == 1 else tuple(self.block_ids)

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if kind is None:
            builder = current("T.Kernel")
            assert self._frame is not None
            builder.create("tile.yield")
            builder.pop(self._frame)
            builder.thread_code = None


def Kernel(
    *blocks: ExprLike,
    threads: int | Sequence[int] | None = None,
    cluster_dims: int | Sequence[int] | None = None,
    prelude: str | None = None,
) -> KernelLaunch:
    """Launches a grid of blocks: ``with T.Kernel(gx, gy, threads=128) as (bx, by):``.

    Args:
        blocks: One to three grid extents, ints or expressions of the host.
        threads: Threads in a block, a count or up to three sizes; 128 if left out.
        cluster_dims: Blocks in a cluster, in each dimension. On sm_90a those that copy
            the same tile may share it.
        prelude: Code for another compiler, which this one has no use for.

    Raises:
        TypeError: Threads that are no ints, or not known while the kernel is traced.
        ValueError: Threads that are not positive or more than 1024, or a number of
            extents other than one to three.
    """
    if prelude is not None:
        raise ValueError("T.Kernel takes no prelude: there is no CUDA source")
    if len(blocks) == 1 and isinstance(blocks[0], (tuple, list)):
        blocks = tuple(blocks[0])
    if not 1 <= len(blocks) <= 3:
        raise ValueError(f"expected 1 to 3 grid extents, got {len(blocks)}")
    if threads is None:
        threads = 128
    sizes: list[Any] = [threads]
    if isinstance(threads, (tuple, list)):
        sizes = list(threads)
    if not 1 <= len(sizes) <= 3:
        raise ValueError(f"expected 1 to 3 sizes of threads, got {len(sizes)}")
    count = 1
    for size in sizes:
        if not isinstance(as_number(size), int) or isinstance(size, bool):
            raise TypeError(
                f"expected ints known at compile time as threads, got {threads!r}"
            )
        if size <= 0:
            raise ValueError(f"threads must be positive, got {threads}")
        count *= size
    if count > 1024:
        raise ValueError(f"expected at most 1024 threads in a block, got {count}")
    cluster = (
        [cluster_dims] if isinstance(cluster_dims, int) else list(cluster_dims or [])
    )
    cluster += [1] * (len(blocks) - len(cluster))
    return KernelLaunch(blocks, sizes, cluster)


def _launch(what: str) -> KernelLaunch:
    frame = in_kernel(what).find("kernel")
    assert frame is not None
    launch: KernelLaunch = frame.data
    return launch


def get_block_binding(dim: int = 0) -> Expr:
    """The id of the block in one dimension of the grid."""
    block: Expr = _pick(_launch("T.get_block_binding").block_ids, dim)
    return block


def get_block_bindings() -> list[Expr]:
    """The ids of the block, one for each dimension of the grid."""
    return list(_launch("T.get_block_bindings").block_ids)


def _pick(values: Sequence[Any], dim: int) -> Any:
    if not 0 <= dim < len(values):
        raise IndexError(f"expected a dimension below {len(values)}, got {dim}")
    return values[dim]


def get_block_extent(dim: int = 0) -> Any:
    """The number of blocks in one dimension of the grid.

    Raises IndexError for a dimension that the grid does not have.
    """
    return _pick(_launch("T.get_block_extent").grid, dim)


def get_block_extents() -> list[Any]:
    """The number of blocks in each dimension of the grid."""
    return list(_launch("T.get_block_extents").grid)


def get_thread_extent(dim: int = 0) -> int:
    """The number of threads of a block in one dimension.

    Raises IndexError for a dimension that the block does not have.
    """
    size: int = _pick(_launch("T.get_thread_extent").threads, dim)
    return size


def get_thread_extents() -> list[int]:
    """The number of threads of a block in each dimension."""
    return list(_launch("T.get_thread_extents").threads)


def ClusterKernel(
    *blocks: ExprLike,
    cluster_dims: int | Sequence[int],
    threads: int | Sequence[int] | None = None,
    prelude: str | None = None,
) -> KernelLaunch:
    """A `Kernel` whose blocks form clusters."""
    return Kernel(*blocks, threads=threads, cluster_dims=cluster_dims, prelude=prelude)

"""Synchronisation, and calls of other compilers that this one does by itself."""

from __future__ import annotations

from typing import Any, Callable, NoReturn

from tile.frontend.builder import block_level

__all__ = ["sync_threads"]


def sync_threads(
    barrier_id: int | None = None, arrive_count: int | None = None
) -> None:
    """Waits for all threads of the block.

    Every operation on tiles is finished before the next one begins, so no program
    needs it. Raises ValueError inside T.Parallel, NotImplementedError for a barrier
    of part of the threads.
    """
    builder = block_level("T.sync_threads")
    if barrier_id not in (None, 0) or arrive_count is not None:
        raise NotImplementedError(
            "T.sync_threads of some threads is not supported: a block works as a "
            "whole; leave out barrier_id and arrive_count"
        )
    builder.create("tile.barrier")


_COPIES = (
    "use T.copy: the compiler chooses asynchronous copies and TMA, and waits where the "
    "data is used; T.Pipelined keeps several copies in flight"
)
_PRODUCTS = (
    "use T.gemm: the compiler chooses the instructions of the chip, and waits where "
    "the result is used"
)
_BARRIERS = (
    "leave it out: the compiler inserts the barriers that copies, products and "
    "pipelined loops need"
)
_WARPS = "write it for the whole block, by T.Parallel and operations on tiles"
_REDUCTIONS = "use T.reduce_sum, T.reduce_max and the like on a tile"
_ROLES = "use T.Pipelined: the compiler gives warps their roles by itself"
_SOURCE = "there is no CUDA source: write it in the kernel language"
_OPTIONS = "give tile.jit pass_configs"
_ADDRESSES = "pass the address as a T.ptr, and use T.make_tensor"
_GRID = "write two T.Kernel blocks, which run one after the other"
_LOOPS = "write break, or continue"
_VECTORS = "write it for single numbers; the compiler makes vectors of them"
_SPARSE = "sparse and block-scaled products have no operation yet"

_REFUSED: dict[str, tuple[str, ...]] = {
    _COPIES: (
        "async_copy", "copy_cluster", "cp_async_barrier_noinc", "create_tma_descriptor",
        "ptx_commit_group", "ptx_cp_async", "ptx_wait_group", "tma_copy", "tma_gather4",
        "tma_load", "tma_scatter4", "tma_store", "tma_store_arrive", "tma_store_wait",
    ),
    _PRODUCTS: (
        "alloc_descriptor", "alloc_tmem", "deallocate_tmem", "tcgen05_gemm",
        "tcgen05_mma_arrive", "wait_wgmma", "warpgroup_arrive",
        "warpgroup_commit_batch", "warpgroup_wait", "wgmma_gemm",
    ),
    _BARRIERS: (
        "alloc_barrier", "alloc_cluster_barrier", "barrier_arrive", "barrier_wait",
        "cluster_arrive", "cluster_sync", "cluster_wait", "create_list_of_mbarrier",
        "fence_proxy_async", "mbarrier_arrive", "mbarrier_arrive_expect_tx",
        "mbarrier_expect_tx", "mbarrier_wait_parity", "named_barrier_arrive",
        "pdl_sync", "pdl_trigger",
    ),
    _WARPS: (
        "block_rank_in_cluster", "get_lane_idx", "get_warp_group_idx", "get_warp_idx",
        "shfl_down", "shfl_sync", "shfl_up", "shfl_xor", "shuffle_elect", "sync_warp",
    ),
    _REDUCTIONS: (
        "warp_reduce_bitand", "warp_reduce_bitor", "warp_reduce_max", "warp_reduce_min",
        "warp_reduce_sum",
    ),
    _ROLES: ("annotate_ws_schedule", "dec_max_nreg", "inc_max_nreg", "set_max_nreg",
             "ws", "ws_op"),
    _SOURCE: ("CUDASourceCodeKernel", "access_ptr", "annotate_compile_flags",
              "call_extern", "call_intrin", "import_source"),
    _OPTIONS: ("annotate_pass_configs",),
    _ADDRESSES: ("make_tensor_from_addr",),
    _GRID: ("sync_grid",),
    _LOOPS: ("loop_break",),
    _VECTORS: ("abs2", "add2", "fma2", "max2", "min2", "mul2", "sub2"),
    _SPARSE: ("gemm_sp", "mma_gemm_blockscaled", "tcgen05_gemm_blockscaled"),
}  # fmt: skip


def _refuse(name: str, advice: str) -> Callable[..., NoReturn]:
    def refused(*args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(f"T.{name} is not supported; {advice}")

    refused.__name__ = refused.__qualname__ = name
    refused.__doc__ = f"Raises NotImplementedError; {advice}."
    return refused


for _advice, _names in _REFUSED.items():
    for _name in _names:
        globals()[_name] = _refuse(_name, _advice)
        __all__.append(_name)

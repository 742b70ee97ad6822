"""Compiling several kernels at once."""

from __future__ import annotations

import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Sequence, TypeVar

from tile.errors import TileWarning

__all__ = ["run_all"]

_T = TypeVar("_T")


def run_all(
    jobs: Sequence[Callable[[], _T]],
    num_workers: int | None = None,
    ignore_error: bool = False,
) -> list[_T | None]:
    """Runs the jobs on threads and gives their results in order.

    Args:
        num_workers: How many threads; by default one for each core.
        ignore_error: Give None for a job that fails, with a warning.

    Raises:
        What the first job that failed raised.
    """
    if not jobs:
        return []
    if num_workers is not None and num_workers < 1:
        raise ValueError(f"expected at least 1 worker, got {num_workers}")
    count = min(len(jobs), num_workers or os.cpu_count() or 1)
    results: list[_T | None] = []
    with ThreadPoolExecutor(count, "tile-compile") as pool:
        futures = [pool.submit(job) for job in jobs]
        for position, future in enumerate(futures):
            try:
                results.append(future.result())
            except Exception as error:
                if not ignore_error:
                    for other in futures:
                        other.cancel()
                    raise
                warnings.warn(
                    f"compiling number {position} failed: {error}",
                    TileWarning,
                    stacklevel=3,
                )
                results.append(None)
    return results

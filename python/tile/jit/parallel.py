"""Compiling several kernels at once.

Python traces one kernel after the other; the compiler itself lets go of Python's
lock, so threads compile at the same time.
"""

from __future__ import annotations

import os
import warnings
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Callable, Iterable, Sequence, TypeVar

from tile.errors import TileWarning
from tile.jit.progress import Progress

__all__ = ["Results", "run_all"]

_T = TypeVar("_T")


class Results(list["_T | None"]):
    """Results in the order of what was asked for, None for what failed.

    Attributes:
        errors: The exception of each that failed, by its position.
    """

    def __init__(
        self, results: Iterable[_T | None] = (), errors: dict[int, Exception] = {}
    ) -> None:
        super().__init__(results)
        self.errors = dict(errors)


def run_all(
    jobs: Sequence[Callable[[], _T]],
    num_workers: int | None = None,
    ignore_error: bool = False,
    progress: bool | None = None,
    stacklevel: int = 3,
) -> Results[_T]:
    """Runs the jobs on threads and gives their results in order.

    Args:
        num_workers: How many threads; by default one for each core.
        ignore_error: Give None for a job that fails, with a warning; its exception is
            in ``errors`` of the result.
        progress: Whether to show a bar; None for on a terminal.
        stacklevel: Whose line the warning names.

    Raises:
        ValueError: Fewer than one worker.
        What a job raised: with several, the first one that ended; its notes say
        which it was. Jobs that have not begun are given up.
    """
    if num_workers is not None and num_workers < 1:
        raise ValueError(f"expected at least 1 worker, got {num_workers}")
    if not jobs:
        return Results()
    count = min(len(jobs), num_workers or os.cpu_count() or 1)
    results: dict[int, _T] = {}
    errors: dict[int, Exception] = {}
    with (
        Progress(len(jobs), "compiling", progress) as bar,
        ThreadPoolExecutor(count, "tile-compile") as pool,
    ):
        places = {pool.submit(job): place for place, job in enumerate(jobs)}
        open_: set[Future[_T]] = set(places)
        while open_:
            done, open_ = wait(open_, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=places.__getitem__):
                place = places[future]
                try:
                    results[place] = future.result()
                except Exception as error:
                    if not ignore_error:
                        for other in open_:
                            other.cancel()
                        error.add_note(f"while compiling number {place}")
                        raise
                    errors[place] = error
                bar.step(f"{len(errors)} failed" if errors else "")
    for place in sorted(errors):
        warnings.warn(
            f"compiling number {place} failed: {errors[place]}",
            TileWarning,
            stacklevel=stacklevel,
        )
    return Results([results.get(i) for i in range(len(jobs))], errors)

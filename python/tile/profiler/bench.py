"""`do_bench`: how long a function takes."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Callable, Iterable, Sequence

from tile.profiler.clock import AnyDevice, Clock, make_clock, parse_device
from tile.profiler.graph import capture

__all__ = ["Times", "do_bench", "measure"]

MODES = ("mean", "median", "min", "max")
BACKENDS = ("event", "cudagraph")
_ESTIMATES = 5
_MAX_RUNS = 1000


def check_quantile(quantile: float) -> None:
    """Raises ValueError for a part outside of 0 to 1."""
    if not 0 <= quantile <= 1:
        raise ValueError(f"expected a quantile from 0 to 1, got {quantile}")


@dataclass(frozen=True)
class Times:
    """What was measured.

    Attributes:
        samples_ms: The time of each run in milliseconds, in order.
        clock: How they were measured, in words.
        is_complete: False if it was stopped early: then these are the few runs that
            were made to see how long one takes.
    """

    samples_ms: tuple[float, ...]
    clock: str
    is_complete: bool = True

    @property
    def mean_ms(self) -> float:
        """The mean, in milliseconds."""
        return statistics.fmean(self.samples_ms)

    @property
    def median_ms(self) -> float:
        """The median, in milliseconds."""
        return self.quantile_ms(0.5)

    @property
    def min_ms(self) -> float:
        """The shortest time, in milliseconds."""
        return min(self.samples_ms)

    @property
    def max_ms(self) -> float:
        """The longest time, in milliseconds."""
        return max(self.samples_ms)

    def quantile_ms(self, quantile: float) -> float:
        """The time below which this part (0 to 1) of the runs lies, in milliseconds.

        Raises ValueError for a part outside of 0 to 1.
        """
        check_quantile(quantile)
        ordered = sorted(self.samples_ms)
        place = quantile * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _count(given: int, budget_ms: float, estimate_ms: float) -> int:
    """How many runs fit, from 1 to 1000; the given number if there is one."""
    fitting = int(budget_ms / max(estimate_ms, 1e-6))
    return given or min(max(1, fitting), _MAX_RUNS)


def measure(
    func: Callable[[], Any],
    warmup: float = 25,
    rep: float = 100,
    n_warmup: int = 0,
    n_repeat: int = 0,
    device: AnyDevice = None,
    early_stop_ms: float | None = None,
    clock: Clock | None = None,
) -> Times:
    """Times a function; all runs of it, not a summary.

    Args:
        func: The function, without arguments.
        warmup, rep: For about how many milliseconds it runs before and while times
            are taken.
        n_warmup, n_repeat: How many runs instead; 0 for what `warmup` and `rep` say.
        device: See `tile.profiler.clock.AnyDevice`.
        early_stop_ms: Stop when the first few runs took longer than this.
        clock: The clock to use, already entered; by default one for `device`.

    Raises:
        ValueError: A device that is not there, a time or a number that is negative or
            not finite.
        TypeError: A number of runs that is not whole.
    """
    # A NaN is not at least anything.
    if not all(0 <= value < math.inf for value in (warmup, rep, n_warmup, n_repeat)):
        raise ValueError(
            "expected finite times and numbers of at least 0, got "
            f"{warmup=}, {rep=}, {n_warmup=}, {n_repeat=}"
        )
    if not all(isinstance(value, Integral) for value in (n_warmup, n_repeat)):
        raise TypeError(f"expected whole numbers of runs, got {n_warmup=}, {n_repeat=}")
    if clock is None:
        with make_clock(device) as made:
            return measure(
                func, warmup, rep, n_warmup, n_repeat, None, early_stop_ms, made
            )
    # The first run may compile, load code and fill tables.
    clock.sample_ms(func, 1)
    estimates = clock.sample_ms(func, _ESTIMATES)
    estimate = min(estimates)
    if early_stop_ms is not None and estimate > early_stop_ms:
        return Times(tuple(estimates), clock.description, False)
    before = _count(n_warmup, warmup, estimate) if n_warmup or warmup else 0
    clock.sample_ms(func, before)
    samples = clock.sample_ms(func, _count(n_repeat, rep, estimate))
    return Times(tuple(samples), clock.description)


def do_bench(
    func: Callable[[], Any],
    warmup: float = 25,
    rep: float = 100,
    n_warmup: int = 0,
    n_repeat: int = 0,
    backend: str = "event",
    quantiles: Sequence[float] | None = None,
    return_mode: str = "mean",
    device: AnyDevice = None,
    early_stop_baseline: float | None = None,
) -> Any:
    """How long a function takes, in milliseconds.

    On a GPU the time is that of the work on the current stream, with the L2 cache
    flushed before each run; on the CPU that of the call.

    Args:
        func: The function, without arguments.
        warmup, rep: For about how many milliseconds it runs before and while times
            are taken, in at most 1000 runs.
        n_warmup, n_repeat: How many runs instead; 0 for what `warmup` and `rep` say.
        backend: 'event' calls the function for each run; 'cudagraph' captures one
            call with torch and replays it, for functions that launch many kernels.
        quantiles: Parts from 0 to 1; the result is then a list of times.
        return_mode: 'mean', 'median', 'min' or 'max' of the runs.
        device: 'cpu', 'cuda', 'cuda:1' or a number; None for a GPU if there is one.
        early_stop_baseline: Milliseconds: if the first five runs all take longer,
            their result is given and no others are made.

    Returns:
        Milliseconds, or a list of them with `quantiles`.

    Raises:
        ValueError: An unknown backend or mode, a device that is not there, a number
            out of range.
        TypeError: Quantiles that are no list, a number of runs that is not whole.
        RuntimeError: 'cudagraph' without torch or on the CPU.
    """
    if return_mode not in MODES:
        raise ValueError(
            f"expected a return_mode of {', '.join(MODES)}; got {return_mode!r}"
        )
    if backend not in BACKENDS:
        raise ValueError(f"expected a backend of event, cudagraph; got {backend!r}")
    if quantiles is not None:
        if not isinstance(quantiles, Iterable):
            raise TypeError(f"expected a list of quantiles, got {quantiles!r}")
        for quantile in quantiles:
            check_quantile(quantile)
    if backend == "cudagraph":
        func = capture(func, *parse_device(device))
    times = measure(func, warmup, rep, n_warmup, n_repeat, device, early_stop_baseline)
    if quantiles is not None:
        return [times.quantile_ms(q) for q in quantiles]
    return getattr(times, f"{return_mode}_ms")

"""A few configurations, tried in one go in whatever process that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Callable, Mapping, Sequence

from tile.jit.parallel import run_all
from tile.jit.target import Target, device_count
from tile.tune.configs import Config
from tile.tune.pack import PackedKernel, unpack_case
from tile.tune.result import Trial
from tile.tune.trial import Case, Settings, run_trial

__all__ = ["Chunk", "Item", "run_chunk"]


@dataclass(frozen=True)
class Item:
    """A configuration, its kernel, and which case it runs on."""

    config: Config
    kernel: PackedKernel
    case: int


@dataclass(frozen=True)
class Chunk:
    """What is sent to a worker.

    Attributes:
        items: The configurations.
        cases: The cases that they need, by number.
        target: What to compile for.
        best_ms: The best time so far, in milliseconds.
        num_threads: How many kernels to compile at once.
    """

    items: Sequence[Item]
    cases: Mapping[int, Case]
    settings: Settings
    target: Target
    best_ms: float | None = None
    num_threads: int = 1


def _get_device(target: Target) -> str:
    on_cuda = target.kind == "cuda" or (target.kind == "auto" and device_count() > 0)
    return "cuda:0" if on_cuda else "cpu"


def _compile(item: Item, target: Target) -> Any:
    try:
        return item.kernel.compile(target)
    except Exception as error:
        return error


def run_chunk(
    chunk: Chunk,
    place: str = "",
    begin: Callable[[int], None] = lambda position: None,
    end: Callable[[int, Trial], None] = lambda position, trial: None,
    known: dict[int, Case] | None = None,
) -> list[Trial]:
    """Compiles the configurations on threads, then tries one after the other.

    Args:
        place: The name of the device in the results.
        begin, end: Called before and after each configuration is tried.
        known: The cases of earlier chunks, ready to be used; those of this one are
            added.
    """
    device = _get_device(chunk.target)
    jobs = [partial(_compile, item, chunk.target) for item in chunk.items]
    kernels = run_all(jobs, chunk.num_threads, progress=False)
    cases = {} if known is None else known
    trials: list[Trial] = []
    best = chunk.best_ms
    for position, (item, kernel) in enumerate(zip(chunk.items, kernels)):
        begin(position)
        if item.case not in cases:
            types = item.kernel.input_dtypes()
            cases[item.case] = unpack_case(chunk.cases[item.case], device, types)
        if isinstance(kernel, Exception):
            text = f"{type(kernel).__name__}: {kernel}"
            trial = Trial(item.config, "failed to compile", None, text, place)
        else:
            case = cases[item.case]
            trial = run_trial(
                kernel, item.config, case, chunk.settings, best, device, place or device
            )
        if trial.status == "ok" and trial.latency_ms is not None:
            best = min(best or trial.latency_ms, trial.latency_ms)
        trials.append(trial)
        end(position, trial)
    return trials

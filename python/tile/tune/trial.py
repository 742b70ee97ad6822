"""One configuration: is it right, and how long does it take?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

from tile.profiler.bench import measure
from tile.profiler.clock import AnyDevice
from tile.profiler.compare import MismatchError, compare, outputs_of, pair_up
from tile.profiler.inputs import copy_of
from tile.tune.configs import Config
from tile.tune.result import Trial

__all__ = ["Case", "Settings", "run_trial"]

ManualCheck = Callable[[list[Any], list[Any]], None]


@dataclass(frozen=True)
class Settings:
    """How configurations are checked and timed.

    Attributes:
        warmup, rep: For about how many milliseconds a kernel runs before and while
            times are taken.
        timeout_s: How many seconds compiling or running a configuration may take.
        rtol, atol: How far a number may be off: atol + rtol * |expected|.
        max_mismatched_ratio: The part of the elements that may be further off.
        early_stop_factor: A configuration that is slower than the best so far by
            this is not timed to the end; None times all.
        manual_check: Called with the results and those expected, instead.
    """

    warmup: float = 25
    rep: float = 100
    timeout_s: float = 100
    rtol: float = 1e-2
    atol: float = 1e-2
    max_mismatched_ratio: float = 0.0
    early_stop_factor: float | None = 2.0
    manual_check: ManualCheck | None = None


@dataclass(frozen=True)
class Case:
    """What a kernel is run on.

    Attributes:
        inputs: Its arguments.
        expected: The results that it should return, and what it should write into
            its arguments; None for no check.
    """

    inputs: Sequence[Any]
    expected: tuple[list[Any], list[Any]] | None = None


def _check(kernel: Any, case: Case, settings: Settings) -> None:
    """Raises MismatchError for a result that is wrong."""
    if case.expected is None:
        return
    found = outputs_of(kernel, kernel, case.inputs)
    if settings.manual_check is not None:
        # A kernel returns results or writes them into its arguments.
        got = found[0] or found[1]
        try:
            settings.manual_check(got, case.expected[0] or case.expected[1])
        except AssertionError as error:
            raise MismatchError(str(error)) from error
        return
    for name, a, b, element in pair_up(kernel, found, case.expected):
        compare(
            name,
            a,
            b,
            settings.rtol,
            settings.atol,
            settings.max_mismatched_ratio,
            element,
        )


def _get_text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def run_trial(
    kernel: Any,
    config: Config,
    case: Case,
    settings: Settings,
    best_ms: float | None,
    device: AnyDevice,
    place: str = "",
) -> Trial:
    """Checks and times a kernel.

    Args:
        best_ms: The best time so far, in milliseconds.
        device: What clock to use.
        place: The name of the device in the results.
    """
    try:
        _check(kernel, case, settings)
    except MismatchError as error:
        return Trial(config, "wrong result", None, str(error), place)
    except Exception as error:
        return Trial(config, "failed to run", None, _get_text(error), place)
    limit = None
    if best_ms is not None and settings.early_stop_factor is not None:
        limit = best_ms * settings.early_stop_factor
    # A kernel that changes its arguments changes copies, over and over.
    inputs = [copy_of(value) for value in case.inputs]
    budget = settings.timeout_s * 1e3 / 2
    try:
        times = measure(
            lambda: kernel(*inputs),
            min(settings.warmup, budget),
            min(settings.rep, budget),
            device=device,
            early_stop_ms=limit,
        )
    except Exception as error:
        return Trial(config, "failed to run", None, _get_text(error), place)
    status = "ok" if times.is_complete else "slower"
    return Trial(config, status, times.median_ms, "", place)

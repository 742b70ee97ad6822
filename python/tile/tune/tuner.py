"""Trying all configurations, here or on workers."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from functools import partial
from typing import Any, Callable, Protocol, Sequence

from tile.jit.impl import JITImpl
from tile.jit.kernel import JITKernel
from tile.jit.options import normalize_out_idx
from tile.jit.parallel import run_all
from tile.jit.prim_func import PrimFunc
from tile.jit.progress import Progress
from tile.profiler.bench import measure
from tile.profiler.inputs import copy_of
from tile.profiler.profile import find_device
from tile.tune.cases import CaseMaker, Shape
from tile.tune.chunk import Chunk, Item, run_chunk
from tile.tune.configs import Config, split_pass_configs
from tile.tune.pack import PackedKernel, pack_case
from tile.tune.result import Trial
from tile.tune.trial import Case, Settings, run_trial

__all__ = ["Executor", "Tuner"]


class Executor(Protocol):
    """What runs chunks: those of `concurrent.futures`, dask's
    ``Client.get_executor()``, and others like them. Its futures must be those of
    `concurrent.futures`."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Any:
        """Has ``fn(*args)`` run."""


def _get_text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


@dataclass
class Tuner:
    """Tries the configurations of one call.

    Attributes:
        impl: The function.
        args, kwargs: The arguments of the call.
        is_call: Whether they are those of a call, with tensors, or those of a
            compilation.
        configs: What to try.
        maker: Makes what they run on.
        num_workers: How many kernels are compiled at once; None for one a core.
        progress: Whether to show a bar; None for on a terminal.
    """

    impl: JITImpl
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    is_call: bool
    configs: Sequence[Config]
    maker: CaseMaker
    settings: Settings
    num_workers: int | None = None
    progress: bool | None = None

    def __post_init__(self) -> None:
        self.best_ms: float | None = None
        self.trials: dict[int, Trial] = {}

    def _place(self, config: Config) -> tuple[JITImpl, dict[str, Any]]:
        """The function with the options of a configuration, and its arguments."""
        values, options = split_pass_configs(config)
        impl = self.impl.with_pass_configs(options) if options else self.impl
        return impl, {**self.kwargs, **values}

    def compile(self, config: Config) -> tuple[JITKernel, tuple[Any, ...] | None]:
        """The kernel of a configuration, and what the call passes to it."""
        impl, kwargs = self._place(config)
        if self.is_call:
            return impl.resolve(*self.args, **kwargs)
        return impl.compile(*self.args, **kwargs), None

    def _trace(
        self, config: Config
    ) -> tuple[JITImpl, PrimFunc, tuple[Any, ...] | None]:
        impl, kwargs = self._place(config)
        if self.is_call:
            return impl, *impl.trace_call(*self.args, **kwargs)
        return impl, impl.get_tir(*self.args, **kwargs), None

    def _finish(self, bar: Progress, position: int, trial: Trial) -> None:
        self.trials[position] = trial
        ms = trial.latency_ms
        if trial.status == "ok" and ms is not None:
            if self.best_ms is None or ms < self.best_ms:
                self.best_ms = ms
                text = ", ".join(f"{k}={v}" for k, v in trial.config.items())
                return bar.step(f"best {ms:.4g} ms ({text})")
        bar.step()

    def in_order(self) -> list[Trial]:
        """The trials in the order of the configurations."""
        return [self.trials[position] for position in range(len(self.configs))]

    # In this process ------------------------------------------------------

    def run_here(self) -> list[Trial]:
        """Compiles on threads, then times one configuration after the other."""

        def attempt(config: Config) -> Any:
            try:
                return self.compile(config)
            except Exception as error:
                return error

        jobs = [partial(attempt, config) for config in self.configs]
        made = run_all(jobs, self.num_workers, progress=self.progress)
        with Progress(len(jobs), "tuning", self.progress) as bar:
            for position, (config, found) in enumerate(zip(self.configs, made)):
                if isinstance(found, Exception):
                    text = _get_text(found)
                    trial = Trial(config, "failed to compile", None, text)
                else:
                    assert found is not None
                    trial = self._try(config, *found)
                self._finish(bar, position, trial)
        return self.in_order()

    def _try(
        self, config: Config, kernel: JITKernel, given: Sequence[Any] | None
    ) -> Trial:
        shape = Shape(kernel.prim_func, kernel.out_idx)
        case = self.maker.cases[self.maker.add(shape, given)]
        device = find_device(kernel, case.inputs)
        return run_trial(
            kernel, config, case, self.settings, self.best_ms, device, device
        )

    # On workers -----------------------------------------------------------

    def run_on(self, executor: Executor, width: int) -> list[Trial]:
        """Sends the configurations to an executor, a few at a time.

        Args:
            width: How many chunks are on their way at once: the workers there are.
        """
        with Progress(len(self.configs), "tuning", self.progress) as bar:
            items = self._pack(bar)
            cases = {n: pack_case(case) for n, case in self.maker.cases.items()}
            todo = list(items)
            size = max(1, min(len(todo) // (4 * width), self._count_threads(width)))
            pending: dict[Any, list[int]] = {}
            while todo or pending:
                while todo and len(pending) < width:
                    positions, todo = todo[:size], todo[size:]
                    chunk = self._make_chunk(
                        [items[p] for p in positions], cases, self._count_threads(width)
                    )
                    pending[executor.submit(run_chunk, chunk)] = positions
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    self._take(bar, pending.pop(future), future)
        return self.in_order()

    def _count_threads(self, width: int) -> int:
        """How many kernels each worker compiles at once."""
        return max(1, (self.num_workers or os.cpu_count() or 1) // width)

    def _pack(self, bar: Progress) -> dict[int, Item]:
        items: dict[int, Item] = {}
        for position, config in enumerate(self.configs):
            try:
                impl, function, given = self._trace(config)
                out_idx = normalize_out_idx(function, impl.options.out_idx)
            except Exception as error:
                text = _get_text(error)
                trial = Trial(config, "failed to compile", None, text)
                self._finish(bar, position, trial)
                continue
            case = self.maker.add(Shape(function, out_idx), given)
            packed = PackedKernel.make(function, out_idx, impl.options)
            items[position] = Item(config, packed, case)
        return items

    def _make_chunk(
        self, items: Sequence[Item], cases: dict[int, Case], num_threads: int
    ) -> Chunk:
        needed = {item.case: cases[item.case] for item in items}
        return Chunk(
            items,
            needed,
            self.settings,
            self.impl.options.target,
            self.best_ms,
            num_threads,
        )

    def _take(self, bar: Progress, positions: Sequence[int], future: Any) -> None:
        try:
            trials = future.result()
        except Exception as error:
            text = _get_text(error)
            trials = [Trial(self.configs[p], "crashed", None, text) for p in positions]
        for position, trial in zip(positions, trials, strict=True):
            self._finish(bar, position, trial)

    # The reference --------------------------------------------------------

    def time_reference(self) -> float | None:
        """The time of the reference in milliseconds, on copies of the first case; None
        without one, or where it fails."""
        reference = self.maker.ref_prog
        if reference is None or not self.maker.cases:
            return None
        case = self.maker.cases[0]
        inputs = [copy_of(value) for value in case.inputs]
        device = "cpu"
        for value in inputs:
            found = str(getattr(value, "device", "cpu"))
            device = found if found.startswith("cuda") else device
        try:
            return measure(
                lambda: reference(*inputs),
                self.settings.warmup,
                self.settings.rep,
                device=device,
            ).median_ms
        except Exception:  # the kernels are timed without it
            return None

"""Clocks: how long runs take on the CPU and on a GPU."""

from __future__ import annotations

import math
import statistics
import time
from collections import deque
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Callable, Iterator, Protocol

from tile import _core
from tile.jit.launch import get_stream
from tile.jit.target import device_count

__all__ = ["Clock", "DeviceClock", "HostClock", "make_clock", "parse_device"]

_FLUSH_BYTES = 256 << 20
_MAX_FILLS = 64
# Few enough for the driver's queue, which makes the host wait when it is full.
_MAX_QUEUED_RUNS = 8
_RECENT_RUNS = 9

AnyDevice = None | str | int
"""None for a GPU if there is one, 'cpu', 'cuda', 'cuda:1', or a GPU's number."""


def parse_device(device: Any = None) -> tuple[bool, int]:
    """Whether a device is a GPU, and its number.

    Args:
        device: See `AnyDevice`; devices of torch work too.

    Raises:
        ValueError: Anything else, or a GPU that is not there.
    """
    if device is None:
        return (device_count() > 0, 0)
    text = f"cuda:{device}" if isinstance(device, int) else str(device)
    kind, _, number = text.partition(":")
    if kind not in ("cpu", "cuda") or (number and not number.isdigit()):
        raise ValueError(f"expected a device such as 'cpu' or 'cuda:0', got {device!r}")
    index = int(number or 0)
    if kind == "cuda" and index >= device_count():
        raise ValueError(
            f"expected one of the {device_count()} GPUs that are here, got {text!r}"
        )
    return kind == "cuda", index


class Clock(Protocol):
    """Times runs of a function, one by one."""

    #: Says in words what the clock does, for reports.
    description: str

    def sample_ms(self, func: Callable[[], Any], count: int) -> list[float]:
        """The milliseconds that each of `count` runs took."""

    def __enter__(self) -> "Clock": ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class HostClock:
    """Times calls that return when the work is done."""

    description = "perf_counter, caches warm"

    def sample_ms(self, func: Callable[[], Any], count: int) -> list[float]:
        """The milliseconds that each of `count` runs took."""
        samples = []
        for _ in range(count):
            start = time.perf_counter_ns()
            func()
            samples.append((time.perf_counter_ns() - start) / 1e6)
        return samples

    def __enter__(self) -> "HostClock":
        return self

    def __exit__(self, *_: object) -> None:
        pass


class DeviceClock:
    """Times work on a GPU by events of the driver on the current stream.

    Before each run a large buffer is written, so that the run finds nothing of the
    one before it in the L2 cache. The host queues the run meanwhile; a function that
    keeps the host busy for longer has the buffer written several times. So the time
    is that of the GPU alone.

    Attributes:
        device: The number of the GPU.
    """

    description = "GPU events, L2 flushed before each run"

    def __init__(self, device: int = 0) -> None:
        self.device = device
        self._bytes = 0
        self._buffer = 0
        self._fill_ms = 0.0
        # The times in which the host queued the last runs.
        self._host_ms: deque[float] = deque(maxlen=_RECENT_RUNS)

    def __enter__(self) -> "DeviceClock":
        with self._current():
            l2_bytes = int(_core.device_limits(self.device)["l2_bytes"])
            self._bytes = max(2 * l2_bytes, _FLUSH_BYTES)
            try:
                self._buffer = _core.device_alloc(self._bytes)
            except RuntimeError:  # little memory is left
                self._bytes = max(2 * l2_bytes, 1)
                self._buffer = _core.device_alloc(self._bytes)
            start, end = _core.Event(), _core.Event()
            self._fill(1)
            start.record()
            self._fill(4)
            end.record()
            self._fill_ms = max(end.elapsed_ms(start) / 4, 1e-3)
        return self

    def __exit__(self, *_: object) -> None:
        with self._current():
            _core.device_free(self._buffer)

    @contextmanager
    def _current(self) -> Iterator[None]:
        """Makes the GPU and its current stream those of this thread for a while;
        for the function, which device is current is the caller's affair."""
        previous = _core.device_enter(self.device)
        try:
            _core.set_stream(get_stream(self.device))
            yield
        finally:
            _core.device_leave(previous)

    def _fill(self, times: int) -> None:
        for _ in range(times):
            _core.device_fill(self._buffer, 0, self._bytes)

    def count_fills(self) -> int:
        """How often the buffer is written, to keep the GPU busy while a run is
        queued."""
        if not self._host_ms:
            return 1
        host_ms = statistics.median_low(self._host_ms)
        return min(1 + math.ceil(1.5 * host_ms / self._fill_ms), _MAX_FILLS)

    def sample_ms(self, func: Callable[[], Any], count: int) -> list[float]:
        """The milliseconds that each of `count` runs took."""
        samples = []
        queued: deque[tuple[_core.Event, _core.Event]] = deque()
        for _ in range(count):
            if len(queued) == _MAX_QUEUED_RUNS:
                samples.append(self._wait(queued.popleft()))
            queued.append(self._queue(func))
        return samples + [self._wait(events) for events in queued]

    def _wait(self, events: tuple[_core.Event, _core.Event]) -> float:
        """The milliseconds between two events, when the GPU is behind both."""
        start, end = events
        with self._current():
            return float(end.elapsed_ms(start))

    def _queue(self, func: Callable[[], Any]) -> tuple[_core.Event, _core.Event]:
        """Queues a run. Returns the events before and behind it."""
        with self._current():
            start, end = _core.Event(), _core.Event()
            self._fill(self.count_fills())
            begin = time.perf_counter()
            start.record()
        func()
        with self._current():
            end.record()
        self._host_ms.append((time.perf_counter() - begin) * 1e3)
        return start, end


def make_clock(device: AnyDevice = None) -> Clock:
    """The clock for a device.

    Raises ValueError for a device that is not there.
    """
    on_cuda, index = parse_device(device)
    return DeviceClock(index) if on_cuda else HostClock()

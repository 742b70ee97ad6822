"""Clocks: how long runs take on the CPU and on a GPU."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Callable, Protocol

from tile import _core
from tile.jit.launch import get_stream
from tile.jit.target import device_count

__all__ = ["Clock", "DeviceClock", "HostClock", "make_clock", "parse_device"]

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

    Before each run a buffer of twice the size of the L2 cache is written, so that
    the run finds nothing of the one before it there. The launch is queued meanwhile,
    so its cost on the host is not in the time.

    Attributes:
        device: The number of the GPU.
    """

    description = "GPU events, L2 flushed before each run"

    def __init__(self, device: int = 0) -> None:
        self.device = device
        self._bytes = 0
        self._buffer = 0

    def __enter__(self) -> "DeviceClock":
        self._use()
        self._bytes = 2 * max(int(_core.device_limits(self.device)["l2_bytes"]), 1)
        self._buffer = _core.device_alloc(self._bytes)
        return self

    def __exit__(self, *_: object) -> None:
        self._use()
        _core.device_free(self._buffer)

    def _use(self) -> None:
        """Makes the GPU and its current stream those of this thread."""
        _core.device_init(self.device)
        _core.set_stream(get_stream(self.device))

    def sample_ms(self, func: Callable[[], Any], count: int) -> list[float]:
        """The milliseconds that each of `count` runs took."""
        self._use()
        events = [(_core.Event(), _core.Event()) for _ in range(count)]
        for start, end in events:
            self._use()
            _core.device_fill(self._buffer, 0, self._bytes)
            start.record()
            func()
            self._use()
            end.record()
        return [float(end.elapsed_ms(start)) for start, end in events]


def make_clock(device: AnyDevice = None) -> Clock:
    """The clock for a device.

    Raises ValueError for a device that is not there.
    """
    on_cuda, index = parse_device(device)
    return DeviceClock(index) if on_cuda else HostClock()

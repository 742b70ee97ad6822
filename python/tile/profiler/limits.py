"""How fast a device can be at most."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tile import _core

__all__ = ["Limits", "cpu_limits", "gpu_limits"]

# Operations of a multiprocessor in a clock, a product with its sum counted as two:
# f32 of single numbers, the others of dense products, with tensor cores where they
# have the type.
_PER_CLOCK: dict[tuple[int, int], dict[str, int]] = {
    (8, 0): {"f32": 128, "f64": 128, "tf32": 1024, "f16": 2048, "i8": 4096},
    (8, 6): {"f32": 256, "f64": 4, "tf32": 256, "f16": 512, "i8": 1024},
    (8, 9): {"f32": 256, "f64": 4, "tf32": 256, "f16": 512, "f8": 1024, "i8": 1024},
    (9, 0): {"f32": 256, "f64": 256, "tf32": 2048, "f16": 4096, "f8": 8192, "i8": 8192},
    (10, 0): {
        "f32": 256,
        "f64": 128,
        "tf32": 4096,
        "f16": 8192,
        "f8": 16384,
        "i8": 16384,
    },
    (12, 0): {"f32": 256, "f64": 4, "tf32": 256, "f16": 512, "f8": 1024, "i8": 1024},
}


@dataclass(frozen=True)
class Limits:
    """The limits of a device.

    Attributes:
        name: The name of the device.
        bandwidth_gb_per_s: Of its memory, in 10^9 bytes a second.
        tflop_per_s: By kind of number ('f32', 'f64', 'tf32', 'f16' for products of
            f16 and bf16, 'f8', 'i8'), in 10^12 operations a second.
        source: Where the numbers come from, in words.
    """

    name: str
    bandwidth_gb_per_s: float
    tflop_per_s: dict[str, float]
    source: str

    def peak_tflop_per_s(self, product_dtype: str) -> tuple[str, float] | None:
        """The limit for products of an element type (empty without any).

        Returns the kind of number and 10^12 operations a second, or None for a device
        whose limit is not known.
        """
        kind = {"bf16": "f16", "": "f32"}.get(product_dtype, product_dtype)
        if kind.startswith("f8"):
            kind = "f8"
        if kind not in self.tflop_per_s:
            kind = "f32"
        if kind not in self.tflop_per_s:
            return None
        return kind, self.tflop_per_s[kind]


@lru_cache(maxsize=None)
def gpu_limits(device: int = 0) -> Limits:
    """The limits of a GPU at its highest clocks, from what its driver says."""
    info, raw = _core.device_info(device), _core.device_limits(device)
    # Memory moves data twice in a clock.
    bandwidth = 2 * raw["memory_clock_khz"] * 1e3 * raw["memory_bus_bits"] / 8 / 1e9
    major, minor = info["major"], info["minor"]
    rates = _PER_CLOCK.get((major, minor), {})
    clocks = raw["clock_khz"] * 1e3 * info["multiprocessors"] / 1e12
    return Limits(
        info["name"],
        bandwidth,
        {kind: rate * clocks for kind, rate in rates.items()},
        f"{info['multiprocessors']} multiprocessors at {raw['clock_khz'] / 1e6:.2f} GHz,"
        f" memory at {raw['memory_clock_khz'] / 1e6:.2f} GHz",
    )


def _best_s(func: object, rounds: int = 3) -> float:
    assert callable(func)
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        func()
        best = min(best, time.perf_counter() - start)
    return best


@lru_cache(maxsize=None)
def cpu_limits() -> Limits:
    """What NumPy reaches on this CPU: a copy, and products of f32 and f64.

    Measured when first asked for, in about 0.2 s.
    """
    source = np.ones(1 << 24, np.float32)
    target = np.empty_like(source)
    moved = 2 * source.nbytes / _best_s(lambda: np.copyto(target, source))
    rates = {}
    for kind, element in (("f32", np.float32), ("f64", np.float64)):
        square = np.ones((768, 768), element)
        rates[kind] = 2 * 768**3 / _best_s(lambda: square @ square) / 1e12
    return Limits("CPU", moved / 1e9, rates, "measured: a copy and products by NumPy")

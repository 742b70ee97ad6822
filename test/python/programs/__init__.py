"""Whole programs in the kernel language, each with what it must compute.

A program is a function that gets a `Session`, makes inputs with it, calls its
kernel through it and says what the outputs should be. All of them run on the
CPU, and on a GPU with TILE_TEST_DEVICE=cuda.
"""

from __future__ import annotations

import os
from typing import Any, Callable

import numpy as np

PROGRAMS: dict[str, Callable[["Session"], None]] = {}


def program(function: Callable[["Session"], None]) -> Callable[["Session"], None]:
    """Registers a program under its name."""
    assert function.__name__ not in PROGRAMS, function.__name__
    PROGRAMS[function.__name__] = function
    return function


class Session:
    """Random inputs, calls on the device that is tested, and comparisons."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = np.random.default_rng(seed)
        self.device = os.environ.get("TILE_TEST_DEVICE", "cpu")
        self.kernels: list[Any] = []
        self.checks = 0

    def normal(self, *shape: int, dtype: Any = np.float32) -> np.ndarray:
        """Standard normal numbers."""
        return self.random.standard_normal(shape).astype(dtype)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """Uniform float32 numbers."""
        return self.random.uniform(low, high, shape).astype(np.float32)

    def integers(
        self, *shape: int, low: int = -8, high: int = 9, dtype: Any = np.int32
    ) -> np.ndarray:
        """Integers in [low, high)."""
        return self.random.integers(low, high, shape).astype(dtype)

    def poison(self, *shape: int, dtype: Any = np.float32) -> np.ndarray:
        """An output whose old contents show when they are not overwritten."""
        kind = np.dtype(dtype)
        return np.full(shape, np.nan if kind.kind == "f" else 0x5A, kind)

    def call(self, kernel: Any, *arguments: Any, **keywords: Any) -> Any:
        """Calls a kernel with arrays, which show afterwards what it wrote.

        Results come back as arrays.
        """
        self.kernels.append(kernel)
        if self.device == "cpu":
            result = kernel(*arguments, **keywords)
            # Without a tensor to go by, results come where torch has a GPU.
            return result.cpu().numpy() if hasattr(result, "cpu") else result
        import torch

        moved: dict[int, Any] = {}

        def move(value: Any) -> Any:
            if not isinstance(value, np.ndarray):
                return value
            base = value if value.base is None else value.base
            if not isinstance(base, np.ndarray):
                base = value
            if id(base) not in moved:
                moved[id(base)] = (base, torch.from_numpy(base).cuda())
            tensor = moved[id(base)][1]
            if value is base:
                return tensor
            offset = value.ctypes.data - base.ctypes.data
            return torch.as_strided(
                tensor,
                value.shape,
                [s // value.itemsize for s in value.strides],
                offset // value.itemsize,
            )

        result = kernel(
            *map(move, arguments), **{k: move(v) for k, v in keywords.items()}
        )
        torch.cuda.synchronize()
        for base, tensor in moved.values():
            base[...] = tensor.cpu().numpy()
        if isinstance(result, list):
            return [r.cpu().numpy() for r in result]
        return result if result is None else result.cpu().numpy()

    def check(self, found: Any, expected: Any, tolerance: float = 1e-4) -> None:
        """Compares relative to the largest expected magnitude (at least 1)."""
        self.checks += 1
        found = np.asarray(found)
        expected = np.asarray(expected)
        assert found.shape == expected.shape, (found.shape, expected.shape)
        if found.dtype.kind in "iub" and expected.dtype.kind in "iub":
            np.testing.assert_array_equal(found, expected)
            return
        found, expected = found.astype(np.float64), expected.astype(np.float64)
        scale = max(1.0, float(np.abs(expected[np.isfinite(expected)]).max(initial=0)))
        np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * scale)


def ceildiv(a: int, b: int) -> int:
    """Division that rounds up."""
    return -(-a // b)

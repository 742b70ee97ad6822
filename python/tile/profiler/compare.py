"""Whether what a kernel computes is what it should be."""

from __future__ import annotations

import sys
from typing import Any, Callable, Sequence

import numpy as np

from tile.language.dtypes import dtype
from tile.profiler.inputs import copy_of, input_positions

__all__ = ["MismatchError", "as_list", "compare", "outputs_of", "to_floats"]


class MismatchError(AssertionError):
    """A result is not what it should be."""


def as_list(value: Any) -> list[Any]:
    """The results of a call as a list: none, one or several."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def to_floats(value: Any, element: dtype | None = None) -> np.ndarray[Any, Any]:
    """The numbers of a tensor as NumPy's float64, integers as they are.

    Args:
        value: A tensor of NumPy, torch, CuPy or anything with DLPack.
        element: What integers are the bits of, where NumPy has no such type.
    """
    if hasattr(value, "detach"):  # torch
        value = value.detach().cpu()
        value = value.double() if value.is_floating_point() else value
        return np.asarray(value.numpy())
    if hasattr(value, "get") and hasattr(value, "device"):  # CuPy
        value = value.get()
    array = np.asarray(value)
    if element is not None and element.is_float and array.dtype.kind == "u":
        if element.name == "bfloat16":
            array = (array.astype(np.uint32) << 16).view(np.float32)
        else:
            import ml_dtypes

            array = array.view(getattr(ml_dtypes, element.name))
    return array if array.dtype.kind in "iub" else array.astype(np.float64)


def outputs_of(
    kernel: Any, func: Callable[..., Any], inputs: Sequence[Any]
) -> tuple[list[Any], list[Any]]:
    """Runs a function on copies of the inputs of a kernel.

    Returns:
        The results that the function returned, and the inputs that the kernel may
        write, each a list.
    """
    copies = [copy_of(value) for value in inputs]
    results = as_list(func(*copies))
    written = kernel.prim_func.written
    places = [n for n, i in enumerate(input_positions(kernel)) if written[i]]
    return results, [copies[n] for n in places]


def _types(kernel: Any) -> tuple[list[dtype], list[dtype]]:
    """The element types of what `outputs_of` gives for the kernel itself."""
    results = [kernel.params[i].dtype for i in kernel.out_idx]
    written = kernel.prim_func.written
    inputs = [kernel.params[i].dtype for i in input_positions(kernel) if written[i]]
    return results, inputs


def pair_up(
    kernel: Any,
    found: tuple[list[Any], list[Any]],
    expected: tuple[list[Any], list[Any]],
) -> list[tuple[str, Any, Any, dtype]]:
    """Finds for each output of the kernel what it should be.

    A reference may return what the kernel writes into its arguments.

    Raises ValueError where the numbers of results differ.
    """
    types = _types(kernel)
    if len(found[0]) == len(expected[0]):
        names = [f"result {n}" for n in range(len(found[0]))]
        names += [f"written argument {n}" for n in range(len(found[1]))]
        both = zip(
            names, found[0] + found[1], expected[0] + expected[1], types[0] + types[1]
        )
        return list(both)
    if not found[0] and len(found[1]) == len(expected[0]):
        names = [f"written argument {n}" for n in range(len(found[1]))]
        return list(zip(names, found[1], expected[0], types[1]))
    raise ValueError(
        f"expected a reference with {len(found[0]) or len(found[1])} results, as "
        f"{kernel.prim_func.name} has, found one with {len(expected[0])}"
    )


def _are_close_tensors(found: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Whether both are tensors of torch on one device, and all numbers are close.
    There it takes a fraction of the time that copying them would."""
    torch = sys.modules.get("torch")
    if torch is None or not all(isinstance(t, torch.Tensor) for t in (found, expected)):
        return False
    if found.device != expected.device or found.shape != expected.shape:
        return False
    if not found.is_floating_point() or not expected.is_floating_point():
        return False
    a, b = found.double(), expected.double()
    return bool(torch.isclose(a, b, rtol, atol, equal_nan=True).all())


def compare(
    what: str,
    found: Any,
    expected: Any,
    rtol: float,
    atol: float,
    max_mismatched_ratio: float = 0.0,
    element: dtype | None = None,
) -> None:
    """Raises `MismatchError` for numbers that differ by more than atol + rtol * |expected|.

    Args:
        max_mismatched_ratio: The part of the elements (0 to 1) that may differ.
        element: What integers of `found` are the bits of.
    """
    if _are_close_tensors(found, expected, rtol, atol):
        return
    a, b = to_floats(found, element), to_floats(expected, element)
    if a.shape != b.shape:
        raise MismatchError(f"{what}: expected the shape {b.shape}, found {a.shape}")
    if not a.size:
        return
    if a.dtype.kind in "iub" and b.dtype.kind in "iub" and not (rtol or atol):
        is_close = a == b  # floats would not tell large ones apart
    else:
        is_close = np.isclose(a, b, rtol, atol, equal_nan=True)
    wrong = int(a.size - np.count_nonzero(is_close))
    if wrong <= max_mismatched_ratio * a.size:
        return
    first = tuple(int(n) for n in np.argwhere(~is_close)[0])
    raise MismatchError(
        f"{what}: expected {b[first]} at {list(first)}, found {a[first]}; "
        f"{wrong} of {a.size} elements differ (rtol {rtol}, atol {atol})"
    )

"""Tensors to run a kernel on."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Any, Mapping, Sequence

import numpy as np

from tile.frontend.function import Argument
from tile.jit.sizes import evaluate
from tile.language.dtypes import dtype
from tile.profiler.strides import Strided, choose_strides

__all__ = ["TensorSupplyType", "copy_of", "input_positions", "make_inputs"]


class TensorSupplyType(Enum):
    """What tensors are filled with.

    ``Auto`` is ``Integer`` for integers and bools and ``Randn`` for floats. The
    others: whole numbers from -2 to 2; floats from -1 to 1, uniform; normal ones of
    mean 0 and deviation 1 (``Normal`` and ``Randn``); zeros; ones.
    """

    Auto = "auto"
    Integer = "integer"
    Uniform = "uniform"
    Normal = "normal"
    Randn = "randn"
    Zero = "zero"
    One = "one"


def _fill(
    kind: TensorSupplyType,
    shape: Sequence[int],
    element: dtype,
    random: np.random.Generator,
) -> np.ndarray[Any, Any]:
    """Numbers as float64 or int64, before they become the element type."""
    if kind is TensorSupplyType.Auto:
        kind = TensorSupplyType.Randn if element.is_float else TensorSupplyType.Integer
    if kind is TensorSupplyType.Zero:
        return np.zeros(shape)
    if kind is TensorSupplyType.One:
        return np.ones(shape)
    if kind is TensorSupplyType.Integer or not element.is_float:
        low, high = (0, 2) if element.is_bool else (-2, 3)
        return random.integers(low, high, shape)
    if kind is TensorSupplyType.Uniform:
        return random.uniform(-1, 1, shape)
    return random.standard_normal(shape)


def _to_array(values: np.ndarray[Any, Any], element: dtype) -> np.ndarray[Any, Any]:
    """The numbers as NumPy holds the element type: bfloat16 as the bits of it."""
    if element.name == "bfloat16":
        bits = values.astype(np.float32).view(np.uint32)
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    if element.as_numpy().kind in "iu" and element.is_float:
        try:
            import ml_dtypes
        except ImportError:
            raise TypeError(
                f"NumPy has no {element.name}; install ml_dtypes, or pass input_tensors"
            ) from None
        return values.astype(getattr(ml_dtypes, element.name))
    return values.astype(element.as_numpy())


def _to_torch(values: np.ndarray[Any, Any], element: dtype, device: str) -> Any:
    import torch

    return torch.from_numpy(values).to(device).to(element.as_torch())


def input_positions(kernel: Any) -> list[int]:
    """The positions of the parameters that a call of a kernel is given."""
    made = (*kernel.out_idx, *kernel.prim_func.scratch)
    return [i for i in range(len(kernel.params)) if i not in made]


def make_inputs(
    kernel: Any,
    supply_type: TensorSupplyType = TensorSupplyType.Auto,
    symbols: Mapping[str, int] | None = None,
    device: str = "cpu",
    seed: int | None = None,
) -> list[Any]:
    """Random arguments for a call of a kernel.

    Args:
        kernel: A `JITKernel`.
        supply_type: What they are filled with.
        symbols: The values of dynamic sizes and of scalars, by name.
        device: 'cpu' makes NumPy arrays, 'cuda:0' and the like tensors of torch.
        seed: For the same numbers each time.

    Raises:
        ValueError: A size or a scalar that nothing says.
        RuntimeError: A GPU, and no torch to make tensors on it.
    """
    random = np.random.default_rng(seed)
    values = dict(symbols or {})
    made: list[Any] = []
    for index in input_positions(kernel):
        argument: Argument = kernel.params[index]
        where = f"{kernel.prim_func.name}: input `{argument.name}`"
        if argument.shape is None or argument.is_pointer:
            if argument.name not in values:
                raise ValueError(
                    f"{where}: expected a value for this argument, which is no tensor; "
                    "pass input_tensors, or name it among the symbols"
                )
            made.append(values[argument.name])
            continue
        shape = evaluate(where, argument.shape, values)
        numbers = _fill(supply_type, shape, argument.dtype, random)
        strides = choose_strides(shape, argument.strides, values)
        memory = Strided.of_numbers(np.asarray(numbers), strides)
        if device == "cpu":
            flat = _to_array(memory.flat, argument.dtype)
        else:
            flat = _make_on_gpu(memory.flat, argument.dtype, device, where)
        made.append(replace(memory, flat=flat).tensor())
    return made


def _make_on_gpu(
    numbers: np.ndarray[Any, Any], element: dtype, device: str, where: str
) -> Any:
    try:
        return _to_torch(numbers, element, device)
    except ImportError:
        raise RuntimeError(
            f"{where}: tensors on a GPU are made by torch, which is not installed; "
            "pass input_tensors"
        ) from None


def copy_of(value: Any) -> Any:
    """A copy of a tensor of NumPy, torch or CuPy; anything else as it is. Those of
    NumPy and torch keep their strides."""
    strided = Strided.copy_of(value)
    if strided is not None:
        return strided.tensor()
    for method in ("clone", "copy"):
        copy = getattr(value, method, None)
        if copy is not None and hasattr(value, "shape"):
            return copy()
    return value

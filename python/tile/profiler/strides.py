"""Tensors taken apart into their memory and how they lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

from tile.jit.tensors import is_torch
from tile.language.symbols import Formula, Size, Symbol

__all__ = ["Strided", "choose_strides"]


@dataclass(frozen=True)
class Strided:
    """The memory of a tensor, and how the tensor lies in it.

    Attributes:
        flat: A contiguous tensor of rank 1, from the lowest to the highest element.
        shape, strides: Those of the tensor, in elements.
    """

    flat: Any
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @classmethod
    def copy_of(cls, value: Any) -> "Strided | None":
        """A copy of a tensor of NumPy or torch, with what lies between its elements.

        None for others, and for one that is contiguous or does not consist of whole
        elements: a plain copy is as good.
        """
        if is_torch(value):
            if value.is_contiguous() or not value.numel():
                return None
            shape, strides = tuple(value.shape), tuple(value.stride())
            return cls(
                value.as_strided((_span(shape, strides),), (1,)).clone(), shape, strides
            )
        if not isinstance(value, np.ndarray) or value.flags.c_contiguous:
            return None
        size = value.itemsize
        if not value.size or any(step % size for step in value.strides):
            return None
        strides = tuple(step // size for step in value.strides)
        span = _span(value.shape, strides)
        lowest = value[_flips(strides)]
        return cls(as_strided(lowest, (span,), (size,)).copy(), value.shape, strides)

    @classmethod
    def of_numbers(
        cls, numbers: np.ndarray[Any, Any], strides: Sequence[int]
    ) -> "Strided":
        """The memory that holds these numbers with these strides."""
        made = cls(
            np.zeros(_span(numbers.shape, strides), numbers.dtype),
            numbers.shape,
            tuple(strides),
        )
        made.tensor()[...] = numbers
        return made

    def tensor(self) -> Any:
        """The tensor in its memory."""
        if not isinstance(self.flat, np.ndarray):
            return self.flat.as_strided(self.shape, self.strides)
        steps = [abs(step) * self.flat.itemsize for step in self.strides]
        return as_strided(self.flat, self.shape, steps)[_flips(self.strides)]


def _span(shape: Sequence[int], strides: Sequence[int]) -> int:
    """The number of elements from the lowest to the highest."""
    if 0 in shape:
        return 0
    return sum((n - 1) * abs(step) for n, step in zip(shape, strides)) + 1


def _flips(strides: Sequence[int]) -> tuple[Any, ...]:
    """Turns the axes that go backwards."""
    return (..., *(slice(None, None, -1 if step < 0 else 1) for step in strides))


def choose_strides(
    shape: Sequence[int], strides: Sequence[Size] | None, values: Mapping[str, int]
) -> tuple[int, ...]:
    """The strides of a tensor as declared.

    One that nothing says is the least that leaves the elements apart, as that of a
    contiguous tensor is.

    Args:
        strides: As declared; None for a contiguous tensor.
        values: What symbols are.
    """
    known = dict(values)
    chosen: list[int] = []
    for place in reversed(range(len(shape))):
        least = max(1, _span(shape[place + 1 :], chosen))
        step = least if strides is None else strides[place]
        if isinstance(step, Formula):
            if all(symbol.name in known for symbol in step.symbols()):
                step = step.evaluate(known)
            else:
                if isinstance(step, Symbol):
                    known[step.name] = least
                step = least
        chosen.insert(0, step)
    return tuple(chosen)

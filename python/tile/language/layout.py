"""Layouts: where the elements of a buffer lie.

A layout is a function of Python's own on indices; it is evaluated when it is made.
"""

from __future__ import annotations

import itertools
import math
from typing import Any, Callable, Sequence

from tile.language.buffer import BufferValue

__all__ = [
    "Fragment",
    "Layout",
    "make_full_bank_swizzled_layout",
    "make_half_bank_swizzled_layout",
    "make_linear_layout",
    "make_quarter_bank_swizzled_layout",
    "make_swizzled_layout",
]


def _as_tuple(value: Any) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


class Layout:
    """Where each element of a shape lies.

    ``Layout((4, 8), lambda i, j: (j, i))`` maps indices of ints to one or more ints.
    Raises TypeError for a function that gives anything else.
    """

    def __init__(self, shape: Any, forward_fn: Callable[..., Any]) -> None:
        self.shape = tuple(int(s) for s in _as_tuple(shape))
        self.forward_fn = forward_fn
        self._places: dict[tuple[int, ...], tuple[int, ...]] | None = None

    @property
    def places(self) -> dict[tuple[int, ...], tuple[int, ...]]:
        """The place of each element."""
        if self._places is None:
            self._places = {}
            for indices in itertools.product(*map(range, self.shape)):
                place = _as_tuple(self.forward_fn(*indices))
                if not all(isinstance(p, int) for p in place):
                    raise TypeError(
                        f"expected ints from the function of a layout, got {place!r}"
                    )
                self._places[indices] = place
        return self._places

    def map_forward_index(self, indices: Sequence[int]) -> tuple[int, ...]:
        """The place of one element. Raises IndexError outside the shape."""
        key = tuple(indices)
        if key not in self.places:
            raise IndexError(f"{key} is outside a layout of shape {self.shape}")
        return self.places[key]

    def get_output_shape(self) -> tuple[int, ...]:
        """The smallest shape that holds all places."""
        return tuple(max(p) + 1 for p in zip(*self.places.values()))

    def is_injective(self) -> bool:
        """Whether no two elements lie in one place."""
        return len(set(self.places.values())) == len(self.places)

    def check(self, buffer: BufferValue) -> None:
        """Raises ValueError unless the layout is one for a buffer."""
        if math.prod(self.shape) != math.prod(buffer.shape):
            raise ValueError(
                f"Invalid layout for buffer `{buffer.name}`: its shape is "
                f"{buffer.shape}, that of the layout is {self.shape}"
            )
        if not self.is_injective():
            raise ValueError(
                f"Invalid layout for shared buffer `{buffer.name}`: the forward map "
                "must be injective"
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.shape})"


class Fragment(Layout):
    """Which thread holds each element of a shape, and in which of its slots.

    Args:
        shape: The sizes.
        forward_fn: Indices (and, with `replicate` above 1, which copy) to a pair of
            thread and slot.
        forward_thread_fn, forward_index_fn: The two parts as functions of their own.
        replicate: How many threads hold each element.

    Raises TypeError when neither form is given.
    """

    def __init__(
        self,
        shape: Any,
        forward_fn: Callable[..., Any] | None = None,
        forward_thread_fn: Callable[..., Any] | None = None,
        forward_index_fn: Callable[..., Any] | None = None,
        replicate: int = 1,
    ) -> None:
        if forward_fn is None:
            if forward_thread_fn is None or forward_index_fn is None:
                raise TypeError(
                    "T.Fragment expects forward_fn, or forward_thread_fn and "
                    "forward_index_fn"
                )
            thread, slot = forward_thread_fn, forward_index_fn
            count = len(_as_tuple(shape))

            def both(*indices: int) -> tuple[Any, ...]:
                return (thread(*indices), *_as_tuple(slot(*indices[:count])))

            forward_fn = both
        sizes = _as_tuple(shape)
        self.replicate = replicate
        self.logical_shape = sizes
        super().__init__((*sizes, replicate) if replicate > 1 else sizes, forward_fn)

    def get_thread_size(self) -> int:
        """The number of threads that hold elements."""
        return max(place[0] for place in self.places.values()) + 1

    def check(self, buffer: BufferValue) -> None:
        if self.logical_shape != buffer.shape:
            raise ValueError(
                f"Invalid layout for fragment `{buffer.name}`: its shape is "
                f"{buffer.shape}, that of the layout is {self.logical_shape}"
            )
        if not self.is_injective():
            raise ValueError(
                f"Invalid layout for fragment `{buffer.name}`: two elements lie in one "
                "slot of a thread"
            )


def make_linear_layout(buffer: Any) -> Layout:
    """The layout in which the last dimension changes fastest."""
    shape = _as_tuple(getattr(buffer, "shape", buffer))
    strides = [math.prod(shape[d + 1 :]) for d in range(len(shape))]
    return Layout(shape, lambda *i: sum(a * b for a, b in zip(i, strides)))


def _make_swizzled(buffer: BufferValue, span: int, what: str) -> Layout:
    """Rows of `span` bytes in which vectors of 16 bytes are exchanged by row."""
    rows, columns = _as_tuple(buffer.shape)[-2:]
    vector = 128 // buffer.dtype.bits
    per_row = span // 16
    if columns % (vector * per_row):
        raise ValueError(
            f"{what} expects rows of a multiple of {span} bytes, got "
            f"{columns * buffer.dtype.bits // 8}"
        )
    # Rows that share their banks lie 128 bytes apart.
    repeat = 8 // per_row

    def forward(i: int, j: int) -> tuple[int, int]:
        group, within = divmod(j // vector, per_row)
        turned = within ^ (i // repeat % per_row)
        return i, (group * per_row + turned) * vector + j % vector

    return Layout((rows, columns), forward)


def make_full_bank_swizzled_layout(buffer: BufferValue) -> Layout:
    """A layout free of bank conflicts, in rows of 128 bytes.

    Raises ValueError for rows that are no multiple of it.
    """
    return _make_swizzled(buffer, 128, "T.make_full_bank_swizzled_layout")


def make_half_bank_swizzled_layout(buffer: BufferValue) -> Layout:
    """A layout with few bank conflicts, in rows of 64 bytes."""
    return _make_swizzled(buffer, 64, "T.make_half_bank_swizzled_layout")


def make_quarter_bank_swizzled_layout(buffer: BufferValue) -> Layout:
    """A layout with some bank conflicts, in rows of 32 bytes."""
    return _make_swizzled(buffer, 32, "T.make_quarter_bank_swizzled_layout")


def make_swizzled_layout(
    buffer: BufferValue, k_major: bool = True, allow_pad: bool = True
) -> Layout:
    """The swizzled layout of the widest rows that the buffer has; else a linear one."""
    row = _as_tuple(buffer.shape)[-1] * buffer.dtype.bits // 8
    for span in (128, 64, 32):
        if row % span == 0:
            return _make_swizzled(buffer, span, "T.make_swizzled_layout")
    return make_linear_layout(buffer)

"""Layouts of the kernel's author as attributes that `tile-infer-layouts` keeps."""

from __future__ import annotations

from typing import Sequence

from tile.language.buffer import BufferValue
from tile.language.layout import Fragment, Layout, make_full_bank_swizzled_layout
from tile.language.layout import make_half_bank_swizzled_layout
from tile.language.layout import make_quarter_bank_swizzled_layout

__all__ = ["find_swizzle", "find_thread_values"]

_SWIZZLES = {
    128: make_full_bank_swizzled_layout,
    64: make_half_bank_swizzled_layout,
    32: make_quarter_bank_swizzled_layout,
}


def find_swizzle(layout: Layout, buffer: BufferValue) -> int | None:
    """The width in bytes of the swizzle that a layout is; None when it is none."""
    if len(buffer.shape) != 2 or layout.shape != tuple(buffer.shape):
        return None
    for span, make in _SWIZZLES.items():
        try:
            known = make(buffer)
        except ValueError:
            continue  # Rows that this swizzle does not divide.
        if known.places == layout.places:
            return span
    return None


def _find_modes(offsets: Sequence[int]) -> list[tuple[int, int]] | None:
    """Extents and strides, the first changing fastest, that count `offsets`."""
    modes: list[tuple[int, int]] = []
    while len(offsets) > 1:
        step = offsets[1]
        extent = 1
        while extent < len(offsets) and offsets[extent] == extent * step:
            extent += 1
        while len(offsets) % extent:
            extent -= 1
        if extent == 1:
            return None
        modes.append((extent, step))
        offsets = offsets[::extent]
    return modes


def _count(modes: Sequence[tuple[int, int]]) -> list[int]:
    """The offsets that modes count."""
    offsets = [0]
    for extent, step in modes:
        offsets = [i * step + offset for i in range(extent) for offset in offsets]
    return offsets


def _print(modes: Sequence[tuple[int, int]]) -> str:
    extents, steps = zip(*(modes or [(1, 0)]))
    return f"({','.join(map(str, extents))}):({','.join(map(str, steps))})"


def find_thread_values(fragment: Fragment, threads: int) -> str | None:
    """A fragment's layout as the text of a `#tile.layout`.

    None when it is not one that is a sum of an offset of the thread and one of the
    slot, each a shape and strides, or when it is not one for `threads` threads.
    """
    shape = fragment.logical_shape
    elements: dict[tuple[int, int], int] = {}
    for indices, (thread, *slot) in fragment.places.items():
        if len(slot) != 1:
            return None
        number = 0
        for index, size in zip(indices, shape):
            number = number * size + index
        elements[thread, slot[0]] = number
    slots = max(slot for _, slot in elements) + 1
    if fragment.get_thread_size() != threads or len(elements) != threads * slots:
        return None
    by_thread = _find_modes([elements[t, 0] for t in range(threads)])
    by_slot = _find_modes([elements[0, v] for v in range(slots)])
    if by_thread is None or by_slot is None or elements[0, 0] != 0:
        return None
    firsts, seconds = _count(by_thread), _count(by_slot)
    if any(number != firsts[t] + seconds[v] for (t, v), number in elements.items()):
        return None
    sizes = "x".join(map(str, shape))
    return (
        f"#tile.layout<threads {_print(by_thread)}, values {_print(by_slot)}, "
        f"shape {sizes}>"
    )

"""Tensors of the host, copied to a GPU for one call."""

from __future__ import annotations

from types import TracebackType
from typing import Iterable, Mapping

from tile import _core
from tile.jit.tensors import TensorInfo

__all__ = ["DeviceCopies", "merge_spans"]


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Joins spans of memory, each an address and a number of bytes, that overlap.

    The result is sorted, and holds no empty ones.
    """
    merged: list[tuple[int, int]] = []
    for start, size in sorted(span for span in spans if span[1]):
        if merged and start < sum(merged[-1]):
            last = merged[-1][0]
            end = max(sum(merged.pop()), start + size)
            start, size = last, end - last
        merged.append((start, size))
    return merged


class DeviceCopies:
    """Copies on the current device, for the time of a with statement.

    Tensors that overlap share one copy, so that what one of them gets is there in
    the other.
    """

    def __init__(self, tensors: Mapping[int, TensorInfo]) -> None:
        self._tensors = tensors
        self._pieces: list[tuple[int, int, int]] = []

    def __enter__(self) -> "DeviceCopies":
        try:
            for start, size in merge_spans(
                (info.address, info.span) for info in self._tensors.values()
            ):
                self._pieces.append((start, size, _core.device_alloc(size)))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for _, _, device in self._pieces:
            _core.device_free(device)

    def address(self, info: TensorInfo) -> int:
        """Where a tensor is on the device; 0 for one without elements."""
        for start, size, device in self._pieces:
            if info.span and start <= info.address < start + size:
                return device + info.address - start
        return 0

    def copy_in(self, info: TensorInfo) -> None:
        """Copies a tensor to the device."""
        if info.span:
            _core.device_copy_in(self.address(info), info.address, info.span)

    def copy_out(self, info: TensorInfo) -> None:
        """Copies a tensor back."""
        if info.span:
            _core.device_copy_out(info.address, self.address(info), info.span)

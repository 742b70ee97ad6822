"""What a kernel is compiled for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Mapping, Union

from tile import _core

__all__ = ["AnyTarget", "Target", "device_count", "parse_target"]

AnyTarget = Union[None, str, Mapping[str, Any], "Target"]
"""None, 'auto', 'cpu', 'cuda', 'cuda -arch=sm_90a', {'kind': 'cuda', 'arch': ...}."""

_CPU_NAMES = ("cpu", "llvm", "c")


@lru_cache(maxsize=None)
def device_count() -> int:
    """The number of CUDA devices that this process sees."""
    return int(_core.device_count())


@lru_cache(maxsize=None)
def device_chip(device: int) -> str:
    """The chip of a CUDA device, for example ``sm_90a``."""
    return str(_core.device_info(device)["chip"])


@dataclass(frozen=True)
class Target:
    """A target. ``kind`` is 'auto', 'cpu' or 'cuda'; ``chip`` may be empty.

    'auto' is decided by where the tensors of a call are.
    """

    kind: str = "auto"
    chip: str = ""

    def resolve(self, on_cuda: bool | None = None, device: int = 0) -> "Target":
        """The target with its kind and its chip decided.

        Args:
            on_cuda: Whether the tensors are in a GPU's memory; None when that is
                not known, and then it is decided by whether there is a GPU.
            device: The CUDA device.
        """
        kind = self.kind
        if kind == "auto":
            on_cuda = device_count() > 0 if on_cuda is None else on_cuda
            kind = "cuda" if on_cuda else "cpu"
        if kind == "cpu":
            return Target("cpu")
        if self.chip or not device_count():
            return Target(kind, self.chip)
        return Target(kind, device_chip(device))

    def is_present(self) -> bool:
        """Whether this machine has a GPU of exactly this chip."""
        devices = range(device_count()) if self.kind == "cuda" else ()
        return any(device_chip(device) == self.chip for device in devices)

    def __str__(self) -> str:
        return f"{self.kind} -arch={self.chip}" if self.chip else self.kind


def parse_target(target: AnyTarget) -> Target:
    """The target that a user names.

    None means the environment variable ``TILE_DEFAULT_TARGET``, or 'auto'.

    Raises:
        ValueError: A kind other than these, or an option other than ``-arch``.
        TypeError: Something that names no target.
    """
    if target is None:
        target = os.environ.get("TILE_DEFAULT_TARGET", "auto")
    if isinstance(target, Target):
        return target
    if isinstance(target, Mapping):
        options = {str(k): str(v) for k, v in target.items()}
        kind, chip = options.pop("kind", "auto"), options.pop("arch", "")
        rest = ", ".join(options)
    elif isinstance(target, str):
        kind, chip, rest = _split(target)
    else:
        raise TypeError(
            f"expected a target as a string or a dict, got {type(target).__name__}"
        )
    if rest:
        raise ValueError(f"expected no target option but arch, got {rest}")
    if kind in _CPU_NAMES:
        kind = "cpu"
    if kind not in ("auto", "cpu", "cuda"):
        raise ValueError(f"expected the target 'auto', 'cpu' or 'cuda', got {kind!r}")
    return Target(kind, chip)


def _split(text: str) -> tuple[str, str, str]:
    """The kind, the chip and what else a text like ``cuda -arch=sm_90`` holds."""
    kind, *options = text.split() or [""]
    chip, rest = "", []
    for option in options:
        if option.startswith(("-arch=", "--arch=")):
            chip = option.split("=", 1)[1]
        else:
            rest.append(option)
    return kind, chip, " ".join(rest)

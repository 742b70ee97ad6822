"""The exceptions of tile. Mistakes in Python code raise Python's own kinds."""

from __future__ import annotations

import linecache
from typing import TYPE_CHECKING, Sequence

if TYPE_CHECKING:
    from tile._core import Diagnostic

__all__ = [
    "CacheError",
    "CacheWarning",
    "DeviceMemoryError",
    "DiagnosticError",
    "DriverTooOldError",
    "JITNoBuilderError",
    "NoDeviceError",
    "ShapeMismatchError",
    "TileWarning",
]


class TileWarning(UserWarning):
    """Something that is allowed but hardly meant."""


class CacheWarning(TileWarning):
    """The cache of compiled kernels cannot be used as it should."""


class CacheError(OSError):
    """The folder that ``TILE_CACHE_DIR`` names cannot be read or written."""


class JITNoBuilderError(RuntimeError):
    """A function of the kernel language was called outside a kernel."""


def _describe(diagnostic: Diagnostic, indent: str = "") -> list[str]:
    """The lines that show a diagnostic with its source and the calls to it."""
    lines = []
    frames = diagnostic.frames
    place = f"{frames[0].file}:{frames[0].line}: " if frames else ""
    lines.append(f"{indent}{place}{diagnostic.severity}: {diagnostic.message}")
    for position, frame in enumerate(frames):
        if position:
            lines.append(f"{indent}  called from {frame.file}:{frame.line}")
        source = linecache.getline(frame.file, frame.line).strip()
        if source:
            lines.append(f"{indent}    {source}")
    for note in diagnostic.notes:
        lines.extend(_describe(note, indent + "  "))
    return lines


class DiagnosticError(RuntimeError):
    """The compiler refused the program.

    ``diagnostics`` holds what it said, each with the user's file and line and
    the chain of inlined calls; the text shows them with their source lines.
    """

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        self.message = message
        self.diagnostics = list(diagnostics)
        errors = [d for d in self.diagnostics if d.severity == "error"]
        lines = [line for d in errors for line in _describe(d)]
        super().__init__("\n".join(lines) if lines else message)


class ShapeMismatchError(AssertionError, ValueError, RuntimeError):
    """A tensor has another rank, size or stride than its annotation says.

    TileLang raises AssertionError for some of these and RuntimeError for others;
    this is both.
    """


class NoDeviceError(RuntimeError):
    """There is no CUDA driver, or it finds no GPU."""


class DriverTooOldError(RuntimeError):
    """The CUDA driver does not know what the kernel or the compiler uses, for example
    its version of PTX."""


class DeviceMemoryError(RuntimeError, MemoryError):
    """A GPU has not enough memory left."""


#: What the texts of the runtime hold, and what that means.
_KINDS: list[tuple[str, type[RuntimeError]]] = [
    ("CUDA_ERROR_OUT_OF_MEMORY", DeviceMemoryError),
    ("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", DriverTooOldError),
    ("CUDA driver is too old", DriverTooOldError),
    ("CUDA driver, which is too old", DriverTooOldError),
    ("cannot open the CUDA driver", NoDeviceError),
    ("failed to initialize the CUDA driver", NoDeviceError),
    ("the CUDA driver reports no device", NoDeviceError),
    ("CUDA_ERROR_NO_DEVICE", NoDeviceError),
]

_ADVICE: dict[type[RuntimeError], str] = {
    DriverTooOldError: "; install a newer driver, or compile for an older chip",
    NoDeviceError: "; target='cpu' runs kernels without a GPU",
}


def runtime_error(text: str) -> RuntimeError:
    """The exception for what the runtime reports."""
    for part, kind in _KINDS:
        if part in text:
            return kind(text + _ADVICE.get(kind, ""))
    return RuntimeError(text)


def call_error(function: str, text: str) -> RuntimeError:
    """The exception for a call of compiled code that failed, which `text` tells."""
    return runtime_error(f"{function}(): {text}")

"""Functions and compiled code as entries of the cache: JSON, and files as they are."""

from __future__ import annotations

import warnings
from typing import Any, Callable, Mapping, Sequence

from tile import _core
from tile.cache.store import StoredEntry
from tile.errors import TileWarning
from tile.frontend.function import Argument
from tile.jit.prim_func import PrimFunc
from tile.language.dtypes import dtype
from tile.language.symbols import Formula, Size, Symbol

__all__ = [
    "executable_of",
    "files_of",
    "function_of",
    "record_of",
    "record_of_function",
]


def _size_record(size: Size | None) -> Any:
    if isinstance(size, Symbol):
        return {"name": size.name, "dtype": str(size.dtype)}
    if isinstance(size, Formula):
        return {
            "op": size.op,
            "lhs": _size_record(size.lhs),
            "rhs": _size_record(size.rhs),
        }
    return size


def _size_of(record: Any) -> Any:
    if not isinstance(record, Mapping):
        return record
    if "name" in record:
        return Symbol(record["name"], record["dtype"])
    return Formula(record["op"], _size_of(record["lhs"]), _size_of(record["rhs"]))


def _sizes_record(sizes: Sequence[Size] | None) -> list[Any] | None:
    return None if sizes is None else [_size_record(size) for size in sizes]


def _sizes_of(record: list[Any] | None) -> tuple[Any, ...] | None:
    return None if record is None else tuple(_size_of(size) for size in record)


_FLAGS = ("is_output", "is_scratch", "is_pointer", "is_named")


def _argument_record(argument: Argument) -> dict[str, Any]:
    return {
        "name": argument.name,
        "dtype": str(argument.dtype),
        "shape": _sizes_record(argument.shape),
        "strides": _sizes_record(argument.strides),
        "symbol": argument.symbol,
        "annotation": argument.annotation,
        "flags": [flag for flag in _FLAGS if getattr(argument, flag)],
    }


def _argument_of(record: Mapping[str, Any]) -> Argument:
    return Argument(
        record["name"],
        dtype(record["dtype"]),
        _sizes_of(record["shape"]),
        _sizes_of(record["strides"]),
        symbol=record["symbol"],
        annotation=record["annotation"],
        **{flag: True for flag in record["flags"]},
    )


def _diagnostic_record(diagnostic: _core.Diagnostic) -> dict[str, Any]:
    return {
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "frames": [[f.file, f.line, f.column] for f in diagnostic.frames],
        "notes": [_diagnostic_record(note) for note in diagnostic.notes],
    }


def _diagnostic_of(record: Mapping[str, Any]) -> _core.Diagnostic:
    frames = [_core.Frame(*frame) for frame in record["frames"]]
    notes = [_diagnostic_of(note) for note in record["notes"]]
    return _core.Diagnostic(record["severity"], record["message"], frames, notes)


def record_of_function(function: PrimFunc) -> dict[str, Any]:
    """What is known of a function besides its IR."""
    return {
        "name": function.name,
        "doc": function.__doc__,
        "arguments": [_argument_record(a) for a in function.arguments],
        "results": function.results,
        "scratch": function.scratch,
        "written": function.written,
        "warnings": [list(warning) for warning in function.warnings],
    }


def record_of(function: PrimFunc, executable: _core.Executable) -> dict[str, Any]:
    """What ``entry.json`` says of a compiled function."""
    return {
        "function": record_of_function(function),
        "diagnostics": [_diagnostic_record(d) for d in executable.diagnostics],
    }


def files_of(function: PrimFunc, executable: _core.Executable) -> dict[str, bytes]:
    """The files of a compiled function."""
    return {
        "module.mlir": function.text(locations=True).encode(),
        "host.o": executable.object,
    }


def function_of(entry: StoredEntry, original: Callable[..., Any]) -> PrimFunc:
    """The function of an entry; warns of what its trace warned of.

    Args:
        original: The Python function that it comes from.

    Raises KeyError, TypeError or ValueError for a record of another form.
    """
    record = entry.record["function"]
    function = PrimFunc(
        original,
        entry.files["module.mlir"].decode(),
        [_argument_of(a) for a in record["arguments"]],
        record["results"],
        record["scratch"],
        name=record["name"],
        doc=record["doc"],
        written=record["written"],
        warnings=[tuple(warning) for warning in record["warnings"]],
    )
    for message, file, line in function.warnings:
        warnings.warn_explicit(message, TileWarning, file, line)
    return function


def executable_of(entry: StoredEntry) -> _core.Executable:
    """The code of an entry, loaded.

    Raises RuntimeError for code that cannot be loaded.
    """
    diagnostics = [_diagnostic_of(d) for d in entry.record["diagnostics"]]
    return _core.load_executable(entry.files["host.o"], diagnostics)

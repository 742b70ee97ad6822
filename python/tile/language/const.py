"""Compile-time sizes that are read off the tensors of a call: `T.const`."""

from __future__ import annotations

from typing import Any

from tile.errors import JITNoBuilderError
from tile.frontend.builder import current
from tile.language.dtypes import AnyDType
from tile.language.symbols import Symbol

__all__ = ["ConstSymbol", "const"]


class ConstSymbol(Symbol):
    """A name that `T.const` declared, while its value is not known."""

    __slots__ = ()
    __hash__ = Symbol.__hash__


def const(names: str, dtype: AnyDType = "int32") -> Any:
    """Compile-time sizes: ``M, K = T.const("M, K")`` in a function of `tile.jit`.

    Each has to stand alone in a shape or in strides of a parameter that the body
    annotates; its value is that of the tensor in the call, or a keyword of
    ``compile``. One name gives one size, several give a tuple.

    Raises:
        JITNoBuilderError: Outside of `tile.jit`.
        RuntimeError: A name that stands in no shape.
    """
    builder = current("T.const()")
    parts = names.replace(",", " ").split()
    if not parts:
        raise ValueError("T.const expects at least one name")
    probe: dict[str, ConstSymbol] | None = builder.data.get("probe")
    constants = builder.data.get("constants")
    if probe is not None and constants is None:
        for part in parts:
            probe.setdefault(part, ConstSymbol(part, dtype))
        values: list[Any] = [probe[part] for part in parts]
    elif constants is not None:
        values = [_get(constants, part) for part in parts]
    else:
        raise JITNoBuilderError("T.const() can only be used inside @tile.jit")
    return values[0] if len(values) == 1 else tuple(values)


def _get(constants: dict[str, int], name: str) -> int:
    if name not in constants:
        raise RuntimeError(
            f"Constexpr variable `{name}` is not used in any buffer shape or stride. "
            "At least one DIRECT usage is required, in an annotation of a parameter"
        )
    return constants[name]

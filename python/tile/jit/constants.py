"""The values of the names that `T.const` declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from tile.jit.probe import Probe
from tile.jit.tensors import describe
from tile.language.const import ConstSymbol

__all__ = ["Constants"]

_Place = tuple[str, str, int]
"""A parameter, 'shape' or 'strides', and a dimension."""


@dataclass(frozen=True)
class Constants:
    """Values by name, sorted."""

    values: tuple[tuple[str, int], ...] = ()

    @classmethod
    def solve(
        cls,
        function: str,
        found: Probe,
        arguments: Mapping[str, Any],
        keywords: Mapping[str, int],
    ) -> "Constants":
        """The values, from keywords, or else from tensors and placeholders.

        Raises:
            TypeError: A keyword that is no constant; an argument that is no tensor.
            RuntimeError: A constant that stands alone in no shape and no stride.
            ValueError: A constant that nothing determines.
        """
        for name, value in keywords.items():
            if name not in found.constants:
                raise TypeError(
                    f"{function}() got an unexpected keyword argument {name!r}"
                )
            if isinstance(value, bool) or not isinstance(value, int):
                raise TypeError(
                    f"{function}() argument {name!r}: expected an int, got {value!r}"
                )
        places = _direct_uses(found)
        values = dict(keywords)
        for name in found.constants:
            if name not in places:
                raise RuntimeError(
                    f"Constexpr variable `{name}` is not used in any buffer shape or "
                    "stride. At least one DIRECT usage is required, in an annotation "
                    "of a parameter"
                )
            if name not in values:
                values[name] = _read(function, name, places[name], arguments)
        return cls(tuple(sorted(values.items())))


def _direct_uses(found: Probe) -> dict[str, list[_Place]]:
    """Where each constant stands alone."""
    places: dict[str, list[_Place]] = {}
    for parameter, annotation in found.annotations.items():
        for what in ("shape", "strides"):
            for dim, entry in enumerate(getattr(annotation, what, None) or ()):
                size = getattr(entry, "value", entry)
                if isinstance(size, ConstSymbol):
                    places.setdefault(size.name, []).append((parameter, what, dim))
    return places


def _read(
    function: str, name: str, places: list[_Place], arguments: Mapping[str, Any]
) -> int:
    for parameter, what, dim in places:
        value = arguments.get(parameter)
        if value is None:
            continue
        info = value if hasattr(value, "__tile_placeholder__") else describe(value)
        sizes = getattr(info, what, None)
        if sizes is None:
            raise TypeError(
                f"Unsupported buffer argument type: {function}() argument "
                f"'{parameter}': expected a tensor, found {type(value).__name__}"
            )
        if dim >= len(sizes):
            raise ValueError(
                f"{function}() argument '{parameter}': expected a rank of more than "
                f"{dim}, found rank {len(sizes)}"
            )
        return int(sizes[dim])
    raise ValueError(
        f"Cannot find value for constexpr variable `{name}` of {function}: provide it "
        f"as a keyword argument, {name}=..., or provide the corresponding tensor "
        f"argument `{places[0][0]}`"
    )

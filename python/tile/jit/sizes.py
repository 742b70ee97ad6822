"""The sizes of results, computed from the arguments of a call."""

from __future__ import annotations

from typing import Iterable, Sequence

from tile.language.symbols import Formula, Size, Symbol

__all__ = ["Equation", "evaluate", "solve"]

Equation = tuple[Size, int]
"""A size as it is annotated, and what it is in a call."""


def solve(known: dict[str, int], equations: Iterable[Equation]) -> dict[str, int]:
    """The values of the symbols that the equations determine.

    A symbol alone is read off; a formula with one unknown in which it is linear is
    solved. Whether the rest fits is for the host code to check.
    """
    values = dict(known)
    open_: list[tuple[Formula, int]] = []
    for size, actual in equations:
        if isinstance(size, Symbol):
            values.setdefault(size.name, actual)
        elif isinstance(size, Formula):
            open_.append((size, actual))
    progress = True
    while open_ and progress:
        progress = False
        for formula, actual in list(open_):
            unknown = [s.name for s in formula.symbols() if s.name not in values]
            if len(unknown) > 1:
                continue
            open_.remove((formula, actual))
            progress = True
            if unknown:
                solution = _solve_linear(formula, unknown[0], actual, values)
                if solution is not None:
                    values[unknown[0]] = solution
    return values


def _solve_linear(
    formula: Formula, name: str, actual: int, values: dict[str, int]
) -> int | None:
    try:
        at = [formula.evaluate({**values, name: n}) for n in (0, 1, 2)]
    except ZeroDivisionError:
        return None
    slope = at[1] - at[0]
    if slope == 0 or at[2] - at[1] != slope or (actual - at[0]) % slope:
        return None
    return (actual - at[0]) // slope


def evaluate(
    where: str, shape: Sequence[Size], values: dict[str, int]
) -> tuple[int, ...]:
    """The sizes of a result.

    Raises ValueError for a size that the arguments do not determine, or that is
    negative.
    """
    result = []
    for size in shape:
        if isinstance(size, Formula):
            missing = [s.name for s in size.symbols() if s.name not in values]
            if missing:
                raise ValueError(
                    f"{where}: the size {size} cannot be computed: no argument says "
                    f"what `{missing[0]}` is"
                )
            size = size.evaluate(values)
        if size < 0:
            raise ValueError(f"{where}: expected sizes of at least 0, got {size}")
        result.append(size)
    return tuple(result)

"""Whether the options of `autotune` are what they should be."""

from __future__ import annotations

import inspect
import math
from numbers import Integral, Real
from typing import Any, Sequence

from tile.profiler.inputs import TensorSupplyType

__all__ = ["check_functions", "check_names", "check_numbers"]


def _is_number(value: Any) -> bool:
    is_real = isinstance(value, Real) and not isinstance(value, bool)
    return is_real and math.isfinite(value)


def check_numbers(
    times: dict[str, Any],
    max_mismatched_ratio: Any,
    early_stop_factor: Any,
    num_workers: Any,
    num_executor_workers: Any,
) -> None:
    """Raises ValueError for numbers that are out of range.

    Args:
        times: Those that may be anything of at least 0, by the names of the options.
    """
    for name, value in times.items():
        if not _is_number(value) or value < 0:
            raise ValueError(
                f"expected a finite {name} of at least 0, got {name}={value!r}"
            )
    ratio = max_mismatched_ratio
    if not _is_number(ratio) or not 0 <= ratio <= 1:
        raise ValueError(f"expected a max_mismatched_ratio from 0 to 1, got {ratio!r}")
    if not _is_number(early_stop_factor) or early_stop_factor <= 0:
        raise ValueError(
            f"expected an early_stop_factor above 0, got {early_stop_factor!r}"
        )
    for workers in (num_workers, num_executor_workers):
        if workers is not None and (not isinstance(workers, Integral) or workers < 1):
            raise ValueError(f"expected at least 1 worker, got {workers!r}")


def check_functions(functions: dict[str, Any], supply_type: Any, executor: Any) -> None:
    """Raises TypeError for options of another type.

    Args:
        functions: Those that are functions or None, by the names of the options.
    """
    for name, function in functions.items():
        if function is not None and not callable(function):
            raise TypeError(f"expected a function for {name}, got {function!r}")
    if not isinstance(supply_type, TensorSupplyType):
        raise TypeError(
            f"expected a tile.TensorSupplyType as supply_type, got {supply_type!r}"
        )
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"expected an executor with a submit, got {executor!r}")


def check_names(name: str, signature: inspect.Signature, names: Sequence[str]) -> None:
    """Raises for a do_not_specialize that does not fit the function.

    Raises:
        TypeError: A string, or something that is no list of them.
        ValueError: Names that are no parameters.
    """
    is_list = isinstance(names, (list, tuple, set, frozenset))
    if not is_list or not all(isinstance(item, str) for item in names):
        raise TypeError(
            f"expected a list of parameters as do_not_specialize, got {names!r}"
        )
    kinds = [p.kind for p in signature.parameters.values()]
    if inspect.Parameter.VAR_KEYWORD in kinds:
        return
    unknown = sorted(set(names) - {*signature.parameters})
    if unknown:
        raise ValueError(
            f"expected parameters of {name} in do_not_specialize, got "
            f"{', '.join(unknown)}; {name} takes {', '.join(signature.parameters)}"
        )

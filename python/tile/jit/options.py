"""What a decorator or `tile.compile` was told."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Sequence, Union

from tile.jit.config import get_opt_level
from tile.jit.prim_func import PrimFunc
from tile.jit.target import AnyTarget, Target, parse_target

__all__ = ["CompileOptions", "OutIdx", "normalize_out_idx"]

OutIdx = Union[None, int, Sequence[int]]
"""Positions of parameters that are results; negative ones count from the end."""


@dataclass(frozen=True)
class CompileOptions:
    """Options of a compilation, checked."""

    out_idx: OutIdx = None
    target: Target = Target()
    pass_configs: Mapping[str, Any] = field(default_factory=dict)
    verbose: bool = False
    debug_root_path: Path | None = None

    @classmethod
    def of(cls, function: str, options: Mapping[str, Any]) -> "CompileOptions":
        """What `make` gives for the options of `function`.

        Raises TypeError for one that is not known, and what `make` raises.
        """
        known = list(inspect.signature(cls.make).parameters)
        for name in options:
            if name not in known:
                raise TypeError(
                    f"{function}() got an unknown option {name!r}; expected one of "
                    f"{', '.join(known)}"
                )
        return cls.make(**options)

    @classmethod
    def make(
        cls,
        out_idx: OutIdx = None,
        target: AnyTarget = None,
        target_host: Any = None,
        execution_backend: str | None = None,
        verbose: bool | None = None,
        pass_configs: Mapping[Any, Any] | None = None,
        debug_root_path: str | Path | None = None,
        compile_flags: Sequence[str] | str | None = None,
    ) -> "CompileOptions":
        """Checks what a user gave.

        Args:
            out_idx: The parameters of a lazy function that are results.
            target: See `parse_target`.
            target_host, execution_backend: Taken for programs written for TileLang;
                there is one host and one way to run.
            verbose: Log each compilation at the level INFO of the logger ``tile``.
            pass_configs: See `PassConfigKey`.
            debug_root_path: A folder for the IR, the PTX and the host code of each
                kernel.
            compile_flags: Nothing, for there is no nvcc.

        Raises ValueError for ``compile_flags``, which are for another compiler, and
        for unknown targets and pass configs.
        """
        if compile_flags:
            raise ValueError(
                f"compile_flags are for nvcc, which is not used; got {compile_flags!r}"
            )
        configs = {
            str(getattr(key, "value", key)): value
            for key, value in (pass_configs or {}).items()
        }
        get_opt_level(configs)
        folder = Path(debug_root_path) if debug_root_path is not None else None
        return cls(out_idx, parse_target(target), configs, bool(verbose), folder)

    def identity(self) -> tuple[Any, ...]:
        """What of the options makes another kernel. The target is another matter."""
        given = self.out_idx
        results = list(given) if isinstance(given, Sequence) else given
        return results, get_opt_level(self.pass_configs)


def normalize_out_idx(function: PrimFunc, out_idx: OutIdx) -> list[int]:
    """The positions of the parameters that the call makes and returns.

    Raises:
        ValueError: A position out of range or given twice, a parameter that is no
            tensor or has no dimensions, or `out_idx` for a function with T.empty.
    """
    if out_idx is None:
        return list(function.results)
    given = [out_idx] if isinstance(out_idx, int) else list(out_idx)
    if function.results and given:
        raise ValueError(
            f"Out index conflict: {function.name} makes its results by T.empty, so "
            f"out_idx={out_idx} cannot be given too"
        )
    # What T.alloc_global makes stands behind the parameters.
    count = len(function.arguments) - len(function.scratch)
    result = []
    for index in given:
        if not -count <= index < count:
            raise ValueError(
                f"expected an out_idx from {-count} to {count - 1} for "
                f"{function.name} with {count} parameters, got {index}"
            )
        position = index % count
        argument = function.arguments[position]
        if position in result:
            raise ValueError(f"out_idx {index} is given twice")
        if not argument.shape:
            raise ValueError(
                f"expected a tensor with dimensions as result, parameter "
                f"`{argument.name}` of {function.name} has none"
            )
        if argument.strides is not None:
            raise ValueError(
                f"a result is contiguous, parameter `{argument.name}` of "
                f"{function.name} is a T.StridedTensor"
            )
        result.append(position)
    return result

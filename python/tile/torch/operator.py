"""A kernel as an operator of torch."""

from __future__ import annotations

from typing import Any, Sequence

import torch

from tile.jit import sizes
from tile.torch.parameters import Parameter, mark_written, schema_text
from tile.torch.source import Function, Source

__all__ = ["Operator"]


class Operator:
    """What an operator does, for tensors and for tensors without data.

    Attributes:
        name: The qualified name, ``namespace::name``.
        source: The kernel.
        parameters: What a call takes.
        results: The names of the tensors that a call returns.
    """

    def __init__(
        self,
        name: str,
        source: Source,
        mutates_args: Sequence[str] | None = None,
        results: Sequence[str] | None = None,
    ) -> None:
        """Finds out what the kernel writes and returns.

        Raises:
            TypeError: A kernel without tensors.
            ValueError: Names that are no tensors of the kernel; names that are
                missing, as the kernel does not say them before it is called.
            RuntimeError: Other names than the kernel writes or returns.
        """
        self.name = name
        self.source = source
        self.parameters = _mark(source, mutates_args)
        self.results = _get_results(source, results)
        self._written = [i for i, p in enumerate(self.parameters) if p.is_written]
        #: Whether all calls have the kernel that was looked at here.
        self._is_fixed = source.known is not None and all(
            p.is_launched and not p.is_optional for p in self.parameters
        )
        self._checked: set[Any] = set()
        if source.known is not None:
            self._check(source.known)

    @property
    def schema(self) -> str:
        """The schema without the name."""
        return schema_text(self.parameters, len(self.results))

    def _check(self, function: Function) -> None:
        """Raises RuntimeError for a kernel that does not do what was registered."""
        declared = {p.name for p in self.parameters if p.is_written}
        for name in sorted(function.written - declared):
            raise RuntimeError(
                f"{self.name}: the kernel writes `{name}`, which mutates_args does not "
                "name"
            )
        if len(function.results) != len(self.results):
            raise RuntimeError(
                f"{self.name}: expected {len(self.results)} results as registered, "
                f"found {len(function.results)}"
            )

    def bind(self, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a call by name, with defaults."""
        values = {p.name: p.default for p in self.parameters}
        values.update(zip(values, args))
        values.update(kwargs)
        return values

    # What torch calls -----------------------------------------------------

    def fake(self, *args: Any, **kwargs: Any) -> Any:
        """The results without data. Their sizes are the formulas of the kernel, of
        sizes that may be symbolic."""
        values = self.bind(args, kwargs)
        function = self.source.trace(values)
        self._check(function)
        launched = [
            values[p.name]
            for p in self.parameters
            if p.is_launched and values[p.name] is not None
        ]
        return _to_torch(_make_results(function, launched))

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the kernel on tensors."""
        if not self._is_fixed:
            self._check_call(self.bind(args, kwargs))
        if not self._written:
            return _to_torch(self.source.call(*args, **kwargs))
        written = self._get_written(args, kwargs)
        result = _to_torch(self.source.call(*args, **kwargs))
        for tensor in written:
            if not tensor.is_inference():
                torch.autograd.graph.increment_version(tensor)
        return result

    def _get_written(self, args: Sequence[Any], kwargs: dict[str, Any]) -> list[Any]:
        """The tensors that a call writes.

        Raises RuntimeError for one whose gradient would be lost.
        """
        values = self.bind(args, kwargs)
        names = [self.parameters[index].name for index in self._written]
        for name in names:
            tensor = values[name]
            if tensor is None or not tensor.requires_grad:
                continue
            if torch.is_grad_enabled():
                raise RuntimeError(
                    f"{self.name}: cannot write `{name}`, which requires a gradient; "
                    "detach it, or call the operator under torch.no_grad()"
                )
        return [values[name] for name in names if values[name] is not None]

    def _check_call(self, values: dict[str, Any]) -> None:
        """Checks the kernel of a call, once for each."""
        is_known = self.source.known is not None
        key = []
        for parameter in self.parameters:
            value = values[parameter.name]
            if not parameter.is_launched:
                key.append(value)
            elif value is None or is_known or not parameter.is_tensor:
                key.append(value is None)
            else:
                key.append((value.dtype, value.shape, value.stride()))
        if tuple(key) not in self._checked:
            self._check(self.source.trace(values))
            self._checked.add(tuple(key))


def _mark(source: Source, mutates_args: Sequence[str] | None) -> list[Parameter]:
    """The parameters, with those marked that the kernel writes."""
    if not any(p.is_tensor for p in source.parameters):
        raise TypeError(
            f"{source.name}: expected a kernel that takes a tensor, which says where "
            "the operator runs"
        )
    if mutates_args is not None:
        return mark_written(source.parameters, mutates_args, source.name)
    if source.known is None:
        raise ValueError(
            f"{source.name}: expected mutates_args, the names of the tensors that the "
            "kernel writes, or (): it depends on the arguments of a call"
        )
    return mark_written(source.parameters, source.known.written, source.name)


def _get_results(source: Source, results: Sequence[str] | None) -> list[str]:
    names = source.read_results() if results is None else list(results)
    if names is None:
        raise ValueError(
            f"{source.name}: expected results, the names of the tensors that the "
            "kernel returns: its return statement does not say them"
        )
    return names


def _make_results(function: Function, values: Sequence[Any]) -> list[Any]:
    """The results of a kernel for tensors and numbers in the order of its inputs.

    Raises ValueError for a size that the arguments do not determine.
    """
    known: dict[str, Any] = {}
    equations: list[sizes.Equation] = []
    device = None
    for argument, value in zip(function.inputs, values, strict=True):
        if argument.shape is None:
            if argument.symbol is not None and argument.dtype.is_integer:
                known[argument.symbol] = value
            continue
        device = value.device if device is None else device
        equations += zip(argument.shape, value.shape)
        equations += zip(argument.strides or (), value.stride())
    symbols = sizes.solve(known, equations)
    made = []
    for argument in function.results:
        where = f"{function.name}: result `{argument.name}`"
        shape = sizes.evaluate(where, argument.shape or (), symbols)
        made.append(torch.empty(shape, dtype=argument.dtype.as_torch(), device=device))
    return made


def _to_torch(results: Any) -> Any:
    """Results as torch takes them: none, one, or a tuple."""
    if not isinstance(results, list):
        return results
    if len(results) > 1:
        return tuple(results)
    return results[0] if results else None

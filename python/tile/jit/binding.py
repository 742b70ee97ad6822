"""The arguments of a call, and what they say about the annotations."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import Any, Callable, Mapping

from tile.annotations.function import Call, FuncAnnot
from tile.annotations.hints import get_hints
from tile.jit.captured import captured
from tile.jit.constants import Constants
from tile.jit.probe import Probe, probe
from tile.jit.source import SourceFacts

__all__ = ["BoundCall", "KernelFunction"]


class BoundCall:
    """A call whose arguments have found their parameters.

    Attributes:
        call: The arguments, checked.
        constants: What `T.const` gives; None if the function declares nothing.
        captured: The values that the function captures.
        key: What of the arguments, and of the values that the function captures,
            makes a difference to the kernel.
    """

    def __init__(self, call: Call, constants: Constants | None, captured: Any) -> None:
        self.call = call
        self.constants = constants
        self.captured = captured
        self.key = (call.key, constants, captured)

    @property
    def annot(self) -> FuncAnnot:
        """The annotations, with the constants of the call in them."""
        return self.call.annot

    def identity(self) -> list[Any]:
        """What `key` says, as values that mean the same to another process."""
        bound = self.call.bound
        parts: list[Any] = [self.constants.values if self.constants else None]
        annotations = zip(self.annot.annots.items(), bound.annotations, bound.values)
        for position, ((name, annot), text, value) in enumerate(annotations):
            if annot.is_kernel_arg():
                tensor: Any = bound.tensor(position)
                parts.append((name, annot, text, tensor and tensor[1]))
            else:
                parts.append((name, annot, value))
        return parts

    @cached_property
    def parameters(self) -> list[int]:
        """Where the arguments of the kernel stand among the parameters."""
        return [
            position
            for position, annot in enumerate(self.annot.annots.values())
            if annot.is_kernel_arg()
        ]


class KernelFunction:
    """The Python function of a kernel with its annotations.

    ``annot`` is the `FuncAnnot` of the signature; parameters that only the body
    annotates show there as compile-time values.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        facts: SourceFacts,
        around: dict[str, Any] | None,
    ) -> None:
        self.orig_func = function
        self.__name__ = function.__name__
        self.facts = facts
        # Only text needs them, and they may hold large tensors.
        has_text = any(isinstance(a, str) for a in function.__annotations__.values())
        self._around = around if has_text else None
        self.signature = inspect.signature(function)
        kinds = [p.kind for p in self.signature.parameters.values()]
        #: Whether it takes *args or **kwargs, as only a factory of kernels may.
        self.takes_any = (
            inspect.Parameter.VAR_POSITIONAL in kinds
            or inspect.Parameter.VAR_KEYWORD in kinds
        )
        self._probes: dict[Any, Probe] = {}
        self._merged: dict[Any, FuncAnnot] = {}

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The annotations of the signature, evaluated when first needed."""
        hints = get_hints(self.orig_func, self._around)
        self._around = None
        return hints

    @cached_property
    def annot(self) -> FuncAnnot:
        """What each parameter of the signature is."""
        return self._make(self.signature, self.hints)

    def _make(
        self, signature: inspect.Signature, hints: Mapping[str, Any]
    ) -> FuncAnnot:
        return FuncAnnot.from_sig_annots(signature, hints, self.__name__)

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> BoundCall:
        """Binds the arguments of a call.

        Raises:
            TypeError: Missing, unknown or surplus arguments, wrong kinds of values.
            ShapeMismatchError: Another rank, size or stride than declared.
            ValueError: A constant that nothing determines.
        """
        if not self.facts.body_annotated:
            call = self.annot.bind(args, kwargs, allow_absent=True)
            return BoundCall(call, None, captured(self.orig_func))
        values = self._place(self.signature.bind, args, kwargs)
        annot, constants = self._merge(values, {})
        call = annot.bind((), values, allow_absent=True)
        return BoundCall(call, constants, captured(self.orig_func))

    def bind_partial(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> BoundCall:
        """Binds what a compilation is told: arguments about which nothing is open may
        be left out, and keywords may give the values of `T.const`.

        Raises what `bind` raises.
        """
        plain, extra = dict(kwargs), {}
        if self.facts.body_annotated:
            known = self.signature.parameters
            extra = {k: plain.pop(k) for k in kwargs if k not in known}
        values = self._place(self.signature.bind_partial, args, plain)
        annot, constants = self.annot, None
        if self.facts.body_annotated:
            annot, constants = self._merge(values, extra)
        static = annot.get_all_static_args()
        for name in annot.arg_names:
            if name in static and name not in values:
                values[name] = static[name]
        call = annot.bind((), values, allow_absent=True)
        return BoundCall(call, constants, captured(self.orig_func))

    def _place(
        self, bind: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """The arguments by name, with defaults."""
        try:
            bound = bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.__name__}() {error}") from None
        bound.apply_defaults()
        return dict(bound.arguments)

    # Annotations in the body ----------------------------------------------

    @cached_property
    def _static(self) -> FuncAnnot:
        """The compile-time parameters alone, for their part of the key."""
        names = [
            name
            for name, annot in self.annot.annots.items()
            if name not in self.facts.body_annotated and not annot.is_kernel_arg()
        ]
        parameters = [
            self.signature.parameters[name].replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for name in names
        ]
        hints = {name: self.hints[name] for name in names if name in self.hints}
        return self._make(inspect.Signature(parameters), hints)

    def _merge(
        self, values: dict[str, Any], extra: Mapping[str, int]
    ) -> tuple[FuncAnnot, Constants]:
        names = self.facts.body_annotated
        given = {n: values[n] for n in self._static.arg_names if n in values}
        call = self._static.bind((), given)
        if call.key not in self._probes:
            self._probes[call.key] = probe(
                self.orig_func, self.hints, call.arguments, names
            )
        found = self._probes[call.key]
        constants = Constants.solve(self.__name__, found, values, extra)
        key = (call.key, constants)
        if key not in self._merged:
            annotations = found.annotations
            if constants.values:
                # Once more, with numbers in the place of the symbols.
                annotations = probe(
                    self.orig_func,
                    self.hints,
                    call.arguments,
                    names,
                    dict(constants.values),
                ).annotations
            hints = {**self.hints, **annotations}
            self._merged[key] = self._make(self.signature, hints)
        return self._merged[key], constants

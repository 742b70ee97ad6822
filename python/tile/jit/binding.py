"""The arguments of a call, and what they say about the annotations."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Mapping

from tile.annotations.function import Call
from tile.jit.hints import evaluate_annotations
from tile.jit.probe import Probe, probe
from tile.jit.source import SourceFacts
from tile.jit.tensors import describe
from tile.language.annot import FuncAnnot
from tile.language.const import ConstSymbol

__all__ = ["BoundCall", "KernelFunction"]


class BoundCall:
    """A call whose arguments have found their parameters.

    Attributes:
        annot: The annotations, with the constants of the call in them.
        values: The arguments by name, defaults included.
        constants: What `T.const` gives; None if the function declares nothing.
        key: What of the arguments makes a difference to the kernel.
    """

    def __init__(self, call: Call, constants: dict[str, int] | None = None) -> None:
        self.annot = call.annot
        self.values = call.arguments
        self.constants = constants
        self.key = (tuple(sorted((constants or {}).items())), call.key)

    def kernel_arguments(self) -> list[Any]:
        """The arguments that are passed to the kernel, in order."""
        return [self.values[name] for name in self.annot.ker_arg_names]


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
        self._around = around
        self._annot: FuncAnnot | None = None
        self._hints: dict[str, Any] = {}
        self.signature = inspect.signature(function)
        self._probes: dict[Any, Probe] = {}
        self._merged: dict[Any, FuncAnnot] = {}
        self._static_annots: dict[tuple[str, ...], FuncAnnot] = {}

    @property
    def hints(self) -> dict[str, Any]:
        """The annotations of the signature, evaluated when first needed."""
        self.annot
        return self._hints

    @property
    def annot(self) -> FuncAnnot:
        """What each parameter of the signature is."""
        if self._annot is None:
            self._hints = evaluate_annotations(self.orig_func, self._around)
            self._annot = FuncAnnot.from_sig_annots(
                self.signature, self._hints, self.__name__
            )
            self._around = None
        return self._annot

    def bind(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], partial: bool = False
    ) -> BoundCall:
        """Binds the arguments of a call.

        Args:
            partial: Tensors may be left out where nothing about them is open, and
                keywords may give the values of `T.const`.

        Raises:
            TypeError: Missing, unknown or surplus arguments, wrong kinds of values.
            ValueError: A constant that nothing determines.
        """
        names = self.facts.body_annotated
        if not names and not partial:
            return BoundCall(self.annot.bind(args, kwargs, allow_absent=True))
        known = set(self.signature.parameters)
        extra = {k: v for k, v in kwargs.items() if k not in known}
        if extra and not (partial and names):
            raise TypeError(
                f"{self.__name__}() got an unexpected keyword argument "
                f"{next(iter(extra))!r}"
            )
        plain = {k: v for k, v in kwargs.items() if k in known}
        try:
            bind = self.signature.bind_partial if partial else self.signature.bind
            bound = bind(*args, **plain)
        except TypeError as error:
            raise TypeError(f"{self.__name__}() {error}") from None
        bound.apply_defaults()
        values = dict(bound.arguments)
        annot, constants = self.annot, None
        if names:
            annot, constants = self._merge(values, extra)
        if partial:
            self._fill(annot, values)
        return BoundCall(annot.bind((), values, allow_absent=True), constants)

    def _fill(self, annot: FuncAnnot, values: dict[str, Any]) -> None:
        """Puts placeholders for the tensors that are left out."""
        for name in annot.arg_names:
            if name in values:
                continue
            if name not in annot.get_all_static_args():
                raise TypeError(
                    f"{self.__name__}() missing a required argument: {name!r}; its "
                    "annotation leaves something open, so pass a tensor or a "
                    "placeholder like T.Tensor((M, N), dtype)"
                )
            values[name] = annot.get_all_static_args()[name]

    # Annotations in the body ----------------------------------------------

    def _merge(
        self, values: dict[str, Any], extra: Mapping[str, int]
    ) -> tuple[FuncAnnot, dict[str, int]]:
        names = self.facts.body_annotated
        static = {
            name: values[name]
            for name, annot in self.annot.annots.items()
            if name in values and name not in names and not annot.is_kernel_arg()
        }
        key = self._static_key(static)
        if key not in self._probes:
            self._probes[key] = probe(self.orig_func, self.hints, static, names)
        found = self._probes[key]
        constants = self._solve(found, values, extra)
        full_key = (key, tuple(sorted(constants.items())))
        if full_key not in self._merged:
            annotations = found.annotations
            if constants:
                # Once more, with numbers in the place of the symbols.
                annotations = probe(
                    self.orig_func, self.hints, static, names, constants
                ).annotations
            self._merged[full_key] = FuncAnnot.from_sig_annots(
                self.signature, {**self.hints, **annotations}, self.__name__
            )
        return self._merged[full_key], constants

    def _static_key(self, static: dict[str, Any]) -> Any:
        names = tuple(static)
        if names not in self._static_annots:
            parameters = [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)
                for name in names
            ]
            hints = {name: self.hints[name] for name in names if name in self.hints}
            self._static_annots[names] = FuncAnnot.from_sig_annots(
                inspect.Signature(parameters), hints, self.__name__
            )
        return names, self._static_annots[names].bind((), static).key

    def _solve(
        self, found: Probe, values: dict[str, Any], extra: Mapping[str, int]
    ) -> dict[str, int]:
        """The values of the constants, from keywords and tensors."""
        unknown = [name for name in extra if name not in found.constants]
        if unknown:
            raise TypeError(
                f"{self.__name__}() got an unexpected keyword argument {unknown[0]!r}"
            )
        places = _direct_uses(found)
        constants = dict(extra)
        for name in found.constants:
            if name not in places:
                raise RuntimeError(
                    f"Constexpr variable `{name}` is not used in any buffer shape or "
                    "stride. At least one DIRECT usage is required, in an annotation "
                    "of a parameter"
                )
            if name not in constants:
                constants[name] = self._read_constant(name, places[name], values)
        return constants

    def _read_constant(
        self, name: str, places: list[tuple[str, str, int]], values: dict[str, Any]
    ) -> int:
        for parameter, what, dim in places:
            value = values.get(parameter)
            if value is None:
                continue
            info = value if hasattr(value, "scope") else describe(value)
            sizes = getattr(info, what, None)
            if sizes is None:
                raise TypeError(
                    f"{self.__name__}: Unsupported buffer argument type for argument "
                    f"`{parameter}`: expected a torch.Tensor or a NumPy array, got "
                    f"{type(value).__name__}"
                )
            if dim >= len(sizes):
                raise ValueError(
                    f"{self.__name__}: argument `{parameter}`: ndim is expected to "
                    f"be more than {dim}, got {len(sizes)} (sizes {tuple(sizes)})"
                )
            return int(sizes[dim])
        parameter = places[0][0]
        raise ValueError(
            f"Cannot find value for constexpr variable `{name}` of {self.__name__}: "
            f"provide it as a keyword argument, {name}=..., or provide the "
            f"corresponding tensor argument `{parameter}`"
        )


def _direct_uses(found: Probe) -> dict[str, list[tuple[str, str, int]]]:
    """Where each constant stands alone: parameter, 'shape' or 'strides', dimension."""
    places: dict[str, list[tuple[str, str, int]]] = {}
    for parameter, annotation in found.annotations.items():
        for what in ("shape", "strides"):
            for dim, entry in enumerate(getattr(annotation, what, None) or ()):
                size = getattr(entry, "value", entry)
                if isinstance(size, ConstSymbol):
                    places.setdefault(size.name, []).append((parameter, what, dim))
    return places

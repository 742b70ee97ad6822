"""All annotations of a function: what a call of it means."""

from __future__ import annotations

import inspect
import types
import typing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Callable, Hashable, Mapping

from tile import _core
from tile.annotations.base import Annot, ArgVarTable, KeyParser
from tile.annotations.buffer import BufferAnnot
from tile.annotations.hints import get_hints
from tile.annotations.optional import NoneAnnot, OptionalAnnot
from tile.annotations.placeholder import Placeholder, Pointer, Scalar
from tile.annotations.single import DTypeAnnot, TIRAnnot
from tile.annotations.tensor_argument import describe
from tile.annotations.value import Value, freeze
from tile.language.dtypes import dtype
from tile.language.symbols import Formula, Symbol

__all__ = ["Call", "FuncAnnot", "classify"]

_MISSING = inspect.Parameter.empty


def _is_typing(hint: Any) -> bool:
    """Whether a hint is a construct of typing."""
    return (
        typing.get_origin(hint) is not None
        or isinstance(hint, (types.GenericAlias, types.UnionType, typing.TypeVar))
        or getattr(type(hint), "__module__", "") == "typing"
    )


def _optional(hint: Any) -> Any:
    """``X`` for ``Optional[X]``; _MISSING for other hints."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return _MISSING
    parts = [a for a in typing.get_args(hint) if a is not type(None)]
    is_optional = len(parts) == 1 and len(typing.get_args(hint)) == 2
    return parts[0] if is_optional else _MISSING


def classify(hint: Any) -> Annot:
    """The annotation that a type hint is.

    An `Annot` is itself; an element type or `T.ptr` is a scalar or an address; a
    placeholder or a symbol is known completely; the class `T.dtype` is an element
    type; everything else a compile-time value.
    """
    if isinstance(hint, Annot):
        return hint
    inner = _optional(hint)
    if inner is not _MISSING:
        annot = classify(inner)
        return OptionalAnnot(annot) if annot.is_kernel_arg() else Value("static")
    if hint is dtype:
        return DTypeAnnot()
    if _is_typing(hint):
        return Value("static")
    if isinstance(hint, type):
        return Value("static", python_type=hint)
    if callable(hint) and not isinstance(hint, Formula):
        hint = hint()
    if isinstance(hint, (Placeholder, Symbol)):
        return TIRAnnot(hint)
    if isinstance(hint, Annot):
        return hint
    if isinstance(hint, Formula):
        raise TypeError(f"expected a size with a name as an annotation, got {hint}")
    return Value("static")


@dataclass(frozen=True)
class Call:
    """A call that was bound and checked."""

    annot: "FuncAnnot"
    """The annotations, without the optional arguments that are None."""
    bound: _core.BoundCall

    @property
    def key(self) -> tuple[frozenset[str], bytes]:
        """What two calls share when one kernel serves both."""
        return self.annot.absent, self.bound.key

    @property
    def values(self) -> list[Any]:
        """The values in the order of the parameters, defaults applied."""
        values: list[Any] = self.bound.values
        return values

    @property
    def arguments(self) -> dict[str, Any]:
        """The values by name."""
        arguments: dict[str, Any] = self.bound.arguments
        return arguments

    @property
    def kernel_arguments(self) -> list[Any]:
        """What is passed at launch, as `Executable.call` takes it."""
        kernel_arguments: list[Any] = self.bound.kernel_arguments
        return kernel_arguments


@dataclass(repr=False)
class FuncAnnot:
    """The annotations of a function's parameters.

    ``arg_names`` are all parameters, ``ker_arg_names`` those passed at launch, in
    the order of the signature.
    """

    sig: inspect.Signature
    arg_names: list[str]
    annots: dict[str, Annot]
    arg_parser: dict[str, KeyParser]
    ker_arg_names: list[str]
    name: str = "kernel"
    #: The optional parameters that are None here.
    absent: frozenset[str] = frozenset()
    _variants: dict[frozenset[str], "FuncAnnot"] = field(default_factory=dict)

    @classmethod
    def from_sig_annots(
        cls,
        sig: inspect.Signature,
        func_annots: Mapping[str, Any],
        name: str = "kernel",
    ) -> "FuncAnnot":
        """The annotations of a signature; `func_annots` are the type hints.

        Raises TypeError for parameters that a kernel cannot have: positional-only
        ones, ``*args``, ``**kwargs``, fragments and other buffers of a block.
        """
        annots = {}
        for parameter in sig.parameters.values():
            hint = func_annots.get(parameter.name, _MISSING)
            annot = Value("static") if hint is _MISSING else classify(hint)
            _check_parameter(name, parameter, annot)
            if parameter.default is None and annot.is_kernel_arg():
                if not isinstance(annot, OptionalAnnot):
                    annot = OptionalAnnot(annot)
            annot = annot.with_name(parameter.name)
            annots[parameter.name] = annot.promote() or annot
        return cls._make(sig, annots, name)

    @classmethod
    def from_function(
        cls,
        function: Callable[..., Any],
        enclosing: Mapping[str, Any] | None = None,
    ) -> "FuncAnnot":
        """The annotations of a function.

        Args:
            enclosing: The local variables where the function is defined, for
                annotations that name them.
        """
        hints = get_hints(function, enclosing)
        name = getattr(function, "__name__", "kernel")
        return cls.from_sig_annots(inspect.signature(function), hints, name)

    @classmethod
    def _make(
        cls,
        sig: inspect.Signature,
        annots: dict[str, Annot],
        name: str,
        absent: frozenset[str] = frozenset(),
    ) -> "FuncAnnot":
        return cls(
            sig,
            list(annots),
            annots,
            {n: a.get_key_parser() for n, a in annots.items()},
            [n for n, a in annots.items() if a.is_kernel_arg()],
            name,
            absent,
        )

    # Calls ----------------------------------------------------------------

    @cached_property
    def signature(self) -> _core.Signature:
        """The signature that checks calls."""
        return self._make_signature(frozenset())

    def _make_signature(self, unknown: frozenset[str]) -> _core.Signature:
        """The signature of calls in which the scalars `unknown` are placeholders."""
        parameters: list[tuple[Any, ...]] = []
        num_positional = 0
        for name, annot in self.annots.items():
            parameter = self.sig.parameters[name]
            entry: tuple[Any, ...] = (
                name,
                annot.declaration(),
                annot.parameter_type(),
                annot.converter,
            )
            if name in unknown:
                # Whatever its value: no part of the key, and equal to nothing.
                entry = (name, "#tile.ptr<i8>", None, lambda name, value: 0)
            default = parameter.default
            if isinstance(annot, DTypeAnnot) and default not in (None, _MISSING):
                default = dtype(default)
            if default is _MISSING and isinstance(annot, Value) and annot.is_fixed:
                default = annot.value
            if default is not _MISSING:
                entry += (default,)
            parameters.append(entry)
            num_positional += parameter.kind is not parameter.KEYWORD_ONLY
        return _core.Signature(self.name, parameters, num_positional)

    @cached_property
    def _optional_names(self) -> tuple[tuple[int, str], ...]:
        return tuple(
            (index, name)
            for index, (name, annot) in enumerate(self.annots.items())
            if isinstance(annot, OptionalAnnot)
        )

    @cached_property
    def optional(self) -> tuple[tuple[int, bool], ...]:
        """The positions of the parameters that may be None, and whether they are."""
        return tuple(
            (index, isinstance(annot, NoneAnnot))
            for index, annot in enumerate(self.annots.values())
            if isinstance(annot, (OptionalAnnot, NoneAnnot))
        )

    def without_absent(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> "FuncAnnot":
        """The annotations without the optional arguments that are None."""
        if not self._optional_names:
            return self
        absent = set()
        for index, name in self._optional_names:
            default = self.sig.parameters[name].default
            value = args[index] if index < len(args) else kwargs.get(name, default)
            if value is None:
                absent.add(name)
        key = frozenset(absent)
        if not key:
            return self
        if key not in self._variants:
            annots: dict[str, Annot] = {
                n: NoneAnnot(a) if n in key else a  # type: ignore[arg-type]
                for n, a in self.annots.items()
            }
            self._variants[key] = FuncAnnot._make(self.sig, annots, self.name, key)
        return self._variants[key]

    def bind(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        allow_absent: bool = False,
        device: tuple[int, int] | None = None,
    ) -> Call:
        """Binds and checks a call, with defaults applied.

        Args:
            allow_absent: Take None for a tensor that nothing of the kernel is
                compiled for; the launch then checks whether it is needed.
            device: The DLPack type and the number of the device of all tensors.

        Raises:
            TypeError: Missing, surplus, unknown or repeated arguments; a value of
                another kind; another element type.
            ShapeMismatchError: Another rank, size or stride.
            ValueError: A number out of range, a tensor on another device.
        """
        annot = self.without_absent(args, kwargs)
        signature = annot.signature
        try:
            return Call(annot, signature.bind(args, kwargs, allow_absent, device))
        except TypeError:
            unknown = annot._scalar_placeholders(args, kwargs)
            if not unknown:
                raise
        signature = annot._make_signature(unknown)
        return Call(annot, signature.bind(args, kwargs, allow_absent, device))

    def _scalar_placeholders(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> frozenset[str]:
        """The scalars and addresses passed at launch that have no value."""
        given = {**dict(zip(self.arg_names, args)), **kwargs}
        return frozenset(
            name
            for name, value in given.items()
            if isinstance(value, (Scalar, Pointer, Symbol))
            and name in self.ker_arg_names
            and not isinstance(self.annots[name], BufferAnnot)
        )

    def parse_key(self, *args: Any, **kws: Any) -> tuple[tuple[str, Hashable], ...]:
        """What of a call makes another kernel, as (name, key) sorted by name.

        `bind(...).key` says the same in fewer bytes.
        """
        call = self.bind(args, kws, allow_absent=True)
        keys = []
        for index, (name, annot) in enumerate(call.annot.annots.items()):
            keys.append((name, self._key(index, annot, call)))
        return tuple(sorted(keys, key=lambda pair: pair[0]))

    @staticmethod
    def _key(index: int, annot: Annot, call: Call) -> Hashable:
        """The key of an argument that was checked."""
        if isinstance(annot, NoneAnnot):
            return None
        if isinstance(annot, OptionalAnnot):
            annot = annot.inner
        if isinstance(annot, BufferAnnot):
            return annot.key_of(describe(call.bound.tensor(index)))
        if annot.is_kernel_arg():
            return (None,)
        return (freeze(call.values[index]),)

    def convert_to_kernel_args(self, *args: Any, **kws: Any) -> list[Any]:
        """The values that are passed at launch, in the order of the signature."""
        call = self.bind(args, kws, allow_absent=True)
        arguments = call.arguments
        return [arguments[name] for name in call.annot.ker_arg_names]

    def create_argument(self, name: str, value: Any, vt: ArgVarTable) -> Any:
        """What the traced function sees for an argument."""
        return self.annots[name].create_prim_func_arg(name, value, vt)

    # Questions ------------------------------------------------------------

    def is_all_static(self) -> bool:
        """Whether the function can become IR without knowing a call.

        Sizes known at launch are no hindrance; compile-time values are.
        """
        return not self.get_compile_time_unknown_args()

    def get_all_static_args(self) -> dict[str, Any]:
        """The placeholder of each argument that is known without a call."""
        static = {}
        for name, annot in self.annots.items():
            if isinstance(annot, TIRAnnot):
                static[name] = annot.data
            elif isinstance(annot, Value) and annot.is_fixed:
                static[name] = annot.value
            elif isinstance(annot, Value) and not annot.is_static:
                table = ArgVarTable()
                static[name] = annot.create_prim_func_arg(name, None, table, False)
        return static

    def get_compile_time_unknown_args(self) -> list[str]:
        """The parameters of which something is open until there is a call."""
        known = self.get_all_static_args()
        return [name for name in self.arg_names if name not in known]

    def __repr__(self) -> str:
        # Placeholders and scalars show their names by themselves.
        parts = (
            text if text.startswith((f"{name}:", f"{name}$")) else f"{name}: {text}"
            for name, text in ((n, repr(a)) for n, a in self.annots.items())
        )
        return f"FuncAnnot({self.name}({', '.join(parts)}))"


_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only parameters",
    inspect.Parameter.VAR_POSITIONAL: "*args; name each parameter",
    inspect.Parameter.VAR_KEYWORD: "**kwargs; name each parameter",
}


def check_kind(function: str, parameter: inspect.Parameter) -> None:
    """Raises TypeError for a parameter that has no name of its own in calls."""
    if parameter.kind in _KINDS:
        raise TypeError(
            f"{function}() argument '{parameter.name}': a kernel cannot have "
            f"{_KINDS[parameter.kind]}"
        )


def _check_parameter(function: str, parameter: inspect.Parameter, annot: Annot) -> None:
    check_kind(function, parameter)
    scope = getattr(annot, "scope", "global")
    if isinstance(annot, TIRAnnot) and hasattr(annot.data, "scope"):
        scope = annot.data.scope()
    if scope != "global":
        raise TypeError(
            f"{function}() argument '{parameter.name}': a kernel takes buffers in "
            f"global memory, got one in {scope}; only inlined functions take those"
        )

"""What stands for a tensor, a scalar or an address outside of a trace."""

from __future__ import annotations

from typing import Any, Sequence

from tile.language import dtypes
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import Expr, Operators, as_number
from tile.language.symbols import Formula, Size, Symbol, same

__all__ = [
    "Placeholder",
    "Pointer",
    "Scalar",
    "Tensor",
    "contiguous_strides",
    "as_sizes",
]


def contiguous_strides(shape: Sequence[Size]) -> tuple[Size, ...]:
    """The strides of a contiguous tensor, in elements; () for rank 0."""
    strides: list[Size] = []
    step: Size = 1
    for size in reversed(shape):
        strides.insert(0, step)
        step = step * size  # type: ignore[assignment]
    return tuple(strides)


def as_size(value: Any, what: str) -> Size:
    """A size: an int of at least 0, a symbol or a formula. Raises TypeError."""
    if isinstance(value, Formula):
        return value
    number = as_number(value)
    if number is None or isinstance(number, (bool, float)):
        raise TypeError(
            f"Unsupported Value annotation: {value!r}, type: {type(value)}; expected "
            f"an integer or a size such as T.dynamic makes for {what}"
        )
    if number < 0:
        raise ValueError(f"expected {what} of at least 0, got {number}")
    return int(number)


def as_sizes(values: Any, what: str) -> tuple[Size, ...]:
    """Sizes of a shape or strides; a single one makes a tuple of one."""
    items = values if isinstance(values, (tuple, list)) else (values,)
    return tuple(as_size(v, what) for v in items)


def _static(values: Sequence[Size], name: str) -> tuple[int, ...]:
    for value in values:
        if isinstance(value, Formula):
            raise TypeError(
                f"expected a tensor with sizes that are numbers, got {name} with the "
                f"size {value}"
            )
    return tuple(values)  # type: ignore[arg-type]


class Placeholder:
    """The base of what stands for an argument."""

    name: str | None
    dtype: dtype

    def renamed(self, name: str) -> "Placeholder":
        """The same with another name."""
        raise NotImplementedError


class Tensor(Placeholder):
    """A tensor without data.

    ``shape`` and ``strides`` (in elements) hold ints, symbols and formulas. As an
    annotation it says what an argument is; as an argument of ``compile`` it stands
    for a tensor.
    """

    def __init__(
        self,
        shape: Any,
        dtype: AnyDType = "float32",
        strides: Any = None,
        scope: str = "global",
        name: str | None = None,
        is_contiguous: bool | None = None,
    ) -> None:
        self.shape = as_sizes(shape, "a size")
        self.dtype = dtypes.dtype(dtype)
        if strides is not None:
            strides = as_sizes(strides, "a stride")
            if len(strides) != len(self.shape):
                raise ValueError(
                    f"Invalid shape/strides' dimensions: {len(self.shape)} sizes and "
                    f"{len(strides)} strides"
                )
        #: Whether the strides follow from the shape.
        self.is_contiguous = strides is None if is_contiguous is None else is_contiguous
        self.strides: tuple[Size, ...] = (
            contiguous_strides(self.shape) if strides is None else strides
        )
        self._scope = scope
        self.name = name

    def scope(self) -> str:
        """The memory that the tensor lies in."""
        return self._scope

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    def renamed(self, name: str) -> "Tensor":
        return Tensor(
            self.shape, self.dtype, self.strides, self._scope, name, self.is_contiguous
        )

    def __or__(self, other: Any) -> Any:
        """``T.Tensor(shape, dtype) | None`` annotates an argument that may be None."""
        from tile.annotations.optional import OptionalAnnot
        from tile.annotations.single import TIRAnnot

        return OptionalAnnot(TIRAnnot(self)) if other is None else NotImplemented

    __ror__ = __or__

    @property
    def is_symbolic(self) -> bool:
        """Whether a size or a stride is no number."""
        return any(isinstance(s, Formula) for s in (*self.shape, *self.strides))

    def static_shape(self) -> tuple[int, ...]:
        """The shape; raises TypeError for sizes that are not numbers."""
        return _static(self.shape, self.name or "a tensor")

    def static_strides(self) -> tuple[int, ...] | None:
        """The strides; None for those of a contiguous tensor."""
        if self.is_contiguous:
            return None
        return _static(self.strides, self.name or "a tensor")

    def __repr__(self) -> str:
        name = f"{self.name}: " if self.name else ""
        sizes = ", ".join(map(str, self.shape))
        strides = ""
        if not self.is_contiguous:
            strides = f", strides=({', '.join(map(str, self.strides))})"
        scope = "" if self._scope == "global" else f", scope={self._scope!r}"
        return f"{name}Tensor(({sizes}), {self.dtype}{strides}{scope})"


class Scalar(Placeholder, Operators):
    """A scalar that is passed when a kernel is launched."""

    __hash__ = Operators.__hash__

    def __init__(self, dtype: AnyDType, name: str | None = None) -> None:
        self.dtype = dtypes.dtype(dtype)
        self.name = name

    def renamed(self, name: str) -> "Scalar":
        return Scalar(self.dtype, name)

    def load(self) -> Expr:
        """The value in the kernel that is traced now. Raises RuntimeError."""
        from tile.frontend.builder import current

        scalars = current(f"The scalar `{self.name}`").data.get("scalars", {})
        if self.name not in scalars:
            raise RuntimeError(f"scalar `{self.name}` is no argument of this kernel")
        value: Expr = scalars[self.name]
        return value

    def __repr__(self) -> str:
        return f"{self.name or '$unnamed'}: {self.dtype}"


class Pointer(Placeholder):
    """An address in global memory, which `T.make_tensor` gives a shape."""

    dtype = dtypes.dtype("int64")

    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def renamed(self, name: str) -> "Pointer":
        return Pointer(name)

    def __repr__(self) -> str:
        return f"{self.name or '$unnamed'}: ptr"


def is_same_size(a: Size, b: Size) -> bool:
    """Whether two sizes are written the same."""
    return same(a, b)


Var = Symbol | Scalar
"""A scalar with a name."""

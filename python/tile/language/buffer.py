"""Buffers, their regions and elements, and variables."""

from __future__ import annotations

from typing import Any, Sequence

from tile import _core, ir
from tile.frontend.builder import Builder, current
from tile.frontend.thread_code import enter_for
from tile.frontend.warn import warn
from tile.language import dtypes
from tile.language.dtypes import dtype
from tile.language.expr import (
    Expr,
    ExprLike,
    Operators,
    as_expr,
    as_index,
    as_number,
    convert,
    is_expr,
)

__all__ = ["BufferValue", "Element", "ElementRef", "Extent", "Region", "Var"]

Extent = Any
"""A size: an int, or an expression of the index type."""

SCOPES = {
    "global": None,
    "shared": "shared",
    "shared.dyn": "shared",
    "local.fragment": "fragment",
    "local": "local",
    "local.var": "local",
}


def memref_type(shape: Sequence[Extent], element: dtype, scope: str) -> str:
    """The text of the memref type of a contiguous buffer."""
    sizes = "".join(f"{s if isinstance(s, int) else '?'}x" for s in shape)
    space = SCOPES[scope]
    suffix = f", #tile.scope<{space}>" if space else ""
    return f"memref<{sizes}{element.mlir}{suffix}>"


class BufferValue:
    """A buffer of the kernel.

    ``buf[i, j]`` is an element, ``buf[i:j, k]`` a region; both can be read, and
    written by assignment. ``M, N = buf.shape`` are ints or expressions.
    """

    def __init__(
        self,
        value: _core.Value,
        shape: Sequence[Extent],
        element: dtype,
        scope: str,
        name: str,
        strides: Sequence[Extent] | None = None,
    ) -> None:
        self.value = value
        self.shape = tuple(shape)
        self.dtype = element
        self.name = name
        self._scope = scope
        self._strides = tuple(strides) if strides is not None else None
        self.frame = current("A buffer").frame

    def scope(self) -> str:
        """'global', 'shared.dyn', 'shared', 'local.fragment', 'local', 'local.var'."""
        return self._scope

    @property
    def strides(self) -> tuple[Extent, ...]:
        """The strides in elements; those of a contiguous buffer are computed."""
        if self._strides is not None:
            return self._strides
        strides: list[Extent] = []
        step: Extent = 1
        for size in reversed(self.shape):
            strides.insert(0, step)
            step = step * size
        return tuple(strides)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def data(self) -> "BufferValue":
        """The buffer itself, as what stands for its address."""
        return self

    def use(self) -> _core.Value:
        """The IR value. Raises RuntimeError where its region is closed."""
        if not self.frame.is_open:
            raise RuntimeError(
                f"Buffer `{self.name}` is used outside its defining region!"
            )
        return self.value

    def __getitem__(self, key: Any) -> Any:
        return self._select(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        target = self._select(key)
        if isinstance(target, Element):
            if isinstance(value, Region) or (
                isinstance(value, BufferValue) and not isinstance(value, Var)
            ):
                raise TypeError(
                    f"expected a scalar for an element of `{self.name}`, got a buffer"
                )
            target.store(value)
            return
        target.assign(value)

    def _select(self, key: Any) -> "Element | Region":
        keys = _expand(key, len(self.shape))
        if len(keys) > len(self.shape):
            raise IndexError(
                f"expected at most {len(self.shape)} indices for buffer "
                f"`{self.name}` of shape {_show(self.shape)}, got {len(keys)}"
            )
        keys += [slice(None)] * (len(self.shape) - len(keys))
        if not any(isinstance(k, slice) for k in keys):
            return Element(self, [self._index(k, d) for d, k in enumerate(keys)])
        starts: list[ExprLike] = []
        extents: list[Extent] = []
        kept: list[bool] = []
        for dim, k in enumerate(keys):
            start, extent = self._range(k, dim)
            starts.append(start)
            extents.append(extent)
            kept.append(isinstance(k, slice))
        return Region(self, starts, extents, kept)

    def _index(self, key: Any, dim: int) -> ExprLike:
        number = as_number(key)
        if number is None:
            if not is_expr(key):
                raise TypeError(
                    f"expected an integer or a slice to index buffer `{self.name}`, "
                    f"got {type(key).__name__}"
                )
            # The index is the value of now, whatever becomes of the variable.
            return key.load() if isinstance(key, (Element, Var)) else key
        if isinstance(number, float):
            raise TypeError(f"expected an integer index, got {number}")
        size = self.shape[dim]
        if number < 0:
            if isinstance(size, int) and number < -size:
                raise IndexError(
                    f"index {number} is out of bounds for dimension {dim} of buffer "
                    f"`{self.name}` with size {size}"
                )
            return size + int(number)
        if isinstance(size, int) and number >= size and self._scope != "global":
            raise IndexError(
                f"index {number} is out of bounds for dimension {dim} of buffer "
                f"`{self.name}` with size {size}"
            )
        return int(number)

    def _range(self, key: Any, dim: int) -> tuple[ExprLike, Extent]:
        """The start and the extent of one dimension."""
        if not isinstance(key, slice):
            return self._index(key, dim), 1
        if key.step not in (None, 1):
            raise ValueError(
                f"slices of buffer `{self.name}` have step 1, got {key.step}"
            )
        size = self.shape[dim]
        start = 0 if key.start is None else self._index(key.start, dim)
        stop = size if key.stop is None else key.stop
        if isinstance(stop, (Element, Var)):
            stop = stop.load()
        number = as_number(stop)
        if number is not None and number < 0:
            stop = size + int(number)
        return start, _difference(stop, start)

    def __iter__(self) -> Any:
        raise TypeError(f"buffer `{self.name}` cannot be iterated over in a kernel")

    def __bool__(self) -> bool:
        raise TypeError(f"Buffer `{self.name}` cannot be used as condition directly")

    def __repr__(self) -> str:
        return (
            f"Buffer({self.name}, {_show(self.shape)}, {self.dtype}, {self._scope!r})"
        )


def _show(shape: Sequence[Extent]) -> str:
    return "(" + ", ".join(str(s) if isinstance(s, int) else "?" for s in shape) + ")"


def _difference(stop: ExprLike, start: ExprLike) -> Extent:
    """`stop - start`, a number where both are the same expression plus numbers."""
    a, b = as_number(stop), as_number(start)
    if a is not None and b is not None:
        return int(a) - int(b)
    if b == 0:
        return stop
    known = _constant_difference(stop, start)
    return known if known is not None else as_expr(stop) - as_expr(start)


def _constant_difference(stop: ExprLike, start: ExprLike) -> int | None:
    """The number `n` when `stop` was written as `start + n`."""
    from tile.frontend.offsets import offset_from

    if not (is_expr(stop) and is_expr(start)):
        return None
    return offset_from(as_expr(stop).value, as_expr(start).value)


def _check_private(builder: Builder, buffer: BufferValue) -> None:
    """Raises ValueError where rounds of T.Parallel would write what each thread has
    of its own, since nothing says which thread runs which round."""
    is_local = buffer.scope() in ("local", "local.var")
    if not is_local or builder.scalar_region != "T.Parallel":
        return
    kinds = [
        f.kind for f in builder.frames if f is buffer.frame or f.kind == "parallel"
    ]
    if kinds[-1] == "parallel" and buffer.frame.kind != "parallel":
        raise ValueError(
            f"[Tile Semantic Check] Local buffer `{buffer.name}` is written in "
            "T.Parallel, but each thread has its own; use T.alloc_fragment or "
            "T.alloc_shared, or allocate it inside the loop"
        )


class Element(Operators):
    """One element of a buffer: its value where a scalar is expected, a place
    where a region is."""

    __slots__ = ("buffer", "indices")

    def __init__(self, buffer: BufferValue, indices: Sequence[ExprLike]) -> None:
        self.buffer = buffer
        self.indices = list(indices)

    @property
    def dtype(self) -> dtype:
        """The element type."""
        return self.buffer.dtype

    def index_values(self) -> list[_core.Value]:
        """The indices in the IR."""
        return [as_index(i).use() for i in self.indices]

    def _check_indices(self) -> None:
        """Warns of an index that is outside whatever happens."""
        for index, size in zip(self.indices, self.buffer.shape):
            number = as_number(index)
            if number is None or not isinstance(size, int):
                continue
            if not 0 <= number < size:
                warn(
                    f"index {number} is outside `{self.buffer.name}`, whose size there "
                    f"is {size}"
                )

    def load(self) -> Expr:
        """Reads the element."""
        builder = current("An element")
        self._check_indices()
        enter_for(builder, self.buffer)
        value = builder.value(
            "memref.load",
            [self.buffer.use(), *self.index_values()],
            self.buffer.dtype.mlir,
        )
        return Expr(value, self.buffer.dtype)

    def store(self, value: ExprLike) -> None:
        """Writes the element; the value is converted to the element type."""
        builder = current("An element")
        self._check_indices()
        _check_private(builder, self.buffer)
        x = convert(value, self.buffer.dtype)
        builder.create(
            "memref.store", [x.use(), self.buffer.use(), *self.index_values()]
        )

    def __repr__(self) -> str:
        return f"Element({self.buffer.name})"


class ElementRef(Element):
    """An element that a name stands for: an assignment to the name writes it."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Element:
        if as_number(key) != 0:
            raise IndexError("a reference to an element has the one element [0]")
        return Element(self.buffer, self.indices)

    def __setitem__(self, key: Any, value: ExprLike) -> None:
        self[key].store(value)


def _expand(key: Any, rank: int) -> list[Any]:
    """The indices, with slices of everything in the place of an ellipsis."""
    keys = list(key) if isinstance(key, tuple) else [key]
    for at, k in enumerate(keys):
        if k is Ellipsis:
            keys[at : at + 1] = [slice(None)] * (rank - len(keys) + 1)
            break
    return keys


def _inside(start: ExprLike, extent: Extent, key: Any) -> Any:
    """An index or a slice of the part of a dimension that begins at `start`."""

    def place(index: Any) -> Any:
        number = as_number(index)
        if number is not None and number < 0:
            index = extent + index
        if isinstance(number, int) and isinstance(extent, int):
            if not -extent <= number <= extent - (not isinstance(key, slice)):
                raise IndexError(
                    f"index {number} is out of bounds for a region of size {extent}"
                )
        return start + index

    if not isinstance(key, slice):
        return place(key)
    first = start if key.start is None else place(key.start)
    last = place(extent if key.stop is None else key.stop)
    return slice(first, last, key.step)


class Region:
    """A part of a buffer: starts and extents in each dimension."""

    def __init__(
        self,
        buffer: BufferValue,
        starts: Sequence[ExprLike],
        extents: Sequence[Extent],
        kept: Sequence[bool],
    ) -> None:
        self.buffer = buffer
        self.starts = list(starts)
        self.extents = list(extents)
        self.kept = list(kept)

    @property
    def shape(self) -> tuple[Extent, ...]:
        """The extents of the dimensions that were sliced."""
        return tuple(e for e, k in zip(self.extents, self.kept) if k)

    @property
    def dtype(self) -> dtype:
        """The element type."""
        return self.buffer.dtype

    def assign(self, value: Any) -> None:
        """Copies a buffer or a region here, or fills it with a scalar."""
        from tile.language.copy import copy, fill

        if isinstance(value, (BufferValue, Region)) and not isinstance(value, Var):
            copy(value, self)
        else:
            fill(self, value)

    def __getitem__(self, key: Any) -> "Element | Region":
        return self.buffer._select(self._shift(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self.buffer[self._shift(key)] = value

    def _shift(self, key: Any) -> tuple[Any, ...]:
        """Indices of the buffer for indices of the dimensions that were sliced."""
        rank = sum(self.kept)
        keys = _expand(key, rank)
        if len(keys) > rank:
            raise IndexError(
                f"expected at most {rank} indices for a region of buffer "
                f"`{self.buffer.name}`, got {len(keys)}"
            )
        left = iter([*keys, *[slice(None)] * (rank - len(keys))])
        return tuple(
            _inside(start, extent, next(left)) if kept else start
            for start, extent, kept in zip(self.starts, self.extents, self.kept)
        )

    def __bool__(self) -> bool:
        raise TypeError(
            f"Buffer `{self.buffer.name}` cannot be used as condition directly"
        )


class Var(BufferValue, Operators):
    """A scalar that can be assigned to: `T.alloc_var`.

    A plain name reads it and an assignment to the name writes it; ``v[0]`` does
    both explicitly.
    """

    __hash__ = object.__hash__
    __eq__ = Operators.__eq__
    __bool__ = Operators.__bool__

    def __init__(self, value: _core.Value, element: dtype, name: str) -> None:
        super().__init__(value, (1,), element, "local.var", name)

    def _select(self, key: Any) -> Element:
        if as_number(key) != 0:
            raise IndexError(f"variable `{self.name}` has the one element [0]")
        return VarElement(self)

    def load(self) -> Expr:
        """Reads the variable."""
        builder = current("A variable")
        enter_for(builder, self)
        value = builder.value("memref.load", [self.use()], self.dtype.mlir)
        return Expr(value, self.dtype)

    def store(self, value: ExprLike) -> None:
        """Writes the variable; the value is converted to its type."""
        builder = current("A variable")
        _check_private(builder, self)
        x = convert(value, self.dtype)
        builder.create("memref.store", [x.use(), self.use()])


class VarElement(Element):
    """The element ``[0]`` of a variable."""

    __slots__ = ()

    def __init__(self, buffer: Var) -> None:
        super().__init__(buffer, [])

    def index_values(self) -> list[_core.Value]:
        return []

"""Tensors and other buffers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Hashable, Sequence

from tile.annotations.base import Annot, ArgVarTable, KeyParser
from tile.annotations.entries import (
    ElementType,
    Entries,
    check_strides,
    get_known,
    parse_dtype,
    parse_entries,
    rename_entries,
    spells_dtype,
)
from tile.annotations.placeholder import Tensor as TensorPlaceholder
from tile.annotations.single import TIRAnnot
from tile.annotations.tensor_argument import Described, describe, tensor_argument
from tile.annotations.value import Value
from tile.errors import ShapeMismatchError
from tile.language import dtypes
from tile.language.dtypes import AnyDType, dtype

__all__ = [
    "BufferAnnot",
    "FragmentBufferAnnot",
    "LocalBufferAnnot",
    "SharedBufferAnnot",
    "StridedTensorAnnot",
    "TensorAnnot",
]


@dataclass(frozen=True, repr=False, eq=False)
class BufferAnnot(Annot):
    """A buffer in global memory, whose strides may be anything.

    ``shape`` and ``strides`` are tuples of `Value`, or None for any; ``dtype`` is
    the element type, or None for any. Written ``T.Buffer``, ``T.Buffer[shape,
    dtype]``; ``T.Buffer(shape, dtype)`` is a placeholder.
    """

    shape: Entries = None
    strides: Entries = None
    dtype: dtype | None = None
    #: The name of the element type where several arguments share an open one.
    type_variable: str | None = None
    name: str | None = None

    _label = "Buffer"

    def is_kernel_arg(self) -> bool:
        return True

    @property
    def scope(self) -> str:
        """The memory that the buffer lies in."""
        return "global"

    def __call__(
        self,
        shape: Any,
        dtype: AnyDType = "float32",
        data: Any = None,
        strides: Any = None,
        elem_offset: Any = None,
        scope: str | None = None,
        align: int = 0,
        offset_factor: int = 0,
        buffer_type: str = "",
        axis_separators: Any = None,
    ) -> Any:
        """A placeholder; with ``data``, an address in a kernel, a tensor there.

        Args:
            shape: Sizes: ints, symbols, formulas; one alone for rank 1.
            dtype: The element type.
            data: An address, as an argument of `T.ptr` is one, or the ``.data`` of a
                buffer.
            strides: In elements; contiguous when left out.
            scope: The memory, if another one than that of the annotation.

        Raises:
            TypeError: A size that is none, or a bad element type.
            ValueError: Strides of another rank, or one of the other options of
                TVM, which have no meaning here.
        """
        others = (elem_offset, align, offset_factor, buffer_type, axis_separators)
        if any(option not in (None, 0, "") for option in others):
            raise ValueError(
                f"T.{self._label} takes no elem_offset, align, offset_factor, "
                "buffer_type or axis_separators"
            )
        if data is not None:
            from tile.language.pointer import make_tensor

            return make_tensor(data, shape, dtype, strides)
        return TensorPlaceholder(shape, dtype, strides, scope or self.scope)

    def __getitem__(self, params: Any) -> "BufferAnnot":
        """``[shape, dtype]``, or ``[shape]`` and ``[M, N]`` for float32.

        The shape is a list, a tuple or one entry; Any, None or ... stand for any
        rank. The type is any spelling; Any, None or a TypeVar stand for any type.
        Raises ValueError for another number of items, TypeError for bad ones.
        """
        shape, element = self._split(params)
        entries = parse_entries(shape, "a size")
        return self._make(entries, None, parse_dtype(element))

    def _split(self, params: Any) -> tuple[Any, Any]:
        if not isinstance(params, tuple):
            return params, "float32"
        if len(params) == 2 and spells_dtype(params[1]):
            return params
        if not params or any(isinstance(p, (list, tuple, str)) for p in params):
            raise ValueError(
                f"expected T.{self._label}[shape, dtype], got {len(params)} items"
            )
        return params, "float32"

    def _make(
        self, shape: Entries, strides: Entries, element: ElementType
    ) -> "BufferAnnot":
        if isinstance(element, str):
            return type(self)(shape, strides, None, element)
        return type(self)(shape, strides, element)

    def with_name(self, name: str) -> "BufferAnnot":
        return replace(
            self,
            shape=rename_entries(self.shape, f"{name}_shape"),
            strides=rename_entries(self.strides, f"{name}_stride"),
            name=self.name or name,
        )

    # Keys -----------------------------------------------------------------

    def get_key_parser(self) -> KeyParser:
        return self._parse

    def parse_key(self, target: Any) -> tuple[Hashable, ...]:
        """What of the tensor `target` makes another kernel."""
        return self._parse(self.name or "$unnamed", target)

    def _parse(self, name: str, target: Any) -> tuple[Hashable, ...]:
        found = describe(self.check(name, target).tensor(0))
        return self.key_of(found)

    def key_of(self, found: Described) -> tuple[Hashable, ...]:
        """(sizes, strides, dtype) of a tensor that was checked: those that are known
        at compile time."""
        return (
            self._static_part(self.shape, found.shape),
            self._static_part(self.key_strides(len(found.shape)), found.strides),
            found.dtype,
        )

    @staticmethod
    def _static_part(entries: Entries, actual: tuple[int, ...]) -> tuple[int, ...]:
        if entries is None:
            return actual
        return tuple(n for e, n in zip(entries, actual) if e.is_static)

    def key_strides(self, rank: int) -> Entries:
        """The strides that count for the key; None for all."""
        return self.strides

    # Arguments ------------------------------------------------------------

    def declaration(self) -> str | None:
        element = self.dtype.mlir if self.dtype is not None else "static"
        if self.type_variable is not None:
            element = f"static {self.type_variable}"
        if self.shape is None:
            return f"#tile.{self._mnemonic()}<*, {element}>"
        sizes = ", ".join(e.size_text() for e in self.shape)
        return f"#tile.{self._mnemonic()}<[{sizes}]{self._strides_text()}, {element}>"

    def _mnemonic(self) -> str:
        return "strided_tensor"

    def _strides_text(self) -> str:
        assert self.shape is not None
        if self.strides is None:
            return f", strides [{', '.join(['static'] * len(self.shape))}]"
        return f", strides [{', '.join(e.size_text() for e in self.strides)}]"

    @staticmethod
    def match_shape(
        shape: Sequence[Any] | None, target_shape: Sequence[Any], vt: ArgVarTable
    ) -> tuple[Any, ...]:
        """The sizes that the traced function sees: ints where they are known at
        compile time, symbols elsewhere.

        Raises ShapeMismatchError for another rank, or other sizes than the fixed
        ones.
        """
        if shape is None:
            return tuple(target_shape)
        entries = [Value.from_value(s) for s in shape]
        if len(entries) != len(target_shape):
            raise ShapeMismatchError(
                f"static value mismatch: expected rank {len(entries)}, got "
                f"{len(target_shape)}"
            )
        return tuple(
            e.create_prim_func_arg(e.name or "", size, vt, create_arg=False)
            for e, size in zip(entries, target_shape)
        )

    def create_prim_func_arg(self, name: str, value: Any, vt: ArgVarTable) -> Any:
        from tile.language.buffer import BufferValue

        if isinstance(value, BufferValue):
            self.check_buffer(name, value, vt)
            return value
        if isinstance(value, TensorPlaceholder):
            found = Described(value.shape, value.strides, value.dtype)
            if not value.is_symbolic:
                self.check(name, value)
        else:
            found = describe(self.check(name, value).tensor(0))
        named = self.with_name(name)
        shape = self.match_shape(named.shape, found.shape, vt)
        strides = named._match_strides(shape, found, vt)
        element = self.dtype or found.dtype
        return tensor_argument(
            TensorPlaceholder(shape, element, strides, self.scope, name)
        )

    def _match_strides(
        self, shape: tuple[Any, ...], found: Described, vt: ArgVarTable
    ) -> tuple[Any, ...] | None:
        strides = self.match_shape(self.strides, found.strides, vt)
        check_strides(self.name, strides)
        return strides

    def check_buffer(self, name: str, value: Any, vt: ArgVarTable) -> None:
        """Checks a buffer of the kernel that is passed to an inlined function.

        Raises TypeError for another memory or element type, ShapeMismatchError for
        another rank or size.
        """
        if not self._takes_scope(value.scope()):
            raise TypeError(
                f"Unsupported buffer argument type for argument `{name}`: expected a "
                f"buffer in {self.scope}, got one in {value.scope()}"
            )
        if self.dtype is not None and value.dtype is not self.dtype:
            raise TypeError(
                f"Tensor dtype mismatch for argument `{name}`, expected {self.dtype}, "
                f"got {value.dtype}"
            )
        self.match_shape(self.with_name(name).shape, value.shape, vt)

    def _takes_scope(self, scope: str) -> bool:
        return True if type(self) is BufferAnnot else scope == self.scope

    # Promotion ------------------------------------------------------------

    def promote(self) -> TIRAnnot | None:
        shape, strides = get_known(self.shape), get_known(self.strides)
        if shape is None or strides is None or self.dtype is None:
            return None
        return TIRAnnot(
            TensorPlaceholder(shape, self.dtype, strides, self.scope, self.name)
        )

    def __repr__(self) -> str:
        is_open = self.shape is None and self.strides is None and self.dtype is None
        if is_open and self.type_variable is None:
            return self._label
        element = self.dtype.name if self.dtype else (self.type_variable or "Any")
        shape = "Any" if self.shape is None else repr(list(self.shape))
        strides = "" if self.strides is None else f", {list(self.strides)}"
        return f"{self._label}[{shape}{strides}, {element}]"


class TensorAnnot(BufferAnnot):
    """A contiguous tensor: ``T.Tensor``, ``T.Tensor[[M, N], dtype]``.

    Its strides follow from its shape, so they are no part of the key, and any
    size may vary at run time.
    """

    _label = "Tensor"

    def _mnemonic(self) -> str:
        return "tensor"

    def _strides_text(self) -> str:
        return ""

    def key_strides(self, rank: int) -> Entries:
        return ()

    def _match_strides(
        self, shape: tuple[Any, ...], found: Described, vt: ArgVarTable
    ) -> tuple[Any, ...] | None:
        return None

    def promote(self) -> TIRAnnot | None:
        shape = get_known(self.shape)
        if shape is None or self.dtype is None:
            return None
        return TIRAnnot(
            TensorPlaceholder(shape, self.dtype, None, self.scope, self.name)
        )


class StridedTensorAnnot(BufferAnnot):
    """A tensor with strides of its own: ``T.StridedTensor[shape, strides, dtype]``."""

    _label = "StridedTensor"

    def __call__(  # type: ignore[override]
        self,
        shape: Any,
        strides: Any,
        dtype: AnyDType = "float32",
        data: Any = None,
        elem_offset: Any = None,
        scope: str | None = None,
        align: int = 0,
        offset_factor: int = 0,
        buffer_type: str = "",
        axis_separators: Any = None,
    ) -> Any:
        """A placeholder, as `BufferAnnot` makes it; the strides are needed."""
        return super().__call__(
            shape, dtype, data, strides, elem_offset, scope, align, offset_factor,
            buffer_type, axis_separators,
        )  # fmt: skip

    def __getitem__(self, params: Any) -> BufferAnnot:
        """``[shape, strides, dtype]``; the strides are in elements.

        Raises ValueError for another number of items, or of strides than of sizes.
        """
        if not isinstance(params, tuple) or len(params) != 3:
            count = len(params) if isinstance(params, tuple) else 1
            raise ValueError(
                f"expected T.StridedTensor[shape, strides, dtype], got {count} items"
            )
        shape = parse_entries(params[0], "a size")
        strides = parse_entries(params[1], "a stride")
        if shape is not None and strides is not None and len(shape) != len(strides):
            raise ValueError(
                f"Invalid shape/strides' dimensions: {len(shape)} sizes and "
                f"{len(strides)} strides"
            )
        if shape is None and strides is not None:
            shape = tuple(Value("static") for _ in strides)
        return self._make(shape, strides, parse_dtype(params[2]))


class FragmentBufferAnnot(BufferAnnot):
    """A fragment, as the parameter of an inlined function."""

    _label = "FragmentBuffer"

    @property
    def scope(self) -> str:
        return "local.fragment"


class SharedBufferAnnot(BufferAnnot):
    """A shared buffer, as the parameter of an inlined function."""

    _label = "SharedBuffer"

    @property
    def scope(self) -> str:
        return "shared.dyn"

    def _takes_scope(self, scope: str) -> bool:
        return scope in ("shared", "shared.dyn")


class LocalBufferAnnot(BufferAnnot):
    """A buffer that each thread has for itself, as the parameter of an inlined
    function."""

    _label = "LocalBuffer"

    @property
    def scope(self) -> str:
        return "local"

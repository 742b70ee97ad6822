"""Annotations of kernel parameters.

``T.Tensor[[M, N], dtype]`` and the like say what a parameter takes, whether it is
passed at launch, and what of it makes another kernel. ``T.Tensor((M, N), dtype)``
is a placeholder, which also serves as an annotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tile.annotations.base import Annot, ArgVarTable, Scope
from tile.annotations.buffer import (
    BufferAnnot,
    FragmentBufferAnnot,
    LocalBufferAnnot,
    SharedBufferAnnot,
    StridedTensorAnnot,
    TensorAnnot,
)
from tile.annotations.function import FuncAnnot
from tile.annotations.placeholder import Placeholder, Scalar
from tile.annotations.single import DTypeAnnot, TIRAnnot
from tile.annotations.value import DynAnnot, Value
from tile.language.dtypes import dtype
from tile.language.pointer import make_tensor, match_buffer, ptr

__all__ = [
    "Annot",
    "ArgVarTable",
    "Buffer",
    "BufferAnnot",
    "DTypeAnnot",
    "DynAnnot",
    "FragmentBuffer",
    "FragmentBufferAnnot",
    "FuncAnnot",
    "LocalBuffer",
    "LocalBufferAnnot",
    "Placeholder",
    "Scope",
    "SharedBuffer",
    "SharedBufferAnnot",
    "StridedTensor",
    "StridedTensorAnnot",
    "TIRAnnot",
    "Tensor",
    "TensorAnnot",
    "Value",
    "dyn",
    "make_tensor",
    "match_buffer",
    "ptr",
]


def scalar_parameter(type_: dtype) -> Scalar:
    """A scalar that is passed at launch, as ``T.float32()`` gives it."""
    return Scalar(type_)


if TYPE_CHECKING:
    _Shape = TypeVar("_Shape")
    _DType = TypeVar("_DType")

    class Buffer(Generic[_Shape, _DType]):
        """What a buffer offers in a kernel, for type checkers.

        At run time ``T.Buffer`` is a `BufferAnnot`.
        """

        def __init__(
            self,
            shape: Any,
            dtype: Any = "float32",
            data: Any = None,
            strides: Any = None,
            elem_offset: Any = None,
            scope: str | None = None,
            align: int = 0,
            offset_factor: int = 0,
            buffer_type: str = "",
            axis_separators: Any = None,
        ) -> None: ...

        @property
        def shape(self) -> tuple[Any, ...]:
            """The sizes: ints where they are known at compile time."""

        @property
        def dtype(self) -> dtype:
            """The element type."""

        @property
        def strides(self) -> tuple[Any, ...]:
            """The strides in elements."""

        def scope(self) -> Scope:
            """The memory that the buffer lies in."""

        def __getitem__(self, key: Any) -> Any: ...

        def __setitem__(self, key: Any, value: Any) -> None: ...

    class Tensor(Buffer[_Shape, _DType]):
        """A contiguous tensor."""

    class StridedTensor(Buffer[_Shape, _DType]):
        """A tensor with strides of its own."""

    class FragmentBuffer(Buffer[_Shape, _DType]):
        """A fragment."""

    class SharedBuffer(Buffer[_Shape, _DType]):
        """A shared buffer."""

    class LocalBuffer(Buffer[_Shape, _DType]):
        """A buffer of one thread."""

else:
    Buffer = BufferAnnot()
    Tensor = TensorAnnot()
    StridedTensor = StridedTensorAnnot()
    FragmentBuffer = FragmentBufferAnnot()
    SharedBuffer = SharedBufferAnnot()
    LocalBuffer = LocalBufferAnnot()

dyn = DynAnnot()
"""A scalar passed at launch."""

"""A function of the IR while it is traced: its arguments, its end."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Sequence

from tile import _core, ir
from tile.frontend.builder import Builder, tracing
from tile.language import dtypes
from tile.language.buffer import BufferValue, memref_type
from tile.language.dtypes import dtype
from tile.language.expr import Expr, as_index
from tile.language.symbols import Formula, Size, Symbol

__all__ = ["Argument", "FunctionTrace", "PointerValue"]


@dataclass
class Argument:
    """An argument of a compiled function.

    ``shape`` and ``strides`` hold ints and formulas; a scalar has none.
    """

    name: str
    dtype: dtype
    shape: tuple[Size, ...] | None = None
    strides: tuple[Size, ...] | None = None
    is_output: bool = False
    is_scratch: bool = False
    is_pointer: bool = False
    is_named: bool = False
    symbol: str | None = None
    annotation: str = ""


def dim_text(size: Size | None) -> str:
    """A size as `#tile.tensor<[...]>` writes it; None is one without a name."""
    if size is None:
        return "?"
    return size.text() if isinstance(size, Formula) else str(size)


_DYNAMIC = -(2**63)


class PointerValue:
    """An address in a kernel. It has an element type once a tensor is at it."""

    def __init__(self, function: "FunctionTrace", name: str, index: int) -> None:
        self.function = function
        self.name = name
        self.dtype: dtype | None = None
        self._index = index
        self._value: _core.Value | None = None

    def _typed(self, element: dtype) -> _core.Value:
        if self.dtype is None:
            self.dtype = element
            self._value = self.function.set_pointer_type(self._index, element)
        if self.dtype is not element:
            raise TypeError(
                f"T.make_tensor makes tensors of one element type at the address "
                f"`{self.name}`: expected {self.dtype}, got {element}"
            )
        assert self._value is not None
        return self._value

    def tensor(
        self,
        shape: Sequence[Any],
        element: dtype,
        strides: Sequence[Any] | None = None,
    ) -> BufferValue:
        """The tensor at the address; sizes are ints or indices of the kernel.

        Raises TypeError for a second element type.
        """
        source = self._typed(element)
        buffer = BufferValue(source, shape, element, "global", self.name, strides)
        static, operands = [], []
        for size in (*shape, *buffer.strides):
            static.append(size if isinstance(size, int) else _DYNAMIC)
            if not isinstance(size, int):
                operands.append(as_index(size).use())
        rank = len(shape)
        dynamic = [s == _DYNAMIC for s in static]
        buffer.value = self.function.builder.value(
            "memref.reinterpret_cast",
            [source, *operands],
            _tensor_type(shape, element, strides),
            {
                "static_offsets": ir.int_array([0]),
                "static_sizes": ir.int_array(static[:rank]),
                "static_strides": ir.int_array(static[rank:]),
                "operandSegmentSizes": ir.int_array(
                    [1, 0, sum(dynamic[:rank]), sum(dynamic[rank:])], "i32"
                ),
            },
        )
        return buffer

    def __repr__(self) -> str:
        return f"{self.name}: ptr"


def _tensor_type(
    shape: Sequence[Any], element: dtype, strides: Sequence[Any] | None
) -> str:
    """The memref type of a tensor in global memory."""
    static = [s if isinstance(s, int) else None for s in shape]
    if strides is None:
        return memref_type(static, element, "global")
    layout = ", ".join(str(s) if isinstance(s, int) else "?" for s in strides)
    sizes = "".join(f"{'?' if s is None else s}x" for s in static)
    return f"memref<{sizes}{element.mlir}, strided<[{layout}]>>"


@dataclass
class FunctionTrace:
    """The function that a builder makes."""

    builder: Builder
    arguments: list[Argument] = field(default_factory=list)
    _operation: _core.Operation | None = None
    _types: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def open(
        cls, name: str, function: Callable[..., Any] | None = None
    ) -> Iterator["FunctionTrace"]:
        """Traces a function for the length of a with statement, and ends it.

        `function` says where it stands in a file.
        """
        builder = Builder(name)
        code = getattr(inspect.unwrap(function), "__code__", None) if function else None
        if code is not None:
            builder.place = (code.co_filename, code.co_firstlineno)
        with tracing(builder):
            self = cls(builder)
            builder.data["function"] = self
            self._operation = builder.create(
                "func.func",
                [],
                [],
                {
                    "sym_name": ir.string(name),
                    "function_type": ir.type_attribute("() -> ()"),
                },
                regions=1,
            )
            with builder.region("function", self._operation.block()):
                yield self
                builder.create("func.return")
            self._finish()

    @property
    def module(self) -> _core.Module:
        """The module with the function."""
        return self.builder.module

    def _finish(self) -> None:
        assert self._operation is not None
        self._operation.set_attribute(
            "function_type", ir.type_attribute(f"({', '.join(self._types)}) -> ()")
        )
        # Only now are the names of results final.
        attributes = (
            f'{{tile.annotation = {a.annotation}, tile.name = "{a.name}"}}'
            for a in self.arguments
        )
        self._operation.set_attribute(
            "arg_attrs", ir.attribute(f"[{', '.join(attributes)}]")
        )
        self.module.verify()

    def free_name(self, name: str) -> str:
        """`name`, with a number behind it if an argument has it already."""
        taken = {argument.name for argument in self.arguments}
        count, result = 0, name
        while result in taken:
            count += 1
            result = f"{name}_{count}"
        return result

    def _add(self, argument: Argument, type_: str, annotation: str) -> _core.Value:
        assert self._operation is not None
        block = self._operation.block()
        value = block.add_argument(ir.type_(type_), self.builder.location())
        self.arguments.append(argument)
        self._types.append(type_)
        argument.annotation = annotation
        return value

    def add_tensor(
        self,
        name: str,
        shape: Sequence[Size | None],
        element: dtype,
        strides: Sequence[Size | None] | None = None,
        is_output: bool = False,
    ) -> BufferValue:
        """An argument that is a tensor in global memory.

        Args:
            shape: Ints, formulas, or None for a size without a name.
            strides: In elements; None for a contiguous tensor.
        """
        dims = ", ".join(map(dim_text, shape))
        type_ = _tensor_type(shape, element, strides)
        if strides is None:
            annotation = f"#tile.tensor<[{dims}], {element.mlir}>"
        else:
            steps = ", ".join(map(dim_text, strides))
            annotation = (
                f"#tile.strided_tensor<[{dims}], strides [{steps}], {element.mlir}>"
            )
        argument = Argument(name, element, tuple(shape), None, is_output)  # type: ignore[arg-type]
        if strides is not None:
            argument.strides = tuple(strides)  # type: ignore[arg-type]
        value = self._add(argument, type_, annotation)
        extents = [
            self._size(value, dim) if size is None else size
            for dim, size in enumerate(shape)
        ]
        return BufferValue(value, extents, element, "global", name, strides)

    def _size(self, value: _core.Value, dim: int) -> Expr:
        builder = self.builder
        with builder.at_function_start():
            index = builder.value(
                "arith.constant", [], "index", {"value": ir.integer(dim, "index")}
            )
        size = builder.value("memref.dim", [value, index], "index")
        return Expr(size, dtypes.index, is_nonnegative=True)

    def add_scalar(self, name: str, type_: dtype, symbol: str | None = None) -> Expr:
        """An argument that is a scalar; its name, or `symbol`, is a symbol too."""
        label = symbol or name
        annotation = f'#tile.dyn<"{label}", {type_.mlir}>'
        argument = Argument(name, type_, symbol=label)
        value = self._add(argument, type_.mlir, annotation)
        if type_.is_integer:
            self.builder.data.setdefault("sizes", {})[value] = Symbol(label)
        return Expr(value, type_, name=name)

    def add_pointer(self, name: str) -> PointerValue:
        """An argument that is an address in global memory, without a shape."""
        i8 = dtypes.dtype("int8")
        argument = Argument(name, i8, (), is_pointer=True)
        self._add(argument, "memref<i8>", "#tile.ptr<i8>")
        return PointerValue(self, name, len(self.arguments) - 1)

    def set_pointer_type(self, index: int, element: dtype) -> _core.Value:
        """Gives the address that is argument `index` its element type."""
        assert self._operation is not None
        argument = self.arguments[index]
        argument.dtype = element
        self._types[index] = f"memref<{element.mlir}>"
        self.arguments[index].annotation = f"#tile.ptr<{element.mlir}>"
        value = self._operation.block().arguments[index]
        value.set_type(ir.type_(self._types[index]))
        return value

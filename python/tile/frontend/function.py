"""A function of the IR while it is traced: its arguments, its end."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Iterator, Sequence

from tile import _core, ir
from tile.frontend.builder import Builder, tracing
from tile.language import dtypes
from tile.language.buffer import BufferValue, memref_type
from tile.language.dtypes import dtype
from tile.language.expr import Expr
from tile.language.symbols import Formula, Size, Symbol

__all__ = ["Argument", "FunctionTrace"]


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
    is_pointer: bool = False
    is_named: bool = False
    symbol: str | None = None


def dim_text(size: Size | None) -> str:
    """A size as `#tile.tensor<[...]>` writes it; None is one without a name."""
    if size is None:
        return "?"
    return size.text() if isinstance(size, Formula) else str(size)


@dataclass
class FunctionTrace:
    """The function that a builder makes."""

    builder: Builder
    arguments: list[Argument] = field(default_factory=list)
    _operation: _core.Operation | None = None
    _types: list[str] = field(default_factory=list)
    _annotations: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def open(cls, name: str) -> Iterator["FunctionTrace"]:
        """Traces a function for the length of a with statement, and ends it."""
        builder = Builder(name)
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
            f'{{tile.annotation = {annotation}, tile.name = "{argument.name}"}}'
            for annotation, argument in zip(self._annotations, self.arguments)
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
        self._annotations.append(annotation)
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
        static = [s if isinstance(s, int) else None for s in shape]
        if strides is None:
            annotation = f"#tile.tensor<[{dims}], {element.mlir}>"
            type_ = memref_type(static, element, "global")
        else:
            steps = ", ".join(map(dim_text, strides))
            annotation = (
                f"#tile.strided_tensor<[{dims}], strides [{steps}], {element.mlir}>"
            )
            layout = ", ".join(str(s) if isinstance(s, int) else "?" for s in strides)
            sizes = "".join(f"{'?' if s is None else s}x" for s in static)
            type_ = f"memref<{sizes}{element.mlir}, strided<[{layout}]>>"
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

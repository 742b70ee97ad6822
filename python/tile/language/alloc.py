"""Buffers that a kernel makes for itself."""

from __future__ import annotations

from typing import Any, Sequence

from tile import _core, ir
from tile.frontend.builder import current, in_kernel
from tile.language import dtypes
from tile.language.buffer import BufferValue, Var, memref_type
from tile.language.dtypes import AnyDType, dtype
from tile.language.expr import as_number, convert

__all__ = ["alloc_fragment", "alloc_local", "alloc_shared", "alloc_var"]


def _get_shape(shape: Any, what: str) -> tuple[int, ...]:
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    result = []
    for size in sizes:
        number = as_number(size)
        if number is None or isinstance(number, (float, bool)):
            raise TypeError(
                f"{what} expects a shape that is known while the kernel is traced, "
                f"got {size!r}"
            )
        if number < 0:
            raise ValueError(f"{what} expects sizes of at least 0, got {shape}")
        result.append(int(number))
    return tuple(result)


class Allocation(BufferValue):
    """A buffer that takes the name it is first bound to."""

    operation: _core.Operation

    def name_if_new(self, name: str) -> None:
        """Names the buffer, the first time."""
        if not self.name:
            self.name = current("A buffer").unique_name(name)
            self.operation.set_attribute("name", ir.string(self.name))


def _alloc(shape: Any, element: AnyDType, scope: str, what: str) -> BufferValue:
    builder = in_kernel(what)
    builder.end_threads()
    region = builder.scalar_region
    if region is not None and scope != "local":
        raise ValueError(
            f"[Tile Semantic Check] {what} cannot be used inside {region}; make the "
            "buffer before the loop"
        )
    sizes = _get_shape(shape, what)
    type_ = dtype(element)
    operation = builder.create("tile.alloc", [], [memref_type(sizes, type_, scope)], {})
    buffer = Allocation(operation.result, sizes, type_, scope, "")
    buffer.operation = operation
    return buffer


def alloc_shared(
    shape: Any, dtype: AnyDType = "float32", scope: str = "shared.dyn"
) -> BufferValue:
    """A buffer that the threads of a block share."""
    if scope not in ("shared", "shared.dyn"):
        raise ValueError(f"expected the scope 'shared' or 'shared.dyn', got {scope!r}")
    return _alloc(shape, dtype, scope, "T.alloc_shared")


def alloc_fragment(
    shape: Any, dtype: AnyDType = "float32", scope: str = "local.fragment"
) -> BufferValue:
    """A tile that is spread over the threads of a block, if possible in registers."""
    if scope != "local.fragment":
        raise ValueError(f"expected the scope 'local.fragment', got {scope!r}")
    return _alloc(shape, dtype, scope, "T.alloc_fragment")


def alloc_local(
    shape: Any, dtype: AnyDType = "float32", scope: str = "local"
) -> BufferValue:
    """An array that each thread has for itself."""
    if scope != "local":
        raise ValueError(f"expected the scope 'local', got {scope!r}")
    return _alloc(shape, dtype, scope, "T.alloc_local")


class Variable(Var):
    """A variable that takes the name it is first bound to."""

    operation: _core.Operation

    def name_if_new(self, name: str) -> None:
        """Names the variable, the first time."""
        if not self.name:
            self.name = current("A variable").unique_name(name)
            self.operation.set_attribute("name", ir.string(self.name))


def alloc_var(dtype: AnyDType, *args: Any, init: Any = None, scope: Any = None) -> Var:
    """A scalar that can be assigned to, zero unless `init` is given.

    Args:
        dtype: Its type.
        args: The initial value; or a scope (a string); or both, in this order.
        init: The initial value, a number or an expression.
        scope: 'local.var', the only one.

    Raises:
        TypeError: More than two extra arguments, a value or a scope given twice, a
            scope that is no string.
        ValueError: A number that the type cannot hold, an unknown scope.
    """
    if len(args) > 2:
        raise TypeError(f"T.alloc_var expects at most 3 arguments, got {len(args) + 1}")
    if len(args) == 2 or (len(args) == 1 and not isinstance(args[0], str)):
        if init is not None:
            raise TypeError("T.alloc_var got two initial values")
        init = args[0]
    if args and (len(args) == 2 or isinstance(args[0], str)):
        if scope is not None:
            raise TypeError("T.alloc_var got two scopes")
        scope = args[-1]
    if scope is None:
        scope = "local.var"
    if not isinstance(scope, str):
        raise TypeError(f"expected a scope as a string, got {type(scope).__name__}")
    if scope != "local.var":
        raise ValueError(f"expected the scope 'local.var', got {scope!r}")
    type_ = dtypes.dtype(dtype)
    _check_range(init, type_)
    builder = current("T.alloc_var")
    value = None if init is None else convert(init, type_)
    is_late = builder.thread_code is not None
    if is_late:
        # The variable outlives the code of single threads that its value is from.
        builder.end_threads()
    operands = [] if value is None or is_late else [value.use()]
    result = f"memref<{type_.mlir}, #tile.scope<local>>"
    operation = builder.create("tile.alloc_var", operands, [result], {})
    variable = Variable(operation.result, type_, "")
    variable.operation = operation
    if value is not None and is_late:
        variable.store(value)
    return variable


def _check_range(init: Any, type_: dtypes.dtype) -> None:
    largest = {"float16": 65504.0, "float32": 3.4028234663852886e38}
    number = as_number(init) if init is not None else None
    if number is None or type_.name not in largest or number != number:
        return
    if abs(number) > largest[type_.name] and abs(number) != float("inf"):
        raise ValueError(f"{number} exceeds maximum of {type_}")

"""What the statements of a rewritten function call.

An `Activation` is one running call of a traced function: it knows its names
and its open loops.
"""

from __future__ import annotations

import builtins
import operator
import warnings
from typing import Any, Callable, Iterator, Sequence

from tile.errors import TileWarning
from tile.frontend import control
from tile.frontend.builder import Builder, current
from tile.language.buffer import BufferValue, Element, Region, Var
from tile.language.expr import Expr, as_expr, as_number, compare, is_expr

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "Pow": operator.pow,
    "LShift": operator.lshift,
    "RShift": operator.rshift,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "BitAnd": operator.and_,
    "MatMult": operator.matmul,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "In": lambda a, b: a in b,
    "NotIn": lambda a, b: a not in b,
}


class Activation:
    """One call of a traced function."""

    def __init__(
        self,
        builder: Builder,
        name: str,
        names: dict[str, Any] | None = None,
        annotate: Callable[[str, Any], Any] | None = None,
    ) -> None:
        self.builder = builder
        self.name = name
        #: What each name is bound to, arguments included.
        self.names = dict(names or {})
        self.loops: list[control.Loop] = []
        self.depth = len(builder.frames)
        self._annotate = annotate

    # Names ----------------------------------------------------------------

    def assign(self, name: str, value: Any, is_name: bool) -> Any:
        """Binds a name; a scalar for a variable is stored in it instead."""
        old = self.names.get(name)
        if isinstance(old, Var) and self._is_scalar(value, is_name):
            old.store(value)
            return old
        if isinstance(value, (Element, Var)) and (is_name or isinstance(value, Element)):
            # The name keeps the value of now.
            value = value.load()
        if isinstance(value, Expr):
            if isinstance(old, Expr) and old.frame.is_open:
                warnings.warn(
                    f"Immutable value `{name}` is re-bound; use T.alloc_var for a "
                    "variable that changes at run time",
                    TileWarning,
                    stacklevel=3,
                )
            if value.name is None:
                value.name = name
        if isinstance(value, BufferValue) and value.name == "":
            value.name = name
        self._name_allocation(name, value)
        self.names[name] = value
        return value

    @staticmethod
    def _is_scalar(value: Any, is_name: bool) -> bool:
        if isinstance(value, Var):
            return is_name
        return is_expr(value) or as_number(value) is not None

    def _name_allocation(self, name: str, value: Any) -> None:
        rename = getattr(value, "name_if_new", None)
        if rename is not None:
            rename(name)

    def annotate(self, name: str, annotation: Any) -> Any:
        """An annotation without a value: of an argument, in the body."""
        if self._annotate is not None and name in self.names:
            self.names[name] = self._annotate(name, annotation)
        return self.names.get(name)

    def augment(self, name: str, old: Any, op: str, value: Any) -> Any:
        """``name op= value`` for a plain name."""
        if isinstance(old, Var):
            old.store(self.combine(old, op, value))
            return old
        if isinstance(old, (BufferValue, Region)):
            raise RuntimeError(
                "Please use slice assignment, e.g. `buf[0] += value`, to change "
                f"buffer `{name}`"
            )
        result = self.combine(old, op, value)
        self.names[name] = result
        return result

    def combine(self, old: Any, op: str, value: Any) -> Any:
        """``old op value``, in place for Python's own objects."""
        if not is_expr(old) and not is_expr(value):
            in_place = getattr(operator, "i" + _OPERATORS[op].__name__, None)
            return (in_place or _OPERATORS[op])(old, value)
        return _OPERATORS[op](old, value)

    def set_attribute(self, owner: Any, name: str, value: Any) -> None:
        """``owner.name = value``, which only objects of Python's own allow."""
        if getattr(type(owner), "_is_meta_class", False):
            raise NotImplementedError(
                f"Attribute assignment not supported yet: cannot set `{name}` of "
                f"{type(owner).__name__} in a kernel; allocate the state in __init__ "
                f"and store it by `self.{name}[0] = value`"
            )
        old = getattr(owner, name, None)
        if is_expr(value) or isinstance(old, BufferValue):
            raise NotImplementedError(
                f"Attribute assignment not supported yet: cannot set `{name}` in a "
                "kernel; store by `[0] = value`"
            )
        setattr(owner, name, value)

    def augment_attribute(self, owner: Any, name: str, op: str, value: Any) -> None:
        """``owner.name op= value``."""
        self.set_attribute(owner, name, self.combine(getattr(owner, name), op, value))

    @staticmethod
    def unpack(value: Any, count: int, star: int | None) -> list[Any]:
        """The parts of the right side of a tuple assignment."""
        if isinstance(value, BufferValue):
            raise TypeError(f"cannot unpack buffer `{value.name}`")
        if is_expr(value):
            raise TypeError("cannot unpack a scalar of the kernel")
        parts = list(value)
        if star is not None:
            if len(parts) < count - 1:
                raise ValueError(
                    f"not enough values to unpack (expected at least {count - 1}, "
                    f"got {len(parts)})"
                )
            end = len(parts) - (count - star - 1)
            parts = [*parts[:star], parts[star:end], *parts[end:]]
        if len(parts) != count:
            raise ValueError(f"expected {count} values to unpack, got {len(parts)}")
        # Elements and variables are read before any target is written.
        return [
            p.load() if isinstance(p, Element) or isinstance(p, Var) else p
            for p in parts
        ]

    # Conditions -----------------------------------------------------------

    def branch(self, condition: Any) -> control.Branch:
        """An if statement."""
        return control.Branch(self.builder, condition)

    def and_(self, lhs: Any, rhs: Callable[[], Any]) -> Any:
        """``lhs and rhs``; the right side is computed only where it counts."""
        if not is_expr(lhs):
            return lhs and rhs() if control.truth(lhs) else lhs
        return control.choose(self.builder, lhs, rhs, lambda: False, "and")

    def or_(self, lhs: Any, rhs: Callable[[], Any]) -> Any:
        """``lhs or rhs``; the right side is computed only where it counts."""
        if not is_expr(lhs):
            return lhs if control.truth(lhs) else rhs()
        return control.choose(self.builder, lhs, lambda: True, rhs, "or")

    @staticmethod
    def not_(value: Any) -> Any:
        """``not value``."""
        if is_expr(value):
            x = as_expr(value)
            return compare("==", x, False if x.dtype.is_bool else 0)
        return not control.truth(value)

    def chain(
        self, ops: Sequence[str], operands: Sequence[Callable[[], Any]]
    ) -> Any:
        """``a < b < c``, which computes b once, and c only where a < b."""
        left = operands[0]()
        right = operands[1]()
        if isinstance(right, Element) or isinstance(right, Var):
            right = right.load()
        first = _OPERATORS[ops[0]](left, right)
        if len(ops) == 1:
            return first
        rest = [lambda: right, *operands[2:]]
        return self.and_(first, lambda: self.chain(ops[1:], rest))

    def choose(
        self, condition: Any, true: Callable[[], Any], false: Callable[[], Any]
    ) -> Any:
        """``true if condition else false``."""
        if not is_expr(condition):
            return true() if control.truth(condition) else false()
        return control.choose(self.builder, condition, true, false, "if")

    def if_then_else(
        self,
        function: Callable[..., Any],
        condition: Any,
        true: Callable[[], Any],
        false: Callable[[], Any],
    ) -> Any:
        """``T.if_then_else(condition, true, false)``, or another function so named."""
        from tile.language.numeric import if_then_else

        if function is not if_then_else:
            return function(condition, true(), false())
        return self.choose(condition, true, false)

    # Loops ----------------------------------------------------------------

    def range_(self, function: Any) -> Any:
        """The name ``range``: a loop of the kernel, if it is the builtin."""
        if function is not builtins.range:
            return function
        from tile.language.loop import serial

        return serial

    def loop(self, iterable: Any, jumps: Sequence[str]) -> Iterator[Any]:
        """A for loop: one round for a loop of the IR, all of Python's own."""
        start = getattr(iterable, "_tile_loop", None)
        loop: control.Loop
        if start is not None:
            loop = start(self.builder, jumps)
        else:
            loop = control.StaticLoop(self.builder, iterable)
        self.loops.append(loop)
        yield from loop
        self.loops.pop()

    def while_loop(self, jumps: Sequence[str]) -> Iterator[control.WhileLoop]:
        """A while loop."""
        loop = control.WhileLoop(self.builder, jumps)
        self.loops.append(loop)
        yield from loop.run()
        self.loops.pop()

    def jump(self, kind: str) -> bool:
        """``break`` or ``continue``: whether Python's own loop is to do it."""
        if not self.loops:
            raise SyntaxError(f"'{kind}' outside loop")
        return self.loops[-1].jump(kind)

    def guard(self) -> control.Guard:
        """What follows a branch that may have left the loop."""
        return self.loops[-1].guard()

    @staticmethod
    def unreachable() -> None:
        """Statements after break or continue."""
        warnings.warn(
            "statements after break or continue are ignored", TileWarning, stacklevel=3
        )

    # The rest -------------------------------------------------------------

    def leave_function(self, value: Any) -> Any:
        """``return value``."""
        if len(self.builder.frames) > self.depth and any(
            f.kind in ("branch", "loop", "parallel")
            for f in self.builder.frames[self.depth :]
        ):
            raise NotImplementedError(
                f"return inside control flow of `{self.name}`: allocate a variable by "
                "T.alloc_var before the control flow, assign it inside and return it "
                "at the end"
            )
        if isinstance(value, Element) or isinstance(value, Var):
            return value.load()
        if isinstance(value, tuple):
            return tuple(
                v.load() if isinstance(v, Element) or isinstance(v, Var) else v
                for v in value
            )
        return value

    @staticmethod
    def check(condition: Any, message: Any, source: str) -> None:
        """``assert condition, message``."""
        if not is_expr(condition):
            if not control.truth(condition):
                raise AssertionError(message if message is not None else source)
            return
        from tile.language.debug import emit_assert

        emit_assert(condition, str(message) if message is not None else source)


def call(
    function: Callable[..., Any],
    arguments: dict[str, Any],
    name: str,
    annotate: Callable[[str, Any], Any] | None = None,
) -> Any:
    """Calls a traced function with arguments by name, *args and **kwargs already
    bound by `inspect.Signature.bind`."""
    import inspect

    from tile.frontend.rewrite import rewrite

    builder = current(name)
    activation = Activation(builder, name, arguments, annotate)
    bound = inspect.signature(function).bind_partial()
    bound.arguments.update(arguments)
    return rewrite(function).bind(activation)(*bound.args, **bound.kwargs)

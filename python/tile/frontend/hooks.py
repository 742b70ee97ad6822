"""What the statements of a rewritten function call.

An `Activation` is one running call of a traced function: it knows its names
and its open loops.
"""

from __future__ import annotations

import builtins
import inspect
import operator
from typing import Any, Callable, Sequence

from tile.frontend import control
from tile.frontend.builder import Builder, current
from tile.frontend.names import Names
from tile.frontend.statements import Branch, LoopStatement
from tile.frontend.trace_errors import user_errors
from tile.frontend.warn import warn
from tile.language.arithmetic import compare
from tile.language.buffer import BufferValue, Element, ElementRef, Region, Var
from tile.language.expr import Expr, as_expr, as_number, is_expr

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
        self.names = Names(names or {})
        self.loops: list[control.Loop] = []
        self.depth = builder.depth
        self._annotate = annotate
        self._parameters = frozenset(names or {})

    # Names ----------------------------------------------------------------

    def assign(self, name: str, value: Any, is_name: bool) -> Any:
        """Binds a name; a scalar for a variable is stored in it instead."""
        old = self.names.values.get(name)
        if isinstance(old, (Var, ElementRef)) and self._is_scalar(value, is_name):
            old.store(value)
            return old
        if isinstance(value, Element) or (is_name and isinstance(value, Var)):
            # The name keeps the value of now.
            value = value.load()
        if isinstance(value, Expr):
            self._warn_rebinding(name, old)
            if value.name is None:
                value.name = name
        self._name_allocation(name, value)
        self.names.bind(name, value)
        return value

    def _warn_rebinding(self, name: str, old: Any) -> None:
        if any(isinstance(loop, control.StaticLoop) for loop in self.loops):
            return  # each round of an unrolled loop binds its names
        if isinstance(old, Expr) and old.frame.is_open:
            warn(
                f"Immutable value `{name}` is re-bound; use T.alloc_var for a "
                "variable that changes at run time"
            )

    def use(self, name: str, value: Any) -> Any:
        """A name that a loop around binds is read."""
        self.names.read(name)
        return value

    def forget(self, name: str) -> None:
        """``del name``."""
        self.names.forget(name)

    def is_bound(self, name: str) -> bool:
        """Whether a name has a value."""
        return name in self.names.values

    @staticmethod
    def read(value: Any) -> Any:
        """The value of now of a variable or an element."""
        return value.load() if isinstance(value, (Element, Var)) else value

    @classmethod
    def key(cls, value: Any) -> Any:
        """An index or several, as they are now."""
        if isinstance(value, tuple):
            return tuple(map(cls.key, value))
        if isinstance(value, slice):
            return slice(*map(cls.key, (value.start, value.stop, value.step)))
        return cls.read(value)

    @staticmethod
    def _is_scalar(value: Any, is_name: bool) -> bool:
        if isinstance(value, Var):
            return is_name
        return is_expr(value) or as_number(value) is not None

    def _name_allocation(self, name: str, value: Any) -> None:
        rename = getattr(value, "name_if_new", None)
        if rename is not None:
            rename(name)
        elif isinstance(value, BufferValue) and value.name == "":
            value.name = name

    def annotate(self, name: str, annotation: Any) -> Any:
        """An annotation without a value: of an argument, in the body."""
        if self._annotate is not None and name in self._parameters:
            self.names.values[name] = self._annotate(name, annotation)
        return self.names.values[name]

    def augment(self, name: str, old: Any, op: str, value: Any) -> Any:
        """``name op= value`` for a plain name, whose value is `old`."""
        place = self.names.values.get(name)
        if isinstance(place, (Var, ElementRef)):
            place.store(self.combine(old, op, value))
            return place
        if isinstance(old, (BufferValue, Region)):
            raise RuntimeError(
                "Please use slice assignment, e.g. `buf[0] += value`, to change "
                f"buffer `{name}`"
            )
        return self.assign(name, self.combine(old, op, value), False)

    def combine(self, old: Any, op: str, value: Any) -> Any:
        """``old op value``, in place for Python's own objects."""
        if not is_expr(old) and not is_expr(value):
            in_place = getattr(operator, "i" + _OPERATORS[op].__name__, None)
            return (in_place or _OPERATORS[op])(old, value)
        return _OPERATORS[op](old, value)

    def set_attribute(self, owner: Any, name: str, value: Any) -> None:
        """``owner.name = value``, which would change the object, not the kernel."""
        raise NotImplementedError(
            f"Attribute assignment not supported yet: cannot set `{name}` of "
            f"{type(owner).__name__} in a kernel; allocate the state in __init__ by "
            f"T.alloc_var and store it by `.{name}[0] = value`"
        )

    def augment_attribute(self, owner: Any, name: str, op: str, value: Any) -> None:
        """``owner.name op= value``."""
        self.set_attribute(owner, name, value)

    @staticmethod
    def unpack(
        value: Any, count: int, star: int | None, loads: Sequence[bool] | None
    ) -> list[Any]:
        """The parts of the right side of a tuple assignment.

        ``loads`` says which parts name variables; None where that is not to be
        seen, and variables that have a name already are taken by value.
        """
        if isinstance(value, BufferValue):
            raise TypeError(f"cannot unpack buffer `{value.name}`")
        if is_expr(value):
            raise TypeError("cannot unpack a scalar of the kernel")
        # Elements and variables are read before any target is written.
        parts = [
            (
                p.load()
                if isinstance(p, Element)
                or (isinstance(p, Var) and (loads[i] if loads else p.name != ""))
                else p
            )
            for i, p in enumerate(value)
        ]
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
        return parts

    # Conditions -----------------------------------------------------------

    def branch(self, condition: Any, assigned: Sequence[str]) -> Branch:
        """An if statement."""
        return Branch(self.builder, condition, self.names, assigned)

    def and_(self, lhs: Any, rhs: Callable[[], Any]) -> Any:
        """``lhs and rhs``; the right side is computed only where it counts."""
        if not is_expr(lhs):
            return rhs() if control.truth(lhs) else lhs
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

    def compare(self, op: str, left: Any, right: Any) -> Any:
        """A comparison."""
        if op in ("In", "NotIn"):
            found = self._is_in(left, right)
            return self.not_(found) if op == "NotIn" else found
        return _OPERATORS[op](left, right)

    @staticmethod
    def _is_in(value: Any, items: Any) -> Any:
        """``value in items``, for a scalar of the kernel one comparison each."""
        if not is_expr(value) or not isinstance(items, (tuple, list, set, range)):
            return value in items
        scalar = as_expr(value)
        found: Any = False
        for item in items:
            found = compare("==", scalar, item) | found
        return found

    def chain(self, ops: Sequence[str], operands: Sequence[Callable[[], Any]]) -> Any:
        """``a < b < c``, which computes b once, and c only where a < b."""
        left = self.read(operands[0]())
        right = self.read(operands[1]())
        first = self.compare(ops[0], left, right)
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

    def loop(
        self, iterable: Any, jumps: Sequence[str], assigned: Sequence[str]
    ) -> LoopStatement:
        """A for loop: one round for a loop of the IR, all of Python's own."""
        if isinstance(iterable, range):
            iterable = self.range_(range)(iterable.start, iterable.stop, iterable.step)
        start = getattr(iterable, "_tile_loop", None)
        if start is not None:
            return self._statement(start(self.builder, jumps), assigned, False)
        loop = control.StaticLoop(self.builder, iterable, jumps, self.loops)
        return self._statement(loop, assigned, True)

    def _statement(
        self, loop: control.Loop, assigned: Sequence[str], is_static: bool
    ) -> LoopStatement:
        return LoopStatement(self.names, self.loops, loop, assigned, is_static)

    def while_loop(
        self, jumps: Sequence[str], assigned: Sequence[str]
    ) -> LoopStatement:
        """A while loop."""
        loop = control.WhileLoop(self.builder, jumps)
        return self._statement(loop, assigned, False)

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
        warn("statements after break or continue are ignored")

    def before_raise(self) -> None:
        """``raise``, which is decided while the kernel is traced.

        In a loop of the kernel it is too, since the body is traced once.
        """
        if self._is_conditional(("branch",)):
            raise NotImplementedError(
                "raise on a condition of the kernel: use T.device_assert or assert"
            )

    def _is_conditional(
        self, kinds: Sequence[str] = ("branch", "loop", "parallel", "threads")
    ) -> bool:
        """Whether a branch or loop of the IR is open in this call."""
        return any(f.kind in kinds for f in self.builder.own_frames[self.depth :])

    # The rest -------------------------------------------------------------

    def leave_function(self, value: Any) -> Any:
        """``return value``."""
        if self._is_conditional():
            raise NotImplementedError(
                f"return inside control flow of `{self.name}`: allocate a variable by "
                "T.alloc_var before the control flow, assign it inside and return it "
                "at the end"
            )
        if isinstance(value, tuple):
            return tuple(map(self.read, value))
        return self.read(value)

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
    bound = inspect.signature(function).bind_partial()
    bound.arguments.update(arguments)
    with user_errors():
        return run(function, bound, name, annotate)


def run(
    function: Callable[..., Any],
    bound: inspect.BoundArguments,
    name: str,
    annotate: Callable[[str, Any], Any] | None = None,
) -> Any:
    """Traces one call of a function."""
    from tile.frontend.rewrite import rewrite

    activation = Activation(current(name), name, bound.arguments, annotate)
    return rewrite(function).bind(activation)(*bound.args, **bound.kwargs)

"""tile.language.meta: which methods are inlined, and how."""

from __future__ import annotations

from types import FunctionType

import numpy as np
import pytest
from helpers import ints, poison, run, trace
from meta_helpers import Counter, Kinds

import tile
import tile.language as T
from tile.language.meta import InlineMethod, inline, meta_class

# Methods of a meta_class -----------------------------------------------------


@pytest.mark.parametrize(
    "name", ["assigns", "augments", "annotates", "unpacks", "deep", "fills_dict"]
)
def test_methods_with_stores_are_inlined(name):
    member = vars(Kinds)[name]
    assert isinstance(member, InlineMethod)
    # On the class, the descriptor; on an instance, a bound method.
    assert getattr(Kinds, name) is member
    assert member.__name__ == name


def test_other_members_stay_what_they_are():
    members = vars(Kinds)
    for name in ("reads", "only_a_tile_op", "branches", "tries", "__call__"):
        assert isinstance(members[name], FunctionType), name
    assert isinstance(members["__init__"], FunctionType)
    assert isinstance(members["static"], staticmethod)
    assert isinstance(members["make"], classmethod)
    assert isinstance(members["value"], property)
    assert isinstance(members["explicit"], InlineMethod)
    before = dict(members)
    assert meta_class(Kinds) is Kinds and dict(vars(Kinds)) == before


def test_docstrings_are_kept():
    @meta_class
    class Documented:
        def store(self):
            """Stores."""
            self.x[0] = 1

        def plain(self):
            """Plain."""
            return 1

    assert Documented.store.__doc__ == "Stores."
    assert Documented.plain.__doc__ == "Plain."
    assert Documented.store.__qualname__.endswith("Documented.store")
    assert "inline method" in repr(Documented.store)


def test_every_kind_of_method_has_its_effect():
    def kernel(A, B):
        with T.Kernel(1):
            k = Kinds("k")
            k.assigns()
            B[0] = k.x
            k.augments()
            B[1] = k.reads()
            k.annotates()
            B[2] = k.value
            B[3] = k.unpacks(A[0])
            B[4] = k.x
            k.deep()
            B[5] = k.table[0] + k.table[1]
            B[6] = k.fills_dict({})["key"]
            k()
            B[7] = k.explicit()
            B[8] = Kinds.make([0]).x + k.tries()

    b = poison(9, np.int32)
    run(kernel, ints(40), b)
    assert b.tolist() == [2, 4, 3, 40, 41, 9, 41, 77, 6]


@pytest.mark.filterwarnings("ignore:Immutable value `y`:tile.TileWarning")
def test_methods_without_stores_lose_nothing():
    def kernel(A, B):
        with T.Kernel(1, threads=4):
            k = Kinds("k")
            k.only_a_tile_op(A)
            T.copy(k._buffer, B[0:4])
            k.only_a_call()
            for i in T.serial(4):
                k.branches(A[i])
                B[4 + i] = k.chooses(A[i])
            v = T.alloc_var("int32", 3)
            B[8] = k.changes_its_parameter(v)
            B[9] = v

    a, b = ints(5, 1, -1, 8), poison(10, np.int32)
    run(kernel, a, b)
    assert b.tolist() == [5, 1, -1, 8, 3, -1, 3, 4, 4, 3]


def test_plain_methods_work_outside_a_kernel():
    @meta_class
    class Decoder:
        def __init__(self, width, down=False):
            self.width = width
            self.down = down

        def coord(self, t):
            if self.down:
                return t % self.width, t // self.width
            return t // self.width, t % self.width

    assert Decoder(4).coord(9) == (2, 1)
    decoder = Decoder(4, down=True)
    assert decoder.coord(9) == (1, 2)

    def kernel(A, B):
        with T.Kernel(1):
            B[0], B[1] = decoder.coord(A[0])

    b = poison(2, np.int32)
    run(kernel, ints(9), b)
    assert b.tolist() == [1, 2]


def test_without_source_a_method_counts_as_storing():
    scope: dict = {}
    exec("class Made:\n    def m(self):\n        return 1", scope)
    cls = meta_class(scope["Made"])
    assert isinstance(vars(cls)["m"], InlineMethod)

    def kernel(A):
        with T.Kernel(1):
            cls().m()

    with pytest.raises(OSError, match="cannot get the source of `m`"):
        trace(kernel, ints(0))


# Methods marked by inline ----------------------------------------------------


def test_inline_refuses_what_is_no_function():
    with pytest.raises(TypeError, match="expected a function, got property"):
        inline(property(lambda self: 1))
    with pytest.raises(TypeError, match="expected a function, got staticmethod"):
        inline(staticmethod(len))
    with pytest.raises(TypeError, match="expected a class, got function"):
        meta_class(lambda: 1)
    assert inline(Counter.explicit) is Counter.explicit


def test_inline_in_a_plain_class():
    class Plain:
        def __init__(self, factor):
            self.factor = factor

        @inline
        def scaled(self, x):
            if x > 3:
                T.device_assert(x < 100)
            return self.factor * x

        @staticmethod
        @inline
        def shifted(x):
            return x + 1

        @classmethod
        @inline
        def made(cls, x):
            return x + len(cls.__name__)

    plain = Plain(3)

    def kernel(A):
        with T.Kernel(1):
            A[0] = plain.scaled(A[0])
            A[0] = Plain.shifted(A[0]) + plain.made(A[0])

    a = ints(5)
    run(kernel, a)
    assert a[0] == 16 + 20


def test_inline_returns_scalar_tuple_and_nothing():
    @meta_class
    class Returns:
        def __init__(self):
            self.x = T.alloc_var("int32", 4)

        @inline
        def scalar(self):
            return self.x

        @inline
        def several(self, n):
            result = []
            for i in range(n):
                self.x[0] += 1
            for i in [1, 2]:
                result.append(self.x + i)
            return tuple(result)

        @inline
        def nothing(self):
            self.x[0] = 0

    def kernel(B):
        with T.Kernel(1):
            r = Returns()
            B[0] = r.scalar()
            B[1], B[2] = r.several(3)
            assert r.nothing() is None
            B[3] = r.x[0]

    b = poison(4, np.int32)
    run(kernel, b)
    assert b.tolist() == [4, 8, 9, 0]


class Steps:
    """Methods that are inlined in a class that is not a `meta_class`."""

    def __init__(self):
        self.total = T.alloc_var("int32", 0)

    @inline
    def bump(self, by):
        by += 1
        self.total[0] += by
        return by

    @inline
    def walk(self, start: T.Ref, limit):
        while start < limit:
            if start % 2 == 0:
                self.bump(start)
            else:
                for i in T.serial(2):
                    self.bump(by=i)
            start += 3
        return self.total, start


@pytest.mark.filterwarnings("ignore:Immutable value `by`:tile.TileWarning")
@pytest.mark.parametrize("style", ["eager", "prim_func"])
def test_inline_with_statements_in_both_styles(style):
    def kernel(A: T.Tensor[[2], "int32"], B: T.Tensor[[6], "int32"]):
        with T.Kernel(1):
            steps = Steps()
            by = T.alloc_var("int32", A[0])
            B[0] = steps.bump(by)
            B[1] = by  # by value: the method does not change it
            B[2], last = steps.walk(by, A[1])
            B[3], B[4] = by, last  # by reference: it does
            steps.walk(B[4], 30)
            B[5] = steps.total

    a, b = ints(4, 12), ints(*[0] * 6)
    (tile.jit(kernel) if style == "eager" else tile.compile(T.prim_func(kernel)))(a, b)

    def walk(total, start, limit):
        while start < limit:
            total += start + 1 if start % 2 == 0 else 1 + 2
            start += 3
        return total, start

    total, start = walk(5, 4, 12)
    assert b[:4].tolist() == [5, 4, total, start]
    assert [b[5], b[4]] == list(walk(total, start, 30))

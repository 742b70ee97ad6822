"""tile.language.meta: inline and meta_class."""

from __future__ import annotations

import re
from types import FunctionType

import numpy as np
import pytest
from helpers import poison, run, trace

import tile
import tile.language as T
from tile import JITNoBuilderError
from tile.language.meta import InlineMethod, inline, meta_class


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int32)


def names_in(kernel, *arrays) -> list[str]:
    """The names of the variables and buffers in the IR."""
    return re.findall(r'name\("(\w+)"\)', trace(kernel, *arrays).module.text())


@meta_class
class Counter:
    """Counts by a step, and says when it is done."""

    kind = "counter"

    def __init__(self, prefix, limit, step=1):
        self.limit = limit
        self.step = step
        self.count = T.alloc_var("int32", 0)
        self._hidden = T.alloc_var("int32", 0)

    def advance(self, by=1):
        self.count[0] += by * self.step
        if self.count[0] > 50:
            self.count[0] = 50

    def reset(self, value):
        self.count[0] = value
        return value + 1

    def running(self):
        return self.count < self.limit and not self.count == 7

    @property
    def doubled(self):
        return self.count * 2

    @staticmethod
    def helper(x):
        return x + 100

    @classmethod
    def describe(cls):
        return cls.kind

    @inline
    def explicit(self, place: T.Ref):
        place += self.count


class Faster(Counter):
    """Not decorated, and treated all the same."""

    kind = "faster"

    def __init__(self, prefix, limit):
        super().__init__(prefix, limit, step=3)
        self.extra = T.alloc_var("int32", 5)

    def advance(self, by=1):
        super().advance(by)
        self.extra[0] += 1


# Duty 1 ----------------------------------------------------------------------


def test_mark():
    assert Counter._is_meta_class is True
    assert Faster._is_meta_class is True
    assert "_is_meta_class" in vars(Faster)


def test_state_in_a_loop():
    def kernel(A, B):
        with T.Kernel(1):
            c = Counter("c", A[0])
            c.advance()
            while c.running():
                B[1] += c.doubled
                c.advance(by=2)
            B[0] = c.count[0]
            B[2] = c.helper(c.count)
            assert c.describe() == "counter"

    for limit, last in ((20, 7), (2, 3)):
        b = ints(0, 0, 0)
        run(kernel, ints(limit), b)
        assert b[0] == last and b[2] == last + 100
        assert b[1] == sum(2 * i for i in range(1, last, 2))


def test_eager_and_lazy_give_identical_ir():
    @T.macro
    def body(A, B):
        with T.Kernel(2) as bx:
            c = Counter("c", A[0])
            for i in T.serial(4):
                c.advance(A[i] + bx)
            B[bx] = c.count

    def kernel(A: T.Tensor[[4], "int32"], B: T.Tensor[[2], "int32"]):
        body(A, B)

    eager, lazy = tile.jit(kernel), T.prim_func(kernel)
    a, b = ints(1, 2, 3, 4), ints(0, 0)
    for call in (eager, tile.compile(lazy)):
        b[:] = 0
        call(a, b)
        assert b.tolist() == [10, 14]
    assert eager.mode == "eager"
    text = lazy.module.text(True)
    assert eager.get_tir(a, b).module.text(True) == text
    assert "tile.alloc_var" in text and 'name("c_count")' in text
    # Nothing is left for the pass that inlines classes.
    inlined = lazy.module.clone()
    inlined.run("builtin.module(tile-inline-meta)")
    assert str(inlined) == str(lazy.module)


def test_as_argument_of_macros_and_in_lists():
    @T.macro
    def drive(counter, place: T.Ref):
        while counter.running():
            counter.advance()
        place = counter.count

    def kernel(A, B):
        with T.Kernel(1):
            counters = [Counter("a", A[0]), Faster("b", A[1])]
            for i, counter in enumerate(counters):
                drive(counter, B[i])
            counters[0].explicit(B[1])

    b = poison(2, np.int32)
    run(kernel, ints(4, 10), b)
    assert b.tolist() == [4, 12 + 4]


def test_two_instances_are_independent():
    def kernel(A, B):
        with T.Kernel(1):
            a, b = Counter("a", 10), Counter("b", 10)
            for i in T.serial(3):
                a.advance(A[i])
                if A[i] > 1:
                    b.advance()
            B[0], B[1] = a.count, b.count

    b = poison(2, np.int32)
    run(kernel, ints(1, 2, 3), b)
    assert b.tolist() == [6, 2]


# Duty 2 ----------------------------------------------------------------------


@meta_class
class Kinds:
    def __init__(self, name=""):
        self.x = T.alloc_var("int32", 1)
        self.table = [T.alloc_var("int32", i) for i in range(2)]
        self._buffer = T.alloc_shared((4,), "int32")

    def assigns(self):
        self.x[0] = 2

    def augments(self):
        self.x[0] += 1

    def annotates(self):
        self.x[0]: int = 3

    def unpacks(self, y):
        z, self.x[0] = y, y + 1
        return z

    def deep(self):
        self.table[1][0] = 9

    def fills_dict(self, table):
        table["key"] = self.x
        return table

    def reads(self):
        return self.x[0] + 1

    def only_a_tile_op(self, source):
        T.copy(source, self._buffer)

    def only_a_call(self):
        self.augments()

    def branches(self, y):
        if y > 3 and y < 9:
            self.augments()

    def chooses(self, y):
        return self.x if y > 3 or y < 0 else -1

    def changes_its_parameter(self, y):
        y = y + 1
        return y

    def tries(self):
        try:
            return 5
        finally:
            pass

    def __call__(self):
        self.x[0] = 77

    @inline
    def explicit(self):
        return self.x

    @property
    def value(self):
        return self.x[0]

    @staticmethod
    def static(values):
        values[0] = 1

    @classmethod
    def make(cls, values):
        values[0] = 1
        return cls("made")


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


def test_private_names_and_recursion():
    @meta_class
    class Private:
        def __init__(self):
            self.__x = T.alloc_var("int32", 2)

        def power(self, n):
            if n > 0:
                self.__x[0] *= 2
                self.power(n - 1)

        @property
        def x(self):
            return self.__x

    def kernel(B):
        with T.Kernel(1):
            p = Private()
            p.power(4)
            B[0] = p.x

    b = poison(1, np.int32)
    run(kernel, b)
    assert b[0] == 32


def test_overrides_and_super():
    @meta_class
    class Base:
        def __init__(self):
            self.x = T.alloc_var("int32", 0)

        def step(self):
            self.x[0] += self.amount()

        def amount(self):
            return 1

        def walk(self):
            self.step()
            self.step()

    class Middle(Base):
        def amount(self):
            return 10 + super().amount()

    @meta_class
    class Last(Middle):
        def step(self):
            super().step()
            self.x[0] += 1000 if self.x[0] > 11 and super().amount() > 3 else 100

    def kernel(B):
        with T.Kernel(1):
            for i, cls in enumerate([Base, Middle, Last]):
                instance = cls()
                instance.walk()
                B[i] = instance.x

    b = poison(3, np.int32)
    run(kernel, b)
    assert b.tolist() == [2, 22, 111 + 1011]


def test_multiple_inheritance():
    class Plain:
        def __init__(self):
            self.base = 5

        def offset(self):
            return self.base

    @meta_class
    class State(Plain):
        def store(self, place: T.Ref):
            place[0] = self.offset()

    @meta_class
    class Other:
        def offset(self):
            return 6

    class Both(Other, State):
        pass

    def kernel(B):
        with T.Kernel(1):
            State().store(B[0])
            Both().store(B[1])

    b = poison(2, np.int32)
    run(kernel, b)
    assert b.tolist() == [5, 6]


def test_outside_a_kernel():
    @meta_class
    class Small:
        def store(self):
            self.x[0] = 1

    with pytest.raises(
        JITNoBuilderError, match="inline method .*Small.store called outside a kernel"
    ):
        Small().store()
    with pytest.raises(JITNoBuilderError, match="T.alloc_var"):
        Counter("c", 3)


def test_misspelled_keyword():
    def kernel(A):
        with T.Kernel(1):
            Counter("c", 3).advance(bye=2)

    with pytest.raises(TypeError, match=r"advance\(\): got an unexpected keyword.*bye"):
        trace(kernel, ints(0))


@pytest.mark.parametrize("how", ["kernel", "inline", "augment", "plain", "later"])
def test_attributes_are_not_set_in_a_kernel(how):
    @meta_class
    class Setter:
        def __init__(self):
            self.x = T.alloc_var("int32", 0)
            self.n = 0

        def inline(self):
            self.x[0] = 1
            self.x = 2

        def augment(self):
            self.x[0] = 1
            self.n += 1

        def plain(self):
            self.x = self.x + 1

        def later(self):
            self.new = self.x + 1

    def kernel(A):
        with T.Kernel(1):
            s = Setter()
            if how == "kernel":
                s.x = A[0]
            else:
                getattr(s, how)()

    with pytest.raises(
        NotImplementedError,
        match=r"Attribute assignment not supported yet: cannot set `\w+` of Setter.*"
        r"allocate the state in __init__ by T.alloc_var and store it by",
    ):
        trace(kernel, ints(0))


def test_constructors_may_call_methods_that_set_attributes():
    @meta_class
    class Built:
        def __init__(self, prefix, n):
            self.table = {}
            self._allocate(n)
            self.reset()

        def _allocate(self, n):
            self.slots = [T.alloc_var("int32", i) for i in range(n)]
            self.table["first"] = self.slots[0]
            self.size = n

        def reset(self):
            self.slots[1][0] = 30

    def kernel(B):
        with T.Kernel(1):
            b = Built("b", 3)
            B[0] = b.slots[1] + b.table["first"] + b.size

    b = poison(1, np.int32)
    run(kernel, b)
    assert b[0] == 33
    assert names_in(kernel, b) == ["b_slots_0", "b_slots_1", "b_slots_2"]


# Duty 3 ----------------------------------------------------------------------


def test_names_of_state():
    def kernel(A):
        with T.Kernel(1):
            Counter("sched", 3)
            Counter(limit=4, prefix="other")
            Faster("sched", 3)

    # The leading underscore keeps `_hidden` without a name.
    assert names_in(kernel, ints(0)) == [
        "sched_count",
        "other_count",
        "sched_count_1",
        "sched_extra",
    ]


def test_parameter_name_strips_underscores():
    def kernel(A):
        with T.Kernel(1):
            Kinds(name="k")

    names = names_in(kernel, ints(0))
    assert names == ["k_x", "k_table_0", "k_table_1", "k_buffer"]


@pytest.mark.parametrize("prefix", ["", None, 5])
def test_no_prefix_no_names(prefix):
    def kernel(A):
        with T.Kernel(1):
            Counter(prefix, 3)

    assert names_in(kernel, ints(0)) == []


def test_names_with_constructors_of_bases():
    @meta_class
    class Base:
        def __init__(self):
            self.a = T.alloc_var("int32")

    @meta_class
    class Sub(Base):
        def __init__(self, prefix):
            super().__init__()
            self.b = T.alloc_var("int32")

    class Renamed(Sub):
        def __init__(self, prefix):
            super().__init__(prefix + "_inner")
            self.c = T.alloc_var("int32")

    def kernel(A):
        with T.Kernel(1):
            Sub("s")
            Renamed("r")

    assert names_in(kernel, ints(0)) == [
        "s_a",
        "s_b",
        "r_inner_a",
        "r_inner_b",
        "r_c",
    ]


def test_naming_never_fails_and_renames_nothing():
    @meta_class
    class Slots:
        __slots__ = ("x",)

        def __init__(self, prefix):
            self.x = T.alloc_var("int32", 3)

    @meta_class
    class Keeps:
        def __init__(self, prefix, buffer, *rest):
            self.buffer = buffer
            self.number = 5

    def kernel(A):
        with T.Kernel(1):
            mine = T.alloc_var("int32", 1)
            A[0] = Slots("s").x + Keeps("k", mine).number
            Keeps("k", A)

    assert names_in(kernel, ints(0)) == ["mine"]
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        Keeps("k")


def test_own_setattr_and_init_subclass_are_kept():
    seen = []

    @meta_class
    class Watched:
        def __init__(self, prefix):
            self.x = T.alloc_var("int32")

        def __setattr__(self, name, value):
            seen.append(name)
            object.__setattr__(self, name, value)

        def __init_subclass__(cls, tag=None):
            seen.append(tag)

    class Sub(Watched, tag="t"):
        pass

    def kernel(A):
        with T.Kernel(1):
            Sub("w")

    assert names_in(kernel, ints(0)) == ["w_x"]
    assert seen == ["t", "x"]


def test_dataclass():
    from dataclasses import dataclass

    @meta_class
    @dataclass
    class Data:
        prefix: str
        width: int = 4

        def __post_init__(self):
            self.x = T.alloc_var("int32", self.width)

        def grow(self):
            self.x[0] *= self.width

    def kernel(A):
        with T.Kernel(1):
            d = Data("d", width=6)
            d.grow()
            A[0] = d.x

    a = ints(0)
    run(kernel, a)
    assert a[0] == 36 and names_in(kernel, a) == ["d_x"]


# Places ----------------------------------------------------------------------


def test_locations_show_constructor_and_calls():
    def kernel(A):
        with T.Kernel(1):
            c = Counter("c", 3)
            c.advance()

    text = trace(kernel, ints(0)).module.text(True)
    start = Counter.__init__.__wrapped__.__code__.co_firstlineno
    assert re.search(rf'test_meta.py":{start + 3}:', text), text
    assert text.count("callsite(") >= 3


def test_state_of_a_closed_kernel_cannot_be_used():
    kept = []

    def first(A):
        with T.Kernel(1):
            kept.append(Counter("c", 3))

    def second(A):
        with T.Kernel(1):
            A[0] = kept[0].count

    trace(first, ints(0))
    with pytest.raises(RuntimeError, match="`c_count` is used outside its defining"):
        trace(second, ints(0))

"""tile.language.meta: state in kernels, and where it may be used."""

from __future__ import annotations

import re

import numpy as np
import pytest
from helpers import ints, poison, run, trace
from meta_helpers import Counter, Faster, names_in

import tile
import tile.language as T
from tile import JITNoBuilderError
from tile.language.meta import meta_class


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


def test_locations_show_constructor_and_calls():
    def kernel(A):
        with T.Kernel(1):
            c = Counter("c", 3)
            c.advance()

    text = trace(kernel, ints(0)).module.text(True)
    start = Counter.__init__.__wrapped__.__code__.co_firstlineno
    assert re.search(rf'meta_helpers.py":{start + 3}:', text), text
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

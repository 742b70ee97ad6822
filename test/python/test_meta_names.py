"""tile.language.meta: names of the state that constructors make."""

from __future__ import annotations

import pytest
from helpers import ints
from meta_helpers import Counter, Faster, Kinds, names_in

import tile.language as T
from tile.language.meta import meta_class


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

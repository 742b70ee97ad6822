"""Classes with state in kernels that the tests of tile.language.meta use."""

from __future__ import annotations

import re

from helpers import trace

import tile.language as T
from tile.language.meta import inline, meta_class


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

"""The hash of Python values that all processes share."""

from __future__ import annotations

import collections
import dataclasses
import enum
import functools
import math
import subprocess
import sys
import threading
import types
from pathlib import Path

import numpy as np
import pytest

import tile.language as T
from tile import _core
from tile.cache.digest import NotStorable, digest_of


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@dataclasses.dataclass
class Config:
    rows: int = 1
    sizes: list[int] = dataclasses.field(default_factory=list)


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class Counted(list):
    pass


LIMIT = 3


def uses_global(x):
    return x + LIMIT


def uses_config(x):
    return CONFIG.rows + x


CONFIG = Config()


def make(value):
    def inner(x):
        return x + value

    return inner


def add_default(x, y=1):
    return x + y


def nested(x):
    def inner():
        return [LIMIT for _ in range(x)]

    return inner


DISTINCT = [
    None,
    ...,
    True,
    1,
    1.0,
    -0.0,
    0.0,
    1j,
    "1",
    b"1",
    range(1),
    (1, 2),
    [1, 2],
    [2, 1],
    ((1,), 2),
    {1: 2},
    {2: 1},
    {1, 2},
    frozenset({1, 2}),
    Color.RED,
    Color.BLUE,
    Config(1),
    Config(2),
    Config(1, [1]),
    Slots(1),
    Slots(2),
    uses_global,
    make(1),
    make(2),
    make("1"),
    functools.partial(make, 1),
    math.sqrt,
    math.exp,
    math,
    np,
    int,
    Config,
    T.float32,
    T.float16,
    T.int8,
    T.uint8,
    np.dtype("float32"),
    np.float32(1),
    np.array([1, 2]),
    np.array([1, 3]),
    Path("/a"),
    T.dynamic("m"),
    T.dynamic("n"),
    T.dynamic("n") * 2,
    T.Tensor((4,), "float32"),
    T.Tensor((4,), "float16"),
    T.Tensor((4, 4), "float32"),
]


def test_different_values_have_different_hashes():
    found = [digest_of(value) for value in DISTINCT]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("value", DISTINCT, ids=lambda value: repr(value)[:20])
def test_a_value_has_one_hash(value):
    assert digest_of(value) == digest_of(value)


def test_equal_values_share_a_hash():
    assert digest_of(Config(3, [4])) == digest_of(Config(3, [4]))
    assert digest_of(make(3)) == digest_of(make(3))
    assert digest_of({1, "a", (2,)}) == digest_of({(2,), "a", 1})
    one = [1]
    assert digest_of([one, 2]) == digest_of([[1], 2])


def test_items_do_not_run_together():
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert digest_of(["a"], "b") != digest_of(["a", "b"])
    assert digest_of("1 2:x") != digest_of("1", "x")


def test_captured_globals_count(monkeypatch):
    names = globals()
    for function, name, other in (
        (uses_global, "LIMIT", 4),
        (nested, "LIMIT", 4),
        (uses_config, "CONFIG", Config(7)),
    ):
        before = digest_of(function)
        monkeypatch.setitem(names, name, other)
        assert digest_of(function) != before
        monkeypatch.undo()
        assert digest_of(function) == before


def test_defaults_and_members_count(monkeypatch):
    before = digest_of(add_default)
    monkeypatch.setattr(add_default, "__defaults__", (2,))
    assert digest_of(add_default) != before
    before = digest_of(Config)
    monkeypatch.setattr(Config, "rows", 5)
    assert digest_of(Config) != before


def test_recursion_ends():
    loop: list[object] = [1]
    loop.append(loop)
    assert digest_of(loop) == digest_of(loop)

    def again(n):
        return again(n - 1) if n else 0

    assert digest_of(again) == digest_of(again)


@pytest.mark.parametrize(
    "value",
    [
        threading.Lock(),
        object(),
        iter([1]),
        collections.deque([1]),
        collections.OrderedDict(a=1),
        functools.lru_cache(uses_global),
        Counted([1]),
        np.array([object()]),
        np.zeros(1 << 20),
        [1].append,
        sys.stdout,
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_values_are_refused(value):
    with pytest.raises(NotStorable):
        digest_of(value)
    with pytest.raises(NotStorable):
        digest_of([{"a": value}])


def test_refusals_say_what_is_refused(monkeypatch):
    monkeypatch.setattr(math.cbrt, "__module__", "made_here")
    for value, message in (
        (iter([1]), "a value of type list_iterator"),
        ([1].append, "a method of a list"),
        (np.zeros(1 << 20), "a large array"),
        (np.array([object()]), "an array of objects"),
        (_core.Context(), "a tile._core.Context"),
        (types.ModuleType("made_here"), "the module made_here"),
        (math.cbrt, "the native function cbrt"),
    ):
        with pytest.raises(NotStorable, match=message):
            digest_of(value)


def test_functions_that_fill_lists_are_refused():
    log: list[int] = []

    def fills(x):
        log.append(x)

    with pytest.raises(NotStorable, match="may fill a list"):
        digest_of(fills)


def test_other_processes_agree():
    code = "import test_digest as t; print(*map(t.digest_of, t.DISTINCT))"
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent,
            env={**__import__("os").environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]

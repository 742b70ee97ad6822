"""What a kernel reads besides its arguments may change between two calls."""

from __future__ import annotations

import functools
import importlib
import sys
import types

import numpy as np
import pytest

import tile
import tile.language as T
from tile.jit import impl

Vec = T.Tensor((4,), "float32")
X = np.full(4, 1.5, np.float32)


def run(kernel):
    """The factor that a kernel multiplies by, in a first and in a later call."""
    found = []
    for _ in range(2):
        result = np.zeros(4, np.float32)
        kernel(X, result)
        found.append(float(result[0]) / 1.5)
    assert found[0] == found[1]
    return found[0]


def kernel_of(read):
    def scale(A: Vec, B: Vec):
        with T.Kernel(1, threads=32):
            for i in T.Parallel(4):
                B[i] = A[i] * read()

    return tile.jit(scale, target="cpu")


class Class:
    factor = 2.0


class Slots:
    __slots__ = ("__factor",)

    def __init__(self):
        self.factor = 2.0

    @property
    def factor(self):
        return self.__factor

    @factor.setter
    def factor(self, value):
        self.__factor = value


class Derived(Class):
    pass


def function_with_attribute():
    return function_with_attribute.factor


module = types.ModuleType("captured_module")
cfg: object = None


@pytest.mark.parametrize(
    "make, is_native",
    [
        (lambda: type("New", (), {"factor": 2.0}), True),
        (lambda: type("New", (Class,), {"factor": 2.0}), False),
        (lambda: types.SimpleNamespace(factor=2.0), False),
        (Slots, False),
        (lambda: module, True),
        (lambda: function_with_attribute, True),
    ],
)
def test_attributes(monkeypatch, make, is_native):
    monkeypatch.setitem(globals(), "cfg", make())
    cfg.factor = 2.0
    kernel = kernel_of(lambda: cfg.factor)
    for factor in (2.0, 3.0, 5.0, 2.0):
        cfg.factor = factor
        assert run(kernel) == factor
        assert len(kernel) == is_native
    for factor in (7.0, 9.0):  # another one of the same name
        other = type("New", (), {"factor": factor})
        monkeypatch.setitem(globals(), "cfg", other)
        assert run(kernel) == factor


def test_rebound_modules_and_element_types(monkeypatch):
    first, second = types.ModuleType("first"), types.ModuleType("second")
    first.factor, second.factor = 2.0, 9.0
    monkeypatch.setitem(globals(), "module", first)
    kernel = kernel_of(lambda: module.factor)
    assert run(kernel) == 2.0
    monkeypatch.setitem(globals(), "module", second)
    assert run(kernel) == 9.0
    monkeypatch.setitem(globals(), "cfg", np.float32)
    kernel = kernel_of(lambda: T.cast(T.cast(2.5, cfg), "float32"))
    assert run(kernel) == 2.5
    monkeypatch.setitem(globals(), "cfg", np.int32)
    assert run(kernel) == 2.0


def test_reloaded_modules(monkeypatch, tmp_path):
    text = "import tile.language as T\n@T.macro\ndef f():\n    return {}\n"
    path = tmp_path / "reloaded_macros.py"
    path.write_text(text.format(2.0))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    macros = importlib.import_module("reloaded_macros")
    kernel = kernel_of(lambda: macros.f())
    assert run(kernel) == 2.0
    path.write_text(text.format(17.0))
    importlib.invalidate_caches()
    importlib.reload(macros)
    assert run(kernel) == 17.0


def test_contents():
    table, names, signs = np.array([2.0]), {1, 2}, [0.0]
    kernel = kernel_of(lambda: float(table[0]))
    for table[0] in (2.0, 3.0):
        assert run(kernel) == table[0] and len(kernel) == 0
    kernel = kernel_of(lambda: float(len(names)))
    assert run(kernel) == 2.0
    names |= {3}
    assert run(kernel) == 3.0
    kernel = kernel_of(lambda: 1.0 if str(signs[0]) == "0.0" else 2.0)
    assert run(kernel) == 1.0
    signs[0] = -0.0
    assert run(kernel) == 2.0


def test_the_same_object_in_other_places():
    a, b = Class(), Class()
    a.factor, b.factor = 2.0, 3.0
    pair = [a, b, a]
    kernel = kernel_of(lambda: pair[2].factor)
    assert run(kernel) == 2.0
    pair[2] = b
    assert run(kernel) == 3.0


def test_defaults(monkeypatch):
    def helper(k=2.0, *, j=1.0):
        return k * j

    kernel = kernel_of(lambda: helper())
    assert run(kernel) == 2.0 and len(kernel) == 1
    helper.__defaults__ = (3.0,)
    assert run(kernel) == 3.0 and len(kernel) == 1
    helper.__kwdefaults__["j"] = 2.0
    assert run(kernel) == 6.0
    helper.__kwdefaults__ = {"j": 5.0}
    assert run(kernel) == 15.0


@pytest.mark.parametrize("wrap", [T.macro, lambda function: function])
def test_defaults_of_new_functions(monkeypatch, wrap):
    def make(factor):
        @wrap
        def helper(k=factor):
            return k

        return helper

    kernel = kernel_of(lambda: cfg())
    for factor in (2.0, 3.0):
        monkeypatch.setitem(globals(), "cfg", make(factor))
        assert run(kernel) == factor and len(kernel) == 1


def test_partial_functions_and_methods(monkeypatch):
    def times(k):
        return k

    kernel = kernel_of(lambda: cfg())
    for factor in (2.0, 3.0):
        monkeypatch.setitem(globals(), "cfg", functools.partial(times, k=factor))
        assert run(kernel) == factor
    owner = types.SimpleNamespace(factor=4.0)
    method = types.MethodType(lambda self: self.factor, owner)
    monkeypatch.setitem(globals(), "cfg", method)
    for owner.factor in (4.0, 5.0):
        assert run(kernel) == owner.factor


FACTOR = 2.0


def scale_global(A: Vec, B: Vec):
    with T.Kernel(1, threads=32):
        for i in T.Parallel(4):
            B[i] = A[i] * FACTOR


def test_changes_while_a_kernel_is_built(monkeypatch):
    build = impl._build

    def change(*args, **kwargs):
        kernel = build(*args, **kwargs)
        monkeypatch.setitem(globals(), "FACTOR", 5.0)
        return kernel

    monkeypatch.setattr(impl, "_build", change)
    kernel = tile.jit(scale_global, target="cpu")
    result = np.zeros(4, np.float32)
    kernel(X, result)
    assert len(kernel) == 0
    monkeypatch.setattr(impl, "_build", build)
    assert run(kernel) == 5.0
    monkeypatch.setitem(globals(), "FACTOR", 2.0)
    assert run(kernel) == 2.0


def bump():
    global FACTOR
    FACTOR += 1.0


def bumping(A: Vec, B: Vec):
    with T.Kernel(1, threads=32):
        for i in T.Parallel(4):
            B[i] = A[i] * FACTOR
    bump()


def test_a_trace_that_changes_what_it_captures(monkeypatch, tmp_path):
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path))
    monkeypatch.setitem(globals(), "FACTOR", 2.0)
    monkeypatch.setenv("TILE_DISABLE_CACHE", "0")
    for _ in range(2):
        kernel = tile.jit(bumping, target="cpu")
        for _ in range(2):
            before, result = FACTOR, np.zeros(4, np.float32)
            kernel(X, result)
            assert float(result[0]) == 1.5 * before and FACTOR == before + 1.0
    assert tile.cache.info().entries == 0

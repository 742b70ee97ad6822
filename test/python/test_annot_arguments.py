"""What annotations give the body of a traced function."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pytest
from helpers import fresh

import tile
import tile.language as T
from tile.frontend.function import FunctionTrace
from tile.language import annot as A

E = TypeVar("E")


def test_arguments_come_in_order():
    def f(n: T.int32, X: T.Tensor[[int, T.dyn["K"]], E], c: int, d: T.dtype): ...

    annot = A.FuncAnnot.from_function(f)
    table = A.ArgVarTable()
    with FunctionTrace.open("f") as function:
        values = {"n": 4, "X": fresh(3, 4), "c": 5, "d": "half"}
        made = {n: annot.create_argument(n, v, table) for n, v in values.items()}
    assert [a.name for a in function.arguments] == annot.ker_arg_names == ["n", "X"]
    assert made["c"] == 5 and made["d"] is T.float16
    rows, columns = made["X"].shape
    assert rows == 3 and columns is table.var_tab["K"]
    assert (made["X"].dtype, made["X"].scope()) == (T.float32, "global")


def test_what_buffers_offer_in_a_kernel():
    annot = T.StridedTensor[[4, T.dyn["M"]], [T.dyn["s"], 2], "float16"]
    with FunctionTrace.open("f"):
        value = T.StridedTensor((4, 5), (11, 2), "half")
        x = annot.create_prim_func_arg("X", value, A.ArgVarTable())
        rows, columns = x.shape
        assert rows == 4 and columns.name == "M"
        assert x.strides[0].name == "s" and x.strides[1] == 2
        assert (x.dtype, x.scope(), x.name, x.ndim) == (T.float16, "global", "X", 2)
        assert x.data is x
        assert x[1, 2].dtype is T.float16
        assert x[1:3, 0].shape == (2,)
        x[-1, -1] = x[0, 0] + 1


def test_sizes_are_shared_by_name():
    table = A.ArgVarTable()
    rows = T.Tensor[[T.dyn["M"], T.dyn], "float32"]
    columns = T.Tensor[[4, T.dyn["M"]], "float32"]
    x = rows.create_prim_func_arg("X", fresh(6, 5), table)
    y = columns.create_prim_func_arg("Y", fresh(4, 6), table)
    assert x.shape[0] is y.shape[1]
    assert list(table.var_tab) == ["M", "X_shape_1"]


MATCHES = [
    (T.Tensor[[int, 1], "float32"], [(4, 1)], [(4, 2), (4,), (4, 1, 1)]),
    (T.Tensor[[T.dyn, 8], "float32"], [(4, 8), (0, 8)], [(4, 9), (8,)]),
    (T.Tensor[[0], "float32"], [(0,)], [(1,)]),
    (T.Tensor[Any, "float32"], [(), (4,), (4, 5, 6)], []),
    (T.Tensor, [(), (4,), (4, 5, 6)], []),
    (T.Buffer[[int, int], "float32"], [(4, 5)], [(4,)]),
    (T.StridedTensor[[4, int], [6, 1], "float32"], [(4, 6)], [(4, 5)]),
]


@pytest.mark.parametrize("annot, right, wrong", MATCHES)
def test_matching(annot, right, wrong):
    for shape in right:
        made = annot.create_prim_func_arg("X", fresh(*shape), A.ArgVarTable())
        assert len(made.shape) == len(shape) and made.name == "X"
    for shape in wrong:
        with pytest.raises(AssertionError, match="static value mismatch"):
            annot.create_prim_func_arg("X", fresh(*shape), A.ArgVarTable())
        with pytest.raises(AssertionError, match="static value mismatch"):
            annot.create_prim_func_arg("X", T.Tensor(shape, "float32"), A.ArgVarTable())
    if annot.dtype is not None:
        with pytest.raises(TypeError, match="Tensor dtype mismatch: .*'X'"):
            value = fresh(*right[0], dtype=np.float16)
            annot.create_prim_func_arg("X", value, A.ArgVarTable())
    for value in (4, "text", None):
        with pytest.raises(TypeError, match="Unsupported buffer argument type: .*'X'"):
            annot.create_prim_func_arg("X", value, A.ArgVarTable())


def test_match_shape():
    table = A.ArgVarTable()
    match = A.BufferAnnot.match_shape
    assert match(None, (4, 5), table) == (4, 5)
    assert match([4, int], (4, 5), table) == (4, 5)
    (symbol,) = match([T.dyn["M"]], (7,), table)
    assert symbol is table.var_tab["M"]
    for shape, target in [([int], (4, 5)), ([4], (5,)), ([0], (5,)), ([int] * 2, (4,))]:
        with pytest.raises(AssertionError, match="static value mismatch"):
            match(shape, target, table)


@T.macro
def halve(x: T.SharedBuffer[[16, int], Any], y: T.FragmentBuffer((1,), "int8")):
    for i, j in T.Parallel(*x.shape):
        x[i, j] = x[i, j] / 2


def test_parameters_of_macros():
    @tile.jit
    def run(X: T.Tensor[[16, 8], T.float32], wrong: bool):
        with T.Kernel(1, threads=32):
            shared = T.alloc_shared((16, 8), "float32")
            fragment = T.alloc_fragment((16, 8), "float32")
            T.copy(X, shared)
            halve(fragment if wrong else shared, fragment)
            T.copy(shared, X)

    x = fresh(16, 8)
    expected = x / 2
    run(x, False)
    np.testing.assert_array_equal(x, expected)
    message = "`x`: expected a buffer in shared.dyn, got one in local.fragment"
    with pytest.raises(TypeError, match=message):
        run(x, True)


@T.macro
def sum_up(values: T.LocalBuffer[[int], "float32"], out: T.Tensor, row):
    for k in T.serial(values.shape[0]):
        out[row] += values[k]


def test_local_buffers_of_macros():
    @tile.jit
    def run(X: T.Tensor[[16, 8], T.float32], Y: T.Tensor[[16], T.float32], wrong: bool):
        with T.Kernel(16, threads=32) as i:
            values = T.alloc_local((8,), "float32")
            for k in T.serial(8):
                values[k] = X[i, k]
            sum_up(X if wrong else values, Y, i)

    x, y = fresh(16, 8), np.zeros(16, np.float32)
    run(x, y, False)
    np.testing.assert_allclose(y, x.sum(1), rtol=1e-4, atol=1e-5)
    with pytest.raises(TypeError, match="`values`: expected a buffer in local, got"):
        run(x, y, True)


def test_buffers_of_a_block_in_inlined_functions():
    with FunctionTrace.open("f"):
        with T.Kernel(1, threads=32):
            shared = T.alloc_shared((16, 8), "float16")
            fragment = T.alloc_fragment((16, 8), "float32")
            local = T.alloc_local((4,), "float32")
            for annot, buffer in [
                (T.SharedBuffer[[16, int], "float16"], shared),
                (T.FragmentBuffer, fragment),
                (T.LocalBuffer[[4], Any], local),
                (T.Buffer[[int, 8], Any], shared),
            ]:
                made = annot.create_prim_func_arg("x", buffer, A.ArgVarTable())
                assert made is buffer
            for annot, buffer, error, message in [
                (T.SharedBuffer, fragment, TypeError, "a buffer in shared.dyn"),
                (T.Tensor, shared, TypeError, "in global, got one in shared.dyn"),
                (T.LocalBuffer[[4], "float16"], local, TypeError, "dtype mismatch"),
                (T.LocalBuffer[[5], Any], local, AssertionError, "expected 5, got 4"),
                (T.LocalBuffer[[4, 1], Any], local, AssertionError, "expected rank 2"),
            ]:
                with pytest.raises(error, match=message):
                    annot.create_prim_func_arg("x", buffer, A.ArgVarTable())

"""Annotations as objects: what users write and what it becomes."""

from __future__ import annotations

import inspect
import subprocess
import sys
import typing
from typing import Any, Generic, Optional, TypeVar

import numpy as np
import pytest

import tile.language as T
from tile.annotations.placeholder import Pointer, Scalar
from tile.errors import ShapeMismatchError
from tile.frontend.function import FunctionTrace
from tile.language import annot as A
from tile.language.symbols import Formula, Symbol
from tile.language.v2 import annot as v2

K = TypeVar("K")


def classify(hint: Any) -> A.Annot:
    """The annotation of a parameter `x` with this hint."""
    signature = inspect.Signature(
        [inspect.Parameter("x", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    )
    return A.FuncAnnot.from_sig_annots(signature, {"x": hint}).annots["x"]


# Scope, Annot, ArgVarTable ----------------------------------------------------


def test_scopes():
    scopes = ("global", "shared.dyn", "local", "local.fragment")
    assert set(typing.get_args(A.Scope)) == set(scopes)
    annots = (T.Tensor, T.SharedBuffer, T.LocalBuffer, T.FragmentBuffer)
    for annot, scope in zip(annots, scopes):
        assert annot.scope == scope
        assert annot((4, 4), "float16").scope() == scope
    assert T.Buffer.scope == T.StridedTensor.scope == "global"
    assert T.Tensor((4,), "float16", scope="local").scope() == "local"


def test_scopes_of_buffers():
    with FunctionTrace.open("f") as function:
        tensor = function.add_tensor("A", (4,), T.float32)
        with T.Kernel(1, threads=32):
            buffers = (
                tensor,
                T.alloc_shared(4),
                T.alloc_local(4),
                T.alloc_fragment(4),
            )
            scopes = [buffer.scope() for buffer in buffers]
    assert scopes == ["global", "shared.dyn", "local", "local.fragment"]
    assert set(scopes) == set(typing.get_args(A.Scope))


def test_annot_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        A.Annot()

    class Least(A.Annot):
        def with_name(self, name):
            return self

        def get_key_parser(self):
            return lambda name, value: (value,)

        def create_prim_func_arg(self, name, value, vt):
            return value

    assert Least().is_kernel_arg() is False
    assert Least().promote() is None
    assert classify(Least()).create_prim_func_arg("x", 3, A.ArgVarTable()) == 3


def test_arg_var_table():
    table = A.ArgVarTable()
    assert (table.var_tab, table.tmp_name_idx) == ({}, 0)
    k = table.get_or_create_var("K", "int32")
    assert table.get_or_create_var("K", T.int32) is k
    assert table.var_tab["K"] is k and k.name == "K"
    assert table.get_or_create_var("", "int32").name == "varg_0"
    assert table.get_or_create_var("", "int32").name == "varg_1"
    assert table.create_tmp_name() == "varg_2" and table.tmp_name_idx == 3
    table.get_or_create_var("varg_3", "int32")
    assert table.create_tmp_name() == "varg_4"
    with pytest.raises(TypeError, match="expected `K` to be int32.* got int64"):
        table.get_or_create_var("K", "int64")
    assert isinstance(table.get_or_create_var("f", "float32"), Scalar)


# Value ------------------------------------------------------------------------

N = T.dynamic("N")

FROM_VALUE = [
    # value, kind, name, dtype, value
    (128, "static", None, "int32", 128),
    (0, "static", None, "int32", 0),
    (np.int64(7), "static", None, "int32", 7),
    (2.5, "static", None, "float32", 2.5),
    (T.int64, "dynamic", None, "int64", None),
    (T.dyn["K"], "dynamic", "K", "int32", None),
    (K, "static", "K", "int32", None),
    (Any, "static", None, "int32", None),
    (None, "static", None, "int32", None),
    (int, "static", None, "int32", None),
    (T.dtype, "static", None, "int32", None),
    (list[int], "static", None, "int32", None),
    (Optional[int], "static", None, "int32", None),
    (int | None, "static", None, "int32", None),
]


@pytest.mark.parametrize("value, kind, name, dtype, fixed", FROM_VALUE)
def test_from_value(value, kind, name, dtype, fixed):
    made = A.Value.from_value(value)
    assert (made.kind, made.name, made.dtype, made.value) == (kind, name, dtype, fixed)
    assert made.is_kernel_arg() == (kind == "dynamic")


def test_from_value_of_symbols():
    symbol = A.Value.from_value(N)
    assert (symbol.kind, symbol.name) == ("dynamic", "N") and symbol.value is N
    formula = A.Value.from_value(N * 4 + 1, "rows")
    assert (formula.kind, formula.name) == ("dynamic", "rows")
    assert isinstance(formula.value, Formula)
    same = A.Value("static")
    assert A.Value.from_value(same) is same
    assert A.Value.from_value(T.dyn) is T.dyn
    named = A.Value.from_value(int, "rows")
    assert named.name == "rows"


@pytest.mark.parametrize("value", [True, np.bool_(False), "K", object(), [1], 3j])
def test_from_value_refuses(value):
    with pytest.raises(TypeError, match="Unsupported Value annotation: .*, type: "):
        A.Value.from_value(value)


def test_value_defaults():
    value = A.Value()
    assert (value.kind, value.name, value.value, value.creator) == (
        "dynamic",
        None,
        None,
        None,
    )
    assert value.dtype == "int32"


@pytest.mark.parametrize(
    "value, text",
    [
        (A.Value("static", value=128), "128"),
        (A.Value("static", "M"), "M$"),
        (A.Value("dynamic", "K"), "K$dyn"),
        (A.Value("static"), "$unnamed$"),
        (A.Value(), "$unnamed$dyn"),
        (A.Value.from_value(N * 2), "N * 2"),
        (T.dyn["K"], "K$dyn"),
        (A.DTypeAnnot("d"), "d$"),
    ],
)
def test_repr_of_values(value, text):
    assert repr(value) == text


def test_value_with_name():
    assert A.Value("static").with_name("M").name == "M"
    assert A.Value("static", "K").with_name("M").name == "K"
    creator = lambda: N  # noqa: E731
    renamed = A.Value(creator=creator).with_name("M")
    assert renamed.creator is creator


def test_value_keys():
    assert A.Value("static", "x").parse_key(7) == (7,)
    assert A.Value("static", "x").get_key_parser()("x", "text") == ("text",)
    assert A.Value("dynamic", "x").parse_key(7) == (None,)
    assert A.Value("static", "x", value=0).parse_key(0) == (0,)
    with pytest.raises(AssertionError, match="mismatch for x: expected 0, got 64"):
        A.Value("static", "x", value=0).parse_key(64)
    one, yes = (A.Value("static", "x").parse_key(v) for v in (1, True))
    assert one != yes
    frozen = A.Value("static", "x").parse_key({"a": [1, {2}]})
    assert hash(frozen) == hash(A.Value("static", "x").parse_key({"a": [1, {2}]}))


def test_value_arguments_outside_of_a_trace():
    table = A.ArgVarTable()
    assert A.Value("static", "x").create_prim_func_arg("x", 7, table) == 7
    fixed = A.Value("static", "x", value=0)
    assert fixed.create_prim_func_arg("x", 0, table) == 0
    with pytest.raises(ShapeMismatchError, match="static value mismatch for x"):
        fixed.create_prim_func_arg("x", 1, table)
    dynamic = A.Value("dynamic", "K")
    var = dynamic.create_prim_func_arg("x", None, table)
    assert isinstance(var, Symbol) and table.var_tab == {"K": var}
    assert A.Value().create_prim_func_arg("x", None, table).name == "x"
    assert A.Value().create_prim_func_arg("", None, table).name == "varg_0"
    assert A.Value.from_value(N).create_prim_func_arg("x", None, table) is N
    assert A.Value(creator=lambda: N).create_prim_func_arg("x", None, table) is N


def test_value_arguments_in_a_trace():
    with FunctionTrace.open("f") as function:
        table = A.ArgVarTable()
        T.dyn["K"].create_prim_func_arg("k", None, table)
        unused = T.dyn["L"].create_prim_func_arg("l", None, table, create_arg=False)
        T.dyn[T.float32, "x"].create_prim_func_arg("y", None, table)
    assert isinstance(unused, Symbol)
    assert [(a.name, a.dtype.name) for a in function.arguments] == [
        ("k", "int32"),
        ("y", "float32"),
    ]
    assert '#tile.dyn<"K", i32>, tile.name = "k"' in str(function.module)


# DynAnnot, DTypeAnnot, TIRAnnot -----------------------------------------------


@pytest.mark.parametrize(
    "annot, name, dtype",
    [
        (T.dyn, None, "int32"),
        (T.dyn["K"], "K", "int32"),
        (T.dyn[T.int64], None, "int64"),
        (T.dyn[T.int64, "K"], "K", "int64"),
        (T.dyn[Any, "K"], "K", "int32"),
        (T.dyn[None, "K"], "K", "int32"),
        (T.dyn[float, "x"], "x", "float32"),
    ],
)
def test_dyn(annot, name, dtype):
    assert isinstance(annot, A.DynAnnot) and isinstance(annot, A.Value)
    assert (annot.kind, annot.name, annot.dtype) == ("dynamic", name, dtype)
    assert annot.is_kernel_arg() and annot.parse_key(5) == (None,)


def test_dyn_call():
    k = T.dyn(name="K")
    assert isinstance(k, Symbol) and (k.name, k.dtype) == ("K", "int32")
    assert T.dyn("int64", "K").dtype == "int64"
    assert isinstance(T.dyn(), Scalar) and T.dyn().dtype == "int32"
    assert isinstance(T.dyn("float32", "x"), Scalar)
    assert T.Tensor((k, 4), "float32").shape[0] is k


@pytest.mark.parametrize(
    "params, error",
    [
        (("int32", "K", 1), TypeError),
        (("int32", 5), TypeError),
        ((5,), TypeError),
        (5, TypeError),
        ("not a name", ValueError),
    ],
)
def test_bad_dyn(params, error):
    with pytest.raises(error):
        T.dyn[params]


def test_dtype_annot():
    annot = A.DTypeAnnot()
    assert not annot.is_kernel_arg()
    assert annot.with_name("d").name == "d"

    class TorchType:
        def __repr__(self):
            return "torch.float16"

    TorchType.__module__ = "torch"
    spellings = (
        *("float16", "half", T.float16, np.float16, np.dtype("float16"), TorchType()),
    )
    assert {annot.parse_key(s) for s in spellings} == {(T.float16,)}
    assert {annot.get_key_parser()("d", s) for s in spellings} == {(T.float16,)}
    for spelling in spellings:
        made = annot.create_prim_func_arg("d", spelling, A.ArgVarTable())
        assert made is T.float16
    for method in (annot.parse_key, lambda v: annot.create_prim_func_arg("d", v, None)):
        with pytest.raises(TypeError, match="Invalid DataType 'quux', expect one of"):
            method("quux")


def test_tir_annot():
    placeholder = T.Buffer((128,), "float32")
    annot = A.TIRAnnot(placeholder)
    assert annot.is_kernel_arg() and annot.get_key_parser()("A", None) == (None,)
    named = annot.with_name("A")
    assert named.data.name == "A" and placeholder.name is None
    assert repr(named) == "A: Tensor((128), float32)"
    table = A.ArgVarTable()
    assert annot.create_prim_func_arg("B", None, table).name == "B"
    # A symbol keeps the name that it has in sizes.
    assert A.TIRAnnot(N).with_name("n").data is N
    assert A.TIRAnnot(N).create_prim_func_arg("n", None, table) is N
    assert A.TIRAnnot(Pointer()).create_prim_func_arg("p", None, table).name == "p"


# Classification ---------------------------------------------------------------


class Config:
    pass


S = TypeVar("S")


class Box(Generic[S]):
    pass


@pytest.mark.parametrize(
    "hint",
    [int, float, bool, str, Config, None, Any, Optional[int], tuple[int, ...], K]
    + [list[int], Box[int], typing.Callable[[int], int], int | None],
)
def test_compile_time_parameters(hint):
    annot = classify(hint)
    assert isinstance(annot, A.Value) and annot.kind == "static"
    assert not annot.is_kernel_arg() and repr(annot) == "x$"


@pytest.mark.parametrize(
    "hint, kind, is_kernel_arg",
    [
        (T.dtype, A.DTypeAnnot, False),
        (T.float32, A.TIRAnnot, True),
        (T.int32, A.TIRAnnot, True),
        (T.bool, A.TIRAnnot, True),
        (T.float32(), A.TIRAnnot, True),
        (T.ptr, A.TIRAnnot, True),
        (T.ptr(), A.TIRAnnot, True),
        (T.dyn, A.DynAnnot, True),
        (T.dyn["K"], A.DynAnnot, True),
        (T.dyn[T.int64, "K"], A.DynAnnot, True),
        (T.Tensor((4, 4), "float32"), A.TIRAnnot, True),
        (T.Tensor[[4, 4], "float32"], A.TIRAnnot, True),
        (T.Tensor[[int, 4], "float32"], A.TensorAnnot, True),
        (T.StridedTensor[[int], [1], "float32"], A.StridedTensorAnnot, True),
        (T.Tensor, A.TensorAnnot, True),
        (T.Buffer((4,), "float32"), A.TIRAnnot, True),
        (N, A.TIRAnnot, True),
    ],
)
def test_classification(hint, kind, is_kernel_arg):
    annot = classify(hint)
    assert type(annot) is kind
    assert annot.is_kernel_arg() == is_kernel_arg


def test_formulas_are_no_parameters():
    with pytest.raises(TypeError, match="a size with a name as an annotation, got N"):
        classify(N * 2)


@pytest.mark.parametrize(
    "annot, scope",
    [
        (T.FragmentBuffer[[4], "float32"], "local.fragment"),
        (T.SharedBuffer, "shared.dyn"),
        (T.LocalBuffer((4,), "float32"), "local"),
    ],
)
def test_buffers_of_a_block_are_no_kernel_arguments(annot, scope):
    with pytest.raises(TypeError, match=f"argument 'x': .* got one in {scope}"):
        classify(annot)


@pytest.mark.parametrize("parameters", ["x, /", "*x", "**x"])
def test_parameters_that_kernels_cannot_have(parameters):
    names: dict[str, Any] = {}
    exec(f"def f({parameters}): pass", names)
    with pytest.raises(TypeError, match=r"f\(\) argument 'x': a kernel cannot have"):
        A.FuncAnnot.from_function(names["f"])


# Type checkers, import paths --------------------------------------------------


def test_import_paths():
    names = (
        "Scope Annot ArgVarTable Value BufferAnnot TensorAnnot StridedTensorAnnot "
        "FragmentBufferAnnot SharedBufferAnnot LocalBufferAnnot DynAnnot DTypeAnnot "
        "TIRAnnot Buffer FuncAnnot Tensor StridedTensor FragmentBuffer SharedBuffer "
        "LocalBuffer dyn ptr make_tensor"
    ).split()
    for name in names:
        assert getattr(v2, name) is getattr(A, name) is getattr(T, name), name


def test_type_checkers_know_buffers(tmp_path):
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(
        "from tile.language.annot import Buffer, FuncAnnot, Scope\n"
        "def f(a: Buffer[tuple[int, int], float]) -> None:\n"
        "    scope: Scope = a.scope()\n"
        "    a[0, 1:2] = a[1, 0]\n"
        "    print(a.shape[0], a.dtype.name, a.strides, scope)\n"
        "    a.extent\n"
    )
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--ignore-missing-imports", str(program)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    errors = [line for line in result.stdout.splitlines() if "program.py" in line]
    assert len(errors) == 1 and 'has no attribute "extent"' in errors[0], result


def test_every_annotation_says_what_it_is():
    hints = [T.Tensor[[int], "float32"], T.dyn["K"], int, T.dtype, T.float32, T.ptr]
    texts = [repr(classify(hint)) for hint in hints]
    assert texts == [
        "Tensor[[x_shape_0$], float32]",
        "K$dyn",
        "x$",
        "x$",
        "x: float32",
        "x: ptr",
    ]

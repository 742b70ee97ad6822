"""What a bound call gives: arguments of the kernel, tensors, absent arguments."""

from __future__ import annotations

import types
from typing import Any, Optional, TypeVar

import numpy as np
import pytest

import tile.language as T
from tile import _core
from tile.language import annot as A

E = TypeVar("E")
F16, F32 = np.float16, np.float32


def sign(function: Any, **enclosing: Any) -> A.FuncAnnot:
    return A.FuncAnnot.from_function(function, enclosing)


def test_kernel_arguments():
    def f(n: T.int32, A: T.Tensor[[int, int], F16], bm: int, x: T.float32 = 2.5): ...

    a = np.zeros((1024, 512), F16)
    annot = sign(f)
    assert annot.convert_to_kernel_args(bm=4, A=a, n=-7) == [-7, a, 2.5]
    packed = annot.bind((-7, a, 4), {}).kernel_arguments
    assert packed[0] & 0xFFFFFFFF == 2**32 - 7
    assert packed[1][:2] == (a.ctypes.data, a.shape)
    assert packed[2] == 0x40200000
    assert annot.bind((-7, a, 4), {}).arguments["bm"] == 4


def test_tensors_of_many_kinds():
    a = np.arange(24, dtype=F32).reshape(2, 3, 4)[:, ::2, 1:3]

    class Torch:
        dtype, shape = "float32", a.shape
        device = types.SimpleNamespace(type="cuda", index=1)
        data_ptr = staticmethod(lambda: 4096)
        stride = staticmethod(lambda: (12, 8, 1))

    class DLPack:
        def __dlpack__(self, **options):
            return a.__dlpack__(**options)

        def __dlpack_device__(self):
            return a.__dlpack_device__()

    class Cuda:
        __cuda_array_interface__ = {
            "data": (8192, False),
            "shape": (2, 3),
            "strides": (24, 8),
            "typestr": "<i8",
        }

    strides = (12, 8, 1)
    here = a.ctypes.data
    assert _core.describe_tensor(a) == (here, "float32", (2, 2, 2), strides, (1, 0))
    assert _core.describe_tensor(memoryview(a)) == _core.describe_tensor(a)
    assert _core.describe_tensor(DLPack()) == _core.describe_tensor(a)
    assert _core.describe_tensor(Torch()) == (
        *(4096, "float32", (2, 2, 2), strides),
        (2, 1),
    )
    assert _core.describe_tensor(Cuda()) == (8192, "int64", (2, 3), (3, 1), (2, 0))
    assert _core.describe_tensor(a[::-1])[3] == (-12, 8, 1)
    a.setflags(write=False)
    assert _core.describe_tensor(a)[0] == here
    assert _core.describe_tensor(4) is None

    class Broken:
        def __dlpack__(self, **options):
            return 4

    with pytest.raises(TypeError, match="cannot read the tensor of type 'Broken'"):
        _core.describe_tensor(Broken())
    for name in "int8 int16 int32 int64 uint8 float16 float64 bool complex64".split():
        assert _core.describe_tensor(np.zeros(1, name))[1] == name
    unaligned = np.zeros(3, np.dtype([("x", F32), ("y", np.int8)]))["x"]
    with pytest.raises(ValueError, match="multiples of the size of an element"):
        _core.describe_tensor(unaligned)


def test_types_of_ml_dtypes():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
        a = np.zeros((4, 6), getattr(ml_dtypes, name))[::2]
        assert _core.describe_tensor(a) == (
            *(a.ctypes.data, name, (2, 6), (12, 1)),
            (1, 0),
        )


def test_annotations_of_a_call():
    def f(A: T.Tensor[[int, T.dyn["K"]], E], B: T.Tensor, n: T.int32, c: int): ...

    call = sign(f).bind((np.zeros((4, 6), F16), np.zeros(3, F32), 1, 2), {})
    assert call.bound.annotations == [
        "#tile.tensor<[4, K], f16>",
        "#tile.tensor<[3], f32>",
        '#tile.dyn<"n", i32>',
        None,
    ]


def test_what_is_known_without_a_call():
    def none(): ...

    def known(A: T.Tensor[[T.dyn["M"], 4], F32], n: T.int32, k: T.dyn["K"]): ...

    def mixed(A: T.Tensor[[4], F32], B: T.Tensor[[int], F32], c: int, d: T.dtype): ...

    assert sign(none).is_all_static() and sign(none).parse_key() == ()
    assert sign(known).is_all_static()
    assert sign(known).get_compile_time_unknown_args() == []
    static = sign(known).get_all_static_args()
    assert list(static) == ["A", "n", "k"] and static["k"].name == "K"
    assert repr(static["A"]) == "A: Tensor((M, 4), float32)"
    assert not sign(mixed).is_all_static()
    assert sign(mixed).get_compile_time_unknown_args() == ["B", "c", "d"]
    assert list(sign(mixed).get_all_static_args()) == ["A"]


# Optional arguments ------------------------------------------------------------


def test_optional_tensors():
    def f(
        a: Optional[T.Tensor[[int], F32]],
        b: T.Tensor[[int], F32] | None,
        c: T.Tensor[[4], F32] = None,
    ): ...

    annot = sign(f)
    x = np.zeros(4, F32)
    assert annot.ker_arg_names == ["a", "b", "c"]
    assert not annot.is_all_static()
    cases = [(x, x), (x, x, None), (None, x), (x, None), (None, None), (x, x, x)]
    keys = {annot.bind(args, {}).key for args in cases}
    assert len(keys) == 5
    assert len({annot.parse_key(*args) for args in [(x, x), (x, x, x)]}) == 2
    assert annot.convert_to_kernel_args(None, x) == [x]
    call = annot.bind((None, x), {})
    assert call.annot.ker_arg_names == ["b"]
    assert call.annot.create_argument("a", None, A.ArgVarTable()) is None
    with pytest.raises(TypeError, match="'b': expected a tensor, found 4"):
        annot.bind((None, 4), {})


def test_none_for_tensors():
    def f(A: T.Tensor[[4], F32], p: T.ptr): ...

    annot = sign(f)
    with pytest.raises(TypeError, match="'A': expected a tensor, found none"):
        annot.bind((None, None), {})
    packed = annot.bind((None, None), {}, allow_absent=True).kernel_arguments
    assert packed == [(0, (-1,), None), (0, (), None)]


# Placeholders in calls ---------------------------------------------------------


def test_placeholders_without_numbers():
    M = T.dynamic("M")

    def f(
        A: T.Tensor((M, 4), F32), n: T.int32, p: T.ptr, x: T.float32, k: T.dyn["K"]
    ): ...

    annot = sign(f, M=M)
    static = annot.get_all_static_args()
    values = (np.zeros((3, 4), F32), 7, 0, 1.5, 9)
    expected = annot.bind(values, {}).key
    assert annot.bind(tuple(static.values()), {}, allow_absent=True).key == expected
    mixed = (values[0], T.int32(), T.ptr(), T.float32(), T.dyn(name="K"))
    assert annot.bind(mixed, {}).key == expected

    def g(A: T.Tensor[[int, 4], F32]): ...

    with pytest.raises(TypeError, match="numbers, got a tensor with the size M"):
        sign(g).bind((T.Tensor((M, 4), F32),), {})

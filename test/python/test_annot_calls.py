"""Calls bound to annotations: classification, checks, keys."""

from __future__ import annotations

import array
import enum
import inspect
import re
import types
from typing import Any, TypeVar

import numpy as np
import pytest

import tile.language as T
from tile.errors import ShapeMismatchError
from tile.language import annot as A

K = TypeVar("K")
E = TypeVar("E")
F16, F32 = np.float16, np.float32


def sign(function: Any, **enclosing: Any) -> A.FuncAnnot:
    return A.FuncAnnot.from_function(function, enclosing)


def key(annot: A.FuncAnnot, *args: Any, **kwargs: Any) -> Any:
    """The key of a call; the short one is equal when the long one is."""
    return annot.parse_key(*args, **kwargs), annot.bind(args, kwargs).key


def test_signature():
    def f(A: T.Tensor[[int, 8], T.float16], n: T.int32, d: T.dtype, bm: int = 64): ...

    annot = sign(f)
    assert annot.arg_names == ["A", "n", "d", "bm"] == list(annot.annots)
    assert annot.ker_arg_names == ["A", "n"]
    assert annot.sig == inspect.signature(f)
    assert set(annot.arg_parser) == set(annot.arg_names)
    assert annot.arg_parser["bm"]("bm", 7) == (7,)
    assert repr(annot.annots["A"]) == "Tensor[[A_shape_0$, 8], float16]"
    assert list(annot.signature.kernel_parameters) == annot.ker_arg_names
    assert list(annot.signature.unknown_parameters) == ["A", "d", "bm"]


def test_text_annotations():
    # This file has `from __future__ import annotations`: all of them are text.
    def f(a: "T.float32", b: "float32", c: 'T.Tensor[[int], "float16"]', d: int): ...

    annot = sign(f)
    assert annot.ker_arg_names == ["a", "b", "c"]
    assert repr(annot.annots["b"]) == "b: float32"

    def unknown(a: nothing_of_this_name): ...  # noqa: F821

    with pytest.raises(NameError, match="unknown: the annotation .* of parameter `a`"):
        sign(unknown)


def test_closures():
    rows = 12

    def f(A: T.Tensor[[rows, int], T.float32]) -> nothing: ...  # noqa: F821

    # The body does not use `rows`, so Python does not keep it.
    annot = sign(f, **locals())
    assert repr(annot.annots["A"]) == "Tensor[[12, A_shape_1$], float32]"

    def g(A: T.Tensor[[rows], T.float32]):
        return rows

    assert repr(sign(g).annots["A"]) == "A: Tensor((12), float32)"


def test_keyword_only_parameters():
    def f(a: int, *, b: int = 2): ...

    annot = sign(f)
    assert annot.parse_key(1, b=3) == (("a", (1,)), ("b", (3,)))
    with pytest.raises(TypeError, match="takes 1 positional arguments but 2 were"):
        annot.parse_key(1, 3)


# Keys -------------------------------------------------------------------------


def gemm_arrays():
    return np.zeros((1024, 512), F16), np.zeros((512, 256), F16)


def test_keys_of_shapes():
    """The examples of the reference, without its mistakes: a default is as good as
    the value, and the strides of a contiguous tensor make no other kernel."""
    a, _ = gemm_arrays()

    def f(A: T.Tensor[[int, int], T.float16], bm: int = 64): ...

    tensor = ("A", ((1024, 512), (), T.float16))
    assert sign(f).parse_key(a) == (tensor, ("bm", (64,)))
    assert key(sign(f), a) == key(sign(f), a, 64)
    assert key(sign(f), a) != key(sign(f), a, 128)

    def rows(A: T.Tensor[[T.dyn, int], Any]): ...

    assert sign(rows).parse_key(a) == (("A", ((512,), (), T.float16)),)
    assert key(sign(rows), a) == key(sign(rows), a[:3])
    assert key(sign(rows), a) != key(sign(rows), a.astype(F32))

    def columns(A: T.Tensor[[int, T.dyn["K"]], T.float16]): ...

    assert sign(columns).parse_key(a) == (("A", ((1024,), (), T.float16)),)
    other = np.zeros((1024, 77), F16)
    assert key(sign(columns), a) == key(sign(columns), other)

    def strided(A: T.StridedTensor[[T.dyn, T.dyn], [T.dyn, T.dyn], Any]): ...

    assert sign(strided).parse_key(a[::2, ::2]) == (("A", ((), (), T.float16)),)
    assert key(sign(strided), a[::2, ::2]) == key(sign(strided), a.T)

    def fixed(A: T.Tensor[[1024, 512], T.float16]): ...

    assert sign(fixed).parse_key(a) == (("A", (None,)),)

    def bare(A: T.Tensor): ...

    assert sign(bare).parse_key(a) == (("A", ((1024, 512), (), T.float16)),)
    shapes = [(4, 6), (6, 4), (24,), (4, 6, 1)]
    keys = {key(sign(bare), np.zeros(s, d)) for s in shapes for d in (F16, F32)}
    assert len(keys) == 8

    def buffer(A: T.Buffer): ...

    assert sign(buffer).parse_key(a.T) == (("A", ((512, 1024), (1, 512), T.float16)),)
    assert key(sign(buffer), a) != key(sign(buffer), np.asfortranarray(a))


def test_keys_are_sorted_by_name():
    def f(A: T.ptr, M: int, n: T.int32, d: T.dtype): ...

    a, _ = gemm_arrays()
    expected = (
        ("A", (None,)),
        ("M", (1024,)),
        ("d", (T.float16,)),
        ("n", (None,)),
    )
    assert sign(f).parse_key(a, 1024, 7, np.float16) == expected
    assert key(sign(f), a, 1024, 7, "half") == key(sign(f), 0, 1024, 8, T.float16)


def test_order_of_arguments_makes_no_difference():
    def f(a: int, b: str = "x", c: float = 1.5): ...

    keys = {
        key(sign(f), 1),
        key(sign(f), 1, "x"),
        key(sign(f), c=1.5, b="x", a=1),
        key(sign(f), 1, c=1.5),
        key(sign(f), a=np.int32(1), c=np.float64(1.5)),
    }
    assert len(keys) == 1


def test_placeholders_have_the_keys_of_tensors():
    def f(A: T.Tensor[[int, T.dyn], Any], B: T.StridedTensor[[int], [int], Any]): ...

    a, b = np.zeros((4, 6), F16), np.zeros(10, F32)[::2]
    placeholders = T.Tensor((4, 6), "half"), T.StridedTensor((5,), (2,), "float32")
    assert key(sign(f), a, b) == key(sign(f), *placeholders)


def test_tensors_of_torch_have_the_keys_of_placeholders():
    """A stand-in with the interface of torch, as torch need not be there."""

    class TorchType:
        def __init__(self, name: str) -> None:
            self.name = name

        def __repr__(self) -> str:
            return f"torch.{self.name}"

    TorchType.__module__ = "torch"

    class Torch:
        def __init__(self, array: np.ndarray) -> None:
            self.array, self.shape = array, array.shape
            self.dtype = TorchType(array.dtype.name)
            self.device = types.SimpleNamespace(type="cpu", index=None)

        def data_ptr(self):
            return self.array.ctypes.data

        def stride(self):
            return tuple(s // self.array.itemsize for s in self.array.strides)

    def f(A: T.Tensor[[int, T.dyn], Any], B: T.StridedTensor[[int], [int], Any]): ...

    a, b = np.zeros((4, 6), F16), np.zeros(10, F32)[::2]
    placeholders = T.Tensor((4, 6), "half"), T.StridedTensor((5,), (2,), "float32")
    assert key(sign(f), Torch(a), Torch(b)) == key(sign(f), *placeholders)
    assert key(sign(f), Torch(a.astype(F32)), Torch(b)) != key(sign(f), *placeholders)
    with pytest.raises(TypeError, match="'A'.*expected a tensor"):
        key(sign(f), a.tolist(), b)


def test_real_tensors_of_torch_have_the_keys_of_placeholders():
    torch = pytest.importorskip("torch")

    def f(A: T.Tensor[[int, T.dyn], Any], d: T.dtype): ...

    tensor = torch.zeros((4, 6), dtype=torch.float16)
    placeholder = T.Tensor((4, 6), "half")
    assert key(sign(f), tensor, torch.float16) == key(sign(f), placeholder, "half")


class Color(enum.IntEnum):
    RED = 1


def double(x):
    return 2 * x


def test_compile_time_values():
    def f(x): ...

    annot = sign(f)
    values = [
        *(1, True, 1.0, "1", None, (1,), [1], (True,), {1: 2}, {1}, frozenset({1})),
        *(T.float16, T.tfloat32, T.float32, Color.RED, double, double.__code__, b"1"),
        *(2**70, 2**70 + 1, -(2**70), -0.0, 0.0, (), [], {}, "", types, ("a", "b")),
        *(("ab",), ("ab", ""), ((1,), 2), (1, (2,)), {"a": (1,)}, {"a": [1]}),
    ]
    keys = [annot.bind((v,), {}).key for v in values]
    assert len(set(keys)) == len(values)
    assert keys == [annot.bind((v,), {}).key for v in values]


def test_equal_compile_time_values():
    def f(x): ...

    annot = sign(f)
    for one, other in [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 2, 3}, {3, 2, 1}),
        (np.int64(4), 4),
        (np.float64(0.5), 0.5),
        (np.bool_(True), True),
        (np.array(4), 4),
        (T.float16, np.dtype("float16")),
        (np.float16, T.float16),
        ([np.int32(1), np.float32], [1, T.float32]),
    ]:
        assert annot.bind((one,), {}).key == annot.bind((other,), {}).key
    assert annot.bind((np.int64(4),), {}).values == [4]
    assert type(annot.bind((np.int64(4),), {}).values[0]) is int
    assert annot.bind((np.dtype("int8"),), {}).values == [T.int8]


def test_sizes_as_compile_time_values():
    def f(M: int, x=None): ...

    annot, n = sign(f), T.dynamic("n")
    values = [n, n + 1, n * 2, T.dynamic("m"), 4, "n"]
    assert len({annot.bind((4, v), {}).key for v in values}) == len(values)
    assert len({annot.parse_key(4, v) for v in values}) == len(values)
    again = T.dynamic("n")
    assert annot.bind((n, [n]), {}).key == annot.bind((again, [again]), {}).key
    assert annot.parse_key(n, (n,)) == annot.parse_key(again, (again,))


def test_fixed_values():
    def f(a: A.Value("static", value=3), b: A.Value("static", value=1e-05)): ...

    annot = sign(f)
    assert annot.is_all_static() and annot.ker_arg_names == []
    assert annot.get_all_static_args() == {"a": 3, "b": 1e-05}
    assert annot.bind((), {}).values == [3, 1e-05]
    assert key(annot, 3, 1e-05) == key(annot)
    with pytest.raises(ValueError, match="'a': expected 3, found 4"):
        annot.bind((4,), {})
    with pytest.raises(ValueError, match="'b': expected 1.*e-05, found 1.5"):
        annot.parse_key(b=1.5)


def test_functions_are_themselves():
    def f(fn): ...

    annot = sign(f)
    assert annot.bind((double,), {}).key == annot.bind((double,), {}).key
    one, other = (lambda x: x), (lambda x: x)
    assert annot.bind((one,), {}).key != annot.bind((other,), {}).key


def test_values_that_cannot_be_keys():
    def f(x): ...

    class Unhashable:
        __hash__ = None  # type: ignore[assignment]

    with pytest.raises(TypeError, match="Unsupported unhashable .* type 'Unhashable'"):
        sign(f).bind((Unhashable(),), {})
    with pytest.raises(TypeError, match="'x': expected a compile-time value, found a"):
        sign(f).bind((np.zeros(4, F32),), {})
    with pytest.raises(TypeError, match="a tensor cannot be part of a compile-time"):
        sign(f).bind(([np.zeros(4, F32)],), {})
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(RecursionError):
        sign(f).bind((endless,), {})


# Arguments that do not fit -----------------------------------------------------


def test_placement():
    def f(a: int, b: int = 2): ...

    annot = sign(f)
    for args, kwargs, message in [
        ((), {}, r"f\(\) missing 1 required argument: 'a'"),
        ((1, 2, 3), {}, r"f\(\) takes 2 positional arguments but 3 were given"),
        ((1,), {"c": 3}, r"f\(\) got an unexpected keyword argument 'c'"),
        ((1,), {"a": 3}, r"f\(\) got multiple values for argument 'a'"),
    ]:
        for method in (annot.parse_key, annot.convert_to_kernel_args):
            with pytest.raises(TypeError, match=message):
                method(*args, **kwargs)


#: Annotation, value, exception, message.
MISMATCHES: list[tuple[Any, Any, type, str]] = [
    (T.Tensor[[int], F32], 4, TypeError, "Unsupported buffer argument type: .*found 4"),
    (T.Tensor[[int], F32], "text", TypeError, "expected a tensor, found 'text'"),
    (T.Tensor[[int], F32], object(), TypeError, "found a value of type 'object'"),
    (T.Tensor[[int], F32], None, TypeError, "found none"),
    (T.Tensor[[int], F32], np.zeros(4, F16), TypeError, "expected dtype float32"),
    (T.Tensor[[4], F32], np.zeros(4, F16), TypeError, "Tensor dtype mismatch: .* 'x'"),
    (T.Tensor[[int], F32], np.zeros((4, 4), F32), AssertionError, "expected rank 1"),
    (T.Tensor[[int, 128], F32], np.zeros((4, 64), F32), AssertionError, "size 1: exp"),
    (T.Tensor[[0], F32], np.zeros(4, F32), AssertionError, "expected 0, found 4"),
    (T.Tensor[[4], F32], np.zeros(5, F32), ShapeMismatchError, "expected 4, found 5"),
    (T.Tensor[[int], F32], np.zeros(8, F32)[::2], RuntimeError, "of a contiguous"),
    (T.Tensor, np.zeros((4, 4), F32).T, ShapeMismatchError, "of a contiguous tensor"),
    (T.StridedTensor[[4], [2], F32], np.zeros(4, F32), ValueError, "0: expected 2"),
    (T.Tensor, np.zeros(4, ">f4"), TypeError, "elements of format '>f'"),
    (T.Tensor, np.zeros(4, "M8[s]"), TypeError, "Invalid DataType"),
    (T.Tensor, np.zeros(4, "f4,i4"), TypeError, "unsupported elements of format"),
    (T.int32, 2**31, ValueError, "expected -2147483648 to 2147483647 for i32"),
    (T.int32, 1.5, TypeError, "expected an integer, found 1.5"),
    (T.int32, True, TypeError, "expected an integer, found true"),
    (T.int64, 2**64, TypeError, "expected an integer"),
    (T.bool, 1, TypeError, "expected true or false, found 1"),
    (T.float32, "1", TypeError, "expected a number, found '1'"),
    (T.float16, 1e6, ValueError, "expected a number in the range of f16"),
    (T.dyn, None, TypeError, "expected an integer, found none"),
    (T.ptr, 1.5, TypeError, "expected a tensor or an address, found 1.5"),
    (T.dtype, "quux", TypeError, "Invalid DataType 'quux', expect one of"),
    (int, "64", TypeError, "argument `x`: expected int, got '64' of type str"),
    (int, True, TypeError, "expected int, got True"),
    (int, 64.0, TypeError, "expected int, got 64.0"),
    (bool, 1, TypeError, "expected bool, got 1"),
    (str, 4, TypeError, "expected str, got 4"),
    (float, "4", TypeError, "expected float, got '4'"),
]


@pytest.mark.parametrize("hint, value, error, message", MISMATCHES)
def test_mismatches(hint, value, error, message):
    def f(x): ...

    annot = A.FuncAnnot.from_sig_annots(inspect.signature(f), {"x": hint}, "f")
    with pytest.raises(error, match=message) as info:
        annot.bind((value,), {})
    assert "Invalid" in message or re.search("'x'|`x`", str(info.value))


@pytest.mark.parametrize(
    "hint, value",
    [
        (int, np.int8(4)),
        (float, 4),
        (float, np.float32(0.5)),
        (bool, np.bool_(True)),
        (str, "text"),
        (str, T.float16),
        (int | None, None),
        (dict[str, int], {"a": 1}),
        (T.float32, 1),
        (T.float32, np.float64(1.5)),
        (T.float32, float("inf")),
        (T.int32, np.uint8(200)),
        (T.bool, False),
        (T.ptr, np.zeros((4, 4), F16)),
        (T.ptr, 4096),
        (T.Tensor, np.zeros((), F32)),
        (T.Tensor[[int, 4], F32], np.zeros((4, 8), F32)[:1, :4]),
        (T.Tensor[[0, int], F32], np.zeros((0, 8), F32)[:, ::2]),
        (T.Tensor[[int], "bfloat16"], np.zeros(4, np.uint16)),
        (T.Tensor[[int], "float8_e4m3fn"], np.zeros(4, np.uint8)),
        (T.Tensor[[int], "bool"], np.zeros(4, np.int8)),
        (T.Tensor[[4], "float32"], memoryview(array.array("f", [1, 2, 3, 4]))),
        (T.Tensor, np.broadcast_to(np.float32(1), (1, 1))),
    ],
)
def test_matches(hint, value):
    def f(x): ...

    annot = A.FuncAnnot.from_sig_annots(inspect.signature(f), {"x": hint}, "f")
    assert annot.bind((value,), {}).values[0] is not annot


def test_names_agree():
    def f(
        A: T.Tensor[[T.dyn["M"], K], E],
        B: T.Tensor[[K, T.dyn["M"]], E],
        M: T.dyn["M"],
    ): ...

    annot = sign(f)
    a, b = np.zeros((4, 6), F32), np.zeros((6, 4), F32)
    assert key(annot, a, b, 4)
    for args, message in [
        ((a, np.zeros((5, 4), F32), 4), "'B' size 0: expected 6, which is K"),
        ((a, np.zeros((6, 5), F32), 4), "'B' size 1: expected 4, which is M"),
        ((a, b, 5), "'A' size 0: expected 5, which is M"),
    ]:
        with pytest.raises(ShapeMismatchError, match=message):
            annot.bind(args, {})
    with pytest.raises(TypeError, match="expected dtype float32, which is E"):
        annot.bind((a, b.astype(F16), 4), {})


def test_devices():
    def f(A: T.Tensor): ...

    a = np.zeros(4, F32)
    assert sign(f).bind((a,), {}, device=(1, 0))
    with pytest.raises(ValueError, match="'A': expected a tensor on cuda:1, found one"):
        sign(f).bind((a,), {}, device=(2, 1))

"""Annotations of tensors and other buffers, and placeholders for them."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pytest

import tile.language as T
from tile.annotations.placeholder import Tensor as Placeholder
from tile.language import annot as A

K = TypeVar("K")
E = TypeVar("E")
N = T.dynamic("N")


# Buffers: call form -----------------------------------------------------------


def test_placeholder():
    a = T.Tensor((4, N), "half")
    assert isinstance(a, Placeholder)
    assert a.shape[0] == 4 and a.shape[1] is N
    assert a.dtype is T.float16 and a.ndim == 2 and a.name is None
    assert T.Tensor(7).shape == (7,) and T.Tensor(7).dtype is T.float32
    assert T.Tensor(N + 1).shape[0].text() == "N + 1"
    assert repr(a) == "Tensor((4, N), float16)"
    assert repr(a.renamed("A")) == "A: Tensor((4, N), float16)"


@pytest.mark.parametrize(
    "shape, strides",
    [
        ((), ()),
        ((5,), (1,)),
        ((5, 6), (6, 1)),
        ((5, 6, 7), (42, 7, 1)),
        ((5, 6, 7, 8), (336, 56, 8, 1)),
    ],
)
def test_contiguous_strides(shape, strides):
    assert T.Tensor(shape, "float32").strides == strides
    assert T.Buffer(shape, "float32").strides == strides


def test_contiguous_strides_of_symbols():
    M, L = T.dynamic("M L")
    strides = T.Tensor((2, 3, M, L), "float32").strides
    values = {"M": 5, "L": 7}
    assert [s if isinstance(s, int) else s.evaluate(values) for s in strides] == [
        105,
        35,
        7,
        1,
    ]


def test_strided_placeholder():
    a = T.StridedTensor((4, 5), (1, 4), "float32")
    assert (a.strides, a.is_contiguous) == ((1, 4), False)
    assert T.Tensor((4, 5), "float32", strides=(8, 1)).strides == (8, 1)
    assert "strides=(1, 4)" in repr(a)
    with pytest.raises(TypeError):
        T.StridedTensor((4, 5))
    with pytest.raises(ValueError, match="2 sizes and 1 strides"):
        T.StridedTensor((4, 5), (1,))


@pytest.mark.parametrize(
    "error, arguments",
    [
        (TypeError, ((True, 4), "float32")),
        (TypeError, ((2.0,), "float32")),
        (TypeError, (("M",), "float32")),
        (ValueError, ((-1,), "float32")),
        (TypeError, ((4,), "float31")),
    ],
)
def test_bad_placeholders(error, arguments):
    with pytest.raises(error):
        T.Tensor(*arguments)


@pytest.mark.parametrize(
    "option",
    [{"elem_offset": 4}, {"align": 64}, {"buffer_type": "auto"}, {"offset_factor": 1}],
)
def test_options_without_meaning(option):
    with pytest.raises(ValueError, match="takes no elem_offset"):
        T.Tensor((4,), "float32", **option)


# Buffers: subscript form ------------------------------------------------------


def entries(annot: Any) -> list[str]:
    return [repr(e) for e in annot.with_name("A").shape]


@pytest.mark.parametrize(
    "annot, shape, dtype",
    [
        (T.Tensor[[4, 8], "float16"], ["4", "8"], "float16"),
        (T.Tensor[(4, 8), T.float16], ["4", "8"], "float16"),
        (T.Tensor[4, T.float16], ["4"], "float16"),
        (T.Tensor[N, "half"], ["N"], "float16"),
        (T.Tensor[int, np.float16], ["A_shape_0$"], "float16"),
        (T.Tensor[[int, int], float], ["A_shape_0$", "A_shape_1$"], "float32"),
        (T.Tensor[[1024, int], np.dtype("int8")], ["1024", "A_shape_1$"], "int8"),
        (T.Tensor[[T.dyn, 128], bool], ["A_shape_0$dyn", "128"], "bool"),
        (T.Tensor[[T.dyn["M"], K], int], ["M$dyn", "K$"], "int32"),
        (T.Tensor[[T.int64, N * 2], bool], ["A_shape_0$dyn", "N * 2"], "bool"),
        (T.Tensor[[4]], ["4"], "float32"),
        (T.Tensor[4, 8], ["4", "8"], "float32"),
        (T.Tensor[4, N, int], ["4", "N", "A_shape_2$"], "float32"),
        (T.Tensor[[], "float32"], [], "float32"),
        (T.Buffer[[4, int], "float32"], ["4", "A_shape_1$"], "float32"),
        (T.StridedTensor[[int], [1], "float32"], ["A_shape_0$"], "float32"),
        (T.FragmentBuffer[[16, 16], "float32"], ["16", "16"], "float32"),
        (T.SharedBuffer[[16, int], "float32"], ["16", "A_shape_1$"], "float32"),
        (T.LocalBuffer[16, "float32"], ["16"], "float32"),
    ],
)
def test_subscripts(annot, shape, dtype):
    assert entries(annot) == shape
    assert annot.dtype == dtype
    assert annot.is_kernel_arg()


def test_any_dtype_and_any_rank():
    for element in (Any, None):
        assert T.Tensor[[int], element].dtype is None
    typed = T.Tensor[[int], E]
    assert (typed.dtype, typed.type_variable) == (None, "E")
    for shape in (Any, None, ...):
        assert T.Tensor[shape, "float16"].shape is None
        strided = T.StridedTensor[shape, shape, "float16"]
        assert strided.shape is None and strided.strides is None
    assert T.Tensor.shape is None and T.Tensor.dtype is None
    assert repr(T.Tensor) == "Tensor"
    assert repr(T.Tensor[Any, E]) == "Tensor[Any, E]"


@pytest.mark.parametrize(
    "annot, params",
    [
        (T.Tensor, ()),
        (T.Tensor, ([4], "float32", 1)),
        (T.Tensor, ([4], [5])),
        (T.Tensor, (4, 8, "float32")),
        (T.StridedTensor, ([4], "float32")),
        (T.StridedTensor, ([4], [1], "float32", 1)),
        (T.StridedTensor, ([4, 5], [1], "float32")),
        (T.Tensor, ([-4], "float32")),
    ],
)
def test_bad_arity(annot, params):
    with pytest.raises(ValueError):
        annot[params]


@pytest.mark.parametrize("entry", [True, "M", 2.5, T.float32, object()])
def test_bad_sizes(entry):
    with pytest.raises(TypeError, match="Unsupported Value annotation"):
        T.Tensor[[4, entry], "float32"]


def test_bad_dtype():
    with pytest.raises(TypeError, match="Invalid DataType 'float31', expect one of"):
        T.Tensor[[4], "float31"]


def test_buffer_with_name():
    strided = T.StridedTensor[[int, T.dyn], [T.dyn, 1], "float32"].with_name("A")
    assert repr(strided) == (
        "StridedTensor[[A_shape_0$, A_shape_1$dyn], [A_stride_0$dyn, 1], float32]"
    )
    kept = T.Tensor[[T.dyn["M"], N], "float32"].with_name("A")
    assert repr(kept) == "Tensor[[M$dyn, N], float32]"


# Promotion --------------------------------------------------------------------


@pytest.mark.parametrize(
    "annot, is_promoted",
    [
        (T.Tensor[[1024, 1024], T.float32], True),
        (T.Tensor[[int, int], T.float32], False),
        (T.Tensor[[int], Any], False),
        (T.Tensor[[int, 1], Any], False),
        (T.Tensor[[T.dyn, 1], Any], False),
        (T.Tensor[[1024], Any], False),
        (T.Tensor[[1024], E], False),
        (T.Tensor[[K], "float32"], False),
        (T.Tensor[[N, N * 2], "float32"], True),
        (T.Tensor[[T.dyn["M"], 128], "float32"], True),
        (T.Tensor[[T.dyn, 128], "float32"], False),
        (T.Tensor[[T.dyn, 128], "float32"].with_name("A"), True),
        (T.Tensor[[], "float32"], True),
        (T.Tensor, False),
        (T.Tensor[Any, "float32"], False),
        (T.Buffer[[4, 4], "float32"], False),
        (T.StridedTensor[[4, 4], [4, 1], "float32"], True),
        (T.StridedTensor[[4, int], [4, 1], "float32"], False),
        (T.StridedTensor[[4, 4], [int, 1], "float32"], False),
        (T.StridedTensor[[4, 4], [N, 1], "float32"], True),
        (T.StridedTensor[[4, 4], Any, "float32"], False),
        (T.StridedTensor[[4, 4], [4, 1], Any], False),
        (T.dyn, False),
        (T.dyn[int, "X"], False),
        (A.DTypeAnnot(), False),
        (A.Value("static", value=3), False),
    ],
)
def test_promotion(annot, is_promoted):
    promoted = annot.promote()
    assert isinstance(promoted, A.TIRAnnot) == is_promoted
    assert promoted is None or promoted.promote() is promoted


def test_promoted_tensors():
    tensor = T.Tensor[[4, N], "float16"].promote().data
    assert tensor.is_contiguous and tensor.shape[1] is N
    strided = T.StridedTensor[[4, 4], [8, 2], "float16"].promote().data
    assert (strided.strides, strided.is_contiguous) == ((8, 2), False)


def test_shapes_hold_expressions_of_named_scalars() -> None:
    k, m = T.dyn["K"], T.dyn["M"]
    shape = [k + 1, 1 + k, k - 2, 9 - k, k * 2, 2 * k, k // 3, k % 4, k * m]
    annotation = T.Tensor[shape, T.float32]
    assert [s.text() for s in shape] == [
        "K + 1",
        "1 + K",
        "K - 2",
        "9 - K",
        "K * 2",
        "2 * K",
        "K // 3".replace("//", "floordiv"),
        "K mod 4",
        "K * M",
    ]
    assert len(annotation.shape) == 9
    with pytest.raises(TypeError, match="without a name cannot stand in an expr"):
        T.dyn + 1

"""What kernels take from torch: element types, views, devices, gradients."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")

import tile
import tile.language as T

pytestmark = pytest.mark.host("the tensors are those of the CPU")


@tile.jit
def copy(A: T.Tensor[[T.dyn["m"]], Any]):
    C = T.empty((A.shape[0],), A.dtype)
    with T.Kernel(A.shape[0], threads=32) as bx:
        C[bx] = A[bx]
    return C


@tile.jit
def sum_strided(A: T.StridedTensor[[T.dyn["m"]], [T.dyn["s"]], T.float32]):
    C = T.empty((1,), "float32")
    with T.Kernel(1, threads=32):
        total = T.alloc_var("float32", 0.0)
        for i in range(A.shape[0]):
            total += A[i]
        C[0] = total
    return C


TYPES = [
    "bool", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32",
    "float64", "float8_e4m3fn", "float8_e5m2",
]  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
def test_types(name):
    dtype = getattr(torch, name)
    a = (torch.randn(37) * 50).to(dtype)
    b = copy(a)
    assert b.dtype is dtype and b.device == a.device
    assert torch.equal(b.view(torch.uint8), a.view(torch.uint8))


@pytest.mark.parametrize(
    "name", ["uint8", "uint16", "complex64", "float8_e4m3fnuz", "float8_e8m0fnu"]
)
def test_types_that_kernels_lack(name):
    a = torch.zeros(4, dtype=torch.float32).to(getattr(torch, name))
    with pytest.raises(TypeError, match=name):
        copy(a)


def test_views():
    a = torch.rand(10)
    assert torch.equal(copy(a[3:]), a[3:])
    assert copy(a[:0]).shape == (0,)
    # The stride of one element is no one's concern.
    assert torch.equal(copy(a.view(2, 5)[:1, 2]), a[2:3])
    for b in (a[::2], a[:1].expand(4), a.view(2, 5)[:, 1]):
        with pytest.raises(tile.errors.ShapeMismatchError, match="of a contiguous ten"):
            copy(b)
        torch.testing.assert_close(sum_strided(b), b.sum()[None])


def test_a_view_that_is_negated_where_it_is_read():
    a = torch.view_as_complex(torch.rand(4, 2)).conj().imag
    assert a.is_neg()
    with pytest.raises(ValueError, match="'A': .* found a negated view; call resolve"):
        sum_strided(a)
    torch.testing.assert_close(sum_strided(a.resolve_neg()), a.sum()[None])


def test_tensors_without_data():
    with pytest.raises(
        ValueError, match="'A': expected a tensor on .*, found one on m"
    ):
        copy(torch.empty(3, device="meta"))
    # They say what to compile for, all the same.
    assert copy.compile(torch.empty(3, device="meta")) is copy.compile(torch.rand(5))


def test_tensors_that_stand_for_others():
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        fake = torch.empty(3)
    with pytest.raises(
        ValueError, match="'A': expected a tensor with memory, found a 'FakeTensor' wit"
    ):
        copy(fake)
    sparse = torch.ones(3).to_sparse()
    with pytest.raises(
        ValueError, match="'A': expected a strided tensor, found one of layout torch.sp"
    ):
        copy(sparse)


def test_gradients_are_not_recorded():
    a = torch.rand(5, requires_grad=True)
    for b in (a, a * 2, torch.nn.Parameter(torch.rand(5))):
        c = copy(b)
        assert torch.equal(c, b) and not c.requires_grad

"""Operators whose sizes come from data, with results of integers and scratch."""

from __future__ import annotations

import io

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")

import tile
import tile.language as T
import tile.torch

pytestmark = pytest.mark.host("the tensors are those of the CPU")

M, N = T.dynamic("M, N")


@tile.jit
def pick(X: T.Tensor((M,), "float32"), I: T.Tensor((N,), "int64"), neg: T.bool):
    Y = T.empty((N,), "float32")
    J = T.empty((2 * N + 1,), "int64")
    S = T.alloc_global((N,), "float32")
    with T.Kernel(N, threads=32) as bx:
        S[bx] = X[I[bx]]
    with T.Kernel(2 * N + 1, threads=32) as bx:
        if bx < N:
            Y[bx] = -S[bx] if neg else S[bx]
        J[bx] = I[bx // 2] if bx < 2 * N else -1
    return Y, J


@tile.jit
def pick_backward(
    X: T.Tensor((M,), "float32"),
    I: T.Tensor((N,), "int64"),
    neg: T.bool,
    grad_Y: T.Tensor((N,), "float32"),
):
    grad_X = T.empty((M,), "float32")
    with T.Kernel(M, threads=32) as bx:
        total = T.alloc_var("float32", 0.0)
        for i in range(N):
            if I[i] == bx:
                total += grad_Y[i]
        grad_X[bx] = -total if neg else total
    return grad_X


op = tile.torch.custom_op("tile_test::pick", pick, backward=pick_backward)


def test_results_of_integers_have_no_gradient():
    x = torch.randn(20, requires_grad=True)
    index = torch.tensor([3, 5, 3])
    y, j = op(x, index, True)
    assert torch.equal(y, -x[index]) and j.tolist() == [3, 3, 5, 5, 3, 3, -1]
    assert y.requires_grad
    y.sum().backward()
    expected = torch.zeros(20)
    expected[3], expected[5] = -2, -1
    assert torch.equal(x.grad, expected)
    result = torch.library.opcheck(op, (x, index, False))
    assert set(result.values()) == {"SUCCESS"}, result


def positive(x):
    index = (x > 0).nonzero()[:, 0]
    return op(x, index, False)[0] * 2


def test_compiled():
    torch._dynamo.reset()
    with torch._dynamo.config.patch(capture_dynamic_output_shape_ops=True):
        compiled = torch.compile(positive, fullgraph=True, backend="aot_eager")
        for n in (20, 31, 7):
            x = torch.randn(n)
            assert torch.equal(compiled(x), x[x > 0] * 2)


def test_an_exported_program_is_saved():
    class Model(torch.nn.Module):
        def forward(self, x):
            return positive(x)

    size = torch.export.Dim("size", min=2)
    program = torch.export.export(
        Model(), (torch.randn(9),), dynamic_shapes=({0: size},)
    )
    file = io.BytesIO()
    torch.export.save(program, file)
    file.seek(0)
    loaded = torch.export.load(file).module()
    x = torch.randn(31)
    assert torch.equal(loaded(x), x[x > 0] * 2)

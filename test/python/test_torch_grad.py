"""Gradients of operators, computed by kernels."""

from __future__ import annotations

import functools

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")

import tile
import tile.language as T
import tile.torch

pytestmark = pytest.mark.host("the tensors are those of the CPU")

M, N = T.dynamic("M, N")


@tile.jit
def scaled_exp(
    X: T.Tensor((M,), "float64"), s: T.float64, W: T.Tensor((M,), "float64")
):
    Y = T.empty((M,), "float64")
    L = T.empty((M,), "float64")
    with T.Kernel(T.ceildiv(M, 32), threads=32) as bx:
        for i in T.Parallel(32):
            j = bx * 32 + i
            if j < M:
                Y[j] = T.exp(X[j]) * s
                L[j] = X[j] * W[j]
    return Y, L


@tile.jit
def scaled_exp_backward(
    grad_L: T.Tensor((M,), "float64"),
    Y: T.Tensor((M,), "float64"),
    grad_Y: T.Tensor((M,), "float64"),
    X: T.Tensor((M,), "float64"),
    W: T.Tensor((M,), "float64"),
):
    grad_W = T.empty((M,), "float64")
    grad_X = T.empty((M,), "float64")
    with T.Kernel(T.ceildiv(M, 32), threads=32) as bx:
        for i in T.Parallel(32):
            j = bx * 32 + i
            if j < M:
                grad_X[j] = grad_Y[j] * Y[j] + grad_L[j] * W[j]
                grad_W[j] = grad_L[j] * X[j]
    return grad_W, grad_X


op = tile.torch.custom_op(
    "tile_test::scaled_exp", scaled_exp, backward=scaled_exp_backward
)


def reference(x, s, w):
    return torch.exp(x) * s, x * w


def make(n, seed=0):
    return [torch.randn(n, dtype=torch.float64, requires_grad=True) for _ in range(2)]


def test_a_gradient():
    x, w = make(40)
    assert torch.autograd.gradcheck(lambda x, w: op(x, 1.5, w), (x, w))
    result = torch.library.opcheck(op, (x, 1.5, w))
    assert set(result.values()) == {"SUCCESS"}, result
    # One of two gradients, one of two results, a gradient with strides of 0.
    op(x, 2.0, w.detach())[0].sum().backward()
    assert w.grad is None
    torch.testing.assert_close(x.grad, 2 * x.detach().exp())


def test_a_gradient_in_a_compiled_function():
    torch._dynamo.reset()

    def loss(f, x, w):
        y, z = f(x * 2, 0.5, w)
        return (y * z).sum() + z.mean()

    compiled = torch.compile(
        lambda x, w: loss(op, x, w), fullgraph=True, dynamic=True, backend="aot_eager"
    )
    for n in (33, 5):
        x, w = make(n)
        found = torch.autograd.grad(compiled(x, w), (x, w))
        expected = torch.autograd.grad(loss(reference, x, w), (x, w))
        torch.testing.assert_close(found, expected)


@tile.jit
def double(X: T.Tensor((M,), "float32"), Z: T.Tensor((M,), "float32")):
    Y = T.empty((M,), "float32")
    with T.Kernel(M, threads=32) as bx:
        Y[bx] = 2.0 * X[bx] + Z[bx]
    return Y


@tile.jit
def double_backward(grad_Y: T.Tensor((M,), "float32")):
    grad_X = T.empty((M,), "float32")
    with T.Kernel(M, threads=32) as bx:
        grad_X[bx] = 2.0 * grad_Y[bx]
    return grad_X


def test_a_gradient_that_is_missing():
    plain = tile.torch.custom_op("tile_test::double", double)
    x = torch.rand(4, requires_grad=True)
    y = plain(x, torch.rand(4))
    with pytest.raises(RuntimeError, match="tile_test::double has no gradient: give"):
        y.sum().backward()
    half = tile.torch.custom_op("tile_test::half", double, backward=double_backward)
    (g,) = torch.autograd.grad(half(x, torch.rand(4)).sum(), x, create_graph=False)
    assert (g == 2).all()
    with pytest.raises(RuntimeError, match="no gradient of `Z`: detach it, or let dou"):
        half(x, torch.rand(4, requires_grad=True)).sum().backward()
    grad = torch.ones(4, requires_grad=True)
    (g,) = torch.autograd.grad(half(x, torch.rand(4)), x, grad, create_graph=True)
    with pytest.raises(RuntimeError, match="tile_test::half_backward has no gradient"):
        g.sum().backward()


def test_a_function_as_gradient():
    def save(ctx, inputs, output):
        ctx.save_for_backward(output)

    def backward(ctx, grad):
        (y,) = ctx.saved_tensors
        return 2 * grad, grad * y.sign()

    for name, function in [("own", backward), ("partial", functools.partial(backward))]:
        own = tile.torch.custom_op(
            f"tile_test::{name}", double, backward=function, setup_context=save
        )
        x, z = (torch.rand(4, requires_grad=True) for _ in range(2))
        found = torch.autograd.grad(own(x, z).sum(), (x, z))
        assert (found[0] == 2).all() and (found[1] == 1).all()


def test_a_compiled_kernel_as_gradient():
    compiled = tile.compile(double_backward.get_tir())
    op = tile.torch.custom_op("tile_test::compiled", double, backward=compiled)
    x = torch.rand(4, requires_grad=True)
    (g,) = torch.autograd.grad(op(x, torch.rand(4)).sum(), x)
    assert (g == 2).all()


def test_names_that_do_not_fit():
    def register(backward, forward=double, **options):
        tile.torch.custom_op("tile_test::bad", forward, backward=backward, **options)

    @tile.jit
    def other(grad_Q: T.Tensor((M,), "float32")):
        grad_X = T.empty((M,), "float32")
        with T.Kernel(M, threads=32) as bx:
            grad_X[bx] = grad_Q[bx]
        return grad_X

    with pytest.raises(ValueError, match="'grad_Q': expected one of X, Z, Y, grad_Y,"):
        register(other)

    @tile.jit
    def misnamed(grad_Y: T.Tensor((M,), "float32")):
        dX = T.empty((M,), "float32")
        with T.Kernel(M, threads=32) as bx:
            dX[bx] = grad_Y[bx]
        return dX

    with pytest.raises(ValueError, match="named grad_X, grad_Z, found `dX`"):
        register(misnamed)

    @tile.jit
    def writing(X: T.Tensor((M,), "float32"), Y: T.Tensor((M,), "float32")):
        with T.Kernel(M, threads=32) as bx:
            Y[bx] = X[bx]

    with pytest.raises(ValueError, match="kernel as a gradient to write only .* `Y`"):
        register(writing)
    with pytest.raises(ValueError, match="kernel with a gradient to write only .* `Y`"):
        register(double_backward, writing)
    with pytest.raises(TypeError, match="kernel or a function as backward, got int"):
        register(1)
    with pytest.raises(ValueError, match="expected setup_context with a function"):
        register(double_backward, setup_context=print)

"""Operators whose kernel is tuned."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")

import tile
import tile.language as T
import tile.torch

pytestmark = pytest.mark.host("the tensors are those of the CPU")

M = T.dynamic("M")


@tile.autotune(configs={"block": [32, 64]}, warmup=1, rep=1)
@tile.jit
def twice(X: T.Tensor((M,), "float32"), block: int, by: T.float32 = 2.0):
    Y = T.empty((M,), "float32")
    with T.Kernel(T.ceildiv(M, block), threads=32) as bx:
        for i in T.Parallel(block):
            if bx * block + i < M:
                Y[bx * block + i] = X[bx * block + i] * by
    return Y


def test_a_tuned_kernel():
    op = tile.torch.custom_op("tile_test::twice", twice)
    assert str(op._schema) == "tile_test::twice(Tensor X, float by=2.) -> Tensor"
    x = torch.rand(100)
    assert torch.equal(op(x, 3.0), x * 3)
    result = twice.get_tuner_result()
    assert result.config["block"] in (32, 64)
    op(x, 3.0)
    assert twice.get_tuner_result() is result
    compiled = torch.compile(
        lambda x: op(x * 2), fullgraph=True, dynamic=True, backend="aot_eager"
    )
    for n in (40, 90):
        x = torch.rand(n)
        assert torch.equal(compiled(x), x * 4)


def test_kernels_that_are_tuned_for_a_call():
    by_call = tile.autotune(configs=lambda *_, **__: [{"block": 32}])(twice.jit_impl)
    with pytest.raises(
        TypeError, match="do not depend on a call, got .*; tune it firs"
    ):
        tile.torch.custom_op("tile_test::bad", by_call)

    @tile.autotune(configs=[{"size": 32}])
    @tile.jit
    def lazy(size: int):
        @T.prim_func
        def kernel(X: T.Tensor((size,), "float32")):
            with T.Kernel(1, threads=32):
                X[0] = 1.0

        return kernel

    with pytest.raises(TypeError, match=r"custom_op\(name, lazy.compile\(...\)\)"):
        tile.torch.custom_op("tile_test::bad", lazy)

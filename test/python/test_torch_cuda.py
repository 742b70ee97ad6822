"""Operators of torch on a GPU: compiled, in CUDA graphs, on streams, on devices."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
if not torch.cuda.is_available():
    pytest.skip("needs a GPU", allow_module_level=True)

from cuda_helpers import add_one, gemm

import tile.torch

gemm_op = tile.torch.custom_op("tile_cuda_test::gemm", gemm)
add_one_op = tile.torch.custom_op("tile_cuda_test::add_one", add_one)


def make(m, n, k):
    return [torch.randn(s, device="cuda").half() for s in ((m, k), (k, n))]


def close(c, a, b):
    return torch.allclose(c.double(), a.double() @ b.double(), atol=1e-2, rtol=1e-3)


def test_opcheck():
    a, b = make(100, 33, 70)
    assert close(gemm_op(a, b), a, b)
    result = torch.library.opcheck(gemm_op, (a, b))
    assert set(result.values()) == {"SUCCESS"}, result
    # The same operator takes tensors of the CPU.
    assert close(gemm_op(a.cpu(), b.cpu()), a.cpu(), b.cpu())


def test_compiled():
    torch._dynamo.reset()
    compiled = torch.compile(
        lambda a, b: gemm_op(a, b).relu() + 1, fullgraph=True, dynamic=True
    )
    for m, n, k in [(100, 77, 65), (300, 130, 64), (5, 7, 9)]:
        a, b = make(m, n, k)
        expected = (a.double() @ b.double()).relu() + 1
        found = compiled(a, b).double()
        assert torch.allclose(found, expected, atol=1e-2, rtol=1e-3)


def test_in_cuda_graphs():
    torch._dynamo.reset()

    def step(a, b):
        c = gemm_op(a, b)
        d = c.sum(1)
        add_one_op(d)
        return c * 2, d

    compiled = torch.compile(step, fullgraph=True, mode="reduce-overhead")
    for _ in range(5):  # the first ones record
        a, b = make(128, 70, 96)
        torch.compiler.cudagraph_mark_step_begin()
        c, d = compiled(a, b)
        assert close(c / 2, a, b)
        expected = (a.double() @ b.double()).sum(1) + 1
        assert torch.allclose(d.double(), expected, atol=0.1, rtol=1e-3)
    counters = torch._dynamo.utils.counters["inductor"]
    assert counters.get("cudagraph_skips", 0) == 0, dict(counters)


def test_on_another_stream():
    x = torch.zeros(1 << 20, device="cuda")
    add_one_op(x)
    torch.cuda.synchronize()
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        torch.cuda._sleep(100_000_000)
        x.zero_()
        for _ in range(10):
            add_one_op(x)
        # Still asleep: what was launched has not run.
        assert not stream.query()
    stream.synchronize()
    assert (x == 10).all()


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="needs two GPUs")
def test_on_another_device():
    a, b = (x.to("cuda:1") for x in make(100, 33, 70))
    for function in (gemm, gemm_op):
        assert torch.cuda.current_device() == 0
        c = function(a, b)
        assert c.device == torch.device("cuda:1") and close(c, a, b)
        assert torch.cuda.current_device() == 0
        assert torch.empty(1, device="cuda").device.index == 0

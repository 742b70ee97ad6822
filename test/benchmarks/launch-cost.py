"""What a call costs the host: ours, torch.add with out=, and Triton's.

usage: launch-cost.py [--cpu] [--rounds N]

The kernel of ours and that of Triton take 3 tensors and 3 sizes that differ from
call to call. Prints the median over the rounds, in microseconds of the host for
each call; the three take turns. A round is 256 calls, fewer than the queue of a GPU
takes, and the wait for the GPU is not timed. Ends with 1 if ours takes longer than
torch.add, or than a third of Triton's launch.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

import torch

import tile
import tile.language as T

CALLS = 256
M, N, K = T.dynamic("M, N, K")


@tile.jit
def eager(
    A: T.Tensor((M, K), "float32"),
    B: T.Tensor((K, N), "float32"),
    C: T.Tensor((M, N), "float32"),
):
    with T.Kernel(1, threads=32):
        C[0, 0] = A[0, 0] + B[0, 0]


def make_triton():
    """A launch of the same arity as a function of three tensors."""
    import triton
    import triton.language as tl

    @triton.jit
    def kernel(a, b, c, m, n, k):
        tl.store(c, tl.load(a) + tl.load(b))

    def launch(a, b, c):
        (m, k), (_, n) = a.shape, b.shape
        kernel[(1,)](a, b, c, m, n, k)

    return launch


def make_calls(device: str):
    """The calls by name."""
    a = torch.rand(48, 80, device=device)
    b = torch.rand(80, 112, device=device)
    c = torch.zeros(48, 112, device=device)
    x, y, z = (torch.rand(64, 64, device=device) for _ in range(3))
    eager(a, b, c)
    assert torch.equal(c[0, 0], a[0, 0] + b[0, 0])
    kernel = eager.compile(a, b, c)
    calls = {
        "tile.jit function": lambda: eager(a, b, c),
        "tile kernel": lambda: kernel(a, b, c),
        "torch.add out=": lambda: torch.add(x, y, out=z),
    }
    if device == "cuda":
        try:
            launch = make_triton()
        except ImportError:
            return calls
        c.zero_()
        launch(a, b, c)
        assert torch.equal(c[0, 0], a[0, 0] + b[0, 0])
        calls["Triton"] = lambda: launch(a, b, c)
    return calls


def time_round(call, device: str) -> float:
    """The microseconds of one call."""
    if device == "cuda":
        torch.cuda.synchronize()
    begin = time.perf_counter()
    for _ in range(CALLS):
        call()
    spent = time.perf_counter() - begin
    if device == "cuda":
        torch.cuda.synchronize()
    return spent / CALLS * 1e6


def main() -> int:
    """Measures, prints, and says whether the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cpu", action="store_true", help="the CPU target")
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    device = "cpu" if options.cpu else "cuda"
    calls = make_calls(device)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(options.rounds):
        for name, call in calls.items():
            times[name].append(time_round(call, device))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:20} {median:8.2f} us")
    ours = medians["tile.jit function"]
    is_met = ours <= medians["torch.add out="]
    is_met &= ours <= medians.get("Triton", float("inf")) / 3
    return not is_met


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Products of the sizes of language models beside cuBLAS (torch.mm), on a GPU.

C = A B^T in bf16 with f32 sums, B as a linear layer stores its weights. Each
kernel has what `gemm_ir.pick` says for its size. It is checked first: on rows
chosen at random, against float64, with an output full of NaN. Times are those
of CUDA graphs of many calls, of ours and of cuBLAS in turns, on so many copies
of the operands that the L2 cache does not hold them; medians. The columns are
the times in us, the rate of ours in TFLOP/s and cuBLAS' time over ours.

    gpu-sweep.py                     the sweep, and the targets
    gpu-sweep.py --sizes=16x4096x4096 --try='{"tile": [64, 32, 128], ...}'
                                     also other arguments of `gemm_ir.gemm`
"""

import argparse
import json
import statistics

import torch
from gemm_ir import gemm, pick
from gpu_timing import Kernel, get_product_error, time_graphs

WIDTHS = [(4096, 4096), (14336, 4096), (4096, 14336), (28672, 8192), (8192, 28672)]
SIZES = [(m, n, k) for m in (16, 64, 128) for n, k in WIDTHS]
SIZES += [(32, 6144, 4096), (256, 4096, 4096), (512, 6144, 4096)]
SIZES += [(1024, 4096, 14336), (512, 28672, 8192), (1000, 777, 512)]
SIZES += [(2048, 4096, 4096), (2048, 14336, 4096), (4000, 4000, 4000)]
SIZES += [(4096, 4096, 4096), (4096, 6144, 4096), (4096, 4096, 14336)]
SIZES += [(8192, 8192, 8192), (8192, 28672, 8192), (8192, 8192, 28672)]
SIZES += [(16384, 4096, 4096), (16384, 6144, 4096), (16384, 14336, 4096)]

# The bytes that the copies of the operands have together, more than any L2.
ROTATED_BYTES = 200e6
# About the time that a graph takes, in us.
GRAPH_TIME = 3000


def is_skinny(sizes):
    return sizes[0] <= 128


def is_large(sizes):
    return min(sizes) >= 2048


def make_calls(choice, dynamic, sizes, copies, chip):
    """Calls of the kernel on each copy, or nothing when it is wrong."""
    m, n, _ = sizes
    kernel = Kernel(
        gemm((None,) * 3 if dynamic else sizes, element="bf16", transpose_b=True, **choice),
        "gemm",
        chip,
    )
    parts = choice.get("parts", 1)
    work = [torch.empty(parts, m, n, device="cuda")] if parts > 1 else []
    calls = [kernel.bind(*copy, *work) for copy in copies]
    a, b, c = copies[0]
    c.fill_(float("nan"))
    calls[0]()
    error, share = get_product_error(a, b.t(), c)
    if not share <= 1:
        print(f"WRONG: {choice} of {sizes}: {error}")
        return None
    # Who holds the calls holds their buffers.
    return [lambda call=call, work=work: call() for call in calls]


def measure(sizes, choices, options):
    """Prints a row for each choice; the ratio of the first one, 0 if wrong."""
    m, n, k = sizes
    make = lambda *shape: torch.randn(*shape, device="cuda", dtype=torch.bfloat16)
    number = max(2, -int(-ROTATED_BYTES // (2 * (m * k + n * k + m * n))))
    copies = [(make(m, k), make(n, k), make(m, n)) for _ in range(number)]
    functions = {
        "cuBLAS": [
            lambda a=a, b=b, c=c: torch.mm(a, b.t(), out=c) for a, b, c in copies
        ]
    }
    for choice in choices:
        calls = make_calls(choice, options.dynamic, sizes, copies, options.chip)
        if calls:
            functions[json.dumps(choice)] = calls
    # At 600 TFLOP/s and 3 TB/s.
    guess = max(10, 2 * m * n * k / 6e8, 2 * (m * k + n * k + m * n) / 3e6)
    count = max(4, int(GRAPH_TIME / guess))
    count = -(-count // number) * number
    times = time_graphs(functions, count)
    theirs = times.pop("cuBLAS")
    for name, ours in times.items():
        rate = 2 * m * n * k / ours * 1e-9
        print(
            f"| {m} x {n} x {k} | {ours * 1e3:.1f} | {theirs * 1e3:.1f} | {rate:.0f} "
            f"| {theirs / ours:.3f} | `{name}` |",
            flush=True,
        )
    first = times.get(json.dumps(choices[0]))
    return theirs / first if first else 0.0


def report(name, ratios, target):
    """Prints how a group of sizes stands to its target."""
    right = [ratio for ratio in ratios if ratio]
    if right:
        print(
            f"{name}: {len(right)} of {len(ratios)} sizes right, geometric mean "
            f"{statistics.geometric_mean(right):.3f}, least {min(right):.3f} (target {target})"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chip", default="", help="target (that of the GPU)")
    parser.add_argument("--sizes", help="M x N x K, ... (a list of 33)")
    parser.add_argument("--dynamic", action="store_true", help="sizes at run time")
    parser.add_argument("--try", dest="tries", action="append", default=[])
    options = parser.parse_args()
    sweep = SIZES
    if options.sizes:
        sweep = [tuple(map(int, s.split("x"))) for s in options.sizes.split(",")]
    torch.manual_seed(0)
    processors = torch.cuda.get_device_properties(0).multi_processor_count
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}\n")
    print("| M x N x K | tile, us | cuBLAS, us | TFLOP/s | ratio | arguments |")
    print("|---|---|---|---|---|---|")
    ratios = {}
    for sizes in sweep:
        choices = [pick(*sizes, processors)] + [json.loads(text) for text in options.tries]
        ratios[sizes] = measure(sizes, choices, options)
        torch.cuda.empty_cache()
    print()
    report("all", ratios.values(), "1.00 in the mean")
    report("skinny", [r for s, r in ratios.items() if is_skinny(s)], "0.90")
    report("large", [r for s, r in ratios.items() if is_large(s)], "0.95")


if __name__ == "__main__":
    main()

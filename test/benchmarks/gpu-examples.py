#!/usr/bin/env python3
"""The examples of the documentation and kernels of the tests beside PyTorch.

Programs are compiled as they are, for the GPU at hand or for --chip. Each is checked
first, with an output full of NaN or of the least number: products on rows chosen at
random against float64, the others whole. The columns are the times in ms, PyTorch's
over ours, and the largest error. Products are beside torch.mm, which writes f16 where
the examples write f32.
"""

import argparse
from pathlib import Path

import torch
from gpu_timing import Kernel, get_product_error, time_together

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
KERNELS = ROOT / "test" / "Integration" / "kernels"


def measure(name, kernel, arguments, out, peer, get_error):
    """Checks and times a kernel, and prints its line of the table.

    `get_error` gives the largest error and its share of what is allowed.
    """
    fill = torch.nan if out.dtype.is_floating_point else torch.iinfo(out.dtype).min
    out.fill_(fill)
    ours = kernel.bind(*arguments)
    ours()
    error, share = get_error()
    if not share <= 1:
        print(f"WRONG: {name}: {error}")
        return
    times = time_together({"ours": ours, "theirs": peer})
    print(
        f"| {name} | {times['ours']:.4f} | {times['theirs']:.4f} "
        f"| {times['theirs'] / times['ours']:.2f} | {error:.2g} |",
        flush=True,
    )


def measure_product(options, file, entry, sizes, *more):
    m, n, k = sizes
    a, b = (torch.randn(s, device="cuda").half() for s in ((m, k), (k, n)))
    c = torch.empty(m, n, device="cuda")
    measure(
        f"{file}, {m} x {n} x {k}",
        Kernel((EXAMPLES / file).read_text(), entry, options.chip),
        (a, b, c, *more),
        c,
        lambda: torch.mm(a, b),
        lambda: get_product_error(a, b, c),
    )


def measure_softmax(options, rows, columns):
    x = torch.randn(rows, columns, device="cuda")
    y = torch.empty_like(x)

    def get_error():
        exact = torch.softmax(x.double(), 1)
        error = (y.double() - exact).abs()
        return error.max().item(), (error / (exact * 1e-5 + 1e-12)).max().item()

    measure(
        f"softmax f32, {rows} x {columns}",
        Kernel((KERNELS / "softmax.mlir").read_text(), "softmax", options.chip),
        (x, y),
        y,
        lambda: torch.softmax(x, 1),
        get_error,
    )


def measure_transpose(options, rows, columns):
    shape = (rows, columns)
    x = torch.randint(-1000, 1000, shape, device="cuda", dtype=torch.int32)
    y = torch.empty(columns, rows, device="cuda", dtype=torch.int32)

    def get_error():
        error = (y.long() - x.t().long()).abs().max().item()
        return error, error * 2

    measure(
        f"transpose i32, {rows} x {columns}",
        Kernel((KERNELS / "transpose.mlir").read_text(), "transpose", options.chip),
        (x, y),
        y,
        lambda: x.t().contiguous(),
        get_error,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chip", default="", help="target (that of the GPU)")
    options = parser.parse_args()
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}\n")
    print("| program | tile, ms | PyTorch, ms | PyTorch / tile | largest error |")
    print("|---|---|---|---|---|")
    processors = torch.cuda.get_device_properties(0).multi_processor_count
    for sizes in ((1000, 777, 513), (4096,) * 3, (8192,) * 3):
        measure_product(options, "gemm.mlir", "gemm", sizes)
        measure_product(
            options, "persistent-gemm.mlir", "persistent_gemm", sizes, processors, 8
        )
    measure_softmax(options, 1000, 777)
    measure_softmax(options, 8192, 1024)
    measure_transpose(options, 8191, 4097)


if __name__ == "__main__":
    main()

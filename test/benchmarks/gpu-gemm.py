#!/usr/bin/env python3
"""Matrix products in tile IR beside cuBLAS, in one run on one GPU.

The peer is torch.mm; torch._scaled_mm with scales of 1 for `f8` (e4m3, to bf16),
with and without fast accumulation, of which the faster one counts; and
torch._int_mm for `i8` (to i32).

Each kernel is checked first: on rows chosen at random, against float64, on
random normal data, with an output full of NaN. The columns are the times in
ms, the rate of ours in TFLOP/s and cuBLAS' time over ours.
"""

import argparse
import itertools

import torch
from gemm_ir import gemm
from gpu_timing import Kernel, get_product_error, time_together

# The types of operands and results, for torch and in tile IR.
TYPES = {
    "f16": (torch.float16, torch.float16, "f16", "f16"),
    "bf16": (torch.bfloat16, torch.bfloat16, "bf16", "bf16"),
    "f8": (torch.float8_e4m3fn, torch.bfloat16, "f8E4M3FN", "bf16"),
    "i8": (torch.int8, torch.int32, "i8", "i32"),
}


def parse_sizes(text):
    sizes = tuple(int(size) for size in text.split("x"))
    return sizes * 3 if len(sizes) == 1 else sizes


def make(shape, dtype):
    if dtype == torch.int8:
        return torch.randint(-128, 128, shape, device="cuda", dtype=dtype)
    return torch.randn(shape, device="cuda").to(dtype)


def poison(shape, dtype):
    value = float("nan") if dtype.is_floating_point else torch.iinfo(dtype).min
    return torch.full(shape, value, device="cuda", dtype=dtype)


def get_peers(a, b, result):
    """What cuBLAS does, by name."""
    if a.dtype == torch.int8:
        return {"cuBLAS": lambda: torch._int_mm(a, b)}
    if a.dtype != torch.float8_e4m3fn:
        return {"cuBLAS": lambda: torch.mm(a, b)}
    one = torch.ones((), device="cuda")

    def scaled(fast):
        return lambda: torch._scaled_mm(
            a, b, scale_a=one, scale_b=one, out_dtype=result, use_fast_accum=fast
        )

    return {"cuBLAS fast": scaled(True), "cuBLAS exact": scaled(False)}


def measure(options, sizes, element, transposes):
    m, n, k = sizes
    dtype, result, *names = TYPES[element]
    ta, tb = (flag == "t" for flag in transposes)
    a = make((k, m) if ta else (m, k), dtype)
    b = make((n, k) if tb else (k, n), dtype)
    left, right = (a.t() if ta else a), (b.t() if tb else b)
    peers = get_peers(left, right, result)
    functions = dict(peers)
    forms = {"static": sizes, "dynamic": (None,) * 3}
    forms |= {f"persistent-{form}": given for form, given in forms.items()}
    forms |= {f"cluster-{form}": given for form, given in forms.items()}
    forms |= {f"turns-{form}": given for form, given in forms.items()}
    processors = torch.cuda.get_device_properties(0).multi_processor_count
    for form, tile in itertools.product(options.forms, options.tiles):
        rows, columns, depth, threads, stages, panel = tile
        text = gemm(
            forms[form],
            (rows, columns, depth),
            *names,
            transpose_a=ta,
            transpose_b=tb,
            threads=threads,
            stages=stages,
            panel=panel,
            workers=(options.workers or processors) if "persistent" in form else 0,
            cluster=options.cluster if "cluster" in form else 1,
            roles="ping_pong" if form.startswith("turns") else "",
        )
        kernel = Kernel(text, "gemm", options.chip)
        c = poison((m, n), result)
        call = kernel.bind(a, b, c)
        call()
        error, share = get_product_error(left, right, c)
        name = f"{form} {'x'.join(str(part) for part in tile)}"
        if not share <= 1:
            print(f"WRONG: {name} of {sizes} {element} {transposes}: {error}")
            continue
        functions[name] = call
    times = time_together(functions, options.turns, settle=options.settle)
    theirs = {name: times.pop(name) for name in peers}
    if len(theirs) > 1:
        for name, ms in theirs.items():
            error, share = get_product_error(left, right, peers[name]())
            print(f"{name}: {ms:.4f} ms, error {error:.3g}, {share:.0%} of allowed")
    theirs = min(theirs.values())
    for name, ours in times.items():
        rate = 2 * m * n * k / ours * 1e-9
        print(
            f"| {element} {transposes} | {m} x {n} x {k} | {name} | {ours:.4f} "
            f"| {theirs:.4f} | {rate:.0f} | {theirs / ours:.3f} |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chip", default="", help="target (that of the GPU)")
    parser.add_argument("--sizes", default="4096,8192", help="M x N x K, ...")
    parser.add_argument("--types", default="f16,bf16", help=", ".join(TYPES))
    parser.add_argument("--transposes", default="nn,nt,tn,tt")
    parser.add_argument(
        "--forms",
        default="static,dynamic",
        help="[turns-][cluster-][persistent-]static|dynamic, ...",
    )
    parser.add_argument("--cluster", type=int, default=2, help="blocks in a cluster")
    parser.add_argument(
        "--workers", type=int, default=0, help="persistent blocks (one per processor)"
    )
    parser.add_argument(
        "--tiles",
        default="128x256x64x256x4x16",
        help="rows x columns x depth x threads x stages x panel of blocks, ...",
    )
    parser.add_argument("--turns", type=int, default=15, help="timed turns")
    parser.add_argument(
        "--settle",
        type=float,
        default=0,
        help="seconds that each runs in a turn before it is timed",
    )
    options = parser.parse_args()
    options.forms = options.forms.split(",")
    options.tiles = [
        tuple(int(part) for part in tile.split("x"))
        for tile in options.tiles.split(",")
    ]
    torch.manual_seed(0)
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}\n")
    print("| type | M x N x K | kernel | tile, ms | cuBLAS, ms | TFLOP/s | ratio |")
    print("|---|---|---|---|---|---|---|")
    for sizes in options.sizes.split(","):
        for element in options.types.split(","):
            for transposes in options.transposes.split(","):
                measure(options, parse_sizes(sizes), element, transposes)


if __name__ == "__main__":
    main()

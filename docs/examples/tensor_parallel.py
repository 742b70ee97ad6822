"""Two linear layers over several GPUs, tensor parallel: relu(x @ w1) @ w2.

Each process holds some columns of w1 and the same rows of w2, and computes the part
of the product that they give; the sum of all parts is the result. One process for
each GPU of a machine (NCCL), or for each core without any (gloo):

    torchrun --nproc-per-node=2 docs/examples/tensor_parallel.py
"""

from __future__ import annotations

import argparse
import os

import torch
import torch.distributed as dist

import tile
import tile.language as T
import tile.torch

M, N, K = T.dynamic("M, N, K")


@tile.torch.custom_op("tensor_parallel::gemm", mutates_args=())
@tile.jit
def gemm(
    A: T.Tensor((M, K), "float16"),
    B: T.Tensor((K, N), "float16"),
    relu: bool,
    dtype: T.dtype,
):
    """A @ B, or what is positive of it; sums are in float32."""
    C = T.empty((M, N), dtype)
    with T.Kernel(T.ceildiv(N, 128), T.ceildiv(M, 128), threads=128) as (bx, by):
        a = T.alloc_shared((128, 64), "float16")
        b = T.alloc_shared((64, 128), "float16")
        acc = T.alloc_fragment((128, 128), "float32")
        T.clear(acc)
        for k in T.Pipelined(T.ceildiv(K, 64), num_stages=3):
            T.copy(A[by * 128, k * 64], a)
            T.copy(B[k * 64, bx * 128], b)
            T.gemm(a, b, acc)
        if relu:
            for i, j in T.Parallel(128, 128):
                acc[i, j] = T.max(acc[i, j], 0.0)
        T.copy(acc, C[by * 128, bx * 128])
    return C


class ColumnParallel(torch.nn.Module):
    """x @ weight for some columns of the weight, and relu.

    Takes x (m, k) in float16, whole; gives (m, n / processes) in float16.
    """

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        part = weight.tensor_split(dist.get_world_size(), dim=1)[dist.get_rank()]
        self.weight = part.contiguous()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return gemm(x, self.weight, True, torch.float16)


class RowParallel(torch.nn.Module):
    """x @ weight for some rows of the weight, summed over all processes.

    Takes the columns of x (m, k / processes) in float16 that belong to these rows;
    gives (m, n) in float32, the same in all processes.
    """

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        part = weight.tensor_split(dist.get_world_size(), dim=0)[dist.get_rank()]
        self.weight = part.contiguous()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = gemm(x, self.weight, False, torch.float32)
        # In float32: what the processes have is only a part of each sum.
        dist.all_reduce(y)
        return y


def make_inputs(sizes: list[int], device: torch.device) -> list[torch.Tensor]:
    """x, w1 and w2: fresh random numbers, the same in all processes. The results of
    the layers are about as large as x."""
    seed = torch.tensor(torch.seed() % 2**62, device=device)
    dist.broadcast(seed, 0)
    generator = torch.Generator().manual_seed(int(seed))
    shapes = list(zip(sizes, sizes[1:]))
    matrices = [torch.randn(shape, generator=generator) for shape in shapes]
    scales = [1.0, *(max(rows, 1) ** -0.5 for rows, _ in shapes[1:])]
    return [(m * s).half().to(device) for m, s in zip(matrices, scales)]


def check(y: torch.Tensor, x: torch.Tensor, w1: torch.Tensor, w2: torch.Tensor) -> str:
    """Compares with float64. Raises SystemExit for an error that is too large."""
    hidden = (x.double() @ w1.double()).relu()
    error = (y.double() - hidden @ w2.double()).abs()
    # What lies between the layers is rounded to 11 bits; twice that for all sums.
    allowed = 2**-10 * (hidden @ w2.double().abs()) + 1e-5
    worst = (error / allowed).max().item()
    if not worst <= 1:  # NaN, too
        raise SystemExit(f"the largest error is {worst:.2f} times what is allowed")
    return f"largest error {error.max().item():.1e}, {worst:.2f} of what is allowed"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=[1000, 1025, 4099, 777])
    sizes = parser.parse_args().sizes
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        x, w1, w2 = make_inputs(sizes, device)
        model = torch.nn.Sequential(ColumnParallel(w1), RowParallel(w2))
        report = check(model(x), x, w1, w2)
        if dist.get_rank() == 0:
            count = dist.get_world_size()
            shape = " x ".join(map(str, sizes))
            print(f"{count} processes ({dist.get_backend()}), {shape}: {report}")
    finally:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()

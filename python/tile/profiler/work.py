"""How much work a call is: operations and bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

from tile import _core
from tile.jit.sizes import Equation, evaluate, solve
from tile.jit.tensors import describe
from tile.profiler.compare import as_list
from tile.profiler.inputs import input_positions

__all__ = ["Work", "count_work"]


@dataclass(frozen=True)
class Work:
    """What a call does.

    Attributes:
        flops: Floating-point operations; None if not known.
        flops_from: Where the number comes from, in words.
        memory_bytes: The bytes that must at least be moved: each tensor once for
            reading and once for writing, if it is read and written.
        memory_from: Where the number comes from, in words.
        copied_bytes: The bytes between global memory and the blocks, where a tile
            that two blocks read counts twice; None if not known. The L2 cache serves
            a part of them.
        product_dtype: The element type of the products of matrices, or empty.
    """

    flops: float | None
    flops_from: str
    memory_bytes: float
    memory_from: str
    copied_bytes: float | None
    product_dtype: str = ""

    @property
    def intensity_flop_per_byte(self) -> float | None:
        """Operations for each byte of memory; None if not known."""
        if not self.flops or not self.memory_bytes:
            return None
        return self.flops / self.memory_bytes


def _sizes_of(kernel: Any, inputs: Sequence[Any], results: Any) -> list[Any]:
    """For each argument the shape of a tensor, or the number that a scalar is."""
    sizes: list[Any] = [None] * len(kernel.params)
    equations: list[Equation] = []
    known: dict[str, int] = {}
    values = dict(zip(input_positions(kernel), inputs))
    values.update(zip(kernel.out_idx, as_list(results)))
    for index, value in values.items():
        argument = kernel.params[index]
        info = describe(value)
        if info is None:
            sizes[index] = int(value) if isinstance(value, (int, bool)) else 0
            if argument.shape is not None:  # an absent tensor
                sizes[index] = (0,) * len(argument.shape)
            elif argument.symbol is not None:
                known[argument.symbol] = sizes[index]
            continue
        if argument.is_pointer:
            sizes[index] = info.address
            continue
        sizes[index] = info.shape
        equations += zip(argument.shape or (), info.shape)
    symbols = solve(known, equations)
    for index in kernel.prim_func.scratch:
        argument = kernel.params[index]
        sizes[index] = evaluate(argument.name, argument.shape or (), symbols)
    return sizes


def _count_once(kernel: Any, sizes: Sequence[Any], counted: Any) -> float:
    """The bytes of the tensors, each once for each way it goes."""
    total = 0.0
    for index, argument in enumerate(kernel.params):
        if not isinstance(sizes[index], tuple):
            continue
        elements = 1.0
        for size in sizes[index]:
            elements *= size
        ways = int(counted["read"][index]) + int(counted["written"][index])
        total += ways * elements * argument.dtype.bytes
    return total


def count_work(
    kernel: Any,
    inputs: Sequence[Any],
    results: Any,
    flops: float | None = None,
    memory_bytes: float | None = None,
) -> Work:
    """The work of a call, from the IR unless it is given.

    Args:
        kernel: A `JITKernel`.
        inputs, results: The arguments of a call, and what it returned.
        flops, memory_bytes: What is known better than the IR says.

    Raises:
        ValueError: If one of these is negative or no finite number.
    """
    for name, value in (("flops", flops), ("memory_bytes", memory_bytes)):
        if value is not None and not 0 <= value < float("inf"):
            raise ValueError(f"{name}: expected a finite number >= 0, got {value}")
    sizes = _sizes_of(kernel, inputs, results)
    counted = _core.count_costs(kernel.module, kernel.prim_func.name, sizes)
    is_known = counted["kind"] != "unknown"
    origin = f"counted in the IR in whole tiles, {counted['kind']}"
    if not is_known:
        origin = "not known: a loop depends on data; give flops="
    found = counted["flops"] if is_known else None
    moved = _count_once(kernel, sizes, counted)
    return Work(
        found if flops is None else flops,
        origin if flops is None else "given",
        moved if memory_bytes is None else memory_bytes,
        "each tensor once" if memory_bytes is None else "given",
        counted["global_bytes"] if is_known else None,
        counted["product_type"],
    )

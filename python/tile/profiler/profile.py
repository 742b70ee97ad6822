"""`profile`: a kernel's time beside what its device allows."""

from __future__ import annotations

from typing import Any

from tile import _core
from tile.jit.kernel import JITKernel
from tile.jit.tensors import describe
from tile.profiler.bench import measure
from tile.profiler.limits import cpu_limits, gpu_limits
from tile.profiler.report import KernelUse, Profile
from tile.profiler.stages import time_stages
from tile.profiler.work import count_work

__all__ = ["find_device", "profile"]


def find_device(kernel: JITKernel, args: Any) -> str:
    """Where a kernel runs for these arguments: 'cpu', or 'cuda:0' and so on."""
    for value in args:
        info = describe(value)
        if info is not None and info.on_cuda:
            return info.place
    return "cuda:0" if kernel.resolved_target.kind == "cuda" else "cpu"


def _record(kernel: JITKernel, args: Any, device: int) -> tuple[KernelUse, ...]:
    """Runs the kernel once on a GPU, and says what it launched."""
    _core.record_launches(True)
    try:
        kernel(*args)
    finally:
        _core.record_launches(False)
    threads = _core.device_limits(device)["threads_per_multiprocessor"]
    return tuple(KernelUse.make(l, threads) for l in _core.recorded_launches())


def profile(
    kernel: Any,
    *args: Any,
    flops: float | None = None,
    memory_bytes: float | None = None,
    warmup: float = 25,
    rep: float = 100,
    compile_stages: bool = True,
    **kwargs: Any,
) -> Profile:
    """Times a call of a kernel and compares it with the limits of the device.

    Operations and bytes are counted in the IR for the sizes of the arguments, and the
    report says so; loops whose rounds depend on data cannot be counted. A kernel that
    changes its arguments changes them at each run.

    Args:
        kernel: A compiled kernel, or a function of `tile.jit` in the eager style, tuned
            by `tile.autotune` or not.
        *args: The arguments of the call.
        flops: The floating-point operations of a call, if you know better.
        memory_bytes: The bytes of memory that a call must move.
        warmup, rep: For about how many milliseconds it runs before and while times
            are taken.
        compile_stages: Whether to compile it again to time each stage.
        **kwargs: Arguments of the call by name, for a function of `tile.jit`.

    Raises:
        TypeError: Something that is no kernel, or arguments that do not fit.
        ValueError: Arguments that the kernel refuses.
    """
    if hasattr(kernel, "resolve"):
        kernel, args = kernel.resolve(*args, **kwargs)
    elif kwargs or not isinstance(kernel, JITKernel):
        raise TypeError(
            f"expected a kernel and its arguments by position, got {kernel!r} and "
            f"{list(kwargs)}"
        )
    call = kernel
    device = find_device(call, args)
    results = call(*args)
    work = count_work(call, args, results, flops, memory_bytes)
    launches: tuple[KernelUse, ...] = ()
    limits = cpu_limits()
    if device != "cpu":
        index = int(device.partition(":")[2])
        launches, limits = _record(call, args, index), gpu_limits(index)
    times = measure(lambda: call(*args), warmup, rep, device=device)
    return Profile(
        call.prim_func.name,
        str(call.resolved_target),
        times,
        work,
        limits,
        launches,
        time_stages(call) if compile_stages else {},
    )

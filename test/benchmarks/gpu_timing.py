"""Times of kernels in tile IR beside PyTorch's, in one process on one GPU.

What is compared takes turns, so that clocks and temperature are alike; the
median over the turns counts. Needs a GPU, PyTorch and the `tile` package.
"""

import statistics
import time

import torch
from tile import _core


class Kernel:
    """A function of a module in tile IR, compiled for the GPU.

    `chip` is the target, that of the device when empty. `compile_s` is the CPU
    time in seconds from the text to loaded machine code.
    """

    def __init__(self, text, entry, chip=""):
        begin = time.process_time()
        self.module = _core.Module.parse(_core.Context(), text)
        chip = chip or _core.device_info(0)["chip"]
        self.executable = _core.compile(self.module, entry, "cuda", chip)
        self.compile_s = time.process_time() - begin

    def bind(self, *arguments):
        """A call without arguments; they are tensors and integers."""
        packed = tuple(
            (
                argument
                if isinstance(argument, int)
                else (argument.data_ptr(), tuple(argument.shape), argument.stride())
            )
            for argument in arguments
        )

        def call():
            _core.set_stream(torch.cuda.current_stream().cuda_stream)
            self.executable.call(packed)

        return call


def run_in(function, calls, seconds):
    """Calls the function once, and then again until `seconds` are over."""
    end = time.perf_counter() + seconds
    function()
    while time.perf_counter() < end:
        for _ in range(calls):
            function()
        torch.cuda.synchronize()


def time_together(functions, turns=15, calls=10, settle=0):
    """Median times of one call in ms, by name, the functions taking turns.

    In each turn a function is called `calls` times between two CUDA events. The
    L2 cache keeps what the calls before left in it, for all of them alike.

    A GPU at its limit of power adapts the clock to what it did in the last
    tenths of a second, so in short turns one function has the clock that another
    one left. Where these draw unlike power, `settle` is how many seconds each is
    called in each turn before it is timed.
    """
    times = {name: [] for name in functions}
    untimed = 0 if settle else 2
    for turn in range(turns + untimed):
        for name, function in functions.items():
            start, end = (torch.cuda.Event(enable_timing=True) for _ in "ab")
            run_in(function, calls, settle)
            start.record()
            for _ in range(calls):
                function()
            end.record()
            end.synchronize()
            if turn >= untimed:
                times[name].append(start.elapsed_time(end) / calls)
    return {name: statistics.median(each) for name, each in times.items()}


def get_product_error(a, b, c, count=64):
    """The largest error of c = a b on some rows against float64, and the largest
    share of what rounding allows."""
    rows = torch.randperm(a.shape[0], device="cuda")[:count]
    exact = a[rows].double() @ b.double()
    error = (c[rows].double() - exact).abs()
    # A missing tile is NaN, and NaN compares as larger than nothing.
    if not torch.isfinite(c).all():
        return float("nan"), 0.0
    if not c.dtype.is_floating_point:
        return error.max().item(), error.max().item() * 2
    allowed = exact.abs() * torch.finfo(c.dtype).eps + 1e-4 * a.shape[1] ** 0.5
    # Tensor cores cut each sum of 32 products of 8-bit floats to 13 bits.
    if a.dtype.itemsize == 1:
        scale = (a[rows].double().square() @ b.double().square()).sqrt()
        allowed += 2 * (a.shape[1] / 32) * 2**-13 * scale
    return error.max().item(), (error / allowed).max().item()


def capture(calls, count):
    """A CUDA graph of `count` calls, the functions taking turns."""
    for call in calls:
        call()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for number in range(count):
            calls[number % len(calls)]()
    return graph


def time_graphs(functions, count, turns=9):
    """Median times of one call in ms, by name, without the host's part.

    Each name has calls that do the same on different buffers, so that the L2
    cache need not hold what the next call reads. `count` calls are one graph.
    """
    graphs = {name: capture(calls, count) for name, calls in functions.items()}
    times = {name: [] for name in functions}
    for turn in range(turns + 1):
        for name, graph in graphs.items():
            start, end = (torch.cuda.Event(enable_timing=True) for _ in "ab")
            start.record()
            graph.replay()
            end.record()
            end.synchronize()
            if turn:
                times[name].append(start.elapsed_time(end) / count)
    return {name: statistics.median(each) for name, each in times.items()}

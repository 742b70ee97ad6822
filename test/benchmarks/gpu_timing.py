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
        self.executable = _core.compile(self.module, entry, "cuda", chip)
        self.compile_s = time.process_time() - begin

    def bind(self, *arguments):
        """A call without arguments; they are tensors and integers."""
        packed = tuple(
            argument
            if isinstance(argument, int)
            else (argument.data_ptr(), tuple(argument.shape), argument.stride())
            for argument in arguments
        )

        def call():
            _core.set_stream(torch.cuda.current_stream().cuda_stream)
            self.executable.call(packed)

        return call


def time_together(functions, turns=15, calls=10):
    """Median times of one call in ms, by name, the functions taking turns.

    In each turn a function is called `calls` times between two CUDA events. The
    L2 cache keeps what the calls before left in it, for all of them alike.
    """
    times = {name: [] for name in functions}
    for turn in range(turns + 2):
        for name, function in functions.items():
            start, end = (torch.cuda.Event(enable_timing=True) for _ in "ab")
            function()
            start.record()
            for _ in range(calls):
                function()
            end.record()
            end.synchronize()
            if turn >= 2:
                times[name].append(start.elapsed_time(end) / calls)
    return {name: statistics.median(each) for name, each in times.items()}

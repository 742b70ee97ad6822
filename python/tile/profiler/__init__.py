"""How fast kernels are, and whether they are right: `do_bench`, `profile`."""

from tile.profiler.bench import Times, do_bench, measure
from tile.profiler.compare import MismatchError
from tile.profiler.inputs import TensorSupplyType, make_inputs
from tile.profiler.kernel_profiler import Profiler
from tile.profiler.limits import Limits, cpu_limits, gpu_limits
from tile.profiler.profile import profile
from tile.profiler.report import KernelUse, Profile
from tile.profiler.roofline import Roofline
from tile.profiler.stages import time_stages
from tile.profiler.work import Work, count_work

__all__ = [
    "KernelUse",
    "Limits",
    "MismatchError",
    "Profile",
    "Profiler",
    "Roofline",
    "TensorSupplyType",
    "Times",
    "Work",
    "count_work",
    "cpu_limits",
    "do_bench",
    "gpu_limits",
    "make_inputs",
    "measure",
    "profile",
    "time_stages",
]

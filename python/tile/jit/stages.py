"""The IR of a kernel on its way to machine code."""

from __future__ import annotations

from tile import _core
from tile.jit.target import Target

__all__ = ["STAGES", "run_to_stage"]

STAGES: dict[str, str] = {
    "tile": "",
    "bound": "tile-inline-meta,tile-bind-shapes,inline,symbol-dce,canonicalize",
    "gpu": "tile-to-gpu{{chip={chip}}}",
    "nvvm": "tile-to-nvvm{{chip={chip}}}",
    "ptx": "tile-to-ptx{{chip={chip} opt-level={opt_level}}}",
    "host": "tile-to-ptx{{chip={chip} opt-level={opt_level}}},tile-host-to-llvm",
    "cpu": "tile-to-cpu",
}
"""The stages by name, each with the pipeline that leads to it:

'tile' as traced, 'bound' with symbols bound to arguments and calls inlined, 'gpu'
with kernels outlined, 'nvvm' with device code in NVVM, 'ptx' with PTX in
gpu.binary, 'host' with host code in the LLVM dialect too; 'cpu' is everything in
the LLVM dialect for the CPU.
"""


def run_to_stage(
    module: _core.Module, stage: str, target: Target, opt_level: int
) -> str:
    """The IR at a stage, as text. Raises ValueError for an unknown one."""
    if stage not in STAGES:
        raise ValueError(f"expected a stage of {', '.join(STAGES)}; got {stage!r}")
    clone = module.clone()
    pipeline = STAGES[stage].format(chip=target.chip or "sm_80", opt_level=opt_level)
    if pipeline:
        clone.run(pipeline)
    return str(clone.text())

"""How long a compilation takes, stage by stage."""

from __future__ import annotations

import time
from typing import Any, Mapping

from tile import _core

__all__ = ["time_stages"]

# The first stage, and which one begins behind a pass.
_FIRST = "tile"
_NEXT = {
    "cuda": {
        "convert-tile-to-gpu": "gpu",
        "loop-invariant-code-motion": "nvvm",
        "nvvm-attach-target": "ptx",
        "tile-compile-to-ptx": "host",
    },
    "cpu": {"convert-tile-to-cpu": "llvm"},
}
_PIPELINES = {
    "cuda": "tile-to-ptx{{chip={chip} opt-level={opt_level}}},tile-host-to-llvm",
    "cpu": "tile-to-cpu",
}


def _group(times: list[tuple[str, float]], kind: str) -> dict[str, float]:
    stage = _FIRST
    found: dict[str, float] = {stage: 0.0}
    for name, ms in times:
        found[stage] = found.get(stage, 0.0) + ms
        stage = _NEXT[kind].get(name, stage)
    return found


def time_stages(kernel: Any) -> Mapping[str, float]:
    """Compiles a kernel again, and gives the milliseconds of each stage.

    'trace' is the Python function, 'tile' the passes on tiles, 'gpu' those on the
    gpu dialect, 'nvvm' on device code, 'ptx' LLVM from there to PTX, 'assemble' from
    PTX to machine code where an assembler is installed, 'host' the passes on host
    code; for the CPU 'llvm' is the passes after those on tiles. 'machine' is LLVM's
    work on what runs on the host. 'total' is all of this.
    """
    target, opt_level = kernel.resolved_target, kernel.opt_level
    name, module = kernel.prim_func.name, kernel.module
    chip = target.chip or "sm_80"
    pipeline = _PIPELINES[target.kind].format(chip=chip, opt_level=opt_level)
    stages: dict[str, float] = {}
    if kernel.prim_func.trace_ms is not None:
        stages["trace"] = kernel.prim_func.trace_ms
    passes = _group(_core.time_passes(module, pipeline), target.kind)
    stages.update(passes)
    start = time.perf_counter()
    _core.compile(module, name, target.kind, target.chip, opt_level)
    whole = (time.perf_counter() - start) * 1e3
    stages["machine"] = max(0.0, whole - sum(passes.values()))
    if target.kind == "cuda" and _core.assembler_name() is not None:
        ptx = _core.emit_ptx(module, name, "cuda", chip, opt_level).decode()
        start = time.perf_counter()
        _core.assemble(ptx, chip, opt_level)
        stages["assemble"] = (time.perf_counter() - start) * 1e3
    stages["total"] = sum(stages.values())
    return stages

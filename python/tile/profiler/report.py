"""What `profile` found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Mapping

from tile.profiler.bench import Times
from tile.profiler.limits import Limits
from tile.profiler.roofline import Roofline
from tile.profiler.work import Work

__all__ = ["KernelUse", "Profile"]


@dataclass(frozen=True)
class KernelUse:
    """What one launch of a kernel on a GPU uses.

    Attributes:
        kernel: Its name in the PTX.
        grid, block: The sizes in blocks and in threads.
        cluster_blocks: The blocks of a cluster.
        registers_per_thread: What it says.
        local_bytes_per_thread: Registers spilled to memory, and arrays.
        shared_bytes_per_block: Shared memory, of both kinds.
        blocks_per_multiprocessor: How many fit at once.
        occupancy_percent: The threads of these, of those that fit at most.
    """

    kernel: str
    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    cluster_blocks: int
    registers_per_thread: int
    local_bytes_per_thread: int
    shared_bytes_per_block: int
    blocks_per_multiprocessor: int
    occupancy_percent: float

    @classmethod
    def make(
        cls, launch: Mapping[str, Any], threads_per_multiprocessor: int
    ) -> "KernelUse":
        """From what the runtime recorded."""
        x, y, z = launch["block"]
        threads = x * y * z * launch["blocks_per_multiprocessor"]
        return cls(
            launch["kernel"],
            launch["grid"],
            launch["block"],
            launch["cluster_blocks"],
            launch["registers"],
            launch["local_bytes"],
            launch["static_shared_bytes"] + launch["dynamic_shared_bytes"],
            launch["blocks_per_multiprocessor"],
            100 * threads / threads_per_multiprocessor,
        )

    def __str__(self) -> str:
        by = " x "
        return (
            f"{self.kernel}: grid {by.join(map(str, self.grid))} blocks of "
            f"{by.join(map(str, self.block))} threads; "
            f"{self.registers_per_thread} registers and {self.local_bytes_per_thread} "
            f"bytes of local memory (spills, arrays) a thread; "
            f"{self.shared_bytes_per_block} bytes of shared memory a block; "
            f"{self.blocks_per_multiprocessor} blocks a multiprocessor, occupancy "
            f"{self.occupancy_percent:.0f} %"
        )


@dataclass(frozen=True)
class Profile:
    """The profile of a kernel: print it, or look at its parts.

    Attributes:
        name: The kernel.
        target: What it is compiled for.
        times: The runs, in milliseconds.
        work: Operations and bytes of a call, and where the numbers come from.
        limits: Those of the device.
        launches: What each launch of a call uses; empty on the CPU.
        compile_ms: Milliseconds of each stage of the compilation.
    """

    name: str
    target: str
    times: Times
    work: Work
    limits: Limits
    launches: tuple[KernelUse, ...]
    compile_ms: Mapping[str, float]

    @property
    def time_ms(self) -> float:
        """The median time of a call, in milliseconds."""
        return self.times.median_ms

    @property
    def tflop_per_s(self) -> float | None:
        """10^12 operations a second; None if the operations are not known."""
        if self.work.flops is None:
            return None
        return self.work.flops / self.time_ms / 1e9

    @property
    def bandwidth_gb_per_s(self) -> float:
        """10^9 bytes of memory a second."""
        return self.work.memory_bytes / self.time_ms / 1e6

    @property
    def bandwidth_percent(self) -> float:
        """The part of the memory's bandwidth, in percent."""
        return 100 * self.bandwidth_gb_per_s / self.limits.bandwidth_gb_per_s

    @property
    def flop_percent(self) -> float | None:
        """The part of the rate of operations, in percent; None if not known."""
        peak = self.limits.peak_tflop_per_s(self.work.product_dtype)
        if peak is None or self.tflop_per_s is None:
            return None
        return 100 * self.tflop_per_s / peak[1]

    def roofline(self) -> Roofline:
        """The picture of the roofline with the kernel in it.

        Raises ValueError when the operations or the limits are not known.
        """
        peak = self.limits.peak_tflop_per_s(self.work.product_dtype)
        intensity = self.work.intensity_flop_per_byte
        if peak is None or intensity is None or self.tflop_per_s is None:
            raise ValueError(
                f"a roofline needs the operations of {self.name} and the limits of "
                f"{self.limits.name}; operations: {self.work.flops_from}, limits: "
                f"{peak}"
            )
        title = f"{self.name} on {self.limits.name} ({peak[0]})"
        point = (self.name, intensity, self.tflop_per_s)
        return Roofline(title, self.limits.bandwidth_gb_per_s, peak[1], [point])

    def save_roofline(self, path: str | Path) -> None:
        """Writes the roofline to a file that ends in .svg, or .png by matplotlib."""
        self.roofline().save(path)

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain types, as for JSON."""
        found = asdict(self)
        found["time_ms"] = self.time_ms
        found["tflop_per_s"] = self.tflop_per_s
        found["bandwidth_gb_per_s"] = self.bandwidth_gb_per_s
        return found

    def _rates(self) -> list[str]:
        work, limits = self.work, self.limits
        lines = []
        if work.flops is None:
            lines.append(f"operations  {work.flops_from}")
        else:
            lines.append(
                f"operations  {work.flops / 1e9:.4g} GFLOP ({work.flops_from})"
            )
        lines.append(
            f"memory      {work.memory_bytes / 1e6:.4g} MB ({work.memory_from})"
        )
        if work.copied_bytes is not None:
            lines[-1] += f"; {work.copied_bytes / 1e6:.4g} MB to and from blocks"
        if self.tflop_per_s:
            line = f"rate        {self.tflop_per_s:.4g} TFLOP/s"
            peak = limits.peak_tflop_per_s(work.product_dtype)
            if peak is not None:
                line += (
                    f", {self.flop_percent:.1f} % of {peak[1]:.4g} TFLOP/s ({peak[0]})"
                )
            lines.append(line)
        lines.append(
            f"bandwidth   {self.bandwidth_gb_per_s:.4g} GB/s, "
            f"{self.bandwidth_percent:.1f} % of {limits.bandwidth_gb_per_s:.4g} GB/s"
        )
        return lines

    def __str__(self) -> str:
        times = self.times
        lines = [
            f"{self.name} on {self.limits.name}, compiled for {self.target}",
            f"time        {times.median_ms:.4g} ms, median of "
            f"{len(times.samples_ms)} runs; 10 % to 90 %: "
            f"{times.quantile_ms(0.1):.4g} to {times.quantile_ms(0.9):.4g} ms "
            f"({times.clock})",
            *self._rates(),
            f"limits      {self.limits.source}",
            *(f"kernel      {launch}" for launch in self.launches),
        ]
        if self.compile_ms:
            stages = ", ".join(f"{k} {v:.1f}" for k, v in self.compile_ms.items())
            lines.append(f"compile ms  {stages}")
        return "\n".join(lines)

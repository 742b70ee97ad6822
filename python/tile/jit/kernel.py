"""A compiled kernel: call it with tensors, look at its code."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from tile import _core
from tile.cache.kernels import KernelSlot
from tile.frontend.function import Argument
from tile.jit.config import get_opt_level
from tile.jit.export import export_kernel
from tile.jit.fast import CallPlan
from tile.jit.launch import Launch
from tile.jit.prim_func import PrimFunc
from tile.jit.stages import STAGES, run_to_stage
from tile.jit.target import AnyTarget, Target, parse_target

if TYPE_CHECKING:
    from tile.profiler import Profiler, TensorSupplyType
    from tile.tune import TuneResult

__all__ = ["JITKernel"]

#: Kernels with more kinds of calls gain nothing from what is remembered.
_MAX_PLANS = 64


class JITKernel(_core.Launcher):
    """A compiled `PrimFunc`.

    ``kernel(*tensors)`` takes the parameters without the results by position,
    runs, and returns the results: one tensor, or several as a list, or None. On a
    GPU it launches on torch's current stream and does not wait.

    Attributes:
        prim_func: The function.
        out_idx: The positions of the parameters that are results.
        params: All parameters, each with name, dtype, shape and strides.
        target: The target as given.
        tuner_result: What tuning found; None if it was not tuned.
        config: The configuration that is the best; None if it was not tuned.
        latency, ref_latency: Its time and that of the reference in milliseconds.
    """

    def __init__(
        self,
        prim_func: PrimFunc,
        out_idx: Sequence[int] = (),
        target: AnyTarget = None,
        pass_configs: Mapping[str, Any] | None = None,
        on_cuda: bool | None = None,
        device: int = 0,
        slot: KernelSlot | None = None,
        executable: _core.Executable | None = None,
    ) -> None:
        """Compiles for the target, unless `executable` is the code for it.

        Args:
            slot: The kernel's place in the cache on disk.
        """
        super().__init__()
        self.prim_func = prim_func
        self.params: list[Argument] = list(prim_func.arguments)
        self.out_idx: list[int] = list(out_idx) or list(prim_func.results)
        self.pass_configs = dict(pass_configs or {})
        self.target: Target = parse_target(target)
        self.tuner_result: TuneResult | None = None
        self.config: dict[str, Any] | None = None
        self.latency: float | None = None
        self.ref_latency: float | None = None
        self._opt_level = get_opt_level(self.pass_configs)
        made = (*self.out_idx, *prim_func.scratch)
        self._inputs = [i for i in range(len(self.params)) if i not in made]
        self._signature: _core.Signature | None = None
        self._executables: dict[Target, _core.Executable] = {}
        self._lock = threading.Lock()
        self._default = self.target.resolve(on_cuda, device)
        self._slot = slot
        if executable is not None:
            self._executables[self._default] = executable
        else:
            self._executables[self._default] = self._compile(self._default)

    def with_result(self, result: TuneResult) -> JITKernel:
        """The same code as a kernel of its own, which knows how it was tuned."""
        made = type(self).__new__(type(self))
        _core.Launcher.__init__(made)
        vars(made).update(vars(self))
        made.tuner_result, made.config = result, result.config
        made.latency, made.ref_latency = result.latency, result.ref_latency
        return made

    @property
    def module(self) -> _core.Module:
        """The IR as traced. Not to be changed."""
        return self.prim_func.module

    @property
    def resolved_target(self) -> Target:
        """The target that it was first compiled for, with the chip."""
        return self._default

    @property
    def opt_level(self) -> int:
        """LLVM's optimisation level, 0 to 3."""
        return self._opt_level

    @property
    def diagnostics(self) -> list[_core.Diagnostic]:
        """The warnings of the compilation; the compiler's remarks need `tile-opt`."""
        return list(self._get_executable(self._default).diagnostics)

    def _get_executable(self, target: Target) -> _core.Executable:
        with self._lock:
            if target not in self._executables:
                stored = self._slot.load(target) if self._slot else None
                self._executables[target] = stored or self._compile(target)
            return self._executables[target]

    def _compile(self, target: Target) -> _core.Executable:
        executable = _core.compile(
            self.prim_func.module,
            self.prim_func.name,
            target.kind,
            target.chip,
            self._opt_level,
            target.is_present(),
        )
        if self._slot is not None:
            self._slot.save(target, self.prim_func, executable)
        return executable

    def _call(self, *args: Any) -> Any:
        """Runs the kernel; the first call, and those that differ from it.

        Raises:
            ValueError: The wrong number of arguments, a number out of range, tensors
                on another device, a read-only array that is written.
            ShapeMismatchError: Another rank, size or stride than declared.
            TypeError: An argument that is no tensor or number, or of another type.
            RuntimeError: A check of the host code failed: sizes that disagree, an
                absent tensor that is needed, an assertion.
        """
        names = [self.params[i].name for i in self._inputs]
        if len(args) != len(names):
            raise ValueError(
                f"Kernel expected {len(names)} inputs, but {len(args)} are provided: "
                f"{self.prim_func.name}({', '.join(names)})"
            )
        if self._signature is None:
            self._signature = _core.Signature(
                self.prim_func.name,
                [(self.params[i].name, *self._declare(i)) for i in self._inputs],
            )
        bound = self._signature.bind(args, {}, True, None)
        parameters = range(len(args))
        how = CallPlan(self, self._signature) if len(self) < _MAX_PLANS else None
        return self.run(bound, parameters, how)

    def _declare(self, index: int) -> tuple[str, None, None]:
        return self.params[index].annotation, None, None

    def run(
        self,
        bound: _core.BoundCall,
        parameters: Sequence[int],
        how: CallPlan | None = None,
    ) -> Any:
        """Runs the kernel on arguments that were checked.

        Args:
            bound: The call.
            parameters: Where the arguments of the kernel stand in it.
            how: What then runs calls like this one natively.
        """
        launch = Launch(
            self.prim_func.name,
            self.params,
            self.out_idx,
            self.prim_func.scratch,
            self._inputs,
            bound,
            parameters,
        )
        launch.check_writable(self.prim_func.written)
        target = self._choose(launch)
        executable = self._executables.get(target) or self._get_executable(target)
        on_cuda = target.kind == "cuda"
        results = launch.make_results(on_cuda)
        launch.run(executable, on_cuda)
        if how is not None:
            written = self.prim_func.written
            how.remember(
                bound.key, launch, target, executable, written, self._inputs, parameters
            )
        if not results:
            return None
        return results[0] if len(results) == 1 else results

    def _choose(self, launch: Launch) -> Target:
        """The target for the tensors of a call. Raises ValueError for tensors on a
        GPU and a kernel for the CPU."""
        first = launch.first
        if first is None:
            return self._default
        target = self.target.resolve(first.on_cuda, first.device[1])
        if target.kind == "cpu" and first.on_cuda:
            raise ValueError(
                f"{self.prim_func.name}(): device_type mismatch [expected: cpu, got: "
                f"{first.place}]"
            )
        return target

    # Times ----------------------------------------------------------------

    def get_profiler(
        self,
        supply_type: TensorSupplyType | None = None,
        symbols: Mapping[str, int] | None = None,
    ) -> Profiler:
        """A profiler, which checks and times the kernel.

        Args:
            supply_type: What tensors that it makes are filled with.
            symbols: The values of dynamic sizes and of scalars, by name.
        """
        from tile.profiler import Profiler, TensorSupplyType

        return Profiler(self, supply_type or TensorSupplyType.Auto, symbols)

    def get_tuner_result(self) -> TuneResult:
        """What `tile.autotune` found. Raises ValueError for a kernel that was not
        tuned."""
        if self.tuner_result is None:
            raise ValueError(f"{self.prim_func.name} was not tuned")
        return self.tuner_result

    def run_once(self) -> Any:
        """Runs the kernel on made-up tensors, and gives the results.

        Raises ValueError for a size or a scalar that nothing says.
        """
        return self.get_profiler().run_once()

    # Code -----------------------------------------------------------------

    def _gpu(self) -> Target:
        """The GPU whose code is shown, also when the kernel is for the CPU."""
        if self._default.kind == "cuda":
            return self._default
        return Target("cuda", self.target.chip).resolve()

    def get_kernel_source(self, kernel_only: bool = True) -> str:
        """The PTX of the kernels; with the host's code in front if not
        `kernel_only`."""
        target = self._gpu()
        name = self.prim_func.name
        ptx = _core.emit_ptx(
            self.module, name, "cuda", target.chip, self._opt_level
        ).decode()
        return ptx if kernel_only else self.get_host_source() + "\n" + ptx

    def get_host_source(self) -> str:
        """The LLVM IR of what runs on the host, which checks and launches."""
        target = self._default
        text: bytes = _core.emit_llvm(
            self.module, self.prim_func.name, target.kind, target.chip, self._opt_level
        )
        return text.decode()

    def show_source(self, which: str = "kernel") -> None:
        """Prints the code of 'kernel', 'host' or 'both'."""
        if which not in ("kernel", "host", "both"):
            raise ValueError(f"expected 'kernel', 'host' or 'both', got {which!r}")
        if which != "kernel":
            print(self.get_host_source())
        if which != "host":
            print(self.get_kernel_source())

    def ir_at(self, stage: str) -> str:
        """The IR at a named stage of `tile.jit.stages.STAGES`, as text."""
        target = Target("cpu") if stage == "cpu" else self._gpu()
        return run_to_stage(self.module, stage, target, self._opt_level)

    stages = tuple(STAGES)

    def show_ptx(self) -> None:
        """Prints the PTX."""
        print(self.get_kernel_source())

    def export_ptx(self, path: str | Path) -> None:
        """Writes the PTX to a file."""
        Path(path).write_text(self.get_kernel_source())

    def export_sources(
        self,
        kernel_path: str | Path | None = None,
        host_path: str | Path | None = None,
    ) -> None:
        """Writes the PTX and the host's LLVM IR to files."""
        if kernel_path is None and host_path is None:
            raise ValueError("expected kernel_path, host_path or both")
        if kernel_path is not None:
            self.export_ptx(kernel_path)
        if host_path is not None:
            Path(host_path).write_text(self.get_host_source())

    def export_all(self, folder: str | Path) -> None:
        """Writes the IR as traced, the PTX and the host's LLVM IR into a folder, which
        is made, as NAME.mlir, NAME.ptx and NAME.ll."""
        base = Path(folder) / self.prim_func.name
        base.parent.mkdir(parents=True, exist_ok=True)
        base.with_suffix(".mlir").write_text(self.prim_func.text())
        self.export_sources(base.with_suffix(".ptx"), base.with_suffix(".ll"))

    def export(
        self,
        folder: str | Path,
        kinds: Sequence[str] | None = None,
        name: str | None = None,
        cpu: str = "",
        assemble: bool = False,
    ) -> dict[str, Path]:
        """Writes the kernel for programs in C, which need neither Python nor LLVM.

        A program calls the function that the header declares, with addresses, sizes
        and strides, and links the shared library, or the object file together with
        ``libtile-runtime.a``, which is put beside it. Parameters are those of the
        function, then its results and scratch tensors.

        Args:
            folder: Where to; made if it is not there.
            kinds: Any of 'c-header', 'object', 'shared', 'ptx' and 'cubin'. None is
                the first three, and 'ptx' for a GPU.
            name: The name of the C function and of the files; that of the kernel.
            cpu: The processor that host code is for: a name of LLVM's, 'native' for
                the one at hand, or '' for any of its architecture.
            assemble: Whether object files hold machine code of the GPU and not PTX,
                where there is an assembler.

        Returns:
            The path of each kind, and of 'runtime' with an object file.

        Raises:
            ValueError: Another kind, or device code of a kernel for the CPU.
            RuntimeError: A name that C cannot give, an argument that it cannot pass,
                no linker, no assembler, or a linker that fails.
            OSError: A folder or a file that cannot be written.
        """
        return export_kernel(self, folder, kinds, name, cpu, assemble)

    def get_sass(self) -> str:
        """The machine code of the kernels, disassembled by nvdisasm.

        Raises RuntimeError without nvdisasm or without an assembler for PTX.
        """
        tool = shutil.which("nvdisasm")
        if tool is None:
            raise RuntimeError("nvdisasm, which shows machine code, is not in PATH")
        target = self._gpu()
        cubin = _core.emit_cubin(
            self.module, self.prim_func.name, "cuda", target.chip, self._opt_level
        )
        with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
            file.write(cubin)
            file.flush()
            done = subprocess.run(
                [tool, "-c", file.name], capture_output=True, text=True, check=False
            )
        if done.returncode:
            raise RuntimeError(f"nvdisasm failed: {done.stderr.strip()}")
        return done.stdout

    def show_sass(self) -> None:
        """Prints the machine code. Raises RuntimeError where `get_sass` does."""
        print(self.get_sass())

    def export_sass(self, path: str | Path) -> None:
        """Writes the machine code to a file."""
        Path(path).write_text(self.get_sass())

    def __repr__(self) -> str:
        names = ", ".join(self.params[i].name for i in self._inputs)
        return f"<kernel {self.prim_func.name}({names}) for {self.target}>"

"""One call of compiled code: results, devices, copies."""

from __future__ import annotations

import sys
from typing import Any, Sequence

from tile import _core
from tile.errors import call_error
from tile.frontend.function import Argument
from tile.jit import sizes
from tile.jit.copies import DeviceCopies
from tile.jit.tensors import TensorInfo, describe, empty_like

__all__ = ["Launch", "get_stream"]


class Launch:
    """A call whose arguments were checked.

    Attributes:
        tensors: The tensors by position, without those that are absent.
        first: The first tensor, which says where results are made.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[Argument],
        results: Sequence[int],
        scratch: Sequence[int],
        inputs: Sequence[int],
        bound: _core.BoundCall,
        parameters: Sequence[int],
    ) -> None:
        """Takes what `bound` holds.

        Args:
            inputs: The positions of the arguments that are passed by the caller.
            parameters: Where each of them stands among the parameters of `bound`.

        Raises ValueError for tensors on different devices, or on others than the CPU
        and CUDA.
        """
        self.name = name
        self.arguments = arguments
        self.results = results
        self.scratch = scratch
        self.tensors: dict[int, TensorInfo] = {}
        self.first: TensorInfo | None = None
        self.packed: list[Any] = [None] * len(arguments)
        values = bound.values
        for index, packed in zip(inputs, bound.kernel_arguments):
            self.packed[index] = packed
        for index, parameter in zip(inputs, parameters):
            found: Any = bound.tensor(parameter)
            if found is not None:
                self._add(index, TensorInfo.make(found, values[parameter]))

    def _add(self, index: int, info: TensorInfo) -> None:
        if not info.has_data:
            where = getattr(info.owner, "device", f"device type {info.device[0]}")
            raise ValueError(
                f"{self.name}() argument '{self.arguments[index].name}': expected a "
                f"tensor on the CPU or on CUDA, found one on {where}"
            )
        self.tensors[index] = info
        if self.first is None:
            self.first = info
        elif info.device != self.first.device:
            raise ValueError(
                f"{self.name}() argument '{self.arguments[index].name}': device_type "
                f"mismatch [expected: {self.first.place}, got: {info.place}]"
            )

    def _symbols(self) -> dict[str, int]:
        """What the symbols in shapes and strides are."""
        known: dict[str, int] = {}
        equations: list[sizes.Equation] = []
        for index, argument in enumerate(self.arguments):
            if argument.symbol is not None and argument.dtype.is_integer:
                bits = self.packed[index]
                known[argument.symbol] = bits - (1 << 64) if bits >> 63 else bits
            info = self.tensors.get(index)
            if info is None or argument.is_pointer:
                continue
            equations += zip(argument.shape or (), info.shape)
            equations += zip(argument.strides or (), info.strides)
        return sizes.solve(known, equations)

    def check_writable(self, written: Sequence[bool]) -> None:
        """Raises ValueError for a read-only tensor that the kernel writes."""
        for index, info in self.tensors.items():
            if written[index] and not info.is_writable:
                raise ValueError(
                    f"{self.name}() argument '{self.arguments[index].name}': expected "
                    "a tensor that can be written, found a read-only one"
                )

    def make_results(self, on_cuda: bool) -> list[Any]:
        """Allocates the results, in the order in which they are returned.

        Raises ValueError for a size that the arguments do not determine.
        """
        if not self.results and not self.scratch:
            return []
        values = self._symbols()
        made = []
        for index in (*self.results, *self.scratch):
            argument = self.arguments[index]
            kind = "scratch tensor" if argument.is_scratch else "result"
            where = f"{self.name}: {kind} `{argument.name}`"
            shape = sizes.evaluate(where, argument.shape or (), values)
            result = empty_like(self.first, shape, argument.dtype, on_cuda)
            info = describe(result)
            assert info is not None
            self.packed[index] = (info.address, shape, None)
            self._add(index, info)
            made.append(result)
        return made[: len(self.results)]

    def run(self, executable: _core.Executable, on_cuda: bool) -> None:
        """Runs the code: on the CPU to its end, on a GPU to its launch.

        Raises RuntimeError for a check of the host code that fails.
        """
        if not on_cuda:
            self._invoke(executable)
            return
        is_copied = self.first is not None and not self.first.on_cuda
        device = self.first.device[1] if self.first and not is_copied else 0
        # Which device is current is the caller's affair.
        previous = _core.device_enter(device)
        try:
            if is_copied:
                self._run_on_copies(executable)
            else:
                _core.set_stream(get_stream(device))
                self._invoke(executable)
        finally:
            _core.device_leave(previous)

    def _invoke(self, executable: _core.Executable) -> None:
        try:
            executable.call(self.packed)
        except RuntimeError as error:
            raise call_error(self.name, str(error)) from None

    def _run_on_copies(self, executable: _core.Executable) -> None:
        """Copies tensors of the host to the device, and back what may be written."""
        _core.set_stream(0)
        with DeviceCopies(self.tensors) as copies:
            for index, info in self.tensors.items():
                if index not in (*self.results, *self.scratch):
                    copies.copy_in(info)
                self.packed[index] = (copies.address(info), *self.packed[index][1:])
            self._invoke(executable)
            for index, info in self.tensors.items():
                if info.is_writable and index not in self.scratch:
                    copies.copy_out(info)
            _core.device_synchronize()


def get_stream(device: int) -> int:
    """The current stream of torch, or else of CuPy; 0, the default one, without."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        return int(torch.cuda.current_stream(device).cuda_stream)
    cupy = sys.modules.get("cupy")
    if cupy is not None:
        return int(cupy.cuda.get_current_stream().ptr)
    return 0

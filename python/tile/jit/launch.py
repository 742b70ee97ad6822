"""One call of compiled code: checks, results, devices."""

from __future__ import annotations

import sys
from typing import Any, Sequence

from tile import _core
from tile.frontend.function import Argument
from tile.jit import sizes
from tile.jit.arguments import check_tensor, pack_absent, pack_tensor, scalar_bits
from tile.jit.tensors import TensorInfo, describe, empty_like_kind

__all__ = ["Call"]


class Call:
    """The arguments of one call, checked one by one.

    Attributes:
        tensors: The tensors by position, without those that are absent.
        first: The first tensor, which says where results are made.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[Argument],
        results: Sequence[int],
        values: Sequence[Any],
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.results = results
        self.tensors: dict[int, TensorInfo] = {}
        self.packed: list[Any] = [None] * len(arguments)
        self.first: TensorInfo | None = None
        given = [i for i in range(len(arguments)) if i not in results]
        for index, value in zip(given, values):
            self._take(index, value)

    def _take(self, index: int, value: Any) -> None:
        argument = self.arguments[index]
        if argument.is_pointer:
            self.packed[index] = self._take_pointer(index, argument, value)
            return
        if argument.shape is None:
            self.packed[index] = scalar_bits(self.name, argument, value)
            return
        if value is None:
            self.packed[index] = pack_absent(argument)
            return
        self._add(index, check_tensor(self.name, argument, value))

    def _take_pointer(self, index: int, argument: Argument, value: Any) -> Any:
        """A tensor of any shape, an address, or None."""
        if value is None or isinstance(value, int):
            return (value or 0, ())
        info = describe(value)
        if info is None:
            raise TypeError(
                f"{self.name}: argument `{argument.name}`: expected a tensor or an "
                f"address, got {type(value).__name__}"
            )
        self._check_place(argument, info)
        self.tensors[index] = info
        return (info.address, ())

    def _add(self, index: int, info: TensorInfo) -> None:
        argument = self.arguments[index]
        self._check_place(argument, info)
        self.tensors[index] = info
        self.packed[index] = pack_tensor(info, argument)

    def _check_place(self, argument: Argument, info: TensorInfo) -> None:
        first = self.first
        if first is None:
            self.first = info
        elif (info.on_cuda, info.device) != (first.on_cuda, first.device):
            raise ValueError(
                f"{self.name}: argument `{argument.name}`: device_type mismatch "
                f"[expected: {first.place}, got: {info.place}]"
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

    def make_results(self, on_cuda: bool) -> list[Any]:
        """Allocates the results, in the order in which they are returned."""
        if not self.results:
            return []
        values = self._symbols()
        made = []
        for index in self.results:
            argument = self.arguments[index]
            where = f"{self.name}: result `{argument.name}`"
            shape = sizes.evaluate(where, argument.shape or (), values)
            result = empty_like_kind(self.first, shape, argument.dtype, on_cuda)
            info = describe(result)
            assert info is not None
            self._add(index, info)
            made.append(result)
        return made

    def run(self, executable: _core.Executable, on_cuda: bool) -> None:
        """Runs the code: on the CPU to its end, on a GPU to its launch.

        Raises RuntimeError for a check of the host code that fails.
        """
        if not on_cuda:
            self._invoke(executable)
        elif self.first is not None and not self.first.on_cuda:
            self._run_on_copies(executable)
        else:
            device = self.first.device if self.first is not None else 0
            _core.device_init(device)
            _core.set_stream(self._stream(device))
            self._invoke(executable)

    def _invoke(self, executable: _core.Executable) -> None:
        try:
            executable.call(self.packed)
        except RuntimeError as error:
            raise RuntimeError(f"{self.name}: {error}") from None

    @staticmethod
    def _stream(device: int) -> int:
        """torch's current stream of the device; the default one without torch."""
        torch = sys.modules.get("torch")
        if torch is None or not torch.cuda.is_available():
            return 0
        return int(torch.cuda.current_stream(device).cuda_stream)

    def _run_on_copies(self, executable: _core.Executable) -> None:
        """Copies tensors of the host to the device, and back what may be written."""
        _core.device_init(0)
        _core.set_stream(0)
        copies: dict[int, int] = {}
        try:
            for index, info in self.tensors.items():
                address = _core.device_alloc(_span(info))
                copies[index] = address
                if index not in self.results and address:
                    _core.device_copy_in(address, info.address, _span(info))
                self.packed[index] = (address, *self.packed[index][1:])
            self._invoke(executable)
            for index, info in self.tensors.items():
                if info.is_writable and copies[index]:
                    _core.device_copy_out(info.address, copies[index], _span(info))
            _core.device_synchronize()
        finally:
            for address in copies.values():
                _core.device_free(address)


def _span(info: TensorInfo) -> int:
    """The bytes from the first element to the last. Raises ValueError when elements
    lie before the first."""
    if 0 in info.shape:
        return 0
    if any(stride < 0 for stride in info.strides):
        raise ValueError("tensors with negative strides cannot be copied to a GPU")
    last = sum((n - 1) * s for n, s in zip(info.shape, info.strides))
    return (last + 1) * info.dtype.bytes

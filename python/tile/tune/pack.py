"""Kernels and tensors on their way to another process.

A kernel travels as the text of its IR, so the other process needs neither the
user's module nor its source. What travels is pickled by the pipe or the engine that
carries it, and is kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Mapping, Sequence

from tile import _core, ir
from tile.frontend.function import Argument
from tile.jit.kernel import JITKernel
from tile.jit.options import CompileOptions
from tile.jit.prim_func import PrimFunc
from tile.jit.target import Target
from tile.language.dtypes import dtype
from tile.profiler.compare import to_floats
from tile.profiler.strides import Strided
from tile.tune.trial import Case

__all__ = ["PackedKernel", "pack_case", "unpack_case"]


class _Named:
    """Stands for the Python function, which stays where it is."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *args: Any) -> Any:
        raise TypeError(f"{self.__name__} is in another process")


@dataclass(frozen=True)
class PackedKernel:
    """What another process needs to compile a kernel."""

    name: str
    text: str
    arguments: tuple[Argument, ...]
    results: tuple[int, ...]
    scratch: tuple[int, ...]
    out_idx: tuple[int, ...]
    pass_configs: Mapping[str, Any]

    def input_dtypes(self) -> list[dtype]:
        """The element types of the arguments that a call is given."""
        made = {*(self.out_idx or self.results), *self.scratch}
        return [a.dtype for i, a in enumerate(self.arguments) if i not in made]

    @classmethod
    def make(
        cls, function: PrimFunc, out_idx: Sequence[int], options: CompileOptions
    ) -> "PackedKernel":
        """Packs a function with what it is to be compiled with."""
        return cls(
            function.name,
            function.text(locations=True),
            tuple(function.arguments),
            tuple(function.results),
            tuple(function.scratch),
            tuple(out_idx),
            dict(options.pass_configs),
        )

    def compile(self, target: Target) -> JITKernel:
        """Compiles it here.

        Raises DiagnosticError when the compiler refuses it.
        """
        module = _core.Module.parse(ir.context(), self.text, self.name)
        function = PrimFunc(
            _Named(self.name), module, self.arguments, self.results, self.scratch
        )
        return JITKernel(function, self.out_idx, target, self.pass_configs)


def _pack_input(value: Any) -> Any:
    """A tensor as one of NumPy; one that is not contiguous as `Strided`, because
    pickling an array forgets its strides."""
    strided = Strided.copy_of(value)
    if strided is None:
        return _to_numpy(value)
    return replace(strided, flat=_to_numpy(strided.flat))


def _to_numpy(value: Any) -> Any:
    """A tensor as one of NumPy, with bits for types that it lacks; anything else as it
    is."""
    if hasattr(value, "detach"):
        import torch

        value = value.detach().cpu().contiguous()
        narrow = {1: torch.uint8, 2: torch.uint16}.get(value.element_size())
        is_known = not value.is_floating_point() or value.dtype == torch.float16
        if narrow is not None and not is_known:
            value = value.view(narrow)
        return value.numpy()
    if hasattr(value, "get") and hasattr(value, "device"):  # CuPy
        return value.get()
    return value


def _pack_result(value: Any) -> Any:
    """What a result should be, as numbers that NumPy has."""
    numbers = to_floats(value)
    is_wide = getattr(value, "element_size", lambda: 8)() > 4
    return numbers if is_wide or numbers.dtype != float else numbers.astype("float32")


def _unpack(value: Any, device: str, element: dtype) -> Any:
    """A tensor of NumPy on the device, if that is a GPU."""
    if isinstance(value, Strided):
        return replace(value, flat=_unpack(value.flat, device, element)).tensor()
    if device == "cpu" or not hasattr(value, "shape"):
        return value
    import torch

    # Bits of a type that NumPy lacks, or an array of ml_dtypes.
    has_bits = element.is_float and value.dtype.kind not in "f"
    if has_bits:
        value = value.view(f"u{element.bytes}")
    tensor = torch.from_numpy(value)
    if has_bits:
        tensor = tensor.view(element.as_torch())
    return tensor.to(device)


def pack_case(case: Case) -> Case:
    """The case with its tensors as arrays of NumPy."""
    expected = case.expected
    if expected is not None:
        expected = (
            [*map(_pack_result, expected[0])],
            [*map(_pack_result, expected[1])],
        )
    return Case([_pack_input(value) for value in case.inputs], expected)


def unpack_case(case: Case, device: str, elements: Sequence[dtype]) -> Case:
    """The case with its inputs, of these element types, on the device."""
    inputs = [_unpack(v, device, e) for v, e in zip(case.inputs, elements)]
    return Case(inputs, case.expected)

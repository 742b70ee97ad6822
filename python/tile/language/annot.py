"""What the parameters of a kernel are: tensors, scalars, compile-time values."""

from __future__ import annotations

import inspect
from typing import Any, Mapping, Sequence

from tile.frontend.builder import current
from tile.frontend.function import FunctionTrace
from tile.language import dtypes
from tile.language.dtypes import AnyDType

__all__ = ["ArgVarTable", "FuncAnnot", "Tensor"]


class ArgVarTable:
    """The names of one traced function."""


class Annot:
    """What one parameter is; by default a compile-time value."""

    def is_kernel_arg(self) -> bool:
        """Whether it is passed when the kernel is launched."""
        return False

    def promote(self) -> Any:
        """Itself with nothing open, or None."""
        return None

    def key(self, value: Any) -> Any:
        """What of the value makes a difference to the kernel."""
        return value

    def create(self, name: str, value: Any) -> Any:
        """What the body of the kernel sees."""
        return value


def _function() -> FunctionTrace:
    function: FunctionTrace = current("A parameter").data["function"]
    return function


class Scalar(Annot):
    """A number that is passed at launch."""

    def __init__(self, dtype: dtypes.dtype) -> None:
        self.dtype = dtype

    def scope(self) -> str:
        """Where it is."""
        return "global"

    def is_kernel_arg(self) -> bool:
        return True

    def promote(self) -> Any:
        return self

    @property
    def data(self) -> "Scalar":
        """The placeholder of a promoted annotation."""
        return self

    def key(self, value: Any) -> Any:
        return None

    def create(self, name: str, value: Any) -> Any:
        return _function().add_scalar(name, self.dtype)


class Placeholder(Scalar):
    """A tensor of which nothing is open."""

    def __init__(
        self, shape: Sequence[Any], dtype: AnyDType, strides: Any = None
    ) -> None:
        super().__init__(dtypes.dtype(dtype))
        self.shape = tuple(shape)
        self.strides = strides

    def create(self, name: str, value: Any) -> Any:
        return _function().add_tensor(name, self.shape, self.dtype, self.strides)


class OpenTensor(Annot):
    """A tensor with sizes or an element type that the call decides."""

    strides = None

    def __init__(self, shape: Sequence[Any], dtype: Any) -> None:
        self.shape = tuple(None if s in (int, Any) else s for s in shape)
        self.dtype = dtype

    def is_kernel_arg(self) -> bool:
        return True

    def promote(self) -> Any:
        if self.dtype is Any or any(s is None for s in self.shape):
            return None
        return Placeholder(self.shape, self.dtype)

    def key(self, value: Any) -> Any:
        return tuple(value.shape), dtypes.dtype(value.dtype)

    def create(self, name: str, value: Any) -> Any:
        return Placeholder(value.shape, value.dtype).create(name, value)


def _shape(shape: Any) -> tuple[Any, ...]:
    return tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)


class TensorAnnot:
    """``T.Tensor((M, N), dtype)`` and ``T.Tensor[[M, int], dtype]``."""

    def __call__(self, shape: Any, dtype: AnyDType = "float32") -> Placeholder:
        return Placeholder(_shape(shape), dtype)

    def __getitem__(self, items: tuple[Any, Any]) -> OpenTensor:
        return OpenTensor(_shape(items[0]), items[1])


Tensor = TensorAnnot()


def scalar_parameter(dtype: dtypes.dtype) -> Scalar:
    """What ``T.int32()`` stands for."""
    return Scalar(dtype)


class FuncAnnot:
    """The annotations of a function."""

    arg_names: list[str]
    annots: dict[str, Any]

    @classmethod
    def from_sig_annots(
        cls, signature: inspect.Signature, hints: Mapping[str, Any]
    ) -> "FuncAnnot":
        """Makes it from a signature and its evaluated annotations."""
        self = cls()
        self.arg_names = list(signature.parameters)
        self.annots = {}
        for name in self.arg_names:
            hint = hints.get(name)
            if isinstance(hint, dtypes.dtype):
                hint = Scalar(hint)
            annot = hint if isinstance(hint, Annot) else Annot()
            self.annots[name] = annot.promote() or annot
        return self

    def parse_key(self, **values: Any) -> Any:
        """What of the arguments makes a difference to the kernel."""
        return tuple(self.annots[n].key(values[n]) for n in self.arg_names)

    def convert_to_kernel_args(self, **values: Any) -> list[Any]:
        """The arguments that are passed at launch, in order."""
        return [values[n] for n in self.arg_names if self.annots[n].is_kernel_arg()]

    def create_argument(self, name: str, value: Any, table: ArgVarTable) -> Any:
        """What the body of the kernel sees."""
        return self.annots[name].create(name, value)

    def is_all_static(self) -> bool:
        """Whether nothing is open."""
        return not self.get_compile_time_unknown_args()

    def get_compile_time_unknown_args(self) -> list[str]:
        """The parameters about which something is open."""
        return [n for n in self.arg_names if self.annots[n].promote() is None]

"""Element types: every spelling of one type is the same object.

>>> dtype("half") is dtype("float16") is float16
True
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "AnyDType",
    "dtype",
    "index",
    "bool_",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "tfloat32",
    "float8_e4m3fn",
    "float8_e5m2",
    "int4",
    "float8_e3m4",
    "float8_e4m3",
    "float8_e4m3b11fnuz",
    "float8_e4m3fnuz",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
    "float6_e2m3fn",
    "float6_e3m2fn",
    "float4_e2m1fn",
]

AnyDType = Any
"""What names a type: a `dtype`, a string, a torch or NumPy type, bool, int, float."""

# name: (MLIR type or None when the dialect has no such type, bits, kind)
_TYPES: dict[str, tuple[str | None, int, str]] = {
    "bool": ("i1", 8, "bool"),
    "int8": ("i8", 8, "int"),
    "int16": ("i16", 16, "int"),
    "int32": ("i32", 32, "int"),
    "int64": ("i64", 64, "int"),
    "uint8": (None, 8, "uint"),
    "uint16": (None, 16, "uint"),
    "uint32": (None, 32, "uint"),
    "uint64": (None, 64, "uint"),
    "float16": ("f16", 16, "float"),
    "bfloat16": ("bf16", 16, "float"),
    "float32": ("f32", 32, "float"),
    "float64": ("f64", 64, "float"),
    "tfloat32": ("f32", 32, "float"),
    "float8_e4m3fn": ("f8E4M3FN", 8, "float"),
    "float8_e5m2": ("f8E5M2", 8, "float"),
    "int4": (None, 4, "int"),
    "float8_e3m4": (None, 8, "float"),
    "float8_e4m3": ("f8E4M3FN", 8, "float"),
    "float8_e4m3b11fnuz": (None, 8, "float"),
    "float8_e4m3fnuz": (None, 8, "float"),
    "float8_e5m2fnuz": (None, 8, "float"),
    "float8_e8m0fnu": (None, 8, "float"),
    "float6_e2m3fn": (None, 6, "float"),
    "float6_e3m2fn": (None, 6, "float"),
    "float4_e2m1fn": (None, 4, "float"),
    "index": ("index", 64, "int"),
}

_ALIASES = {
    "short": "int16",
    "int": "int32",
    "uint": "uint32",
    "long": "int64",
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "e4m3": "float8_e4m3fn",
    "e5m2": "float8_e5m2",
    "boolean": "bool",
}

_instances: dict[str, "dtype"] = {}


def _get_name(value: Any) -> str | None:
    """The name that a value spells, or None."""
    if isinstance(value, dtype):
        return value.name
    if isinstance(value, str):
        name = value
    elif value is bool:
        name = "bool"
    elif value is int:
        name = "int32"
    elif value is float:
        name = "float32"
    elif type(value).__module__ == "torch":
        name = str(value).removeprefix("torch.")
    else:
        # NumPy's types and their instances, also those of ml_dtypes.
        name = str(getattr(value, "name", None) or getattr(value, "__name__", ""))
        if name.endswith("_") and name[:-1] in _TYPES:
            name = name[:-1]
    name = _ALIASES.get(name, name)
    return name if name in _TYPES else None


class dtype:
    """An element type.

    ``dtype(x)`` takes any spelling and raises TypeError for what names no type.
    Calling a type, ``float32(x)``, converts a number or an expression to it;
    with no argument it stands for a scalar parameter of a kernel.
    """

    __slots__ = ("name", "mlir_or_none", "bits", "kind")
    name: str
    mlir_or_none: str | None
    bits: int
    kind: str

    def __new__(cls, value: AnyDType) -> "dtype":
        name = _get_name(value)
        if name is None:
            raise TypeError(
                f"Invalid DataType {value!r}, expect one of "
                f"{', '.join(sorted(_TYPES))}, a torch or NumPy type, or bool, "
                "int, float"
            )
        if name not in _instances:
            self = object.__new__(cls)
            self.name = name
            self.mlir_or_none, self.bits, self.kind = _TYPES[name]
            _instances[name] = self
        return _instances[name]

    @property
    def mlir(self) -> str:
        """The MLIR type. Raises TypeError for a type that kernels cannot hold yet."""
        if self.mlir_or_none is None:
            known = ", ".join(n for n, t in _TYPES.items() if t[0])
            raise TypeError(
                f"{self.name} is not supported in kernels; expected one of {known}"
            )
        return self.mlir_or_none

    @property
    def bytes(self) -> int:
        """The bytes that one element takes in memory."""
        return (self.bits + 7) // 8

    itemsize = bytes

    @property
    def is_float(self) -> bool:
        """Whether this is a floating-point type."""
        return self.kind == "float"

    @property
    def is_integer(self) -> bool:
        """Whether this is an integer type; bool is not."""
        return self.kind in ("int", "uint")

    @property
    def is_bool(self) -> bool:
        """Whether this is bool."""
        return self.kind == "bool"

    def as_torch(self) -> Any:
        """The torch type of the same name. Raises TypeError when torch has none."""
        import torch

        names = {
            "tfloat32": "float32",
            "float8_e4m3": "float8_e4m3fn",
            "index": "int64",
        }
        result = getattr(torch, names.get(self.name, self.name), None)
        if result is None:
            raise TypeError(f"torch has no type {self.name}")
        return result

    def as_numpy(self) -> Any:
        """The NumPy type; types that NumPy lacks come as integers of their width."""
        import numpy

        names = {
            "tfloat32": "float32",
            "index": "int64",
            "bfloat16": "uint16",
            "float8_e4m3fn": "uint8",
            "float8_e4m3": "uint8",
            "float8_e5m2": "uint8",
        }
        return numpy.dtype(names.get(self.name, self.name))

    def __call__(self, value: Any = None) -> Any:
        from tile.language.expr import cast

        if value is None:
            from tile.language.annot import scalar_parameter

            return scalar_parameter(self)
        return cast(value, self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, dtype):
            return self is other
        if isinstance(other, str):
            return self.name == _ALIASES.get(other, other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"dtype('{self.name}')"

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return dtype, (self.name,)


bool_ = dtype("bool")
int8 = dtype("int8")
int16 = dtype("int16")
int32 = dtype("int32")
int64 = dtype("int64")
uint8 = dtype("uint8")
uint16 = dtype("uint16")
uint32 = dtype("uint32")
uint64 = dtype("uint64")
float16 = dtype("float16")
bfloat16 = dtype("bfloat16")
float32 = dtype("float32")
float64 = dtype("float64")
tfloat32 = dtype("tfloat32")
float8_e4m3fn = dtype("float8_e4m3fn")
float8_e5m2 = dtype("float8_e5m2")
int4 = dtype("int4")
float8_e3m4 = dtype("float8_e3m4")
float8_e4m3 = dtype("float8_e4m3")
float8_e4m3b11fnuz = dtype("float8_e4m3b11fnuz")
float8_e4m3fnuz = dtype("float8_e4m3fnuz")
float8_e5m2fnuz = dtype("float8_e5m2fnuz")
float8_e8m0fnu = dtype("float8_e8m0fnu")
float6_e2m3fn = dtype("float6_e2m3fn")
float6_e3m2fn = dtype("float6_e3m2fn")
float4_e2m1fn = dtype("float4_e2m1fn")
index = dtype("index")
"""The type of loop variables, block ids and sizes: 64 bits, signed."""

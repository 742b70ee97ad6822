"""A function of tile IR with its arguments and what they must hold after it."""

import os
import zlib
from dataclasses import dataclass, field

import numpy as np

import formats
from formats import TYPES

KERNELS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "kernels")


def memref(shape, type, scope=None, layout=None):
    dims = "".join("?x" if d is None else f"{d}x" for d in shape)
    layout = f", {layout}" if layout else ""
    scope = f", #tile.scope<{scope}>" if scope and scope != "global" else ""
    return f"memref<{dims}{type}{layout}{scope}>"


@dataclass
class Argument:
    name: str
    text: str  # its type in MLIR
    type: formats.Type
    array: np.ndarray = None  # None for a scalar
    scalar: str = None
    checks: list = field(default_factory=list)

    def __str__(self):
        return "%" + self.name


@dataclass
class Result:
    """How far an output is from what it must be."""

    what: str
    error: float  # the largest absolute error
    used: float  # the largest share of the tolerance; above 1 is wrong
    note: str = ""

    @property
    def ok(self):
        return self.used <= 1


class Program:
    def __init__(self, name, seed, file=None, entry=None):
        self.name = name
        self.rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        self.file = file and os.path.join(KERNELS, file)
        self.entry = entry or "main"
        self.arguments = []
        self.host = []  # lines before the launches
        self.body = []
        self.known = {}
        self.passes = []  # options of tile-opt, run before anything else

    # Arguments.

    def _add(self, argument):
        self.arguments.append(argument)
        return argument

    def input(self, type, array, shape=None):
        """A buffer with these stored elements; `shape` may have None for '?'."""
        array = np.asarray(array)
        shape = array.shape if shape is None else shape
        name = f"a{len(self.arguments)}"
        return self._add(Argument(name, memref(shape, type), TYPES[type], array))

    def output(self, type, shape, initial=None, dynamic=False):
        """A buffer that holds `initial`, or poison."""
        t = TYPES[type]
        array = formats.poison(t, shape) if initial is None else np.asarray(initial)
        assert array.shape == tuple(shape)
        return self.input(type, array, (None,) * len(shape) if dynamic else None)

    def scalar(self, type, value):
        name = f"a{len(self.arguments)}"
        return self._add(Argument(name, type, TYPES[type], scalar=str(value)))

    def normal(self, type, shape, scale=1.0):
        """Stored normal numbers."""
        t = TYPES[type]
        if t.is_float:
            return np.asarray(formats.encode(t, self.rng.standard_normal(shape) * scale))
        return self.integers(type, shape, -100, 100)

    def integers(self, type, shape, low=-4, high=4):
        """Stored small integers, exact in every type."""
        t = TYPES[type]
        if type == "i1":
            return np.asarray(self.rng.integers(0, 2, shape)).astype(np.bool_)
        values = self.rng.integers(low, high + 1, shape)
        values = np.asarray(values, np.float64 if t.is_float else np.int64)
        return np.asarray(formats.encode(t, values))

    # Text.

    def constant(self, value, type="index"):
        """A constant of the host code, also usable in kernels."""
        key = (value, type)
        if key not in self.known:
            name = f"%c{len(self.known)}"
            text = value
            if TYPES[type].is_float and np.isinf(float(value)):
                t = TYPES[type]
                text = hex(int(formats.to_bits(t, formats.encode(t, float(value)))))
            self.known[key] = name
            self.host.append(f"{name} = arith.constant {text} : {type}")
        return self.known[key]

    def emit(self, *lines):
        self.body += lines

    def text(self):
        if self.file:
            with open(self.file) as file:
                return file.read()
        arguments = ", ".join(f"{a}: {a.text}" for a in self.arguments)
        lines = [f"func.func @{self.entry}({arguments}) {{"]
        lines += ["  " + line for line in self.host + self.body]
        return "\n".join(lines + ["  return", "}", ""])

    # Expectations.

    def expect(self, argument, values, tolerance=None, what="", any_nan=False):
        """`values` are stored elements that must come bit for bit when there is
        no tolerance, else values from which the output may be that far."""

        def check(array):
            return compare(argument.type, array, values, tolerance, what, any_nan)

        argument.checks.append((check, tolerance))

    def expect_that(self, argument, what, holds):
        """`holds(array)` is true for the stored elements of the output."""
        argument.checks.append(
            (lambda array: Result(what, 0.0, 0.0 if holds(array) else np.inf), None)
        )


def compare(type, array, want, tolerance, what, any_nan=False):
    if tolerance is None:
        want = np.asarray(want)
        assert want.shape == array.shape and want.dtype == array.dtype, (want, array)
        got_bits, want_bits = formats.to_bits(type, array), formats.to_bits(type, want)
        same = got_bits == want_bits
        got, want = formats.decode(type, array), formats.decode(type, want)
        if type.is_float:
            # Any NaN is as good as another, but poison must be left alone.
            poisoned = (want_bits == np.iinfo(type.bits).max) & (not any_nan)
            same |= np.isnan(got) & np.isnan(want) & ~poisoned
        used = np.where(same, 0.0, np.inf)
    else:
        got = formats.decode(type, array).astype(np.longdouble)
        want = np.asarray(want, np.longdouble)
        assert want.shape == got.shape, (want.shape, got.shape)
        with np.errstate(all="ignore"):
            used = np.abs(got - want) / np.maximum(tolerance, np.finfo(float).tiny)
        agree = (got == want) | (np.isnan(got) & np.isnan(want))
        used = np.where(agree, 0.0, np.where(np.isfinite(used), used, np.inf))
    if used.size == 0:
        return Result(what, 0.0, 0.0)
    with np.errstate(all="ignore"):
        error = np.abs(got - want)
    finite = error[np.isfinite(error)]
    worst = np.unravel_index(np.argmax(used), used.shape)
    result = Result(what, float(finite.max()) if finite.size else 0.0, float(used[worst]))
    if not result.ok:
        place = ", ".join(str(int(i)) for i in worst)
        result.note = (
            f"[{place}] is {got[worst]}, expected {want[worst]}; "
            f"{int((used > 1).sum())} of {used.size} are wrong"
        )
    return result


def sum_tolerance(count, magnitude, compute, result):
    """How far a sum of `count` products or terms may be off when it is formed
    in `compute` in any order and rounded once to `result`. `magnitude` is the
    sum of absolute values. Errors of single steps are independent, so they grow
    with the root of their number."""
    tolerance = compute.eps * (4 * np.sqrt(count) + 8) * magnitude
    if result is not compute:
        tolerance = tolerance + result.eps * magnitude + result.tiny
    return tolerance

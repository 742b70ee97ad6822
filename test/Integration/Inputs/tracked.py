"""Arrays of values with a bound of their error, for chains of operations.

The bound is zero as long as every result is exact or correctly rounded from
exact operands, so that programs over small integers are compared bit for bit.
"""

import numpy as np

import formats
import reduce
from formats import TYPES
from program import sum_tolerance


class Unusable(Exception):
    """The program would compute something that says little about the compiler:
    an overflow, or a result that is mostly error."""


class Tracked:
    def __init__(self, type, values, errors=None):
        self.type = type
        self.v = np.asarray(values, np.float64 if type.is_float else np.int64)
        self.e = np.zeros(self.v.shape) if errors is None else np.asarray(errors, float)

    @property
    def shape(self):
        return self.v.shape

    @property
    def exact(self):
        return not self.e.any()

    def __getitem__(self, at):
        return Tracked(self.type, self.v[at], self.e[at])

    def __setitem__(self, at, other):
        self.v[at], self.e[at] = other.v, other.e

    def transpose(self, *order):
        return Tracked(self.type, self.v.transpose(*order), self.e.transpose(*order))

    def tolerance(self):
        """The bound at the end of a program."""
        known = self.v[~np.isnan(self.v)]
        if self.type.is_float and known.size:
            if self.e.max() > 0.05 * np.abs(known).max() + 2 * self.type.tiny:
                raise Unusable("mostly error")
        return self.e


def stored(type, array):
    return Tracked(type, formats.decode(type, array))


def largest(type):
    return float(formats.decode(type, np.asarray(formats.encode(type, np.inf))))


def settle(type, values, errors=0.0, relative=None):
    """What an operation leaves in an element of `type`: `values` wrapped or
    rounded once. `relative` is its own error when it does not round correctly."""
    values = np.asarray(values)
    if not type.is_float:
        wrapped = values.astype(np.int64).astype(type.storage).astype(np.int64)
        return Tracked(type, wrapped != 0 if type.name == "i1" else wrapped)
    errors = np.broadcast_to(errors, values.shape)
    rounded = formats.round_to(type, values)
    if not np.isfinite(rounded).all() or (values.size and np.abs(values).max() > 1e30):
        raise Unusable("overflow")
    step = type.eps * np.abs(values) * 1.01 + type.tiny
    if relative is not None:
        errors = errors + relative * np.abs(values) + step
    return Tracked(type, rounded, np.where(errors == 0, 0.0, errors + step))


def convert(source, type):
    """As tile.copy converts."""
    if source.type is type:
        return source
    if not source.type.is_float or type.is_float:
        if type.name == "i1":
            return Tracked(type, source.v != 0)
        if type.is_float and not source.type.is_float:
            array = formats.integer_to_float(type, source.v)
            return settle(type, formats.decode(type, np.asarray(array)))
        return settle(type, source.v, source.e)
    if not source.exact:
        raise Unusable("a step of an inexact number")
    array = formats.encode(source.type, source.v)
    return stored(type, formats.convert(source.type, type, np.asarray(array)))


def quantum(values):
    """The largest power of two of which all values are multiples."""
    mantissas, exponents = np.frexp(values[values != 0])
    if mantissas.size == 0:
        return 1.0
    units = np.ldexp(mantissas, 53).astype(np.int64)
    return float(np.ldexp((units & -units).astype(float), exponents - 53).min())


def settle_sum(type, total, magnitude, errors, count, step):
    """A sum of `count` terms, all multiples of `step`, in any order, rounded
    once. `errors` come from the terms."""
    if not type.is_float:
        return settle(type, total)
    compute = type if type.width >= 32 else TYPES["f32"]
    if not np.any(errors) and np.all(magnitude <= step * 2.0**compute.mantissa):
        return settle(type, total)
    errors = errors + sum_tolerance(count, magnitude, compute, type)
    return Tracked(type, settle(type, total).v, errors)


def reduction(kind, source, dim, held=None):
    """`held`, with the dimension kept, joins in when the reduction accumulates."""
    type, v, e = source.type, source.v, source.e
    total = reduce.combine(kind, type, v, dim, None if held is None else held.v)
    if held is not None:
        v, e = (np.concatenate(pair, dim) for pair in ((v, held.v), (e, held.e)))
    if kind not in ("sum", "abssum"):
        # The largest of wrong numbers is not further off than the worst of them.
        total = np.asarray(total, np.float64 if type.is_float else np.int64)
        return settle(type, total) if not e.any() else Tracked(type, total, e.max(dim))
    step = quantum(v) if type.is_float else 1
    return settle_sum(type, total, np.abs(v).sum(dim), e.sum(dim), v.shape[dim], step)


def scan(kind, source, dim, reverse):
    flip = lambda x: np.flip(x, dim) if reverse else x
    v, e = flip(source.v), flip(source.e)
    if kind == "max":
        parts = np.maximum.accumulate(v, dim), np.maximum.accumulate(e, dim)
        return Tracked(source.type, *map(flip, parts))
    sums = [flip(np.cumsum(x, dim)) for x in (v, np.abs(v), e)]
    step = quantum(v) if source.type.is_float else 1
    return settle_sum(source.type, *sums, v.shape[dim], step)


def product(a, b, c, type, tf32=False):
    """a @ b added to c, or to nothing."""
    total = a.v @ b.v
    if not type.is_float:
        return settle(type, total + (0 if c is None else c.v))
    magnitude = np.abs(a.v) @ np.abs(b.v)
    errors = a.e @ (np.abs(b.v) + b.e) + np.abs(a.v) @ b.e
    step = quantum(a.v) * quantum(b.v)
    if tf32 and any((formats.round_tf32(x.v) != x.v).any() for x in (a, b)):
        errors = errors + 2.0**-10 * magnitude
    if c is not None:
        total, magnitude, errors = total + c.v, magnitude + np.abs(c.v), errors + c.e
        step = min(step, quantum(c.v))
    return settle_sum(type, total, magnitude, errors, a.shape[1] + 1, step)


def copy_region(source, target, source_at, target_at, extents, pad):
    """tile.copy with all of its rules for edges; `pad` is of the source."""
    rank = len(extents)

    def clip(shape, at):
        """Where the region meets the buffer: in the buffer, in the region."""
        lead = len(shape) - rank
        at = at or (0,) * len(shape)
        inside = all(0 <= i < n for i, n in zip(at[:lead], shape))
        there, here = list(at[:lead]), []
        for begin, size, extent in zip(at[lead:], shape[lead:], extents):
            low, high = max(0, -begin), min(extent, size - begin)
            inside &= low < high
            there.append(slice(begin + low, begin + high))
            here.append(slice(low, high))
        return inside, tuple(there), tuple(here)

    piece = Tracked(source.type, np.full(extents, pad))
    inside, there, here = clip(source.shape, source_at)
    if inside:
        piece[here] = source[there]
    piece = convert(piece, target.type)
    inside, there, here = clip(target.shape, target_at)
    if inside:
        target[there] = piece[here]

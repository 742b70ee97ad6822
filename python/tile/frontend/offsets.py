"""How far one index lies from another, read from the IR.

`A[i * 64 : i * 64 + 64]` computes ``i * 64`` twice; that the extent is 64 shows
only when the two are compared by how they were computed.
"""

from __future__ import annotations

from tile import _core

#: How deep two computations are compared.
_MAX_DEPTH = 16


def _split(value: _core.Value) -> tuple[_core.Value | None, int]:
    """The value without the constants that were added to it, and their sum."""
    offset = 0
    while True:
        number = value.constant()
        if number is not None:
            return None, offset + number
        name = value.op_name()
        if name not in ("arith.addi", "arith.subi"):
            return value, offset
        lhs, rhs = value.operands()
        right, left = rhs.constant(), lhs.constant()
        if right is not None:
            value, offset = lhs, offset + (right if name == "arith.addi" else -right)
        elif left is not None and name == "arith.addi":
            value, offset = rhs, offset + left
        else:
            return value, offset


def _same(a: _core.Value, b: _core.Value, depth: int = 0) -> bool:
    """Whether two values are computed in the same way from the same values."""
    if a == b:
        return True
    if depth > _MAX_DEPTH or not a.same_operation(b):
        return False
    return all(_same(x, y, depth + 1) for x, y in zip(a.operands(), b.operands()))


def offset_from(stop: _core.Value, start: _core.Value) -> int | None:
    """``stop - start`` when it is known to be constant."""
    (a, m), (b, n) = _split(stop), _split(start)
    if a is None and b is None:
        return m - n
    if a is None or b is None or not _same(a, b):
        return None
    return m - n

"""Branches and assignments in kernels."""

import numpy as np
import pytest
from helpers import ints, outputs, poison, trace

import tile.language as T

# Branches --------------------------------------------------------------------


def test_if_elif_else():
    def kernel(A, B):
        with T.Kernel(1):
            for i in T.serial(5):
                if A[i] < 0:
                    B[i] = -1
                elif A[i] == 0:
                    B[i] = 0
                elif A[i] > 100:
                    B[i] = 100
                else:
                    B[i] = A[i]

    assert outputs(kernel, 5, -7, 0, 300, 100, 3) == [-1, 0, 100, 100, 3]


def test_conditions_of_python_are_decided_while_tracing():
    def kernel(A, B):
        with T.Kernel(1):
            if A.shape[0] > 2 and not None:
                B[0] = 1
            else:
                B[0] = undefined_name  # noqa: F821 - never reached
            if T.int32(3) > 2:
                B[1] = 2
            else:
                B[1] = 3
            if "" or 0:
                B[2] = 4
            elif [1]:
                B[2] = 5

    assert outputs(kernel, 3, 1, 2, 3) == [1, 2, 5]
    text = trace(kernel, ints(1, 2, 3), poison(3, np.int32)).module.text()
    assert "scf.if" not in text


def test_and_or_not_compute_what_counts():
    def kernel(A, B):
        with T.Kernel(1):
            n = 3
            for i in T.serial(8):
                # A[i] is out of bounds for i >= 3.
                if i < n and A[i] > 1 or i == 7:
                    B[i] = 1
                elif not (i < n) or not A[i]:
                    B[i] = 2
                else:
                    B[i] = 3
            B[8] = None or 5
            B[9] = 0 and undefined_name  # noqa: F821
            B[10] = True if (A[0] and A[1]) else False

    assert outputs(kernel, 11, 0, 5, 1) == [2, 1, 3, 2, 2, 2, 2, 1, 5, 0, 0]


def test_chained_comparisons_compute_the_middle_once():
    def kernel(A, B):
        with T.Kernel(1):
            for i in T.serial(4):
                B[i] = 1 if 0 < A[i] <= 5 != 3 else 0
            B[4] = 1 if 1 < 2 < 3 else 0
            B[5] = 0
            B[6] = 7 if 0 < count(B[5]) < 2 else 8

    @T.macro
    def count(place: T.Ref):
        place += 1
        return place

    assert outputs(kernel, 7, 0, 1, 5, 6) == [0, 1, 1, 0, 1, 1, 7]


def test_membership():
    def kernel(A, B):
        with T.Kernel(1):
            for i in T.serial(4):
                B[i] = 1 if A[i] in (2, A[0]) else 0
                B[4 + i] = 1 if A[i] not in [3, 9] else 0
            B[8] = 1 if "x" in "xyz" and 3 not in {4} else 0
            B[9] = 1 if A[0] in () else 0
            B[10] = 1 if A[0] is not None and None is None else 0

    assert outputs(kernel, 11, 5, 2, 3, 9) == [1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1]


def test_conditional_expressions():
    def kernel(A, B):
        with T.Kernel(1):
            for i in T.serial(3):
                B[i] = A[i] if i < 2 else (7 if A[0] > 3 else 8)
            B[3] = T.cast(1.5 if A[0] > 3 else 2, "int32")
            B[4] = 1 if A is not None else undefined_name  # noqa: F821

    assert outputs(kernel, 5, 4, 6) == [4, 6, 7, 1, 1]


# Assignments -----------------------------------------------------------------


def test_augmented_assignments():
    def kernel(A, B):
        with T.Kernel(1):
            v = T.alloc_var("int32", A[0])
            v += 3
            v -= 1
            v *= 4
            v //= 3
            v %= 50
            v <<= 2
            v >>= 1
            v |= 1
            v &= 31
            v ^= 2
            B[0] = v
            B[0] += A[1]
            B[A[2]] = 5
            B[A[2]] -= A[0] * 2

    v = 7 + 3 - 1
    v = ((v * 4 // 3 % 50 << 2 >> 1) | 1) & 31 ^ 2
    result = outputs(kernel, 3, 7, 100, 2)
    assert result[0] == v + 100 and result[2] == -9


def test_swaps_stars_and_chains():
    def kernel(A, B):
        with T.Kernel(1):
            x, y = T.alloc_var("int32", 1), T.alloc_var("int32", 2)
            x, y = y, x
            B[0], B[1] = x, y
            B[0], B[1] = B[1], B[0]
            first, *middle, last = A[0], A[1], A[2], A[3]
            B[2] = middle[0] + middle[1] * 10
            B[3] = B[4] = first + last
            (p, q), [r] = (A[0], A[1]), [A[2]]
            B[5] = p + q + r
            z = x
            x = 50
            B[6] = z
            B[7] = x

    assert outputs(kernel, 8, 3, 4, 5, 6) == [1, 2, 54, 9, 9, 12, 2, 50]


def test_index_is_that_of_its_time():
    def kernel(A, B):
        with T.Kernel(1):
            i = T.alloc_var("int32", 0)
            part = B[i : i + 2]
            i = 1
            T.fill(part, 4)
            B[i + 1] = 5
            pair = [i, i]
            i = 3
            B[i] = pair[0] + 10

    assert outputs(kernel, 4) == [4, 4, 5, 13]


def test_walrus():
    def kernel(A, B):
        with T.Kernel(1):
            if (x := A[0] + 1) > 3:
                B[0] = x
            B[1] = (y := 5) + y
            B[2] = len([n := 3]) + n

    assert outputs(kernel, 3, 7) == [8, 10, 4]

    def lazy(A, B):
        with T.Kernel(1):
            if A[0] > 3 and (x := A[1]) > 2:
                B[0] = x

    with pytest.raises(SyntaxError, match="`x :=` in a part of a condition that may"):
        trace(lazy, ints(0, 0), ints(0))


def test_functions_lambdas_and_comprehensions():
    def kernel(A, B):
        with T.Kernel(1):
            k = 2

            def helper(x, y=3):
                return x * k + y

            pick = lambda x: x if x > 4 else -x  # noqa: E731
            values = [A[i] + j for i in range(2) for j in (0, 10) if i or j]
            B[0] = helper(A[0])
            B[1] = pick(A[0]) + pick(A[1])
            for position, value in enumerate(values):
                B[2 + position] = value
            table = {name: A[i] for i, name in enumerate("ab")}
            B[5] = table["b"]
            B[6] = len(f"{k}{len(values)}")
            del table

    assert outputs(kernel, 7, 3, 9) == [9, 6, 13, 9, 19, 9, 2]


def test_strings_of_several_lines_and_comments():
    class Holder:
        @staticmethod
        def kernel(A, B):
            """Text that is
            indented less.
            """
            with T.Kernel(1):
                text = """
no indentation
"""
                # Nor has this comment.
                B[0] = len(text)

    assert outputs(Holder.kernel, 1) == [16]


def test_raise_and_assert():
    def kernel(A, B, size):
        assert size > 2, f"size {size} is too small"
        with T.Kernel(1):
            if size > 10:
                raise ValueError(f"size {size} is too large")
            B[0] = size

    def bound(size):
        def function(A, B):
            inner(A, B, size)

        inner = T.macro(kernel)
        return function

    assert outputs(bound(5), 1) == [5]
    with pytest.raises(AssertionError, match="size 2 is too small"):
        outputs(bound(2), 1)
    with pytest.raises(ValueError, match="size 20 is too large"):
        outputs(bound(20), 1)

    def conditional(A, B):
        with T.Kernel(1):
            if A[0] > 1:
                raise ValueError("never")

    with pytest.raises(NotImplementedError, match="raise on a condition of the kernel"):
        trace(conditional, ints(0), ints(0))

    def looped(A, B):
        with T.Kernel(1):
            for i in range(3):
                raise ValueError(f"cannot compute {A.dtype}")

    with pytest.raises(ValueError, match="cannot compute int32"):
        trace(looped, ints(0), ints(0))


@pytest.mark.host("a failed assertion ends the use of a GPU")
def test_assert_of_a_value_of_the_kernel():
    def kernel(A, B):
        with T.Kernel(1):
            assert A[0] > 3, "A is small"
            B[0] = A[0]

    assert outputs(kernel, 1, 4) == [4]
    with pytest.raises(RuntimeError, match="A is small"):
        outputs(kernel, 1, 2)

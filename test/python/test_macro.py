"""T.macro and T.Ref."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from helpers import ints, poison, run, trace

import tile.language as T
from tile import JITNoBuilderError
from tile.language import Ref, macro


@T.macro
def scale(x, factor=2):
    return x * factor


@T.macro
def two(x):
    doubled = scale(x)
    return doubled, doubled + 1


@T.macro
def bump(target: T.Ref, by):
    target += by
    if target > 10:
        target = 10


@T.macro
def power(x, n):
    if n == 0:
        return 1
    return x * power(x, n - 1)


@T.macro
def total(buffer, size):
    result = T.alloc_var("int32", 0)
    for i in range(size):
        if buffer[i] < 0:
            continue
        result += buffer[i]
    return result


def test_values_defaults_and_several_results():
    def kernel(A, B):
        with T.Kernel(1):
            low, high = two(A[0])
            B[0], B[1] = high, low
            B[2] = scale(factor=A[1], x=A[2])
            B[3] = total(A, 3)

    a, b = ints(5, -7, 4), poison(4, np.int32)
    run(kernel, a, b)
    assert b.tolist() == [11, 10, -28, 9]


def test_by_value_is_read_once_at_the_call():
    @T.macro
    def late(x, place: T.Ref):
        place = 100
        return x

    def kernel(A, B):
        with T.Kernel(1):
            v = T.alloc_var("int32", 3)
            B[0] = late(v, v)
            B[1] = v
            B[2] = late(B[1], B[1])

    b = poison(3, np.int32)
    run(kernel, ints(0), b)
    assert b.tolist() == [3, 100, 100]

    def order(A):
        with T.Kernel(1):
            A[1] = A[0] + late(7, A[0])

    a = ints(1, 0)
    run(order, a)
    assert a.tolist() == [100, 8]


def test_reference_to_variable_element_and_region():
    @T.macro
    def clear(part: T.Ref):
        T.fill(part, 7)

    def kernel(A, B):
        with T.Kernel(1):
            v = T.alloc_var("int32", 8)
            bump(v, 1)
            B[0] = v
            bump(v[0], 5)
            B[1] = v
            bump(B[2], A[0])
            clear(B[3:5])

    b = ints(0, 0, 4, 0, 0, 0)
    run(kernel, ints(3), b)
    assert b.tolist() == [9, 10, 7, 7, 7, 0]


def test_indices_of_a_reference_are_those_of_the_call():
    @T.macro
    def move(place: T.Ref, index: T.Ref):
        index += 1
        place = 50
        place += 1

    def kernel(B):
        with T.Kernel(1):
            i = T.alloc_var("int32", 1)
            move(B[i], i)
            B[0] = i

    b = ints(0, 0, 0)
    run(kernel, b)
    assert b.tolist() == [2, 51, 0]


def test_region_is_indexed_from_its_start():
    @T.macro
    def fill(part: T.Ref, i):
        part[:] = 3
        part[i + 1] = 7
        part[-1] = part[1] + 1
        part[0:2] = 5
        row = part[1:4]
        row[0] += 2

    def kernel(A, B):
        with T.Kernel(1):
            fill(B[1:6], A[0])

    b = ints(0, 0, 0, 0, 0, 0, 0)
    run(kernel, ints(2), b)
    assert b.tolist() == [0, 5, 7, 3, 7, 4, 0]

    def blocks(A, B):
        with T.Kernel(1):
            part = B[A[0], 2:5]
            part[1] = 90
            block = B[1:3, 1:4]
            block[1, ...] = block[0, 2]
            block[1, 2] = block[-2, -3] * 10

    b = np.arange(18, dtype=np.int32).reshape(3, 6)
    run(blocks, ints(0), b)
    assert b[0].tolist() == [0, 1, 2, 90, 4, 5] and b[2, 1:4].tolist() == [9, 9, 70]


@pytest.mark.parametrize(
    "key, message",
    [
        (5, "index 5 is out of bounds for a region of size 5"),
        (-6, "index -6 is out of bounds for a region of size 5"),
        (slice(0, 6), "index 6 is out of bounds for a region of size 5"),
        ((0, 0), "expected at most 1 indices for a region of buffer `B`, got 2"),
    ],
)
def test_region_is_not_left(key, message):
    def kernel(B):
        with T.Kernel(1):
            part = B[1:6]
            part[key] = 1

    with pytest.raises(IndexError, match=message):
        trace(kernel, ints(0, 0, 0, 0, 0, 0, 0))


def test_reference_is_handed_on():
    @T.macro
    def outer(x: Ref, y: "T.Ref"):
        bump(x, 2)
        bump(y, 3)
        x[0] += y[0]

    def kernel(B):
        with T.Kernel(1):
            outer(B[0], B[1])

    b = ints(1, 2)
    run(kernel, b)
    assert b.tolist() == [8, 5]


@pytest.mark.parametrize("value", [3, 2.5, "text"])
def test_reference_needs_a_place(value):
    def kernel(B):
        with T.Kernel(1):
            bump(value, 1)

    with pytest.raises(ValueError, match="To pass as reference, argument `target`"):
        trace(kernel, ints(0))


def test_reference_to_an_expression():
    def kernel(B):
        with T.Kernel(1):
            bump(B[0] + 1, 1)

    with pytest.raises(
        ValueError, match="expected to be a variable or a buffer region"
    ):
        trace(kernel, ints(0))


def test_ref_has_no_instances():
    with pytest.raises(TypeError, match="T.Ref is an annotation"):
        T.Ref()


def test_recursion_ends_at_compile_time():
    def kernel(A, B):
        with T.Kernel(1):
            B[0] = power(A[0], 5)

    b = poison(1, np.int32)
    run(kernel, ints(3), b)
    assert b[0] == 243


def test_endless_recursion():
    @T.macro
    def forever(x):
        forever(x)

    def kernel(A):
        with T.Kernel(1):
            forever(A[0])

    with pytest.raises(RecursionError, match="more than 100 calls deep"):
        trace(kernel, ints(0))


def test_passed_as_values_and_kept_in_lists():
    @T.macro
    def apply(function, *values, **more):
        result = T.alloc_var("int32", more["start"])
        for value in values:
            result += function(value)
        return result

    def kernel(A, B):
        with T.Kernel(1):
            B[0] = apply(scale, A[0], A[1], start=A[2])
            for function in [scale, lambda x: x + 1]:
                B[1] = B[1] + function(A[0])

    b = ints(0, 0)
    run(kernel, ints(3, 4, 5), b)
    assert b.tolist() == [19, 10]


def test_nested_in_a_kernel_and_closures():
    offset = 40

    def kernel(A, B):
        with T.Kernel(1):
            seen = A[1]

            @T.macro
            def add(x: T.Ref):
                x += seen + offset

            add(B[0])

    b = ints(1)
    run(kernel, ints(0, 7), b)
    assert b[0] == 48


def test_names_belong_to_the_call():
    @T.macro
    def local(x):
        y = x + 1
        z = y * 2
        return z

    def kernel(A, B):
        with T.Kernel(1):
            y = A[0]
            B[0] = local(y) + local(y + 1)
            B[1] = y

    b = poison(2, np.int32)
    run(kernel, ints(3), b)
    assert b.tolist() == [18, 3]


def test_results_are_usable_after_the_call_and_in_branches():
    @T.macro
    def absolute(x):
        result = T.alloc_var("int32", x)
        if x < 0:
            result = -x
        return result

    def kernel(A, B):
        with T.Kernel(1):
            for i in T.serial(3):
                if A[i] < 0:
                    B[i] = absolute(A[i])
                else:
                    B[i] = 2 * absolute(A[i])

    b = poison(3, np.int32)
    run(kernel, ints(-4, 5, 0), b)
    assert b.tolist() == [4, 10, 0]


def test_inside_boolean_expressions_only_what_counts_is_executed():
    @T.macro
    def check(x, seen: T.Ref):
        seen += 1
        return x > 0

    def kernel(A, B):
        with T.Kernel(1):
            for i in T.serial(4):
                if A[i] < 5 and check(A[i], B[0]) or A[i] == 9:
                    B[1] += 1
                B[2] += 1 if A[i] < 5 and not check(A[i], B[3]) else 0

    b = ints(0, 0, 0, 0)
    run(kernel, ints(1, -1, 7, 9), b)
    assert b.tolist() == [2, 2, 1, 2]


def test_return_inside_control_flow():
    @T.macro
    def early(x):
        if x > 0:
            return 1
        return 0

    def kernel(A):
        with T.Kernel(1):
            A[0] = early(A[0])

    with pytest.raises(
        NotImplementedError, match="return inside control flow of `early`: allocate"
    ):
        trace(kernel, ints(0))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: scale(1, facto=2), r"scale\(\): got an unexpected keyword.*facto"),
        (lambda: scale(), r"scale\(\): missing a required argument: 'x'"),
        (lambda: scale(1, 2, 3), r"scale\(\): too many positional arguments"),
        (lambda: scale(1, x=3), r"scale\(\): multiple values for argument 'x'"),
    ],
)
def test_arguments_are_checked(call, message):
    def kernel(A):
        with T.Kernel(1):
            call()

    with pytest.raises(TypeError, match=message):
        trace(kernel, ints(0))


def test_outside_a_kernel():
    with pytest.raises(
        JITNoBuilderError, match="Macro `scale` can only be used inside"
    ):
        scale(3)


def test_decorator_forms():
    def plain(x):
        return x + 1

    made = T.macro()(plain)
    assert T.macro(made) is made
    assert made.__name__ == "plain" and "macro" in repr(made)
    assert isinstance(T.macro(hygienic=True)(plain), T.Macro)
    with pytest.raises(ValueError, match="always hygienic"):
        T.macro(hygienic=False)
    with pytest.raises(TypeError, match="expected a function defined by def, got int"):
        T.macro(3)


def test_other_decorators():
    import functools

    def twice(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(function(*args))

        return wrapper

    # Around a macro they are Python; inside they would be lost.
    outside = twice(scale)

    def kernel(A):
        with T.Kernel(1):
            A[0] = outside(A[0])

    a = ints(3)
    run(kernel, a)
    assert a[0] == 12
    with pytest.raises(TypeError, match="already wrapped by another decorator"):
        T.macro(twice(lambda x: x))


def test_as_a_method():
    class Helper:
        step = 5

        @T.macro
        def add(self, place: T.Ref):
            place += self.step

    helper = Helper()

    def kernel(A):
        with T.Kernel(1):
            helper.add(A[0])

    a = ints(3)
    run(kernel, a)
    assert a[0] == 8
    assert isinstance(Helper.add, T.Macro)


def test_globals_are_those_of_the_call():
    def kernel(A):
        with T.Kernel(1):
            A[0] = use_global(A[0])

    for value in (5, 9):
        globals()["GLOBAL"] = value
        a = ints(1)
        run(kernel, a)
        assert a[0] == value + 1


GLOBAL = 0


@macro
def use_global(x):
    return x + GLOBAL


def test_locations_show_the_calls():
    def kernel(A):
        with T.Kernel(1):
            A[0] = two(A[0])[1]

    text = trace(kernel, ints(0)).module.text(True)
    assert "callsite(" in text and text.count("test_macro.py") >= 3


def test_in_several_threads():
    results: dict[int, int] = {}

    def work(number: int) -> None:
        def kernel(A):
            with T.Kernel(1):
                A[0] = power(A[0], number)

        a = ints(2)
        run(kernel, a, gpu=False)
        results[number] = int(a[0])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: 2**n for n in range(8)}

"""Names in kernels: which value they stand for, where and when."""

import types
import warnings

import pytest
from helpers import ints, outputs, trace

import tile
import tile.language as T
from tile import TileWarning

# Names -----------------------------------------------------------------------


def after_branch(A, B):
    with T.Kernel(1):
        x = 1
        if A[0] > 2:
            x = 2
        B[0] = x


def after_else(A, B):
    with T.Kernel(1):
        if A[0] > 2:
            x = 2
        else:
            x = 3
        B[0] = x + 1


def expression_after_branch(A, B):
    with T.Kernel(1):
        if A[0] > 2:
            x = A[0] + 1
        B[0] = x


def after_loop(A, B):
    with T.Kernel(1):
        x = 1
        for i in T.serial(3):
            x = 2
        B[0] = x


def index_after_loop(A, B):
    with T.Kernel(1):
        for x in T.serial(3):
            B[0] = x
        B[0] = x


def buffer_after_branch(A, B):
    with T.Kernel(1):
        if A[0] > 2:
            x = A
        else:
            x = B
        x[0] = 1


def list_after_branch(A, B):
    with T.Kernel(1):
        x = [1]
        if A[0] > 2:
            x = [2]
        for y in x:
            B[0] = y


def after_while(A, B):
    with T.Kernel(1):
        x = 0
        while B[0] < 3:
            B[0] += 1
            x = 5
        B[1] = x


def nested_regions(A, B):
    with T.Kernel(1):
        x = 0
        for i in T.serial(3):
            if A[i] > 2:
                x = 1
            else:
                B[0] = x
        B[0] = x


@pytest.mark.parametrize(
    "kernel",
    [
        after_branch,
        after_else,
        expression_after_branch,
        after_loop,
        index_after_loop,
        buffer_after_branch,
        list_after_branch,
        after_while,
    ],
)
def test_names_outside_their_region(kernel):
    with pytest.raises(
        RuntimeError,
        match="Immutable variable `x` is used outside its defining region! Use T.all",
    ):
        trace(kernel, ints(0, 0), ints(0, 0))


def test_buffer_outside_its_region():
    def kernel(A, B):
        with T.Kernel(1):
            if A[0] > 2:
                x = T.alloc_shared((4,), "int32")
            x[0] = 1

    with pytest.raises(RuntimeError, match="Buffer `x` is used outside its defining"):
        trace(kernel, ints(0), ints(0))


def carried(A, B):
    with T.Kernel(1):
        x = 0
        for i in T.serial(4):
            x = x + 1
        B[0] = 1


def carried_augmented(A, B):
    with T.Kernel(1):
        x = A[0]
        for i in T.serial(4):
            x += A[i]
            B[i] = x


def carried_by_while(A, B):
    with T.Kernel(1):
        x = A[0]
        while x > 0:
            x = x - 1


def carried_late(A, B):
    with T.Kernel(1):
        x = 7
        for i in T.serial(4):
            if i > 0:
                B[i] = x
            x = i


@pytest.mark.parametrize(
    "kernel",
    [carried, carried_augmented, carried_by_while, carried_late, nested_regions],
)
def test_names_carried_from_round_to_round(kernel):
    with (
        pytest.raises(
            RuntimeError,
            match="Immutable variable `x` is re-bound in a loop that uses its value of the "
            "round before; use T.alloc_var",
        ),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        trace(kernel, ints(0, 0, 0, 0), ints(0, 0, 0, 0))


def test_names_that_mean_the_same_either_way():
    def kernel(A, B):
        with T.Kernel(1):
            x = 4
            if A[0] > 2:
                x = 4
                y = A[0]
                B[0] = y
            else:
                y = A[1]
                B[0] = y + x
            B[1] = x
            for i in T.serial(2):
                x = i * 2
                B[2 + i] = x
            x = 9
            B[4] = x
            if A[0] > 0:
                z = 3
            B[5] = z

    assert outputs(kernel, 6, 1, 50) == [54, 4, 0, 2, 9, 3]


def test_else_sees_the_value_from_before():
    def kernel(A, B):
        with T.Kernel(1):
            x = A[0]
            k = 1
            if A[0] > 2:
                x = A[1]
                k = 2
                B[0] = x + k
            elif A[0] > 1:
                k = 3
                B[0] = x + k
            else:
                B[0] = x + k

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert outputs(kernel, 1, 5, 70) == [72]
        assert outputs(kernel, 1, 2, 70) == [5]
        assert outputs(kernel, 1, 1, 70) == [2]


def test_rebinding_warns():
    def kernel(A, B):
        with T.Kernel(1):
            x = A[0] + 1
            x = x + 1
            B[0] = x

    with pytest.warns(TileWarning, match="Immutable value `x` is re-bound") as seen:
        assert outputs(kernel, 1, 5) == [7]
    line = kernel.__code__.co_firstlineno + 3
    assert (seen[0].filename, seen[0].lineno) == (__file__, line)


def test_a_new_variable_takes_the_name():
    def kernel(A, B):
        with T.Kernel(1):
            v = T.alloc_var("int32", 1)
            w = v
            v = T.alloc_var("int32", 5)
            v += 1
            B[0], B[1] = v, w

    assert outputs(kernel, 2) == [6, 1]


# Where functions come from ---------------------------------------------------


FACTOR = 1


def test_globals_are_read_at_every_trace():
    global FACTOR

    def kernel(A, B):
        with T.Kernel(1):
            B[0] = FACTOR

    for FACTOR in (3, 8):
        assert outputs(kernel, 1) == [FACTOR]


def test_closures_of_one_definition_differ():
    def make(n):
        def kernel(A, B):
            with T.Kernel(1):
                B[0] = n

        return kernel

    assert [outputs(k, 1) for k in map(make, range(3))] == [[0], [1], [2]]


def test_condition_of_other_objects_warns():
    marker = types.SimpleNamespace()

    def kernel(A, B):
        with T.Kernel(1):
            if marker:
                B[0] = 1

    with pytest.warns(
        TileWarning, match="condition is a SimpleNamespace, which is jud"
    ):
        assert outputs(kernel, 1) == [1]


def test_eager_sees_changed_globals():
    @tile.jit
    def kernel(A: T.Tensor[[1], "int32"]):
        with T.Kernel(1):
            A[0] = FACTOR

    global FACTOR
    for FACTOR in (4, 6):
        a = ints(0)
        kernel(a)
        assert a[0] == FACTOR


SIZES = [1, 2]


@T.macro
def last_size():
    return SIZES[-1]


def test_eager_sees_what_lists_and_macros_hold():
    @tile.jit
    def kernel(A: T.Tensor[[1], "int32"]):
        with T.Kernel(1):
            A[0] = last_size() * len(SIZES)

    a = ints(0)
    for _ in range(2):
        kernel(a)
        assert a[0] == SIZES[-1] * len(SIZES)
        SIZES.append(7)


def test_a_log_does_not_compile_anew():
    log = []

    def make():
        log.append(1)

        @T.prim_func
        def kernel(A: T.Tensor((1,), "int32")):
            with T.Kernel(1):
                A[0] = 1

        return kernel

    lazy = tile.jit(make)
    assert lazy() is lazy() and log == [1]

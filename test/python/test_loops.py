"""Loops in kernels, and the jumps in them."""

import pytest
from helpers import ints, outputs, run, trace

import tile.language as T
from tile import TileWarning


@pytest.mark.parametrize(
    "bounds", [(5,), (2, 6), (0,), (3, 3), (5, 1), (1, 9, 3), (6, -2, -1), (7, 0, -3)]
)
def test_ranges(bounds):
    def kernel(A, B):
        with T.Kernel(1):
            n = T.alloc_var("int32", 0)
            for i in range(*bounds):
                B[n] = i
                n += 1
            B[11] = n

    expected = list(range(*bounds))
    assert outputs(kernel, 12)[: len(expected)] == expected
    assert outputs(kernel, 12)[11] == len(expected)


@pytest.mark.parametrize("sizes", [(0, 5), (4, 4), (9, 2), (-3, 3)])
@pytest.mark.parametrize("step", [1, 2, -1, -4])
def test_ranges_with_values_of_the_kernel(sizes, step):
    def kernel(A, B):
        with T.Kernel(1):
            n = T.alloc_var("int32", 0)
            for i in T.serial(A[0], A[1], step):
                B[n] = i
                n += 1
            B[11] = n

    expected = list(range(*sizes, step))
    result = outputs(kernel, 12, *sizes)
    assert result[: len(expected)] == expected and result[11] == len(expected)


@pytest.mark.parametrize("sizes", [(0, 5), (4, 4), (9, 2), (-3, 3), (3, -3)])
@pytest.mark.parametrize("step", [1, 2, 7, -1, -4])
def test_steps_with_values_of_the_kernel(sizes, step):
    def kernel(A, B):
        with T.Kernel(1):
            n = T.alloc_var("int32", 0)
            for i in range(A[0], A[1], A[2]):
                B[n] = i
                n += 1
            B[11] = n

    expected = list(range(*sizes, step))
    result = outputs(kernel, 12, *sizes, step)
    assert result[: len(expected)] == expected and result[11] == len(expected)


@pytest.mark.host("a failed assertion ends the use of a GPU")
def test_step_that_is_zero_at_run_time():
    def kernel(A, B):
        with T.Kernel(1):
            for i in range(0, 5, A[0]):
                B[i] = 1

    with pytest.raises(RuntimeError, match="step must be non-zero"):
        outputs(kernel, 12, 0)


@pytest.mark.parametrize("loop", [range, T.serial, T.unroll])
def test_step_zero(loop):
    def kernel(A, B):
        with T.Kernel(1):
            for i in loop(0, 5, 0):
                B[i] = 1

    with pytest.raises(ValueError, match="step must be non-zero|must not be zero"):
        trace(kernel, ints(0), ints(0))


def test_range_is_a_name_like_others():
    def kernel(A, B):
        with T.Kernel(1):
            later = range(2, 4)
            for i in later:
                B[i] = i
            B[0] = sum(range(4)) + len([k for k in range(3)])
            B[1] = sum(i * k for i, k in zip(range(3), [5, 6, 7]))
            for i, k in enumerate(range(10, 12)):
                B[4 + i] = k

    assert outputs(kernel, 6) == [9, 20, 2, 3, 10, 11]

    @T.macro
    def shadowed(B, range):
        for i in range(3):
            B[i] = 5

    def caller(A, B):
        with T.Kernel(1):
            shadowed(B, lambda n: [1] * n)

    text = trace(caller, ints(0), ints(0, 0)).module.text()
    assert text.count("memref.store") == 3 and "scf.for" not in text


def test_python_iterables_are_unrolled():
    def kernel(A, B):
        with T.Kernel(1):
            n = 0
            for i, (x, *rest) in enumerate([(1, 2, 3), (4,)]):
                B[i] = x + len(rest)
                n += 1
            for key, value in {"a": 2, "b": 3}.items():
                B[value] = len(key) + n
            for t in (x * x for x in [2]):
                B[t] = A[0]

    assert outputs(kernel, 5, 8) == [3, 4, 3, 3, 8]


@pytest.mark.parametrize("what", ["list", "serial", "grid", "while", "pipelined"])
def test_break_and_continue(what):
    def kernel(A, B):
        with T.Kernel(1):
            n = T.alloc_var("int32", 0)
            j = T.alloc_var("int32", -1)
            if what == "list":
                for i in [0, 1, 2, 3, 4, 5]:
                    if A[i] < 0:
                        continue
                    if A[i] > 50:
                        break
                    n += A[i]
            elif what == "serial":
                for i in T.serial(6):
                    if A[i] < 0:
                        continue
                    if A[i] > 50:
                        break
                    n += A[i]
            elif what == "pipelined":
                for i in T.Pipelined(6, num_stages=2):
                    if A[i] < 0:
                        continue
                    if A[i] > 50:
                        break
                    n += A[i]
            elif what == "grid":
                for i, k in T.grid(3, 2):
                    if A[i * 2 + k] < 0:
                        continue
                    if A[i * 2 + k] > 50:
                        break
                    n += A[i * 2 + k]
            else:
                while True:
                    j += 1
                    if A[j] < 0:
                        continue
                    if A[j] > 50:
                        break
                    n += A[j]
            B[0] = n

    assert outputs(kernel, 1, 1, -9, 20, 3, 60, 7) == [24]


def test_continue_in_parallel():
    def kernel(A, B):
        with T.Kernel(1, threads=4):
            for i in T.Parallel(8):
                if A[i] < 0:
                    continue
                B[i] = A[i]

    a, b = ints(1, -1, 2, -2, 3, -3, 4, -4), ints(*([9] * 8))
    run(kernel, a, b)
    assert b.tolist() == [1, 9, 2, 9, 3, 9, 4, 9]


def test_jumps_decided_while_tracing():
    def kernel(A, B):
        with T.Kernel(1):
            for i in [0, 1, 2, 3]:
                if i == 1:
                    continue
                if i == 3:
                    break
                B[i] = i
                if A[i] > 5:
                    break
                B[i] += 10
            for i in range(4):
                for k in [1, 2]:
                    if k == 2:
                        break
                    B[1] = k
                if i == 2:
                    break
                B[3] = i
            for k in [5, 6, 7]:
                if A[0] > 100:
                    break
                if k == 6:
                    break
                B[4] = k

    assert outputs(kernel, 5, 0, 0, 9) == [10, 1, 2, 1, 5]


def test_jumps_inside_with():
    class Nothing:
        def __enter__(self):
            return 3, 4

        def __exit__(self, *args):
            pass

    def kernel(A, B):
        with T.Kernel(1):
            B[1] = 0
            for i in T.serial(4):
                with Nothing() as (x, y), Nothing():
                    if A[i] > 2:
                        break
                    B[0] = i
                B[1] += x * y

    assert outputs(kernel, 2, 0, 1, 5, 0) == [1, 24]


def test_while():
    def kernel(A, B):
        with T.Kernel(1):
            x = T.alloc_var("int32", A[0])
            n = T.alloc_var("int32", 0)
            while x != 1 and n < 100:
                if x % 2 == 0:
                    x //= 2
                else:
                    x = 3 * x + 1
                n += 1
            B[0] = n

    assert outputs(kernel, 1, 7) == [16]


def test_while_that_never_ends():
    def kernel(A, B):
        with T.Kernel(1):
            while True:
                B[0] += 1

    def counting(A, B):
        with T.Kernel(1):
            n = 0
            while n < 4:
                n += 1

    for function in (kernel, counting):
        with pytest.raises(RuntimeError, match="Infinite while loop detected"):
            trace(function, ints(0), ints(0))


def test_while_that_never_runs():
    def kernel(A, B):
        with T.Kernel(1):
            B[0] = 1
            while False:
                B[0] = 2

    with pytest.warns(TileWarning, match="condition of a while loop is always false"):
        assert outputs(kernel, 1) == [1]


def test_statements_after_a_jump():
    def kernel(A, B):
        with T.Kernel(1):
            B[0] = 0
            for i in T.serial(3):
                B[0] += 1
                continue
                B[0] = 100

    with pytest.warns(TileWarning, match="statements after break or continue") as seen:
        assert outputs(kernel, 1) == [3]
    line = kernel.__code__.co_firstlineno + 6
    assert (seen[0].filename, seen[0].lineno) == (__file__, line)


@pytest.mark.parametrize("value", [5, None, 2.5, lambda: 1])
def test_what_cannot_be_iterated(value):
    def kernel(A, B):
        with T.Kernel(1):
            for i in value:
                B[0] = 1

    with pytest.raises(TypeError, match="Invalid for loop, got .*expect one of: range"):
        trace(kernel, ints(0), ints(0))


def test_buffers_and_scalars_cannot_be_iterated():
    def buffer(A, B):
        with T.Kernel(1):
            for i in A:
                B[0] = 1

    def scalar(A, B):
        with T.Kernel(1):
            for i in A[0] + 1:
                B[0] = 1

    for function in (buffer, scalar):
        with pytest.raises(TypeError, match="Invalid for loop, got (BufferV|Expr)"):
            trace(function, ints(0), ints(0))

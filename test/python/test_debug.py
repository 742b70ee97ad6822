"""Prints, assertions, assumptions, hints and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import tile.language as T
from helpers import poison, run, trace


def test_print(capfd):
    a = np.arange(4, dtype=np.float32).reshape(2, 2)

    def kernel(A):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((2, 2), "float32")
            T.copy(A, s)
            T.print(msg="begin")
            T.print(A[1, 1], msg="corner")
            T.print(s)
            T.print(A[1, :], msg="row")
            n = T.alloc_var("int32", 7)
            T.print(n, "n =")
            T.print(3)
            for i in T.Parallel(1):
                T.print(i)

    run(kernel, a)
    lines = [line.strip() for line in capfd.readouterr().out.splitlines()]
    assert lines == [
        "begin",
        "corner 3",
        "s[0, 0] = 0",
        "s[0, 1] = 1",
        "s[1, 0] = 2",
        "s[1, 1] = 3",
        "row[0] = 2",
        "row[1] = 3",
        "n = 7",
        "3",
        "0",
    ]


def refuse(error, match, function, dynamic=False):
    def kernel(A):
        with T.Kernel(1, threads=32):
            function(A)

    with pytest.raises(error, match=match):
        trace(kernel, np.zeros((4, 8), np.float32), dynamic=dynamic)


def test_errors_of_print():
    def in_parallel(A):
        with T.Kernel(1, threads=32):
            for _ in T.Parallel(4):
                T.print(A)

    with pytest.raises(ValueError, match="inside T.Parallel would print it in every"):
        trace(in_parallel, np.zeros(4, np.float32))
    refuse(ValueError, "a size known at compile time", lambda A: T.print(A), True)
    refuse(ValueError, "a scalar, a buffer or None, got str", lambda A: T.print("text"))


def test_assertions_and_assumptions():
    def kernel(A, n):
        T.assume(n > 0)
        with T.Kernel(1, threads=32):
            T.device_assert(A[0] > n, "too small")
            T.assume(n < 100)
            A[1] = n

    a = np.array([5, 0], np.float32)
    run(kernel, a, 3)
    assert a[1] == 3
    with pytest.raises(RuntimeError, match="the condition does not hold"):
        run(kernel, a, 0)
    refuse(AssertionError, "does not hold", lambda A: T.assume(1 > 2))


def test_failing_assertion_stops_the_process():
    import subprocess
    import sys

    text = (
        "import numpy as np, tile.language as T\n"
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from helpers import run\n"
        "import importlib.util\n"
        "spec = importlib.util.spec_from_file_location('m', sys.argv[2])\n"
        "m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m)\n"
        "run(m.failing, np.zeros(2, np.float32))\n"
    )
    import pathlib

    here = pathlib.Path(__file__)
    done = subprocess.run(
        [sys.executable, "-c", text, str(here.parent), str(here)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "too small" in done.stderr + done.stdout


def failing(A):
    with T.Kernel(1, threads=32):
        T.device_assert(A[0] > 1, "too small")


def test_hints_change_nothing():
    a, b = np.random.default_rng().standard_normal((2, 64, 64)).astype(np.float32)
    b[:] = np.nan

    def kernel(A, B):
        with T.Kernel(4, threads=64) as bx:
            T.use_swizzle(10)
            T.use_swizzle(panel_size=4, order="column", enable=False)
            s = T.alloc_shared((16, 64), "float32")
            f = T.alloc_fragment((16, 64), "float32")
            T.annotate_layout(
                {
                    s: T.make_swizzled_layout(s),
                    f: T.Fragment((16, 64), lambda i, j: (j, i)),
                }
            )
            T.annotate_layout({s: lambda i, j: (j, i)})
            T.annotate_l2_hit_ratio({A: 0.5})
            T.annotate_restrict_buffers(A, B)
            T.annotate_min_blocks_per_sm(2)
            T.annotate_producer_reg_dealloc()
            T.annotate_consumer_reg_alloc(240)
            T.no_set_max_nreg()
            T.disable_warp_group_reg_alloc()
            T.copy(A[bx * 16, 0], s)
            T.sync_threads()
            T.copy(s, f)
            T.copy(f, B[bx * 16, 0])

    run(kernel, a, b)
    np.testing.assert_array_equal(b, a)


def test_errors_of_hints():
    def shared(shape=(4, 8)):
        return T.alloc_shared(shape, "float32")

    refuse(ValueError, "panel_size of at least 1", lambda A: T.use_swizzle(0))
    refuse(TypeError, "panel_size as an int", lambda A: T.use_swizzle("row"))
    refuse(ValueError, "'row' or 'column', got 'x'", lambda A: T.use_swizzle(1, "x"))
    refuse(TypeError, "buffers as keys", lambda A: T.annotate_layout({1: 2}))
    refuse(
        TypeError,
        "a T.Fragment for fragment",
        lambda A: T.annotate_layout({T.alloc_fragment((4, 4)): lambda i, j: (i, j)}),
    )
    refuse(
        TypeError,
        "expects a T.Layout for buffer",
        lambda A: T.annotate_layout(
            {shared(): T.Fragment((4, 8), lambda i, j: (i, j))}
        ),
    )
    refuse(TypeError, "a T.Layout or a function",
           lambda A: T.annotate_layout({shared(): 3}))  # fmt: skip
    refuse(
        ValueError,
        "Invalid layout for shared buffer .*: the forward map must be injective",
        lambda A: T.annotate_layout({shared(): lambda i, j: (i, j // 2)}),
    )
    refuse(
        ValueError,
        "its shape is .4, 8., that of the layout is .4, 4.",
        lambda A: T.annotate_layout({shared(): T.Layout((4, 4), lambda i, j: (i, j))}),
    )
    refuse(
        ValueError,
        "two elements lie in one slot of a thread",
        lambda A: T.annotate_layout(
            {T.alloc_fragment((4, 8)): T.Fragment((4, 8), lambda i, j: (i, 0))}
        ),
    )
    refuse(
        ValueError,
        "Invalid layout for fragment",
        lambda A: T.annotate_layout(
            {T.alloc_fragment((4, 8)): T.Fragment((4, 4), lambda i, j: (i, j))}
        ),
    )
    refuse(TypeError, "tensors as keys", lambda A: T.annotate_l2_hit_ratio({1: 0.5}))
    refuse(ValueError, "a ratio of 0 to 1", lambda A: T.annotate_l2_hit_ratio({A: 2}))
    refuse(TypeError, "expects buffers", lambda A: T.annotate_restrict_buffers(1))
    refuse(ValueError, "at least 1 block", lambda A: T.annotate_min_blocks_per_sm(0))
    refuse(
        ValueError,
        "24 to 256 registers, a multiple of 8, got 25",
        lambda A: T.annotate_producer_reg_dealloc(25),
    )


def test_layouts():
    layout = T.Layout((2, 3), lambda i, j: (j, i))
    assert layout.map_forward_index((1, 2)) == (2, 1)
    assert layout.get_output_shape() == (3, 2) and layout.is_injective()
    with pytest.raises(IndexError, match="outside a layout"):
        layout.map_forward_index((2, 0))
    with pytest.raises(TypeError, match="expected ints"):
        T.Layout(2, lambda i: i / 2).is_injective()
    assert not T.Layout(4, lambda i: i // 2).is_injective()
    both = T.Fragment(
        8, forward_thread_fn=lambda i: i // 2, forward_index_fn=lambda i: i % 2
    )
    assert both.map_forward_index((5,)) == (2, 1) and both.get_thread_size() == 4
    twice = T.Fragment(4, lambda i, rep: (i + 4 * rep, 0), replicate=2)
    assert twice.get_thread_size() == 8 and twice.is_injective()
    with pytest.raises(TypeError, match="T.Fragment expects forward_fn"):
        T.Fragment(4)
    linear = T.make_linear_layout((3, 4))
    assert linear.map_forward_index((2, 1)) == (9,)


@pytest.mark.parametrize("columns", [64, 32, 16, 128])
def test_swizzled_layouts(columns):
    made = []

    def kernel(A):
        with T.Kernel(1, threads=32):
            s = T.alloc_shared((16, columns), "float16")
            made.append(T.make_swizzled_layout(s))
            A[0] = 0

    trace(kernel, np.zeros(4, np.float32))
    layout = made[0]
    assert layout.is_injective() and layout.get_output_shape() == (16, columns)
    # Eight rows of one column of vectors lie in different banks.
    vectors = {layout.map_forward_index((i, 0)) for i in range(8)}
    banks = {(i * columns * 2 + j * 2) // 16 % 8 for i, j in vectors}
    assert len(banks) == 8


def test_swizzle_needs_whole_rows():
    refuse(
        ValueError,
        "T.make_full_bank_swizzled_layout expects rows of a multiple of 128 bytes",
        lambda A: T.make_full_bank_swizzled_layout(T.alloc_shared((8, 16), "float32")),
    )


@pytest.mark.parametrize(
    "name, advice",
    [
        ("tma_copy", "use T.copy"),
        ("async_copy", "use T.copy"),
        ("wgmma_gemm", "use T.gemm"),
        ("tcgen05_gemm", "use T.gemm"),
        ("alloc_tmem", "use T.gemm"),
        ("alloc_barrier", "inserts the barriers"),
        ("mbarrier_wait_parity", "inserts the barriers"),
        ("ws", "gives warps their roles"),
        ("set_max_nreg", "gives warps their roles"),
        ("sync_warp", "the whole block"),
        ("warp_reduce_sum", "use T.reduce_sum"),
        ("sync_grid", "two T.Kernel blocks"),
        ("loop_break", "write break"),
        ("add2", "write it for single numbers"),
        ("annotate_compile_flags", "there is no CUDA source"),
        ("annotate_pass_configs", "give tile.jit pass_configs"),
        ("make_tensor_from_addr", "use T.make_tensor"),
        ("call_extern", "no CUDA source"),
        ("gemm_sp", "no operation yet"),
    ],
)
def test_refused(name, advice):
    with pytest.raises(
        NotImplementedError, match=f"T.{name} is not supported.*{advice}"
    ):
        getattr(T, name)(1, 2, key=3)


def test_barrier_of_some_threads():
    refuse(NotImplementedError, "T.sync_threads of some threads",
           lambda A: T.sync_threads(1, 64))  # fmt: skip


def test_extents():
    out = poison(6, "int32")

    def kernel(O):
        with T.ClusterKernel(4, 2, cluster_dims=2, threads=(32, 2)) as (bx, by):
            assert T.get_thread_extents() == [32, 2] and T.get_thread_extent(1) == 2
            if bx == 3 and by == 1:
                O[0] = T.get_block_extent(0)
                O[1] = T.get_block_extents()[1]
                O[2] = T.get_block_binding(0)
                O[3] = T.get_block_bindings()[1]

    run(kernel, out)
    np.testing.assert_array_equal(out[:4], [4, 2, 3, 1])
    refuse(IndexError, "a dimension below 1, got 1", lambda A: T.get_block_extent(1))
    refuse(IndexError, "a dimension below 1, got 2", lambda A: T.get_thread_extent(2))

"""Errors of tracing: their kinds, their texts, and where they point."""

import ast
import linecache
import math
import subprocess
import sys
import textwrap
import threading
import traceback
import warnings
from pathlib import Path

import numpy as np
import pytest
from helpers import ints, run, trace

import tile
import tile.language as T
from tile import DiagnosticError, JITNoBuilderError, _core
from tile.frontend.builder import current_or_none
from tile.frontend.hooks import Activation


def error_of(kernel, *arrays) -> BaseException:
    """What tracing a function raises."""
    with pytest.raises(BaseException) as caught:
        trace(kernel, *(arrays or (ints(0),)))
    return caught.value


def user_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames from the kernel on."""
    frames = traceback.extract_tb(error.__traceback__)
    first = next(i for i, f in enumerate(frames) if f.name == "kernel")
    return list(frames[first:])


# Where an error points -------------------------------------------------------


def test_traceback_ends_in_the_users_line():
    def kernel(A):
        with T.Kernel(1):
            S = T.alloc_shared((4, -1), "int32")  # here

    error = error_of(kernel)
    assert isinstance(error, ValueError)
    frames = user_frames(error)
    assert [f.name for f in frames] == ["kernel"]
    assert frames[-1].filename == __file__ and frames[-1].line.endswith("# here")
    assert frames[-1].lineno == kernel.__code__.co_firstlineno + 2


@T.macro
def outer(x):
    return middle(x) + 1  # second


def middle(x):
    return inner(x)  # plain Python, third


@T.macro
def inner(x):
    if x > 3:
        return x  # last
    return 0


def test_chain_of_calls():
    def kernel(A):
        with T.Kernel(1):
            A[0] = outer(A[0])  # first

    error = error_of(kernel)
    assert isinstance(error, NotImplementedError)
    frames = user_frames(error)
    assert [f.name for f in frames] == ["kernel", "outer", "middle", "inner"]
    assert frames[-1].line.endswith("# last")
    (note,) = error.__notes__
    places = [line.strip() for line in note.splitlines()]
    assert places[0].startswith("while tracing") and places[0].endswith("in inner")
    assert places[1].endswith("# last")
    assert places[2].startswith("called from") and places[2].endswith("in outer")
    assert places[3].endswith("# second")
    assert places[4].endswith("in kernel") and places[5].endswith("# first")


def test_first_line_of_a_statement():
    """Not its last one, which is in its body."""

    def branch(A):
        with T.Kernel(1):
            if A:  # here
                A[0] = 1

    def loop(A):
        with T.Kernel(1):
            for i in A:  # here
                A[0] = 1

    def call(A):
        with T.Kernel(1):
            x = A.copy(  # here
                1,
            )

    for kernel in (branch, loop, call):
        assert error_of(kernel).__notes__[0].endswith("# here"), kernel


def test_long_chains_are_shortened():
    @T.macro
    def deep(x, n):
        if n == 0:
            raise ValueError("the end")
        return deep(x, n - 1)

    def kernel(A):
        with T.Kernel(1):
            deep(A[0], 40)

    note = error_of(kernel).__notes__[0]
    assert "  ... 29 calls ..." in note and len(note.splitlines()) < 40


def test_full_traceback_on_request(monkeypatch):
    def kernel(A):
        with T.Kernel(1):
            T.alloc_shared((4, -1), "int32")

    short = traceback.extract_tb(error_of(kernel).__traceback__)
    monkeypatch.setenv("TILE_FULL_TRACEBACK", "1")
    full = traceback.extract_tb(error_of(kernel).__traceback__)
    assert len(full) > len(short) and full[-1].filename.endswith("alloc.py")


def test_errors_of_the_users_own_code_are_kept():
    table = {}

    def lookup(key):
        return table[key]

    def kernel(A):
        with T.Kernel(1):
            lookup("missing")

    error = error_of(kernel)
    assert isinstance(error, KeyError)
    assert [f.name for f in user_frames(error)] == ["kernel", "lookup"]


def test_diagnostics_show_lines_and_calls():
    @T.macro
    def allocate():
        return T.alloc_shared((512, 512), "float32")  # too large

    def kernel(A):
        with T.Kernel(1):
            S = allocate()  # the call
            T.fill(S, 1)
            T.copy(S[0:1, 0:1], A[0:1])

    traced = trace(kernel, np.zeros(1, np.float32))
    with pytest.raises(DiagnosticError) as caught:
        _core.emit_ptx(traced.module, "kernel", chip="sm_90a")
    error = caught.value
    text = str(error)
    assert f"{__file__}:{kernel.__code__.co_firstlineno + 1}" in text
    assert "with T.Kernel(1):" in text and "bytes of shared memory" in text
    assert error.diagnostics and error.diagnostics[0].severity == "error"


def test_diagnostic_of_an_inlined_call():
    @T.macro
    def invalid(buffer):
        from tile.frontend.builder import current

        current("A test").create("tile.copy", [buffer.use()])  # wrong operands

    def kernel(A):
        with T.Kernel(1):
            invalid(A)  # the call

    error = error_of(kernel)
    assert isinstance(error, DiagnosticError)
    text = str(error)
    assert "# wrong operands" in text and "# the call" in text
    assert text.index("# wrong operands") < text.index("called from")


# Nothing stays behind --------------------------------------------------------


def fails(A):
    with T.Kernel(1):
        for i in T.serial(3):
            if A[i] > 2:
                for k in [1, 2]:
                    while A[i] > k:
                        T.alloc_shared((4, -1), "int32")


def works(A):
    with T.Kernel(1):
        for i in T.serial(3):
            A[i] += 1


def test_a_failure_leaves_nothing_behind():
    before = str(trace(works, ints(1, 2, 3)).module)
    for _ in range(3):
        assert isinstance(error_of(fails, ints(1, 2, 3)), ValueError)
        assert current_or_none() is None
        assert str(trace(works, ints(1, 2, 3)).module) == before
    a = ints(1, 2, 3)
    run(works, a)
    assert a.tolist() == [2, 3, 4]


def test_a_failing_constructor_leaves_nothing_behind():
    @T.meta_class
    class State:
        def __init__(self, prefix, good):
            self.x = T.alloc_var("int32", 0)
            if not good:
                raise ValueError("bad")
            self.y = T.alloc_var("int32", 0)

    def kernel(good):
        def kernel(A):
            with T.Kernel(1):
                s = State("s", good)
                A[0] = s.x + s.y

        return kernel

    before = str(trace(kernel(True), ints(0)).module)
    assert str(error_of(kernel(False))) == "bad"
    assert str(trace(kernel(True), ints(0)).module) == before


def test_many_threads_trace_at_once():
    problems: list[object] = []

    def work(number: int) -> None:
        @tile.jit
        def kernel(A: T.Tensor[[8], "int32"], scale: int):
            with T.Kernel(2) as bx:
                s = T.PersistentTileScheduler("s", 2, 2, num_workers=2)
                s.init(bx)
                while s.valid():
                    A[s.linear_idx] += scale * (s.m_idx + 10 * s.n_idx)
                    s.next_tile()

        for repeat in range(3):
            a = np.zeros(8, np.int32)
            if number % 2:
                try:
                    trace(fails, a)
                    problems.append("no error")
                except ValueError as error:
                    if "sizes of at least 0" not in str(error):
                        problems.append(error)
            kernel(a, number + repeat)
            expected = [(number + repeat) * v for v in (0, 1, 10, 11)]
            if sorted(a[:4]) != sorted(expected) or a[4:].any():
                problems.append((number, a.tolist()))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


# Kinds and texts -------------------------------------------------------------


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda: T.Kernel(1).__enter__(), "T.Kernel"),
        (lambda: T.alloc_shared((4,), "int32"), "T.alloc_shared"),
        (lambda: T.alloc_fragment((4,), "int32"), "T.alloc_fragment"),
        (lambda: T.alloc_local((4,), "int32"), "T.alloc_local"),
        (lambda: T.alloc_var("int32"), "T.alloc_var"),
    ],
)
def test_outside_a_kernel(call, name):
    with pytest.raises(
        JITNoBuilderError, match=rf"{name} can only be used inside @tile"
    ):
        call()


def test_outside_a_launch():
    def kernel(A):
        T.alloc_shared((4,), "int32")

    error = error_of(kernel)
    assert isinstance(error, RuntimeError)
    assert "T.alloc_shared can only be used inside `with T.Kernel(...)`" in str(error)


def test_truth_of_a_value_in_python():
    def helper(x):
        return 1 if x > 3 else 0

    def kernel(A):
        with T.Kernel(1):
            A[0] = helper(A[0])

    error = error_of(kernel)
    assert isinstance(error, TypeError)
    assert "has no truth in Python while the kernel is traced" in str(error)
    assert "T.macro" in str(error)
    assert [f.name for f in user_frames(error)] == ["kernel", "helper"]


def test_value_as_python_integer():
    def kernel(A):
        with T.Kernel(1):
            for i in T.serial(3):
                A[0] = [1, 2, 3][i]

    error = error_of(kernel)
    assert isinstance(error, TypeError) and "cannot be a Python integer" in str(error)
    assert "use T.cast" in str(error)


def test_value_as_python_float():
    def kernel(A):
        with T.Kernel(1):
            A[0] = math.sqrt(A[1])

    error = error_of(kernel)
    assert isinstance(error, TypeError) and "cannot be a Python float" in str(error)
    assert "T.sqrt" in str(error)


def test_python_max():
    def kernel(A):
        with T.Kernel(1):
            A[0] = max(A[0], 1)

    assert "for max and min use T.max and T.min" in str(error_of(kernel))


def test_kernel_in_a_kernel():
    @tile.jit
    def inner(X: T.Tensor((4,), "int32"), n: int = 1):
        with T.Kernel(1):
            X[0] = n

    def whole(A):
        with T.Kernel(1):
            inner(A)

    def region(A):
        with T.Kernel(1):
            inner(n=2, X=A[0:4])

    for kernel in (whole, region):
        error = error_of(kernel)
        assert isinstance(error, TypeError)
        assert str(error) == (
            "inner is a kernel of its own and cannot be called in another one; write "
            "what they share as a T.macro"
        )


def test_index_outside_a_tensor():
    """It may be the corner of a copy, where that is right."""

    def write(A):
        with T.Kernel(1):
            A[4] = 1

    def read(A):
        with T.Kernel(1):
            A[0] = A[5]

    def inside(A):
        with T.Kernel(1):
            s = T.alloc_shared((2,), "int32")
            T.copy(A[4], s)
            A[-4] = A[3]

    a = np.zeros(4, np.int32)
    with pytest.warns(tile.TileWarning, match="index 4 is outside `A`, .* is 4"):
        trace(write, a)
    with pytest.warns(tile.TileWarning, match="index 5 is outside `A`, .* is 4"):
        trace(read, a)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trace(inside, a)


def statement(text: str) -> str:
    return f"def kernel(A):\n    with T.Kernel(1):\n{textwrap.indent(text, ' ' * 8)}\n"


CASES = [
    ("if A:\n    pass", TypeError, "Buffer `A` cannot be used as condition directly"),
    (
        "if A[0:1]:\n    pass",
        TypeError,
        "a region of buffer `A` cannot be used as cond",
    ),
    ("A += 1", RuntimeError, r"Please use slice assignment, e.g. `buf\[0\] \+= v"),
    ("x, y = A", TypeError, "cannot unpack buffer `A`"),
    ("x, y = A[0] + 1", TypeError, "cannot unpack a scalar of the kernel"),
    ("x, y = 1, 2, 3", ValueError, "expected 2 values to unpack, got 3"),
    ("x, *y, z = [1]", ValueError, r"not enough values to unpack \(expected at leas"),
    ("A.name = 'B'", NotImplementedError, "cannot set `name` of BufferValue in a ker"),
    ("A[0:4:2] = 1", ValueError, "slices of buffer `A` have step 1, got 2"),
    ("A[0, 0] = 1", IndexError, "expected at most 1 indices for buffer `A` of shape"),
    ("A['x'] = 1", TypeError, "expected an integer or a slice to index buffer `A`"),
    ("A[1.5] = 1", TypeError, "expected an integer index, got 1.5"),
    ("A[0] = A", TypeError, "expected a scalar for an element of `A`, got a buffer"),
    ("A[0] = 'x'", TypeError, "expected a number or a scalar of the kernel, got str"),
    ("A[0] = 1 if A[0] > 1 else A", TypeError, "expected scalars in 'if' of a kernel"),
    ("A[0] = 1 if A[0] > 1 else 'x'", TypeError, "expected scalars in a conditional"),
    ("with T.Kernel(1):\n    pass", RuntimeError, "T.Kernel cannot stand inside anoth"),
    ("x = T.alloc_var('int32')\nx[1] = 2", IndexError, "variable `x` has the one el"),
    ("for i in T.Parallel(4):\n    break", ValueError, "break cannot leave T.Parallel"),
    ("for i in T.Parallel(4):\n    T.alloc_shared((4,))", ValueError, "cannot be used"),
    (
        "for i in T.Parallel(4):\n    for j in T.Parallel(4):\n        pass",
        ValueError,
        "T.Parallel cannot stand inside T.Parallel",
    ),
    (
        "for i in T.Parallel(4):\n    for j in T.Pipelined(4):\n        pass",
        ValueError,
        "T.Pipelined cannot stand inside T.Parallel",
    ),
    (
        "v = T.alloc_var('int32', 0)\nfor i in T.Parallel(4):\n    v = i",
        ValueError,
        "Local buffer `v` is written in T.Parallel, but each thread has its own",
    ),
    (
        "l = T.alloc_local((4,), 'int32')\nfor i in T.Parallel(4):\n    l[i] = i",
        ValueError,
        "Local buffer `l` is written in T.Parallel, but each thread has its own",
    ),
    ("for i in T.Parallel(-1):\n    pass", ValueError, "T.Parallel expects extents of"),
    ("T.Pipelined(4, num_stages='2')", TypeError, "expected an int as num_stages, got"),
    (
        "T.Pipelined(4, num_stages=2, order=[0], stage=[0, 1])",
        ValueError,
        "expected as many entries of order as of stage",
    ),
    ("list(T.serial(3))", RuntimeError, "T.serial can only be iterated over by a for"),
    ("T.alloc_var('int32', 1, 'a', 2)", TypeError, "expects at most 3 arguments"),
    ("T.alloc_var('int32', 1, init=2)", TypeError, "got two initial values"),
    ("T.alloc_var('int32', 'local.var', scope='local.var')", TypeError, "two scopes"),
    ("T.alloc_var('int32', 1, 5)", TypeError, "expected a scope as a string, got int"),
    ("T.alloc_var('int32', scope='x')", ValueError, "expected the scope 'local.var'"),
    ("T.alloc_var('float32', 1e39)", ValueError, "exceeds maximum of float32"),
    ("T.alloc_var('nothing')", TypeError, "Invalid DataType 'nothing', expect one of"),
]


def define(source: str, path: Path):
    """A function from source text, which is written to a file."""
    path.write_text(source)
    scope = {"T": T}
    exec(compile(source, str(path), "exec"), scope)
    return scope["kernel"]


@pytest.mark.parametrize("text, kind, message", CASES, ids=[c[0] for c in CASES])
def test_kinds_and_texts(text, kind, message, tmp_path):
    kernel = define(statement(text), tmp_path / "program.py")
    with pytest.raises(kind, match=message) as caught:
        trace(kernel, ints(0, 0, 0, 0))
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.filename.endswith("program.py") and last.name == "kernel"


REFUSED = [
    ("try:\n    pass\nfinally:\n    pass", "a kernel cannot have try statements"),
    ("match A:\n    case _:\n        pass", "a kernel cannot have match statements"),
    ("global x", "a kernel cannot assign to global names"),
    ("del A[0]", "a kernel can delete names only"),
    ("for i in [1]:\n    pass\nelse:\n    pass", "a for loop of a kernel has no else"),
    ("while A[0]:\n    pass\nelse:\n    pass", "a while loop of a kernel has no else"),
    ("yield 1", "a kernel cannot yield"),
    ("yield from A", "a kernel cannot yield"),
    ("async def f():\n    pass", "a kernel cannot be asynchronous"),
    ("x = A[0] > 1 and (y := 2)", "`y :=` in a part of a condition that may not be"),
]


@pytest.mark.parametrize("text, message", REFUSED, ids=[r[0] for r in REFUSED])
def test_statements_that_no_kernel_has(text, message, tmp_path):
    path = tmp_path / "program.py"
    source = statement("A[0] = 1\n" + text)
    kernel = define(source, path)
    with pytest.raises(SyntaxError, match=message) as caught:
        trace(kernel, ints(0))
    error = caught.value
    assert error.filename == str(path) and error.lineno >= 4
    assert error.text == linecache.getline(str(path), error.lineno)
    ast.parse(source)


def test_nonlocal_and_await(tmp_path):
    source = "def make():\n    x = 1\n    def kernel(A):\n        nonlocal x\n    return kernel"
    source += "\nkernel = make()\n"
    kernel = define(source, tmp_path / "program.py")
    with pytest.raises(SyntaxError, match="names of the function around it"):
        trace(kernel, ints(0))


def test_without_source():
    scope = {"T": T}
    exec("def kernel(A):\n    pass", scope)
    with pytest.raises(OSError, match="cannot get the source of `kernel`: a kernel is"):
        trace(scope["kernel"], ints(0))
    with pytest.raises(TypeError, match="expected a Python function, got <built-in"):
        from tile.frontend.rewrite import rewrite

        rewrite(len)
    with pytest.raises(TypeError, match="expected a function defined by def, found"):
        rewrite(lambda A: A)


def test_jump_outside_a_loop():
    # The compiler finds it first; the hook says so too.
    with pytest.raises(SyntaxError, match="'break' outside loop"):
        with tile.frontend.function.FunctionTrace.open("f") as f:
            Activation(f.builder, "f").jump("break")


def test_shown_by_the_interpreter(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent("""
            import tile.language as T

            @T.macro
            def helper(A):
                A[0] = "text"

            @T.prim_func
            def kernel(A: T.Tensor((4,), "int32")):
                with T.Kernel(1):
                    helper(A)
            """))
    result = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True
    )
    lines = [line.strip() for line in result.stderr.strip().splitlines()]
    assert result.returncode == 1
    start = lines.index(
        "TypeError: expected a number or a scalar of the kernel, got str"
    )
    assert lines[start + 1 :] == [
        f"while tracing {program}:6, in helper",
        'A[0] = "text"',
        f"called from {program}:11, in kernel",
        "helper(A)",
    ]
    assert 'A[0] = "text"' in lines[start - 2 : start]  # the last frame is the user's


def test_an_error_of_the_whole_function_names_its_place():
    N = T.dynamic("N")

    @tile.jit
    def kernel(A: T.Tensor((N // 2,), "float32")):
        with T.Kernel(1, threads=32):
            A[0] = N

    line = kernel.__wrapped__.__code__.co_firstlineno
    with pytest.raises(tile.DiagnosticError) as caught:
        kernel(np.zeros(4, np.float32))
    text = str(caught.value)
    assert f"{__file__}:{line}: error: 'func.func' op cannot bind symbol" in text
    assert "argument #0 'A': size 0 is N floordiv 2" in text
    assert "see current operation" not in text

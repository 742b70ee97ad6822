"""Kernels as operators of torch: eager calls, torch.compile, torch.export."""

from __future__ import annotations

import os
import re
import shutil

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")

import tile
import tile.language as T
import tile.torch

pytestmark = pytest.mark.host("the tensors are those of the CPU")

needs_compiler = pytest.mark.skipif(
    shutil.which(os.environ.get("CXX", "g++")) is None,
    reason="torch.compile needs a C++ compiler",
)

M, N, K = T.dynamic("M, N, K")


@tile.jit
def join(A: T.Tensor((M,), "float32"), B: T.Tensor((M,), "float32"), s: T.float32):
    """A + s * B, then zeros, then one 7."""
    C = T.empty((2 * M + 1,), "float32")
    with T.Kernel(T.ceildiv(2 * M + 1, 64), threads=64) as bx:
        for i in T.Parallel(64):
            j = bx * 64 + i
            if j < M:
                C[j] = A[j] + s * B[j]
            elif j < 2 * M:
                C[j] = 0.0
            elif j == 2 * M:
                C[j] = 7.0
    return C


def expect_join(a, b, s):
    tail = torch.zeros(len(a) + 1)
    tail[-1] = 7
    return torch.cat([a + s * b, tail])


join_op = tile.torch.custom_op("tile_test::join", join)


def check(op, args):
    """What torch itself tests of an operator."""
    result = torch.library.opcheck(op, args)
    assert set(result.values()) == {"SUCCESS"}, result


def compile_once(function, dynamic=True):
    """The compiled function, and a list that gets an entry for each compilation."""
    torch._dynamo.reset()
    graphs = []

    def backend(graph, example_inputs):
        graphs.append(graph)
        return torch._dynamo.lookup_backend("aot_eager")(graph, example_inputs)

    return (
        torch.compile(function, fullgraph=True, dynamic=dynamic, backend=backend),
        graphs,
    )


def test_a_call():
    assert str(join_op._schema) == (
        "tile_test::join(Tensor A, Tensor B, float s) -> Tensor"
    )
    for n in (1, 63, 200):
        a, b = torch.rand(n), torch.rand(n)
        assert torch.equal(join_op(a, b, 0.5), expect_join(a, b, 0.5))
    assert torch.equal(torch.ops.tile_test.join(a, s=2.0, B=b), expect_join(a, b, 2.0))
    check(join_op, (a, b, 1.5))


def test_dynamic_sizes_make_one_graph():
    compiled, graphs = compile_once(lambda x, y: join_op(x * 2, y, 3.0)[1:] + 1)
    for n in (70, 12, 301):
        a, b = torch.rand(n), torch.rand(n)
        assert torch.equal(compiled(a, b), expect_join(a * 2, b, 3.0)[1:] + 1)
    assert len(graphs) == 1
    (node,) = [n for n in graphs[0].graph.nodes if n.target == join_op]
    (size,) = node.meta["example_value"].shape
    assert not isinstance(size, int) and "2*" in str(size)


@needs_compiler
def test_inductor():
    torch._dynamo.reset()
    compiled = torch.compile(lambda x, y: join_op(x + 1, y, 2.0).relu(), fullgraph=True)
    for n in (40, 91, 17):
        a, b = torch.randn(n), torch.randn(n)
        torch.testing.assert_close(
            compiled(a, b), expect_join(a + 1, b, 2.0).relu(), rtol=1e-6, atol=1e-6
        )


def test_export():
    class Model(torch.nn.Module):
        def forward(self, x, y):
            return join_op(x, y, 1.0) * 2

    a, b = torch.rand(10), torch.rand(10)
    size = torch.export.Dim("size", min=2)
    program = torch.export.export(Model(), (a, b), dynamic_shapes=({0: size},) * 2)
    assert join_op in [n.target for n in program.graph.nodes]
    a, b = torch.rand(33), torch.rand(33)
    assert torch.equal(program.module()(a, b), expect_join(a, b, 1.0) * 2)


@tile.jit
def scale_rows(
    X: T.Tensor((M, N), "float32"), bias: T.Tensor((N,), "float32") | None = None,
    block: int = 32, dtype: T.dtype = "float32", mode: str = "mul", twice: bool = False,
    *, factor: T.float32 = 2.0, rows: T.int32 = 1,
):  # fmt: skip
    Y = T.empty((M, N), dtype)
    S = T.empty((rows, 3), "int32")
    with T.Kernel(T.ceildiv(N, block), M, threads=block) as (bx, by):
        for i in T.Parallel(block):
            j = bx * block + i
            if j < N:
                v = X[by, j] * factor if mode == "mul" else X[by, j] + factor
                b = bias[j] if bias is not None else 0.0
                Y[by, j] = (v + b) * (2 if twice else 1)
        for i in T.Parallel(3):
            if by < rows and bx == 0:
                S[by, i] = block
    return Y, S


scale_op = tile.torch.custom_op("tile_test::scale_rows", scale_rows)


def test_all_kinds_of_parameters():
    # A type is its number here, as in older versions of torch.
    schema = re.sub(r"dtype=\d+", "dtype=float32", str(scale_op._schema))
    assert schema == (
        "tile_test::scale_rows(Tensor X, Tensor? bias=None, int block=32, "
        'ScalarType dtype=float32, str mode="mul", bool twice=False, *, '
        "float factor=2., SymInt rows=1) -> (Tensor, Tensor)"
    )
    x, bias = torch.randn(5, 70), torch.randn(70)
    y, s = scale_op(x)
    assert torch.equal(y, x * 2) and s.tolist() == [[32, 32, 32]]
    y, s = scale_op(x, bias, 64, torch.bfloat16, "add", True, factor=1.0, rows=2)
    assert torch.equal(y, (2 * (x + 1 + bias)).bfloat16()) and y.dtype is torch.bfloat16
    assert s.tolist() == [[64] * 3] * 2
    check(scale_op, (x, bias, 64))
    compiled, graphs = compile_once(
        lambda x, b: scale_op(x, b, 64, torch.float64, factor=4.0, rows=x.shape[0])
    )
    for shape in ((3, 9), (7, 65), (2, 300)):
        x, bias = torch.randn(shape), torch.randn(shape[1])
        y, s = compiled(x, bias)
        assert torch.equal(y, (x * 4 + bias).double())
        assert s.shape == (shape[0], 3)
    assert len(graphs) == 1


@tile.jit
def add_into(A: T.Tensor((M,), "float32"), B: T.Tensor((M,), "float32")):
    with T.Kernel(T.ceildiv(M, 64), threads=64) as bx:
        for i in T.Parallel(64):
            j = bx * 64 + i
            if j < M:
                A[j] += B[j]


add_into_op = tile.torch.custom_op("tile_test::add_into", add_into)


def test_a_written_argument():
    assert str(add_into_op._schema) == (
        "tile_test::add_into(Tensor(a0!) A, Tensor B) -> ()"
    )
    a, b = torch.rand(100), torch.rand(100)
    expected, version = a + b, a._version
    assert add_into_op(a, b) is None
    assert torch.equal(a, expected) and a._version > version
    check(add_into_op, (a, b))

    def step(x, y):
        z = x * 2
        add_into_op(z, y)
        add_into_op(x, z)
        return z + x

    compiled, graphs = compile_once(step)
    for n in (50, 66):
        a, b = torch.rand(n), torch.rand(n)
        expected = a.clone()
        result = step(expected, b)
        assert torch.equal(compiled(a, b), result) and torch.equal(a, expected)
    assert len(graphs) == 1


def test_what_is_saved_for_a_gradient_is_not_overwritten_unnoticed():
    x = torch.rand(8, requires_grad=True)
    y = x.exp()
    add_into_op(y.detach(), torch.ones(8))
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()
    with pytest.raises(RuntimeError, match="cannot write `A`, which requires a grad"):
        add_into_op(x, torch.ones(8))
    with torch.no_grad():
        add_into_op(x, torch.ones(8))
    with torch.inference_mode():
        z = torch.zeros(8)
        add_into_op(z, torch.ones(8))
    assert (z == 1).all()


@tile.jit
def open_sizes(
    X: T.Tensor[[T.dyn["rows"], int], "float32"], Y: T.Tensor, block: int
):  # fmt: skip
    columns = X.shape[1]
    Z = T.empty((X.shape[0], columns + block), Y.dtype)
    with T.Kernel(X.shape[0], threads=32) as bx:
        for i in T.Parallel(columns + block):
            Z[bx, i] = i + Y[0]
    return Z


def test_sizes_at_compile_time_specialize():
    with pytest.raises(ValueError, match="open_sizes: expected mutates_args"):
        tile.torch.custom_op("tile_test::open_sizes_0", open_sizes)
    op = tile.torch.custom_op("tile_test::open_sizes", open_sizes, mutates_args=())
    assert str(op._schema) == (
        "tile_test::open_sizes(Tensor X, Tensor Y, int block) -> Tensor"
    )
    y = torch.full((2,), 3, dtype=torch.float16)
    check(op, (torch.rand(4, 6), y, 2))
    compiled, graphs = compile_once(lambda x: op(x, y, 2) * 1)
    for count, shape in [(1, (4, 6)), (1, (9, 6)), (2, (9, 7)), (2, (5, 7))]:
        z = compiled(torch.rand(shape))
        expected = torch.arange(shape[1] + 2) + 3
        assert torch.equal(z, expected.expand(shape[0], -1).half())
        assert len(graphs) == count


@tile.jit
def body_annotated(A, B, s: float):
    L = T.const("L")
    A: T.Tensor[[L], T.float32]
    B: T.Tensor[[M], T.float32]
    C = T.empty((L, M), "float32")
    with T.Kernel(1, threads=32):
        for i in T.Parallel(L):
            for j in range(M):
                C[i, j] = A[i] * B[j] * s
    return C


def test_annotations_in_the_body():
    op = tile.torch.custom_op(
        "tile_test::body_annotated", body_annotated, mutates_args=()
    )
    assert str(op._schema) == (
        "tile_test::body_annotated(Tensor A, Tensor B, float s) -> Tensor"
    )
    compiled, graphs = compile_once(lambda a, b: op(a, b, 0.5) + 1)
    for count, m, n in [(1, 5, 7), (1, 5, 9), (2, 6, 9)]:
        a, b = torch.rand(m), torch.rand(n)
        torch.testing.assert_close(compiled(a, b), torch.outer(a, b) * 0.5 + 1)
        assert len(graphs) == count


@tile.jit(out_idx=[-1])
def make_shift(size: int = 40, by: float = 0.5):
    @T.prim_func
    def shift(X: T.Tensor((M, size), "float32"), Y: T.Tensor((size, M), "float32")):
        with T.Kernel(M, threads=32) as bx:
            for i in T.Parallel(size):
                Y[i, bx] = X[bx, i] + by

    return shift


@T.prim_func
def split(X: T.Tensor((2 * K,), "float32"), n: N, Y: T.Tensor((K,), "float32"),
          Z: T.Tensor((N, K), "float32")):  # fmt: skip
    with T.Kernel(K, threads=32) as bx:
        Y[bx] = X[2 * bx]
        for i in range(n):
            Z[i, bx] = X[2 * bx + 1]


def test_lazy_kernels():
    x = torch.rand(3, 40)
    by_default = tile.torch.custom_op("tile_test::shift", make_shift)
    small = tile.torch.custom_op("tile_test::shift_6", make_shift(6, 1.0))
    for op, width, by in ((by_default, 40, 0.5), (small, 6, 1.0)):
        x = torch.rand(3, width)
        assert torch.equal(op(x), (x + by).T)
        check(op, (x,))
    kernel = tile.compile(split, out_idx=[2, 3])
    op = tile.torch.custom_op("tile_test::split", kernel)
    compiled, graphs = compile_once(lambda x: op(x, x.shape[0] // 4))
    for n in (12, 20, 32):
        x = torch.rand(n)
        y, z = compiled(x)
        assert torch.equal(y, x[::2]) and torch.equal(z, x[1::2].expand(n // 4, -1))
    assert len(graphs) == 1


def test_as_a_decorator():
    @tile.torch.custom_op("tile_test::negate", fake=lambda X: torch.empty_like(X))
    @tile.jit
    def negate(X: T.Tensor((M,), "float16")):
        Y = T.empty((M,), "float16")
        with T.Kernel(M, threads=32) as bx:
            Y[bx] = -X[bx]
        return Y

    x = torch.rand(9).half()
    assert torch.equal(negate(x), -x)
    check(negate, (x,))


@needs_compiler
def test_strides_are_kept():
    """A view reaches the kernel as in eager mode, with its strides."""

    @tile.jit
    def first(X: T.StridedTensor[[T.dyn["m"]], [T.dyn], T.float32]):
        Y = T.empty((1,), "float32")
        with T.Kernel(1, threads=32):
            Y[0] = X[1]
        return Y

    op = tile.torch.custom_op("tile_test::first", first)
    torch._dynamo.reset()
    compiled = torch.compile(lambda x: op(x[:, 2]) + op(x[0]), fullgraph=True)
    x = torch.rand(6, 5)
    assert torch.equal(compiled(x), x[1, 2][None] + x[0, 1])
    with pytest.raises(tile.errors.ShapeMismatchError, match="stride 0: expected 1"):
        join_op(x[:, 2], x[:, 3], 1.0)


# What is refused ----------------------------------------------------------


def test_bad_kernels():
    with pytest.raises(TypeError, match="expected a function of tile.jit or a kernel"):
        tile.torch.custom_op("tile_test::bad", lambda x: x)
    with pytest.raises(ValueError, match="expected a name like 'mylib::add', got 'x'"):
        tile.torch.custom_op("x", join)
    with pytest.raises(RuntimeError, match="multiple times"):
        tile.torch.custom_op("tile_test::join", join)
    assert (join_op(torch.ones(2), torch.ones(2), 1.0)[:2] == 2).all()

    @tile.jit
    def without_tensors(n: T.int32):
        Y = T.empty((n,), "float32")
        with T.Kernel(1, threads=32):
            Y[0] = 1.0
        return Y

    with pytest.raises(
        TypeError, match="without_tensors: expected a kernel that takes"
    ):
        tile.torch.custom_op("tile_test::bad", without_tensors)

    @tile.jit
    def by_address(p: T.ptr, X: T.Tensor((M,), "float32")):
        with T.Kernel(1, threads=32):
            T.make_tensor(p, (1,), "float32")[0] = X[0]

    with pytest.raises(TypeError, match=r"by_address\(\) argument 'p': .* an address"):
        tile.torch.custom_op("tile_test::bad", by_address)

    @tile.jit
    def with_any(X: T.Tensor((M,), "float32"), config):
        with T.Kernel(1, threads=32):
            X[0] = config[0]

    with pytest.raises(TypeError, match=r"'config': expected a tensor, a number or"):
        tile.torch.custom_op("tile_test::bad", with_any)

    @tile.jit
    def factory(n: int):
        @T.prim_func
        def kernel(X: T.Tensor((n,), "float32")):
            with T.Kernel(1, threads=32):
                X[0] = 1.0

        return kernel

    with pytest.raises(TypeError, match=r"factory, which makes kernels .*\(n=...\)"):
        tile.torch.custom_op("tile_test::bad", factory)
    address = tile.compile(T.prim_func(by_address.__wrapped__))
    with pytest.raises(TypeError, match="argument 'p': .* found an address"):
        tile.torch.custom_op("tile_test::bad", address)


def test_what_a_kernel_writes_is_checked():
    with pytest.raises(RuntimeError, match="writes `A`, which mutates_args does not"):
        tile.torch.custom_op("tile_test::bad", add_into, mutates_args=["B"])
    with pytest.raises(ValueError, match="tensors of add_into, found 'D'"):
        tile.torch.custom_op("tile_test::bad", add_into, mutates_args=["A", "D"])
    with pytest.raises(RuntimeError, match="expected 2 results as registered, found 1"):
        tile.torch.custom_op("tile_test::bad", join, results=["C", "D"])

    @tile.jit
    def write(X: T.Tensor[[int], T.float32], where: str):
        size = X.shape[0]
        with T.Kernel(1, threads=32):
            if where == "yes":
                X[size - 1] = 5.0

    op = tile.torch.custom_op("tile_test::write", write, mutates_args=())
    op(torch.zeros(3), "no")
    with pytest.raises(RuntimeError, match="write: the kernel writes `X`"):
        op(torch.zeros(3), "yes")

    @tile.jit
    def unnamed(X: T.Tensor[[int], T.float32]):
        Y, Z = T.empty((3,), "float32"), T.empty((3,), "float32")
        with T.Kernel(1, threads=32):
            Y[0] = X[0]
            Z[0] = X[1]
        return [Y, Z][0:2]

    with pytest.raises(ValueError, match="unnamed: expected results, the names of"):
        tile.torch.custom_op("tile_test::bad", unnamed, mutates_args=())


def test_other_values_keep_their_default():
    @tile.jit
    def shifted(
        X: T.Tensor((M,), "float32"), steps=(1, 2), block: int = 32, by: T.float32 = 1.0
    ):
        Y = T.empty((M,), "float32")
        with T.Kernel(T.ceildiv(M, block), threads=block) as bx:
            for i in T.Parallel(block):
                if bx * block + i < M:
                    Y[bx * block + i] = X[bx * block + i] + by * steps[1]
        return Y

    op = tile.torch.custom_op("tile_test::shifted", shifted)
    assert "steps" not in str(op._schema)
    x = torch.rand(40)
    assert torch.equal(op(x, 64, 3.0), x + 6)
    assert torch.equal(op(x, by=2.0), x + 4)
    check(op, (x, 64, 3.0))


def test_a_size_that_nothing_says():
    @T.prim_func
    def grow(X: T.Tensor((M,), "float32"), Y: T.Tensor((N,), "float32")):
        with T.Kernel(M, threads=32) as bx:
            Y[bx] = X[bx]

    op = tile.torch.custom_op("tile_test::grow", tile.compile(grow, out_idx=1))
    with pytest.raises(ValueError, match="result `Y`: the size N cannot be computed"):
        op(torch.rand(4))
    torch._dynamo.reset()
    with pytest.raises(Exception, match="result `Y`: the size N cannot be computed"):
        torch.compile(lambda x: op(x), fullgraph=True)(torch.rand(4))


# Kernels that are no operators --------------------------------------------


def test_a_kernel_itself_breaks_the_graph():
    torch._dynamo.reset()
    compiled = torch.compile(lambda x, y: join(x * 2, y, 1.0) + 1, backend="eager")
    for n in (30, 31):
        a, b = torch.rand(n), torch.rand(n)
        assert torch.equal(compiled(a, b), expect_join(a * 2, b, 1.0) + 1)
    torch._dynamo.reset()
    compiled = torch.compile(lambda x, y: join(x, y, 1.0), fullgraph=True)
    with pytest.raises(torch._dynamo.exc.Unsupported):
        compiled(a, b)


def test_a_kernel_itself_is_no_part_of_a_gradient():
    a, b = torch.rand(5, requires_grad=True), torch.nn.Parameter(torch.rand(5))
    c = join(a * 2, b, 1.0)
    assert not c.requires_grad
    assert torch.equal(c, expect_join(a * 2, b, 1.0))

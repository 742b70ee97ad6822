"""tile.profiler: times, work, limits, rooflines, checks of results."""

from __future__ import annotations

import importlib.util
import json
import time
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import tile
import tile.language as T
from tile import profiler
from tile.profiler import clock
from tile.profiler import Roofline, TensorSupplyType, do_bench, measure
from tile.profiler.compare import MismatchError, compare
from tile.profiler.limits import Limits
from tile.profiler.report import KernelUse

pytestmark = pytest.mark.host("it times the CPU target")

M, N, K = T.dynamic("M, N, K")


@tile.jit(target="cpu")
def matmul(A: T.Tensor((M, K), "float32"), B: T.Tensor((K, N), "float32")):
    C = T.empty((M, N), "float32")
    with T.Kernel(T.ceildiv(M, 32), T.ceildiv(N, 32), threads=128) as (x, y):
        a = T.alloc_shared((32, 16), "float32")
        b = T.alloc_shared((16, 32), "float32")
        c = T.alloc_fragment((32, 32), "float32")
        T.clear(c)
        for k in T.Pipelined(T.ceildiv(K, 16), num_stages=2):
            T.copy(A[x * 32, k * 16], a)
            T.copy(B[k * 16, y * 32], b)
            T.gemm(a, b, c)
        T.copy(c, C[x * 32, y * 32])
    return C


@tile.jit(target="cpu")
def increment(X: T.Tensor((M,), "float32"), by: T.int32):
    with T.Kernel(T.ceildiv(M, 64), threads=64) as x:
        for i in T.Parallel(64):
            if x * 64 + i < M:
                X[x * 64 + i] += T.cast(by, "float32")


def arrays(m=64, k=48, n=96):
    rng = np.random.default_rng()
    make = lambda *shape: rng.standard_normal(shape).astype(np.float32)  # noqa: E731
    return make(m, k), make(k, n)


class Steps:
    """A clock that gives the times it was told, and counts runs."""

    description = "steps"

    def __init__(self, *times):
        self.times, self.runs = times, 0

    def sample_ms(self, func, count):
        found = []
        for _ in range(count):
            func()
            found.append(self.times[self.runs % len(self.times)])
            self.runs += 1
        return found


# do_bench -------------------------------------------------------------------


def test_how_often_it_runs():
    clock, runs = Steps(2.0), []
    times = measure(lambda: runs.append(1), warmup=10, rep=20, clock=clock)
    # One to warm up, five to estimate, 10 ms and 20 ms of 2 ms each.
    assert len(runs) == 1 + 5 + 5 + 10
    assert times.samples_ms == (2.0,) * 10 and times.is_complete
    runs.clear()
    times = measure(lambda: runs.append(1), n_warmup=3, n_repeat=7, clock=Steps(2.0))
    assert len(runs) == 1 + 5 + 3 + 7 and len(times.samples_ms) == 7
    runs.clear()
    measure(lambda: runs.append(1), warmup=0, rep=1e9, clock=Steps(5.0))
    assert len(runs) == 1 + 5 + 0 + 1000
    runs.clear()
    measure(lambda: runs.append(1), warmup=0, rep=1, clock=Steps(5.0))
    assert len(runs) == 1 + 5 + 0 + 1


def test_early_stop():
    clock = Steps(4.0)
    times = measure(lambda: None, early_stop_ms=3.9, clock=clock)
    assert clock.runs == 6 and not times.is_complete and times.mean_ms == 4.0
    assert measure(lambda: None, early_stop_ms=4.1, clock=Steps(4.0)).is_complete


def test_summaries():
    times = profiler.Times((4.0, 1.0, 2.0, 3.0, 10.0), "steps")
    assert (times.mean_ms, times.median_ms) == (4.0, 3.0)
    assert (times.min_ms, times.max_ms) == (1.0, 10.0)
    assert times.quantile_ms(0.25) == 2.0
    assert times.quantile_ms(0.125) == pytest.approx(1.5)
    with pytest.raises(ValueError, match="quantile from 0 to 1, got 2"):
        times.quantile_ms(2)


def test_do_bench():
    a, b = arrays()
    low, high = do_bench(
        lambda: matmul(a, b), warmup=1, rep=5, quantiles=[0, 1], device="cpu"
    )
    assert 0 < low <= high
    for mode in ("mean", "median", "min", "max"):
        ms = do_bench(
            lambda: a + 1, n_warmup=1, n_repeat=3, return_mode=mode, device="cpu"
        )
        assert 0 < ms < 1000
    stopped = do_bench(lambda: matmul(a, b), device="cpu", early_stop_baseline=1e-9)
    assert stopped > 1e-9


def test_bad_options():
    run = lambda: None  # noqa: E731
    with pytest.raises(ValueError, match="return_mode of mean, median, min, max; got"):
        do_bench(run, return_mode="best")
    with pytest.raises(ValueError, match="backend of event, cudagraph; got 'cupti'"):
        do_bench(run, backend="cupti")
    with pytest.raises(RuntimeError, match="a CUDA graph needs a GPU, found"):
        do_bench(run, backend="cudagraph", device="cpu")
    with pytest.raises(ValueError, match="device such as 'cpu' or 'cuda:0', got 'tpu'"):
        do_bench(run, device="tpu")
    with pytest.raises(ValueError, match="expected one of the .* GPUs .* 'cuda:99'"):
        do_bench(run, device=99)
    for name in ("rep", "warmup"):
        for value in (float("nan"), float("inf")):
            with pytest.raises(ValueError, match=f"expected finite .*{name}={value}"):
                do_bench(run, device="cpu", **{name: value})
    with pytest.raises(TypeError, match="whole numbers of runs, .*n_repeat=2.5"):
        do_bench(run, n_repeat=2.5, device="cpu")
    with pytest.raises(TypeError, match="expected a list of quantiles, got 0.5"):
        do_bench(run, quantiles=0.5, device="cpu")
    with pytest.raises(ValueError, match="expected a quantile from 0 to 1, got 2"):
        do_bench(run, quantiles=[2], device="cpu")
    with pytest.raises(ValueError, match="finite times and numbers of at least 0"):
        do_bench(run, warmup=-1, device="cpu")


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is not None, reason="torch is installed"
)
def test_graphs_need_torch():
    from tile.profiler.graph import capture

    with pytest.raises(RuntimeError, match="captured by torch, which is not installed"):
        capture(lambda: None)


class FakeDriver:
    """A GPU that needs 0.1 ms to write the buffer, and notes what is asked of it."""

    def __init__(self, memory=1 << 30):
        self.memory, self.log, self.now = memory, [], 0.0
        driver = self

        class Event:
            def record(self):
                driver.log.append("event")
                self.time = driver.now

            def elapsed_ms(self, start):
                assert driver.current == 0
                driver.log.append("wait")
                return self.time - start.time

        self.Event = Event

    def device_limits(self, device):
        return {"l2_bytes": 50 << 20}

    def device_enter(self, device):
        self.current = device
        return 7

    def device_leave(self, previous):
        assert previous == 7
        self.current = None

    def set_stream(self, stream):
        assert stream == 0

    def device_alloc(self, size):
        if size > self.memory:
            raise RuntimeError("out of memory")
        self.log.append(("alloc", size))
        return 4096

    def device_free(self, buffer):
        assert buffer == 4096
        self.log.append("free")

    def device_fill(self, buffer, byte, size):
        assert self.current == 0
        self.now += 0.1
        self.log.append("fill")


def test_clock_of_a_gpu(monkeypatch):
    driver = FakeDriver()
    monkeypatch.setattr(clock, "_core", driver)

    def run(host_s):
        assert driver.current is None
        time.sleep(host_s)
        driver.log.append("run")
        driver.now += 0.25

    with clock.DeviceClock(0) as timer:
        assert driver.log[0] == ("alloc", 256 << 20)
        driver.log.clear()
        assert timer.sample_ms(lambda: run(0), 1) == [pytest.approx(0.25)]
        assert driver.log == ["fill", "event", "run", "event", "wait"]
        driver.log.clear()
        # A slow host gets time to queue the run.
        timer._host_ms.clear()
        timer.sample_ms(lambda: run(0.001), 2)
        first, second = "".join(str(x)[0] for x in driver.log).split("ere")[:2]
        assert first == "f" and 16 <= second.count("f") <= 64
        timer._host_ms.extend([1e9] * 9)
        assert timer.count_fills() == 64
        # What most of the last runs took counts, not the fastest one.
        timer._host_ms.extend([0.1, 1.0, 1.0, 0.1, 1.0, 1.0, 0.1, 0.1, 1.0])
        assert timer.count_fills() == 16
        # The queue of the GPU stays short.
        driver.log.clear()
        assert len(timer.sample_ms(lambda: run(0), 20)) == 20
        waits = [i for i, entry in enumerate(driver.log) if entry == "wait"]
        assert driver.log[: waits[0]].count("run") == 8
        assert driver.log[: waits[11]].count("run") == 19
    assert driver.log[-1] == "free"


def test_clock_of_a_gpu_with_little_memory(monkeypatch):
    driver = FakeDriver(memory=128 << 20)
    monkeypatch.setattr(clock, "_core", driver)
    with clock.DeviceClock(0):
        assert driver.log[0] == ("alloc", 100 << 20)


# profile --------------------------------------------------------------------


def test_profile():
    a, b = arrays(64, 48, 96)
    found = profiler.profile(matmul, a, b, warmup=1, rep=5)
    assert found.work.flops == 2 * 64 * 48 * 96
    assert found.work.memory_bytes == 4 * (64 * 48 + 48 * 96 + 64 * 96)
    assert found.work.copied_bytes == 4 * (64 * 48 * 3 + 48 * 96 * 2 + 64 * 96)
    assert found.work.flops_from == "counted in the IR in whole tiles, exact"
    assert found.work.product_dtype == "f32"
    assert found.tflop_per_s == pytest.approx(found.work.flops / found.time_ms / 1e9)
    assert found.bandwidth_percent == pytest.approx(
        100 * found.bandwidth_gb_per_s / found.limits.bandwidth_gb_per_s
    )
    text = str(found)
    for part in (
        " ms, median of",
        "GFLOP (counted in the IR in whole tiles, exact)",
        "MB (each tensor",
    ):
        assert part in text
    assert list(found.compile_ms) == ["trace", "tile", "llvm", "machine", "total"]
    *parts, total = found.compile_ms.values()
    assert total == pytest.approx(sum(parts)) and found.compile_ms["llvm"] > 0
    assert json.loads(json.dumps(found.to_dict()))["time_ms"] == found.time_ms


@pytest.mark.parametrize("name, value", [("flops", -3), ("memory_bytes", float("nan"))])
def test_work_that_cannot_be(name, value):
    kernel = matmul.compile(*arrays())
    with pytest.raises(ValueError, match=f"{name}: expected a finite number >= 0, got"):
        profiler.profile(kernel, *arrays(), rep=1, **{name: value})


def test_work_that_is_given():
    kernel = matmul.compile(*arrays())
    found = profiler.profile(
        kernel, *arrays(), flops=5e6, memory_bytes=7e6, rep=1, compile_stages=False
    )
    assert (found.work.flops, found.work.memory_bytes) == (5e6, 7e6)
    assert found.work.flops_from == found.work.memory_from == "given"
    assert not found.compile_ms and "compile ms" not in str(found)


def test_work_that_is_unknown():
    @tile.jit(target="cpu")
    def halve(A: T.Tensor((M,), "int32")):
        with T.Kernel(1, threads=32):
            while A[0] > 1:
                A[0] = A[0] // 2

    found = profiler.profile(halve, np.ones(3, np.int32), rep=1, compile_stages=False)
    assert found.work.flops is None and found.tflop_per_s is None
    assert found.work.copied_bytes is None and found.flop_percent is None
    assert found.work.memory_bytes == 2 * 3 * 4
    assert "operations  not known: a loop depends on data; give flops=" in str(found)
    with pytest.raises(ValueError, match="a roofline needs the operations of halve"):
        found.roofline()


def test_arguments_by_name_and_scalars():
    x = np.zeros(100, np.float32)
    found = profiler.profile(increment, x, by=2, warmup=0, rep=0, compile_stages=False)
    assert found.work.flops_from == "counted in the IR in whole tiles, at most"
    assert found.work.memory_bytes == 2 * 400
    assert x[0] >= 2 and x[0] % 2 == 0  # each run adds


def test_what_cannot_be_profiled():
    with pytest.raises(TypeError, match="expected a kernel and its arguments"):
        profiler.profile(len, [])
    with pytest.raises(TypeError, match="expected a kernel and its arguments"):
        profiler.profile(matmul.compile(*arrays()), A=1)

    @tile.jit
    def factory(n: int):
        @T.prim_func
        def f(A: T.Tensor((n,), "float32")):
            with T.Kernel(1, threads=32):
                A[0] = 1.0

        return f

    with pytest.raises(TypeError, match="factory makes kernels; call it for one"):
        profiler.profile(factory, 3)


def test_use_of_a_gpu():
    use = KernelUse.make(
        {
            "kernel": "k",
            "grid": (4, 2, 1),
            "block": (128, 1, 1),
            "cluster_blocks": 2,
            "registers": 168,
            "local_bytes": 16,
            "static_shared_bytes": 1024,
            "dynamic_shared_bytes": 2048,
            "blocks_per_multiprocessor": 3,
        },
        2048,
    )
    assert use.occupancy_percent == 100 * 3 * 128 / 2048
    assert use.shared_bytes_per_block == 3072
    assert "grid 4 x 2 x 1 blocks of 128 x 1 x 1 threads; 168 registers" in str(use)


def test_limits():
    limits = Limits("x", 100.0, {"f32": 1.0, "f16": 8.0, "f8": 16.0}, "")
    assert limits.peak_tflop_per_s("bf16") == ("f16", 8.0)
    assert limits.peak_tflop_per_s("f8E4M3FN") == ("f8", 16.0)
    tensor = Limits("x", 100.0, {"f32": 1.0, "tf32": 4.0}, "")
    assert tensor.peak_tflop_per_s("tf32") == ("tf32", 4.0)
    assert limits.peak_tflop_per_s("") == limits.peak_tflop_per_s("f64") == ("f32", 1.0)
    assert Limits("x", 1.0, {}, "").peak_tflop_per_s("f16") is None
    here = profiler.cpu_limits()
    assert here.bandwidth_gb_per_s > 0 and here.tflop_per_s["f32"] > 0
    assert here is profiler.cpu_limits()


# Rooflines ------------------------------------------------------------------


def test_roofline(tmp_path):
    roof = Roofline("a & b", 1000.0, 50.0, [("k<1>", 10.0, 5.0), ("l", 200.0, 40.0)])
    assert roof.ridge == 50.0
    assert roof.limit(10.0) == 10.0 and roof.limit(200.0) == 50.0
    roof.save(tmp_path / "r.svg")
    root = ElementTree.fromstring((tmp_path / "r.svg").read_text())
    space = "{http://www.w3.org/2000/svg}"
    texts = [e.text for e in root.iter(space + "text")]
    assert "a & b" in texts and "k<1>: 5 TFLOP/s" in texts
    assert "rate (TFLOP/s)" in texts and "operations per byte (FLOP/B)" in texts
    circles = list(root.iter(space + "circle"))
    x, y = ([float(c.get(n)) for c in circles] for n in ("cx", "cy"))
    assert x[0] < x[1] and y[0] > y[1]  # up is less
    for circle in circles:
        assert 70 <= float(circle.get("cx")) <= 620
        assert 40 <= float(circle.get("cy")) <= 365


def test_roofline_of_a_profile(tmp_path):
    found = profiler.profile(matmul, *arrays(), rep=1, compile_stages=False)
    found.save_roofline(tmp_path / "r.svg")
    assert "matmul on CPU (f32)" in (tmp_path / "r.svg").read_text()


def test_bad_rooflines(tmp_path):
    with pytest.raises(ValueError, match="limits and points above zero, got 0 GB/s"):
        Roofline("t", 0, 1.0, [])
    roof = Roofline("t", 1.0, 1.0, [("p", 1.0, 1.0)])
    if importlib.util.find_spec("matplotlib") is None:
        with pytest.raises(RuntimeError, match="r.png needs matplotlib"):
            roof.save(tmp_path / "r.png")
    else:
        roof.save(tmp_path / "r.png")
        assert (tmp_path / "r.png").read_bytes()[1:4] == b"PNG"


# kernel.get_profiler --------------------------------------------------------

SIZES = {"M": 50, "N": 40, "K": 30}


def test_profiler_of_a_kernel():
    of = matmul.compile().get_profiler(symbols=SIZES)
    a, b = of.make_inputs(seed=1)
    assert a.shape == (50, 30) and b.shape == (30, 40) and a.dtype == np.float32
    assert np.array_equal(a, of.make_inputs(seed=1)[0])
    assert not np.array_equal(a, of.make_inputs()[0])
    of.assert_allclose(np.matmul)
    of.assert_allclose(np.matmul, [a, b], rtol=1e-4, atol=1e-4)
    of.assert_consistent(repeat=3)
    assert 0 < of.do_bench(n_warmup=1, n_repeat=2) < 1000
    assert 0 < of.do_bench(np.matmul, n_warmup=1, n_repeat=2) < 1000
    sizes = []
    of.do_bench(
        lambda a, b: sizes.append(a.shape),
        n_warmup=1,
        n_repeat=1,
        dynamic_symbolic_constraints={"M": 7},
    )
    assert set(sizes) == {(7, 30)}
    assert of.run_once().shape == (50, 40)
    assert of.profile(rep=1, compile_stages=False).work.flops == 2 * 64 * 64 * 32


def test_supply_types():
    kernel = matmul.compile()
    for kind in TensorSupplyType:
        a, _ = kernel.get_profiler(kind, SIZES).make_inputs(seed=3)
        assert np.isfinite(a).all()
        if kind is TensorSupplyType.One:
            assert (a == 1).all()
        elif kind is TensorSupplyType.Zero:
            assert (a == 0).all()
        elif kind is TensorSupplyType.Integer:
            assert set(np.unique(a)) == {-2, -1, 0, 1, 2}
        elif kind is TensorSupplyType.Uniform:
            assert np.abs(a).max() <= 1 and len(np.unique(a)) > 100
        else:
            assert np.abs(a).max() > 1


def test_inputs_of_all_types():
    @T.prim_func
    def several(
        A: T.Tensor((40,), "bfloat16"),
        B: T.Tensor((40,), "bool"),
        C: T.Tensor((40,), "int8"),
        n: T.int32,
    ):
        with T.Kernel(1, threads=32):
            A[0] = 1.0

    kernel = tile.compile(several, target="cpu")
    a, b, c, n = kernel.get_profiler(symbols={"n": 4}).make_inputs()
    assert a.dtype == np.uint16 and b.dtype == np.bool_ and c.dtype == np.int8
    assert len(np.unique(b)) == 2 and n == 4
    with pytest.raises(ValueError, match="several: input `n`: expected a value"):
        kernel.get_profiler().make_inputs()
    with pytest.raises(ValueError, match="the size M cannot be computed"):
        matmul.compile().get_profiler().make_inputs()


def test_wrong_results_are_found():
    of = matmul.compile().get_profiler(symbols=SIZES)
    with pytest.raises(
        MismatchError, match=r"result 0: expected .* at \[0, 0\], found"
    ):
        of.assert_allclose(lambda a, b: a @ b + 1)
    with pytest.raises(MismatchError, match="the shape .30, 40., found .50, 40."):
        of.assert_allclose(lambda a, b: b)
    with pytest.raises(ValueError, match="a reference with 1 results, .* one with 2"):
        of.assert_allclose(lambda a, b: (a, b))

    def mostly(a, b):
        c = a @ b
        c[0, :20] = 1000
        return c

    of.assert_allclose(mostly, max_mismatched_ratio=0.01)
    with pytest.raises(MismatchError, match="20 of 2000 elements differ"):
        of.assert_allclose(mostly, max_mismatched_ratio=0.0099)


def test_arguments_that_are_written():
    kernel = increment.compile()
    x = np.arange(5, dtype=np.float32)
    of = kernel.get_profiler()
    of.assert_allclose(lambda x, by: x + by, [x, 3])

    def in_place(x, by):
        x += by

    of.assert_allclose(in_place, [x, 3])
    assert x.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(MismatchError, match="written argument 0"):
        of.assert_allclose(lambda x, by: x, [x, 3])
    of.assert_consistent(3, [x, 3])


def test_manual_checks():
    of = matmul.compile().get_profiler(symbols=SIZES)
    seen = []
    of.manual_assert_close(np.matmul, None, lambda got, want: seen.append((got, want)))
    ((got, want),) = seen
    assert np.allclose(got[0], want[0], atol=1e-4)
    with pytest.raises(ValueError, match="expected a manual_check_prog, got None"):
        of.manual_assert_close(np.matmul)


def test_runs_that_differ():
    of = matmul.compile().get_profiler(symbols=SIZES)
    results = iter(range(10))
    of._run = lambda inputs: [np.array([next(results) // 2])]
    with pytest.raises(
        MismatchError, match="result 0 of run 2 is another than of run 0"
    ):
        of.assert_consistent()


def test_compare_tensors_of_torch():
    torch = pytest.importorskip("torch")
    a = torch.randn(50, dtype=torch.bfloat16)
    a[3] = torch.nan
    compare("x", a, a.clone(), 0, 0)
    compare("x", a, a.float().numpy(), 0, 0)
    with pytest.raises(MismatchError, match=r"at \[7\], .*; 1 of 50 elements differ"):
        compare("x", a, torch.where(torch.arange(50) == 7, 9.0, a), 0, 0)
    with pytest.raises(MismatchError, match="the shape"):
        compare("x", a, a[:7], 0, 0)
    compare("x", torch.arange(9), torch.arange(9), 0, 0)
    with pytest.raises(MismatchError, match="1 of 9 elements differ"):
        compare("x", torch.arange(9) + 2**60, torch.arange(9).clamp(1) + 2**60, 0, 0)


def test_compare():
    nan = np.array([np.nan, 1.0])
    compare("x", nan, nan, 0, 0)
    with pytest.raises(MismatchError, match="1 of 2 elements differ"):
        compare("x", nan, np.ones(2), 0, 0)
    compare(
        "x", np.array([0x3F80], np.uint16), np.ones(1), 0, 0, 0, T.dtype("bfloat16")
    )
    compare("x", np.array([2**62 + 1]), np.array([2**62 + 1]), 0, 0)
    with pytest.raises(MismatchError, match="1 of 1 elements differ"):
        compare("x", np.array([2**62 + 1]), np.array([2**62]), 0, 0)
    compare("x", np.array([101]), np.array([100]), 0.01, 0)

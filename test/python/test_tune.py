"""tile.autotune: configurations, checks, early stops, results on disk, workers."""

from __future__ import annotations

import concurrent.futures
import importlib.util
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import tile
import tile.compat
import tile.language as T
from tile import TensorSupplyType
from tile.errors import CacheWarning
from tile.tune import TuneResult, Trial, autotune, set_autotune_inputs
from tile.tune import trial as trial_module
from tile.profiler.compare import to_floats
from tile.profiler.inputs import copy_of
from tile.profiler.strides import choose_strides
from tile.tune.chunk import run_chunk
from tile.tune.configs import expand
from tile.tune.pack import pack_case, unpack_case
from tile.tune.trial import Case
from tile.tune.workers import DeviceExecutor, Worker

pytestmark = pytest.mark.host("it tunes on the CPU target")

M, N = T.dynamic("M, N")
BLOCKS = [{"block": 16}, {"block": 32}, {"block": 64}]
QUICK = {"warmup": 0, "rep": 1, "progress": False}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TILE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TILE_DISABLE_CACHE", "0")
    return tmp_path / "cache"


def double_in_numpy(X):
    return 2 * X


def make_double(configs=BLOCKS, **options):
    """A function whose block of 48 gives wrong results, whose block of 33 does not
    compile, and which knows how often it was traced."""
    traced = []

    @autotune(configs=configs, **{**QUICK, **options})
    @tile.jit(target="cpu")
    def double(X: T.Tensor((M,), "float32"), block: int = 8, factor: int = 2):
        traced.append(block)
        if block == 33:
            raise ValueError("33 is odd")
        Y = T.empty((M,), "float32")
        with T.Kernel(T.ceildiv(M, block), threads=32) as x:
            for i in T.Parallel(block):
                if x * block + i < M:
                    Y[x * block + i] = X[x * block + i] * (3 if block == 48 else factor)
        return Y

    double.traced = traced
    return double


@autotune(configs=BLOCKS, ref_prog=double_in_numpy, **QUICK)
@tile.jit(target="cpu")
def stored_double(X: T.Tensor((M,), "float32"), block: int = 8):
    Y = T.empty((M,), "float32")
    with T.Kernel(T.ceildiv(M, block), threads=32) as x:
        for i in T.Parallel(block):
            if x * block + i < M:
                Y[x * block + i] = X[x * block + i] * 2.0
    return Y


@pytest.fixture
def x():
    return np.random.default_rng().standard_normal(100).astype(np.float32)


def fake_times(monkeypatch, times, samples=3):
    """Makes each measurement give the next of these milliseconds; those asked for."""
    limits = []
    left = list(times)

    def measure(func, warmup, rep, device=None, early_stop_ms=None, **_):
        func()
        limits.append(early_stop_ms)
        ms = left.pop(0)
        is_complete = early_stop_ms is None or ms <= early_stop_ms
        return tile.profiler.Times((ms,) * samples, "fake", is_complete)

    monkeypatch.setattr(trial_module, "measure", measure)
    return limits


# Configurations -------------------------------------------------------------


def test_forms_of_configs():
    assert expand([{"a": 1}, {"a": 2}, {"a": 1}]) == [{"a": 1}, {"a": 2}]
    assert expand({"a": [1, 2], "b": (3,)}) == [{"a": 1, "b": 3}, {"a": 2, "b": 3}]
    assert expand(lambda n: {"a": range(n)}, (2,)) == [{"a": 0}, {"a": 1}]
    assert expand(lambda n, k: [{"a": n + k}], (2,), {"k": 1}) == [{"a": 3}]


def test_configs_differ_by_type():
    flags = [c["flag"] for c in expand({"flag": [1, True, 1.0, 1, True]})]
    assert [type(flag) for flag in flags] == [int, bool, float]
    assert len(expand([{"a": [1]}, {"a": [True]}, {"a": [1]}, {"a": (1,)}])) == 3
    assert len(expand([{"a": {"b": 1}}, {"a": {"b": True}}, {"a": {"b": 1}}])) == 2
    one, other = np.arange(3), np.arange(3)
    assert len(expand({"a": [one, other, one]})) == 2


@pytest.mark.parametrize(
    "options, error, text",
    [
        ({"do_not_specialize": "X"}, TypeError, "list of parameters .*, got 'X'"),
        ({"do_not_specialize": [3]}, TypeError, "list of parameters .*, got .3."),
        (
            {"do_not_specialize": ["X", "Z"]},
            ValueError,
            "parameters of double in do_not_specialize, got Z; double takes X, block",
        ),
        ({"max_mismatched_ratio": 1.5}, ValueError, "ratio from 0 to 1, got 1.5"),
        ({"max_mismatched_ratio": -1}, ValueError, "ratio from 0 to 1, got -1"),
        ({"supply_type": "randn"}, TypeError, "TensorSupplyType as .*, got 'randn'"),
        ({"early_stop_factor": 0}, ValueError, "early_stop_factor above 0, got 0"),
        ({"num_workers": 0}, ValueError, "expected at least 1 worker, got 0"),
        ({"warmup": -1}, ValueError, "finite warmup of at least 0, got warmup=-1"),
        ({"rep": float("nan")}, ValueError, "rep of at least 0, got rep=nan"),
        ({"timeout": float("inf")}, ValueError, "finite timeout .*, got timeout=inf"),
        ({"rtol": "x"}, ValueError, "finite rtol of at least 0, got rtol='x'"),
        ({"ref_prog": 3}, TypeError, "expected a function for ref_prog, got 3"),
        ({"executor": 3}, TypeError, "expected an executor with a submit, got 3"),
    ],
)
def test_bad_options(options, error, text):
    with pytest.raises(error, match=text):
        make_double(**options)


def test_supply_that_gives_nothing(x):
    with pytest.raises(TypeError, match="arguments from supply_prog, got None"):
        make_double(supply_prog=lambda _: None)(x)


def test_calls_that_do_not_fit(x):
    double = make_double()
    for args, kwargs in (((), {}), ((x,), {"oops": 1}), ((), {"factor": 3})):
        with pytest.raises(TypeError) as plain:
            double.jit_impl(*args, **kwargs)
        with pytest.raises(TypeError) as tuned:
            double(*args, **kwargs)
        assert str(tuned.value) == str(plain.value)
    assert not double.traced
    with pytest.raises(TypeError, match=r"factory\(\) missing .*argument: 'size'"):
        make_lazy()()


@pytest.mark.parametrize(
    "configs, error, text",
    [
        ([], ValueError, "expected at least one config to tune, got none"),
        ({}, ValueError, "expected at least one config"),
        ({"a": []}, ValueError, "expected at least one config"),
        ({"a": "xy"}, TypeError, "expected a list of values for `a`"),
        ({"a": 3}, TypeError, "expected a list of values for `a`"),
        (3, TypeError, "expected configs as a list of dicts or a dict of lists, got 3"),
        ([3], TypeError, "expected a dict for each config, got 3"),
        (
            [{3: 4}],
            TypeError,
            "expected names of parameters as keys of a config, got 3",
        ),
        (
            [{"pass_configs": 3}],
            TypeError,
            "expected a dict as pass_configs of a config, got 3",
        ),
        ([{"blok": 3}], ValueError, "Unused keys in config: blok; double takes X, bl"),
    ],
)
def test_bad_configs(configs, error, text):
    with pytest.raises(error, match=text):
        make_double(configs)


def test_where_it_stands():
    with pytest.raises(ValueError, match="autotune needs configs: write"):

        @autotune
        def bare():
            pass

    with pytest.raises(AssertionError, match="stands above @tile.jit; found <function"):

        @autotune(configs=BLOCKS)
        def plain():
            pass

    with pytest.raises(ValueError, match="expected devices or an executor, got both"):
        autotune(configs=BLOCKS, devices="all", executor=object())
    with pytest.raises(ValueError, match="devices such as 'cpu' and 'cuda:0', got 'x'"):
        autotune(configs=BLOCKS, devices=["cpu", "x"])
    with pytest.raises(ValueError, match="expected at least 1 worker, got -1"):
        autotune(configs=BLOCKS, num_executor_workers=-1)


def test_configs_by_a_function(x):
    seen = []

    def choose(X, **_):
        seen.append(len(X))
        return {"block": [len(X) // 2]}

    double = make_double(choose)
    assert np.array_equal(double(x), 2 * x)
    assert double.get_tuner_result().config == {"block": 50} and set(seen) == {100}
    with pytest.raises(ValueError, match="Unused keys in config: oops"):
        make_double(lambda X: [{"oops": 1}])(x)


# Calls ----------------------------------------------------------------------


def test_the_best_is_taken(x, monkeypatch):
    limits = fake_times(monkeypatch, [3.0, 1.0, 1.5])
    double = make_double()
    assert np.array_equal(double(x), 2 * x)
    result = double.get_tuner_result()
    assert result.config == {"block": 32} and result.latency == 1.0
    assert [t.latency_ms for t in result.trials] == [3.0, 1.0, 1.5]
    assert limits == [None, 6.0, 2.0]
    kernel = double.compile(x)
    assert kernel.config == {"block": 32} and kernel.latency == 1.0
    assert kernel.ref_latency is None and kernel.get_tuner_result() is result
    assert double.compile(x) is kernel
    plain = double.jit_impl.compile(x, block=32)
    assert plain.config is None and plain.prim_func is kernel.prim_func
    assert np.array_equal(kernel(x), 2 * x)
    # A kernel that two tunings find has the result of each.
    fake_times(monkeypatch, [3.0, 2.0, 1.5])
    with set_autotune_inputs(x[:9]):
        other = double.compile(x)
    fake_times(monkeypatch, [3.0, 0.5, 1.5])
    with set_autotune_inputs(x[:8]):
        third = double.compile(x)
    assert (other.config, other.latency) == ({"block": 64}, 1.5)
    assert (third.config, third.latency) == ({"block": 32}, 0.5)
    assert kernel.latency == 1.0 and plain.latency is None


def test_bar_with_the_best(x, monkeypatch, capsys):
    fake_times(monkeypatch, [3.0, 1.0, 1.5])
    make_double(progress=True).tune(x)
    shown = capsys.readouterr().err
    assert "compiling" in shown and "best 1 ms (block=32)" in shown
    assert "best 1 ms (block=32)" in shown and "best 1.5" not in shown


def test_profile(x):
    double = make_double()
    found = tile.profiler.profile(double, x, rep=1, compile_stages=False)
    assert found.work.memory_bytes == 800 and double.get_tuner_result().config
    kernel, passed = double.resolve(x, block=24)
    assert passed[0] is x and kernel is double.jit_impl.compile(x, 24)


def test_names_of_tilelang():
    tile.compat.install()
    try:
        from tilelang.autotuner import autotune as theirs
        from tilelang.profiler import do_bench

        assert theirs is autotune and do_bench is tile.profiler.do_bench
    finally:
        tile.compat.uninstall()


def test_early_stop(x, monkeypatch):
    limits = fake_times(monkeypatch, [1.0, 9.0, 1.4])
    double = make_double(early_stop_factor=1.5)
    result = double.tune(x)
    assert [t.status for t in result.trials] == ["ok", "slower", "ok"]
    assert limits == [None, 1.5, 1.5]
    limits = fake_times(monkeypatch, [1.0, 9.0, 1.4])
    result = make_double(early_stop=False).tune(x)
    assert [t.status for t in result.trials] == ["ok"] * 3 and limits == [None] * 3


def test_tuning_happens_once(x):
    double = make_double()
    double(x)
    count = len(double.traced)
    result = double.get_tuner_result()
    double(x.copy())
    assert len(double.traced) == count and double.get_tuner_result() is result
    double(x[:50])  # another size is another problem
    assert double.get_tuner_result() is not result
    double(x, factor=3)
    assert double.get_tuner_result() is not result


def test_do_not_specialize(x):
    double = make_double(do_not_specialize=["X", "factor"])
    result = double.tune(x)
    assert double.tune(x[:50]) is result
    assert np.array_equal(double(x, factor=3), 3 * x)
    assert double.get_tuner_result() is result


def test_given_parameters_are_not_tuned(x):
    double = make_double()
    assert np.array_equal(double(x, 24), 2 * x)
    assert np.array_equal(double(x, block=24), 2 * x)
    assert double.compile(x, block=24).config is None
    with pytest.raises(ValueError, match="double was not tuned"):
        double.compile(x, block=24).get_tuner_result()
    assert double.traced == [24]
    with pytest.raises(ValueError, match="double was not tuned yet"):
        double.get_tuner_result()
    with pytest.raises(ValueError, match="double is not tuned where a call gives what"):
        double.tune(x, block=24)
    with pytest.raises(TypeError, match="too many positional arguments"):
        double(x, 1, 2, 3)


def test_options_of_the_compiler(x):
    configs = [{"pass_configs": {"tile.opt_level": n}, "block": 16} for n in (0, 2)]
    double = make_double(configs, early_stop=False)
    assert np.array_equal(double(x), 2 * x)
    assert {t.status for t in double.get_tuner_result().trials} == {"ok"}
    level = double.get_tuner_result().config["pass_configs"]["tile.opt_level"]
    assert double.compile(x).opt_level == level
    count = len(double.traced)
    double(x)
    assert len(double.traced) == count
    bad = make_double([{"pass_configs": {"no.such": 1}}])
    with pytest.raises(RuntimeError, match="unknown pass config 'no.such'"):
        bad(x)


def test_without_tensors():
    double = make_double(ref_prog=double_in_numpy)
    with set_autotune_inputs(np.ones(64, np.float32)):
        kernel = double.compile(T.Tensor((M,), "float32"))
    assert kernel.latency > 0 and kernel.ref_latency > 0
    with pytest.raises(ValueError, match="M cannot be computed.*set_autotune_inputs"):
        double.compile(T.Tensor((M,), "float32"))
    with set_autotune_inputs([1, 2]):
        with pytest.raises(ValueError, match="expected 1 inputs to tune double, got 2"):
            double.compile(T.Tensor((M,), "float32"))


def test_absent_arguments(x):
    @autotune(configs=BLOCKS, **QUICK)
    @tile.jit(target="cpu")
    def add_one(
        X: T.Tensor((M,), "float32"),
        Z: T.Tensor((M,), "float32") = None,
        block: int = 8,
    ):
        Y = T.empty((M,), "float32")
        with T.Kernel(T.ceildiv(M, block), threads=32) as i:
            for j in T.Parallel(block):
                if i * block + j < M:
                    Y[i * block + j] = X[i * block + j] + 1.0
        return Y

    assert np.array_equal(add_one(x), x + 1)
    result = add_one.get_tuner_result()
    assert np.array_equal(add_one(x, None), x + 1)
    assert np.array_equal(add_one(X=x, Z=None), x + 1)
    assert add_one.get_tuner_result() is result


def copy_strided(X):
    return X + 1


def make_strided(**options):
    @autotune(configs={"block": [16, 32]}, **{**QUICK, **options})
    @tile.jit(target="cpu")
    def step(X: T.StridedTensor((M, 4), (8, 2), "float32"), block: int = 8):
        Y = T.empty((M, 4), "float32")
        with T.Kernel(T.ceildiv(M, block), threads=32) as b:
            for i, j in T.Parallel(block, 4):
                if b * block + i < M:
                    Y[b * block + i, j] = X[b * block + i, j] + 1.0
        return Y

    return step


@pytest.mark.parametrize("devices", [None, ["cpu"]])
def test_strided_tensors(devices, x):
    values = np.resize(x, (10, 8))[:, ::2]
    step = make_strided(ref_prog=copy_strided, devices=devices, early_stop=False)
    assert np.array_equal(step(values), values + 1)
    assert {t.status for t in step.get_tuner_result().trials} == {"ok"}


def test_other_strides_are_no_wrong_result():
    step = make_strided(supply_prog=lambda _: [np.zeros((10, 4), np.float32)])
    with pytest.raises(RuntimeError, match="failed to run: ShapeMismatchError"):
        step(np.zeros((10, 8), np.float32)[:, ::2])


# The lazy style -------------------------------------------------------------


def make_lazy(**options):
    @autotune(configs={"block": [16, 32]}, **{**QUICK, **options})
    @tile.jit(out_idx=[-1], target="cpu")
    def factory(size: int, block: int = 8):
        @T.prim_func
        def shift(
            X: T.Tensor((size,), "float32"),
            n: T.Tensor((1,), "int32"),
            Y: T.Tensor((size,), "float32"),
        ):
            with T.Kernel(T.ceildiv(size, block), threads=32) as x:
                for i in T.Parallel(block):
                    if x * block + i < size:
                        Y[x * block + i] = X[x * block + i] + n[0]

        return shift

    return factory


def test_lazy(x):
    factory = make_lazy(ref_prog=lambda X, n: X + n[0])
    kernel = factory(100)
    assert kernel.config["block"] in (16, 32) and kernel.latency > 0
    assert np.array_equal(kernel(x, np.array([3], np.int32)), x + 3)
    assert factory(100) is kernel
    assert factory(100, block=8).config is None


def test_inputs_that_are_supplied(x):
    seen = []

    def supply(params):
        seen.append([p.name for p in params])
        return [x, np.array([5], np.int32)]

    checked = []

    def reference(X, n):
        checked.append((X is not x, n[0]))
        return X + n[0]

    make_lazy(supply_prog=supply, ref_prog=reference)(100)
    assert seen == [["X", "n"]]
    assert checked[0] == (True, 5)
    seen.clear()
    make_lazy(supply_prog=supply, cache_input_tensors=False)(100)
    assert len(seen) == 2


def test_supply_types():
    values = []

    def reference(X, n):
        values.append((X.copy(), n.copy()))
        return X + n[0]

    make_lazy(supply_type=TensorSupplyType.One, ref_prog=reference)(100)
    assert (values[0][0] == 1).all() and values[0][1][0] == 1


# Checks ---------------------------------------------------------------------


def test_wrong_and_failing_configs(x):
    double = make_double(
        {"block": [48, 16, 33]}, ref_prog=double_in_numpy, early_stop=False
    )
    assert np.array_equal(double(x), 2 * x)
    wrong, right, failed = double.get_tuner_result().trials
    assert (wrong.status, right.status, failed.status) == (
        "wrong result",
        "ok",
        "failed to compile",
    )
    assert "of 100 elements differ" in wrong.error and wrong.latency_ms is None
    assert failed.error == "ValueError: 33 is odd"


def test_references_do_not_touch_the_tensors_of_a_call(x):
    def reference(X):
        Y = 2 * X
        X[:] = 0
        return Y

    before = x.copy()
    double = make_double(ref_prog=reference)
    assert np.array_equal(double(x), 2 * before)
    assert np.array_equal(x, before)
    assert double.get_tuner_result().ref_latency > 0


def test_references_that_cannot_be_timed(x):
    calls = []

    def reference(X):
        calls.append(X)
        if len(calls) > 1:
            raise ValueError("only once")
        return 2 * X

    double = make_double(ref_prog=reference)
    assert np.array_equal(double(x), 2 * x)
    assert double.get_tuner_result().ref_latency is None and len(calls) == 2
    calls.clear()
    with pytest.raises(RuntimeError, match="no config of double works"):
        make_double({"block": [48]}, ref_prog=reference)(x)
    assert len(calls) == 1  # there is nothing to compare its time with


def test_skip_check(x):
    double = make_double({"block": [48]}, ref_prog=double_in_numpy, skip_check=True)
    assert np.array_equal(double(x), 3 * x)


def test_tolerances(x):
    off = {"block": [48], "factor": [2]}
    make_double(off, ref_prog=double_in_numpy, rtol=0.6)(x)
    make_double(off, ref_prog=double_in_numpy, max_mismatched_ratio=1.0)(x)
    with pytest.raises(
        RuntimeError, match="no config of double works, of 1 tried:\nwro"
    ):
        make_double(off, ref_prog=double_in_numpy)(x)


def test_manual_checks(x):
    def check(results, expected):
        assert np.array_equal(results[0], expected[0] / 2 * 3), "not three times"

    double = make_double(
        {"block": [16, 48]}, ref_prog=double_in_numpy, manual_check_prog=check
    )
    assert np.array_equal(double(x), 3 * x)
    assert double.get_tuner_result().trials[0].error.startswith("not three times")


def test_kernels_that_change_their_arguments():
    @autotune(
        configs={"block": [16, 32]},
        ref_prog=lambda X: X + 1,
        early_stop=False,
        **QUICK,
    )
    @tile.jit(target="cpu")
    def increment(X: T.Tensor((M,), "float32"), block: int = 8):
        with T.Kernel(T.ceildiv(M, block), threads=32) as x:
            for i in T.Parallel(block):
                if x * block + i < M:
                    X[x * block + i] += 1.0

    x = np.zeros(40, np.float32)
    increment(x)
    assert (x == 1).all()  # tuning worked on copies
    assert {t.status for t in increment.get_tuner_result().trials} == {"ok"}


# Results --------------------------------------------------------------------


def make_result():
    return TuneResult(
        "k",
        [
            Trial({"a": 1, "b": 2}, "ok", 2.0, "", "cpu"),
            Trial({"a": 3}, "slower", 5.0, "", "cpu"),
            Trial({"a": 4}, "wrong result", None, "off\nby one", "cpu"),
            Trial({"a": 5}, "ok", 1.0, "", "cpu"),
        ],
    )


def test_table():
    assert make_result().table().splitlines() == [
        "latency (ms)  of best  a  b  status             device",
        "1.0000        1.00     5     ok                 cpu",
        "2.0000        2.00     1  2  ok                 cpu",
        "5.0000        5.00     3     slower             cpu",
        "                       4     wrong result: off  cpu",
    ]
    assert len(make_result().table(limit=2).splitlines()) == 3
    with pytest.raises(ValueError, match="expected a limit of at least 0, got -1"):
        make_result().table(-1)


def test_plot(tmp_path):
    make_result().plot(tmp_path / "bars.svg")
    root = ElementTree.fromstring((tmp_path / "bars.svg").read_text())
    space = "{http://www.w3.org/2000/svg}"
    texts = [e.text for e in root.iter(space + "text")]
    assert texts[0] == "k: latency (ms)" and "5 (stopped early)" in texts
    widths = [float(e.get("width")) for e in root.iter(space + "rect")][1:]
    assert widths == sorted(widths) and len(widths) == 3
    if importlib.util.find_spec("matplotlib") is None:
        with pytest.raises(RuntimeError, match="bars.png needs matplotlib"):
            make_result().plot(tmp_path / "bars.png")
    else:
        make_result().plot(tmp_path / "bars.png")
        assert (tmp_path / "bars.png").read_bytes()[1:4] == b"PNG"


# On disk --------------------------------------------------------------------


def forget(function):
    """What another process knows of a function: nothing."""
    function._found.clear()
    function._last = None


def test_results_are_stored(x, cache):
    forget(stored_double)
    result = stored_double.tune(x)
    assert not result.is_stored and result.ref_latency > 0
    (file,) = (cache / "tune").glob("*.json")
    stored = json.loads(file.read_text())["result"]
    assert stored["device"]["name"] == "cpu" and stored["compiler"]
    assert stored["trials"][0]["config"] == {"block": 16}
    forget(stored_double)
    again = stored_double.tune(x)
    assert again.is_stored and again.config == result.config
    assert again.latency == result.latency
    stored_double.tune(x[:9])
    assert len(list((cache / "tune").glob("*.json"))) == 2
    assert not list((cache / "tune").glob("*.tmp"))
    forget(stored_double)


def make_stored(**options):
    return autotune(configs=BLOCKS, **{**QUICK, **options})(stored_double.jit_impl)


def supply_ones(params):
    return [np.ones(100, np.float32)]


def other_reference(X):
    return X + X


def accept(results, expected):
    pass


def test_other_checks_are_other_results(x, cache):
    variants = [
        {"ref_prog": double_in_numpy},
        {"ref_prog": other_reference},
        {"supply_prog": supply_ones},
        {"supply_type": TensorSupplyType.One},
        {"manual_check_prog": accept},
        {"manual_check_prog": kill_for_one_block},
        {},
    ]
    for options in variants:
        assert not make_stored(**options).tune(x).is_stored, options
        assert make_stored(**options).tune(x).is_stored, options
    assert len(list((cache / "tune").glob("*.json"))) == len(variants)
    seen = []
    unknown = make_stored(supply_prog=lambda _: seen.append(1) or [x])
    unknown.tune(x)
    assert len(list((cache / "tune").glob("*.json"))) == len(variants)


def test_damaged_results_are_made_again(x, cache):
    forget(stored_double)
    stored_double.tune(x)
    (file,) = (cache / "tune").glob("*.json")
    good = file.read_text()
    for bad in ("", "{", good.replace('"ok"', '"odd"'), '{"sha256": "", "result": {}}'):
        file.write_text(bad)
        forget(stored_double)
        with pytest.warns(CacheWarning, match="is damaged .*; tuning again"):
            assert not stored_double.tune(x).is_stored
    assert json.loads(file.read_text())
    forget(stored_double)


def test_a_folder_that_cannot_be_written(x, cache):
    forget(stored_double)
    cache.mkdir()
    (cache / "tune").write_text("a file")
    with pytest.warns(CacheWarning, match="cannot (read|write)"):
        assert np.array_equal(stored_double(x), 2 * x)
    forget(stored_double)


def test_values_that_are_not_storable(x, cache):
    double = make_double()  # fills a list around it
    double(x)
    assert not list((cache / "tune").glob("*"))


def test_clearing_the_cache(x, cache):
    forget(stored_double)
    stored_double.tune(x)
    assert list((cache / "tune").glob("*"))
    tile.cache.clear()
    assert not list((cache / "tune").glob("*"))
    forget(stored_double)


def test_without_a_cache(x, cache, monkeypatch):
    monkeypatch.setenv("TILE_DISABLE_CACHE", "1")
    forget(stored_double)
    assert np.array_equal(stored_double(x), 2 * x)
    assert not cache.exists()
    forget(stored_double)


# Workers --------------------------------------------------------------------


def test_processes(x):
    double = make_double(
        {"block": [48, 16, 33, 64]}, ref_prog=double_in_numpy, devices=["cpu", "cpu"]
    )
    assert np.array_equal(double(x), 2 * x)
    trials = double.get_tuner_result().trials
    assert [t.config["block"] for t in trials] == [48, 16, 33, 64]
    assert [t.status for t in trials][:3] == ["wrong result", "ok", "failed to compile"]
    assert trials[3].status in ("ok", "slower")
    assert trials[1].device == "cpu" and trials[1].latency_ms > 0


def test_cases_are_sent_once(x, monkeypatch):
    sent, without_known = [], Worker._without_known

    def record(worker, chunk):
        less = without_known(worker, chunk)
        sent.append(len(less.cases))
        return less

    monkeypatch.setattr(Worker, "_without_known", record)
    double = make_double(
        {"block": [16, 48, 64]},
        ref_prog=double_in_numpy,
        devices=["cpu"],
        num_workers=1,
    )
    statuses = [t.status for t in double.tune(x).trials]
    assert statuses[:2] == ["ok", "wrong result"]
    assert sent == [1, 0, 0]


def test_tensors_of_torch_travel_as_arrays():
    torch = pytest.importorskip("torch")
    values = torch.arange(-4, 4)
    for kind in (torch.bfloat16, torch.float16, torch.float32, torch.int8, torch.bool):
        tensor = values.to(kind)
        case = pack_case(Case([tensor, 3], ([tensor], [])))
        assert isinstance(case.inputs[0], np.ndarray) and case.inputs[1] == 3
        element = T.dtype(str(kind).removeprefix("torch."))
        assert np.array_equal(
            to_floats(case.inputs[0], element), to_floats(tensor)
        ), kind
        assert np.array_equal(case.expected[0][0], to_floats(tensor))


def test_copies_keep_strides():
    base = np.arange(24, dtype=np.int32).reshape(4, 6)
    views = [
        base,
        base.T,
        base[:, ::2],
        base[::-1, 1::2],
        np.broadcast_to(base, (2, 4, 6)),
    ]
    for view in views:
        case = pickle.loads(pickle.dumps(pack_case(Case([view]))))
        (sent,) = unpack_case(case, "cpu", [T.dtype("int32")]).inputs
        for copy in (copy_of(view), sent):
            assert np.array_equal(copy, view) and copy.strides == view.strides
            assert not np.shares_memory(copy, view)
    (sent,) = unpack_case(
        pack_case(Case([base[:0, ::2]])), "cpu", [T.dtype("int32")]
    ).inputs
    assert sent.shape == (0, 3)


def test_copies_of_torch_keep_strides():
    torch = pytest.importorskip("torch")
    base = torch.arange(24.0).reshape(4, 6)
    for kind in (torch.float32, torch.bfloat16):
        for view in (
            base.to(kind).T,
            base.to(kind)[:, ::2],
            base.to(kind)[0].expand(2, 6),
        ):
            copy = copy_of(view)
            assert torch.equal(copy, view) and copy.stride() == view.stride()
            assert copy.data_ptr() != view.data_ptr()
            (sent,) = unpack_case(
                pack_case(Case([view])), "cpu", [T.dtype(str(kind)[6:])]
            ).inputs
            assert sent.strides == tuple(n * view.element_size() for n in view.stride())


def test_made_up_strides():
    made = make_strided().jit_impl.compile().get_profiler(symbols={"M": 5})
    (X,) = made.make_inputs()
    assert X.shape == (5, 4) and X.strides == (32, 8) and X.any()
    R, S = T.dynamic("R, S")
    assert choose_strides((3, 4), (R, S), {}) == (4, 1)
    assert choose_strides((3, 4), (R, 2), {}) == (7, 2)
    assert choose_strides((3, 4), (R, S), {"R": 9, "S": 2}) == (9, 2)
    assert choose_strides((2, 3, 4), (R, 4 * S, S), {}) == (12, 4, 1)


def test_processes_with_torch():
    torch = pytest.importorskip("torch")
    x = torch.randn(100)
    double = make_double({"block": [48, 16]}, ref_prog=double_in_numpy, devices=["cpu"])
    assert torch.equal(double(x), 2 * x)
    statuses = [t.status for t in double.get_tuner_result().trials]
    assert statuses == ["wrong result", "ok"]


def make_endless(**options):
    """Blocks of 1 never end."""

    @autotune(configs={"block": [16, 1, 32]}, **{**QUICK, **options})
    @tile.jit(target="cpu")
    def endless(X: T.Tensor((M,), "float32"), block: int = 8):
        with T.Kernel(1, threads=32):
            if block == 1:
                while X[0] > -1.0:
                    X[0] += 1.0
            X[1] = 1.0

    return endless


def test_hanging_kernels_cost_only_themselves():
    endless = make_endless(devices=["cpu"], timeout=3, early_stop=False)
    start = time.monotonic()
    result = endless.tune(np.zeros(4, np.float32))
    assert [t.status for t in result.trials] == ["ok", "timed out", "ok"]
    assert result.trials[1].error == "no end after 3 s of running"
    assert time.monotonic() - start < 60


def kill_for_one_block(results, expected):
    """A check that ends its process where a result says so."""
    if results[0][0] == 3:
        os.kill(os.getpid(), signal.SIGKILL)


def test_crashes_cost_only_themselves():
    double = make_double(
        {"block": [16, 48, 32]},
        manual_check_prog=kill_for_one_block,
        devices=["cpu"],
        early_stop=False,
    )
    result = double.tune(np.ones(64, np.float32))
    assert [t.status for t in result.trials] == ["ok", "crashed", "ok"]
    assert result.trials[1].error == "the process ended with code -9"


def test_checks_that_a_worker_cannot_import(x):
    double = make_double(manual_check_prog=lambda a, b: None, devices=["cpu"])
    with pytest.raises(RuntimeError, match="cannot pickle|Can't pickle|crashed|failed"):
        double(x)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_executors(kind, x):
    if kind == "threads":
        executor = concurrent.futures.ThreadPoolExecutor(2)
    else:
        context = __import__("multiprocessing").get_context("spawn")
        executor = concurrent.futures.ProcessPoolExecutor(2, mp_context=context)
    with executor:
        double = make_double(
            {"block": [48, 16, 64]}, ref_prog=double_in_numpy, executor=executor
        )
        assert np.array_equal(double(x), 2 * x)
    statuses = [t.status for t in double.get_tuner_result().trials]
    assert statuses[0] == "wrong result" and "ok" in statuses


@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="dask's distributed is not installed",
)
def test_dask(x):
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        double = make_double(
            {"block": [48, 16, 64]},
            ref_prog=double_in_numpy,
            executor=client.get_executor(),
            num_executor_workers=2,
        )
        assert np.array_equal(double(x), 2 * x)
    statuses = [t.status for t in double.get_tuner_result().trials]
    assert statuses[0] == "wrong result" and "ok" in statuses


def test_an_executor_that_fails(x):
    class Broken:
        _max_workers = 1

        def submit(self, function, chunk):
            future = concurrent.futures.Future()
            if chunk.items[0].config["block"] == 32:
                future.set_exception(OSError("no route to host"))
            else:
                future.set_result(run_chunk(chunk))
            return future

    result = make_double(executor=Broken()).tune(x)
    assert result.trials[1].status == "crashed"
    assert result.trials[1].error == "OSError: no route to host"
    assert result.trials[0].status == "ok"


def test_workers_end():
    with DeviceExecutor(["cpu"]) as executor:
        worker = executor._workers[0]
        worker._start()
        process = worker._process
        assert process.poll() is None
    assert process.poll() is not None


def is_gone(pid):
    """Whether a process has ended; its parent may not have asked yet."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def wait_until(condition, seconds=30):
    limit = time.monotonic() + seconds
    while not condition() and time.monotonic() < limit:
        time.sleep(0.02)
    return condition()


def test_interrupts_end_workers(monkeypatch):
    started, start = [], Worker._start

    def record(worker):
        pipe = start(worker)
        started.append(worker._process)
        return pipe

    def interrupt():
        wait_until(lambda: started)
        time.sleep(1)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Worker, "_start", record)
    endless = make_endless(devices=["cpu"], timeout=60)
    thread = threading.Thread(target=interrupt)
    thread.start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        endless.tune(np.zeros(4, np.float32))
    thread.join()
    assert time.monotonic() - begin < 30
    assert {process.returncode for process in started} == {-signal.SIGKILL}


ORPHAN = """
import os, signal
from tile.tune.workers import Worker
worker = Worker("cpu")
pipe = worker._start()
pipe.send("no chunk")
assert pipe.recv()[0] == "error"  # so it is ready
pid = worker._process.pid
os.kill(pid, signal.SIGSTOP)  # as one that hangs, it sees no end of the pipe
print(pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it needs prctl")
def test_workers_end_with_their_parent():
    parent = subprocess.run(
        [sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, timeout=60
    )
    pid = int(parent.stdout)
    try:
        assert parent.returncode == -signal.SIGKILL
        assert wait_until(lambda: is_gone(pid), 10)
    finally:
        if not is_gone(pid):
            os.kill(pid, signal.SIGKILL)
    # One whose parent ended before it began ends by itself.
    command = [sys.executable, "-m", "tile.tune.worker", "0", "0", "cpu"]
    assert subprocess.run(command, timeout=60).returncode == 1

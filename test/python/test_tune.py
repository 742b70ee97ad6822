"""tile.autotune: configurations, checks, early stops."""

from __future__ import annotations

import importlib.util
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import tile
import tile.compat
import tile.language as T
from tile import TensorSupplyType
from tile.tune import TuneResult, Trial, autotune, set_autotune_inputs
from tile.tune.configs import expand
from tune_helpers import (
    BLOCKS,
    M,
    QUICK,
    cache,
    copy_strided,
    double_in_numpy,
    fake_times,
    make_double,
    make_lazy,
    make_strided,
    x,
)

pytestmark = pytest.mark.host("it tunes on the CPU target")


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
    assert len(expand({"a": [np.int64(1), np.int64(1), 1]})) == 2


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
        (
            [{"block": np.zeros(3)}],
            TypeError,
            "can be compared and hashed, got ndarray for `block`",
        ),
        (
            {"block": [16, [1, {"a": bytearray(2)}]]},
            TypeError,
            "can be compared and hashed, got bytearray for `block`",
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


# The lazy style --------------------------------------------------------------


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

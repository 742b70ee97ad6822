"""tile.autotune: results on disk, and workers."""

from __future__ import annotations

import concurrent.futures
import copy
import hashlib
import importlib.util
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import tile
import tile.language as T
from tile import TensorSupplyType
from tile.errors import CacheWarning
from tile.tune import autotune
from tile.profiler.compare import to_floats
from tile.profiler.inputs import copy_of
from tile.profiler.strides import choose_strides
from tile.tune.chunk import run_chunk
from tile.tune.pack import pack_case, unpack_case
from tile.tune.trial import Case
from tile.tune.workers import DeviceExecutor, Worker, WorkerKilled
from tune_helpers import (
    BLOCKS,
    M,
    QUICK,
    cache,
    double_in_numpy,
    kill_for_one_block,
    make_double,
    make_strided,
    stored_double,
    x,
)

pytestmark = pytest.mark.host("it tunes on the CPU target")


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


def test_results_of_other_trials_are_damaged(x, cache):
    forget(stored_double)
    stored_double.tune(x)
    (file,) = (cache / "tune").glob("*.json")
    good = json.loads(file.read_text())
    odd = copy.deepcopy(good["result"])
    odd["trials"][0]["status"] = "odd"
    fewer = copy.deepcopy(good["result"])
    fewer["trials"].pop()
    for result, why in (
        (odd, "unknown status of a trial"),
        (fewer, "it has another number of trials"),
    ):
        body = json.dumps(result, sort_keys=True)
        sum_ = hashlib.sha256(body.encode()).hexdigest()
        file.write_text(json.dumps({**good, "sha256": sum_, "result": result}))
        forget(stored_double)
        with pytest.warns(CacheWarning, match=why):
            assert not stored_double.tune(x).is_stored
    file.write_text(json.dumps({**good, "sha256": "0"}))
    forget(stored_double)
    with pytest.warns(CacheWarning, match="its contents were changed"):
        stored_double.tune(x)
    forget(stored_double)


def test_killed_workers_do_no_more():
    worker = Worker("cpu")
    worker.kill()
    with pytest.raises(WorkerKilled, match="the worker for cpu was killed"):
        worker._start()


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

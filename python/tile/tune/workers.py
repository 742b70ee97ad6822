"""Worker processes, one for each device of this machine.

A worker that hangs or dies, as a kernel may make it do, is replaced. It tells what
it is about to try, so only that configuration is lost.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Callable, Sequence

from tile.tune.chunk import Chunk
from tile.tune.result import Trial

__all__ = ["DeviceExecutor", "Worker"]


def _make_environment(device: str) -> dict[str, str]:
    """The environment of a process that sees one device, as number 0."""
    environment = dict(os.environ)
    kind, _, number = device.partition(":")
    if kind == "cuda":
        seen = environment.get("CUDA_VISIBLE_DEVICES")
        names = seen.split(",") if seen else None
        index = int(number or 0)
        environment["CUDA_VISIBLE_DEVICES"] = names[index] if names else str(index)
    environment["PYTHONPATH"] = os.pathsep.join(p or os.getcwd() for p in sys.path)
    return environment


class WorkerKilled(RuntimeError):
    """A worker that was killed is asked for more."""


class Worker:
    """A process that tries configurations on one device."""

    def __init__(self, device: str) -> None:
        self.device = device
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._known: set[int] = set()
        self._is_killed = False
        self._lock = threading.Lock()

    def _start(self) -> Connection:
        if self._pipe is not None:
            return self._pipe
        mine, theirs = Pipe()
        with theirs, self._lock:
            if self._is_killed:
                raise WorkerKilled(f"the worker for {self.device} was killed")
            numbers = [str(theirs.fileno()), str(os.getpid())]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tile.tune.worker", *numbers, self.device],
                pass_fds=[theirs.fileno()],
                env=_make_environment(self.device),
                stdin=subprocess.DEVNULL,
            )
        self._pipe = mine
        self._known = set()
        return mine

    def stop(self) -> int | None:
        """Ends the process; its exit code, or minus the signal that ended it."""
        if self._pipe is not None:
            self._pipe.close()  # one that waits for work ends
        code = None
        if self._process is not None:
            try:
                code = self._process.wait(0.5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._pipe = None
        return code

    def kill(self) -> None:
        """Ends the process at once and for good, from any thread."""
        with self._lock:
            self._is_killed = True
            process = self._process  # which `stop` may forget meanwhile
            if process is not None:
                process.kill()

    def run(self, chunk: Chunk) -> list[Trial]:
        """Tries the configurations of a chunk; one that takes the process down has
        failed, and the rest goes to a new one.

        Raises WorkerKilled after `kill`.
        """
        trials: list[Trial] = []
        while len(trials) < len(chunk.items):
            rest = replace(chunk, items=chunk.items[len(trials) :])
            before = len(trials)
            failure = self._run(rest, trials)
            if failure is None:
                continue
            has_begun = failure[0] == "running"
            if not has_begun and len(rest.items) > 1 and len(trials) == before:
                # Compiling did it, one of them: one by one tells which.
                for item in rest.items:
                    trials += self.run(replace(chunk, items=[item]))
                return trials
            item = chunk.items[len(trials)]
            trials.append(Trial(item.config, *failure[1:], device=self.device))
        return trials

    def _without_known(self, chunk: Chunk) -> Chunk:
        """The chunk without the cases that the process has."""
        new = {n: case for n, case in chunk.cases.items() if n not in self._known}
        self._known |= new.keys()
        return replace(chunk, cases=new)

    def _run(
        self, chunk: Chunk, trials: list[Trial]
    ) -> tuple[str, str, None, str] | None:
        """Appends what was tried. None, or what became of the next one: whether it had
        begun, and the status, the time and the error of its trial."""
        limit = chunk.settings.timeout_s
        stage = "compiling"
        try:
            pipe = self._start()
            pipe.send(self._without_known(chunk))
            while True:
                # A first message waits for the process to start, too.
                wait = limit + (60 if stage == "compiling" else 0)
                if not pipe.poll(wait):
                    self.stop()
                    text = f"no end after {wait:g} s of {stage}"
                    return stage, "timed out", None, text
                kind, value = pipe.recv()
                if kind == "done":
                    return None
                if kind == "trial":
                    trials.append(value)
                if kind == "error":
                    return stage, "failed to run", None, str(value)
                stage = "running" if kind == "begin" else "waiting"
        except (EOFError, BrokenPipeError, ConnectionResetError):
            code = self.stop()
            return stage, "crashed", None, f"the process ended with code {code}"


class DeviceExecutor:
    """An executor for chunks over the devices of this machine.

    Args:
        devices: Names such as 'cuda:0'; 'cpu' may be given several times.
    """

    def __init__(self, devices: Sequence[str]) -> None:
        self.devices = list(devices)
        self._free: queue.Queue[Worker] = queue.Queue()
        self._workers = [Worker(device) for device in devices]
        for worker in self._workers:
            self._free.put(worker)
        self._pool = ThreadPoolExecutor(len(self._workers), "tile-tune")

    def submit(self, function: Callable[..., Any], chunk: Chunk) -> Future[list[Trial]]:
        """Has a chunk tried by the next worker that is free. What a worker does with
        it is known, so `function` only makes this look like other executors."""
        return self._pool.submit(self._run, chunk)

    def _run(self, chunk: Chunk) -> list[Trial]:
        worker = self._free.get()
        try:
            return worker.run(chunk)
        finally:
            self._free.put(worker)

    def kill(self) -> None:
        """Ends all workers at once, whatever they are at."""
        for worker in self._workers:
            worker.kill()
        self.shutdown()

    def shutdown(self) -> None:
        """Ends all workers, after what they are at."""
        self._pool.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.stop()

    def __enter__(self) -> "DeviceExecutor":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.kill()  # Ctrl+C does not wait for a kernel that hangs

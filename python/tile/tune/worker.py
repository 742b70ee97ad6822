"""The process of a worker: ``python -m tile.tune.worker PIPE PARENT DEVICE``."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from multiprocessing.connection import Connection

from tile.tune.chunk import Chunk, run_chunk
from tile.tune.trial import Case

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1  # of linux/prctl.h


def _serve(pipe: Connection, chunk: Chunk, device: str, known: dict[int, Case]) -> None:
    run_chunk(
        chunk,
        device,
        lambda position: pipe.send(("begin", position)),
        lambda position, trial: pipe.send(("trial", trial)),
        known,
    )


def _end_with(parent: int) -> None:
    """Has this process killed when the one that started it is gone, even where a
    kernel hangs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before that
        sys.exit(1)


def main(number: int, parent: int, device: str) -> None:
    """Tries chunks until the other end of the pipe is closed."""
    _end_with(parent)
    pipe = Connection(number)
    known: dict[int, Case] = {}
    while True:
        try:
            chunk = pipe.recv()
        except EOFError:
            return
        except Exception as error:  # a check that cannot be imported here
            pipe.send(("error", f"{type(error).__name__}: {error}"))
            continue
        try:
            _serve(pipe, chunk, device, known)
        except Exception as error:
            pipe.send(("error", f"{type(error).__name__}: {error}"))
            continue
        pipe.send(("done", None))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

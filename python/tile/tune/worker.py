"""The process of a worker: ``python -m tile.tune.worker PIPE DEVICE``."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection

from tile.tune.chunk import Chunk, run_chunk
from tile.tune.trial import Case

__all__ = ["main"]


def _serve(pipe: Connection, chunk: Chunk, device: str, known: dict[int, Case]) -> None:
    run_chunk(
        chunk,
        device,
        lambda position: pipe.send(("begin", position)),
        lambda position, trial: pipe.send(("trial", trial)),
        known,
    )


def main(number: int, device: str) -> None:
    """Tries chunks until the other end of the pipe is closed."""
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
    main(int(sys.argv[1]), sys.argv[2])

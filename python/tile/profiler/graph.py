"""CUDA graphs of functions, captured by torch."""

from __future__ import annotations

import importlib.util
from typing import Any, Callable

__all__ = ["capture"]


def capture(
    func: Callable[[], Any], on_cuda: bool = True, device: int = 0
) -> Callable[[], Any]:
    """A function that replays the work which one call of `func` puts on the GPU.

    Raises RuntimeError on the CPU and without torch.
    """
    if not on_cuda:
        raise RuntimeError("a CUDA graph needs a GPU, found the device 'cpu'")
    if importlib.util.find_spec("torch") is None:
        raise RuntimeError(
            "a CUDA graph is captured by torch, which is not installed here"
        )
    import torch

    graph = torch.cuda.CUDAGraph()
    stream = torch.cuda.Stream(device)
    stream.wait_stream(torch.cuda.current_stream(device))
    with torch.cuda.device(device), torch.cuda.stream(stream):
        func()  # what is compiled and allocated at first is not part of the graph
        stream.synchronize()
        with torch.cuda.graph(graph, stream=stream):
            func()
    torch.cuda.current_stream(device).wait_stream(stream)

    def replay() -> None:
        graph.replay()

    return replay

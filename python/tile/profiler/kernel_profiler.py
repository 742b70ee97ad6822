"""`kernel.get_profiler()`: checks and times of one kernel."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import numpy as np

from tile.jit.kernel import JITKernel
from tile.profiler.bench import do_bench
from tile.profiler.compare import MismatchError, as_list, compare, outputs_of, pair_up
from tile.profiler.inputs import TensorSupplyType, copy_of, make_inputs
from tile.profiler.profile import find_device, profile
from tile.profiler.report import Profile

__all__ = ["Profiler"]


class Profiler:
    """Runs a kernel on made-up or given arguments.

    Args:
        kernel: The kernel.
        supply_type: What made-up tensors are filled with.
        symbols: The values of dynamic sizes and of scalars, by name.
    """

    def __init__(
        self,
        kernel: JITKernel,
        supply_type: TensorSupplyType = TensorSupplyType.Auto,
        symbols: Mapping[str, int] | None = None,
    ) -> None:
        self.kernel = kernel
        self.supply_type = supply_type
        self.symbols = dict(symbols or {})

    def make_inputs(self, seed: int | None = None) -> list[Any]:
        """Arguments for a call, where the kernel's target is.

        Raises ValueError for a size or a scalar that nothing says.
        """
        device = find_device(self.kernel, ())
        return make_inputs(self.kernel, self.supply_type, self.symbols, device, seed)

    def _inputs(self, given: Sequence[Any] | None) -> list[Any]:
        return self.make_inputs() if given is None else list(given)

    def do_bench(
        self,
        func: Callable[..., Any] | None = None,
        warmup: float = 25,
        rep: float = 100,
        n_warmup: int = 0,
        n_repeat: int = 0,
        input_tensors: Sequence[Any] | None = None,
        dynamic_symbolic_constraints: Mapping[str, int] | None = None,
        **options: Any,
    ) -> Any:
        """How long the kernel takes, in milliseconds; see `tile.profiler.do_bench`.

        Args:
            func: Another function that takes the same arguments, such as a reference.
            warmup, rep: Milliseconds before and while times are taken.
            n_warmup, n_repeat: How many runs instead.
            input_tensors: The arguments; by default made-up ones.
            dynamic_symbolic_constraints: The values of dynamic sizes, by name.
            **options: Those of `tile.profiler.do_bench`.
        """
        if dynamic_symbolic_constraints:
            symbols = {**self.symbols, **dynamic_symbolic_constraints}
            other = Profiler(self.kernel, self.supply_type, symbols)
            return other.do_bench(
                func, warmup, rep, n_warmup, n_repeat, input_tensors, **options
            )
        inputs = self._inputs(input_tensors)
        call = func or self.kernel
        options.setdefault("device", find_device(self.kernel, inputs))
        return do_bench(
            lambda: call(*inputs), warmup, rep, n_warmup, n_repeat, **options
        )

    def profile(
        self, input_tensors: Sequence[Any] | None = None, **options: Any
    ) -> Profile:
        """The profile of a call; see `tile.profiler.profile`."""
        return profile(self.kernel, *self._inputs(input_tensors), **options)

    def assert_allclose(
        self,
        reference: Callable[..., Any],
        input_tensors: Sequence[Any] | None = None,
        atol: float = 1e-2,
        rtol: float = 1e-2,
        max_mismatched_ratio: float = 0.0,
    ) -> None:
        """Checks the kernel against a function on the same arguments.

        What the kernel returns and what it writes into its arguments are compared. A
        reference may return what the kernel writes.

        Args:
            reference: The function; it gets copies of the arguments.
            input_tensors: The arguments; by default made-up ones.
            atol, rtol: How far a number may be off: atol + rtol * |expected|.
            max_mismatched_ratio: The part of the elements (0 to 1) that may be
                further off.

        Raises:
            MismatchError: An `AssertionError` that names the first element.
            ValueError: Another number of results.
        """
        inputs = self._inputs(input_tensors)
        expected = outputs_of(self.kernel, reference, inputs)
        found = outputs_of(self.kernel, self.kernel, inputs)
        for name, got, want, element in pair_up(self.kernel, found, expected):
            compare(name, got, want, rtol, atol, max_mismatched_ratio, element)

    def manual_assert_close(
        self,
        reference: Callable[..., Any],
        input_tensors: Sequence[Any] | None = None,
        manual_check_prog: Callable[[list[Any], list[Any]], None] | None = None,
    ) -> None:
        """Calls ``manual_check_prog(results, expected)``, which raises an error for
        results that are wrong.

        Raises ValueError without such a function.
        """
        if manual_check_prog is None:
            raise ValueError("expected a manual_check_prog, got None")
        inputs = self._inputs(input_tensors)
        expected = as_list(reference(*[copy_of(v) for v in inputs]))
        found = as_list(self.kernel(*[copy_of(v) for v in inputs]))
        manual_check_prog(found, expected)

    def assert_consistent(
        self, repeat: int = 10, input_tensors: Sequence[Any] | None = None
    ) -> None:
        """Checks that each run gives the same bits, which a race would break.

        Raises:
            MismatchError: An `AssertionError` that names the run.
        """
        inputs = self._inputs(input_tensors)
        first = self._run(inputs)
        for run in range(1, repeat):
            for number, (a, b) in enumerate(zip(first, self._run(inputs))):
                if _bits(a) != _bits(b):
                    raise MismatchError(
                        f"result {number} of run {run} is another than of run 0"
                    )

    def _run(self, inputs: Sequence[Any]) -> list[Any]:
        results, written = outputs_of(self.kernel, self.kernel, inputs)
        return [*results, *written]

    def run_once(self) -> Any:
        """Runs the kernel once on made-up arguments, and gives the results."""
        return self.kernel(*self.make_inputs())


def _bits(value: Any) -> bytes:
    """The contents of a tensor."""
    if hasattr(value, "detach"):
        import torch

        value = value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy()
    elif hasattr(value, "get") and hasattr(value, "device"):
        value = value.get()
    return np.ascontiguousarray(value).tobytes()

"""`tile.autotune`, the decorator."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from tile.jit.impl import JITImpl
from tile.jit.target import device_count
from tile.profiler.inputs import TensorSupplyType
from tile.tune.checks import check_functions, check_names, check_numbers
from tile.tune.configs import AnyConfigs, expand
from tile.tune.function import AutotunedFunction, TuneOptions
from tile.tune.trial import ManualCheck, Settings
from tile.tune.tuner import Executor

__all__ = ["autotune"]


def _list_devices(devices: str | Sequence[str] | None) -> Sequence[str] | None:
    if devices == "all":
        return [f"cuda:{n}" for n in range(device_count())] or ["cpu"]
    found = [devices] if isinstance(devices, str) else devices
    for device in found or ():
        kind, _, number = str(device).partition(":")
        if kind not in ("cpu", "cuda") or (number and not number.isdigit()):
            raise ValueError(
                f"expected devices such as 'cpu' and 'cuda:0', got {device!r}"
            )
    return found


def autotune(
    func: Any = None,
    *,
    configs: AnyConfigs | None = None,
    warmup: float = 25,
    rep: float = 100,
    timeout: float = 100,
    supply_type: TensorSupplyType = TensorSupplyType.Auto,
    ref_prog: Callable[..., Any] | None = None,
    supply_prog: Callable[..., Sequence[Any]] | None = None,
    rtol: float = 1e-2,
    atol: float = 1e-2,
    max_mismatched_ratio: float = 0.0,
    skip_check: bool = False,
    manual_check_prog: ManualCheck | None = None,
    cache_input_tensors: bool = True,
    do_not_specialize: Sequence[str] = (),
    early_stop: bool = True,
    early_stop_factor: float = 2.0,
    num_workers: int | None = None,
    devices: str | Sequence[str] | None = None,
    executor: Executor | None = None,
    num_executor_workers: int | None = None,
    progress: bool | None = None,
) -> Any:
    """Decorator above `tile.jit`: calls find and use the fastest configuration.

    All configurations are compiled in parallel. Each is checked against `ref_prog`,
    then timed; a wrong one is never taken. Results are kept in memory and, in the
    folder of `tile.cache`, on disk, by the source of the function, the values that
    it captures, the sizes of the arguments, the configurations, the device, its
    driver and the build of the compiler.

    Args:
        func: Nothing; it is here to say what is wrong with ``@autotune`` alone.
        configs: A list of dicts, a dict of lists for all combinations, or a function
            of the call's arguments that gives either. Keys are parameters of the
            function, or 'pass_configs'.
        warmup, rep: For about how many milliseconds each kernel runs before and while
            times are taken.
        timeout: How many seconds a configuration may take; with `devices` one that
            takes longer is ended, else its runs are made fewer.
        supply_type: What made-up tensors are filled with, where a call has none.
        ref_prog: A function of the kernel's arguments that returns, or writes, what
            the kernel should.
        supply_prog: A function of the list of parameters that gives the arguments.
        rtol, atol: How far a number may be off: atol + rtol * |expected|.
        max_mismatched_ratio: The part of the elements (0 to 1) that may be further
            off.
        skip_check: Compare nothing, though there is a `ref_prog`.
        manual_check_prog: ``f(results, expected)``, which raises AssertionError for
            results that are wrong, instead of comparing.
        cache_input_tensors: Whether configurations share made-up tensors.
        do_not_specialize: Parameters whose sizes or values make no other tuning.
        early_stop: Whether configurations are given up that are slower than the best
            by `early_stop_factor`.
        num_workers: How many kernels are compiled at once; by default one for each
            core.
        devices: Tune in processes of their own, one for each of these: names such as
            'cuda:0', 'cpu', or 'all' for each GPU. A kernel that crashes or hangs
            then costs only its configuration.
        executor: Tune by this executor of `concurrent.futures` or one like it, such
            as dask's ``Client.get_executor()``, over machines.
        num_executor_workers: How many workers it has.
        progress: Whether to show a bar with the best so far; None for on a terminal.

    Raises:
        ValueError: No configs, keys that are no parameters, unknown devices, devices
            and an executor, numbers out of range, names that are no parameters.
        TypeError: Configs or other options of another form.
        AssertionError: A function that is not one of `tile.jit`.
    """
    if func is not None or configs is None:
        raise ValueError("autotune needs configs: write @tile.autotune(configs=...)")
    if executor is not None and devices is not None:
        raise ValueError("expected devices or an executor, got both")
    numbers = {"warmup": warmup, "rep": rep, "timeout": timeout}
    check_numbers(
        {**numbers, "rtol": rtol, "atol": atol},
        max_mismatched_ratio,
        early_stop_factor,
        num_workers,
        num_executor_workers,
    )
    functions = {"ref_prog": ref_prog, "supply_prog": supply_prog}
    functions["manual_check_prog"] = manual_check_prog
    check_functions(functions, supply_type, executor)
    if not callable(configs):
        expand(configs)
    options = TuneOptions(
        Settings(
            warmup,
            rep,
            timeout,
            rtol,
            atol,
            max_mismatched_ratio,
            early_stop_factor if early_stop else None,
            manual_check_prog,
        ),
        supply_type,
        ref_prog,
        supply_prog,
        skip_check,
        cache_input_tensors,
        do_not_specialize,
        num_workers,
        _list_devices(devices),
        executor,
        num_executor_workers,
        progress,
    )

    def decorate(impl: Any) -> AutotunedFunction:
        if not isinstance(impl, JITImpl):
            raise AssertionError(
                f"@tile.autotune stands above @tile.jit; found {impl!r} below it"
            )
        signature = impl.func.signature
        check_names(impl.__name__, signature, options.do_not_specialize)
        return AutotunedFunction(impl, configs, options)

    return decorate

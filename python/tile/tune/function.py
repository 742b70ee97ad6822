"""Functions that find their fastest configuration."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Callable, Mapping, NamedTuple, Sequence

from tile import _core
from tile.annotations.placeholder import Placeholder
from tile.annotations.value import freeze
from tile.cache import compiler_id
from tile.jit.captured import captured
from tile.jit.impl import JITImpl
from tile.jit.kernel import JITKernel
from tile.jit.target import device_count
from tile.jit.tensors import describe
from tile.profiler.inputs import TensorSupplyType
from tile.tune import store
from tile.tune.cases import CaseMaker, fixed_inputs
from tile.tune.configs import (
    AnyConfigs,
    Config,
    check_configs,
    expand,
    given_names,
    split_pass_configs,
)
from tile.tune.result import TuneResult
from tile.tune.trial import ManualCheck, Settings
from tile.tune.tuner import Executor, Tuner
from tile.tune.workers import DeviceExecutor

__all__ = ["AutotunedFunction", "TuneOptions"]


@dataclass(frozen=True)
class TuneOptions:
    """What `autotune` was told, beside the configurations."""

    settings: Settings = Settings()
    supply_type: TensorSupplyType = TensorSupplyType.Auto
    ref_prog: Callable[..., Any] | None = None
    supply_prog: Callable[..., Sequence[Any]] | None = None
    skip_check: bool = False
    cache_input_tensors: bool = True
    do_not_specialize: Sequence[str] = ()
    num_workers: int | None = None
    devices: Sequence[str] | None = None
    executor: Executor | None = None
    width: int | None = None
    progress: bool | None = None

    @property
    def is_checked(self) -> bool:
        """Whether results are compared with anything."""
        has_check = self.ref_prog is not None or self.settings.manual_check is not None
        return has_check and not self.skip_check


class _Found(NamedTuple):
    """A result, and what calls the best configuration."""

    result: TuneResult
    impl: JITImpl
    values: dict[str, Any]


class AutotunedFunction:
    """What `autotune` makes of a function of `tile.jit`.

    The first call with arguments of given sizes tunes; others use what was found. A
    call that gives one of the tuned parameters itself is a call of the function as
    it is.

    Attributes:
        jit_impl: The function without tuning.
    """

    def __init__(
        self, impl: JITImpl, configs: AnyConfigs, options: TuneOptions
    ) -> None:
        self.jit_impl = impl
        self.configs = configs
        self.options = options
        self.__name__ = impl.__name__
        self.__doc__ = impl.__doc__
        self.__module__ = impl.__module__
        self.__wrapped__ = impl.__wrapped__
        self._configs: list[Config] | None = None
        if not callable(configs):
            self._configs = expand(configs)
            check_configs(self.__name__, impl.func.signature, self._configs)
        self._names = list(impl.func.signature.parameters)
        self._found: dict[Any, _Found] = {}
        # The same by the arguments as they are written, for calls.
        self._recent: dict[Any, _Found] = {}
        self._kernels: dict[tuple[int, JITKernel], JITKernel] = {}
        self._last: TuneResult | None = None
        self._lock = threading.RLock()

    # Calls ----------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Eager: runs the best kernel and returns its results. Lazy: gives it.

        Raises:
            RuntimeError: No configuration works.
            ValueError: Configurations that do not fit the function.
            What the function raises.
        """
        if self.jit_impl.mode == "lazy":
            return self.compile(*args, **kwargs)
        key = self._get_call_key(args, kwargs)
        found = self._recent.get(key)
        if found is None:
            configs = self._get_configs(args, kwargs)
            if configs is None:
                return self.jit_impl(*args, **kwargs)
            found = self._tune(args, kwargs, configs, is_call=True)
            self._recent[key] = found
        self._last = found.result
        return found.impl(*args, **kwargs, **found.values)

    def compile(self, *args: Any, **kwargs: Any) -> JITKernel:
        """The best kernel for these arguments, with its ``latency`` and that of the
        reference, ``ref_latency``, in milliseconds, and its ``config``.

        Raises what a call raises.
        """
        configs = self._get_configs(args, kwargs)
        if configs is None:
            return self.jit_impl.compile(*args, **kwargs)
        is_call = self.jit_impl.mode == "eager" and self._has_tensors(args, kwargs)
        result, impl, values = self._tune(args, kwargs, configs, is_call)
        if is_call:
            kernel, _ = impl.resolve(*args, **kwargs, **values)
        else:
            kernel = impl.compile(*args, **kwargs, **values)
        with self._lock:
            place = (id(result), kernel)  # the kernel that is made keeps the result
            if place not in self._kernels:
                self._kernels[place] = kernel.with_result(result)
            return self._kernels[place]

    def tune(self, *args: Any, **kwargs: Any) -> TuneResult:
        """Tunes for these arguments, if that was not done, and gives the result.

        Raises what a call raises, and ValueError for a call that gives one of the
        tuned parameters itself.
        """
        configs = self._get_configs(args, kwargs)
        if configs is None:
            raise ValueError(
                f"{self.__name__} is not tuned where a call gives what its configs give"
            )
        is_call = self.jit_impl.mode == "eager" and self._has_tensors(args, kwargs)
        return self._tune(args, kwargs, configs, is_call).result

    def resolve(self, *args: Any, **kwargs: Any) -> tuple[JITKernel, tuple[Any, ...]]:
        """The best kernel for a call, and what the call passes to it.

        Raises what a call raises, and TypeError for a function in the lazy style.
        """
        configs = self._get_configs(args, kwargs)
        if configs is None or self.jit_impl.mode == "lazy":
            return self.jit_impl.resolve(*args, **kwargs)
        _, impl, values = self._tune(args, kwargs, configs, is_call=True)
        return impl.resolve(*args, **kwargs, **values)

    def get_tuner_result(self) -> TuneResult:
        """The result of the last tuning. Raises ValueError when there was none."""
        if self._last is None:
            raise ValueError(f"{self.__name__} was not tuned yet")
        return self._last

    def __getattr__(self, name: str) -> Any:
        return getattr(self.jit_impl, name)

    def __repr__(self) -> str:
        return f"<tile.autotune of {self.jit_impl!r}>"

    # Tuning ---------------------------------------------------------------

    def _has_tensors(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        values = (*args, *kwargs.values())
        return any(
            not isinstance(value, Placeholder) and describe(value) is not None
            for value in values
        )

    def _get_configs(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> list[Config] | None:
        """The configurations for a call; None if it gives one of their keys."""
        signature = self.jit_impl.func.signature
        configs = self._configs
        if configs is None:
            configs = expand(self.configs, args, kwargs)
            check_configs(self.__name__, signature, configs)
        try:
            given = given_names(signature, args, kwargs)
        except TypeError as error:
            if "unexpected keyword" not in str(error):
                raise TypeError(f"{self.__name__}() {error}") from None
            given = set(kwargs)  # T.const may have names of its own
        if any(key in given for config in configs for key in config):
            return None
        return configs

    def _describe(self, name: str, value: Any) -> Any:
        """What of an argument makes another tuning."""
        if isinstance(value, Placeholder):
            return repr(value)
        found: Any = _core.describe_tensor(value)
        if found is None:
            return None if name in self.options.do_not_specialize else freeze(value)
        _, element, shape, strides, device = found
        if name in self.options.do_not_specialize:
            return element, len(shape)
        return element, shape, strides, device

    def _get_call_key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What two calls share that surely have the same result. Without names and
        defaults, it is cheaper than `_get_key`."""
        # Surplus arguments are found by what comes next.
        names = self._names if len(self._names) >= len(args) else [""] * len(args)
        fixed = fixed_inputs()
        return (
            tuple(map(self._describe, names, args)),
            tuple((k, self._describe(k, v)) for k, v in kwargs.items()),
            fixed and tuple(self._describe("", value) for value in fixed),
            captured(self.__wrapped__),
        )

    def _get_key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        signature = self.jit_impl.func.signature
        known = {k: v for k, v in kwargs.items() if k in signature.parameters}
        bound = signature.bind_partial(*args, **known)
        bound.apply_defaults()
        values = {**kwargs, **bound.arguments}
        parts = [(n, self._describe(n, v)) for n, v in sorted(values.items())]
        fixed = [self._describe("", value) for value in fixed_inputs() or ()]
        return tuple(parts), tuple(fixed)

    def _make_tuner(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        configs: Sequence[Config],
        is_call: bool,
    ) -> Tuner:
        options = self.options
        maker = CaseMaker(
            fixed_inputs(),
            options.supply_prog,
            options.supply_type,
            options.ref_prog,
            options.is_checked,
            options.cache_input_tensors,
            self._find_device(args, kwargs) if is_call else self._find_device(),
        )
        return Tuner(
            self.jit_impl,
            args,
            kwargs,
            is_call,
            configs,
            maker,
            options.settings,
            options.num_workers,
            options.progress,
        )

    def _find_device(
        self, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] = {}
    ) -> str:
        """Where kernels are tuned: where they are told to, or where tensors are."""
        target = self.jit_impl.options.target
        if self.options.devices:
            return self.options.devices[0]
        for value in (*args, *kwargs.values()):
            info = describe(value)
            if info is not None and info.on_cuda:
                return info.place
        on_cuda = target.kind == "cuda" or (
            target.kind == "auto" and device_count() > 0
        )
        return "cuda:0" if on_cuda and device_count() else "cpu"

    def _tune(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        configs: Sequence[Config],
        is_call: bool,
    ) -> _Found:
        key = self._get_key(args, kwargs)
        frozen = tuple(freeze(config) for config in configs)
        with self._lock:
            place = (key, frozen, captured(self.jit_impl.__wrapped__))
            if place not in self._found:
                self._check_call(args, kwargs, configs[0], is_call)
                tuner = self._make_tuner(args, kwargs, configs, is_call)
                result = self._look_up(tuner, key)
                values, passes = split_pass_configs(result.config)
                impl = self.jit_impl
                if passes:
                    impl = impl.with_pass_configs(passes)
                self._found[place] = _Found(result, impl, values)
            self._last = self._found[place].result
            return self._found[place]

    def _check_call(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        config: Config,
        is_call: bool,
    ) -> None:
        """Raises the TypeError of the function itself for arguments that are missing
        or unknown, which no configuration mends."""
        impl = self.jit_impl
        if impl.mode == "eager" and not is_call:
            return  # what a compilation leaves out is found another way
        values = {**kwargs, **split_pass_configs(config)[0]}
        try:
            impl.func.signature.bind(*args, **values)
        except TypeError as error:
            if impl.mode == "eager":
                impl.func.bind(args, values)
            else:
                raise TypeError(f"{self.__name__}() {error}") from None

    def _look_up(self, tuner: Tuner, key: Any) -> TuneResult:
        """The result, from disk or by tuning."""
        options, impl = self.options, self.jit_impl
        device = store.describe_device(tuner.maker.device)
        settings = replace(options.settings, manual_check=None)
        file = store.find_place(
            device,
            impl.__wrapped__,
            list(tuner.configs),
            key,
            str(impl.options.target),
            dict(impl.options.pass_configs),
            repr(impl.options.out_idx),
            repr(settings),
            options.is_checked,
            options.supply_type,
            options.supply_prog,
            options.ref_prog,
            options.settings.manual_check,
        )
        stored = store.load(file, tuner.configs) if file is not None else None
        if stored is not None:
            return stored
        trials = self._run(tuner)
        result = TuneResult(self.__name__, trials, device, compiler_id())
        result.best  # raises where nothing works: that is not stored
        result = replace(result, ref_latency_ms=tuner.time_reference())
        if file is not None:
            store.save(file, result)
        return result

    def _run(self, tuner: Tuner) -> list[Any]:
        executor, devices = self.options.executor, self.options.devices
        if executor is None and not devices:
            return tuner.run_here()
        with ExitStack() as stack:
            if executor is None:
                assert devices
                executor = stack.enter_context(DeviceExecutor(devices))
                return tuner.run_on(executor, len(devices))
            width = self.options.width or getattr(executor, "_max_workers", None) or 1
            return tuner.run_on(executor, max(1, width))

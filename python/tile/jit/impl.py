"""`tile.jit`: functions that compile themselves when they are called."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Mapping, Sequence

from tile import _core
from tile.annotations.function import FuncAnnot, check_kind
from tile.annotations.value import freeze
from tile.cache.kernels import KernelSlot
from tile.jit.binding import BoundCall, KernelFunction
from tile.jit.captured import captured
from tile.jit.enclosing import caller_names
from tile.jit.fast import CallPlan, find_guards
from tile.jit.kernel import JITKernel
from tile.jit.options import CompileOptions, OutIdx, normalize_out_idx
from tile.jit.parallel import Results, run_all
from tile.jit.prim_func import PrimFunc
from tile.jit.source import read_source
from tile.jit.trace import trace
from tile.language.buffer import BufferValue, Region

__all__ = ["JITImpl", "compile", "jit", "lazy_jit", "par_compile"]


#: Functions with more kinds of calls gain nothing from what is remembered.
_MAX_PLANS = 64

_logger = logging.getLogger("tile")


def _build(
    make: Callable[[], PrimFunc],
    options: CompileOptions,
    slot: KernelSlot | None,
    on_cuda: bool | None = None,
    device: int = 0,
    is_current: Callable[[], bool] = lambda: True,
) -> JITKernel:
    """The kernel of what `make` traces, or the one that is stored in its slot.

    Nothing is stored if `is_current` says, after the trace, that the slot may be of
    other values than those that were traced.
    """
    start = time.perf_counter()
    target = options.target.resolve(on_cuda, device)
    executable = slot.load(target) if slot is not None else None
    stored = slot.function if slot is not None and executable is not None else None
    function = stored or make()
    if stored is None and not is_current():
        slot = None
    kernel = JITKernel(
        function,
        normalize_out_idx(function, options.out_idx),
        options.target,
        options.pass_configs,
        on_cuda,
        device,
        slot,
        executable,
    )
    if options.verbose:
        seconds = time.perf_counter() - start
        what = "loaded" if executable is not None else "compiled"
        _logger.info("%s %r in %.3f s", what, kernel, seconds)
    if options.debug_root_path is not None:
        kernel.export_all(options.debug_root_path)
    return kernel


class JITImpl(_core.Launcher):
    """What `tile.jit` makes of a function.

    In the lazy style the function builds and returns a `T.prim_func`, and a call
    gives a `JITKernel`. In the eager style the function is the kernel itself, and
    a call compiles it if there is no kernel for these arguments yet, and runs it.
    ``mode`` says which, 'lazy' or 'eager'; it is decided by the source alone.
    """

    def __init__(
        self,
        function: Callable[..., Any] | PrimFunc,
        options: CompileOptions,
        around: dict[str, Any] | None = None,
        mode: str | None = None,
    ) -> None:
        super().__init__()
        self.options = options
        self.prim_func = function if isinstance(function, PrimFunc) else None
        original = function.function if isinstance(function, PrimFunc) else function
        if not hasattr(original, "__name__"):
            raise TypeError(f"tile.jit expects a function, got {original!r}")
        self.__name__ = original.__name__
        self.__doc__ = original.__doc__
        self.__module__ = original.__module__
        self.__wrapped__ = original
        facts = read_source(original)
        self.func = KernelFunction(original, facts, around)
        self.mode = mode or self._find_mode()
        self._check_kinds()
        if self.mode == "eager" and options.out_idx is not None:
            raise ValueError(
                "out_idx is only supported in lazy mode. In eager mode, use T.empty() "
                f"to declare the results of {self.__name__}"
            )
        self._kernels: dict[Any, JITKernel] = {}
        self._functions: dict[Any, PrimFunc] = {}
        self._locks: dict[Any, threading.Lock] = {}
        self._lock = threading.Lock()
        #: What the function captured in the calls that are remembered.
        self._captured: Any = None
        self._can_remember = False

    def _find_mode(self) -> str:
        """The style. A function without a kernel of its own that takes no tensors and
        returns something is a factory too."""
        facts = self.func.facts
        is_factory = facts.has_prim_func or self.func.takes_any
        if self.prim_func is not None or is_factory:
            return "lazy"
        if facts.uses_kernel or facts.body_annotated or not facts.returns_value:
            return "eager"
        takes_tensors = any(a.is_kernel_arg() for a in self.annot.annots.values())
        return "eager" if takes_tensors else "lazy"

    def _check_kinds(self) -> None:
        """Raises TypeError for *args and **kwargs, unless this is a factory."""
        facts = self.func.facts
        is_kernel = facts.uses_kernel or facts.body_annotated
        if self.mode == "eager" or (is_kernel and not facts.has_prim_func):
            for parameter in self.func.signature.parameters.values():
                check_kind(self.__name__, parameter)

    @property
    def annot(self) -> FuncAnnot:
        """What each parameter is."""
        return self.func.annot

    # Calls ----------------------------------------------------------------

    def _call(self, *args: Any, **kwargs: Any) -> Any:
        """Eager: runs the kernel and returns its results. Lazy: gives the kernel.

        This is what a call does unless one like it was made before.

        Raises:
            TypeError: Arguments that do not fit the parameters.
            ValueError: A rank, a fixed size or a device other than declared.
            RuntimeError: A check of the host code failed.
            DiagnosticError: The compiler refused the kernel.
        """
        if self.mode == "lazy":
            return self.compile(*args, **kwargs)
        try:
            call = self.func.bind(args, kwargs)
        except TypeError:
            values = (*args, *kwargs.values())
            if any(isinstance(value, (BufferValue, Region)) for value in values):
                raise TypeError(
                    f"{self.__name__} is a kernel of its own and cannot be called in "
                    "another one; write what they share as a T.macro"
                ) from None
            raise
        kernel = self._kernels.get(call.key) or self._get_kernel(call)
        return kernel.run(call.call.bound, call.parameters, self._plan(call))

    def _plan(self, call: BoundCall) -> CallPlan | None:
        """What remembers a call; None where what it captures may change in place."""
        with self._lock:
            if call.captured != self._captured or self._captured is None:
                guards = find_guards(self.func.orig_func)
                if not self._is_current(call.captured):
                    return None  # the guards are of other values
                self._captured = call.captured
                self._can_remember = guards is not None
                self.set_guards(guards or [])
            around = self._captured
        if not self._can_remember or len(self) >= _MAX_PLANS:
            return None
        store = partial(self._store_plan, around)
        return CallPlan(self, call.annot.signature, call.annot.optional, store)

    def _store_plan(self, around: Any, remember: Callable[[], None]) -> None:
        """Remembers a call, unless the guards have become those of other values."""
        with self._lock:
            if self._captured is around:
                remember()

    def _is_current(self, around: Any) -> bool:
        """Whether the function still captures what it did."""
        return bool(captured(self.func.orig_func) == around)

    def resolve(self, *args: Any, **kwargs: Any) -> tuple[JITKernel, tuple[Any, ...]]:
        """The kernel for a call, compiled if needed, and what the call passes to it.

        Raises:
            TypeError: A function in the lazy style, or arguments that do not fit.
            ValueError: What the kernel refuses about them.
        """
        call = self._bind(args, kwargs)
        kernel = self._kernels.get(call.key) or self._get_kernel(call)
        return kernel, _get_passed(call)

    def trace_call(self, *args: Any, **kwargs: Any) -> tuple[PrimFunc, tuple[Any, ...]]:
        """The function in IR for a call, and what the call passes to the kernel.

        Raises what `resolve` raises.
        """
        call = self._bind(args, kwargs)
        return self._get_function(call), _get_passed(call)

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> BoundCall:
        if self.mode == "lazy":
            raise TypeError(
                f"{self.__name__} makes kernels; call it for one, and pass that"
            )
        return self.func.bind(args, kwargs)

    def with_pass_configs(self, pass_configs: Mapping[Any, Any]) -> "JITImpl":
        """The same function, compiled with these options in addition.

        Raises ValueError for unknown ones.
        """
        merged = {**self.options.pass_configs, **pass_configs}
        checked = CompileOptions.make(pass_configs=merged).pass_configs
        options = replace(self.options, pass_configs=checked)
        other = JITImpl(self.prim_func or self.__wrapped__, options, None, self.mode)
        other.func = self.func  # with its annotations, which may be evaluated by now
        return other

    def _guard(self, key: Any) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def _get_kernel(self, call: BoundCall) -> JITKernel:
        with self._guard(call.key):
            if call.key in self._kernels:
                return self._kernels[call.key]
            on_cuda, device = _find_device(call)
            values = (self.func.orig_func, self.func.facts.text, *call.identity())
            is_current = partial(self._is_current, call.captured)
            kernel = _build(
                lambda: self._get_function(call),
                self.options,
                self._make_slot(values),
                on_cuda,
                device,
                is_current,
            )
            if is_current():
                self._kernels[call.key] = kernel
            return kernel

    def _make_slot(self, values: Sequence[Any]) -> KernelSlot | None:
        original = self.func.orig_func
        return KernelSlot.make(original, self.options.identity(), values)

    def _get_function(self, call: BoundCall) -> PrimFunc:
        found = self._functions.get(call.key)
        if found is None:
            constants = call.constants
            found = trace(
                self.func.orig_func,
                call.annot,
                call.call.arguments,
                dict(constants.values) if constants is not None else None,
            )
            if self._is_current(call.captured):
                self._functions[call.key] = found
        return found

    def _make_lazy(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> PrimFunc:
        if self.prim_func is not None:
            return self.prim_func
        made = self.func.orig_func(*args, **kwargs)
        if not isinstance(made, PrimFunc):
            raise TypeError(
                f"expected {self.__name__} to return a T.prim_func, got {made!r}"
            )
        return made

    def _lazy_key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.prim_func is not None:
            if args or kwargs:
                raise TypeError(
                    f"{self.__name__} is a prim_func, which is compiled without "
                    "arguments"
                )
            return ()
        around = captured(self.func.orig_func)
        if self.func.takes_any:
            return freeze((list(args), kwargs)), around
        return self.func.annot.bind(args, kwargs, allow_absent=True).key, around

    def compile(self, *args: Any, **kwargs: Any) -> JITKernel:
        """The kernel for these arguments, without running it.

        Tensors may be placeholders such as ``T.Tensor((64, 64), "float16")``, and
        may be left out where nothing about them is open. Keywords may give values
        of `T.const`.
        """
        if self.mode == "eager":
            call = self.func.bind_partial(args, kwargs)
            return self._kernels.get(call.key) or self._get_kernel(call)
        key = self._lazy_key(args, kwargs)
        with self._guard(key):
            if key in self._kernels:
                return self._kernels[key]

            def is_current() -> bool:
                return bool(self._lazy_key(args, kwargs) == key)

            kernel = _build(
                lambda: self._make_lazy(args, kwargs),
                self.options,
                self._lazy_slot(args, kwargs),
                is_current=is_current,
            )
            if is_current():
                self._kernels[key] = kernel
            return kernel

    def _lazy_slot(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> KernelSlot | None:
        if self.prim_func is not None:
            return self._make_slot([self.prim_func])
        if not self.func.takes_any:
            bound = self.func.annot.bind(args, kwargs, allow_absent=True)
            args, kwargs = (), bound.arguments
        return self._make_slot(
            [self.func.orig_func, self.func.facts.text, args, kwargs]
        )

    def get_tir(self, *args: Any, **kwargs: Any) -> PrimFunc:
        """The function in IR for these arguments, not compiled."""
        if self.mode == "eager":
            return self._get_function(self.func.bind_partial(args, kwargs))
        self._lazy_key(args, kwargs)  # checks them
        return self._make_lazy(args, kwargs)

    def get_kernel_source(
        self, *args: Any, kernel_only: bool = True, **kwargs: Any
    ) -> str:
        """The PTX of the kernel for these arguments."""
        return self.compile(*args, **kwargs).get_kernel_source(kernel_only)

    def par_compile(
        self,
        configs: Sequence[Mapping[str, Any] | tuple[Any, ...]],
        num_workers: int | None = None,
        ignore_error: bool = False,
        progress: bool | None = None,
    ) -> Results[JITKernel]:
        """Compiles for several sets of arguments at once, on threads.

        Args:
            configs: Dicts of keyword arguments, or tuples of positional ones.
            num_workers: How many threads; by default one for each core.
            ignore_error: Give None, with a warning, for a set that fails; its
                exception is in ``errors`` of the result, by position.
            progress: Whether to show a bar; None for on a terminal.

        Returns:
            The kernels in the order of the configs.

        Raises:
            ValueError: A config that is neither a dict nor a tuple.
            What compiling raised, if it is not ignored.
        """
        jobs: list[Callable[[], JITKernel]] = []
        for config in configs:
            if isinstance(config, Mapping):
                jobs.append(partial(self.compile, **config))
            elif isinstance(config, tuple):
                jobs.append(partial(self.compile, *config))
            else:
                raise ValueError(
                    f"Invalid config type: expected a dict or a tuple, got "
                    f"{type(config).__name__}"
                )
        return run_all(jobs, num_workers, ignore_error, progress)

    def __repr__(self) -> str:
        return f"<tile.jit {self.mode} function {self.__name__}>"


def _get_passed(call: BoundCall) -> tuple[Any, ...]:
    """The values of a call that are passed to the kernel at launch."""
    values = call.call.bound.values
    return tuple(values[i] for i in call.parameters)


def _find_device(call: BoundCall) -> tuple[bool | None, int]:
    """Where the first tensor of a call is; None for a call without tensors."""
    for parameter in call.parameters:
        found: Any = call.call.bound.tensor(parameter)
        if found is not None and found[0]:
            kind, index = found[4]
            return kind == 2, index
    return None, 0


def jit(func: Callable[..., Any] | PrimFunc | None = None, **options: Any) -> Any:
    """Decorator: makes a function compile itself, see `JITImpl`.

    Args:
        func: The function; left out when the decorator is written with arguments.
        options: ``out_idx`` (lazy only), ``target``, ``pass_configs`` and the others
            of `CompileOptions.make`.

    Raises:
        ValueError: ``out_idx`` for an eager function, unknown targets or configs.
        OSError: A function whose source is not to be had.
    """
    checked = CompileOptions.of("tile.jit", options)
    around = caller_names(1)
    if func is None:
        return lambda f: JITImpl(f, checked, around)
    return JITImpl(func, checked, around)


def lazy_jit(func: Callable[..., Any] | None = None, **options: Any) -> Any:
    """`jit` for functions that are kernels themselves; the older name of that."""
    checked = CompileOptions.of("tile.lazy_jit", options)
    around = caller_names(1)
    if func is None:
        return lambda f: JITImpl(f, checked, around, "eager")
    return JITImpl(func, checked, around, "eager")


def compile(func: PrimFunc, out_idx: OutIdx = None, **options: Any) -> JITKernel:
    """Compiles a `T.prim_func`.

    Args:
        func: The function.
        out_idx: The parameters that the call makes and returns.
        options: ``target``, ``pass_configs`` and the others of
            `CompileOptions.make`.

    Raises:
        TypeError: Something that is no prim_func.
        ValueError: An ``out_idx`` that does not fit, unknown targets or configs.
        DiagnosticError: The compiler refused the kernel.
    """
    if not isinstance(func, PrimFunc):
        raise TypeError(f"expected a T.prim_func, got {type(func).__name__}")
    checked = CompileOptions.of("tile.compile", {"out_idx": out_idx, **options})
    slot = KernelSlot.make(func.function, checked.identity(), [func])
    return _build(lambda: func, checked, slot)


def par_compile(
    funcs: Sequence[PrimFunc],
    out_idx: OutIdx = None,
    num_workers: int | None = None,
    ignore_error: bool = False,
    progress: bool | None = None,
    **options: Any,
) -> Results[JITKernel]:
    """Compiles several functions at once, on threads; the kernels in order.

    Args:
        funcs: The functions.
        out_idx: The parameters that the calls make and return.
        num_workers: How many threads; by default one for each core.
        ignore_error: Give None, with a warning, for a function that fails; its
            exception is in ``errors`` of the result, by position.
        progress: Whether to show a bar; None for on a terminal.
        **options: Those of `compile`.

    Raises:
        What `compile` raises, if it is not ignored.
    """
    jobs = [partial(compile, f, out_idx, **options) for f in funcs]
    return run_all(jobs, num_workers, ignore_error, progress)

"""`tile.torch.custom_op`: registers a kernel as an operator of torch."""

from __future__ import annotations

import atexit
import re
import weakref
from typing import Any, Callable, Sequence

import torch

from tile.jit.impl import JITImpl
from tile.jit.kernel import JITKernel
from tile.torch.gradient import Gradient, register_refusal
from tile.torch.operator import Operator
from tile.torch.source import make_source
from tile.tune.function import AutotunedFunction

__all__ = ["custom_op"]

_NAME = re.compile(r"[A-Za-z_]\w*::[A-Za-z_]\w*")

_libraries: list[Any] = []
"""What registered the operators; without it, they are gone."""

_operators: list[Operator | Gradient] = []
"""All operators and gradients. Torch lets go of nothing when the interpreter ends,
and kernels have to end before, so that it gets weak references."""

atexit.register(_operators.clear)


def custom_op(
    name: str,
    kernel: Any = None,
    *,
    mutates_args: Sequence[str] | None = None,
    results: Sequence[str] | None = None,
    fake: Callable[..., Any] | None = None,
    backward: Any = None,
    setup_context: Callable[..., Any] | None = None,
) -> Any:
    """Registers a kernel as an operator of torch, and returns the operator.

    The operator takes what the kernel takes: tensors, numbers, and compile-time
    values that are an int, a float, a bool, a str or an element type. Other
    compile-time values keep their default. It returns what the kernel returns, on
    the CPU and on CUDA, several results as a tuple. ``torch.compile`` and
    ``torch.export`` see one operation; they learn the shapes of its results from
    the kernel's own formulas, also where sizes are symbolic. Sizes that the kernel
    is compiled for make torch compile anew.

    Also a decorator: ``@tile.torch.custom_op("mylib::add")`` above ``@tile.jit``.

    Args:
        name: ``namespace::name``, which no operator has yet.
        kernel: A function of `tile.jit`, also with `tile.autotune` above it, or a
            `JITKernel`. The operator has no parameters that are tuned.
        mutates_args: The tensors that the kernel writes besides its results. It is
            known by itself unless the kernel depends on what a call passes.
        results: The names of the tensors that the kernel returns, if its return
            statement does not say them.
        fake: Gives the results without data for tensors without data, in place of
            the kernel's own formulas.
        backward: A kernel that computes the gradient. Its parameters are named
            after parameters and results of `kernel`, which it is then given, and
            ``grad_C`` is the gradient of the result C; its own results are named
            ``grad_A`` for the gradient of parameter A. It is registered as
            ``name_backward``. Or a function as ``torch.library.register_autograd``
            takes it.
        setup_context: With such a function, what saves tensors for it.

    Returns:
        The operator, a ``torch._ops.OpOverload``.

    Raises:
        TypeError: No kernel, one without tensors, a parameter that torch has no
            type for.
        ValueError: A name that is none, and kernels whose names do not fit.
        RuntimeError: An operator of the name exists; a kernel that writes or
            returns something else than the arguments say.
    """
    if kernel is None:
        return lambda function: custom_op(
            name,
            function,
            mutates_args=mutates_args,
            results=results,
            fake=fake,
            backward=backward,
            setup_context=setup_context,
        )
    is_kernel = isinstance(backward, (JITImpl, JITKernel, AutotunedFunction))
    is_function = backward is not None and not is_kernel
    if is_function and not callable(backward):
        raise TypeError(
            "expected a kernel or a function as backward, got "
            f"{type(backward).__name__}"
        )
    if setup_context is not None and not is_function:
        raise ValueError(
            "expected setup_context with a function as backward; a kernel is given "
            "what its parameters name"
        )
    forward = _make(name, kernel, mutates_args, results)
    gradient = None
    if is_kernel:
        gradient = Gradient(forward, _make_backward(f"{name}_backward", backward))
    library = _register(forward, fake)
    if is_function:
        torch.library.register_autograd(
            name, backward, setup_context=setup_context, lib=library
        )
    elif gradient is not None:
        operator = gradient.backward
        register_refusal(operator, _register(operator, None))
        _operators.append(gradient)
        gradient.register(_find(operator.name), library)
    else:
        register_refusal(forward, library)
    return _find(name)


def _make(
    name: str,
    kernel: Any,
    mutates_args: Sequence[str] | None,
    results: Sequence[str] | None,
) -> Operator:
    if not _NAME.fullmatch(name):
        raise ValueError(f"expected a name like 'mylib::add', got {name!r}")
    return Operator(name, make_source(kernel), mutates_args, results)


def _make_backward(name: str, kernel: Any) -> Operator:
    # A gradient writes no arguments; if nothing is known yet, calls check that.
    source = make_source(kernel)
    return Operator(name, source, () if source.known is None else None)


def _register(operator: Operator, fake: Callable[..., Any] | None) -> Any:
    """Registers what an operator does; what registered it."""
    namespace, name = operator.name.split("::")
    library = torch.library.Library(namespace, "FRAGMENT")
    library.define(name + operator.schema, tags=_get_tags())
    _operators.append(operator)
    _libraries.append(library)
    weak = weakref.proxy(operator)

    def run(*args: Any, **kwargs: Any) -> Any:
        return weak.run(*args, **kwargs)

    def infer(*args: Any, **kwargs: Any) -> Any:
        return weak.fake(*args, **kwargs)

    for key in ("CPU", "CUDA"):
        library.impl(name, run, key)
    torch.library.register_fake(operator.name, fake or infer, lib=library)
    return library


def _get_tags() -> list[Any]:
    """Tags that let torch compile the operator, and keep the strides of tensors."""
    tag = torch.Tag
    strides = getattr(tag, "needs_exact_strides", tag.needs_fixed_stride_order)
    return [tag.pt2_compliant_tag, strides]


def _find(name: str) -> Any:
    namespace, name = name.split("::")
    return getattr(getattr(torch.ops, namespace), name).default

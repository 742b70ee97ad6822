"""The gradient of an operator, computed by another kernel.

The names of the parameters and the results of that kernel say what they are.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Sequence

import torch

from tile.torch.operator import Operator

__all__ = ["Gradient", "register_refusal"]

_PREFIX = "grad_"


@dataclass(frozen=True)
class _Given:
    """What a parameter of the gradient's kernel is: an 'argument' or a 'result' of
    the operator, or the 'gradient' of a result. ``index`` says which."""

    kind: str
    index: int


class Gradient:
    """The gradient of an operator.

    Attributes:
        forward: The operator.
        backward: What computes the gradient, an operator as well.
    """

    def __init__(self, forward: Operator, backward: Operator) -> None:
        """Finds out what `backward` is given, and what it computes.

        Raises ValueError for a name that is nothing of `forward`, and where one of
        both writes its arguments.
        """
        self.forward = forward
        self.backward = backward
        _check_functional(forward, "with a gradient")
        _check_functional(backward, "as a gradient")
        self._given = [self._match(p.name) for p in backward.parameters]
        self._results = self._match_results()

    def _match(self, name: str) -> _Given:
        names = [p.name for p in self.forward.parameters]
        results = self.forward.results
        if name in names:
            return _Given("argument", names.index(name))
        if name in results:
            return _Given("result", results.index(name))
        gradients = [_PREFIX + result for result in results]
        if name in gradients:
            return _Given("gradient", gradients.index(name))
        raise ValueError(
            f"{self.backward.source.name}() argument '{name}': expected one of "
            f"{', '.join([*names, *results, *gradients])}, which the gradient of "
            f"{self.forward.name} is given"
        )

    def _match_results(self) -> dict[int, int]:
        """Which result is the gradient of each parameter, by positions."""
        parameters = enumerate(self.forward.parameters)
        tensors = {_PREFIX + p.name: i for i, p in parameters if p.is_tensor}
        for name in self.backward.results:
            if name not in tensors:
                raise ValueError(
                    f"{self.backward.source.name}: expected results named "
                    f"{', '.join(tensors)}, found `{name}`"
                )
        return {tensors[name]: i for i, name in enumerate(self.backward.results)}

    def register(self, call: Callable[..., Any], library: Any) -> None:
        """Registers the gradient.

        Args:
            call: The operator of torch that is `backward`.
            library: What registered `forward`.
        """

        # Torch keeps these functions when the interpreter ends.
        weak = weakref.proxy(self)

        def save(ctx: Any, **options: Any) -> None:
            weak.save(ctx, **options)

        def run(ctx: Any, *gradients: Any) -> Any:
            made = _as_list(call(*weak.get_arguments(ctx, gradients)))
            return weak.pick(ctx.needs_input_grad, made)

        torch.library.register_autograd(
            self.forward.name, run, setup_context=save, lib=library
        )

    def pick(self, needed: Sequence[bool], made: Sequence[Any]) -> Any:
        """The gradients that are needed, in the order of the arguments."""
        found = [
            made[self._results[index]] if is_needed else None
            for index, is_needed in enumerate(needed)
        ]
        return tuple(found) if len(found) > 1 else found[0]

    def save(
        self,
        ctx: Any,
        inputs: Sequence[Any],
        output: Any,
        keyword_only_inputs: Mapping[str, Any] | None = None,
    ) -> None:
        """Keeps what the gradient is given."""
        values = self.forward.bind(inputs, dict(keyword_only_inputs or {}))
        arguments = [values[p.name] for p in self.forward.parameters]
        outputs = _as_list(output)
        saved = []
        ctx.tile_values = {}
        for place, given in enumerate(self._given):
            if given.kind == "gradient":
                continue
            source = arguments if given.kind == "argument" else outputs
            value = source[given.index]
            if isinstance(value, torch.Tensor):
                saved.append(value)
            else:
                ctx.tile_values[place] = value
        ctx.save_for_backward(*saved)

    def get_arguments(self, ctx: Any, gradients: Sequence[Any]) -> list[Any]:
        """What the kernel of the gradient is called with.

        Raises RuntimeError for a gradient that is needed and that it does not give.
        """
        self._check_needed(ctx.needs_input_grad)
        saved = iter(ctx.saved_tensors)
        arguments = []
        for place, given in enumerate(self._given):
            if given.kind == "gradient":
                # That of a sum has strides of 0.
                arguments.append(gradients[given.index].contiguous())
            elif place in ctx.tile_values:
                arguments.append(ctx.tile_values[place])
            else:
                arguments.append(next(saved))
        return arguments

    def _check_needed(self, needed: Sequence[bool]) -> None:
        for index, is_needed in enumerate(needed):
            name = self.forward.parameters[index].name
            if is_needed and index not in self._results:
                raise RuntimeError(
                    f"{self.forward.name} has no gradient of `{name}`: detach it, or "
                    f"let {self.backward.source.name} return {_PREFIX}{name}"
                )


def _as_list(output: Any) -> list[Any]:
    return list(output) if isinstance(output, (tuple, list)) else [output]


def _check_functional(operator: Operator, role: str) -> None:
    for parameter in operator.parameters:
        if parameter.is_written:
            raise ValueError(
                f"{operator.source.name}: expected a kernel {role} to write only "
                f"results of T.empty or out_idx, found that it writes "
                f"`{parameter.name}`"
            )


def register_refusal(operator: Operator, library: Any) -> None:
    """Makes it an error to ask for the gradient of an operator that has none."""

    name = operator.name

    def run(ctx: Any, *gradients: Any) -> Any:
        raise RuntimeError(
            f"{name} has no gradient: give tile.torch.custom_op a backward "
            "kernel, or detach the tensors that it is called with"
        )

    # Elsewhere torch takes no formula, and refuses or warns by itself.
    if operator.results and not any(
        p.is_written or (p.is_tensor and p.is_keyword) for p in operator.parameters
    ):
        torch.library.register_autograd(name, run, lib=library)

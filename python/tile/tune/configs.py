"""The configurations that a tuner tries."""

from __future__ import annotations

import inspect
import itertools
from typing import Any, Callable, Mapping, Sequence, Union

from tile import _core

__all__ = [
    "AnyConfigs",
    "Config",
    "check_configs",
    "expand",
    "given_names",
    "split_pass_configs",
]

Config = dict[str, Any]
AnyConfigs = Union[
    Sequence[Mapping[str, Any]],
    Mapping[str, Sequence[Any]],
    Callable[..., Any],
]
"""A list of dicts, a dict of lists (all combinations), or a function of the call's
arguments that gives either."""

_PASS_CONFIGS = "pass_configs"


def expand(
    configs: AnyConfigs, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] = {}
) -> list[Config]:
    """The configurations as a list of dicts, each of them once.

    Raises:
        TypeError: Something that is none of `AnyConfigs`, or has arrays in it.
        ValueError: No configurations.
    """
    found: Any = configs(*args, **kwargs) if callable(configs) else configs
    if isinstance(found, Mapping):
        for name, values in found.items():
            if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
                raise TypeError(
                    f"expected a list of values for `{name}` in a dict of configs, "
                    f"got {values!r}"
                )
        products = itertools.product(*found.values())
        found = [dict(zip(found, values)) for values in products] if found else []
    if isinstance(found, (str, bytes)) or not isinstance(found, Sequence):
        raise TypeError(
            f"expected configs as a list of dicts or a dict of lists, got {found!r}"
        )
    unique: list[Config] = []
    for config in found:
        if not isinstance(config, Mapping):
            raise TypeError(f"expected a dict for each config, got {config!r}")
        _check_config(config)
        if not any(_is_same(dict(config), other) for other in unique):
            unique.append(dict(config))
    if not unique:
        raise ValueError("expected at least one config to tune, got none")
    return unique


def _check_config(config: Mapping[Any, Any]) -> None:
    for key in config:
        if not isinstance(key, str):
            raise TypeError(
                f"expected names of parameters as keys of a config, got {key!r}"
            )
    for key, value in config.items():
        odd = _find_incomparable(value)
        if odd is not None:
            raise TypeError(
                f"expected values in configs that can be compared and hashed, got "
                f"{type(odd).__name__} for `{key}`"
            )
    passes = config.get(_PASS_CONFIGS)
    if passes is not None and not isinstance(passes, Mapping):
        raise TypeError(f"expected a dict as pass_configs of a config, got {passes!r}")


def _find_incomparable(value: Any) -> Any:
    """An array, or something else that no dict takes as a key, in a value; None when
    there is none. What was tuned is found again by its configurations."""
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
    elif _core.describe_tensor(value) is not None:
        return value
    else:
        try:
            hash(value)
        except TypeError:
            return value
        return None
    return next((o for o in map(_find_incomparable, parts) if o is not None), None)


def _is_same(a: Any, b: Any) -> bool:
    """Whether two values make one kernel: 1, True and 1.0 make three."""
    if a is b or type(a) is not type(b):
        return a is b
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_is_same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_is_same, a, b))
    return bool(a == b)


def check_configs(
    name: str, signature: inspect.Signature, configs: Sequence[Config]
) -> None:
    """Raises ValueError for keys that the function does not have as parameters."""
    kinds = [p.kind for p in signature.parameters.values()]
    if inspect.Parameter.VAR_KEYWORD in kinds:
        return
    known = {*signature.parameters, _PASS_CONFIGS}
    unused = sorted({key for config in configs for key in config} - known)
    if unused:
        raise ValueError(
            f"Unused keys in config: {', '.join(unused)}; {name} takes "
            f"{', '.join(signature.parameters)}"
        )


def given_names(
    signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> set[str]:
    """The parameters that a call gives itself. Raises TypeError for a call that does
    not fit."""
    return {*signature.bind_partial(*args, **kwargs).arguments, *kwargs}


def split_pass_configs(config: Config) -> tuple[Config, Mapping[str, Any]]:
    """The arguments of a configuration, and its options of the compiler."""
    rest = {key: value for key, value in config.items() if key != _PASS_CONFIGS}
    return rest, config.get(_PASS_CONFIGS) or {}

"""Compiled kernels in the cache: what they are known by, how they get there."""

from __future__ import annotations

import logging
from typing import Any, Callable, Sequence

from tile import _core
from tile.cache import records, settings, store
from tile.cache.build_id import compiler_id, describe_machine
from tile.cache.digest import Digest, NotStorable
from tile.jit.prim_func import PrimFunc
from tile.jit.target import Target

__all__ = ["KernelSlot"]

_logger = logging.getLogger("tile")


class KernelSlot:
    """The place of one kernel in the cache, with an entry for each target.

    What stands for a kernel is the function and the arguments that it is traced
    for, or its IR. ``function`` is what a hit gave, traced by another process.
    """

    def __init__(self, key: str, original: Callable[..., Any]) -> None:
        self._key = key
        self._original = original
        self.function: PrimFunc | None = None

    @classmethod
    def make(
        cls, original: Callable[..., Any], options: Any, values: Sequence[Any]
    ) -> "KernelSlot | None":
        """The slot of what the values stand for.

        None if the cache is not used, or if nothing says whether another process
        would mean the same by one of the values.

        Args:
            original: The Python function, for its name and its source.
            options: What else the code depends on, for example the level of
                optimisation.
            values: The function and what it is traced for, or its IR.

        Raises ValueError for a limit that is no size, before anything is compiled.
        """
        if not settings.is_enabled():
            return None
        settings.get_max_bytes()
        try:
            key = Digest().add(options, *values).hexdigest()
        except (NotStorable, RecursionError) as why:
            _logger.debug("%s is not stored in the cache: %s", original, why)
            return None
        return cls(key, original)

    def _entry_key(self, target: Target) -> str:
        parts = [compiler_id(), describe_machine(), target.kind, target.chip]
        if target.kind == "cuda":
            parts.append(_core.assembler_id())
        return Digest().add(self._key, *parts).hexdigest()

    def load(self, target: Target) -> _core.Executable | None:
        """The code for a target, or None when there is none.

        Raises CacheError where the cache cannot be read.
        """
        key = self._entry_key(target)
        entry = store.load(key)
        if entry is not None:
            try:
                executable = records.executable_of(entry)
                if self.function is None:
                    self.function = records.function_of(entry, self._original)
                store.count("hits")
                return executable
            except (KeyError, TypeError, ValueError, RuntimeError) as error:
                store.drop(key, str(error))
        store.count("misses")
        return None

    def save(
        self, target: Target, function: PrimFunc, executable: _core.Executable
    ) -> None:
        """Stores the code for a target. Raises CacheError where that fails."""
        store.save(
            self._entry_key(target),
            {"target": str(target), **records.record_of(function, executable)},
            records.files_of(function, executable),
        )

"""Makes ``import tilelang`` mean this package, for programs written for TileLang.

    import tile.compat

    tile.compat.install()
    import tilelang
    import tilelang.language as T

Only on request: nothing here happens by itself, and an installed TileLang is not
hidden unless `install` is told to.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Sequence

__all__ = ["install", "uninstall"]

_NAME = "tilelang"


class _Alias(Loader):
    """Gives the module of this package in the place of one of TileLang."""

    def __init__(self, target: str) -> None:
        self.target = target

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self.target)
        # The import machinery writes the alias's spec over this.
        self.spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec


class _Finder(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname != _NAME and not fullname.startswith(_NAME + "."):
            return None
        name = "tile" + fullname[len(_NAME) :]
        if importlib.util.find_spec(name) is None:
            return None
        return ModuleSpec(fullname, _Alias(name), is_package=True)


_finder = _Finder()


def install(replace: bool = False) -> None:
    """Makes ``import tilelang`` and ``import tilelang.x`` give this package.

    Args:
        replace: Do it even where TileLang itself is installed.

    Raises:
        RuntimeError: TileLang is installed or imported, and `replace` is not set.
    """
    if _finder in sys.meta_path:
        return
    loaded = sys.modules.get(_NAME)
    if not replace and (loaded is not None or importlib.util.find_spec(_NAME)):
        raise RuntimeError(
            "tilelang is installed itself; tile.compat.install(replace=True) hides it"
        )
    _forget()
    # What is loaded is given as it is: importing it anew would put a module like
    # tile.jit in the place of the function of that name.
    for name, module in list(sys.modules.items()):
        if name == "tile" or name.startswith("tile."):
            sys.modules[_NAME + name[len("tile") :]] = module
    sys.meta_path.insert(0, _finder)


def uninstall() -> None:
    """Undoes `install`."""
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        _forget()


def _forget() -> None:
    for name in list(sys.modules):
        if name == _NAME or name.startswith(_NAME + "."):
            del sys.modules[name]

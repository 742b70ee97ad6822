"""Which compiler this is."""

from __future__ import annotations

import hashlib
import sys
from functools import lru_cache
from pathlib import Path

from tile import _core

__all__ = ["compiler_id", "describe_machine"]


@lru_cache(maxsize=None)
def compiler_id() -> str:
    """A text that another build of the compiler does not share.

    It is a hash of the build ids of the native libraries, of the Python files of
    this package and of Python's version.
    """
    digest = hashlib.sha256(sys.version.encode())
    for path, build_id in _core.libraries():
        digest.update(f"{Path(path).name} ".encode())
        digest.update(build_id.encode() or _hash_file(Path(path)))
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root)} ".encode())
        digest.update(_hash_file(path))
    return digest.hexdigest()[:32]


def _hash_file(path: Path) -> bytes:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


@lru_cache(maxsize=None)
def describe_machine() -> str:
    """What of this machine host code depends on."""
    return str(_core.host_processor())

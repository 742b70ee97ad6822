"""Kernels for programs in C: headers, object files, shared libraries."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Sequence

from tile import _core

if TYPE_CHECKING:
    from tile.jit.kernel import JITKernel

__all__ = ["KINDS", "export_kernel", "find_runtime"]

KINDS = {
    "c-header": "{}.h",
    "object": "{}.o",
    "shared": "lib{}.so",
    "ptx": "{}.ptx",
    "cubin": "{}.cubin",
}
"""What can be written, and the name of its file."""

RUNTIME = "libtile-runtime.a"


def find_runtime() -> Path:
    """The library that object files of kernels are linked with.

    It is in the package, or in the build tree that the extension is in.
    """
    extension = Path(_core.__file__)
    places = (extension.parent / "lib", extension.parents[2] / "lib")
    for place in places:
        if (place / RUNTIME).exists():
            return place / RUNTIME
    return places[0] / RUNTIME


def _check_kinds(kinds: Sequence[str], target: str) -> None:
    if isinstance(kinds, str):
        raise TypeError(f"expected a sequence of kinds, got the string {kinds!r}")
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(
                f"expected kinds among {', '.join(map(repr, KINDS))}, got {kind!r}"
            )
        if kind in ("ptx", "cubin") and target != "cuda":
            raise ValueError(f"expected a kernel for cuda for {kind!r}, got {target}")


def _write(path: Path, content: bytes) -> None:
    """Writes a file that is there as a whole or not at all, through links.

    What is no regular file, such as a pipe, is written to.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def export_kernel(
    kernel: "JITKernel",
    folder: str | Path,
    kinds: Sequence[str] | None = None,
    name: str | None = None,
    cpu: str = "",
    assemble: bool = False,
) -> dict[str, Path]:
    """Writes a kernel for programs in C; see `JITKernel.export`."""
    entry, target = kernel.prim_func.name, kernel.resolved_target
    if kinds is None:
        kinds = ["c-header", "object", "shared"]
        kinds += ["ptx"] if target.kind == "cuda" else []
    _check_kinds(kinds, target.kind)
    name = entry if name is None else name
    module, level = kernel.module, kernel.opt_level
    options = (name, target.kind, target.chip, level, cpu, assemble)
    contents: dict[str, bytes] = {}
    if "c-header" in kinds:
        contents["c-header"] = _core.emit_c_header(module, entry, *options)
    if "object" in kinds or "shared" in kinds:
        contents["object"] = _core.emit_object(module, entry, *options)
    if "ptx" in kinds:
        contents["ptx"] = _core.emit_ptx(module, entry, "cuda", target.chip, level)
    if "cubin" in kinds:
        contents["cubin"] = _core.emit_cubin(module, entry, "cuda", target.chip, level)

    base = Path(folder)
    base.mkdir(parents=True, exist_ok=True)
    paths = {kind: base / KINDS[kind].format(name) for kind in kinds}
    if "shared" in kinds:
        _core.link_shared(contents["object"], str(find_runtime()), str(paths["shared"]))
    for kind, path in paths.items():
        if kind != "shared":
            _write(path, contents[kind])
    if "object" in kinds:
        paths["runtime"] = base / RUNTIME
        _write(paths["runtime"], find_runtime().read_bytes())
    return paths

# check_wheel.py - what a wheel has to be, to run wherever its tag says.
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Usage: check_wheel.py WHEEL

Says what is wrong with a wheel, and exits with 1 then: more than 64 MB; an extension
that needs other libraries than those of the C library, shows other functions than the
one that Python calls, or needs a later C library than the tag says; no runtime for
exported kernels.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

MAX_BYTES = 64 * 10**6
LIBRARIES = re.compile(
    r"(libc|libm|libdl|librt|libpthread)\.so\.\d+|ld-linux[\w-]*\.so\.\d+"
)


def run(*names: str, arguments: list[str]) -> str:
    """What the first of these programs that is there prints."""
    for name in names:
        if path := shutil.which(name):
            return subprocess.run(
                [path, *arguments], check=True, capture_output=True, text=True
            ).stdout
    raise SystemExit(f"check_wheel.py: missing {' or '.join(names)}")


def check_extension(path: Path, libc: tuple[int, ...]) -> list[str]:
    """What is wrong with the extension, which may need this C library."""
    problems = []
    dynamic = run("readelf", "llvm-readelf-22", arguments=["-dW", str(path)])
    for library in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic):
        if not LIBRARIES.fullmatch(library):
            problems.append(f"expected no need of {library}")
    if "RUNPATH" in dynamic or "RPATH" in dynamic:
        problems.append("expected no search path of libraries, found one")
    shown = run("nm", "llvm-nm-22", arguments=["-D", "--defined-only", "-P", str(path)])
    names = [line.split()[0] for line in shown.splitlines()]
    if names != ["PyInit__core"]:
        problems.append(f"expected it to show PyInit__core, found {names[:5]}")
    versions = run("readelf", "llvm-readelf-22", arguments=["-VW", str(path)])
    for text in sorted(set(re.findall(r"Name: GLIBC_([\d.]+)", versions))):
        if tuple(map(int, text.split("."))) > libc:
            problems.append(f"expected no need of version {text} of the C library")
    return problems


def check_wheel(wheel: Path) -> list[str]:
    """What is wrong with the wheel."""
    problems = []
    size = wheel.stat().st_size
    print(f"{wheel.name}: {size / 1e6:.1f} MB")
    if size > MAX_BYTES:
        problems.append(f"expected at most {MAX_BYTES} bytes, found {size}")
    tag = re.search(r"-manylinux_(\d+)_(\d+)_\w+\.whl$", wheel.name)
    if not tag:
        return [*problems, "expected a name with a manylinux tag"]
    libc = (int(tag[1]), int(tag[2]))
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        extensions = [name for name in names if name.endswith(".so")]
        if len(extensions) != 1:
            problems.append(f"expected one extension, found {extensions}")
        for name in extensions:
            path = Path(archive.extract(name, folder))
            print(f"{name}: {path.stat().st_size / 1e6:.1f} MB")
            problems += [f"{name}: {text}" for text in check_extension(path, libc)]
        for name in ("tile/lib/libtile-runtime.a", "tile/_core.pyi", "tile/py.typed"):
            if name not in names:
                problems.append(f"missing {name}")
    return problems


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    problems = check_wheel(Path(sys.argv[1]))
    for problem in problems:
        print(f"check_wheel.py: {problem}", file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env bash
# wheel.sh - builds the wheel of the Python package, and checks it.
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tools/wheel.sh [FOLDER]
# Writes mlir_tile-...-manylinux_...whl to FOLDER (build/wheels), for the python3
# in PATH or that in $PYTHON, which needs pip. The tag is that of the C library
# at hand; tools/lib/check_wheel.py says what else is checked.

set -euo pipefail
tile_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$tile_root/build/wheels}
python=${PYTHON:-python3}

libc=$(getconf GNU_LIBC_VERSION)
libc=${libc#glibc }
tag=$("$python" -c '
import sys
version = f"cp{sys.version_info.major}{sys.version_info.minor}"
print(f"{version}-{version}{sys.abiflags}")
')-manylinux_${libc/./_}_$(uname -m)
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/tile-wheel.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$python" -m pip --disable-pip-version-check wheel --no-deps -w "$work" \
  -C "wheel.tags=$tag" ${TILE_PIP_OPTIONS:-} "$tile_root"
"$python" "$tile_root/tools/lib/check_wheel.py" "$work"/*.whl
mkdir -p "$folder"
mv "$work"/*.whl "$folder"
ls "$folder"/*.whl

#!/usr/bin/env bash
# quickstart.sh - from a fresh clone to a kernel that ran and was checked.
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing from Debian's packages, builds into build/release,
# and does the main job on docs/examples/gemm.mlir (tools/quickstart.py). Run it
# again after a change: only what changed is built.

set -euo pipefail
tile_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tools/lib/setup.sh
. "$tile_root/tools/lib/setup.sh"

if (($#)); then
  say "usage: tools/quickstart.sh"
  say "Installs what is missing, builds tile, compiles and runs a kernel."
  say "TILE_JOBS=N builds with N processes at once."
  [[ $1 == -h || $1 == --help ]] && exit 0
  exit 1
fi

say "== Tools"
ensure_tools
say "== Build"
build_preset release "$tile_root/build/quickstart.log"
say "== One kernel: docs/examples/gemm.mlir"
"$tile_python" "$tile_root/tools/quickstart.py" "$tile_root" ||
  die "the kernel did not come out right; see above"
say "== Done ($(seconds_since 0)). Next: tools/test.sh, docs/GettingStarted.md"

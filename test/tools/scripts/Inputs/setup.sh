#!/bin/bash
# Asks for the tools where nothing is installed, with the folder `fake` first in
# the path.
set -euo pipefail
here=$(dirname "$0")
tile_root=$1
. "$tile_root/tools/lib/setup.sh"
PATH="$here/fake:$PATH"
ensure_tools

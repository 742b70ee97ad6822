# setup.sh - what quickstart.sh and test.sh do first: find or install the tools,
# configure and build. To be sourced.
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# On Debian the list of packages decides what is missing; elsewhere the tools
# themselves do, and nothing is installed. Every way to fail ends in one line
# that says what is wrong and what to do about it.

tile_packages=(
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools clang-22 lld-22
  ninja-build cmake ccache
  libzstd-dev zlib1g-dev libxml2-dev libedit-dev libcurl4-openssl-dev python3)
tile_commands=(cmake ninja ccache python3)

# What the packages and a build need, in MB.
tile_space_packages=4000
tile_space_build=500

say() { printf '%s\n' "$*"; }

die() {
  printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# seconds_since START: how long ago $SECONDS was START, as text.
seconds_since() {
  local elapsed=$((SECONDS - $1))
  if ((elapsed < 60)); then
    echo "$elapsed s"
  else
    echo "$((elapsed / 60)) min $((elapsed % 60)) s"
  fi
}

# need_space FOLDER MB PURPOSE
need_space() {
  local free
  free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
  ((free >= $2)) ||
    die "expected $2 MB of free space in $1 for $3, found $free MB;" \
      "make room and run this again"
}

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Sets `tile_python` to a Python that has NumPy, or fails.
find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import numpy' 2>/dev/null; then
      # The path itself, not a shim that depends on the folder it is called in.
      tile_python=$("$candidate" -c 'import sys; print(sys.executable)')
      return 0
    fi
  done
  return 1
}

# check_other_system: without Debian's packages, everything must be there.
check_other_system() {
  local tool missing=()
  for tool in "${tile_commands[@]}"; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  command -v clang++-22 >/dev/null || missing+=("clang++-22")
  find_python || missing+=("NumPy for python3")
  ((${#missing[@]} == 0)) ||
    die "missing ${missing[*]}, and this is not a Debian system with apt-get;" \
      "install them, and the MLIR 22 development files, or use Debian 12"
}

# check_debian MISSING...: whether apt-get can be expected to work.
check_debian() {
  local ID="" VERSION_ID="" PRETTY_NAME="this system"
  # shellcheck disable=SC1091
  [[ -r /etc/os-release ]] && . /etc/os-release
  if [[ $ID == debian && -n $VERSION_ID ]] && ((${VERSION_ID%%.*} < 12)); then
    die "expected Debian 12 or later, found $PRETTY_NAME, which has no LLVM 22"
  fi
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "missing packages: $*; install them with apt-get as root, or run this" \
      "as root"
  fi
  need_space /usr "$tile_space_packages" "Debian's packages"
}

run_apt() {
  local sudo=()
  ((EUID == 0)) || sudo=(sudo)
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q \
    -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# apt_failed LOG WHAT: explains a failure from apt's own words and exits.
apt_failed() {
  local line
  if grep -Eq 'No space left|enough free space' "$1"; then
    die "$2 failed: no space left; make room and run this again"
  fi
  line=$(grep -Em1 '^(Err|E|W):.*(resolve|connect|Failed to fetch|timed out|unreachable)' "$1") &&
    die "$2 failed, the network or its proxy seems to be missing: $line"
  line=$(grep -Em1 '^E:' "$1") || line=$(tail -n 1 "$1")
  die "$2 failed: $line (all of it in $1)"
}

# install_packages PACKAGE...: installs those given, all of them missing.
install_packages() {
  local log package candidate start=$SECONDS
  check_debian "$@"
  log=$(mktemp "${TMPDIR:-/tmp}/tile-apt.XXXXXX")
  say "Installing from Debian: $*"
  # A third party's source that fails is no harm as long as ours is there.
  run_apt update >"$log" 2>&1 || true
  for package; do
    candidate=$(apt-cache policy "$package" 2>/dev/null |
      awk '/Candidate:/ { print $2 }')
    [[ -n $candidate && $candidate != "(none)" ]] && continue
    if grep -Eq '^(Err|E|W):' "$log"; then
      apt_failed "$log" "apt-get update"
    fi
    die "apt knows no package '$package'; Debian 12 has it in" \
      "bookworm-security, which /etc/apt/sources.list.d must name"
  done
  run_apt install -y --no-install-recommends "$@" >"$log" 2>&1 ||
    apt_failed "$log" "apt-get install"
  rm -f "$log"
  say "Installed them and what they need ($(seconds_since "$start"))"
}

# ensure_tools [PACKAGE...]: everything that a build needs, and these packages.
ensure_tools() {
  local package missing=()
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    check_other_system
    say "Tools: all present"
    return
  fi
  for package in "${tile_packages[@]}" "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  find_python || missing+=(python3-numpy)
  if ((${#missing[@]})); then
    install_packages "${missing[@]}"
    find_python || die "Debian's python3-numpy is installed, but neither" \
      "python3 nor /usr/bin/python3 can import numpy"
  else
    say "Tools: all present"
  fi
}

# count_jobs: one a core, but no more than memory allows.
count_jobs() {
  local cores available
  cores=$(nproc)
  available=$(awk '/^MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
  ((available < 1)) && available=1
  echo "${TILE_JOBS:-$((cores < available ? cores : available))}"
}

# build_preset PRESET LOG [CMAKE OPTION...] [-- TARGET...]: configures and builds
# into build/PRESET; the output of the build also goes to the file LOG.
build_preset() {
  local preset=$1 log=$2 start=$SECONDS options=()
  shift 2
  while (($#)) && [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  need_space "$tile_root" "$tile_space_build" "the build"
  mkdir -p "$tile_root/build/$preset"
  (cd "$tile_root" &&
    cmake --preset "$preset" -DPython3_EXECUTABLE="$tile_python" \
      "${options[@]}") \
    >"$log" 2>&1 || {
    cat "$log" >&2
    die "CMake failed to configure the preset '$preset'; its words are above"
  }
  ninja -C "$tile_root/build/$preset" -j "$(count_jobs)" "${@:2}" 2>&1 |
    tee -a "$log" || die "the build in build/$preset failed; see above"
  say "Built build/$preset ($(seconds_since "$start"))"
}

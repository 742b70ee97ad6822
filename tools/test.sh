#!/usr/bin/env bash
# test.sh - builds and runs every test.
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The last line is `N passed, N failed, N skipped`; the exit code says whether
# nothing failed. See usage() for the builds that can be tested.

set -euo pipefail
tile_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tools/lib/setup.sh
. "$tile_root/tools/lib/setup.sh"
# shellcheck source=tools/lib/python.sh
. "$tile_root/tools/lib/python.sh"

usage() {
  cat <<'END'
usage: tools/test.sh [--sanitize] [--gcc] [--threads] [--all] [FILTER]
Installs what is missing, builds tile and runs its tests, then once more those
of tile-opt with every module printed and parsed again after verification; then
the tests of the Python package, in the environment build/python-venv that holds
pytest and mypy, and mypy. The sanitizers do without the Python package.

  (no option)   the build of quickstart.sh: preset release, clang
  --sanitize    address and undefined-behaviour sanitizers instead
  --gcc         gcc instead
  --threads     the thread sanitizer instead, for the test of threads alone
  --all         all four, one after another
  FILTER        only the tests whose names match this regular expression
                (of pytest: whose names or files do)
TILE_JOBS=N builds and tests with N processes at once. TILE_TORCH names the torch
to install for the tests that need one, and empty leaves them out.
END
}

results=()
filter=()
pattern=""

# run_lit NAME FOLDER_OR_FILE...: lit's result goes to a file of that name. A
# failed test is counted at the end, so it does not stop this script.
run_lit() {
  local result="$tile_root/build/$1.json"
  shift
  results+=("$result")
  rm -f "$result"
  if "$lit" -sv -j "$(count_jobs)" --output="$result" --allow-empty-runs \
    "${filter[@]}" "$@" && [[ ! -e $result ]]; then
    echo '{"tests": []}' >"$result" # the filter left none
  fi
}

# test_threads: builds only what the test of threads needs, and runs it.
test_threads() {
  say "== Build: threads"
  build_preset threads "$tile_root/build/test-threads.log" -- tile-threads-test
  lit=$(sed -n 's/^TILE_LIT:[A-Z]*=//p' "$tile_root/build/threads/CMakeCache.txt")
  say "== Tests: threads"
  run_lit tests-threads "$tile_root/build/threads/test/Execution/threads.test"
}

# test_preset PRESET: builds it and runs every test in it.
test_preset() {
  local preset=$1 file roundtrip=() options=()
  [[ $preset == threads ]] && test_threads && return
  local build="$tile_root/build/$preset"
  say "== Build: $preset"
  [[ $preset == sanitize ]] ||
    options=(-DTILE_BUILD_PYTHON=ON "-DPython_EXECUTABLE=$venv_python")
  build_preset "$preset" "$tile_root/build/test-$preset.log" "${options[@]}"
  if grep -q 'warning:' "$tile_root/build/test-$preset.log"; then
    die "expected a build without warnings, found" \
      "$(grep -c 'warning:' "$tile_root/build/test-$preset.log")," \
      "see build/test-$preset.log"
  fi
  lit=$(sed -n 's/^TILE_LIT:[A-Z]*=//p' "$build/CMakeCache.txt")
  say "== Tests: $preset"
  run_lit "tests-$preset" "$build/test"

  # Through bytecode and text and back, where tile-opt is what is tested.
  while read -r file; do
    roundtrip+=("$build/test/${file#"$tile_root/test/"}")
  done < <(grep -rlE 'RUN:.*tile-opt' --include='*.mlir' "$tile_root/test")
  say "== Tests of tile-opt with --verify-roundtrip: $preset"
  TILE_VERIFY_ROUNDTRIP=1 run_lit "tests-$preset-roundtrip" "${roundtrip[@]}"

  [[ $preset == sanitize ]] && return
  test_python "$preset" "$pattern"
  results+=("$tile_root/build/tests-$preset-pytest.json")
  file="$tile_root/build/tests-$preset-mypy.json"
  [[ -e $file ]] && results+=("$file")
  return 0
}

main() {
  local preset presets=() extra=()
  while (($#)); do
    case $1 in
    --sanitize | --gcc | --threads) presets+=("${1#--}") ;;
    --all) presets=(release gcc sanitize threads) ;;
    -h | --help) usage && exit 0 ;;
    -*) usage >&2 && die "unknown option '$1'" ;;
    *) filter=("--filter=$1") pattern=$1 ;;
    esac
    shift
  done
  ((${#presets[@]})) || presets=(release)

  # What the builds need beyond the usual.
  for preset in "${presets[@]}"; do
    [[ $preset == sanitize || $preset == threads ]] &&
      extra+=(libclang-rt-22-dev)
    [[ $preset == gcc ]] && extra+=(g++)
  done

  say "== Tools"
  ensure_tools "${extra[@]}"
  mapfile -t extra < <(python_packages)
  ((${#extra[@]})) && install_packages "${extra[@]}"
  ensure_venv
  for preset in "${presets[@]}"; do
    test_preset "$preset"
  done
  say "== Result ($(seconds_since 0))"
  "$tile_python" "$tile_root/tools/lib/count_tests.py" "${results[@]}"
}

# All of this is read before it runs, so the file may change meanwhile.
main "$@"
exit

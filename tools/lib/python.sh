# python.sh - what test.sh does with the Python package: an environment of its
# own, its tests, its types. To be sourced after setup.sh.
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

tile_python_needs=(
  numpy pytest pytest-xdist nanobind mypy scikit-build-core ml_dtypes tqdm
  distributed)

# A torch without CUDA, whose tests are left out where it is not to be had.
tile_python_torch=${TILE_TORCH-torch==2.13.0+cpu}

# python_packages: prints the Debian packages without which `tile_python` can
# make no environments and build no extension.
python_packages() {
  "$tile_python" -c 'import ensurepip' 2>/dev/null || echo python3-venv
  "$tile_python" -c '
import pathlib, sys, sysconfig
sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())
' || echo python3-dev
}

# ensure_venv: makes build/python-venv, or takes it as it is when it holds what
# is needed. Sets `venv_python`.
ensure_venv() {
  local venv="$tile_root/build/python-venv" stamp log start=$SECONDS
  stamp="$("$tile_python" -c 'import sys; print(sys.version, sys.executable)')
${tile_python_needs[*]} $tile_python_torch"
  venv_python="$venv/bin/python"
  if [[ -x $venv_python && $(cat "$venv/stamp" 2>/dev/null) == "$stamp" ]]; then
    say "Python environment: present"
    return
  fi
  "$tile_python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "the Python package needs Python 3.11 or later, found" \
      "$("$tile_python" --version)"
  rm -rf "$venv"
  mkdir -p "$tile_root/build"
  log="$tile_root/build/python-venv.log"
  { "$tile_python" -m venv "$venv" &&
    "$venv_python" -m pip --disable-pip-version-check install -q \
      "${tile_python_needs[@]}"; } >"$log" 2>&1 ||
    die "cannot make build/python-venv: $(tail -n 1 "$log") (all of it in $log)"
  if [[ -n $tile_python_torch ]]; then
    "$venv_python" -m pip --disable-pip-version-check install -q \
      "$tile_python_torch" >>"$log" 2>&1 ||
      say "No $tile_python_torch: the tests that need torch are left out"
  fi
  printf '%s\n' "$stamp" >"$venv/stamp"
  say "Made build/python-venv ($(seconds_since "$start"))"
}

# test_python PRESET FILTER: pytest on the package with the extension of that
# build, and mypy. Their results go to build/tests-PRESET-{pytest,mypy}.json.
test_python() {
  local preset=$1 filter=$2 build="$tile_root/build/$1" jobs code=0
  local tests="$tile_root/build/tests-$preset"
  local convert="$tile_root/tools/lib/python_results.py"
  say "== Tests of the Python package: $preset"
  jobs=$(count_jobs)
  rm -f "$tests"-{pytest,mypy}.json "$tests-pytest.xml"
  # 5 is pytest's code for no tests at all, as a filter may leave.
  (cd "$tile_root" &&
    PYTHONPATH="$tile_root/python:$build/python" PYTHONDONTWRITEBYTECODE=1 \
      "$venv_python" -m pytest -q -p no:cacheprovider -n "$jobs" \
      --junitxml="$tests-pytest.xml" --filter="$filter" test/python) || code=$?
  ((code == 0 || code == 1 || code == 5)) ||
    say "pytest ended with exit code $code"
  "$venv_python" "$convert" pytest "$tests-pytest.xml" "$tests-pytest.json" ||
    true # without results, count_tests.py reports a failure
  [[ -z $filter || mypy =~ $filter ]] || return 0
  code=0
  check_types "$build" || code=$?
  "$venv_python" "$convert" command "python :: mypy" "$code" "$tests-mypy.json"
}

# check_types BUILD: mypy on the package, put together from links to its files
# and the description of the extension, which the build made.
check_types() {
  local stage="$tile_root/build/python-types"
  rm -rf "$stage"
  mkdir -p "$stage"
  cp -rs "$tile_root/python/tile" "$stage/tile"
  cp "$1/python/tile/_core.pyi" "$stage/tile/"
  (cd "$stage" && "$venv_python" -m mypy --config-file \
    "$tile_root/pyproject.toml" --cache-dir "$tile_root/build/mypy-cache" tile)
}

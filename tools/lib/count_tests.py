#===- count_tests.py - lit's results as one line ---------------------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Counts tests over several runs of lit; a test that ran in more than one run
counts once, and passed only if it passed in each.

usage: count_tests.py RESULT.json...

Names what failed and why tests were skipped; the last line is
`N passed, N failed, N skipped`. The exit code is 1 when a test failed, when a
run left no results, or when none ran.
"""

import collections
import json
import os
import re
import sys

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
CODES = {"PASS": PASSED, "FLAKYPASS": PASSED, "XFAIL": PASSED,
         "UNSUPPORTED": SKIPPED, "SKIPPED": SKIPPED, "EXCLUDED": None}


def reason(output):
    """Why a test was skipped, from lit's words."""
    missing = re.search(r"unavailable features: (.*)", output)
    return "needs " + missing.group(1) if missing else "marked as unsupported"


def main(paths):
    results = {}
    failures = []
    reasons = collections.defaultdict(set)
    for path in paths:
        run = os.path.basename(path).removesuffix(".json")
        try:
            with open(path, encoding="utf-8") as file:
                tests = json.load(file)["tests"]
        except (OSError, ValueError) as problem:
            failures.append(f"{run}: no results ({problem})")
            results[run] = {FAILED}
            continue
        for test in tests:
            result = CODES.get(test["code"], FAILED)
            if result:
                results.setdefault(test["name"], set()).add(result)
            if result == FAILED:
                failures.append(f"{run}: {test['name']} ({test['code']})")
            elif result == SKIPPED:
                reasons[reason(test["output"])].add(test["name"])

    counts = collections.Counter(
        next(state for state in (FAILED, PASSED, SKIPPED) if state in states)
        for states in results.values())
    for why, names in sorted(reasons.items()):
        print(f"skipped, {why}: {', '.join(sorted(names))}")
    for failure in failures:
        print(f"failed, {failure}")
    print(f"{counts[PASSED]} passed, {counts[FAILED]} failed, "
          f"{counts[SKIPPED]} skipped")
    return 1 if counts[FAILED] or not counts[PASSED] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

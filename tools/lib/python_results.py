#===- python_results.py - results of pytest and mypy, as lit has them ------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Writes results of Python's tools in the form of lit's, for count_tests.py.

usage: python_results.py pytest RESULT.xml RESULT.json
       python_results.py command NAME EXIT_CODE RESULT.json

The first takes what pytest --junitxml wrote; the second makes one test of a
command that either succeeds or not.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree


def convert(case):
    """One test of pytest. A failure of its set-up or its end counts too."""
    name = f"{case.get('classname')}.{case.get('name')}"
    skipped = case.find("skipped")
    if case.find("failure") is not None or case.find("error") is not None:
        return {"name": name, "code": "FAIL", "output": ""}
    if skipped is not None and skipped.get("type") != "pytest.xfail":
        # count_tests.py reads reasons in lit's words.
        output = f"unavailable features: {skipped.get('message')}"
        return {"name": name, "code": "UNSUPPORTED", "output": output}
    return {"name": name, "code": "PASS", "output": ""}


def main(arguments):
    match arguments:
        case ["pytest", source, result]:
            try:
                cases = ElementTree.parse(source).iter("testcase")
            except (OSError, ElementTree.ParseError) as problem:
                print(f"no results of pytest: {problem}", file=sys.stderr)
                return 1
            tests = [convert(case) for case in cases]
        case ["command", name, code, result]:
            state = "PASS" if code == "0" else "FAIL"
            tests = [{"name": name, "code": state, "output": ""}]
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    with open(result, "w", encoding="utf-8") as file:
        json.dump({"tests": tests}, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#===- check_examples.py - tile-opt on the examples in the documents --------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Runs tile-opt on every ```mlir block of README.md and docs/**/*.md.

usage: check_examples.py SOURCE_DIR WORK_DIR

The blocks of a page go to one file, each on the lines it has in the page, so
that the lines in tile-opt's messages are those of the page.
"""

import pathlib
import subprocess
import sys


def extract(page):
    """Returns the page with all but its examples blank, and their number."""
    lines, count, inside = [], 0, False
    for line in page.read_text(encoding="utf-8").splitlines():
        if inside and line.strip() == "```":
            inside = False
            lines.append("// -----")
        elif inside:
            lines.append(line)
        else:
            inside = line.strip() == "```mlir"
            count += inside
            lines.append("")
    if inside:
        sys.exit(f"{page}: an example has no end")
    return "\n".join(lines) + "\n", count


def main(source, work):
    source, failed = pathlib.Path(source), False
    pages = [source / "README.md", *sorted((source / "docs").rglob("*.md"))]
    for page in pages:
        text, count = extract(page)
        if not count:
            continue
        name = page.relative_to(source)
        file = pathlib.Path(work) / str(name).replace("/", "-")
        file.write_text(text, encoding="utf-8")
        process = subprocess.run(
            ["tile-opt", "--split-input-file", "--verify-roundtrip", str(file),
             "-o", "/dev/null"], stderr=subprocess.PIPE, text=True)
        if process.returncode:
            failed = True
            print(f"{name}: an example is wrong\n{process.stderr}",
                  file=sys.stderr)
        else:
            print(f"{name}: {count} examples verified")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

#===- run_commands.py - the commands in a document, run ---------------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Runs the ```console blocks of a page in the current folder and compares what
they print.

usage: run_commands.py PAGE

In a block, a line that begins with `$ ` is a command, and the lines up to the
next one are its output, where `...` stands for any text and a line of it alone
for any lines; `[exit code N]` at the end says that the command fails with N. A
block of any other language is written to the file that the paragraph before it
names as "Save it as `NAME`"; all files are there when the first command runs.
"""

import os
import pathlib
import re
import subprocess
import sys


def blocks(text):
    """Yields (language, text before it, content) of each fenced block."""
    last = 0
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        yield match.group(1), text[last:match.start()], match.group(2)
        last = match.end()


def pattern(expected):
    parts = []
    for line in expected:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(map(re.escape, line.split("..."))) + r"\n")
    return re.compile("".join(parts))


# A command that says python3 gets this Python, which has NumPy.
ENVIRONMENT = dict(os.environ, PATH=os.pathsep.join(
    [os.path.dirname(sys.executable), os.environ["PATH"]]))


def check(command, expected):
    """Runs a command; returns what is wrong, or nothing."""
    code = 0
    if expected:
        match = re.fullmatch(r"\[exit code (\d+)\]", expected[-1])
        if match:
            code = int(match.group(1))
            expected = expected[:-1]
    process = subprocess.run(["bash", "-c", command], text=True,
                             env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if process.returncode != code:
        return f"expected exit code {code}, got {process.returncode}"\
            f"\n{process.stdout}"
    if not pattern(expected).fullmatch(process.stdout):
        return "expected\n" + "\n".join(expected) + f"\ngot\n{process.stdout}"
    return None


def main(page):
    count, failed = 0, False
    text = pathlib.Path(page).read_text()
    for language, before, content in blocks(text):
        name = re.search(r"Save it as\s+`([^`]+)`:\s*$", before)
        if language != "console" and name:
            pathlib.Path(name.group(1)).write_text(content)
    for language, _, content in blocks(text):
        if language != "console":
            continue
        for part in re.split(r"^\$ ", content, flags=re.M)[1:]:
            command, *expected = part.splitlines()
            count += 1
            problem = check(command, expected)
            if problem:
                failed = True
                print(f"{page}: {command}\n{problem}", file=sys.stderr)
    print(f"{count} commands run")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

#===- c_api.py - a reference page from the C headers -----------------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Reads the comments and declarations of include/tile-c and of the runtime.

Declarations on lines that follow one another share the comment before them. A
declaration without a comment is an error.
"""

import os
import re

HEADERS = ["Support", "Dialect", "Types", "Attributes", "Passes", "Signature",
           "Execution"]

# A whole project, which a test builds and runs.
PROJECT = "test/CAPI/Inputs/installed"

INTRO = """# C API

`libTile-C.so` holds the dialect, its passes, the way to the CPU and to PTX and
the runtime behind a C interface, together with MLIR's own C interface to the
dialects that kernels are built with. It needs the shared `libMLIR` and
`libLLVM`, and shows no other symbols.

A project that uses the [installed package](Embedding.md#install), with
`-DCMAKE_PREFIX_PATH=` the folder of the installation, is made of these two files of
[{project}](../{project}).
[test/CAPI/gemm.c](../test/CAPI/gemm.c) builds a kernel op by op instead of
parsing it.

```cmake
{cmake}
```

```c
{program}
```

It prints `2 4 6`, and the PTX."""

RULE = re.compile(r"^//===-+===//$")


def reflow(declaration):
    """One declaration on one line, or with its parameters on lines below."""
    text = " ".join(declaration.split()).replace("( ", "(")
    if len(text) <= 80:
        return text
    head, parameters = text.split("(", 1)
    lines = [head + "("]
    for parameter in parameters.split(", "):
        piece = parameter if parameter.endswith(";") else parameter + ","
        if len(lines) == 1 or len(lines[-1] + " " + piece) > 80:
            lines.append("    " + piece)
        else:
            lines[-1] += " " + piece
    return "\n".join(lines)


class Header:
    """The title, introduction and declarations of one header."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.lines = file.read().splitlines()
        self.path = path
        self.title = re.match(r"//===- \S+ - (.*?) -*\*-", self.lines[0])[1]
        self.intro = []
        self.items = []  # ("section", title) or ("entry", comment, code)
        self.functions = []
        self.read()

    def read(self):
        rules = [i for i, line in enumerate(self.lines) if RULE.match(line)]
        guard = next(i for i, line in enumerate(self.lines)
                     if line.startswith("#ifndef"))
        head = [i for i in rules if i < guard]
        if len(head) > 1:
            self.intro = [line[2:].strip()
                          for line in self.lines[head[0] + 1:head[-1]]]
        at = guard
        while at < len(self.lines):
            at = self.read_item(at)

    def read_item(self, at):
        line = self.lines[at]
        if RULE.match(line) and RULE.match(self.lines[at + 2]):
            self.items.append(("section", self.lines[at + 1][2:].strip()))
            return at + 3
        if line.startswith(("#", "}", 'extern "C"')) or not line.strip():
            return at + 1
        comment = []
        while self.lines[at].startswith("///"):
            comment.append(self.lines[at][3:].strip())
            at += 1
        code = []
        while at < len(self.lines) and self.lines[at].strip():
            code.append(self.lines[at])
            at += 1
        # A blank line ends an entry only outside of braces.
        while "\n".join(code).count("{") != "\n".join(code).count("}"):
            code.append(self.lines[at])
            at += 1
        self.add_entry(comment, code)
        return at

    def add_entry(self, comment, code):
        text = "\n".join(code)
        if "MLIR_CAPI_EXPORTED" in text:
            text = reflow(text.replace("MLIR_CAPI_EXPORTED", ""))
        if text.startswith("MLIR_DECLARE_CAPI_DIALECT_REGISTRATION"):
            comment = comment or ["The handle of the dialect, "
                                  "`mlirGetDialectHandle__tile__()`."]
        if not comment:
            raise SystemExit(f"{self.path}: no comment before: {text}")
        self.functions += re.findall(r"\b(tile[A-Z]\w*)\(", text)
        self.items.append(("entry", comment, text))

    def render(self, name):
        parts = [f"## {name}: {self.title}"]
        intro = "\n".join(self.intro).strip()
        if intro:
            parts.append(intro)
        for kind, *content in self.items:
            if kind == "section":
                parts.append(f"### {content[0]}")
            else:
                comment, code = content
                parts.append("```c\n" + code + "\n```")
                parts.append("\n".join(comment))
        return "\n\n".join(parts)


def read_headers(source):
    """Returns (name, header) of each header of the interface."""
    include = os.path.join(source, "include")
    headers = [(f"`tile-c/{name}.h`",
                Header(os.path.join(include, "tile-c", name + ".h")))
               for name in HEADERS]
    runtime = Header(os.path.join(include, "tile", "Runtime", "Runtime.h"))
    return headers + [("`tile-c/Runtime.h`", runtime)]


def read_example(source, name):
    """A file of the project without the comment at its head."""
    with open(os.path.join(source, PROJECT, name), encoding="utf-8") as file:
        lines = file.read().splitlines()
    while not lines[0] or lines[0].startswith(("//", "# ")):
        del lines[0]
    return "\n".join(lines)


def render(source):
    intro = INTRO.format(project=PROJECT,
                         cmake=read_example(source, "CMakeLists.txt"),
                         program=read_example(source, "installed.c"))
    return "\n\n".join([intro] + [header.render(name)
                                  for name, header in read_headers(source)])

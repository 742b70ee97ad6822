#===- generate.py - reference pages from the TableGen files ----------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Writes Dialects/Tile.md and Passes.md from the .td files, and CAPI.md.

usage: generate.py SOURCE_DIR MLIR_TBLGEN MLIR_INCLUDE_DIR OUT_DIR

`ninja tile-doc` runs this on docs/; test/docs checks that what is there is what
this writes.
"""

import os
import re
import subprocess
import sys

import c_api

NOTE = ("<!-- Made by docs/generate.py from the {}: change those, then "
        "run `ninja tile-doc`. -->\n")

PASSES_INTRO = """
# Passes

Each pass does one thing; the pipelines put them in order. `tile-opt --help`
lists the pipelines with their options, and
`tile-opt --PIPELINE --dump-pass-pipeline FILE` prints the passes that one
consists of. `docs/GettingStarted.md` shows how to look at the IR between them.
"""

# The title of each group of passes, and the file that declares them.
PASS_FILES = [
    ("Passes on tile IR", "include/tile/Dialect/Tile/Transforms/Passes.td"),
    ("Conversions", "include/tile/Conversion/Passes.td"),
]


class Generator:
    def __init__(self, source, tblgen, include):
        self.source = source
        self.command = [tblgen, "-I", os.path.join(source, "include"),
                        "-I", include]

    def tblgen(self, path, *options):
        text = subprocess.run(
            self.command + list(options) + [os.path.join(self.source, path)],
            check=True, stdout=subprocess.PIPE, text=True).stdout
        # Its own note and table of contents mark say nothing here.
        text = re.sub(r"<!--.*?-->\n|\[TOC\]\n\n?", "", text)
        text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def dialect(self):
        return self.tblgen("include/tile/Dialect/Tile/IR/TileOps.td",
                           "-gen-dialect-doc", "-dialect=tile")

    def passes(self):
        parts = [PASSES_INTRO.strip("\n")]
        for title, path in PASS_FILES:
            parts.append(f"## {title}\n\n"
                         + self.tblgen(path, "-gen-pass-doc"))
        return "\n\n".join(parts)


def main(source, tblgen, include, out):
    generator = Generator(source, tblgen, include)
    for name, origin, text in (
            ("Dialects/Tile.md", ".td files", generator.dialect()),
            ("Passes.md", ".td files", generator.passes()),
            ("CAPI.md", "headers and the example", c_api.render(source))):
        path = os.path.join(out, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(NOTE.format(origin) + "\n" + text + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])

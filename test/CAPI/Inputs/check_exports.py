#===- check_exports.py - what libTile-C.so shows ---------------------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Compares the symbols of libTile-C.so with the C headers, and the kinds of
attributes and types in them with the .td files.

usage: check_exports.py SOURCE_DIR MLIR_INCLUDE_DIR LIBRARY
"""

import json
import os
import re
import subprocess
import sys


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          text=True).stdout


def check_symbols(source, library):
    sys.path.insert(0, os.path.join(source, "docs"))
    import c_api
    declared = {name for _, header in c_api.read_headers(source)
                for name in header.functions}
    lines = run("llvm-nm", "-D", "--defined-only", library).splitlines()
    defined = {line.split()[-1].split("@")[0] for line in lines}
    ours = {name for name in defined if name.startswith("tile")}
    upstream = {name for name in defined if re.match("mlir[A-Z]", name)}
    problems = [f"declared, but not there: {name}"
                for name in sorted(declared - ours)]
    problems += [f"there, but not declared: {name}"
                 for name in sorted(ours - declared)]
    problems += [f"not of the C interface: {name}"
                 for name in sorted(defined - ours - upstream)]
    # One copy of MLIR: its core is taken from the shared library.
    undefined = run("llvm-nm", "-D", "--undefined-only", library)
    for core in ("_ZN4mlir11MLIRContextC1", "_ZN4mlir11PassManager3run"):
        if core not in undefined:
            problems.append(f"not from libMLIR: {core}")
    print(f"{len(ours)} functions of tile, {len(upstream)} of MLIR")
    return problems


def check_kinds(source, mlir_include):
    include = os.path.join(source, "include")
    records = json.loads(run(
        "llvm-tblgen", "-dump-json", "-I", include, "-I", mlir_include,
        os.path.join(include, "tile/Dialect/Tile/IR/TileOps.td")))
    problems, count = [], 0
    for group, header in (("AttrDef", "Attributes"), ("TypeDef", "Types")):
        with open(os.path.join(include, "tile-c", header + ".h"),
                  encoding="utf-8") as file:
            text = file.read()
        word = "ATTRIBUTE" if group == "AttrDef" else "TYPE"
        for name in records["!instanceof"][group]:
            record = records[name]
            if record["dialect"]["def"] != "Tile_Dialect":
                continue
            count += 1
            kind = f"TILE_{word}_{record['mnemonic'].upper()}"
            if not re.search(rf"\b{kind} = ", text):
                problems.append(f"tile-c/{header}.h lacks {kind}, for {name}")
    print(f"{count} attributes and types")
    return problems


def main(source, mlir_include, library):
    problems = check_symbols(source, library)
    problems += check_kinds(source, mlir_include)
    print("\n".join(problems))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

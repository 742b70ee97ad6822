#===- check_descriptions.py - nothing without a description ----------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Looks for what the .td files and the pages do not describe, and for links to
nowhere.

usage: check_descriptions.py SOURCE_DIR MLIR_INCLUDE_DIR
"""

import json
import pathlib
import re
import subprocess
import sys


def dump(source, mlir_include, path):
    include = source / "include"
    return json.loads(subprocess.run(
        ["llvm-tblgen", "-dump-json", "-I", str(include), "-I", mlir_include,
         str(include / path)],
        check=True, stdout=subprocess.PIPE, text=True).stdout)


def check_dialect(source, mlir_include):
    records = dump(source, mlir_include, "tile/Dialect/Tile/IR/TileOps.td")
    problems, count = [], 0
    for group in ("Op", "AttrDef", "TypeDef"):
        for name in records["!instanceof"][group]:
            record = records[name]
            dialect = record.get("opDialect") or record.get("dialect")
            if dialect["def"] != "Tile_Dialect":
                continue
            count += 1
            if not (record["summary"] or "").strip():
                problems.append(f"{name}: no summary")
            # What is printed as a part of an operation is described there.
            if "EnumAttr" in record["!superclasses"]:
                continue
            text = record["description"] or ""
            if not text.strip():
                problems.append(f"{name}: no description")
            elif "```mlir" not in text:
                problems.append(f"{name}: no example")
    print(f"{count} operations, attributes and types")
    return problems


def check_passes(source, mlir_include):
    problems, passes, options = [], 0, 0
    for path in ("tile/Dialect/Tile/Transforms/Passes.td",
                 "tile/Conversion/Passes.td"):
        records = dump(source, mlir_include, path)
        for name in records["!instanceof"]["PassBase"]:
            record = records[name]
            passes += 1
            for field in ("summary", "description"):
                if not (record[field] or "").strip():
                    problems.append(f"{name}: no {field}")
            for item in record["options"] + record["statistics"]:
                options += 1
                part = records[item["def"]]
                if not part["description"].strip():
                    problems.append(f"{name}: {part['argument']} is not "
                                    "described")
    print(f"{passes} passes, {options} options")
    return problems


def anchors(text):
    """The anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.*?)(?: \{#.*\})?$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            for title in titles}


def check_links(source):
    problems, count = [], 0
    pages = [source / "README.md", *sorted((source / "docs").rglob("*.md"))]
    for page in pages:
        text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"),
                      flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            count += 1
            if re.match(r"https?://", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path) if path else page
            if not file.exists():
                problems.append(f"{page}: no such file: {target}")
            elif anchor and anchor not in anchors(
                    file.read_text(encoding="utf-8")):
                problems.append(f"{page}: no such heading: {target}")
    print(f"{count} links")
    return problems


# How remarks get their names, and how variables of the environment are read.
NAMES = (
    ("remarks", re.compile(r'\b(?:name|getOpts|getRemark)\(\s*"([a-z-]+)"')),
    ("variables", re.compile(
        r'(?:[gG]et[eE]nv|getVariable|environ\.get)\(\s*"(TILE_\w+)"')),
)


def check_names(source):
    """Every remark and every variable that the code reads is in some page."""
    text = "".join(page.read_text(encoding="utf-8")
                   for page in (source / "docs").rglob("*.md"))
    files = [file for folder in ("lib", "python", "tools")
             for file in sorted((source / folder).rglob("*"))
             if file.suffix in (".cpp", ".h", ".py")]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    problems = []
    for kind, pattern in NAMES:
        names = sorted(set(pattern.findall(code)))
        problems += [f"docs: nothing tells of {name}" for name in names
                     if f"`{name}`" not in text]
        print(f"{len(names)} {kind}")
    return problems


def main(source, mlir_include):
    source = pathlib.Path(source)
    problems = check_dialect(source, mlir_include)
    problems += check_passes(source, mlir_include)
    problems += check_links(source)
    problems += check_names(source)
    print("\n".join(problems))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

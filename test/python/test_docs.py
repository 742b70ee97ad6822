"""The Python code of the pages in docs does what the pages say.

The ```python blocks of a page run one after the other, in one namespace. What a
block prints, or the error that ends it, stands in the ```text block after it;
`# -> value` behind an expression is its repr, and comments `# SomeError: text` in
the lines after it are the error that it raises. `...` stands for any text. A block
below the comment `<!-- needs NAME -->` is left out where module NAME is missing.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import importlib.util
import io
import itertools
import os
import re
import shutil
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

import tile.compat

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ["Python.md", "PyTorch.md", "Caching.md", "Tuning.md", "Deployment.md"]
#: Pages of which nothing runs without a module.
NEEDS = {"PyTorch.md": "torch"}
NAME = "kernels.py"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_ERROR = re.compile(r"# \w+(Error|Exception): ")
_NEEDS = re.compile(r"<!-- needs (\w+) -->\s*$")


class WrongValue(Exception):
    """An expression that is not what the comment behind it says."""


@dataclass
class Block:
    """A block of code, the line that it begins at, and what it should print."""

    line: int
    code: str
    expected: str
    needs: str | None


def read_blocks(text: str) -> list[Block]:
    """The blocks of a page in order."""
    fences = list(_FENCE.finditer(text))
    blocks = []
    for fence, after in zip(fences, [*fences[1:], None]):
        if fence[1] != "python":
            continue
        expected = ""
        if after is not None and after[1] == "text":
            if not text[fence.end() : after.start()].strip():
                expected = after[2]
        needs = _NEEDS.search(text[: fence.start()])
        line = text.count("\n", 0, fence.start(2))
        blocks.append(Block(line, fence[2], expected, needs and needs[1]))
    return blocks


def matches(expected: str, found: str) -> bool:
    """Whether two texts agree, with ``...`` for anything."""
    check = doctest.OutputChecker().check_output
    return check(expected.strip() + "\n", found.strip() + "\n", doctest.ELLIPSIS)


def read_error(lines: list[str]) -> str:
    """The error that comments say, in one line."""
    if not lines or not _ERROR.match(lines[0]):
        return ""
    comments = itertools.takewhile(lambda line: line.startswith("# "), lines)
    return " ".join(line[2:].strip() for line in comments)


def check_value(
    code: CodeType, lines: list[str], where: str, names: dict[str, Any]
) -> None:
    """Evaluates an expression, whose last line is the first of `lines`.

    Raises WrongValue when its value or its error is not what the comments say.
    """
    _, arrow, value = lines[0].partition("  # -> ")
    expected = read_error(lines[1:])
    found = "no error"
    try:
        result = eval(code, names)
    except Exception as error:  # noqa: BLE001 - it is what the page shows
        if not expected:
            raise
        found = f"{type(error).__name__}: {error}".replace(names["__file__"], NAME)
    if expected and not matches(expected, " ".join(found.split())):
        raise WrongValue(f"{where}: found {found}")
    if arrow and not matches(value, repr(result)):
        raise WrongValue(f"{where}: found {result!r}")


def run_block(block: Block, file: Path, names: dict[str, Any]) -> str:
    """Runs a block whose text is in the file; what it printed and raised."""
    source = "\n" * block.line + block.code
    lines = source.splitlines()
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            for statement in ast.parse(source).body:
                end = statement.end_lineno or 0
                if isinstance(statement, ast.Expr):
                    code = compile(ast.Expression(statement.value), file, "eval")
                    check_value(code, lines[end - 1 :], f"{NAME}:{end}", names)
                else:
                    exec(compile(ast.Module([statement], []), file, "exec"), names)
    except WrongValue:
        raise
    except Exception as error:  # noqa: BLE001 - it is what the page shows
        out.write("".join(traceback.format_exception_only(error)))
    return out.getvalue().replace(str(file), NAME)


def write_code(text: str, file: Path) -> list[Block]:
    """Writes the code where a kernel finds its source: each line where the page has
    it."""
    blocks = read_blocks(text)
    lines = [""] * (text.count("\n") + 1)
    for block in blocks:
        code = block.code.splitlines()
        lines[block.line : block.line + len(code)] = code
    file.write_text("\n".join(lines) + "\n")
    return blocks


@pytest.mark.parametrize("page", PAGES)
def test_page(page, tmp_path, request, monkeypatch):
    if page in NEEDS:
        pytest.importorskip(NEEDS[page], reason=f"{NEEDS[page]} is not installed")
        if shutil.which(os.environ.get("CXX", "g++")) is None:
            pytest.skip("torch.compile needs a C++ compiler")
    request.addfinalizer(tile.compat.uninstall)
    # What a page writes and changes is its own.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tile.cache.settings._switch", [None])
    with monkeypatch.context() as patch:
        for name in ("TILE_CACHE_DIR", "TILE_DISABLE_CACHE"):
            patch.setenv(name, os.environ.get(name, ""))
        run_page(page, tmp_path)


def run_page(page, tmp_path):
    file = tmp_path / NAME
    blocks = write_code((DOCS / page).read_text(), file)
    assert blocks
    names: dict[str, Any] = {"__name__": "kernels", "__file__": str(file)}
    for block in blocks:
        if block.needs and importlib.util.find_spec(block.needs) is None:
            continue
        found = run_block(block, file, names)
        assert matches(
            block.expected, found
        ), f"{page}:{block.line + 1}: expected\n{block.expected}\nfound\n{found}"


@pytest.mark.parametrize(
    "code, text, is_right",
    [
        ("1 + 1  # -> 2\nprint(3)\n1 / 0\n", "3\nZeroDivisionError: ... zero\n", True),
        ("1 / 0\n# ZeroDivisionError: division\n# by zero\n", "", True),
        ("print(3)\n", "4\n", False),
        ("print(3)\n", "", False),
        ("1 / 0\n", "", False),
        ("1 + 1  # -> 3\n", "", False),
        ("1 + 1\n# ZeroDivisionError: division by zero\n", "", False),
        ("1 / 0\n# ZeroDivisionError: something else\n", "", False),
    ],
)
def test_what_is_found(code, text, is_right, tmp_path):
    file = tmp_path / NAME
    (block,) = write_code(f"```python\n{code}```\n\n```text\n{text}```\n", file)
    try:
        found = run_block(block, file, {"__file__": str(file)})
    except WrongValue:
        assert not is_right
    else:
        assert matches(block.expected, found) is is_right

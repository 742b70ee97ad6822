"""Syntax trees made by several threads."""

import ast
import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tile._syntax import compile_module, parse


def test_threads_at_once():
    text = "def f(a, b):\n" + "    a = (b + [1, {2: (3, -a)}])\n" * 200
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(10)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(parse, [text] * 64))
            codes = list(
                pool.map(lambda tree: compile_module(tree, "<text>", 0), found)
            )
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*thresholds)
    expected = ast.dump(ast.parse(text))
    assert all(ast.dump(tree) == expected for tree in found)
    assert {code.co_filename for code in codes} == {"<text>"}


def test_errors():
    with pytest.raises(SyntaxError):
        parse("1 +", "eval")

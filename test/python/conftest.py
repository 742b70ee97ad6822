"""Makes the helpers of this folder importable, and selects tests by --filter."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

# Tests compile what they test; those of the cache use one of their own.
os.environ["TILE_DISABLE_CACHE"] = "1"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds what tools/test.sh passes on."""
    parser.addoption("--filter", default="", help="run tests that match this regex")


def pytest_configure(config: pytest.Config) -> None:
    """Declares the markers of the tests here."""
    config.addinivalue_line(
        "markers", "host(reason): cannot run with TILE_DEFAULT_TARGET=cuda"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what needs the CPU target where all kernels go to a GPU."""
    mark = item.get_closest_marker("host")
    if mark and os.environ.get("TILE_DEFAULT_TARGET") == "cuda":
        pytest.skip(f"needs the CPU target: {mark.args[0]}")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keeps the tests whose file or name matches the filter."""
    pattern = config.getoption("--filter")
    if pattern:
        items[:] = [item for item in items if re.search(pattern, item.nodeid)]

"""Tracing: how a Python function becomes IR.

`rewrite` turns the control flow of a function into calls of `hooks`, which make
operations through a `builder`.
"""

# The modules of the two packages use each other; this order works from both.
import tile.language  # noqa: F401

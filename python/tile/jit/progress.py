"""A bar on a terminal that says how far something is."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

__all__ = ["Progress"]


class Progress:
    """Counts steps on the terminal, by tqdm where that is installed.

    Args:
        total: How many steps there are.
        what: What they do, in a word or two.
        show: Whether to show anything; None for where the output of errors is a
            terminal.
    """

    def __init__(self, total: int, what: str, show: bool | None = None) -> None:
        self.total = total
        self.done = 0
        self._what = what
        self._note = ""
        self._start = time.monotonic()
        self._is_shown = sys.stderr.isatty() if show is None else show
        self._bar: Any = self._make() if self._is_shown else None

    def _make(self) -> Any:
        try:
            from tqdm import tqdm
        except ImportError:
            return None
        return tqdm(total=self.total, desc=self._what, file=sys.stderr)

    def step(self, note: str = "") -> None:
        """One more step is done; `note` stays beside the bar until the next one."""
        self.done += 1
        self._note = note or self._note
        if self._bar is not None:
            self._bar.set_postfix_str(self._note, refresh=False)
            self._bar.update()
        elif self._is_shown:
            spent = time.monotonic() - self._start
            text = f"{self._what}: {self.done}/{self.total}, {spent:.1f} s {self._note}"
            sys.stderr.write(f"\r{text}\x1b[K")
            sys.stderr.flush()

    def close(self) -> None:
        """Ends the line."""
        if self._bar is not None:
            self._bar.close()
        elif self._is_shown and self.done:
            sys.stderr.write("\n")

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

"""What tuning found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Mapping, Sequence

from tile.tune.plot import draw_bars, save_bars

__all__ = ["Trial", "TuneResult"]

#: How a trial may end. Only 'ok' has a time that counts.
STATUSES = (
    "ok",
    "slower",
    "wrong result",
    "failed to compile",
    "failed to run",
    "timed out",
    "crashed",
)


@dataclass(frozen=True)
class Trial:
    """One configuration that was tried.

    Attributes:
        config: The configuration.
        status: 'ok', or why it has no time that counts; 'slower' was stopped early,
            and its time is an estimate.
        latency_ms: The median time of a call in milliseconds; None without.
        error: The text of what went wrong.
        device: Where it ran.
    """

    config: Mapping[str, Any]
    status: str
    latency_ms: float | None = None
    error: str = ""
    device: str = ""


@dataclass(frozen=True)
class TuneResult:
    """All trials of a function, and the best of them.

    Attributes:
        name: The function.
        trials: The configurations in order.
        device: What it was tuned on: name, driver, chip.
        compiler: The id of the compiler's build.
        ref_latency_ms: The time of the reference in milliseconds; None without one.
        is_stored: Whether it was read from the folder of results.
    """

    name: str
    trials: Sequence[Trial]
    device: Mapping[str, Any] = field(default_factory=dict)
    compiler: str = ""
    ref_latency_ms: float | None = None
    is_stored: bool = False

    @property
    def best(self) -> Trial:
        """The fastest of the trials that are right.

        Raises RuntimeError where there is none, with what went wrong.
        """
        valid = [t for t in self.trials if t.status == "ok"]
        if not valid:
            texts = dict.fromkeys(f"{t.status}: {t.error}" for t in self.trials)
            raise RuntimeError(
                f"no config of {self.name} works, of {len(self.trials)} tried:\n"
                + "\n".join(list(texts)[:5])
            )
        return min(valid, key=lambda trial: trial.latency_ms or 0.0)

    @property
    def config(self) -> dict[str, Any]:
        """The best configuration."""
        return dict(self.best.config)

    @property
    def latency(self) -> float:
        """The time of the best configuration, in milliseconds."""
        assert self.best.latency_ms is not None
        return self.best.latency_ms

    @property
    def ref_latency(self) -> float | None:
        """The time of the reference, in milliseconds; None without one."""
        return self.ref_latency_ms

    def ranked(self) -> list[Trial]:
        """The trials, the fastest first, those without a time last."""
        order = {status: place for place, status in enumerate(STATUSES)}
        return sorted(
            self.trials, key=lambda t: (order[t.status], t.latency_ms or float("inf"))
        )

    def table(self, limit: int | None = None) -> str:
        """The trials as text, the fastest first.

        Args:
            limit: How many; None for all.

        Raises ValueError for a negative number.
        """
        if limit is not None and limit < 0:
            raise ValueError(f"expected a limit of at least 0, got {limit}")
        names = list(dict.fromkeys(k for t in self.trials for k in t.config))
        rows = [["latency (ms)", "of best", *names, "status", "device"]]
        best = min(
            (t.latency_ms for t in self.trials if t.status == "ok" and t.latency_ms),
            default=None,
        )
        for trial in self.ranked()[:limit]:
            ms = trial.latency_ms
            rows.append(
                [
                    "" if ms is None else f"{ms:.4f}",
                    "" if ms is None or best is None else f"{ms / best:.2f}",
                    *(str(trial.config.get(name, "")) for name in names),
                    trial.status + (f": {trial.error}" if trial.error else ""),
                    trial.device,
                ]
            )
        rows = [[(cell.splitlines() or [""])[0] for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
            for row in rows
        ]
        return "\n".join(lines)

    def svg(self) -> str:
        """A picture of the times as the text of an SVG file."""
        return draw_bars(f"{self.name}: latency (ms)", self._bars())

    def plot(self, path: str | Path) -> None:
        """Writes a picture of the times: SVG, or by matplotlib what else the name ends
        in.

        Raises RuntimeError for another ending than .svg without matplotlib.
        """
        save_bars(f"{self.name}: latency (ms)", self._bars(), Path(path))

    def _bars(self) -> list[tuple[str, float, bool]]:
        return [
            (
                ", ".join(f"{k}={v}" for k, v in trial.config.items()),
                trial.latency_ms,
                trial.status == "ok",
            )
            for trial in self.ranked()
            if trial.latency_ms is not None
        ]

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain types, as for JSON."""
        found = asdict(self)
        del found["is_stored"]
        return found

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "TuneResult":
        """From what `to_dict` made. Raises KeyError, TypeError or ValueError for
        something else."""
        trials = [Trial(**trial) for trial in found["trials"]]
        if any(trial.status not in STATUSES for trial in trials):
            raise ValueError("unknown status of a trial")
        fields = {k: v for k, v in found.items() if k != "trials"}
        return replace(cls(trials=trials, **fields), is_stored=True)

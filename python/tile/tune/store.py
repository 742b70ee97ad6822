"""Results of tuning on disk, as JSON in the folder of the cache."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import uuid
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, Mapping, Sequence

from tile import _core
from tile.cache import compiler_id, get_folder, is_enabled
from tile.cache.digest import NotStorable, digest_of
from tile.cache.settings import make_folder
from tile.errors import CacheWarning
from tile.tune.configs import Config
from tile.tune.result import TuneResult

__all__ = ["describe_device", "find_place", "load", "save"]

_FORMAT = 1


def describe_device(device: str) -> dict[str, Any]:
    """The name, driver and chip of a device such as 'cpu' or 'cuda:0'."""
    if device == "cpu":
        return {"name": "cpu", "processor": str(_core.host_processor())}
    info = _core.device_info(int(device.partition(":")[2] or 0))
    return {
        "name": info["name"],
        "driver": info["driver_version"],
        "chip": info["chip"],
    }


def find_place(device: Mapping[str, Any], *values: Any) -> Path | None:
    """The file of a result.

    Args:
        device: What it is tuned on.
        *values: What makes a difference to it.

    Returns None where the cache is disabled, and for values of which nothing says
    whether another process has the same ones.
    """
    if not is_enabled():
        return None
    try:
        key = digest_of(_FORMAT, compiler_id(), dict(device), *values)
    except NotStorable:
        return None
    return get_folder() / "tune" / f"{key}.json"


def load(place: Path, configs: Sequence[Config]) -> TuneResult | None:
    """The result in a file; None, with a warning if it is damaged, without.

    Args:
        configs: The configurations of its trials, in order.
    """
    try:
        text = place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        warnings.warn(f"cannot read {place}: {error}", CacheWarning, stacklevel=3)
        return None
    try:
        stored = json.loads(text)
        body = json.dumps(stored["result"], sort_keys=True)
        if stored["sha256"] != hashlib.sha256(body.encode()).hexdigest():
            raise ValueError("its contents were changed")
        result = TuneResult.from_dict(stored["result"])
        if len(result.trials) != len(configs):
            raise ValueError("it has another number of trials")
        trials = [replace(t, config=c) for t, c in zip(result.trials, configs)]
        return replace(result, trials=trials)
    except (ValueError, KeyError, TypeError) as error:
        warnings.warn(
            f"{place} is damaged ({error}); tuning again", CacheWarning, stacklevel=3
        )
        return None


def save(place: Path, result: TuneResult) -> None:
    """Writes a result, as a whole or not at all; a warning where that fails."""
    # Values of configs that JSON cannot hold are there to be read by people: the
    # order of the trials says which they are.
    body = json.dumps(result.to_dict(), sort_keys=True, default=str)
    stored = {
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
        "result": json.loads(body),
    }
    work = place.with_name(f"{place.stem}.{os.getpid()}.{uuid.uuid4().hex}.tmp")
    try:
        make_folder(place.parent)
        work.write_text(json.dumps(stored, sort_keys=True, indent=1))
        os.replace(work, place)
    except OSError as error:
        with contextlib.suppress(OSError):
            work.unlink(missing_ok=True)
        warnings.warn(f"cannot write {place}: {error}", CacheWarning, stacklevel=3)

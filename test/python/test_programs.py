"""Runs every program of the folder `programs` against its reference."""

from __future__ import annotations

import random

import pytest

import programs
import programs.control
import programs.elementwise
import programs.memory
import programs.objects
import programs.products
import programs.rows


def test_there_are_at_least_sixty() -> None:
    assert len(programs.PROGRAMS) >= 60


@pytest.mark.parametrize("name", sorted(programs.PROGRAMS))
def test_program(name: str) -> None:
    session = programs.Session(random.SystemRandom().randrange(2**31))
    try:
        programs.PROGRAMS[name](session)
    except AssertionError as error:
        error.add_note(f"the seed was {session.seed}")
        raise
    assert session.checks, "a program compares what it computes"

"""What functions reach counts in their hash, by whatever way they reach it."""

from __future__ import annotations

import enum
import sys
import types
import typing

import numpy as np
import pytest

from tile.cache.digest import digest_of
from tile.cache.state import state_of

#: A module of the user; the functions below use it.
constants = types.ModuleType("constants_of_a_user")
constants.inner = types.ModuleType("inner_constants_of_a_user")  # type: ignore


@pytest.fixture(autouse=True)
def modules(monkeypatch):
    """The modules as the user wrote them."""
    monkeypatch.setitem(sys.modules, constants.__name__, constants)
    for module in (constants, constants.inner):
        monkeypatch.setattr(module, "A", 1, raising=False)
        monkeypatch.setattr(module, "B", 2, raising=False)


def helper(x):
    return x * constants.B


def inner_helper(x):
    return x * constants.inner.B


def uses_two(x):
    return helper(x * constants.A)


def uses_two_inner(x):
    return inner_helper(x * constants.inner.A)


def uses_text(x):
    return x * getattr(constants, "B")


def uses_texts(x):
    return [x * getattr(constants, name) for name in ("A", "B")]


@pytest.mark.parametrize("name", ["A", "B"])
@pytest.mark.parametrize("function", [uses_two, uses_texts])
def test_every_name_of_a_module_counts(function, name, monkeypatch):
    before = digest_of(function)
    monkeypatch.setattr(constants, name, 3)
    assert digest_of(function) != before


def test_names_in_texts_count(monkeypatch):
    before = digest_of(uses_text)
    monkeypatch.setattr(constants, "B", 3)
    assert digest_of(uses_text) != before


@pytest.mark.parametrize("name", ["A", "B"])
def test_every_name_of_a_module_in_a_module_counts(name, monkeypatch):
    before = digest_of(uses_two_inner)
    monkeypatch.setattr(constants.inner, name, 3)
    assert digest_of(uses_two_inner) != before


class Private:
    _size = 1
    __hidden = 1

    def read(self):
        return self._size + self.__hidden


@pytest.mark.parametrize("name", ["_size", "_Private__hidden"])
def test_private_members_count(name, monkeypatch):
    before = digest_of(Private)
    monkeypatch.setattr(Private, name, 2)
    assert digest_of(Private) != before


class Meta(type):
    @property
    def size(cls):
        return constants.B


class WithMeta(metaclass=Meta):
    pass


def test_metaclasses_count(monkeypatch):
    before = digest_of(WithMeta)
    monkeypatch.setattr(constants, "B", 3)
    assert digest_of(WithMeta) != before


class MangledSlots:
    __slots__ = ("__p",)

    def __init__(self, p):
        self.__p = p


def with_attribute(x):
    return x * with_attribute.factor


def namespace(value):
    table = np.zeros(3000)
    table[1500] = value
    return types.SimpleNamespace(table=table)


class Mode(enum.Flag):
    READ = 1
    WRITE = 2


def test_hidden_state_counts(monkeypatch):
    assert digest_of(MangledSlots(1)) != digest_of(MangledSlots(2))
    assert digest_of(MangledSlots(1)) == digest_of(MangledSlots(1))
    assert digest_of(namespace(1)) != digest_of(namespace(2))
    assert digest_of(namespace(1)) == digest_of(namespace(1))
    monkeypatch.setattr(with_attribute, "factor", 1, raising=False)
    before = digest_of(with_attribute)
    monkeypatch.setattr(with_attribute, "factor", 2)
    assert digest_of(with_attribute) != before


def test_types_count_by_their_arguments(monkeypatch):
    found = [list[int], list[str], int | None, typing.List[int], typing.Any]
    found += [typing.Annotated[int, 1], typing.Annotated[int, 2]]
    assert len({digest_of(value) for value in found}) == len(found)
    before = digest_of(list[Private])
    monkeypatch.setattr(Private, "_size", 2)
    assert digest_of(list[Private]) != before


def test_flags_have_a_hash():
    assert digest_of(Mode.READ) != digest_of(Mode.READ | Mode.WRITE)


class OuterSlot:
    __slots__ = ("p",)


class InnerSlot(OuterSlot):
    __slots__ = ("p",)


def test_slots_of_one_name_are_two():
    value = InnerSlot()
    value.p = 1
    before, names = digest_of(value), [name for name, _ in state_of(value)]
    OuterSlot.p.__set__(value, 1)
    assert digest_of(value) != before
    assert names == ["InnerSlot.p"]
    assert list(state_of(value)) == [("InnerSlot.p", 1), ("OuterSlot.p", 1)]

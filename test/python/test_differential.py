"""Random programs, run as kernels and by Python itself, must do the same."""

from __future__ import annotations

import ast
import importlib.util
import random
import types
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import pytest
from helpers import poison, run

from tile.language import alloc, kernel, loop

LANGUAGE = types.SimpleNamespace(
    Kernel=kernel.Kernel, alloc_var=alloc.alloc_var, serial=loop.serial
)


@contextmanager
def _launch(*grid: int, threads: int = 1) -> Iterator[int]:
    yield 0


#: The same names, with Python's meaning: a variable is a name.
PYTHON = types.SimpleNamespace(
    Kernel=_launch, alloc_var=lambda dtype, init=0: init, serial=range
)

SIZE = 6


class Generator:
    """Writes a program that is valid in Python and as a kernel.

    Variables are v0.., constants of a block c0.., loop indices i0... Every
    assignment is reduced by % to a small range so that no integer overflows.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.count = 0
        self.names: list[str] = []
        self.budget = 26

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def atom(self) -> str:
        choices = ["v0", "v1", "v2", str(self.random.randint(-4, 9)), *self.names]
        choices += [f"A[{self.index()}]", f"B[{self.index()}]"]
        return self.random.choice(choices)

    def index(self) -> str:
        if self.random.random() < 0.5:
            return str(self.random.randrange(SIZE))
        return f"{self.random.choice(['v0', 'v1', *self.names])} % {SIZE}"

    def value(self, depth: int = 2) -> str:
        kind = self.random.randrange(7)
        if depth == 0 or kind == 0:
            return self.atom()
        a, b = self.value(depth - 1), self.value(depth - 1)
        if kind == 1:
            return f"({a} if {self.condition(depth - 1)} else {b})"
        if kind == 2:
            return f"(({a}) {self.random.choice(['//', '%'])} {self.random.choice([-3, 2, 5])})"
        return f"({a} {self.random.choice('+-*')} {b})"

    def condition(self, depth: int = 2) -> str:
        kind = self.random.randrange(6)
        a, b, c = (self.value(1 if depth else 0) for _ in range(3))
        ops = ["<", "<=", ">", ">=", "==", "!="]
        op, op2 = self.random.choice(ops), self.random.choice(ops)
        if depth == 0 or kind <= 1:
            return f"{a} {op} {b}"
        if kind == 2:
            return f"{a} {op} {b} {op2} {c}"
        if kind == 3:
            return f"not ({self.condition(depth - 1)})"
        word = self.random.choice(["and", "or"])
        return f"({self.condition(depth - 1)} {word} {self.condition(depth - 1)})"

    def emit(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    def block(self, indent: int, depth: int, in_loop: bool) -> None:
        known = list(self.names)
        for _ in range(self.random.randint(1, 4)):
            self.statement(indent, depth, in_loop)
        self.names = known

    def statement(self, indent: int, depth: int, in_loop: bool) -> None:
        self.budget -= 1
        simple = [self.assign, self.augment, self.store, self.swap, self.bind]
        nested = [self.branch, self.branch, self.loop, self.listed, self.while_]
        if in_loop and self.random.random() < 0.25:
            self.emit(indent, f"if {self.condition(1)}:")
            self.emit(indent + 1, self.random.choice(["break", "continue"]))
        elif depth and self.budget > 0 and self.random.random() < 0.5:
            self.random.choice(nested)(indent, depth - 1, in_loop)
        else:
            self.random.choice(simple)(indent)

    def assign(self, indent: int) -> None:
        name = self.random.choice(["v0", "v1", "v2"])
        self.emit(indent, f"{name} = ({self.value()}) % 101")

    def augment(self, indent: int) -> None:
        place = self.random.choice(["v0", "v1", "v2", f"B[{self.index()}]"])
        self.emit(indent, f"{place} {self.random.choice('+-')}= ({self.value()}) % 7")
        if not place.startswith("B"):
            self.emit(indent, f"{place} %= 97")

    def store(self, indent: int) -> None:
        self.emit(indent, f"B[{self.index()}] = ({self.value()}) % 103")

    def swap(self, indent: int) -> None:
        if self.random.random() < 0.5:
            self.emit(indent, "v0, v1 = v1, v0")
        else:
            i, j = self.index(), self.index()
            self.emit(indent, f"B[{i}], v2 = (v2 + B[{j}]) % 50, v0")

    def bind(self, indent: int) -> None:
        name = self.fresh("c")
        self.emit(indent, f"{name} = ({self.value()}) % 89")
        self.names.append(name)

    def branch(self, indent: int, depth: int, in_loop: bool) -> None:
        self.emit(indent, f"if {self.condition()}:")
        self.block(indent + 1, depth, in_loop)
        for _ in range(self.random.randrange(3) // 2):
            self.emit(indent, f"elif {self.condition()}:")
            self.block(indent + 1, depth, in_loop)
        if self.random.random() < 0.6:
            self.emit(indent, "else:")
            self.block(indent + 1, depth, in_loop)

    def loop(self, indent: int, depth: int, in_loop: bool) -> None:
        name = self.fresh("i")
        r = self.random
        bounds = r.choice(
            [str(r.randrange(4)), f"{r.randrange(3)}, v0 % 6", "6, -2, -3", "1, 7, 2"]
        )
        kind = r.choice(["range", "T.serial"])
        self.emit(indent, f"for {name} in {kind}({bounds}):")
        self.names.append(name)
        self.block(indent + 1, depth, True)
        self.names.remove(name)

    def listed(self, indent: int, depth: int, in_loop: bool) -> None:
        name = self.fresh("p")
        self.emit(indent, f"for {name} in [3, 1, 4][:{self.random.randint(1, 3)}]:")
        self.names.append(name)
        self.block(indent + 1, depth, True)
        self.names.remove(name)

    def while_(self, indent: int, depth: int, in_loop: bool) -> None:
        # A counter that nothing else touches ends every loop.
        counter = self.fresh("w")
        self.variables.append(counter)
        self.emit(indent, f"{counter} = {self.random.randint(1, 5)}")
        always = self.random.random() < 0.3
        extra = f" and {self.condition(1)}" if self.random.random() < 0.5 else ""
        test = "True" if always else f"{counter} > 0{extra}"
        self.emit(indent, f"while {test}:")
        self.emit(indent + 1, f"{counter} -= 1")
        if always:
            self.emit(indent + 1, f"if {counter} < 0:")
            self.emit(indent + 2, "break")
        self.block(indent + 1, depth, True)

    def program(self) -> str:
        self.variables = ["v0", "v1", "v2"]
        while self.budget > 0:
            self.statement(2, 3, False)
        head = ["def program(A, B):", "    with T.Kernel(1) as bx:"]
        for position, name in enumerate(self.variables):
            head.append(f'        {name} = T.alloc_var("int32", {position})')
        tail = [f"        B[{SIZE + i}] = v{i}" for i in range(3)]
        return "\n".join(head + self.lines + tail) + "\n"


def load(source: str, path: Path, language: Any) -> Any:
    """The function of a program, as a module that is written to a file."""
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.T = language  # type: ignore[attr-defined]
    spec.loader.exec_module(module)
    return module.program


@pytest.mark.filterwarnings("ignore::tile.errors.TileWarning")
@pytest.mark.parametrize("seed", range(60))
def test_same_as_python(seed: int, tmp_path: Path) -> None:
    source = Generator(seed).program()
    ast.parse(source)
    data = np.random.default_rng(seed).integers(-9, 9, SIZE).astype(np.int32)
    result = poison(SIZE + 3, np.int32)
    result[:SIZE] = data[::-1]
    expected = [int(x) for x in result]
    load(source, tmp_path / "python.py", PYTHON)([int(x) for x in data], expected)
    kernel_ = load(source, tmp_path / "kernel.py", LANGUAGE)
    run(kernel_, data, result, gpu=False)
    assert result.tolist() == expected, source

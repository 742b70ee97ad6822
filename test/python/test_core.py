"""The errors of tile._core, of which `message` says what could not be done."""

from __future__ import annotations

import pytest

from tile import DiagnosticError, _core

FUNCTION = "func.func @f() {\n  return\n}\n"
# The first iteration folds the sum, and no second one finds nothing to do.
UNFINISHED = """
func.func @f() -> i32 {
  %0 = arith.constant 1 : i32
  %1 = arith.addi %0, %0 : i32
  return %1 : i32
}
"""
SILENT = "canonicalize{max-iterations=1 test-convergence=true}"


@pytest.fixture
def context():
    return _core.Context()


def message_of(call) -> str:
    with pytest.raises(DiagnosticError) as caught:
        call()
    return caught.value.message


def test_texts(context):
    assert message_of(lambda: context.type("f3")) == "cannot parse the type 'f3'"
    assert message_of(lambda: context.attribute("#x")) == (
        "cannot parse the attribute '#x'"
    )
    assert message_of(lambda: _core.Module.parse(context, "f")) == (
        "cannot parse the module"
    )


def test_operations(context):
    builder = _core.Builder(context)
    place = context.unknown_location()

    def create(name, types=None, attributes=None):
        return builder.create(name, [], types, attributes or {}, 0, place)

    assert message_of(lambda: create("x.y")) == "unknown operation 'x.y'"
    assert message_of(lambda: create("memref.alloc")) == (
        "expected the result types of 'memref.alloc'"
    )
    assert message_of(lambda: create("arith.constant")) == (
        "cannot infer the result types of 'arith.constant'"
    )


def test_verification(context):
    module = _core.Module.parse(context, FUNCTION)
    builder = _core.Builder(context)
    builder.at_end(module.body)
    op = builder.create("memref.alloc", [], [], {}, 0, context.unknown_location())
    assert message_of(op.verify) == "verification failed"
    assert message_of(module.verify) == "verification failed"


@pytest.mark.parametrize("run", [_core.Module.run, _core.time_passes])
def test_pipelines(run, context):
    module = _core.Module.parse(context, FUNCTION)
    assert message_of(lambda: run(module, "absent")).startswith(
        "cannot parse the pipeline 'absent': "
    )
    module = _core.Module.parse(context, UNFINISHED)
    text = f"the pipeline '{SILENT}' failed"
    with pytest.raises(DiagnosticError) as caught:
        run(module, SILENT)
    # The pass itself says nothing.
    assert str(caught.value) == caught.value.message == text


def test_times_of_passes(context):
    module = _core.Module.parse(context, UNFINISHED)
    before = str(module)
    times = _core.time_passes(module, "canonicalize,cse")
    assert [name for name, _ in times] == ["canonicalize", "cse"]
    assert all(time >= 0 for _, time in times) and str(module) == before


def test_costs(context):
    text = 'tile.import "absent"\n' + FUNCTION
    module = _core.Module.parse(context, text)
    assert message_of(lambda: _core.count_costs(module, "f", [])) == (
        "cannot count the work of 'f'"
    )

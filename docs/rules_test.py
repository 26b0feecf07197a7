"""rules.md says what the rules are now, and its examples fit them."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest
from rules_doc import render
from testing.paths import repository_file

EXTRACT = Path(os.environ["RULES"]).read_text("utf-8")
RULES = {entry.name: entry for entry in render.rules_and_macros(EXTRACT)}
EXAMPLES = {
    entry.name: re.findall(r"^```starlark\n(.*?)^```$", entry.text + "\n", re.DOTALL | re.MULTILINE)
    for entry in RULES.values()
}


def test_rules_are_described_as_they_are() -> None:
    said = repository_file("docs/rules.md").read_text("utf-8")
    text = render.render(EXTRACT)
    assert said == text, "docs/rules.md is not what the rules say: ./bazelw run //docs:update_rules"


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_an_example_that_fits(name: str) -> None:
    # Starlark is a part of Python, as far as grammar goes.
    calls = [
        call
        for example in EXAMPLES[name]
        for call in ast.walk(ast.parse(example))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    ]
    assert [call for call in calls if _called(call) == name]
    for call in calls:
        if rule := RULES.get(_called(call)):
            rows = {row.name: row for row in rule.rows}
            given = {keyword.arg for keyword in call.keywords}
            taken = given - ({"size"} if "**kwargs" in rows else set())
            assert taken <= rows.keys(), f"{rule.name} does not take {taken - rows.keys()}"
            required = {row.name for row in rule.rows if row.default is None}
            assert required <= given, f"{rule.name} also needs {required - given}"


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""

"""Problems as values: how they are collected, shown, and given their line."""

from __future__ import annotations

import pytest
from codegen.problems import (
    Problems,
    ProblemsFound,
    Text,
    closest,
    did_you_mean,
    named,
    printable,
    quoted,
    step,
)

TEXT = """{
  "a": {"b/c": [
    1,
    {"d~": "x, } ] : \\" y"}
  ]},

  "e": "f", "g": [[], [
    2]],
  "": null
}
"""


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("", 1),
        ("/a", 2),
        ("/a/b~1c", 2),
        ("/a/b~1c/0", 3),
        ("/a/b~1c/1", 4),
        ("/a/b~1c/1/d~0", 4),
        ("/e", 7),
        ("/g/0", 7),
        ("/g/1", 7),
        ("/g/1/0", 8),
        ("/", 9),
        ("/a/missing/deeper", 2),
        ("/missing", 1),
    ],
)
def test_lines_of_pointers(pointer: str, line: int) -> None:
    assert Text("file", TEXT).line(pointer) == line


@pytest.mark.parametrize(
    "text", ["", "{", "]]]", '{"a": [1, {"b"', "plain", '{"a" "b", , :}', "[" * 5000]
)
def test_lines_of_what_is_not_json(text: str) -> None:
    assert Text("file", text).line("/a/b") in (0, 1)


def test_keys_given_twice() -> None:
    text = '{"a": 1,\n"b": {"x": 1, "a": 2},\n"b": {"x": 1},\n"a": 3,\n"a": 4}'
    assert Text("file", text).repeated() == [("/b", 3), ("/a", 4), ("/a", 5)]


def test_a_large_text_has_no_lines() -> None:
    large = Text("file", '{"a":\n1}' + " " * 5_000_000)
    assert large.line("/a") == 0
    assert large.repeated() == []


def test_steps() -> None:
    assert step("/a", "b/c", 3, "d~e") == "/a/b~1c/3/d~0e"
    assert step("", "a") == "/a"


def test_collecting() -> None:
    problems = Problems()
    problems.check()
    problems.warning("file", "/a", "odd")
    problems.check()
    problems.error(Text("file", TEXT), "/e", "wrong")
    problems.error("other", "", "worse", 5)
    problems.error("other", "", "worse", 5)
    assert list(map(str, problems.items)) == [
        "file /a: warning: odd",
        "file:7 /e: error: wrong",
        "other:5: error: worse",
    ]
    assert (problems.errors, problems.warnings) == (2, 1)
    with pytest.raises(ProblemsFound):
        problems.check()


def test_a_problem_without_a_file() -> None:
    problems = Problems()
    problems.error("", "", "wrong")
    assert str(problems.items[0]) == "error: wrong"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, größer, 中", "plain, größer, 中"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("\u202e\u2028\ufeff", "\\u202e\\u2028\\ufeff"),
        ("\udce9", "\\udce9"),
        ("x" * 2000, "x" * 2000),
        ("x" * 2001, "x" * 2000 + "…"),
    ],
)
def test_what_a_terminal_gets(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_quoting() -> None:
    assert quoted("a") == '"a"'
    assert quoted("a" * 80) == '"' + "a" * 80 + '"'
    assert quoted("a" * 81) == '"' + "a" * 77 + '…"'
    assert quoted(None) == "None"
    assert quoted([1] * 100).endswith("…")
    assert len(quoted([1] * 100)) == 78
    assert named("a" * 300) == '"' + "a" * 300 + '"'
    assert named("a\nb") == '"a\\nb"'


def test_guessing() -> None:
    assert closest("chanel", ["channel", "bridge"]) == "channel"
    assert closest("xyz", ["channel", "bridge"]) == ""
    assert closest("chan", ["channel"], 0.9) == ""
    assert did_you_mean("chanel", ["channel"]) == " (did you mean channel?)"
    assert did_you_mean("xyz", ["channel"]) == ""


def test_no_guessing_without_end() -> None:
    assert closest("channe", [f"channel{n}" for n in range(1001)]) == ""
    assert closest("c" * 201, ["c" * 202]) == ""
    assert closest("c" * 200, ["c" * 201]) == "c" * 201

"""YAML, read as JSON."""

from __future__ import annotations

from typing import Any

import pytest
from codegen import yaml_text
from codegen.yaml_text import YamlError


def load(text: str) -> Any:
    return yaml_text.load(text).data


def error(text: str) -> tuple[int, str]:
    with pytest.raises(YamlError) as caught:
        yaml_text.load(text)
    return caught.value.line, caught.value.cause


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-12", -12),
        ("+3", 3),
        ("0o17", 15),
        ("0xff", 255),
        ("017", 17),
        ("1.5", 1.5),
        ("-.5e3", -500.0),
        ("1e3", 1000.0),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("''", ""),
        ('"1"', "1"),
        ("'true'", "true"),
        ("!!str 1", "1"),
        ("!!int '7'", 7),
        ("!!float 7", 7),
        ("! 1", "1"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_scalars(text: str, value: Any) -> None:
    found = load(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "Yes",
        "on",
        "off",
        "y",
        "2024-01-01",
        "12:30:45",
        "1_000",
        "0b1",
        "1.2.3",
        "=",
        ".",
    ],
)
def test_texts_that_are_something_else_in_older_yaml(text: str) -> None:
    assert load(f"- {text} ") == [text]


def test_keys_are_texts_as_they_are_written() -> None:
    assert load("200: a\ntrue: b\nnull: c\n1.0: d\nno: e\n2024-01-01: f") == {
        "200": "a",
        "true": "b",
        "null": "c",
        "1.0": "d",
        "no": "e",
        "2024-01-01": "f",
    }


def test_structures() -> None:
    assert load("a: [1, {b: c}]\nd:\n  - e: f\n    g:\n  -\n  - []\nh: {}") == {
        "a": [1, {"b": "c"}],
        "d": [{"e": "f", "g": None}, None, []],
        "h": {},
    }
    assert load("") is None
    assert load("--- a\n...\n") == "a"


def test_aliases_and_merges() -> None:
    text = """
    base: &base {a: 1, b: 2}
    other: &other {b: 3, c: 4}
    one: {<<: *base, b: 5}
    two: {b: 0, <<: [*base, *other]}
    list: [*base, &x text, *x]
    """
    data = load(text)
    assert data["one"] == {"a": 1, "b": 5}
    assert data["two"] == {"a": 1, "b": 0, "c": 4}
    assert data["list"] == [{"a": 1, "b": 2}, "text", "text"]
    assert load("'<<': {a: 1}") == {"<<": {"a": 1}}
    assert load("<<: text") == {"<<": "text"}


def test_keys_that_are_there_twice() -> None:
    loaded = yaml_text.load("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert loaded.data == {"a": 3, "b": {"c": 2}}
    assert loaded.repeated == [("/b/c", 4), ("/a", 5)]


def test_lines() -> None:
    text = "# remark\na:\n  b: 1\n  c/d:\n    - x\n    - y: 2\n      z: 3\n"
    assert yaml_text.lines(text) == {
        "": 2,
        "/a": 2,
        "/a/b": 3,
        "/a/c~1d": 4,
        "/a/c~1d/0": 5,
        "/a/c~1d/1": 6,
        "/a/c~1d/1/y": 6,
        "/a/c~1d/1/z": 7,
    }


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("a: 1\nb: [1,\nc: 2", 4, "this is not YAML: "),
        ("a:\n\tb: 1", 2, "this is not YAML: "),
        ("a: 1\n b: 2", 2, "this is not YAML: mapping values are not allowed"),
        ("a: \x01", 1, "this is not YAML: "),
        ("a: *nothing", 1, "an alias refers to what it is a part of, or to nothing (*nothing)"),
        ("a: 1\nb: &b [1, *b]", 2, "an alias refers to what it is a part of"),
        ("? [a, b]\n: 1", 1, "a key must be a text"),
        ("? {a: b}\n: 1", 1, "a key must be a text"),
        ("k: &k a\n*k : 1", 2, "a key must be a text"),
        ("a: 1\n---\nb: 2", 2, "the file holds several YAML documents"),
        ("a: !!python/object/apply:os.system ['id']", 1, "the tag "),
        ("a: !!python/name:os.system ''", 1, "the tag "),
        ("a: !Ref b", 1, "the tag !Ref is not one of JSON's values"),
        ("a: !!binary aGk=", 1, "the tag "),
        ("a: !!timestamp 2024-01-01", 1, "the tag "),
        ("a: !!int b", 1, "the tag "),
        ("a: !!set {b}", 1, "the tag "),
        ("a: .inf", 1, ".inf is not a JSON number"),
        ("a: -.Inf", 1, "-.Inf is not a JSON number"),
        ("a: .NaN", 1, ".NaN is not a JSON number"),
        ("a: " + "9" * 10_000, 1, "the number is too long"),
        ("a: " + "[" * 2_000, 1, "the document is nested too deeply"),
        ("\n".join(" " * n + "a:" for n in range(2_000)), 901, "the document is nested too deeply"),
    ],
)
def test_what_cannot_be_read(text: str, line: int, cause: str) -> None:
    found = error(text)
    assert found[1].startswith(cause), found
    assert found[0] == line


def test_aliases_that_grow_without_end() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for n in range(1, 30):
        text += f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"
    line, cause = error(text)
    assert cause == "the document's aliases repeat too much of it"
    assert line < 10


def test_that_much_may_be_repeated() -> None:
    text = "a: &a [" + ", ".join(["x"] * 100) + "]\n" + "".join(f"b{n}: *a\n" for n in range(300))
    assert len(load(text)) == 301

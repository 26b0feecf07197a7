"""What starlark_doc_extract says is read, and laid out in tables that hold together."""

from __future__ import annotations

import pytest

from rules_doc import render, textproto

EXTRACT = r"""rule_info {
  rule_name: "lamp"
  doc_string: "Lights a room. Or two.\n\nMore of it."
  attribute {
    name: "name"
    doc_string: "A unique name for this target."
    type: NAME
    mandatory: true
  }
  attribute {
    name: "bulb"
    doc_string: "one | two,\nor \"more\" \342\200\246"
    type: LABEL
    default_value: "\"@@//house:bulb\""
  }
  attribute {
    name: "room"
    doc_string: "The room."
    type: STRING
    mandatory: true
  }
  advertised_providers {
    provider_name: "LampInfo"
    provider_name: "PyInfo"
    origin_key {
      name: "LampInfo"
    }
    origin_key {
      name: "PyInfo"
    }
  }
}
provider_info {
  provider_name: "LampInfo"
  doc_string: "A lamp."
  field_info {
    name: "colour"
    doc_string: "string: what it is like."
  }
  init {
    function_name: "LampInfo"
  }
}
func_info {
  function_name: "lamp_test"
  parameter {
    name: "name"
    doc_string: "the target\'s name."
    mandatory: true
  }
  parameter {
    name: "kwargs"
    doc_string: "further attributes."
  }
  doc_string: "Tests a lamp."
}
module_docstring: "Rules for lamps."
file: "//house:defs.bzl"
"""


def rows(text: str, heading: str) -> list[str]:
    """Return the lines of the table below a heading."""
    _, _, part = text.partition(f"\n## {heading}\n")
    return [line for line in part.partition("\n## ")[0].splitlines() if line.startswith("| `")]


def test_attributes_that_are_required_come_first() -> None:
    assert rows(render.render(EXTRACT), "lamp") == [
        "| `name` | name | required | A unique name for this target. |",
        "| `room` | string | required | The room. |",
        '| `bulb` | label | `"@asterisk_rest_libraries//house:bulb"` | One \\| two, or "more" … |',
    ]


def test_a_rule_says_what_it_gives_and_is_in_the_list() -> None:
    text = render.render(EXTRACT)
    assert "It gives [LampInfo](#lampinfo) and `PyInfo`.\n" in text
    assert "| [lamp](#lamp) | Lights a room. |\n" in text
    assert "Lights a room. Or two.\n\nMore of it.\n" in text


def test_macros_and_providers() -> None:
    text = render.render(EXTRACT)
    assert rows(text, "lamp_test") == [
        "| `name` | required | The target's name. |",
        "| `**kwargs` |  | Further attributes. |",
    ]
    assert rows(text, "LampInfo") == ["| `colour` | string | What it is like. |"]
    assert "its constructor" in text


@pytest.mark.parametrize("mode", ["//", "@//", "@@//"])
def test_labels_are_those_of_other_repositories_in_both_modes(mode: str) -> None:
    text = render.render(EXTRACT.replace("@@//", mode))
    assert text == render.render(EXTRACT)


@pytest.mark.parametrize("written", [r"\303\251", r"\303\203\302\251"], ids=["once", "twice"])
def test_letters_are_letters_whichever_bazel_wrote_them(written: str) -> None:
    text = render.render(EXTRACT.replace("Rules for lamps", f"Rules for caf{written}s"))
    assert "Rules for cafés." in text


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("The room.", "lamp.room"),
        ("further attributes.", "lamp_test"),
        ("Tests a lamp.", "lamp_test"),
        ("A lamp.", "LampInfo"),
        ("Rules for lamps.", "defs.bzl"),
    ],
)
def test_nothing_goes_without_documentation(text: str, whose: str) -> None:
    with pytest.raises(render.Undocumented, match=rf"{whose}.* has no documentation"):
        render.render(EXTRACT.replace(f'"{text}"', '""'))


def test_a_field_of_a_provider_says_its_type() -> None:
    with pytest.raises(render.Undocumented, match=r"LampInfo\.colour says no type"):
        render.render(EXTRACT.replace("string: what", "what"))


def test_an_unknown_type_is_no_blank() -> None:
    with pytest.raises(textproto.Unreadable, match=r"lamp\.room: the type LICENSE has no name"):
        render.render(EXTRACT.replace("type: STRING", "type: LICENSE"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a {\n", "the text ends within a message"),
        ("}\n", "line 1 ends what did not begin"),
        ("a: 1\nb = 2\n", "line 2 is no field: b = 2"),
        ('a: "b\n', "line 1 is no field"),
    ],
)
def test_what_is_no_textproto_is_said(text: str, message: str) -> None:
    with pytest.raises(textproto.Unreadable, match=message):
        textproto.read(text)


def test_fields_repeat_and_nest() -> None:
    text = 'a {\n  b: "\\"\\\\\\t\\303\\244"\n  c: X\n}\na {\n}\nd: false\n'
    assert textproto.read(text) == {"a": [{"b": ['"\\\tä'], "c": ["X"]}, {}], "d": [False]}

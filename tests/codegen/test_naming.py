"""Names made of a document's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from codegen.naming import (
    Scope,
    camel,
    kebab,
    kept,
    kept_class,
    pascal,
    plan,
    reserved_words,
    snake,
    upper_snake,
    words,
)
from codegen.problems import GenerationError
from codegen.text import DocText

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("getChannelVar", "get channel var"),
        ("absorbDTMF", "absorb dtmf"),
        ("RTPstat", "rtp stat"),
        ("RTPStat", "rtp stat"),
        ("HTTPServer", "http server"),
        ("HTTPSServer", "https server"),
        ("RESTResponse", "rest response"),
        ("getHTTPResponseCode", "get http response code"),
        ("DialplanCEP", "dialplan cep"),
        ("CallerID", "caller id"),
        ("channelIDs", "channel ids"),
        ("channel_ids", "channel ids"),
        ("rtp_statistics", "rtp statistics"),
        ("X-Trace-Id", "x trace id"),
        ("a.b c/d", "a b c d"),
        ("__proto__", "proto"),
        ("sha256Sum", "sha256 sum"),
        ("2faCode", "2fa code"),
        ("moh", "moh"),
        ("A", "a"),
        ("aB", "a b"),
        ("", ""),
        ("***", ""),
        ("Größe", "grou00dfe"),
        ("café", "cafe"),
        ("on\u2605off", "on off"),
        ("aDTMFs", "a dtmfs"),
        ("ABc", "a bc"),
        ("имя", "u0438u043cu044f"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (snake, "get_channel_var"),
        (upper_snake, "GET_CHANNEL_VAR"),
        (kebab, "get-channel-var"),
        (camel, "getChannelVar"),
        (pascal, "GetChannelVar"),
        (kept, "getChannelVar"),
        (kept_class, "GetChannelVar"),
    ],
)
def test_styles(style: Callable[[str], str], expected: str) -> None:
    assert style("getChannelVar") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2fa", "n2fa"),
        ("+1", "n1"),
        ("*", "x2a"),
        ("#", "x23"),
        ("class", "class"),
        ("*" * 50, "_".join(["x2a"] * 20)),
    ],
)
def test_snake_of_odd_texts(text: str, expected: str) -> None:
    assert snake(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("channel_ids", "channel_ids"),
        ("absorbDTMF", "absorbDTMF"),
        ("a-b c", "a_b_c"),
        ("__class__", "class__"),
        ("_private", "private"),
        ("9lives", "n9lives"),
        ("*", "x2a"),
        ("_", "x5f"),
    ],
)
def test_names_kept_as_they_are(text: str, expected: str) -> None:
    assert kept(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("RTPstat", "RTPstat"), ("a-b", "AB"), ("thing", "Thing"), ("9x", "N9x")]
)
def test_classes(text: str, expected: str) -> None:
    assert kept_class(text) == expected


HOSTILE = [
    '"""',
    "'; import os #",
    "x\ny",
    "x\u2028y",
    "../../etc/passwd",
    "..",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "=cut",
    "$x @y %z",
    "*/",
    "\\",
    "a" * 100_000,
    "\x00",
    "\u202eabc",
    "ﬁ",
    "x" + "_" * 500,
    "\uff11\uff12",
]


@pytest.mark.parametrize("style", [snake, upper_snake, camel, pascal, kept, kept_class])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_become_harmless_names(style: Callable[[str], str], text: str) -> None:
    name = style(DocText(text))
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
    assert len(name) <= 100
    assert type(name) is str


@pytest.mark.parametrize("style", [snake, upper_snake, kebab, camel, pascal, kept, kept_class])
@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_name_of_nothing(style: Callable[[str], str], text: str) -> None:
    with pytest.raises(GenerationError, match="no name can be made"):
        style(text)


# --- scopes


def test_reserved_words_get_a_suffix() -> None:
    assert plan(["from", "to"], snake, {"from"}) == {"from": "from_", "to": "to"}


def test_collisions_are_numbered() -> None:
    assert plan(["getVar", "get_var", "GetVar"], snake) == {
        "get_var": "get_var",
        "getVar": "get_var_2",
        "GetVar": "get_var_3",
    }


def test_a_name_of_its_own_is_never_moved_by_anothers_correction() -> None:
    # "from" becomes from_, which the document has too: that one keeps its name.
    assert plan(["from", "from_"], kept, {"from"}) == {"from_": "from_", "from": "from_2"}


def test_a_number_that_is_taken_too() -> None:
    assert plan(["a b", "a_b", "a_b_2"], snake) == {
        "a_b": "a_b",
        "a_b_2": "a_b_2",
        "a b": "a_b_3",
    }


def test_names_that_differ_in_case_only() -> None:
    assert plan(["VLAN", "Vlan"], kept) == {"VLAN": "VLAN", "Vlan": "Vlan"}
    assert plan(["VLAN", "Vlan"], kept, fold=True) == {"VLAN": "VLAN", "Vlan": "Vlan_2"}
    assert plan(["Con"], kept, {"con"}) == {"Con": "Con"}
    assert plan(["Con"], kept, {"cOn"}, fold=True) == {"Con": "Con_"}
    scope = Scope(kept)
    assert [scope.add("VLAN"), scope.add("Vlan")] == ["VLAN", "Vlan"]


def test_a_suffix_and_a_separator_of_ones_own() -> None:
    names = plan(["delete", "a-b", "aB"], camel, {"delete"}, suffix="$", separator="")
    assert names == {"delete": "delete$", "aB": "aB", "a-b": "aB2"}


def test_the_plan_keeps_the_order_and_depends_on_nothing_else() -> None:
    texts = ["get", "list", "getVar", "get_var", "class"]
    assert list(plan(texts, snake)) == texts
    assert plan(texts, snake, {"class"}) == plan(texts, snake, {"class"})


def test_adding_to_a_scope() -> None:
    scope = Scope(snake, {"self"})
    assert scope.add("aB") == "a_b"
    assert scope.add("a_b") == "a_b_2"
    assert scope.add("self") == "self_"
    assert scope.add("self") == "self_2"
    assert scope.plan([(1, "a_b"), (2, "c")]) == {1: "a_b_3", 2: "c"}


def test_a_file_of_reserved_words(tmp_path: Path) -> None:
    path = tmp_path / "reserved.txt"
    path.write_text("# keywords\nif else\nfor  # a loop\n\n")
    assert reserved_words(path) == {"if", "else", "for"}

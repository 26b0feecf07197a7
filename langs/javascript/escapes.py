"""From a document's text to JavaScript source: literals, comments, JSON and Markdown.

Text of a document reaches generated files through these functions only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from codegen.text import Code, fenced

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")


def literal(value: Any) -> Code:
    """A JavaScript literal of a JSON value, on one line, in the form that formatters leave alone."""
    if value is None:
        return Code("null")
    if isinstance(value, bool):
        return Code("true" if value else "false")
    if isinstance(value, str):
        return Code(_string(str(value)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return Code(str(int(value)))
    if isinstance(value, (int, float)):
        return Code(json.dumps(value))
    if isinstance(value, (list, tuple)):
        return Code(f"[{', '.join(literal(item) for item in value)}]")
    if isinstance(value, Mapping):
        items = ", ".join(f"{key(name)}: {literal(item)}" for name, item in value.items())
        return Code(f"{{ {items} }}" if items else "{}")
    raise TypeError(f"no literal for {type(value).__name__}")


def _string(text: str) -> str:
    # Only ASCII: no separator of lines, nothing unprintable, no lone surrogate is left as it is.
    quoted = json.dumps(text)
    if '"' in text and "'" not in text:
        # Formatters want the quotes that need fewer escapes.
        return "'" + quoted[1:-1].replace('\\"', '"') + "'"
    return quoted


def key(name: str) -> Code:
    """A property's name in an object literal."""
    return (
        Code(name)
        if _IDENTIFIER.match(name) and name != "__proto__"
        else Code(f"[{_string(name)}]")
    )


def json_text(value: Any) -> Code:
    """A JSON value for a JSON file."""
    return Code(json.dumps(value))


def clean(text: str) -> str:
    """Text of a document on one line, fit for a comment."""
    words = " ".join(text.split())
    if words.isprintable():
        return words
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in words)


@cache  # the same texts stand in the comments of resources, of models and of the types
def in_comment(text: str) -> str:
    """Cleaned text that neither ends a comment nor is taken for one of its tags."""
    return re.sub(r"(^|[\s{*])@", r"\1\\@", clean(text).replace("*/", "*\\/"))


def markdown(value: str) -> Code:
    """Text for a README: one line, nothing that Markdown would take for markup."""
    return Code(
        "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in clean(value))
    )


def program(value: str) -> Code:
    """A program for a README, as a block of code."""
    return fenced(value, "js")

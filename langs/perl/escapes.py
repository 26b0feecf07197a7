"""From a document's text to Perl source: literals, comments and POD; to JSON and Markdown.

Text of a document reaches generated files through these functions only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from codegen.text import Code, fenced

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORD = re.compile(r"[A-Za-z0-9_.:/*-]+\Z")

#: What stands in double quotes as it is; no sigil is among them.
_PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#%&'()*+,-./:;<=>?[]^_`{|}~"
)


#: What begins and ends formatting codes in POD.
_CODES = str.maketrans({"<": "E<lt>", ">": "E<gt>"})


def literal(value: Any) -> Code:
    """A Perl literal of a JSON value, on one line."""
    if value is None:
        return Code("undef")
    if isinstance(value, bool):
        # What every JSON module writes as true and false.
        return Code("\\1" if value else "\\0")
    if isinstance(value, str):
        return Code(_string(str(value)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return Code(str(int(value)))
    if isinstance(value, int) and abs(value) >= 2**63:
        return Code(repr(float(value)))
    if isinstance(value, (int, float)):
        return Code(json.dumps(value))
    if isinstance(value, (list, tuple)):
        return Code(f"[ {', '.join(literal(item) for item in value)} ]" if value else "[]")
    if isinstance(value, Mapping):
        items = ", ".join(f"{key(name)} => {literal(item)}" for name, item in value.items())
        return Code(f"{{ {items} }}" if items else "{}")
    raise TypeError(f"no literal for {type(value).__name__}")


def _string(text: str) -> str:
    if text.isascii() and text.isprintable():
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    # Only ASCII: no end of a line, nothing unprintable is left as it is.
    return '"' + "".join(c if c in _PLAIN else f"\\x{{{ord(c):x}}}" for c in text) + '"'


def key(name: str) -> Code:
    """A key before a fat comma."""
    return Code(name) if _IDENTIFIER.match(name) else literal(str(name))


def words(values: Any) -> list[str] | None:
    """The values as words for ``qw``, if all of them can be."""
    if all(isinstance(value, str) and _WORD.match(value) for value in values):
        return [str(value) for value in values]
    return None


def clean(text: str) -> str:
    """Text of a document on one line."""
    found = " ".join(text.split())
    if found.isprintable():
        return found
    return "".join(c if c.isprintable() else f"\\x{{{ord(c):x}}}" for c in found)


def in_comment(text: str) -> str:
    """Cleaned text for a comment; it must not stand at the comment's beginning, where Perl obeys ``# line``."""
    return clean(text)


@cache  # the same texts stand in the POD of resources and of models
def in_pod(text: str) -> str:
    """Cleaned text for a paragraph of POD, without formatting codes, or words that mean something.

    At the beginning of a line ``=cut`` ends the POD, and Perl obeys ``# line 1 "file"`` within it, too."""
    found = clean(text).translate(_CODES)
    return re.sub(r"(^| )([=#])", lambda word: f"{word[1]}E<{ord(word[2])}>", found)


def pod(text: str) -> Code:
    """Text within a paragraph of POD."""
    return Code(in_pod(text))


def pod_program(text: str) -> Code:
    """A program in POD, shown as it is."""
    lines = (clean_line(line) for line in text.strip("\n").splitlines())
    return Code("\n".join(f"    {line}" if line else "" for line in lines))


def clean_line(line: str) -> str:
    """A line of a program, with its blanks, and nothing that cannot be printed."""
    return "".join(c if c.isprintable() else f"\\x{{{ord(c):x}}}" for c in line.rstrip())


def json_text(value: Any) -> Code:
    """A JSON value for a JSON file."""
    return Code(json.dumps(value))


def markdown(value: str) -> Code:
    """Text for a README: one line, nothing that Markdown would take for markup."""
    return Code(
        "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in clean(value))
    )


def program(value: str) -> Code:
    """A program for a README, as a block of code."""
    return fenced(value, "perl")

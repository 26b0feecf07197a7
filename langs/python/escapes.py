"""From a document's text to Python source: literals, comments, docstrings, TOML and Markdown.

Text of a document reaches generated files through these functions only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from codegen.text import Code, fenced


def literal(value: Any) -> Code:
    """A Python literal of a JSON value, in the form that formatters leave alone."""
    if isinstance(value, str):
        return Code(_string(str(value)))
    if value is None or isinstance(value, (bool, int, float)):
        return Code(repr(value))
    if isinstance(value, (list, tuple)):
        items = ", ".join(literal(item) for item in value)
        return Code(f"({items},)" if len(value) == 1 else f"({items})")
    if isinstance(value, Mapping):
        items = ", ".join(f"{literal(name)}: {literal(item)}" for name, item in value.items())
        return Code(f"{{{items}}}")
    raise TypeError(f"no literal for {type(value).__name__}")


def _string(text: str) -> str:
    # ascii() escapes everything that could end a line or the literal, and lone surrogates.
    quoted = ascii(text) if not text.isprintable() else repr(text)
    body = quoted[1:-1]
    if quoted[0] == "'":
        # Formatters want double quotes wherever that needs no more escapes.
        plain = body.replace("\\'", "'")
        if '"' not in plain:
            return f'"{plain}"'
        if plain.count('"') <= plain.count("'"):
            return '"' + plain.replace('"', '\\"') + '"'
        return f"'{body}'"
    return quoted


def clean(text: str) -> str:
    """Text of a document on one line, fit for a comment or a docstring."""
    words = " ".join(text.split())
    if words.isprintable():
        return words
    # What cannot be printed could end a line for some tool, or hide what follows.
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in words)


@cache  # the same texts stand in the docstrings of resources, of models and of the main class
def in_docstring(text: str) -> str:
    """Cleaned text with everything escaped that means something within triple quotes."""
    return clean(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def toml(value: Any) -> Code:
    """A TOML basic string or list of them."""
    if isinstance(value, (list, tuple)):
        return Code(f"[{', '.join(toml(item) for item in value)}]")
    text = clean(value).replace("\\", "\\\\").replace('"', '\\"')
    return Code(f'"{text}"')


def markdown(value: str) -> Code:
    """Text for a README or a licence: one line, nothing that Markdown would take for markup."""
    text = clean(value)
    return Code("".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in text))


def program(value: str) -> Code:
    """A program for a README, as a block of code."""
    return fenced(value, "python")

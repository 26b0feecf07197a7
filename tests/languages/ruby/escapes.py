"""From a document's text to Ruby source. Such text reaches generated files through these functions only."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable
from typing import Any

from codegen.text import Code, fenced

#: The longest line of generated code.
WIDTH = 120

# What would run code within double quotes: #{…}, #@variable, #$variable.
_INTERPOLATION = re.compile(r"#(?=[{$@])")

# Ruby takes a comment such as "frozen_string_literal: false" for a directive, anywhere in a file; so it does in -*-.
_DIRECTIVE = re.compile(r"\W*[\w-]+\s*:\s*\S+")


def literal(value: Any) -> Code:
    """A Ruby literal of a JSON value."""
    if value is None:
        return Code("nil")
    if isinstance(value, bool):
        return Code("true" if value else "false")
    if isinstance(value, str):
        return Code(f'"{_INTERPOLATION.sub(_escaped, "".join(map(_character, value)))}"')
    if isinstance(value, (list, tuple)):
        return Code(f"[{', '.join(map(literal, value))}]")
    if isinstance(value, dict):
        return Code(f"{{ {', '.join(f'{literal(k)} => {literal(v)}' for k, v in value.items())} }}")
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return Code(repr(value))
    raise TypeError(f"no literal for {value!r}")


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found.group()}"


def _character(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    if one.isprintable():
        return one
    # Half of a pair is no character for Ruby: it is written as bytes.
    return f"\\u{{{ord(one):x}}}" if not 0xD800 <= ord(one) <= 0xDFFF else _bytes(one)


def _bytes(one: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in one.encode("utf-8", "surrogatepass"))


def clean(text: str) -> str:
    """The text on one line: nothing in it ends a line or hides what follows."""
    return "".join(_character(c) if not c.isprintable() else c for c in " ".join(text.split()))


def comment(*paragraphs: str | Iterable[str], indent: int = 4) -> Code:
    """Paragraphs of text, or of lines that stand below each other, as comment lines."""
    lines: list[str] = []
    for paragraph in paragraphs:
        entries = [paragraph] if isinstance(paragraph, str) else list(paragraph)
        wrapped = [line for entry in entries for line in _wrapped(entry, WIDTH - indent - 2)]
        lines += ["", *wrapped] if lines and wrapped else wrapped
    return Code("\n".join(f"# {_plain(line)}".rstrip() for line in lines or ["(no description)"]))


def _wrapped(text: str, width: int) -> list[str]:
    # A tag's further lines are indented, as YARD wants them.
    rest = "  " if text.startswith("@") else ""
    return textwrap.wrap(
        clean(text),
        width,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(line: str) -> str:
    """The line so that Ruby takes it for no directive."""
    if _DIRECTIVE.fullmatch(line):
        line = line.replace(":", "\\:")
    return re.sub(r"(?<=-)\*(?=-)", r"\\*", line)


def markdown(value: str) -> Code:
    """Text for a README: one line, nothing that Markdown would take for markup."""
    return Code(re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", clean(value)))


def program(value: str) -> Code:
    """A program for a README, as a block of code."""
    return fenced(value, "ruby")

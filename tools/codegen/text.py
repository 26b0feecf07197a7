"""Strings that came from an API document."""

from __future__ import annotations

import re


class DocText(str):
    """A string that an API document supplied, and so an untrusted one.

    It is a type of its own so that a template cannot print it by accident: the renderer
    refuses a bare ``DocText`` and accepts only what one of the language's filters (literal,
    comment, identifier) made of it.  Every operation of ``str`` gives back a plain ``str``;
    whoever cuts or joins such text wraps the outcome in ``DocText`` again, or escapes it first.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"DocText({str.__repr__(self)})"


class Code(str):
    """Text that is source code of the target language: the only text a template prints as it is.

    Filters and language modules return it; nothing from a document becomes ``Code`` except
    through an escaping function of the language.
    """

    __slots__ = ()


def fenced(text: str, language: str) -> Code:
    """A Markdown block of code, whose fence is longer than any in ``text``."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = [f"{fence}{language}", *map(_visible, text.strip("\n").splitlines()), fence]
    return Code("\n".join(lines))


def _visible(line: str) -> str:
    # What cannot be printed could hide what the block really says.
    return "".join(c if c.isprintable() or c == "\t" else f"\\u{ord(c):04x}" for c in line)

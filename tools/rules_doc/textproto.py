"""Reads the text form of protocol buffers, as far as Bazel's starlark_doc_extract writes it.

That is one field to a line, ``NAME: VALUE`` or ``NAME {`` to the ``}`` that ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What a message holds: each field's values, in their order.
Message = dict[str, list["Value"]]
Value = str | bool | Message

_FIELD = re.compile(
    r'\s*(?:(?P<name>\w+)(?:: (?P<value>"(?:[^"\\]|\\.)*"|\w+)| (?P<open>\{))|(?P<close>\}))\s*\Z'
)
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|(.))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}


class Unreadable(Exception):
    """The text is not of that form."""


def read(text: str) -> Message:
    """Return the message that the text holds."""
    lines = enumerate(text.splitlines(), 1)
    message = _message(lines, outermost=True)
    return message


def _message(lines: Iterator[tuple[int, str]], *, outermost: bool = False) -> Message:
    message: Message = {}
    for number, line in lines:
        field = _FIELD.match(line)
        if not field:
            raise Unreadable(f"line {number} is no field: {line}")
        if field["close"]:
            if outermost:
                raise Unreadable(f"line {number} ends what did not begin")
            return message
        value = _message(lines) if field["open"] else _value(field["value"])
        message.setdefault(field["name"], []).append(value)
    if not outermost:
        raise Unreadable("the text ends within a message")
    return message


def _value(text: str) -> str | bool:
    if not text.startswith('"'):
        return text == "true" if text in ("true", "false") else text
    # Escapes stand for bytes: what is not ASCII takes several.
    return _ESCAPE.sub(_unescaped, text[1:-1]).encode("latin-1").decode("utf-8")


def _unescaped(escape: re.Match[str]) -> str:
    octal, letter = escape.groups()
    return chr(int(octal, 8)) if octal else _LETTERS.get(letter, letter)

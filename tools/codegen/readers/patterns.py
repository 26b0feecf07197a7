"""Regular expressions of documents that every language reads alike.

Documents write them in the dialect of ECMAScript, and a library of each language would run them in its own.
What is taken here means the same in all of them and cannot run for ever: letters, digits and a few signs, escaped
signs, classes, alternatives in groups, and counts, of which only ``?`` may stand after a group.
"""

from __future__ import annotations

import re

_CLASS = (
    r"\[\^?(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9 _@*+.,:;/%#~!&=<>$(){}|?]|\\[-.*+?/\\\[\]^d])+-?\]"
)
_COUNT = r"[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\}"
_ATOM = re.compile(
    rf"(?:[A-Za-z0-9 _@,:;/%#~!&=<>-]|\\[-.*+?/\\\[\](){{}}|^$d]|{_CLASS})(?:{_COUNT})?"
)
_ESCAPED = re.compile(r"\\.")
_LONGEST = 500


def portable(pattern: str) -> str | None:
    """Return what a whole text must match, without the anchors; ``None`` where languages could differ.

    A pattern that is not anchored on both sides finds its match anywhere in a text; such a one is not taken.
    """
    if not (pattern.startswith("^") and pattern.endswith("$")) or len(pattern) > _LONGEST:
        return None
    inner = pattern[1:-1]
    at = depth = 0
    while at < len(inner):
        sign = inner[at]
        if sign == "(":
            depth += 1
            at += 3 if inner.startswith("?:", at + 1) else 1
        elif sign == ")" and depth:
            depth -= 1
            at += 2 if inner[at + 1 : at + 2] == "?" else 1
            if inner[at : at + 1] in ("*", "+", "?", "{"):
                return None
        elif sign == "|" and depth:
            at += 1
        elif atom := _ATOM.match(inner, at):
            at = atom.end()
            if inner[at : at + 1] in ("*", "+", "?"):
                return None  # lazy, or possessive
        else:
            return None
    if depth:
        return None
    # A digit is any script's in some languages. Within a class it would need another form.
    if "\\d" in _ESCAPED.findall(inner):
        if "[" in inner:
            return None
        inner = _ESCAPED.sub(lambda sign: "[0-9]" if sign[0] == "\\d" else sign[0], inner)
    try:
        re.compile(inner)
    except re.error:
        return None
    return inner

"""Errors and warnings as values: what is wrong, in which file, and where in it.

A reader does not stop at the first mistake.  It reports each one to a ``Problems`` and goes on as
far as it can; at the end the caller shows them all, and ``Problems.check`` ends the run if there
was an error among them.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from .values import value

if TYPE_CHECKING:
    from collections.abc import Collection

#: Above this size (in characters) a file's lines are not counted: it would take too long.
_LINES_LIMIT = 5_000_000


@value
class Problem:
    """One thing that is wrong.

    ``file`` is the document as the user named it, ``pointer`` a JSON pointer into it (empty: the
    document as a whole), ``line`` counts from 1 (0: unknown), ``level`` is ``error`` or
    ``warning``.
    """

    file: str
    pointer: str
    line: int
    cause: str
    level: str = "error"

    def __str__(self) -> str:
        place = printable(self.file)
        if self.line:
            place += f":{self.line}"
        if self.pointer:
            place += f" {printable(self.pointer)}"
        return (
            f"{place}: {self.level}: {printable(self.cause)}"
            if place
            else f"{self.level}: {printable(self.cause)}"
        )


class ProblemsFound(Exception):
    """The run cannot go on; the problems have been collected in a ``Problems``."""


class GenerationError(Exception):
    """A library cannot be written: a template or a language refused something.

    Its text is shown to the user as it is.
    """


class Text:
    """A document's text, which finds the line of a JSON pointer when a problem asks for it."""

    __slots__ = ("_index", "_text", "name")

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self._text = text
        self._index: tuple[dict[str, int], list[tuple[str, int]]] | None = None

    def line(self, pointer: str) -> int:
        """Return the line of what ``pointer`` names, or of what is around it; 0 if unknown."""
        lines = self._indexed()[0]
        while pointer not in lines:
            if not pointer:
                return 0
            pointer = pointer.rpartition("/")[0]
        return lines[pointer]

    def repeated(self) -> list[tuple[str, int]]:
        """Return pointer and line of each key that its object has already."""
        return self._indexed()[1]

    def _indexed(self) -> tuple[dict[str, int], list[tuple[str, int]]]:
        if self._index is None:
            short = len(self._text) <= _LINES_LIMIT
            self._index = _index(self._text) if short else ({}, [])
        return self._index


class Problems:
    """Collects problems; an identical one is kept once."""

    def __init__(self) -> None:
        self.items: list[Problem] = []
        self._seen: set[Problem] = set()

    def error(self, file: Text | str, pointer: str, cause: str, line: int = 0) -> None:
        """Report what makes the result impossible."""
        self._add(file, pointer, cause, line, "error")

    def warning(self, file: Text | str, pointer: str, cause: str, line: int = 0) -> None:
        """Report what is wrong but has a clear meaning."""
        self._add(file, pointer, cause, line, "warning")

    def _add(self, file: Text | str, pointer: str, cause: str, line: int, level: str) -> None:
        name = file if isinstance(file, str) else file.name
        if not line and isinstance(file, Text):
            line = file.line(pointer)
        problem = Problem(name, pointer, line, cause, level)
        if problem not in self._seen:
            self._seen.add(problem)
            self.items.append(problem)

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(1 for problem in self.items if problem.level == "error")

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return len(self.items) - self.errors

    def check(self) -> None:
        """End the run if an error was reported."""
        if self.errors:
            raise ProblemsFound


def step(pointer: str, *keys: str | int) -> str:
    """``pointer`` with further steps; ``/`` and ``~`` in a key are escaped as RFC 6901 says."""
    for key in keys:
        text = str(key)
        if "~" in text or "/" in text:
            text = text.replace("~", "~0").replace("/", "~1")
        pointer = f"{pointer}/{text}"
    return pointer


def printable(text: str) -> str:
    """Return ``text`` for a terminal: without control characters and not without end.

    With such characters a document could write over what is shown.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escape(c) for c in text)
    return text if len(text) <= 2000 else text[:2000] + "…"


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def quoted(text: object) -> str:
    """``text`` in quotation marks, cut where it is long: how messages name what a document says."""
    if isinstance(text, str):
        shown = text if len(text) <= 80 else text[:77] + "…"
        return f'"{shown}"'
    shown = repr(text)
    return shown if len(shown) <= 80 else shown[:77] + "…"


def named(path: object) -> str:
    """Return ``path`` in quotation marks, as messages name files: never cut."""
    return f'"{printable(str(path))}"'


def closest(word: str, known: Collection[str], likeness: float = 0.6) -> str:
    """Return the one of ``known`` that ``word`` most likely means; empty if none is near."""
    from difflib import get_close_matches  # only where something is misspelt

    # A large document may hold very many mistakes, and very many names to compare each with.
    if len(known) > 1000 or len(word) > 200:
        return ""
    close = get_close_matches(word, sorted(known), 1, likeness)
    return close[0] if close else ""


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return the end of a message about an unknown ``word``; empty if none of ``known`` is near."""
    close = closest(word, known)
    return f" (did you mean {close}?)" if close else ""


_TOKEN = r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]|[^\s{}\[\],:"]+'


def _index(text: str) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Return the line of each JSON pointer in ``text``, and the keys that are given twice.

    It looks only at the brackets and keys, so that it also works on a text that is not quite JSON.
    """
    import json

    lines = {"": 1}
    repeated: list[tuple[str, int]] = []
    line = 1
    # Of each open bracket the pointer, and the index of the next element (-1: an object).
    stack: list[tuple[str, int]] = []
    pointer = ""
    expect_key = False
    for match in re.finditer(_TOKEN, text, re.DOTALL):
        mark = match.group()
        if mark == "\n":
            line += 1
        elif mark in "{[":
            lines.setdefault(pointer, line)
            stack.append((pointer, -1 if mark == "{" else 0))
            if len(stack) > 200:
                break
            expect_key = mark == "{"
            if mark == "[":
                pointer = f"{pointer}/0"
        elif mark in "}]":
            if stack:
                stack.pop()
            expect_key = False
        elif mark == ",":
            if stack:
                base, index = stack[-1]
                if index == -1:
                    expect_key = True
                    pointer = base
                else:
                    stack[-1] = (base, index + 1)
                    pointer = f"{base}/{index + 1}"
        elif mark == ":":
            expect_key = False
        elif expect_key and mark[0] == '"':
            key = mark[1:-1]
            if "\\" in key:
                with contextlib.suppress(ValueError):
                    key = str(json.loads(mark, strict=False))
            pointer = step(stack[-1][0], key)
            if pointer in lines:
                repeated.append((pointer, line))
                # What the earlier one holds is forgotten: the keys below are not repeated.
                for other in [p for p in lines if p.startswith(pointer + "/")]:
                    del lines[other]
            lines[pointer] = line
            line += mark.count("\n")
        else:
            lines.setdefault(pointer, line)
            line += mark.count("\n")
    return lines, repeated

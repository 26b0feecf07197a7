"""The Python programs that stand in the documents.

In ``docs/python.md`` the blocks of one section are one program, which begins with the first block of the
document.  A comment below the section's heading says how it is run:

    <!-- program -->                    it ends by itself
    <!-- program: call -->              a call comes from the dialplan while it runs
    <!-- program: restart -->           Asterisk is restarted while it runs
    <!-- program: …, Ctrl-C -->         afterwards somebody ends it
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from testing.paths import repository_file

from tests.docs import markdown

#: What may happen to a program.
MANNERS = frozenset({"call", "restart", "Ctrl-C"})


@dataclass(frozen=True)
class Program:
    """A program, and what happens while it runs."""

    name: str
    text: str
    manner: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.name


def of_the_library() -> list[Program]:
    """The programs in docs/python.md."""
    document = markdown.read(repository_file("docs/python.md"))
    programs: list[Program] = []
    opening = ""
    for section in document.sections:
        blocks = [block.text for block in section.blocks if block.language == "python"]
        if not blocks:
            continue
        assert len(section.comments) == 1, f"{section.title}: how is this program run?"
        kind, _, words = section.comments[0].partition(":")
        manner = frozenset(word.strip() for word in words.split(",") if word.strip())
        assert kind == "program", f"{section.title}: {section.comments}"
        assert manner <= MANNERS, f"{section.title}: {section.comments}"
        first = [opening] if opening else []
        programs.append(Program(section.title, "\n".join([*first, *blocks]), manner))
        opening = opening or blocks[0]
    return programs


def environment() -> dict[str, str]:
    """What a process needs that shall import the same as this one, wherever it runs."""
    path = os.pathsep.join(map(os.path.abspath, sys.path))
    return {**os.environ, "PYTHONPATH": path}

"""Just enough of Markdown for tests of documents: headings, links and fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"(`{3,}|~{3,})\s*([\w+-]*)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->$")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_SOURCE = re.compile(r"<(?:img|source|a)\b[^>]*?\b(?:src|srcset|href)=\"([^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line on which the text begins."""

    language: str
    text: str
    line: int


@dataclass
class Section:
    """What stands between two headings; the text before the first is a section without title."""

    title: str
    line: int
    blocks: list[Block] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass
class Document:
    """A Markdown file."""

    path: Path
    sections: list[Section]
    #: Where its links lead, each with its line.
    links: list[tuple[str, int]]

    @property
    def blocks(self) -> list[Block]:
        """All fenced blocks."""
        return [block for section in self.sections for block in section.blocks]

    @property
    def anchors(self) -> set[str]:
        """What a link may name after a ``#``."""
        found: set[str] = set()
        for section in self.sections:
            anchor = plain = anchor_of(section.title)
            number = 0
            while anchor in found:
                number += 1
                anchor = f"{plain}-{number}"
            found.add(anchor)
        return found


def anchor_of(title: str) -> str:
    """The anchor that GitHub gives to a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "")
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def read(path: Path) -> Document:
    """Read a Markdown file; a fence that is never closed is an error."""
    document = Document(path, [Section("", 0)], [])
    lines = iter(enumerate(path.read_text("utf-8").splitlines(), 1))
    for number, line in lines:
        if (fence := _FENCE.match(line)) is not None:
            document.sections[-1].blocks.append(_block(fence, number, lines, path))
        elif (heading := _HEADING.match(line)) is not None:
            document.sections.append(Section(heading.group(2), number))
        elif (comment := _COMMENT.match(line.strip())) is not None:
            document.sections[-1].comments.append(comment.group(1))
        else:
            # What stands in code is an example of a link, not one.
            text = re.sub(r"`[^`]*`", "", line)
            targets = [*_LINK.findall(text), *_SOURCE.findall(text)]
            document.links += [(target, number) for target in targets]
    return document


def _block(
    fence: re.Match[str], number: int, lines: Iterator[tuple[int, str]], path: Path
) -> Block:
    mark, language = fence.groups()
    text: list[str] = []
    for _, line in lines:
        if line.startswith(mark) and not line.strip(mark[0]).strip():
            return Block(language, "\n".join(text) + "\n", number + 1)
        text.append(line)
    raise AssertionError(f"{path.name}:{number}: this block is never closed")

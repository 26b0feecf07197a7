"""How JavaScript source is laid out: the lines that a formatter would choose, and JSDoc."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codegen.text import Code

from .escapes import in_comment

#: The longest line of generated code; the generated package.json says the same to formatters.
WIDTH = 100


class Doc:
    """A JSDoc comment under construction."""

    def __init__(self, summary: str) -> None:
        self._blocks: list[list[str]] = []
        self.paragraph(summary)

    def paragraph(self, text: str) -> Doc:
        """A paragraph, if there is any text."""
        return self.verbatim(in_comment(text))

    def verbatim(self, text: str) -> Doc:
        """A paragraph of the language's own words, already escaped where that was needed."""
        if text:
            self._blocks.append([text])
        return self

    def tags(self, lines: Iterable[str]) -> Doc:
        """Lines that each begin with a tag, already escaped."""
        found = list(lines)
        if found:
            self._blocks.append(found)
        return self

    def code(self, indent: int) -> Code:
        """The comment; its first line stands at ``indent`` already."""
        width = WIDTH - indent - 3
        if len(self._blocks) == 1 and len(self._blocks[0]) == 1:
            text = self._blocks[0][0]
            if len(text) <= width - 4:
                return Code(f"/** {text} */")
        margin = " " * indent
        lines = ["/**"]
        for number, block in enumerate(self._blocks or [["(no description)"]]):
            if number:
                lines.append(f"{margin} *")
            for text in block:
                rest = 2 if text.startswith("@") else 0
                lines += [f"{margin} * {line}" for line in wrapped(text, width, rest)]
        lines.append(f"{margin} */")
        return Code("\n".join(lines))


def wrapped(text: str, width: int, rest: int = 0) -> list[str]:
    """The text in lines of that width, all but the first indented by ``rest``; words stay whole."""
    lines = []
    margin = start = 0
    while margin + len(text) - start > width:
        end = text.rfind(" ", start, start + max(0, width - margin) + 1)
        if end < 0:
            end = text.find(" ", start)
            if end < 0:
                break
        lines.append(" " * margin + text[start:end])
        start = end + 1
        margin = rest
    lines.append(" " * margin + text[start:])
    return lines


def fit(
    head: str,
    items: Sequence[str],
    tail: str,
    indent: int,
    *,
    room: str = "",
    split: bool = False,
) -> Code:
    """``head`` ``items`` ``tail`` on one line if they fit, else (or if ``split``) an item a line.

    ``room`` stands within the brackets of the short form, as formatters put a blank there for
    objects."""
    one = f"{head}{room}{', '.join(items)}{room}{tail}"
    if not split and indent + len(one) <= WIDTH and "\n" not in one:
        return Code(one)
    margin = " " * indent
    lines = "".join(f"{margin}  {item},\n" for item in items)
    return Code(f"{head}\n{lines}{margin}{tail}")

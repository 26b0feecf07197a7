"""How Python source is laid out: the line a formatter would choose, docstrings, imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codegen.text import Code

from .escapes import clean, in_docstring, literal

#: The longest line of generated code; the generated pyproject.toml says the same to formatters.
WIDTH = 100


def comment(text: str, indent: int = 0) -> Code:
    """The text as comment lines."""
    lines = wrapped(clean(text), WIDTH - indent - 2)
    return Code(f"\n{' ' * indent}".join(f"# {line}" for line in lines))


_ENDINGS = ('"', "\\")


class Doc:
    """A docstring under construction: paragraphs of wrapped text and sections of entries."""

    def __init__(self, summary: str) -> None:
        self._blocks: list[list[tuple[int, str, int]]] = []
        self.paragraph(summary)

    def paragraph(self, text: str) -> Doc:
        """A paragraph, if there is any text."""
        escaped = in_docstring(text)
        if escaped:
            self._blocks.append([(0, escaped, 0)])
        return self

    def verbatim(self, text: str) -> Doc:
        """A paragraph of the language's own words, already escaped where that was needed."""
        self._blocks.append([(0, text, 0)])
        return self

    def section(self, title: str, entries: Iterable[str]) -> Doc:
        """A titled list of entries, if there are any; the entries are escaped already."""
        lines = [(4, entry, 8) for entry in entries]
        if lines:
            self._blocks.append([(0, f"{title}:", 0), *lines])
        return self

    def code(self, indent: int) -> Code:
        """The docstring with its quotes; its first line stands at ``indent`` already."""
        width = WIDTH - indent
        if len(self._blocks) == 1 and len(self._blocks[0]) == 1:
            text = self._blocks[0][0][1]
            if len(text) <= width - 6:
                # A quote or a backslash before the closing quotes would belong to them.
                return Code(f'"""{text}{" " if text.endswith(_ENDINGS) else ""}"""')
        lines: list[str] = []
        for block in self._blocks or [[(0, "(no description)", 0)]]:
            if lines:
                lines.append("")
            for first, text, rest in block:
                # The opening quotes take room; what only just fits beside them is made two lines.
                lines += wrapped(text, width if lines else width - 6, first, rest)
        margin = " " * indent
        text = "\n".join(f"{margin}{line}" if line and n else line for n, line in enumerate(lines))
        return Code(f'"""{text}\n{margin}"""')


def wrapped(text: str, width: int, first: int = 0, rest: int = 0) -> list[str]:
    """The text in lines of that width, the first indented by ``first`` and the others by ``rest``.

    Words are parted by single blanks already, and a long one is never broken; knowing that
    makes it many times as fast as ``textwrap``, which would take most of the generator's time."""
    lines = []
    margin = first
    start = 0
    while margin + len(text) - start > width:
        # The last blank that leaves the line short enough, or else the first after a long word.
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


def fit(head: str, items: Sequence[str], tail: str, indent: int, *, split: bool = False) -> Code:
    """``head`` ``items`` ``tail`` on one line if they fit, else the items on a line of their own
    between the two, else (or if ``split``) an item a line.

    The trailing comma of the longest form keeps formatters from joining it again."""
    joined = ", ".join(items)
    margin = " " * indent
    if not split and "\n" not in joined:
        if indent + len(head) + len(joined) + len(tail) <= WIDTH:
            return Code(f"{head}{joined}{tail}")
        if items and indent + 4 + len(joined) <= WIDTH:
            return Code(f"{head}\n{margin}    {joined}\n{margin}{tail}")
    lines = "".join(f"{margin}    {item},\n" for item in items)
    return Code(f"{head}\n{lines}{margin}{tail}")


def entries(lines: Iterable[str], indent: int) -> Code:
    """A dictionary with its entries, each a line that ends in a comma."""
    margin = " " * indent
    inner = "".join(f"{margin}    {line}\n" for line in lines)
    return Code(f"{{\n{inner}{margin}}}" if inner else "{}")


def long_entry(key: str, text: str, indent: int) -> Code:
    """A dictionary's entry whose value is a text, over several lines if it must."""
    one = f"{key}: {literal(text)},"
    if indent + len(one) <= WIDTH:
        return Code(one)
    # A blank ends each piece but the last, and the pieces together are the text.
    pieces = wrapped(text, WIDTH - indent - 8)
    lines = [*(literal(f"{piece} ") for piece in pieces[:-1]), literal(pieces[-1])]
    margin = " " * indent
    inner = "".join(f"{margin}    {line}\n" for line in lines)
    return Code(f"{key}: (\n{inner}{margin}),")


def import_order(name: str) -> tuple[int, str, str]:
    """The order in which formatters put imported names: constants, classes, the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return (kind, name.lower(), name)


def import_line(module: str, names: Sequence[str], indent: int) -> Code:
    """An import of names, in parentheses if it does not fit on a line."""
    names = sorted(names, key=import_order)
    one = f"from {module} import {', '.join(names)}"
    if indent + len(one) <= WIDTH:
        return Code(one)
    return fit(f"from {module} import (", names, ")", indent, split=True)

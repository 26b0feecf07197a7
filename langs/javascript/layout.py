"""How JavaScript source is laid out: the lines that a formatter would choose, and JSDoc."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

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


class Brackets(NamedTuple):
    """An expression in brackets: ``head`` items ``tail``."""

    head: str
    items: tuple[Expression, ...]
    tail: str
    room: str = ""


#: An expression that knows how it may be broken over lines.
Expression: TypeAlias = "str | Brackets"


def array(items: Sequence[Expression]) -> Expression:
    """An array."""
    return Brackets("[", tuple(items), "]")


def table(entries: Iterable[tuple[str, Expression]]) -> Expression:
    """An object literal."""
    items: list[Expression] = [
        value._replace(head=f"{name}: {value.head}")
        if isinstance(value, Brackets)
        else f"{name}: {value}"
        for name, value in entries
    ]
    return Brackets("{", tuple(items), "}", " ") if items else "{}"


def call(function: str, arguments: Sequence[Expression]) -> Expression:
    """The call of a function."""
    return Brackets(f"{function}(", tuple(arguments), ")")


def flat(expression: Expression) -> str:
    """An expression on one line."""
    if isinstance(expression, str):
        return expression
    inner = ", ".join(map(flat, expression.items))
    return f"{expression.head}{expression.room}{inner}{expression.room}{expression.tail}"


def laid_out(expression: Expression, indent: int, before: int = 0, after: int = 1) -> Code:
    """An expression as formatters lay it out, on a line indented so far, with ``before`` letters
    before it on that line and ``after`` behind it."""
    one = flat(expression)
    fits = indent + before + len(one) + after <= WIDTH
    if isinstance(expression, str) and not fits and one.startswith("() => "):
        return Code(f"() =>\n{' ' * (indent + 2)}{one[6:]}")
    if isinstance(expression, str) or (fits and not _is_split(expression)):
        return Code(one)
    if expression.tail == ")" and expression.items:
        *first, last = expression.items
        if (
            isinstance(last, Brackets)
            and last.tail in ("]", "}")
            and not any(map(_is_split, first))
        ):
            head = expression.head + "".join(f"{flat(item)}, " for item in first)
            if indent + before + len(head) + len(last.head) <= WIDTH:
                # A last argument that is a list or an object keeps its brackets beside those of the call.
                inner = laid_out(last, indent, before + len(head), WIDTH)
                return Code(f"{head}{inner})")
    margin = " " * indent
    lines = "".join(f"{margin}  {laid_out(item, indent + 2)},\n" for item in expression.items)
    return Code(f"{expression.head}\n{lines}{margin}{expression.tail}")


def _is_split(expression: Expression) -> bool:
    """Whether formatters break an expression that would fit on a line: they do so with lists of several
    lists or objects that hold several values each."""
    if isinstance(expression, str):
        return False
    items = expression.items
    if expression.tail == "]" and len(items) > 1:
        tails = {item.tail if isinstance(item, Brackets) else "" for item in items}
        if tails in ({"]"}, {"}"}) and all(
            isinstance(item, Brackets) and len(item.items) > 1 for item in items
        ):
            return True
    return any(map(_is_split, items))


def union(head: str, types: Sequence[str], tail: str, indent: int) -> Code:
    """``head`` and the types that a value may have, as formatters lay them out."""
    one = f"{head} {' | '.join(types)}{tail}"
    if indent + len(one) <= WIDTH:
        return Code(one)
    margin = " " * indent
    first, *others = types
    if not others or (others == ["null"] and (first[-1] == ">" or first.isidentifier())):
        rest = "".join(f" | {each}" for each in others) + tail
        return Code(f"{head} {type_text(first, indent, len(head) + 1, len(rest))}{rest}")
    below = f"{margin}  {' | '.join(types)}{tail}"
    if len(below) <= WIDTH:
        return Code(f"{head}\n{below}")
    return Code(f"{head}{_below(types, indent + 2, len(tail))}{tail}")


def _below(types: Sequence[str], indent: int, after: int) -> str:
    margin = " " * indent
    *first, last = types
    texts = [*(type_text(each, indent + 2, 0, 0) for each in first)]
    texts.append(type_text(last, indent + 2, 0, after))
    return "".join(f"\n{margin}| {text}" for text in texts)


def type_text(text: str, indent: int, before: int, after: int) -> str:
    """A type that is no union, on a line indented so far, with so many letters before and after it."""
    if indent + before + len(text) + after <= WIDTH:
        return text
    margin = " " * indent
    if text.startswith("readonly (") and text.endswith(")[]"):
        head, inner, tail = "readonly (", text[10:-3], ")[]"
    elif text.endswith(">"):
        head, _, inner = text[:-1].partition("<")
        head, tail = f"{head}<", ">"
    else:
        return text
    arguments = split_type(inner, ", ")
    if len(arguments) > 1:
        lines = ",".join(_argument(each, indent + 2) for each in arguments)
        return f"{head}{lines}\n{margin}{tail}"
    types = split_type(inner, " | ")
    if types[1:] == ["null"] and types[0].isidentifier():
        return text
    if len(types) == 1 or indent + 2 + len(inner) <= WIDTH:
        return f"{head}\n{margin}  {type_text(inner, indent + 2, 0, 0)}\n{margin}{tail}"
    return f"{head}{_below(types, indent + 2, 0)}\n{margin}{tail}"


def _argument(text: str, indent: int) -> str:
    types = split_type(text, " | ")
    if len(types) > 1 and indent + len(text) + 1 > WIDTH:
        return _below(types, indent, 1)
    return f"\n{' ' * indent}{type_text(text, indent, 0, 1)}"


_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^'\\]|\\.)*'")


def split_type(text: str, mark: str) -> list[str]:
    """The parts of a type between marks that stand in no brackets and no literal."""
    parts = []
    part = ""
    for piece in text.split(mark):
        part = f"{part}{mark}{piece}" if part else piece
        plain = _LITERAL.sub("", part).replace("=>", "")
        whole = not {'"', "'"} & {*plain}
        if whole and sum(map(plain.count, "<({[")) == sum(map(plain.count, ">)}]")):
            parts.append(part)
            part = ""
    return [*parts, part] if part else parts
